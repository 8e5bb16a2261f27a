"""Rows of a worksheet, as texts, streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack

from pim.imports.readers.base import (
    BATCH_CHARACTERS,
    BATCH_ROWS,
    MAX_COLUMNS,
    Batch,
    Dialect,
    FileProblem,
    RowProblem,
    Source,
)
from pim.imports.readers.headers import name_columns, number_columns
from pim.imports.readers.streams import legible
from pim.imports.readers.xlsx_book import Sheet, Workbook
from pim.imports.readers.xlsx_cells import CellCollector, CellTexts, SheetRow


def open_reader(source: Source, dialect: Dialect) -> SheetReader:
    """Open a workbook's sheet; raises FileProblem when it or its header isn't there."""
    return SheetReader(source, dialect)


class SheetRows:
    """The rows of one sheet of an open workbook, from top to bottom."""

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        self._stack = ExitStack()
        self._texts = CellTexts(book.strings, book.formats)
        self._part = self._stack.enter_context(book.open_sheet(sheet))
        self._size, self._unpacked = book.size, max(book.size_of(sheet), 1)

    def close(self) -> None:
        """Give the sheet back; the workbook stays open."""
        self._stack.close()

    @property
    def bytes_read(self) -> int:
        """How much of the stored file stands for what has been read."""
        return min(self._size, self._size * self._part.read // self._unpacked)

    def __iter__(self) -> Iterator[SheetRow]:
        ready: list[SheetRow] = []
        cells = CellCollector(self._part, self._texts, ready)
        number = 0
        try:
            for _ in self._part.steps():
                cells.shorten()
                for row in ready:
                    number = row.number
                    yield row
                ready.clear()
        except FileProblem as problem:
            if problem.code == "damaged_workbook":
                problem.message = f"{problem.message[:-1]}, after row {number:,} of the sheet."
                problem.args = (problem.message,)
            raise


def find_sheet(sheets: Sequence[Sheet], name: str | None) -> Sheet:
    """The sheet of that name, or of that number from 1; the first visible one for None."""
    if name is None:
        return next((sheet for sheet in sheets if sheet.visible), sheets[0])
    for sheet in sheets:
        if sheet.name == name:
            return sheet
    for sheet in sheets:
        if sheet.name.strip().casefold() == name.strip().casefold():
            return sheet
    if name.strip().isascii() and name.strip().isdigit() and 1 <= int(name) <= len(sheets):
        return sheets[int(name) - 1]
    known = ", ".join(f"“{sheet.name}”" for sheet in sheets[:10])
    raise FileProblem(
        f"The workbook has no sheet “{name[:80]}”. It has: {known}.",
        code="no_such_sheet",
        field="sheet",
    )


class SheetReader:
    """A worksheet being imported. `headers` is known as soon as it is open."""

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self._book = Workbook(source)
        try:
            sheet = find_sheet(self._book.sheets, dialect.sheet)
            self._source_rows = SheetRows(self._book, sheet)
            self._rows = iter(self._source_rows)
            if dialect.header_row is None:
                self.headers = number_columns(dialect.columns or 0)
            else:
                cells = self._header(dialect.header_row)
                nameless = [""] * ((dialect.columns or 0) - len(cells))
                self.headers = name_columns(cells + nameless)
        except BaseException:
            self._book.close()
            raise

    def close(self) -> None:
        """Give the file back."""
        self._source_rows.close()
        self._book.close()

    def __enter__(self) -> SheetReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _header(self, wanted: int) -> list[str]:
        for row in self._rows:
            if row.number == wanted and any(row.cells):
                if len(row.cells) > MAX_COLUMNS:
                    break
                return row.cells
            if row.number >= wanted:
                break
        raise FileProblem(
            f"There is no header in row {wanted:,}, or it has more than {MAX_COLUMNS:,} columns.",
            code="no_header",
            field="header_row",
            line=wanted,
        )

    def batches(self, size: int = BATCH_ROWS) -> Iterator[Batch]:
        """Stream the rows below the header; a row without any value is no record."""
        count = line = characters = 0
        rows: list[list[str]] = []
        lines: list[int] = []
        problems: list[RowProblem] = []
        judge = self._judge()
        for row in self._rows:
            count, line = count + 1, row.number
            found = judge(row)
            if isinstance(found, RowProblem):
                problems.append(found)
            else:
                rows.append(found)
                lines.append(line)
                characters += sum(map(len, found))
            if len(rows) + len(problems) >= size or characters >= BATCH_CHARACTERS:
                yield Batch(rows, lines, problems, count, line, self._source_rows.bytes_read)
                rows, lines, problems, characters = [], [], [], 0
        if rows or problems:
            yield Batch(rows, lines, problems, count, line, self._source_rows.bytes_read)

    def _judge(self) -> Callable[[SheetRow], list[str] | RowProblem]:
        width = len(self.headers)
        blanks = [""] * width

        def judge(row: SheetRow) -> list[str] | RowProblem:
            cells, missing = row.cells, width - len(row.cells)
            problem = row.problem
            if missing < 0 and problem is None:
                message = f"This row has {len(cells):,} cells, the header has {width:,}."
                problem = "too_many_cells", message
            if problem:
                return RowProblem(row.number, *problem, legible(cells[:MAX_COLUMNS]))
            return cells + blanks[:missing] if missing else cells

        return judge
