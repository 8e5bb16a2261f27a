"""A price: `{"amount": 19.99, "currency": "EUR"}`.

Text is a number (see `notation`) with a currency before or after it, or without one: then it is
in the tenant's default currency. `19.-` and `19,–` are prices without cents. A currency without
decimals (JPY) decides what `1,234` is. Negative prices are refused: a discount or a surcharge is
a number. So are ranges, "from" prices and words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from babel.core import UnknownLocaleError
from babel.numbers import format_currency

from pim.jsontext import NotJson, loads
from pim.schema.types import number
from pim.schema.types.base import (
    CoerceContext,
    CoercionError,
    FieldType,
    Notation,
    caching,
    is_blank,
    kind_of,
    shown,
    trim,
)
from pim.schema.types.currency import currency_beside, decimals_of, known_currency
from pim.schema.types.notation import plain_characters, quick_reader, read_number

Money = tuple[int | Decimal, str]

_NUMBER = re.compile(r"\d(?:[\d.,' ]*\d)?", re.ASCII)
_NO_CENTS = re.compile(r"([.,]) ?--?(?!\d)")
# The form most files have: digits and separators with at most one short marker on each side.
_USUAL = re.compile(
    r"(?:([€$£¥]|[A-Za-z]{3}) ?)?(\d[\d.,]*)(?: ?([€$£¥]|[A-Za-z]{3}))?", re.ASCII
).fullmatch


def coerce(value: Any, ctx: CoerceContext) -> dict[str, Any]:
    """Read a price from text, a JSON number, or an object with amount and currency."""
    amount, currency = money(value, ctx)
    return {"amount": amount, "currency": currency}


def money(value: Any, ctx: CoerceContext) -> Money:
    """Amount and currency of anything a price can be read from."""
    if isinstance(value, str):
        return money_from_text(value, ctx)
    if isinstance(value, Mapping):
        return money_from_object(value, ctx)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return _money(number.coerce(value, ctx), _default(value, ctx), value)
    raise CoercionError(
        "not_a_price",
        f"{shown(value)} is {kind_of(value)}, not a price. Send an amount and a currency.",
    )


def money_from_object(value: Mapping[str, Any], ctx: CoerceContext, *extra: str) -> Money:
    """Amount and currency of an object; extra: further keys it may have."""
    for key in value:
        if key not in ("amount", "currency", *extra):
            raise CoercionError(
                "unknown_key",
                f"A price has no {shown(key)}. Send amount and currency.",
            )
    if is_blank(value.get("amount")):
        message = f"{shown(value)} has no amount. Send amount and currency."
        raise CoercionError("no_amount", message, "/amount")
    code = value.get("currency")
    try:
        currency = _default(value, ctx) if is_blank(code) else known_currency(code)
    except CoercionError as error:
        raise error.inside("currency") from error
    try:
        return _money(number.coerce(value["amount"], ctx), currency, value)
    except CoercionError as error:
        raise error.inside("amount") from error


def money_from_text(text: str, ctx: CoerceContext) -> Money:
    """Amount and currency of text."""
    plain = trim(plain_characters(text))
    if plain[:1] == "{":
        return money_from_object(_json_object(plain), replace(ctx, decimal=ctx.decimal or "json"))
    found = _NUMBER.search(plain)
    if found is None or len(plain) > 200:
        raise not_a_price(text)
    before, run, after, negative = _split(plain, *found.span())
    if any(c.isdigit() for c in before + after):
        raise not_a_price(text)
    if before or after:
        currency = currency_beside(before, after, ctx.default_currency) or ""
    else:
        currency = _default(text, ctx)
    if not currency:
        raise not_a_price(text)
    notation = _marked(ctx.decimal) if before or after else ctx.decimal
    digits = _digits(run, notation, currency)
    if digits is None:
        raise not_a_price(text)
    amount = number.number_from_digits(digits, text)
    return _money(-amount if negative else amount, currency, text)


def usual_reader(ctx: CoerceContext) -> Callable[[str], Money | None]:
    """A function that knows the usual forms; None means: look closer."""
    quick, quick_marked = quick_reader(ctx.decimal), quick_reader(_marked(ctx.decimal))
    default = ctx.default_currency

    def read(text: str) -> Money | None:
        if default and text[-1:].isdigit() and text[:1].isdigit():
            digits = quick(text)
            return None if digits is None else (number.number_from_digits(digits), default)
        found = _USUAL(text)
        if found is None:
            return None
        before, run, after = found.groups("")
        digits = quick_marked(run)
        currency = currency_beside(before, after, default) if before or after else None
        if digits is None or currency is None:
            return None
        return number.number_from_digits(digits), currency

    return read


def _marked(notation: Notation | None) -> Notation | None:
    """The notation of a number with a currency beside it: that isn't a JSON number any more."""
    return None if notation == "json" else notation


