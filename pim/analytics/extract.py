"""The statement by which ClickHouse itself takes products out of PostgreSQL's text. Pure.

What goes in are the lines of `COPY … TO STDOUT`, unchanged; no line is looked at on the way. One
reading of `data` gives the values of all fields that have columns, a second the kinds of what is
there. Where that isn't exactly what the columns are for (a kind not seen before in a field, a
nested object, a whole number beyond 64 bits, which the reader can't tell from text), ClickHouse
refuses the block with `UNUSUAL`, and it goes the way of `projector`, whose rules these are.

Names of fields are bound; the statement is made of names and numbers of ours alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from pim.analytics.kinds import (
    FLAG,
    JSON_PRICE,
    JSON_TEXT,
    KINDS,
    LIST,
    NUMBER,
    PRICE,
    PRICES,
    TEXT,
    Kind,
)

UNUSUAL = "pim: a block with something unusual"

# What a line holds, in its order.
LINE: Mapping[str, str] = {
    "product_id": "UInt64",
    "sku": "String",
    "sku_key": "String",
    "name": "String",
    "active": "Bool",
    "source": "String",
    "ai_readability_score": "Nullable(Float64)",
    "version": "UInt64",
    "deleted": "UInt8",
    "created_at": "Int64",
    "updated_at": "Int64",
    "data": "String",
}
_MOMENTS = ("created_at", "updated_at")

# The type a value is read as; what isn't there reads as nothing.
_READ_AS: Mapping[Kind, str] = {
    TEXT: "Nullable(String)",
    NUMBER: "Nullable(Float64)",
    FLAG: "Nullable(Bool)",
    LIST: "Array(String)",
    PRICE: "Tuple(amount Nullable(Float64), currency String)",
    PRICES: "Array(Tuple(amount Float64, currency String, locale String))",
}
# How the JSON of a value of a kind begins: one character, two of a list; 0 is any number, t a flag.
_BEGINS: Mapping[Kind, Sequence[str]] = {
    TEXT: ('"',),
    NUMBER: ("0",),
    FLAG: ("t",),
    LIST: ('["', "[]"),
    PRICE: ("{",),
    PRICES: ("[{", "[]"),
}
_MISSING: Mapping[Kind, str] = {
    TEXT: "NULL",
    NUMBER: "NULL",
    FLAG: "NULL",
    LIST: "[]",
    PRICE: "CAST((NULL, ''), 'Tuple(amount Nullable(Float64), currency String)')",
    PRICES: "[]",
}
_BEGINNING = (
    "translate(substring({raw}, 1, if(startsWith({raw}, '['), 2, 1)), '-123456789f', '0000000000t')"
)

# A regular expression (RE2) of whole lists and objects, as the engine writes them.
_NESTED = rf"(?s)^(?:\[(?:{JSON_TEXT},?)*\]|{JSON_PRICE}|\[(?:{JSON_PRICE},?)+\])$"
# In PostgreSQL's own text: a value, or one in a list of texts, that may not fit 64 bits.
_BIG = r'(?:": |", |\[)-?[0-9]{19}'

# A backtick would end the name in a type; the others are written in more than one way. The word is
# one of the engine's own.
_NAMEABLE = re.compile(r"(?i)(?!null$)[^`'\\\x00-\x1f\x7f]+")
# What is bound is sent as an address, which may be this long.
_LONGEST = 50_000

# As COPY escapes what would end a field; any other character after a backslash is itself.
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Extraction:
    """How lines become rows. columns: those of attributes, in order."""

    statement: str
    parameters: Mapping[str, Any]
    columns: Sequence[str]


def extraction(table: str, tenant: int, numbers: Mapping[Key, int | None]) -> Extraction | None:
    """The statement for a tenant whose (field, kind) pairs lie in columns with these numbers.

    A pair without a column (None) is known, and left out. None: there are too many names.
    """
    pairs = sorted(key for key in numbers if _NAMEABLE.fullmatch(key[0]))
    places = _places(pairs, numbers)
    parameters: dict[str, Any] = {"tenant": tenant, "known": _known(pairs)}
    documents = []
    for reading, fields in enumerate(_types(places)):
        parameters[f"type{reading}"] = f"Tuple({', '.join(fields)})"
        documents.append(f", JSONExtract(data, {{type{reading}:String}}) AS values{reading}")
    columns = {name: name for name in LINE} | {
        name: f"fromUnixTimestamp64Micro({name}, 'UTC')" for name in _MOMENTS
    }
    columns["tenant_id"] = "{tenant:UInt64}"
    attributes: dict[str, str] = {}
    for place in places:
        attributes |= place.columns(parameters)
    columns |= attributes
    lines = ", ".join(f"{name} {type_name}" for name, type_name in LINE.items())
    statement = (
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(columns.values())} "  # noqa: S608
        f"FROM (SELECT *{''.join(documents)} FROM input('{lines}')) "
        f"WHERE throwIf(NOT ({_usual()}), '{UNUSUAL}') = 0 FORMAT TabSeparated"
    )
    sent = urlencode(parameters)
    return Extraction(statement, parameters, tuple(attributes)) if len(sent) < _LONGEST else None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one pair is found: the how-many-th reading of `data`, which part of it (from 1)."""

    field: str
    kind: Kind
    number: int
    reading: int
    part: int
    alone: bool

    def columns(self, parameters: dict[str, Any]) -> dict[str, str]:
        """The pair's columns and the SQL for each; binds what that needs."""
        value = f"tupleElement(values{self.reading}, {self.part})"
        if not self.alone:
            value = f"if({self._is_of_kind(parameters)}, {value}, {_MISSING[self.kind]})"
        names = self.kind.columns(self.number)
        if len(names) == 1:
            return {names[0]: value}
        parts = [suffix.removeprefix("_") for suffix, _, _ in self.kind.parts]
        return {
            name: f"tupleElement({value}, '{part}')"
            for name, part in zip(names, parts, strict=True)
        }

    def _is_of_kind(self, parameters: dict[str, Any]) -> str:
        """SQL: whether the value is of this kind. Its field has values of others too."""
        name = f"field{self.reading}_{self.part}"
        parameters[name] = self.field
        beginning = _BEGINNING.format(raw=f"JSONExtractRaw(data, {{{name}:String}})")
        begins = ", ".join(f"'{each}'" for each in _BEGINS[self.kind])
        return f"{beginning} IN ({begins})"


