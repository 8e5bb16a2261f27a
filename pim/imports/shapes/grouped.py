"""Rows that belong together become the rows of products, however many lines they stood on.

Streams: it holds one group, never more than `MOST` rows of it. A row that can't be read breaks no
group and is told at its own line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from pim.imports.readers.base import BATCH_CHARACTERS, BATCH_ROWS, Batch, Reader, RowProblem

MOST = 5_000

Row = list[Any]
Numbered = tuple[int, Row]


class Apart(Protocol):
    """Groups whose rows are not all beside each other."""

    def whole(self, key: str) -> list[Numbered] | None:
        """All rows of such a group, none once it is over; None when they stand together."""
        ...

    def over(self, key: str) -> None:
        """All that becomes of the group has been told."""
        ...

    def close(self) -> None:
        """Forget them."""
        ...


class Grouped:
    """A reader whose adjacent rows with one key are read together.

    key: of a row, "" for one that stands alone. rows: what a group becomes, with lines that rise;
    each is the line of one of its rows.
    """

    def __init__(
        self,
        inner: Reader,
        headers: list[str],
        key: Callable[[Row], str],
        rows: Callable[[Sequence[Numbered]], list[Numbered]],
        apart: Callable[[], Apart | None] | None = None,
    ) -> None:
        self._inner = inner
        self._key = key
        self._rows = rows
        self._find_apart = apart
        self._apart: Apart | None = None
        self.headers = headers

    def close(self) -> None:
        """Give the file back."""
        self._inner.close()
        if self._apart:
            self._apart.close()
            self._apart = None

    def batches(self, size: int = BATCH_ROWS) -> Iterator[Batch]:
        """Stream what groups became."""
        if self._find_apart:
            self._apart = self._find_apart()
        batch, lines, records = Batch([], [], [], 0, 0, 0), list[int](), 0
        end_byte = characters = 0
        for end_byte, line, item in self._in_order(size):
            if isinstance(item, RowProblem):
                batch.problems.append(item)
            else:
                batch.rows.append(item)
                lines.append(line)
                characters += sum(map(len, item))
            records += 1
            batch.end_line = line
            if len(batch) >= size or characters >= BATCH_CHARACTERS:
                yield _finished(batch, lines, records, end_byte)
                batch, lines, characters = Batch([], [], [], 0, 0, 0), [], 0
        if len(batch):
            yield _finished(batch, lines, records, end_byte)

    def _in_order(self, size: int) -> Iterator[tuple[int, int, Row | RowProblem]]:
        """How far the file has been read, line, and what is there, in the order of the lines."""
        group: list[Numbered] = []
        waiting: list[tuple[int, RowProblem]] = []
        last, end_byte = "", 0
        for end_byte, line, item in _walk(self._inner, size):
            if isinstance(item, RowProblem):
                waiting.append((line, item))
                continue
            key = self._key(item)
            if not group or key != last or not key or len(group) >= MOST:
                yield from ((end_byte, *found) for found in self._close(last, group, waiting))
                group, waiting, last = [], [], key
            group.append((line, item))
        yield from ((end_byte, *found) for found in self._close(last, group, waiting))

    def _close(
        self, key: str, group: list[Numbered], problems: list[tuple[int, RowProblem]]
    ) -> list[tuple[int, Row | RowProblem]]:
        found: list[tuple[int, Row | RowProblem]] = []
        if group:
            whole = self._apart.whole(key) if self._apart and key else None
            if whole is None:
                found += self._rows(group)
            elif whole:
                here = {line for line, _ in group}
                rows = self._rows(whole)
                found += [each for each in rows if each[0] in here]
                if self._apart and rows[-1][0] in here:
                    self._apart.over(key)
        if problems:
            found += problems
            found.sort(key=lambda each: each[0])
        return found


def _walk(reader: Reader, size: int) -> Iterator[tuple[int, int, Row | RowProblem]]:
    """Rows and problems of a reader in the order of their lines."""
    for batch in reader.batches(size):
        if not batch.problems:
            for line, row in zip(batch.lines, batch.rows, strict=True):
                yield batch.end_byte, line, row
            continue
        items: list[tuple[int, Row | RowProblem]] = [
            *zip(batch.lines, batch.rows, strict=True),
            *((problem.line, problem) for problem in batch.problems),
        ]
        items.sort(key=lambda each: each[0])
        for line, item in items:
            yield batch.end_byte, line, item


def _finished(batch: Batch, lines: list[int], records: int, end_byte: int) -> Batch:
    batch.lines, batch.end_record, batch.end_byte = lines, records, end_byte
    return batch
