"""From a file to chunks that are ready to be written: pure work, done beside the database's.

A chunk holds COPY text, so that writing it costs no look at any row. It says what its rows came
to that won't be written, and where to read on once it is committed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import orjson

from pim.imports.batches import Rows, between, larger
from pim.imports.keys import LastRows
from pim.imports.mapping import OnError
from pim.imports.marks import NEW, SAME, LookUp, RowHash
from pim.imports.readers.base import Batch, RowProblem
from pim.imports.rows import CellProblem, ReadRows, RowCompiler
from pim.products.copytext import NULL, stage_lines
from pim.products.identity import sku_keys

# A chunk with so many characters to be staged or told gets no more rows. Up to three are in memory:
# one is made, one waits, one is written.
CHUNK_CHARACTERS = 32_000_000
_ROWS_AT_ONCE = 4_000


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

    new_blocks: those of the rows whose products aren't there yet, `new` in number. same: how many
    rows are passed over, as their products are what they would make of them. line_of: by the
    number a row is staged with, conditional ones included, its line; row_of: and its cells, where
    they are kept.
    """

    blocks: list[str] = field(default_factory=list)
    new_blocks: list[str] = field(default_factory=list)
    new: int = 0
    same: int = 0
    line_of: list[int] = field(default_factory=list)
    row_of: list[Sequence[Any]] = field(default_factory=list)
    conditional: list[Conditional] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    failed: int = 0
    superseded: int = 0
    characters: int = 0
    records: int = 0
    end_line: int = 0
    end_byte: int = 0
    stopped: Issue | None = None


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
        new_kept: int | None = None,
        keep_rows: bool = False,
        row_hash: RowHash | None = None,
        look_up: LookUp | None = None,
    ) -> None:
        """keep_raw: the rows are staged as they came, too; a check has no use for that. new_kept:
        how many rows of new products are staged, the rest being counted; None: all of them.
        row_hash, look_up: what tells which rows the catalog knows; without it, none. keep_rows:
        chunks have them at hand, to tell those whose product turns out not to be there.
        """
        self._headers = list(headers)
        self._compiler = compiler
        self._last_rows = last_rows
        self._on_error = on_error
        self._chunk_rows = chunk_rows
        self._after_line = after_line
        self._room = issues_kept
        self._counts = counts.capitalize()
        self._keep_raw = keep_raw
        self._keep_rows, self._new_kept = keep_rows, new_kept
        self._row_hash, self._look_up = row_hash, look_up

    def chunks(self, batches: Iterable[Batch]) -> Iterator[Chunk]:
        """Stream chunks in file order; after one that `stopped` there is no other."""
        chunk, start_record = Chunk(), 0
        for asked in self._asked(larger(batches, min(_ROWS_AT_ONCE, self._chunk_rows))):
            batch = asked.batch
            if batch.end_line <= self._after_line:
                start_record = batch.end_record
                continue
            self._add(chunk, asked)
            chunk.records = batch.end_record - start_record
            chunk.end_line, chunk.end_byte = batch.end_line, batch.end_byte
            full = chunk.records >= self._chunk_rows or chunk.characters >= CHUNK_CHARACTERS
            if full or chunk.stopped:
                yield chunk
                if chunk.stopped:
                    return
                chunk, start_record = Chunk(), batch.end_record
        if chunk.records:
            yield chunk

    def _asked(self, batches: Iterable[Batch]) -> Iterator[_Asked]:
        """Batches; each is given while the catalog is being asked about the next one."""
        before: _Asked | None = None
        with ThreadPoolExecutor(1, "import-look-up") as asking:
            for batch in batches:
                asked = self._ask(batch, asking)
                if before is not None:
                    yield before
                before = asked
                if asked.so_far.stopped:
                    break
            if before is not None:
                yield before

    def _ask(self, batch: Batch, asking: Executor) -> _Asked:
        """What can be told of a batch before the catalog has answered."""
        asked = _Asked(batch)
        if batch.end_line <= self._after_line:
            return asked
        batch = between(batch, self._after_line)
        if self._on_error == "stop":
            batch = self._up_to_the_first_error(asked.so_far, batch)
        for problem in batch.problems:
            self._unreadable(asked.so_far, problem)
        asked.rows = found = self._that_count(asked.so_far, batch)
        if self._row_hash is not None and self._look_up is not None and found.rows:
            hashes = list(map(self._row_hash, found.rows))
            found.hashes = list(map(str, hashes))
            asked.marks = asking.submit(self._look_up, found.keys, hashes)
        return asked

    def _add(self, chunk: Chunk, asked: _Asked) -> None:
        chunk.issues += asked.so_far.issues
        chunk.failed += asked.so_far.failed
        chunk.superseded += asked.so_far.superseded
        chunk.characters += asked.so_far.characters
        chunk.stopped = asked.so_far.stopped
        unknown = _unknown(chunk, asked)
        if not unknown.rows:
            return
        read = self._compiler.read(unknown.rows)
        positions: Sequence[int] = range(len(unknown.rows))
        if read.problems or read.failed:
            positions = [
                position
                for position in positions
                if self._judge(
                    chunk, read, position, unknown.rows[position], unknown.lines[position]
                )
            ]
            for position in read.problems:
                unknown.hashes[position] = NULL  # what is to be told again isn't passed over
        self._stage(chunk, read, positions, unknown)

    def _up_to_the_first_error(self, chunk: Chunk, batch: Batch) -> Batch:
        """The rows before the one that ends the import; that one is told and counted."""
        keys = sku_keys(self._compiler.sku_texts(batch.rows))
        later_lines = self._last_rows.later(keys, batch.lines)
        each_with_later = zip(batch.rows, batch.lines, later_lines, strict=True)
        counting = [(row, line) for row, line, later in each_with_later if later is None]
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
        return between(batch, 0, chunk.stopped.line)

    def _that_count(self, chunk: Chunk, batch: Batch) -> Rows:
        """The rows no later one replaces."""
        found = Rows(batch.rows, batch.lines, sku_keys(self._compiler.sku_texts(batch.rows)))
        if not self._last_rows.any:
            return found
        later_lines = self._last_rows.later(found.keys, found.lines)
        if not any(later_lines):
            return found
        for row, line, later in zip(batch.rows, batch.lines, later_lines, strict=True):
            if later is not None:
                chunk.superseded += 1
                message = f"{self._counts} {later:,} has the same SKU and counts instead."
                self._tell(chunk, Issue(line, "info", "superseded", None, message, row))
        return found.only([place for place, later in enumerate(later_lines) if later is None])

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
        """Errors and values left out all; what is merely told up to a limit."""
        if issue.severity == "info":
            if self._room <= 0:
                return
            self._room -= 1
        chunk.issues.append(issue)
        chunk.characters += sum(map(len, issue.row or ()))

    def _stage(self, chunk: Chunk, read: ReadRows, positions: Sequence[int], found: Rows) -> None:
        if self._new_kept is not None and NEW in found.marks:
            positions = self._pass_over_new(chunk, read, positions, found)
        if len(positions) != len(found.rows):
            read, found = _only(read, positions), found.only(positions)
        texts = stage_lines(
            len(chunk.line_of),
            read.skus,
            found.keys,
            read.names,
            read.actives,
            read.data,
            read.cleared,
            _raw_rows(self._headers, found.rows) if self._keep_raw else None,
            found.hashes,
        )
        chunk.line_of.extend(found.lines)
        if self._keep_rows:
            chunk.row_of.extend(found.rows)
        if read.lacking:
            texts = self._set_aside(chunk, read, texts, found)
        marked = list(zip(texts, found.marks, strict=True))
        new = [text for text, mark in marked if text and mark == NEW]
        others = [text for text, mark in marked if text and mark != NEW]
        chunk.new += len(new)
        chunk.characters += sum(map(len, texts))
        if new:
            chunk.new_blocks.append("".join(new))
        if others:
            chunk.blocks.append("".join(others))

    def _pass_over_new(
        self, chunk: Chunk, read: ReadRows, positions: Sequence[int], found: Rows
    ) -> list[int]:
        """Count rows of new products, and keep so many of them as are wanted."""
        kept: list[int] = []
        for place in positions:
            if found.marks[place] != NEW or place in read.lacking:
                kept.append(place)
            elif self._new_kept:
                self._new_kept -= 1
                kept.append(place)
            else:
                chunk.new += 1
        return kept

    def _set_aside(self, chunk: Chunk, read: ReadRows, texts: list[str], found: Rows) -> list[str]:
        """Keep rows that lack something for later; their texts are empty in what is given."""
        for place, lacking in read.lacking.items():
            chunk.conditional.append(
                Conditional(
                    found.keys[place],
                    found.lines[place],
                    texts[place],
                    tuple(lacking),
                    found.rows[place],
                )
            )
        return ["" if place in read.lacking else text for place, text in enumerate(texts)]


