"""From a file to chunks that are ready to be written: pure work, done beside the database's.

A chunk holds COPY text, so that writing it costs no look at any row. It says what its rows came
to that won't be written, and where to read on once it is committed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from pim.imports.keys import LastRows
from pim.imports.mapping import OnError
from pim.imports.readers.base import Batch, RowProblem
from pim.imports.rows import CellProblem, ReadRows, RowCompiler
from pim.products.copytext import NULL, stage_lines
from pim.products.identity import sku_key

CHUNK_BYTES = 12 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing the report says about one row. severity: `error`, `warning` or `info`."""

    line: int
    severity: str
    code: str
    column: str | None
    message: str
    row: Sequence[Any] | None = None


@dataclass(frozen=True, slots=True)
class Conditional:
    """A row that lacks required fields: it is written only if its product exists already."""

    sku_key: str
    line: int
    copy_text: str
    lacking: tuple[str, ...]
    row: Sequence[Any]


@dataclass(slots=True)
class Chunk:
    """Rows of a file up to `end_line`, ready to be written in one transaction.

    line_of: by the number a row is staged with, conditional ones included, its line.
    """

    blocks: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    line_of: list[int] = field(default_factory=list)
    conditional: list[Conditional] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    failed: int = 0
    superseded: int = 0
    records: int = 0
    end_line: int = 0
    end_byte: int = 0
    stopped: Issue | None = None

    def __len__(self) -> int:
        return len(self.lines) + len(self.conditional)


class Chunker:
    """Makes chunks of a file's batches, from the line after `after_line` on."""

    def __init__(
        self,
        headers: Sequence[str],
        compiler: RowCompiler,
        last_rows: LastRows,
        *,
        on_error: OnError,
        chunk_rows: int,
        after_line: int = 0,
        issues_kept: int,
        counts: str = "line",
        keep_raw: bool = True,
    ) -> None:
        """keep_raw: the rows are staged as they came, too; a check has no use for that."""
        self._headers = list(headers)
        self._compiler = compiler
        self._last_rows = last_rows
        self._on_error = on_error
        self._chunk_rows = chunk_rows
        self._after_line = after_line
        self._room = issues_kept
        self._counts = counts.capitalize()
        self._keep_raw = keep_raw

    def chunks(self, batches: Iterable[Batch]) -> Iterator[Chunk]:
        """Stream chunks in file order; after one that `stopped` there is no other."""
        chunk, start_byte, start_record = Chunk(), 0, 0
        for batch in batches:
            if batch.end_line <= self._after_line:
                start_byte, start_record = batch.end_byte, batch.end_record
                continue
            self._add(chunk, _between(batch, self._after_line))
            chunk.records = batch.end_record - start_record
            chunk.end_line, chunk.end_byte = batch.end_line, batch.end_byte
            full = chunk.records >= self._chunk_rows or batch.end_byte - start_byte >= CHUNK_BYTES
            if full or chunk.stopped:
                yield chunk
                if chunk.stopped:
                    return
                chunk, start_byte, start_record = Chunk(), batch.end_byte, batch.end_record
        if chunk.records:
            yield chunk

    def _add(self, chunk: Chunk, batch: Batch) -> None:
        if self._on_error == "stop":
            batch = self._up_to_the_first_error(chunk, batch)
        for problem in batch.problems:
            self._unreadable(chunk, problem)
        rows, lines = self._that_count(chunk, batch)
        if not rows:
            return
        read = self._compiler.read(rows)
        positions: Sequence[int] = range(len(rows))
        if read.problems or read.failed:
            positions = [
                position
                for position in positions
                if self._judge(chunk, read, position, rows[position], lines[position])
            ]
        self._stage(chunk, read, positions, rows, lines)

    def _up_to_the_first_error(self, chunk: Chunk, batch: Batch) -> Batch:
        """The rows before the one that ends the import; that one is told and counted."""
        counting = [
            (row, line)
            for row, line in zip(batch.rows, batch.lines, strict=True)
            if self._replaced_by(row, line) is None
        ]
        rows, lines = [row for row, _ in counting], [line for _, line in counting]
        read = self._compiler.read(rows)
        errors = [
            Issue(each.line, "error", each.code, None, each.message, each.raw)
            for each in batch.problems[:1]
        ]
        if read.failed:
            first = min(read.failed)
            errors.append(_issue(read.problems[first][0], lines[first], rows[first], failed=True))
        if not errors:
            return batch
        chunk.stopped = min(errors, key=lambda issue: issue.line)
        chunk.failed += 1
        self._tell(chunk, chunk.stopped)
        return _between(batch, 0, chunk.stopped.line)

    def _that_count(self, chunk: Chunk, batch: Batch) -> tuple[list[list[Any]], Sequence[int]]:
        """The rows no later one replaces."""
        if not self._last_rows.any:
            return batch.rows, batch.lines
        rows: list[list[Any]] = []
        lines: list[int] = []
        for row, line in zip(batch.rows, batch.lines, strict=True):
            later = self._replaced_by(row, line)
            if later is None:
                rows.append(row)
                lines.append(line)
            else:
                chunk.superseded += 1
                message = f"{self._counts} {later:,} has the same SKU and counts instead."
                self._tell(chunk, Issue(line, "info", "superseded", None, message, row))
        return rows, lines

    def _replaced_by(self, row: Sequence[Any], line: int) -> int | None:
        """The line of a later row with the same SKU, which counts instead."""
        key = sku_key(self._compiler.sku_texts([row])[0]) if self._last_rows.any else ""
        return self._last_rows.supersedes(key, line) if key else None

    def _unreadable(self, chunk: Chunk, problem: RowProblem) -> None:
        chunk.failed += 1
        issue = Issue(problem.line, "error", problem.code, None, problem.message, problem.raw)
        self._tell(chunk, issue)

    def _judge(
        self, chunk: Chunk, read: ReadRows, position: int, row: list[Any], line: int
    ) -> bool:
        """Whether a row is to be staged with the others; its problems are told either way."""
        failed = position in read.failed
        for problem in read.problems.get(position, ()):
            self._tell(chunk, _issue(problem, line, row, failed=failed))
            row = []  # the row is kept once, with its first problem
        chunk.failed += failed
        return not failed

    def _tell(self, chunk: Chunk, issue: Issue) -> None:
        if self._room > 0:
            self._room -= 1
            chunk.issues.append(issue)

    def _stage(
        self,
        chunk: Chunk,
        read: ReadRows,
        positions: Sequence[int],
        rows: Sequence[list[Any]],
        lines: Sequence[int],
    ) -> None:
        everything = len(positions) == len(rows)
        if not everything:
            read = _only(read, positions)
            rows = [rows[position] for position in positions]
            lines = [lines[position] for position in positions]
        keys = [sku_key(sku) for sku in read.skus]
        raws = [_raw(self._headers, row) for row in rows] if self._keep_raw else None
        texts = stage_lines(
            len(chunk),
            read.skus,
            keys,
            read.names,
            read.actives,
            read.data,
            read.cleared,
            raws,
            [NULL] * len(rows),
        )
        chunk.line_of.extend(lines)
        if not read.lacking:
            chunk.blocks.append("".join(texts))
            chunk.lines.extend(lines)
            return
        for position, text in enumerate(texts):
            if position in read.lacking:
                lacking = tuple(read.lacking[position])
                found = Conditional(keys[position], lines[position], text, lacking, rows[position])
                chunk.conditional.append(found)
            else:
                chunk.blocks.append(text)
                chunk.lines.append(lines[position])


