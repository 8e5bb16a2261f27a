"""What kind of values a column holds, and the field type that fits them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pim.imports.heuristics.grammar import classes_in
from pim.imports.heuristics.words import Header
from pim.imports.heuristics.wordsets import (
    COUNT_WORDS,
    LIST_WORDS,
    NO_AMOUNT,
    PRICE_WORDS,
    QUESTION_WORDS,
    YES_NO_WORDS,
)
from pim.imports.profile import ColumnProfile
from pim.schema.types import CoerceContext, CoercionError, coercer, is_blank

ENOUGH = 0.9
_NUMBER = re.compile(r"[-+]?\d[\d.,'\s]*")
_MONEY = re.compile(
    r"(?:[€$£¥₽₺]|[A-Z]{3}|zł|Kč|kr\.?|Ft|lei)\s?[-+]?\d[\d.,'\s]*"
    r"|[-+]?\d[\d.,'\s]*(?:[€$£¥₽₺]|[A-Z]{3}\b|zł|Kč|kr\.?|Ft|lei)"
)
_URL = re.compile(r"(?:https?:)?//[^\s,;|]+\.[^\s,;|]+|www\.[^\s,;|]+\.[^\s,;|]+", re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}(?: .*)?")
_CODE = re.compile(r"[\w.\-/+]+")
_JSON_LIST = re.compile(r"\[.*\]", re.DOTALL)
_JSON_OBJECT = re.compile(r"\[?\s*\{.*\}\s*\]?", re.DOTALL)
_CODE_LIST = re.compile(r"[\w.\-]+(?:,[\w.\-]+)+")
_ITEM_LIST = re.compile(r"[^,;|]{1,40}(?:(?:[,;]|\s?\|)\s?[^,;|]{1,40})+")
_CHECKED_LENGTHS = (8, 12, 13, 14)


@dataclass(frozen=True, slots=True)
class TypeGuess:
    """The type that fits a column's values, and why in words."""

    type: str
    reason: str


def share(values: Sequence[str], test: Callable[[str], object]) -> float:
    """Part of the values that pass a test; 0 when there are none."""
    return sum(1 for value in values if test(value)) / len(values) if values else 0.0


def readable_share(values: Sequence[str], type_name: str, ctx: CoerceContext) -> float:
    """Part of the values that can be read as a type: what the import would do with them."""
    read = coercer(type_name, ctx)

    def can(value: str) -> bool:
        try:
            read(value)
        except CoercionError:
            return False
        return True

    return share([value for value in values if not is_blank(value)], can)


def counts(values: Sequence[str]) -> bool:
    """1, 2, 3: the numbers a system gave its records."""
    if not all(value.isascii() and value.isdigit() for value in values):
        return False
    steps = [int(later) - int(earlier) for earlier, later in pairwise(values)]
    return steps.count(1) >= 0.8 * len(steps)


def speaks_of_price(header: Header) -> bool:
    """Whether a word of the header is one for a price: `ár` is, the `AR_` before others isn't."""
    if NO_AMOUNT.intersection(header.words):
        return False
    said = PRICE_WORDS.intersection(header.words)
    return bool(said - {"ar"}) or ("ar" in said and "ár" in header.text.casefold())


def looks_like_gtin(values: Sequence[str]) -> bool:
    """Digits of the right length whose check digit is right, nearly all of them."""
    return share(values, _is_gtin) >= ENOUGH


def has_gtin_form(values: Sequence[str]) -> bool:
    """Digits of the length trade numbers have, whether or not the check digit is right."""
    return share(values, lambda value: _digits(value) is not None) >= 0.6


def guess_type(header: Header, column: ColumnProfile, ctx: CoerceContext) -> TypeGuess:
    """The type for a column that becomes a new field."""
    values = [value.strip() for value in column.examples if value.strip()]
    if not values:
        return TypeGuess("string", "empty in every row seen")
    for guess in (_structured, _address, _yes_or_no, _trade_number, _numeric, _list):
        found = guess(header, values, ctx)
        if found:
            return found
    if share(values, _DATE.fullmatch) >= ENOUGH:
        return TypeGuess("string", "dates")
    count = column.distinct
    if count == 1:
        return TypeGuess("string", "one value everywhere")
    if count is not None and count <= 0.2 * column.filled:
        return TypeGuess("string", f"text, {count:,} different values")
    return TypeGuess("string", "text")