@dataclass(slots=True)
class _Asked:
    """A batch, of whose rows the catalog is being asked. so_far: what will go into its chunk."""

    batch: Batch
    rows: Rows = field(default_factory=lambda: Rows([], [], []))
    marks: Future[str] | None = None
    so_far: Chunk = field(default_factory=Chunk)


def _unknown(chunk: Chunk, asked: _Asked) -> Rows:
    """The rows the catalog doesn't have just as they are."""
    found = asked.rows
    if asked.marks is None:
        return found
    found.marks = asked.marks.result()
    if SAME not in found.marks:
        return found
    chunk.same += found.marks.count(SAME)
    return found.only([place for place, mark in enumerate(found.marks) if mark != SAME])


def _issue(problem: CellProblem, line: int, row: Sequence[Any], *, failed: bool) -> Issue:
    severity = "error" if failed else "warning"
    return Issue(line, severity, problem.code, problem.column, problem.message, row or None)


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


def _raw_rows(headers: list[str], rows: Sequence[list[Any]]) -> list[str]:
    """Rows as they came, as JSON objects; cells without a value are left out."""
    dumps = orjson.dumps
    return [
        dumps(
            {header: cell for header, cell in zip(headers, row, strict=True) if cell != ""}
            if "" in row
            else dict(zip(headers, row, strict=True))
        ).decode()
        for row in rows
    ]
