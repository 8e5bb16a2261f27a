"""How a property of a product is read in ClickHouse: the SQL for its value, and for having one.

What is written into a statement are names of columns from `kinds` and `ddl`; the names of fields
and all values are bound. A printer keeps one `Parameters` for a whole statement. Pure; where the
tenant's fields lie is asked of `registry`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from pim.analytics.kinds import (
    FLAG,
    JSON_PRICE,
    KIND_OF_TYPE,
    LIST,
    LONGEST_FIELD,
    NUMBER,
    PRICE,
    PRICES,
    TEXT,
    Kind,
)
from pim.core.errors import Invalid
from pim.jsontext import dumps

# The first condition of every SELECT; the value is bound where the statement is sent.
TENANT = "tenant_id = {tenant:UInt64}"


def any_at_once(*conditions: str) -> str:
    """SQL: whether one of these holds, each asked of all rows at once.

    OR copies the values of the rows it has yet to look at, which for texts and lists costs more
    than looking at all.
    """
    return _in_pairs("greatest", conditions)


def all_at_once(*conditions: str) -> str:
    """SQL: whether all of these hold, asked in the same way, where AND would copy what is left."""
    return _in_pairs("least", conditions)


def _in_pairs(function: str, conditions: Sequence[str]) -> str:
    """The function of two by two, which takes less than of more; nested as little as may be."""
    while len(conditions) > 1:
        pairs = zip(conditions[::2], conditions[1::2], strict=False)
        alone = conditions[-1:] if len(conditions) % 2 else ()
        conditions = [*(f"{function}({one}, {other})" for one, other in pairs), *alone]
    return conditions[0]


# The types a value may be bound as.
_TYPE = re.compile(
    r"(Nullable|Array)\((String|Float64|UInt64|Int64|Bool)\)|String|Float64|UInt64|Int64|Bool"
    r"|DateTime64\(6, 'UTC'\)"
)


class Parameters:
    """The values of one statement, each under a name of ours."""

    def __init__(self, prefix: str = "p") -> None:
        self._prefix = prefix
        self.values: dict[str, Any] = {}

    def bind(self, value: Any, type_name: str = "String") -> str:
        """What stands in the statement for this value: `{p3:String}`."""
        if not _TYPE.fullmatch(type_name):
            raise ValueError(f"values are never bound as {type_name!r}")
        name = f"{self._prefix}{len(self.values)}"
        self.values[name] = _sendable(value)
        return f"{{{name}:{type_name}}}"


def _sendable(value: Any) -> Any:
    """Exact numbers as ClickHouse's floats have them; moments in UTC with their microseconds."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, (list, tuple)):
        return [_sendable(entry) for entry in value]
    return value


@dataclass(frozen=True, slots=True)
class Read:
    """How one property is read.

    value: SQL of the value, NULL where a product has none (an array: empty). is_set: SQL of
    whether it has one. currency, locale: SQL beside it, for prices. kind: of the values; a moment
    is `moment`. For multi_price, value, currency and locale are arrays of one length. never_null:
    of a column that all products have, so that functions needn't mind NULL.
    """

    kind: str
    value: str
    is_set: str
    currency: str = ""
    locale: str = ""
    never_null: bool = False


def read_fixed(name: str) -> Read:
    """How a column that every product has is read. Raises KeyError for any other name."""
    return _FIXED[name]


_FIXED: Mapping[str, Read] = {
    "sku": Read("text", "sku", "1", never_null=True),
    "name": Read("text", "name", "name.size > 0", never_null=True),
    "source": Read("text", "source", "1", never_null=True),
    "active": Read("flag", "active", "1"),
    "ai_readability_score": Read(
        "number", "ai_readability_score", "ai_readability_score IS NOT NULL"
    ),
    "created_at": Read("moment", "created_at", "1"),
    "updated_at": Read("moment", "updated_at", "1"),
}