def _structured(header: Header, values: list[str], ctx: CoerceContext) -> TypeGuess | None:
    if share(values, _JSON_OBJECT.fullmatch) >= ENOUGH:
        if readable_share(values, "multi_price", ctx) >= ENOUGH:
            return TypeGuess("multi_price", "amounts with currencies, as JSON")
        return TypeGuess("string", "objects, kept as text")
    if share(values, _JSON_LIST.fullmatch) >= ENOUGH:
        return TypeGuess("array", "lists, as JSON")
    return None


def _address(header: Header, values: list[str], ctx: CoerceContext) -> TypeGuess | None:
    if share(values, _URL.fullmatch) >= ENOUGH:
        return TypeGuess("url", "web addresses")
    several = share(values, lambda value: len(_URL.findall(value)) > 1)
    if several and share(values, _URL.match) >= ENOUGH:
        return TypeGuess("array", "several web addresses in a cell")
    return None


def _yes_or_no(header: Header, values: list[str], ctx: CoerceContext) -> TypeGuess | None:
    words = {value.casefold() for value in values}
    if words <= YES_NO_WORDS or (len(words) == 2 and _mean_both(words, ctx)):
        return TypeGuess("boolean", _two_values(words))
    asks = header.question or (len(header.words) > 1 and header.words[0] in QUESTION_WORDS)
    counted = COUNT_WORDS.intersection(header.words) or "quantity" in classes_in(header.words)
    said = classes_in(header.words)
    asks = asks or ("flag" in said and "price" not in said)
    if words <= {"0", "1"} and (asks or (len(words) == 2 and not counted)):
        return TypeGuess("boolean", _two_values(words))
    return None


def _mean_both(words: set[str], ctx: CoerceContext) -> bool:
    """Whether two words mean yes and no in some language."""
    if any(any(map(str.isdigit, word)) or not word.isalpha() for word in words):
        return False
    read = coercer("boolean", ctx)
    try:
        return {read(word) for word in words} == {True, False}
    except CoercionError:
        return False


def _two_values(words: set[str]) -> str:
    return ("two values: " if len(words) == 2 else "values: ") + ", ".join(sorted(words))


def _trade_number(header: Header, values: list[str], ctx: CoerceContext) -> TypeGuess | None:
    """Digits that are a name, not an amount."""
    if share(values, str.isdigit) < ENOUGH:
        return None
    if share(values, lambda value: len(value) > 1 and value[0] == "0") > 0:
        return TypeGuess("string", "digits with leading zeros, kept as text")
    if share(values, lambda value: len(value) >= 8) >= ENOUGH:
        return TypeGuess("string", "long digit codes, kept as text")
    return None


def _numeric(header: Header, values: list[str], ctx: CoerceContext) -> TypeGuess | None:
    priced = speaks_of_price(header)
    if share(values, _MONEY.fullmatch) >= 0.8 and readable_share(values, "price", ctx) >= 0.8:
        return TypeGuess("price", "amounts with a currency")
    if share(values, _NUMBER.fullmatch) < ENOUGH:
        return None
    if priced and readable_share(values, "price", ctx) >= ENOUGH:
        return TypeGuess("price", "amounts under a price header")
    if readable_share(values, "number", ctx) >= ENOUGH:
        whole = all(value.lstrip("+-").isdigit() for value in values)
        return TypeGuess("number", "whole numbers" if whole else "numbers")
    return None


def _list(header: Header, values: list[str], ctx: CoerceContext) -> TypeGuess | None:
    separated = share(values, _ITEM_LIST.fullmatch)
    if separated and LIST_WORDS.intersection((*header.words[-1:], *header.parents)):
        return TypeGuess("array", _separated(separated))
    if share(values, _CODE_LIST.fullmatch) >= 0.3 and share(values, _is_codes) >= ENOUGH:
        return TypeGuess("array", _separated(separated))
    return None


def _separated(part: float) -> str:
    return f"separated values in {part:.0%} of the cells"


def _is_codes(value: str) -> bool:
    """Codes with nothing but commas between them; numbers are no list of codes."""
    return all(_CODE.fullmatch(item) for item in value.split(",")) and not _NUMBER.fullmatch(value)


def _digits(value: str) -> str | None:
    digits = value.replace(" ", "").replace("-", "").removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()):
        return None
    return digits if len(digits) in _CHECKED_LENGTHS else None


def _is_gtin(value: str) -> bool:
    digits = _digits(value)
    if digits is None or len(set(digits)) == 1:
        return False
    padded = digits.zfill(14)
    total = sum(int(c) * (3 if place % 2 == 0 else 1) for place, c in enumerate(padded))
    return total % 10 == 0
