"""Reads CSV and its relatives with the standard library's parser, a batch at a time.

The fast path hands out what the parser made, untouched. A batch is looked at row by row only
when something in it asks for that: a row of another width, a multi-line value, a NUL byte, bytes
that aren't in the encoding.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, BinaryIO

from pim.imports.readers.base import (
    BATCH_CHARACTERS,
    BATCH_ROWS,
    MAX_VALUE_CHARS,
    Batch,
    Dialect,
    FileProblem,
    RowProblem,
    Source,
)
from pim.imports.readers.headers import name_columns, number_columns
from pim.imports.readers.streams import BAD_BYTE, Tap, bad_bytes_met, legible, open_text

_END = "\x00end of file"
# After so many rows it is asked whether they are enough for a batch.
_ROWS_AT_ONCE = 100

csv.field_size_limit(MAX_VALUE_CHARS)


def csv_options(dialect: Dialect) -> dict[str, Any]:
    """The parser's settings for a dialect."""
    return {
        "delimiter": dialect.delimiter,
        "quotechar": dialect.quote,
        "quoting": csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        "doublequote": True,
        "skipinitialspace": dialect.skip_initial_space,
        "strict": False,
    }


def end_line(delimiter: str) -> str:
    """A line for the parser after the last one. It comes back as a row of two marks, or, when a
    quote was left open, as the end of a value; `ended` and `end_swallowed` tell which.
    """
    return _END + delimiter + _END


def ended(row: list[str]) -> bool:
    """Whether a row is the end line, read as it should be."""
    return row == [_END, _END]


def end_swallowed(row: list[str]) -> bool:
    """Whether the end line disappeared in this row's last value."""
    return bool(row) and len(row[-1]) > len(_END) and row[-1].endswith(_END)


def open_reader(source: Source, dialect: Dialect) -> DelimitedReader:
    """Open a file; raises FileProblem when there is no header where it should be."""
    return DelimitedReader(source.open(), dialect)


