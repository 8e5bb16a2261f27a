"""Steps that look at one row alone: values said otherwise, lists of attributes taken apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pim.imports.readers.base import BATCH_ROWS, Batch, Reader
from pim.imports.readers.headers import name_columns
from pim.imports.shapes.attribute_lists import read_list

Row = list[Any]


class RowByRow:
    """A reader whose rows are changed one by one."""

    def __init__(self, inner: Reader, added: Sequence[str], change: Callable[[Row], Row]) -> None:
        self._inner = inner
        self._change = change
        self.headers = name_columns([*inner.headers, *added])

    def batches(self, size: int = BATCH_ROWS) -> Iterator[Batch]:
        """Stream the changed rows."""
        for batch in self._inner.batches(size):
            yield replace(batch, rows=[self._change(row) for row in batch.rows])

    def close(self) -> None:
        """Give the file back."""
        self._inner.close()


def replaced(reader: Reader, rules: Sequence[tuple[str, str, str]]) -> Reader:
    """Texts of some columns read as others."""
    if not rules:
        return reader
    instead: dict[int, dict[str, str]] = {}
    for column, text, other in rules:
        instead.setdefault(reader.headers.index(column), {})[text] = other

    def change(row: Row) -> Row:
        for place, texts in instead.items():
            if row[place] in texts:
                row[place] = texts[row[place]]
        return row

    return RowByRow(reader, (), change)


def said(reader: Reader, rules: Sequence[tuple[str, str, str, str]]) -> Reader:
    """Columns added whose texts follow from those of others."""
    if not rules:
        return reader
    added = list(dict.fromkeys(rule[2] for rule in rules))
    known = [
        (
            reader.headers.index(next(rule[0] for rule in rules if rule[2] == name)),
            {rule[1]: rule[3] for rule in rules if rule[2] == name},
        )
        for name in added
    ]

    def change(row: Row) -> Row:
        return row + [texts.get(_plain(row[place]), "") for place, texts in known]

    return RowByRow(reader, added, change)


def listed(reader: Reader, columns: Sequence[tuple[str, tuple[str, ...]]]) -> Reader:
    """A column for each name in cells that read `name=value, name=value`."""
    if not any(names for _, names in columns):
        return reader
    added = [name for _, names in columns for name in names]
    places, start = [], len(reader.headers)
    for column, names in columns:
        place = {name.casefold(): start + number for number, name in enumerate(names)}
        places.append((reader.headers.index(column), place))
        start += len(names)
    blank = [""] * len(added)

    def change(row: Row) -> Row:
        wider = row + blank
        for place, targets in places:
            for name, value in read_list(row[place]) if row[place] else ():
                target = targets.get(name.casefold())
                if target is not None and not wider[target]:
                    wider[target] = value
        return wider

    return RowByRow(reader, added, change)


def pairs(reader: Reader, columns: Sequence[tuple[str, str]], names: Sequence[str]) -> Reader:
    """A column for each name that stands in a name column, beside its value."""
    if not names:
        return reader
    start = len(reader.headers)
    targets = {name.casefold(): start + number for number, name in enumerate(names)}
    places = [(reader.headers.index(name), reader.headers.index(value)) for name, value in columns]
    blank = [""] * len(names)

    def change(row: Row) -> Row:
        wider = row + blank
        for name_place, value_place in places:
            target = targets.get(row[name_place].strip().casefold())
            if target is not None and not wider[target]:
                wider[target] = row[value_place]
        return wider

    return RowByRow(reader, names, change)


def _plain(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())