@dataclass(frozen=True, slots=True)
class TenantColumns:
    """Where the fields of one tenant lie."""

    numbers: Mapping[tuple[str, str], int | None] = field(default_factory=dict)

    def read(self, name: str, type_name: str, parameters: Parameters) -> Read:
        """How a field is read as a type of the vocabulary (`string`, `price`, …).

        A field that no product has a value of reads as such. Raises Invalid for an unknown type.
        """
        kind = KIND_OF_TYPE.get(type_name)
        if kind is None:
            raise Invalid([], f"There is no field type “{type_name}”.")
        if (name, kind.name) not in self.numbers and len(name) <= LONGEST_FIELD:
            return _of_columns(kind, _MISSING[kind.name])
        number = self.numbers.get((name, kind.name))
        if number is None:
            return _of_columns(kind, _from_json(kind, name, parameters))
        read = _of_columns(kind, kind.columns(number))
        # The lengths of a column's texts and lists lie beside them: nothing else has to be read.
        if kind is TEXT:
            return replace(read, is_set=f"ifNull({read.value}.size, 0) > 0")
        if kind in (LIST, PRICES):
            return replace(read, is_set=f"{read.value}.size0 > 0")
        return read


def _of_columns(kind: Kind, columns: tuple[str, ...]) -> Read:
    value = columns[0]
    if kind is TEXT:
        return Read(kind.name, value, f"notEmpty(ifNull({value}, ''))")
    if kind is LIST:
        return Read(kind.name, value, f"notEmpty({value})")
    if kind is PRICES:
        return Read(kind.name, value, f"notEmpty({value})", columns[1], columns[2])
    if kind is PRICE:
        return Read(kind.name, value, f"isNotNull({value})", columns[1])
    return Read(kind.name, value, f"isNotNull({value})")


_NO_TEXTS = "CAST([], 'Array(String)')"
_MISSING: Mapping[str, tuple[str, ...]] = {
    TEXT.name: ("CAST(NULL, 'Nullable(String)')",),
    NUMBER.name: ("CAST(NULL, 'Nullable(Float64)')",),
    FLAG.name: ("CAST(NULL, 'Nullable(Bool)')",),
    LIST.name: (_NO_TEXTS,),
    PRICE.name: ("CAST(NULL, 'Nullable(Float64)')", "''"),
    PRICES.name: ("CAST([], 'Array(Float64)')", _NO_TEXTS, _NO_TEXTS),
}


_ONE = rf"(?s)^{JSON_PRICE}$"
_SEVERAL = rf"(?s)^\[(?:{JSON_PRICE},?)+\]$"


def _from_json(kind: Kind, field_name: str, parameters: Parameters) -> tuple[str, ...]:
    """The columns of a field that has none, taken out of `data`: slow, and the same values.

    What a value is, its JSON says; the engine's functions would convert it.
    """
    name = parameters.bind(field_name)
    raw = f"JSONExtractRaw(data, {name})"
    if kind in (TEXT, NUMBER):
        # A whole number beyond 64 bits comes as text. PostgreSQL's own text tells it apart.
        key = parameters.bind(f"{dumps(field_name)}: ")
        is_big = f"(match({raw}, '^\"-?[0-9]{{19,}}\"$') AND position(data, {key} || {raw}) = 0)"
        if kind is TEXT:
            text = f"JSONExtract(data, {name}, 'Nullable(String)')"
            return (f"if(startsWith({raw}, '\"') AND NOT {is_big}, {text}, NULL)",)
        number = f"if(match({raw}, '^[0-9-]') OR {is_big}, replaceAll({raw}, '\"', ''), '')"
        return (f"toFloat64OrNull({number})",)
    if kind is FLAG:
        return (f"if({raw} IN ('true', 'false'), CAST({raw} = 'true', 'Nullable(Bool)'), NULL)",)
    if kind is LIST:
        texts = f"arrayAll(x -> startsWith(x, '\"'), JSONExtractArrayRaw(data, {name}))"
        return (f"if({texts}, JSONExtract(data, {name}, 'Array(String)'), [])",)
    if kind is PRICE:
        is_price = f"match({raw}, {parameters.bind(_ONE)})"
        return (
            f"if({is_price}, JSONExtract(data, {name}, 'amount', 'Nullable(Float64)'), NULL)",
            f"if({is_price}, JSONExtractString(data, {name}, 'currency'), '')",
        )
    are_prices = f"match({raw}, {parameters.bind(_SEVERAL)})"
    prices = f"arrayFilter(x -> {are_prices}, JSONExtractArrayRaw(data, {name}))"
    return (
        f"arrayMap(x -> JSONExtractFloat(x, 'amount'), {prices})",
        f"arrayMap(x -> JSONExtractString(x, 'currency'), {prices})",
        f"arrayMap(x -> JSONExtractString(x, 'locale'), {prices})",
    )
