"""Field types: what a value of each looks like, how it is read, shown and edited.

The canonical shapes are the only ones that reach `Product.data`; nothing else guesses at them.

    string       text
    number       int, or Decimal where it isn't whole (exact, at most 38 digits)
    boolean      True or False
    array        list of texts
    url          text
    price        {"amount": number, "currency": "EUR"}
    multi_price  [{"amount": number, "currency": "EUR", "locale": "de_DE"}], locale optional

Pure: no Flask, no database. Adding a type is a module here and a line in FIELD_TYPES.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pim.jsontext import NotJson, dumps, dumps_bytes, loads
from pim.schema.types import array, boolean, multi_price, number, price, text, url
from pim.schema.types.base import (
    CoerceContext,
    CoercionError,
    FieldType,
    Notation,
    is_blank,
    shown,
)
from pim.schema.types.column import ColumnReader, ColumnResult, column_reader
from pim.schema.types.notation import detect_notation, notation_of_locale

FIELD_TYPES: dict[str, FieldType] = {
    module.TYPE.name: module.TYPE
    for module in (text, number, boolean, array, url, price, multi_price)
}

_SHORT = {"multi_price": "prices", "date": "date"}

__all__ = [
    "FIELD_TYPES",
    "CoerceContext",
    "CoercionError",
    "ColumnReader",
    "ColumnResult",
    "FieldType",
    "NotJson",
    "Notation",
    "coerce",
    "coercer",
    "column_coercer",
    "detect_notation",
    "display",
    "dumps",
    "dumps_bytes",
    "is_blank",
    "is_canonical",
    "kind_label",
    "loads",
    "notation_of_locale",
    "shown",
    "to_input",
]


def coerce(type_name: str, value: Any, ctx: CoerceContext = CoerceContext()) -> Any:  # noqa: B008
    """The canonical value of anything that isn't blank (see `is_blank`).

    ctx: default: no currency, no known notation. A canonical value comes back as it is.
    Raises CoercionError, whose message names the value and says what to do; KeyError for a type
    that doesn't exist.
    """
    return FIELD_TYPES[type_name].coerce(value, ctx)


def coercer(type_name: str, ctx: CoerceContext) -> Callable[[str], Any]:
    """A fast reader for the many texts of one column; blank ones are not for it."""
    return FIELD_TYPES[type_name].coercer(ctx)


def column_coercer(type_name: str, ctx: CoerceContext) -> ColumnReader:
    """A reader for whole columns of texts, blank ones included; see `column`."""
    return column_reader(FIELD_TYPES[type_name], ctx)


def is_canonical(type_name: str, value: Any) -> bool:
    """Whether a value has the canonical shape of a type already."""
    try:
        found = coerce(type_name, value, CoerceContext())
    except CoercionError:
        return False
    return type(found) is type(value) and bool(found == value)


def display(type_name: str, value: Any, locale: str = "en_US") -> str:
    """A canonical value for reading. Never raises: what isn't canonical is shown as it is."""
    if value is None:
        return ""
    return FIELD_TYPES[type_name].display(value, locale)


def kind_label(kind: str) -> str:
    """What kind of values these are, in small print: `text`, `yes / no`; moments are dates."""
    return _SHORT.get(kind) or FIELD_TYPES[kind].label.lower()


def to_input(type_name: str, value: Any, notation: Notation | None = None) -> str:
    """A canonical value as text for a form; coerce reads it, in that notation, as the same."""
    return "" if is_blank(value) else FIELD_TYPES[type_name].to_input(value, notation)
