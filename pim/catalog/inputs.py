"""One field as form parts: what stands in them, and what was written into them.

A field is edited in the shape its type has: a price is an amount and a currency, several prices
are rows of them, a list has an item on each line. What is read here is still what somebody wrote;
`pim.products.service` makes it canonical, and what it refuses stays in the form as it was written.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from pim.core.errors import FieldError, Invalid
from pim.schema.types import CoerceContext, CoercionError, Notation, coerce, is_blank, to_input

LONG_TEXT = 80
MAX_PRICE_ROWS = 200


class Form(Protocol):
    """The part of werkzeug's MultiDict that is used here."""

    def get(self, key: str, default: str, /) -> str: ...
    def getlist(self, key: str, /) -> list[str]: ...


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One line of several prices, as written."""

    amount: str = ""
    currency: str = ""
    locale: str = ""


@dataclass(frozen=True, slots=True)
class FieldInput:
    """A field's form parts. text: of all types but the prices."""

    type: str
    text: str = ""
    prices: tuple[PriceRow, ...] = ()
    is_long: bool = False


def input_of(
    type_name: str, value: Any, notation: Notation | None, currency: str, *, long: bool = False
) -> FieldInput:
    """A canonical value in form parts. currency: what an empty price starts with."""
    if type_name == "price":
        row = _price_row(value, notation) if isinstance(value, Mapping) else PriceRow("", currency)
        return FieldInput(type_name, prices=(row,))
    if type_name == "multi_price":
        rows = [_price_row(item, notation) for item in value or () if isinstance(item, Mapping)]
        return FieldInput(type_name, prices=(*rows, PriceRow("", currency)))
    if is_blank(value):
        return FieldInput(type_name, is_long=long)
    if type_name == "boolean":
        return FieldInput(type_name, "true" if value is True else "false")
    if type_name == "array" and isinstance(value, Sequence) and not isinstance(value, str):
        return FieldInput(type_name, "\n".join(map(_line, value)), is_long=True)
    text = value if isinstance(value, str) else to_input(type_name, value, notation)
    wraps = type_name == "string" and (len(text) > LONG_TEXT or "\n" in text)
    return FieldInput(type_name, text, is_long=long or wraps)


def _line(item: Any) -> str:
    """An item on its line; one that has several lines itself is put in quotes."""
    text = str(item)
    return '"' + text.replace('"', '""') + '"' if "\n" in text else text


def _price_row(item: Mapping[str, Any], notation: Notation | None) -> PriceRow:
    amount = to_input("number", item.get("amount"), notation)
    return PriceRow(amount, str(item.get("currency") or ""), str(item.get("locale") or ""))


def read_input(type_name: str, form: Form, name: str) -> FieldInput:
    """What was written, to be shown again if it is refused."""
    if type_name not in ("price", "multi_price"):
        text = form.get(name, "").replace("\r\n", "\n")
        return FieldInput(type_name, text, is_long="\n" in text or len(text) > LONG_TEXT)
    amounts = form.getlist(f"{name}.amount")
    currencies = form.getlist(f"{name}.currency")
    locales = form.getlist(f"{name}.locale")
    rows = tuple(
        PriceRow(amount.strip(), _at(currencies, i), _at(locales, i))
        for i, amount in enumerate(amounts[:MAX_PRICE_ROWS])
    )
    return FieldInput(type_name, prices=rows or (PriceRow(),))


def _at(texts: Sequence[str], index: int) -> str:
    return texts[index].strip() if index < len(texts) else ""


def given_value(given: FieldInput) -> Any:
    """What was written as a value to check: "" (or an empty list) unsets the field."""
    if given.type == "price":
        row = given.prices[0]
        return _given_price(row) if row.amount else ""
    if given.type == "multi_price":
        return [_given_price(row) for row in given.prices if row.amount]
    if given.type == "array":
        lines = [line for line in given.text.split("\n") if line.strip()]
        # A single line may be a list with commas; several lines are an item each.
        if len(lines) > 1 and '"' not in given.text:
            return [line.strip() for line in lines]
        return given.text
    return given.text


def _given_price(row: PriceRow) -> Any:
    """An amount with its parts; without a currency, as text, which may name one: `€ 19,99`."""
    if not row.currency and not row.locale:
        return row.amount
    parts = {"amount": row.amount, "currency": row.currency.upper()}
    return {**parts, "locale": row.locale} if row.locale else parts


def coerced(given: FieldInput, ctx: CoerceContext, path: str) -> Any:
    """The canonical value of what was written, "" if it is blank.

    Forms are read in the notation of the tenant's locale, as people write numbers there. Raises
    Invalid with the problem at `path`.
    """
    value = given_value(given)
    if is_blank(value):
        return ""
    try:
        return coerce(given.type, value, ctx)
    except CoercionError as error:
        raise Invalid([FieldError(path, error.code, error.message)]) from error


def with_one_more_row(given: FieldInput, currency: str) -> FieldInput:
    """The same rows of prices and an empty one."""
    return FieldInput(given.type, prices=(*given.prices, PriceRow("", currency)))
