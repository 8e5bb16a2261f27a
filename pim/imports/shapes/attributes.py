"""Finds columns that hold names of attributes beside columns that hold their values."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pim.imports.heuristics.words import fold
from pim.imports.heuristics.wordsets import NAME_WORDS, VALUE_WORDS
from pim.imports.readers.base import Reader
from pim.imports.shapes.attribute_lists import read_list
from pim.imports.shapes.look import Walk

MOST_NAMES = 500
_NUMBERED = re.compile(r"(?P<stem>.*?)\s*[ _.\-]*(?P<number>\d+)[ _.\-]*(?P<what>.+)")


@dataclass(frozen=True, slots=True)
class Pair:
    """A column of names and the column of what each name stands for."""

    name: str
    value: str


def name_value_pairs(headers: Sequence[str]) -> list[Pair]:
    """`Attribute 1 name` with `Attribute 1 value(s)`, `Option2 Name` with `Option2 Value`."""
    names: dict[tuple[str, str], str] = {}
    values: dict[tuple[str, str], str] = {}
    for header in headers:
        found = _NUMBERED.fullmatch(fold(header))
        if found is None or not found["stem"].strip():
            continue
        words = set(re.findall(r"[^\W_]+", found["what"]))
        key = (found["stem"].strip(" _.-"), found["number"])
        if words <= NAME_WORDS:
            names.setdefault(key, header)
        elif words - {"s", "e", "i", "es"} <= VALUE_WORDS:
            values.setdefault(key, header)
    return [Pair(names[key], values[key]) for key in names if key in values]


def names_in_pairs(
    open_rows: Callable[[], Reader], found: Sequence[Pair]
) -> tuple[list[Pair], tuple[str, ...]]:
    """The pairs that need columns of their own, and these columns' names.

    A pair needs none when it says one name throughout that no other says: then its column of
    values is the attribute.
    """
    walk = Walk(open_rows)
    names = _names_met(walk, found)
    told = Counter(key for each in names for key in each)
    telling = [
        (pair, each)
        for pair, each in zip(found, names, strict=True)
        if each and not (walk.complete and len(each) == 1 and told[next(iter(each))] == 1)
    ]
    joined: dict[str, str] = {}
    for _, each in telling:
        joined = {**each, **joined}
    order = {key: place for place, key in enumerate(told)}
    chosen = sorted(joined, key=lambda key: order[key])[:MOST_NAMES]
    return [pair for pair, _ in telling], tuple(joined[key] for key in chosen)


def _names_met(walk: Walk, found: Sequence[Pair]) -> list[dict[str, str]]:
    """For each pair, the names met beside a value, as they were first written."""
    places: list[tuple[int, int]] = []
    names: list[dict[str, str]] = [{} for _ in found]
    for row in walk:
        if not places:
            at = walk.headers.index
            places = [(at(pair.name), at(pair.value)) for pair in found]
        for number, (name_at, value_at) in enumerate(places):
            name = row[name_at].strip()
            if name and row[value_at] and len(name) <= 100:
                names[number].setdefault(name.casefold(), name)
    return names


def names_in_list(open_rows: Callable[[], Reader], column: str) -> tuple[str, ...]:
    """The names of the attributes that cells of a column list."""
    walk, names = Walk(open_rows), dict[str, str]()
    place = -1
    for row in walk:
        if place < 0:
            place = walk.headers.index(column)
        if row[place] and len(names) < MOST_NAMES:
            for name, _ in read_list(row[place]):
                names.setdefault(name.casefold(), name)
    return tuple(names.values())
