"""What the values of each column look like: counted over the file, or as much as time allows."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from pim.imports.readers.base import Batch
from pim.schema.types import Notation, detect_notation

EXAMPLES = 400
PROFILED_ROWS = 100_000
_REPEATING = 2_000
_MAX_EXAMPLE = 2_000


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """One column. `examples` are different values in the order they came.

    distinct: different values without regard to case; None when they were too many to count and
    clearly not unique. decimal: the decimal sign its numbers use, as far as they tell.
    """

    name: str
    rows: int
    filled: int
    distinct: int | None
    examples: tuple[str, ...]
    decimal: Notation | None = None
    multiline: bool = False

    @property
    def empty(self) -> bool:
        """No value in any row seen."""
        return not self.filled

    @property
    def unique(self) -> bool:
        """Every row seen has a value, and no value came twice."""
        return self.rows > 0 and self.filled == self.rows == self.distinct

    @property
    def repeated(self) -> int:
        """Rows whose value an earlier row had."""
        return 0 if self.distinct is None else self.filled - self.distinct


@dataclass(frozen=True, slots=True)
class Profile:
    """All columns.

    rows: how many were looked at; complete: that was all of them. row_count: records in the
    file, None when counting was cut short. decimal: the one decimal sign found in the file.
    spoken_for: columns whose values stand in others already, with the reason in words.
    """

    columns: tuple[ColumnProfile, ...]
    rows: int
    row_count: int | None
    complete: bool = True
    decimal: Notation | None = None
    spoken_for: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Column:
    filled: int = 0
    keys: set[int] | None = field(default_factory=set)
    examples: dict[str, None] = field(default_factory=dict)
    multiline: bool = False

    def add(self, values: Sequence[str]) -> None:
        present = [value for value in values if value]
        self.filled += len(present)
        if self.keys is not None:
            self.keys.update(map(hash, map(str.casefold, map(str.strip, present))))
            if len(self.keys) > _REPEATING and len(self.keys) < 0.5 * self.filled:
                self.keys = None
        if len(self.examples) < EXAMPLES:
            for value in present:
                self.examples.setdefault(value[:_MAX_EXAMPLE])
                if "\n" in value:
                    self.multiline = True
                if len(self.examples) >= EXAMPLES:
                    break


def profile_rows(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Profile:
    """The profile of a few rows, as if they were the file."""
    columns = [_Column() for _ in headers]
    _add(columns, rows)
    return _finish(headers, columns, len(rows), len(rows), complete=True)


def profile_file(
    headers: Sequence[str],
    batches: Iterable[Batch],
    *,
    seconds: float = 3.0,
    by_program: bool = False,
) -> Profile:
    """The profile of a file, read for at most so many seconds.

    The first rows are looked at closely; after that, rows are only counted. by_program: the
    format writes numbers as programs do (see Format), so `1.234` is no thousand; unless all that
    a column shows are texts with a comma.
    """
    found = _profile(headers, batches, seconds)
    if not by_program:
        return found
    columns = tuple(
        column if column.decimal == "," else replace(column, decimal="json")
        for column in found.columns
    )
    return replace(found, columns=columns, decimal="json")


def _profile(headers: Sequence[str], batches: Iterable[Batch], seconds: float) -> Profile:
    columns = [_Column() for _ in headers]
    deadline = time.monotonic() + seconds
    rows, counted, complete = 0, 0, True
    for batch in batches:
        if rows < PROFILED_ROWS and time.monotonic() < deadline:
            _add(columns, batch.rows)
            rows += len(batch.rows)
        else:
            complete = False
        counted = batch.end_record
        if not complete and time.monotonic() > deadline:
            return _finish(headers, columns, rows, None, complete=False)
    return _finish(headers, columns, rows, counted, complete=complete)


def _add(columns: Sequence[_Column], rows: Sequence[Sequence[str]]) -> None:
    for column, values in zip(columns, zip(*rows, strict=True), strict=False):
        column.add(values)


def _finish(
    headers: Sequence[str],
    columns: Sequence[_Column],
    rows: int,
    row_count: int | None,
    *,
    complete: bool,
) -> Profile:
    found = tuple(
        ColumnProfile(
            name=name,
            rows=rows,
            filled=column.filled,
            distinct=None if column.keys is None else len(column.keys),
            examples=tuple(column.examples),
            decimal=detect_notation(islice(column.examples, EXAMPLES)),
            multiline=column.multiline,
        )
        for name, column in zip(headers, columns, strict=True)
    )
    signs = {column.decimal for column in found if column.decimal is not None}
    return Profile(
        columns=found,
        rows=rows,
        row_count=row_count,
        complete=complete,
        decimal=signs.pop() if len(signs) == 1 else None,
    )
