"""What formats of nested records share: rows out of records, and the scan for columns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Protocol

from pim.imports.readers.base import (
    BATCH_CHARACTERS,
    BATCH_ROWS,
    SAMPLE_ROWS,
    Batch,
    Detection,
    Dialect,
    FileProblem,
    RowProblem,
    Source,
)
from pim.imports.readers.columns import Columns, Discovery, cell_text
from pim.imports.readers.streams import legible

# So much of a file is scanned for columns at least, and more as long as there is time. What first
# occurs later goes to the last column.
SCAN_RECORDS = 1_000
SCAN_SECONDS = 2.0

Record = dict[str, Any] | RowProblem


class Records(Protocol):
    """A file of records, each with its place: one that only rises."""

    @property
    def bytes_read(self) -> int:
        """How much of the stored file has been taken in."""
        ...

    def __iter__(self) -> Iterator[tuple[int, Record]]: ...

    def close(self) -> None:
        """Give the file back."""
        ...


class RecordReader:
    """Rows of a file of records."""

    def __init__(self, records: Records, dialect: Dialect) -> None:
        self._records = records
        self._columns = Columns(dialect.keys, dialect.lists, rest=dialect.rest)
        self.headers = self._columns.headers

    def close(self) -> None:
        """Give the file back."""
        self._records.close()

    def __enter__(self) -> RecordReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def batches(self, size: int = BATCH_ROWS) -> Iterator[Batch]:
        """Stream the records."""
        count = characters = 0
        batch = Batch([], [], [], 0, 0, 0)
        lines: list[int] = []
        for line, record in self._records:
            count += 1
            if isinstance(record, RowProblem):
                batch.problems.append(record)
            elif row := self._row(record):
                batch.rows.append(row)
                lines.append(line)
                characters += sum(map(len, row))
            else:
                batch.problems.append(too_deep(line))
            if len(batch) >= size or characters >= BATCH_CHARACTERS:
                yield self._finished(batch, lines, count, line)
                batch, lines, characters = Batch([], [], [], 0, 0, 0), [], 0
        if len(batch):
            yield self._finished(batch, lines, count, line)

    def _row(self, record: dict[str, Any]) -> list[str] | None:
        try:
            return self._columns.row(record)
        except RecursionError:
            return None

    def _finished(self, batch: Batch, lines: list[int], count: int, line: int) -> Batch:
        batch.lines, batch.end_record, batch.end_line = lines, count, line
        batch.end_byte = self._records.bytes_read
        return batch


def too_deep(line: int) -> RowProblem:
    """The problem of a record that is nested beyond reason."""
    return RowProblem(line, "too_deep", "This record is nested too deeply to be read.", [])


def raw_cells(record: Any) -> list[str]:
    """What the report shows of a record that can't be read."""
    try:
        values = list(record.values()) if isinstance(record, dict) else [record]
        return legible([cell_text(value) for value in values[:50]])
    except RecursionError:
        return []


def detect_records(
    source: Source,
    dialect: Dialect,
    open_records: Callable[[Source, Dialect], Records],
    reasons: dict[str, str],
    *,
    repeats: bool = False,
) -> Detection:
    """Find the columns and look at the first rows, with the reader that will import them."""
    found, count, complete = _scan(source, dialect, open_records, repeats=repeats)
    dialect = replace(dialect, keys=found.keys(), lists=found.lists(), rest=not complete)
    if not dialect.keys:
        raise _without_records(source, dialect, open_records)
    with RecordReader(open_records(source, dialect), dialect) as reader:
        first = next(reader.batches(200))
    seen = f"all {count:,} records" if complete else f"the first {count:,} records"
    reasons["columns"] = f"The keys of {seen}, in the order they occur."
    return Detection(
        dialect, reader.headers, first.rows[:SAMPLE_ROWS], reasons, _warnings(first, dialect)
    )


def _scan(
    source: Source,
    dialect: Dialect,
    open_records: Callable[[Source, Dialect], Records],
    *,
    repeats: bool,
) -> tuple[Discovery, int, bool]:
    """The columns met, in how many records, and whether that was the whole file."""
    found, count = Discovery(repeats=repeats), 0
    until = time.monotonic() + SCAN_SECONDS
    records = open_records(source, dialect)
    try:
        for _, record in records:
            count += 1
            if isinstance(record, dict):
                found.add(record)
            if count >= SCAN_RECORDS and count % 100 == 0 and time.monotonic() > until:
                return found, count, False
    finally:
        records.close()
    return found, count, True


def _without_records(
    source: Source, dialect: Dialect, open_records: Callable[[Source, Dialect], Records]
) -> FileProblem:
    records = open_records(source, dialect)
    try:
        line, problem = next(iter(records), (1, None))
    finally:
        records.close()
    if isinstance(problem, RowProblem):
        return FileProblem(problem.message, code=problem.code, line=line)
    return FileProblem("There are no records in this file.", code="no_records")


def _warnings(first: Batch, dialect: Dialect) -> list[str]:
    warnings = []
    if first.problems:
        problem = first.problems[0]
        warnings.append(
            f"{len(first.problems):,} of the first {len(first):,} records can't be read, the "
            f"first is number {problem.line:,}: {problem.message}"
        )
    if dialect.rest:
        warnings.append(
            "The file is long, so its columns were found in its first part. What only occurs "
            "later is kept together in the last column."
        )
    return warnings