def _split(plain: str, start: int, end: int) -> tuple[str, str, str, bool]:
    """What stands before the number, the number, what stands after it, and whether it is < 0."""
    if plain[start - 1 : start] in (".", ",") and not plain[start - 2 : start - 1].isalpha():
        start -= 1  # .99, but not the dot of Fr.99
    before, run, after = plain[:start].strip(), plain[start:end], plain[end:]
    no_cents = _NO_CENTS.match(after)
    if no_cents:
        run, after = run + no_cents[1] + "0", after[no_cents.end() :]
    after = after.strip()
    negative = before[:1] == "-" or before[-1:] == "-" or after[:1] == "-" or after[-1:] == "-"
    return before.strip("-+ "), run, after.strip("- "), negative


def _digits(run: str, notation: Notation | None, currency: str) -> str | None:
    try:
        return read_number(run, notation)
    except CoercionError:
        if decimals_of(currency) == 0:
            return run.replace(".", "").replace(",", "")
        raise


def _default(value: Any, ctx: CoerceContext) -> str:
    if not ctx.default_currency:
        raise CoercionError(
            "no_currency", f"{shown(value)} has no currency. Write it, for example 19.99 EUR."
        )
    return ctx.default_currency


def _money(amount: int | Decimal, currency: str, value: Any) -> Money:
    if amount < 0:
        raise CoercionError(
            "negative_price",
            f"{shown(value)} is below zero, which a price can't be. Make the field a number.",
        )
    return amount, currency


def _json_object(text: str) -> Mapping[str, Any]:
    try:
        found = loads(text)
    except NotJson as error:
        raise CoercionError(
            "bad_json",
            f'{shown(text)} starts like JSON but isn\'t. Write {{"amount": 19.99, '
            '"currency": "EUR"} or 19.99 EUR.',
        ) from error
    return found if isinstance(found, dict) else {}


def not_a_price(value: Any) -> CoercionError:
    """The error for what holds no amount."""
    return CoercionError(
        "not_a_price",
        f"{shown(value)} is not a price. Write it like 19.99 EUR, or leave it empty.",
    )


def coercer(ctx: CoerceContext) -> Callable[[str], dict[str, Any]]:
    """A reader for the texts of one column; every answer is an object of its own."""
    usual = usual_reader(ctx)
    remembered = caching(lambda text: usual(text) or money_from_text(text, ctx))

    def read(text: str) -> dict[str, Any]:
        amount, currency = remembered(text)
        return {"amount": amount, "currency": currency}

    return read


def display_money(amount: Any, currency: str, locale: str) -> str:
    """An amount as people of a locale write it, with at least the currency's decimals."""
    if not number.is_writable(amount):
        return f"{amount} {currency}"
    try:
        exact = Decimal(amount)
        shorten = -int(exact.as_tuple().exponent) <= decimals_of(currency)
        return format_currency(exact, currency, locale=locale, decimal_quantization=shorten)
    except (UnknownLocaleError, ValueError, ArithmeticError, TypeError):
        return f"{amount} {currency}"


def display(value: Any, locale: str) -> str:
    """The price as people of a locale write it."""
    if isinstance(value, Mapping):
        return display_money(value.get("amount"), str(value.get("currency", "")), locale)
    return str(value)


def to_input(value: Any, notation: Notation | None) -> str:
    """`19.99 EUR`."""
    known = None if notation == "json" else notation
    return f"{number.to_input(value['amount'], known)} {value['currency']}"


TYPE = FieldType(
    name="price",
    label="Price",
    hint="19.99 EUR or € 19,99",
    coerce=coerce,
    coercer=coercer,
    display=display,
    to_input=to_input,
)
