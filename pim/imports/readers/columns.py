"""Nested records as rows: which columns there are, and what stands in each.

Objects in objects become columns of their own (`dimensions.width`), lists become JSON text, which
is what a list field reads back exactly, and so do lists of objects and a price that is written as
the API writes it (`{"amount": 19.99, "currency": "EUR"}`). A key that no column was made
for, because it first occurs beyond the part of the file that was scanned, isn't lost: the last
column holds such values together, as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from typing import Any

from pim.imports.readers.base import MAX_COLUMNS, FileProblem
from pim.imports.readers.headers import name_columns

# In a record made from XML: the text of an element, beside its attributes (`@unit`).
TEXT = "#text"
REST = "other values"
MAX_DEPTH = 12


class Digits(str):
    """A JSON number, with the digits it was written with."""

    __slots__ = ()


@dataclass(slots=True)
class Slot:
    """What one key leads to. place: its column, -1 when it has none."""

    place: int = -1
    inner: dict[str, Slot] = field(default_factory=dict)
    plain: bool = False
    many: bool = False


class Discovery:
    """Collects the columns of records, in the order they are met.

    repeats: whether an element that occurs once here and twice there is one column, a list.
    """

    def __init__(self, *, repeats: bool = False) -> None:
        self._root: dict[str, Slot] = {}
        self._repeats = repeats
        self._count = 0

    def add(self, record: dict[str, Any]) -> None:
        """Take note of a record's keys."""
        self._add(self._root, record, 1)

    def _add(self, slots: dict[str, Slot], record: dict[str, Any], depth: int) -> None:
        for key, value in record.items():
            slot = slots.get(key)
            if slot is None:
                slot = slots[key] = Slot()
                self._count += 1
                if self._count > 2 * MAX_COLUMNS:
                    raise _too_many()
            kind = type(value)
            if kind is dict:
                if depth < MAX_DEPTH and not _is_money(value):
                    if TEXT in value:
                        slot.plain = True
                        value = {name: inner for name, inner in value.items() if name != TEXT}
                    self._add(slot.inner, value, depth + 1)
                else:
                    slot.plain = True
            elif kind is list:
                slot.plain = slot.many = True
            elif value is not None:
                slot.plain = True

    def keys(self) -> tuple[str, ...]:
        """Where in a record each column is: `/dimensions/width`."""
        found = tuple(path for path, _ in self._leaves(self._root, ""))
        if len(found) > MAX_COLUMNS:
            raise _too_many()
        return found

    def lists(self) -> tuple[str, ...]:
        """The columns that hold a list in every record."""
        if not self._repeats:
            return ()
        return tuple(path for path, slot in self._leaves(self._root, "") if slot.many)

    def _leaves(self, slots: dict[str, Slot], above: str) -> Iterator[tuple[str, Slot]]:
        for key, slot in slots.items():
            path = f"{above}/{escape(key)}"
            if slot.plain or not slot.inner:
                yield path, slot
            if not (slot.many and self._repeats):
                yield from self._leaves(slot.inner, path)


class Columns:
    """The columns of a file, by which records become rows."""

    def __init__(self, keys: Sequence[str], lists: Sequence[str], *, rest: bool) -> None:
        self.headers = name_columns([*map(_shown_name(keys), keys), *([REST] if rest else [])])
        self._root: dict[str, Slot] = {}
        self._rest = rest
        self._blank = [""] * len(self.headers)
        for place, key in enumerate(keys):
            slot = _slot_at(self._root, key)
            slot.place, slot.plain = place, True
        for key in lists:
            _slot_at(self._root, key).many = True

    def row(self, record: dict[str, Any]) -> list[str]:
        """The record as texts, one per column, "" where it has nothing."""
        row = self._blank.copy()
        left_over: dict[str, Any] = {}
        self._fill(row, self._root, record, left_over, "")
        if left_over and self._rest:
            row[-1] = json_text(left_over)
        return row

    def _fill(
        self,
        row: list[str],
        slots: dict[str, Slot],
        record: dict[str, Any],
        left_over: dict[str, Any],
        above: str,
    ) -> None:
        for key, value in record.items():
            slot = slots.get(key)
            if slot is None:
                if value not in (None, "", [], {}):
                    left_over[above + key] = value
                continue
            kind = type(value)
            if slot.many and kind is not list:
                value, kind = [value], list
            if kind is str and slot.place >= 0:
                row[slot.place] = value
            elif kind is dict and slot.place >= 0 and _is_money(value):
                row[slot.place] = json_text(value)
            elif kind is dict and (slot.inner or slot.place < 0):
                if TEXT in value:
                    self._fill(row, {TEXT: slot}, {TEXT: value[TEXT]}, left_over, above + key)
                    value = {name: inner for name, inner in value.items() if name != TEXT}
                self._fill(row, slot.inner, value, left_over, f"{above}{key}.")
            elif slot.place >= 0:
                row[slot.place] = cell_text(value)
            elif value not in (None, "", []):
                left_over[above + key] = value


def _is_money(value: dict[str, Any]) -> bool:
    """Whether an object is a price as we write it: one value, not a column for each part."""
    return (
        len(value) == 2
        and type(value.get("amount")) is Digits
        and type(value.get("currency")) is str
    )


def cell_text(value: Any) -> str:
    """A value as the text of a cell; "" for what says nothing."""
    if isinstance(value, str):
        return str(value)
    if value is None or value in ([], {}):
        return ""
    return json_text(value)


def json_text(value: Any) -> str:
    """JSON with every number as it was written."""
    if type(value) is Digits:
        return str(value)
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(map(json_text, value)) + "]"
    members = (f"{encode_basestring(key)}: {json_text(inner)}" for key, inner in value.items())
    return "{" + ", ".join(members) + "}"


def escape(key: str) -> str:
    """A key as part of a path, the way RFC 6901 has it."""
    return key.replace("~", "~0").replace("/", "~1") if "/" in key or "~" in key else key


def split_path(path: str) -> list[str]:
    """The keys of a path."""
    return [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]


def _slot_at(slots: dict[str, Slot], path: str) -> Slot:
    slot = Slot()
    for key in split_path(path):
        slot = slots.setdefault(key, Slot())
        slots = slot.inner
    return slot


def _shown_name(keys: Iterable[str]) -> Callable[[str], str]:
    """A function from a path to a column's name: dots between keys, no @ before an attribute."""
    plain = {".".join(split_path(key)) for key in keys}

    def name(key: str) -> str:
        parts = split_path(key)
        without = [part[1:] if part[:1] == "@" and len(part) > 1 else part for part in parts]
        shorter = ".".join(without)
        if without != parts and shorter not in plain:
            return shorter
        return "text" if key == f"/{TEXT}" and "text" not in plain else ".".join(parts)

    return name


def _too_many() -> FileProblem:
    return FileProblem(
        f"The records have more than {MAX_COLUMNS:,} different columns, which is the limit.",
        code="too_many_columns",
    )
