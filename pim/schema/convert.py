"""A stored value of one type, read as another: what a field's change of type means. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pim.schema.types import (
    CoerceContext,
    CoercionError,
    coerce,
    coercer,
    is_blank,
    shown,
    to_input,
)


def convert(value: Any, old_type: str | None, new_type: str, ctx: CoerceContext) -> Any:
    """The value in its new type.

    old_type: None for a value that had no field. What the new type can't read directly is read
    from the text a form shows: a list becomes `oak, natural`, a price `19.99 EUR`. Raises
    CoercionError.
    """
    known = old_type or resembling(value)
    special = _SPECIAL.get((known, new_type))
    if special is not None and isinstance(value, Mapping):
        return special(value, ctx)
    try:
        return coerce(new_type, value, ctx)
    except CoercionError as refused:
        if isinstance(value, str):
            raise
        try:
            text = to_input(known, value)
        except (TypeError, KeyError, AttributeError):  # it hasn't the shape of its type
            raise refused from None
        return coerce(new_type, text, ctx)


def converter(old_type: str | None, new_type: str, ctx: CoerceContext) -> Callable[[Any], Any]:
    """`convert` for the many values of one field: texts are read by a prepared reader."""
    read = coercer(new_type, ctx)

    def one(value: Any) -> Any:
        if isinstance(value, str) and not is_blank(value):
            return read(value)
        return convert(value, old_type, new_type, ctx)

    return one


def _amount_alone(price: Mapping[str, Any], ctx: CoerceContext) -> int | Decimal:
    """The amount of a price in the tenant's own currency; of another one it would be a lie."""
    if price.get("currency") != ctx.default_currency:
        raise CoercionError(
            "number_with_unit",
            f"{shown(_as_shown(price))} isn't in {ctx.default_currency}, "
            "so its amount alone would mean something else.",
        )
    amount: int | Decimal = coerce("number", price.get("amount"), ctx)
    return amount


def _as_shown(price: Mapping[str, Any]) -> Any:
    """A price as a form shows it; as it is when it hasn't the shape of one."""
    try:
        return to_input("price", price)
    except (TypeError, KeyError, AttributeError):
        return price


_SPECIAL: dict[tuple[str, str], Callable[[Mapping[str, Any], CoerceContext], Any]] = {
    ("price", "number"): _amount_alone,
}


def resembling(value: Any) -> str:
    """The type whose shape a value has; raises CoercionError for what has none."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, str):
        return "string"
    if isinstance(value, (int, float, Decimal)):
        return "number"
    if isinstance(value, Mapping) and "amount" in value:
        return "price"
    if isinstance(value, (list, tuple)):
        items = [item for item in value if not is_blank(item)]
        if items and all(isinstance(item, Mapping) and "amount" in item for item in items):
            return "multi_price"
        return "array"
    raise CoercionError(
        "unsupported_value",
        f"{shown(value)} is an object. Send text, a number, true, false, a list or a price.",
    )
