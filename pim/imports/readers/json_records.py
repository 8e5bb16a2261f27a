"""JSON: a list of objects, at the top or somewhere inside an object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pim.imports.encodings import file_encoding
from pim.imports.readers.base import (
    MAX_VALUE_CHARS,
    Detection,
    Dialect,
    FileProblem,
    Overrides,
    RowProblem,
    Source,
)
from pim.imports.readers.columns import escape, split_path
from pim.imports.readers.json_text import JsonWindow, ValueTooLong
from pim.imports.readers.record_path import choose_path, names_a_product
from pim.imports.readers.records import (
    Record,
    RecordReader,
    detect_records,
    raw_cells,
    too_deep,
)

_MAX_LEVELS = 30
_LOOKED_AT_BYTES = 16 * 1024 * 1024


def open_reader(source: Source, dialect: Dialect) -> RecordReader:
    """Open a file whose dialect is known."""
    return RecordReader(JsonRecords(source, dialect), dialect)


def detect(source: Source, overrides: Overrides) -> Detection:
    """Inspect a JSON file: its encoding, where its records are, and their columns."""
    encoding = file_encoding(source, overrides.encoding)
    counts = _count_lists(source, encoding.name)
    path, reason = choose_path(counts, overrides.record_path, "list")
    dialect = Dialect("json", encoding=encoding.name, record_path=path)
    reasons = {"encoding": encoding.reason, "record_path": reason}
    found = detect_records(source, dialect, JsonRecords, reasons)
    found.warnings.extend(encoding.warnings)
    found.choices["record_path"] = [each for each in counts if each]
    return found


class JsonRecords:
    """The objects of a list, one after the other, numbered from 1."""

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self._window = JsonWindow(source, dialect.encoding)
        self._path = dialect.record_path or ""
        self._number = 0

    @property
    def bytes_read(self) -> int:
        """How much of the stored file has been taken in."""
        return self._window.bytes_read

    def close(self) -> None:
        """Give the file back."""
        self._window.close()

    def __iter__(self) -> Iterator[tuple[int, Record]]:
        yield from self._below(split_path(self._path))
        if self._window.peek():
            raise self._window.problem("there is more after the end of the JSON")

    def _below(self, path: list[str]) -> Iterator[tuple[int, Record]]:
        window = self._window
        start = window.peek()
        if path:
            found = False
            if start == "{":
                for key in window.members():
                    if key == path[0] and not found:
                        found = True
                        yield from self._below(path[1:])
                    else:
                        window.skip()
            if not found:
                raise FileProblem(
                    f"There is no list at “{self._path}” in this file.",
                    code="no_such_path",
                    field="record_path",
                )
        elif start == "[":
            for _ in window.elements():
                yield self._next()
        else:
            yield self._next()

    def _next(self) -> tuple[int, Record]:
        self._number += 1
        window, number = self._window, self._number
        try:
            value = window.value()
        except RecursionError:
            window.skip()
            return number, too_deep(number)
        except ValueTooLong:
            window.skip()
            message = f"This record has more than {MAX_VALUE_CHARS:,} characters."
            return number, RowProblem(number, "value_too_long", message, [])
        return number, as_record(number, value, window.decoder.fault)


def as_record(number: int, value: Any, fault: tuple[str, str] | None) -> Record:
    """A value that was read, as a record or as what is wrong with it."""
    if type(value) is not dict:
        message = "This record isn't an object with keys and values."
        return RowProblem(number, "not_an_object", message, raw_cells(value))
    if fault:
        return RowProblem(number, *fault, raw_cells(value))
    return value


class _Enough(Exception):
    """So much of the file has been looked at that it is clear."""


def _count_lists(source: Source, encoding: str) -> dict[str, int]:
    """The lists of objects in the file's first part, with how much was seen in each."""
    window = JsonWindow(source, encoding)
    counts: dict[str, int] = {}
    try:
        if not window.peek():
            raise FileProblem("The file is empty.", code="empty_file", byte=0, line=1)
        _count_below(window, "", counts, _MAX_LEVELS)
    except _Enough:
        pass
    finally:
        window.close()
    return {path: count for path, count in counts.items() if count} or {"": 1}


def _count_below(window: JsonWindow, path: str, counts: dict[str, int], levels: int) -> None:
    start = window.peek()
    if start == "[":
        counts[path] = 0
        name = path.rpartition("/")[2].lower()
        weight = 5 if names_a_product(name) or names_a_product(name.removesuffix("s")) else 1
        for _ in window.elements():
            counts[path] += weight * _pass_over(window)
            if window.bytes_read > _LOOKED_AT_BYTES:
                raise _Enough
    elif start == "{" and levels:
        for key in window.members():
            _count_below(window, f"{path}/{escape(key)}", counts, levels - 1)
    else:
        _pass_over(window)


def _pass_over(window: JsonWindow) -> int:
    """Go on behind a value; gives how many keys it has if it is an object."""
    try:
        value = window.value()
    except (RecursionError, ValueTooLong):
        window.skip()
        return 0
    return 1 + len(value) if type(value) is dict else 0
