"""How values of each kind lie in ClickHouse: the physical columns, and what goes into them.

A field's values are told apart by what they are, not by what the vocabulary says of the field at
the moment: text goes to a text column, numbers to a number column. So a column is never wrong
when a field is retyped, and values that don't fit the type in force are simply not seen by it.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, permutations
from operator import itemgetter
from typing import Any

# PostgreSQL's index takes no more; a field of a longer name is read from the JSON.
LONGEST_FIELD = 500

# What a value of a kind is stored as: (suffix of the column, its type, its value when missing).
Part = tuple[str, str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of values. limit: how many columns of it there may be at most.

    split: from the values of a field (None where a product has none) to one column per part.
    """

    name: str
    limit: int
    parts: tuple[Part, ...]
    split: Callable[[Sequence[Any]], list[Sequence[Any]]]

    def columns(self, number: int) -> tuple[str, ...]:
        """The names of the columns with this number."""
        return tuple(f"{self.name}_{number}{suffix}" for suffix, _, _ in self.parts)


def _as_is(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [values]


def _lists(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [[value or () for value in values]]


def _prices(values: Sequence[Any]) -> list[Sequence[Any]]:
    return [
        [None if price is None else price["amount"] for price in values],
        ["" if price is None else price["currency"] for price in values],
    ]


def _price_lists(values: Sequence[Any]) -> list[Sequence[Any]]:
    lists = [prices or () for prices in values]
    return [
        [[price["amount"] for price in prices] for prices in lists],
        [[price["currency"] for price in prices] for prices in lists],
        [[price.get("locale") or "" for price in prices] for prices in lists],
    ]


TEXT = Kind("text", 200, (("", "Nullable(String)", None),), _as_is)
NUMBER = Kind("number", 100, (("", "Nullable(Float64)", None),), _as_is)
FLAG = Kind("flag", 60, (("", "Nullable(Bool)", None),), _as_is)
LIST = Kind("list", 60, (("", "Array(LowCardinality(String))", ()),), _lists)
PRICE = Kind(
    "price",
    30,
    (("_amount", "Nullable(Float64)", None), ("_currency", "LowCardinality(String)", "")),
    _prices,
)
PRICES = Kind(
    "prices",
    20,
    (
        ("_amount", "Array(Float64)", ()),
        ("_currency", "Array(LowCardinality(String))", ()),
        ("_locale", "Array(LowCardinality(String))", ()),
    ),
    _price_lists,
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (TEXT, NUMBER, FLAG, LIST, PRICE, PRICES)}

KIND_OF_TYPE: Mapping[str, Kind] = {
    "string": TEXT,
    "url": TEXT,
    "number": NUMBER,
    "boolean": FLAG,
    "array": LIST,
    "price": PRICE,
    "multi_price": PRICES,
}

# Regular expressions (RE2) of values in JSON as ClickHouse writes it, without blanks.
JSON_TEXT = r'"(?:\\.|[^"\\])*"'
JSON_PRICE = (
    r'\{"amount":-?[0-9][0-9.eE+-]*(?:,"locale":(?:null|%s))?,"currency":%s\}'  # noqa: UP031
    % (JSON_TEXT, JSON_TEXT)
)

_COLUMN = re.compile(r"(?P<kind>[a-z]+)_(?P<number>0|[1-9]\d{0,3})(?P<suffix>_[a-z]+)?")


def column_type(column: str) -> str | None:
    """The ClickHouse type of a column by its name; None for what is no attribute column."""
    found = _COLUMN.fullmatch(column)
    kind = KINDS.get(found["kind"]) if found else None
    if found is None or kind is None or int(found["number"]) >= kind.limit:
        return None
    types = {suffix: type_name for suffix, type_name, _ in kind.parts}
    return types.get(found["suffix"] or "")


def kind_of_all(values: Sequence[Any]) -> Kind | None:
    """The one kind of all these values, None among them aside; None if they have several or none.

    Looks at classes and shapes of the whole field at once, which is what makes it quick.
    """
    classes = frozenset(map(type, values)) - _NOTHING
    kind = _BY_CLASSES.get(classes)
    if kind is not None:
        return kind
    if classes == _OBJECTS:
        return PRICE if _are_prices([value for value in values if value is not None]) else None
    if classes != _LISTS:
        return None
    entries = list(chain.from_iterable(value for value in values if value is not None))
    entry_classes = frozenset(map(type, entries))
    if entry_classes == _TEXTS:
        return LIST
    return PRICES if entry_classes == _OBJECTS and _are_prices(entries) else None


def kind_of(value: Any) -> Kind | None:
    """The kind of one JSON value; None for what has no column (null, other objects and lists)."""
    return None if value is None else kind_of_all([value])


def _are_prices(values: Sequence[Mapping[str, Any]]) -> bool:
    """Whether each of these objects is an amount in a currency, with a locale or without."""
    if not {tuple(value) for value in values} <= _PRICE_SHAPES:
        return False
    return (
        set(map(type, map(_AMOUNT, values))) <= _AMOUNTS
        and set(map(type, map(_CURRENCY, values))) == _TEXTS
        and {type(value.get("locale")) for value in values} <= _TEXTS | _NOTHING
    )


_AMOUNT, _CURRENCY = itemgetter("amount"), itemgetter("currency")
_NOTHING, _TEXTS, _OBJECTS, _LISTS = (frozenset({each}) for each in (type(None), str, dict, list))
_AMOUNTS = {int, float}
_PRICE_SHAPES = {
    keys
    for names in (("amount", "currency"), ("amount", "currency", "locale"))
    for keys in permutations(names)
}
_BY_CLASSES: Mapping[frozenset[type], Kind] = {
    frozenset({str}): TEXT,
    frozenset({bool}): FLAG,
    frozenset({int}): NUMBER,
    frozenset({float}): NUMBER,
    frozenset({int, float}): NUMBER,
}