def _places(pairs: Sequence[Key], numbers: Mapping[Key, int | None]) -> list[_Place]:
    """One place for each pair with a column. A field has one type in each reading of `data`."""
    places: list[_Place] = []
    filled: dict[int, int] = {}
    for field, its_pairs in groupby(pairs, key=lambda pair: pair[0]):
        kinds = [KINDS[kind] for _, kind in its_pairs]
        numbered = [kind for kind in kinds if numbers[field, kind.name] is not None]
        for reading, kind in enumerate(numbered):
            filled[reading] = filled.get(reading, 0) + 1
            number = numbers[field, kind.name] or 0
            place = _Place(field, kind, number, reading, filled[reading], len(kinds) == 1)
            places.append(place)
    return places


def _types(places: Sequence[_Place]) -> list[list[str]]:
    """The fields of each reading, with the types they are read as."""
    readings: dict[int, list[str]] = {}
    for place in places:
        fields = readings.setdefault(place.reading, [])
        fields.append(f"`{place.field}` {_READ_AS[place.kind]}")
    return [readings[reading] for reading in sorted(readings)]


def _known(pairs: Sequence[Key]) -> list[str]:
    """Each field's name with each way its values may begin; null is as good as nothing."""
    return sorted({field + each for field, kind in pairs for each in (*_BEGINS[KINDS[kind]], "n")})


def _usual() -> str:
    """SQL: whether `data` holds nothing but values that the columns are for."""
    found = "JSONExtractKeysAndValuesRaw(data)"
    beginning = _BEGINNING.format(raw="x.2")
    return (
        f"arrayAll(x -> concat(x.1, {beginning}) IN ({{known:Array(String)}}), {found}) "
        f"AND arrayAll(x -> match(x.2, {_quoted(_NESTED)}), "
        f"arrayFilter(x -> substring(x.2, 1, 1) IN ('[', '{{'), {found})) "
        f"AND (data = '{{}}' OR notEmpty({found})) AND NOT match(data, {_quoted(_BIG)})"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def first_documents(lines: bytes, count: int) -> list[str]:
    """`data` of the first products in these lines."""
    found: list[str] = []
    end = 0
    while end < len(lines) and len(found) < count:
        start, end = end, lines.index(b"\n", end) + 1
        document = lines[start : end - 1].decode().rsplit("\t", 1)[1]
        found.append(_ESCAPED.sub(lambda each: _ESCAPES.get(each[1], each[1]), document))
    return found
