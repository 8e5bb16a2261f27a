"""The filters of the catalog as data: how a filter is written and read.

A filter is one token in the address, `field:operator:value` (`brand:eq:Lumo`,
`price:between:100..300 EUR`, `description:is_not_set:`), so that a checkbox, a link and a saved
address are the same thing. Tokens with one field and one operator belong together: any of the
values, or for a negative operator none of them. The operators are those of the segments' rules
(`pim.segments.dsl`). Pure: what a condition means in SQL is said by `sql_postgresql` and
`sql_clickhouse`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from pim.schema.types import CoerceContext, CoercionError, coerce
from pim.segments.dsl import operators
from pim.segments.dsl.operators import Arity, Operator
from pim.segments.dsl.properties import Property
from pim.segments.dsl.reading import YEARS

MAX_FILTERS = 50
MAX_VALUE = 1_000
_CURRENCY = re.compile(r"[A-Z]{3}")


class FilterError(ValueError):
    """A filter that can't be used; the message is meant for the person who wrote it."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


# What a token has room for: a list is several tokens, and a duration has a unit beside it.
_WRITABLE: frozenset[Arity] = frozenset({"none", "one", "two"})


def operators_of(prop: Property) -> list[Operator]:
    """The operators of the rule language that a filter of this property can have."""
    return [each for each in operators.operators_of(prop) if each.arity in _WRITABLE]


@dataclass(frozen=True, slots=True)
class Value:
    """What a property is compared with, read: text, number, yes/no or moment; a range has `high`.

    currency: for prices, the only currency that counts; "" for any.
    """

    low: Any = None
    high: Any = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A filter that was understood. `tokens` write it in the address again."""

    prop: Property
    operator: Operator
    values: tuple[Value, ...]
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadFilter:
    """A filter of the address that can't be used, and why."""

    token: str
    message: str


def token_of(field: str, operator: str, value: str = "") -> str:
    """One filter as the address has it; a colon or percent sign in the field is escaped."""
    escaped = field.replace("%", "%25").replace(":", "%3A")
    return f"{escaped}:{operator}:{value}"


def split_token(token: str) -> tuple[str, str, str]:
    """Field, operator and the text of the value. Raises FilterError."""
    parts = token.split(":", 2)
    if len(parts) != 3 or not parts[0]:
        raise FilterError(f"“{token[:60]}” isn't a filter. Write field:operator:value.")
    field = parts[0].replace("%3A", ":").replace("%25", "%")
    return field, parts[1], parts[2]


def read_filters(
    tokens: Iterable[str], properties: Mapping[str, Property], ctx: CoerceContext
) -> tuple[list[Condition], list[BadFilter]]:
    """The filters of an address, those of one field and operator joined, and those that fail."""
    grouped: dict[tuple[str, str], list[str]] = {}
    bad: list[BadFilter] = []
    for count, token in enumerate(dict.fromkeys(tokens)):
        try:
            if count >= MAX_FILTERS:
                raise FilterError(f"That is more than {MAX_FILTERS} filters.")
            field, operator, value = split_token(token)
            _condition(field, operator, [value], properties, ctx)
            grouped.setdefault((field, operator), []).append(value)
        except FilterError as error:
            bad.append(BadFilter(token, error.message))
    conditions = [
        _condition(field, operator, values, properties, ctx)
        for (field, operator), values in grouped.items()
    ]
    return conditions, bad


def _condition(
    field: str,
    operator_name: str,
    values: Sequence[str],
    properties: Mapping[str, Property],
    ctx: CoerceContext,
) -> Condition:
    prop = properties.get(field)
    if prop is None:
        raise FilterError(f"There is no field “{field[:60]}” to filter by.", field=field)
    operator = next((o for o in operators_of(prop) if o.name == operator_name), None)
    if operator is None:
        raise FilterError(
            f"{prop.label} can't be filtered with “{operator_name[:30]}”.", field=field
        )
    read = tuple(read_value(prop, operator, value, ctx) for value in values)
    tokens = tuple(
        token_of(field, operator_name, write_value(prop, operator, value)) for value in read
    )
    return Condition(prop, operator, read, tokens)


def read_value(prop: Property, operator: Operator, text: str, ctx: CoerceContext) -> Value:
    """The value as its kind reads it. Raises FilterError that names what was written."""
    text = text.strip()
    if len(text) > MAX_VALUE:
        raise FilterError(f"{prop.label}: the value is too long to filter by.", field=prop.name)
    currency = ""
    if prop.kind in ("price", "multi_price"):
        text, currency = _split_currency(text)
    if operator.arity == "none":
        return Value(currency=currency)
    if operator.arity == "two":
        return _read_range(prop, text, currency, ctx)
    if not text:
        raise FilterError(f"{prop.label}: say which value to look for.", field=prop.name)
    return Value(_read_one(prop, text, ctx), currency=currency)


def _split_currency(text: str) -> tuple[str, str]:
    head, _, tail = text.rpartition(" ")
    if _CURRENCY.fullmatch(tail):
        return head.strip(), tail
    return text, ""


def _read_range(prop: Property, text: str, currency: str, ctx: CoerceContext) -> Value:
    low, dots, high = text.partition("..")
    if not dots or not low.strip() or not high.strip():
        raise FilterError(f"{prop.label}: a range needs a lower and an upper end.", field=prop.name)
    value = Value(_read_one(prop, low, ctx), _read_one(prop, high, ctx), currency)
    if value.low > value.high:
        raise FilterError(
            f"{prop.label}: {low.strip()} is more than {high.strip()}.", field=prop.name
        )
    return value


def _read_one(prop: Property, text: str, ctx: CoerceContext) -> Any:
    read = _READERS.get(prop.kind, _read_text)
    try:
        return read(text.strip(), ctx)
    except CoercionError as error:
        raise FilterError(f"{prop.label}: {error.message}", field=prop.name) from error


def _read_text(text: str, ctx: CoerceContext) -> str:
    return str(coerce("string", text, ctx))


def _read_number(text: str, ctx: CoerceContext) -> int | Decimal:
    # The address writes numbers with a point and nothing else; people write them as they like.
    found = coerce("number", text, ctx)
    assert isinstance(found, int | Decimal)
    return found


def _read_date(text: str, _: CoerceContext) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CoercionError("not_a_date", f"“{text[:40]}” is not a day like 2026-03-31.") from None
    if day.year not in YEARS:
        raise CoercionError("not_a_date", f"“{text[:40]}” is too far away.")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


_READERS: Mapping[str, Callable[[str, CoerceContext], Any]] = {
    "number": _read_number,
    "price": _read_number,
    "multi_price": _read_number,
    "date": _read_date,
}


def write_value(prop: Property, operator: Operator, value: Value) -> str:
    """The value as the address has it, which `read_value` reads as the same value again."""
    currency = f" {value.currency}" if value.currency else ""
    if operator.arity == "none":
        return currency.strip()
    if operator.arity == "two":
        return f"{_write_one(value.low)}..{_write_one(value.high)}{currency}"
    return f"{_write_one(value.low)}{currency}"


def _write_one(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)