class DelimitedReader:
    """A CSV file being read. `headers` is known as soon as it is open."""

    def __init__(self, file: BinaryIO, dialect: Dialect) -> None:
        self._bad_bytes_before = bad_bytes_met()
        self._tap = Tap(file)
        self._text = open_text(self._tap, dialect.encoding)
        self._wide = dialect.encoding.lower().startswith(("utf-16", "utf-32", "utf_16", "utf_32"))
        self._end_line = end_line(dialect.delimiter)
        self._skipped = self._skip_preamble((dialect.header_row or 1) - 1)
        self._parser = csv.reader(chain(self._text, [self._end_line]), **csv_options(dialect))
        if dialect.header_row is None:
            self.headers = number_columns(dialect.columns or 0)
        else:
            self.headers = name_columns(self._header_cells(dialect.header_row))
        self._finished = False
        self._line = self._lines_read()
        self._record = 0

    def close(self) -> None:
        """Give the file back."""
        self._text.close()

    def __enter__(self) -> DelimitedReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _skip_preamble(self, lines: int) -> int:
        """Pass over the lines before the header; they may hold anything."""
        return sum(1 for _ in islice(self._text, lines))

    def _header_cells(self, header_row: int) -> list[str]:
        try:
            cells = next(self._parser)
        except csv.Error:
            cells = [self._end_line]
        if not any(cells) or ended(cells):
            message, code = f"There is no header on line {header_row}.", "no_header"
        elif end_swallowed(cells):
            message = f"A quote opened in the header on line {header_row} is never closed."
            code = "unclosed_quote"
        else:
            return [cell.replace("\0", "").replace(BAD_BYTE, "\ufffd") for cell in cells]
        raise FileProblem(message, code=code, field="header_row", line=header_row)

    def batches(self, size: int = BATCH_ROWS) -> Iterator[Batch]:
        """Stream the records after the header; a line without any value is no record."""
        while not self._finished:
            rows: list[list[str]] = []
            too_long = self._take(rows, size)
            open_quote = self._take_end(rows)
            batch = self._judge(rows, open_quote=open_quote, too_long=too_long)
            if len(batch):
                yield batch

    def _take(self, rows: list[list[str]], size: int) -> bool:
        """Parse up to `size` rows, fewer if they are long; True when the next is too long to take.

        `extend` keeps what it got before the parser raised, and the parser starts afresh on the
        line after.
        """
        enough = self._tap.passed_on + BATCH_CHARACTERS
        try:
            while len(rows) < size and self._tap.passed_on < enough:
                wanted = len(rows) + min(_ROWS_AT_ONCE, size - len(rows))
                rows.extend(islice(self._parser, wanted - len(rows)))
                if len(rows) < wanted:
                    self._finished = True
                    break
        except csv.Error:
            return True
        return False

    def _take_end(self, rows: list[list[str]]) -> bool:
        """Take the end mark off; True when an open quote had swallowed it."""
        if rows and ended(rows[-1]):
            rows.pop()
            self._finished = True
        elif rows and end_swallowed(rows[-1]):
            rows[-1][-1] = rows[-1][-1].removesuffix(self._end_line)
            self._finished = True
            return True
        return False

    def _judge(self, rows: list[list[str]], *, open_quote: bool, too_long: bool) -> Batch:
        """Give each row its line, and tell rows that can be read from those that can't."""
        first, last = self._line + 1, self._lines_read()
        plain = (
            not open_quote
            and last - first + 1 == len(rows)  # no multi-line value, nothing skipped
            and not self._suspicious()
            and set(map(len, rows)) <= {len(self.headers)}
            and all(map(any, rows))
        )
        if not plain:
            return self._judge_each(rows, open_quote=open_quote, too_long=too_long)
        self._line = last
        self._record += len(rows)
        return self._batch(rows, range(first, last + 1), [])

    def _judge_each(self, rows: list[list[str]], *, open_quote: bool, too_long: bool) -> Batch:
        good: list[list[str]] = []
        lines: list[int] = []
        problems: list[RowProblem] = []
        width, line, suspicious = len(self.headers), self._line + 1, self._suspicious()
        left_open = rows.pop() if open_quote else None
        for row in rows:
            if any(row):
                if len(row) > width and not any(row[width:]):
                    row = row[:width]  # empty cells beyond the header say nothing
                found = _problem(row, width, suspicious)
                if found is None:
                    good.append(row)
                    lines.append(line)
                else:
                    problems.append(RowProblem(line, *found, raw=legible(row)))
            line += _span(row)
        if left_open is not None:
            problems.append(self._left_open(left_open, line))
        if too_long:
            problems.append(_too_long(line))
        self._line = self._lines_read()
        self._record += len(good) + len(problems)
        return self._batch(good, lines, problems)

    def _left_open(self, row: list[str], line: int) -> RowProblem:
        swallowed = self._lines_read() - line
        message = f"A quote opened on line {line} is never closed"
        if swallowed:
            message += f"; the {swallowed:,} lines after it were read as part of one value"
        return RowProblem(line, "unclosed_quote", message + ".", legible(row))

    def _batch(
        self, rows: list[list[str]], lines: Sequence[int], problems: list[RowProblem]
    ) -> Batch:
        return Batch(rows, lines, problems, self._record, self._line, self._tap.count)

    def _lines_read(self) -> int:
        """Lines the parser has taken so far, the end mark not counted."""
        return self._skipped + self._parser.line_num - (1 if self._finished else 0)

    def _suspicious(self) -> bool:
        return self._wide or self._tap.nul or self._bad_bytes_before != bad_bytes_met()


def _span(row: list[str]) -> int:
    """How many lines a row takes."""
    breaks = 0
    for value in row:
        if "\n" in value or "\r" in value:
            breaks += value.count("\n") + value.count("\r") - value.count("\r\n")
    return 1 + breaks


def _problem(row: list[str], width: int, suspicious: bool) -> tuple[str, str] | None:
    """Code and message of what makes a row unreadable, or None."""
    if len(row) > width:
        return "too_many_cells", f"This row has {len(row)} cells, the header has {width}."
    if len(row) < width:
        return "too_few_cells", f"This row has only {len(row)} of {width} cells."
    if suspicious:
        text = "".join(row)
        if "\0" in text:
            return "nul_byte", "This row holds a NUL character, which can't be stored."
        if BAD_BYTE in text:
            return "bad_encoding", "This row holds bytes that don't belong to the file's encoding."
    return None


def _too_long(line: int) -> RowProblem:
    return RowProblem(
        line,
        "value_too_long",
        f"A value that starts on line {line} is longer than {MAX_VALUE_CHARS:,} characters; "
        "most likely a quote is never closed.",
        [],
    )
