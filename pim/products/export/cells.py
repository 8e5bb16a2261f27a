"""Canonical values as texts of cells, such that the same type reads the same value from them.

Pure. A value is written by its shape, which tells its type (see `pim.schema.types`), so values of
fields that the schema doesn't know are written the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from pim.schema.types import FIELD_TYPES, dumps, to_input

_number, _array = FIELD_TYPES["number"].to_input, FIELD_TYPES["array"].to_input
_PRICE = ({"amount", "currency"}, {"amount", "currency", "locale"})


def cell_text(value: Any) -> str:
    """A value as text; "" for none. A shape that no type has becomes JSON."""
    write = _WRITERS.get(type(value))
    return dumps(value) if write is None else write(value)


def column_texts(values: Iterable[Any]) -> list[str]:
    """The values of a column as texts: `cell_text` for each, without a call for most of them."""
    return [
        value if type(value) is str else "" if value is None else cell_text(value)
        for value in values
    ]


def yes_or_no(value: bool) -> str:
    """A switch as text."""
    return to_input("boolean", value)


def _list(value: list[Any]) -> str:
    if all(type(item) is str for item in value):
        return _array(value, None)
    if all(_is_price(item) for item in value):
        return to_input("multi_price", value)
    return dumps(value)


def _object(value: Mapping[str, Any]) -> str:
    return to_input("price", value) if _is_price(value) and "locale" not in value else dumps(value)


def _is_price(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() in _PRICE
        and type(value["amount"]) in (int, Decimal)
        and isinstance(value["currency"], str)
    )


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: str,
    bool: yes_or_no,
    int: str,
    Decimal: lambda value: _number(value, None),
    list: _list,
    dict: _object,
    type(None): lambda _: "",
}