def _issue(problem: CellProblem, line: int, row: Sequence[Any], *, failed: bool) -> Issue:
    severity = "error" if failed else "warning"
    return Issue(line, severity, problem.code, problem.column, problem.message, row or None)


def _between(batch: Batch, after: int, before: int | None = None) -> Batch:
    """What of a batch lies after one line and before another."""
    if not after and before is None:
        return batch
    within = (after, before if before is not None else batch.end_line + 1)
    places = [place for place, line in enumerate(batch.lines) if within[0] < line < within[1]]
    return Batch(
        rows=[batch.rows[place] for place in places],
        lines=[batch.lines[place] for place in places],
        problems=[each for each in batch.problems if within[0] < each.line < within[1]],
        end_record=batch.end_record,
        end_line=batch.end_line,
        end_byte=batch.end_byte,
    )


def _only(read: ReadRows, positions: Sequence[int]) -> ReadRows:
    new_place = {position: place for place, position in enumerate(positions)}
    return ReadRows(
        skus=[read.skus[position] for position in positions],
        names=[read.names[position] for position in positions],
        actives=[read.actives[position] for position in positions],
        data=[read.data[position] for position in positions],
        lacking={new_place[p]: names for p, names in read.lacking.items() if p in new_place},
        cleared={new_place[p]: names for p, names in read.cleared.items() if p in new_place},
    )


def _raw(headers: list[str], row: list[Any]) -> str:
    """The row as it came, as JSON; cells without a value are left out."""
    cells = dict(zip(headers, row, strict=True))
    if "" in row:
        cells = {header: value for header, value in cells.items() if value != ""}
    return orjson.dumps(cells).decode()
