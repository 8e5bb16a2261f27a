"""Finds out which sheet of a workbook holds the table, and where its header is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice

from pim.imports.readers.base import SAMPLE_ROWS, Detection, Dialect, FileProblem, Overrides, Source
from pim.imports.readers.find_header import about_names, looks_like_data
from pim.imports.readers.xlsx_book import Sheet, Workbook
from pim.imports.readers.xlsx_cells import SheetRow
from pim.imports.readers.xlsx_sheet import SheetReader, SheetRows, find_sheet

_LOOKED_AT_ROWS = 200
_LOOKED_AT_SHEETS = 20


def detect(source: Source, overrides: Overrides) -> Detection:
    """Inspect a workbook: the sheet, the header's row, the first rows."""
    reasons: dict[str, str] = {}
    with Workbook(source) as book:
        sheets = book.sheets
        sheet, rows, reasons["sheet"] = _choose_sheet(book, overrides.sheet)
    if not rows:
        raise FileProblem(f"The sheet “{sheet.name}” is empty.", code="empty_file", field="sheet")
    header_row, width, reasons["header_row"] = _header_row(rows, overrides.header_row)
    dialect = Dialect(
        "xlsx",
        sheet=sheet.name,
        header_row=header_row,
        columns=width,
    )
    found = _preview(source, dialect, reasons)
    found.choices["sheet"] = [each.name for each in sheets]
    return found


def _choose_sheet(book: Workbook, wanted: str | None) -> tuple[Sheet, list[SheetRow], str]:
    """The sheet, its first rows, and why it is this one."""
    sheets = book.sheets
    if wanted is not None:
        sheet = find_sheet(sheets, wanted)
        return sheet, _first_rows(book, sheet), "Chosen by you."
    candidates = [sheet for sheet in sheets if sheet.visible] or list(sheets)
    looked_at = [(each, _first_rows(book, each)) for each in candidates[:_LOOKED_AT_SHEETS]]
    if len(sheets) == 1:
        return (*looked_at[0], "The workbook has this one sheet.")
    names = f"The workbook has {len(sheets)} sheets; "
    for sheet, rows in looked_at:
        if len(rows) > 1 and _width(rows) > 1:
            return sheet, rows, names + "this is the first one with a table."
    sheet, rows = max(looked_at, key=lambda each: len(each[1]))
    return sheet, rows, names + "this one has the most rows."


def _first_rows(book: Workbook, sheet: Sheet) -> list[SheetRow]:
    rows = SheetRows(book, sheet)
    try:
        return list(islice(rows, _LOOKED_AT_ROWS))
    finally:
        rows.close()


def _width(rows: Sequence[SheetRow]) -> int:
    """How many columns most rows have. A header may have more: the last ones can be blank below."""
    widths = Counter(len(row.cells) for row in rows)
    return max(widths, key=lambda width: (widths[width], width))


def _header_row(rows: Sequence[SheetRow], wanted: int | None) -> tuple[int | None, int, str]:
    """The number of the header's row (None: there is none), how many columns there are, why.

    Columns without a name count when a fifth of the rows has something there; a stray cell beside
    the table doesn't make one, its row is a problem.
    """
    width, lengths = _width(rows), sorted(len(row.cells) for row in rows)
    widest = max(width, lengths[-1 - len(lengths) // 5])
    if wanted is not None:
        return wanted or None, widest if wanted else lengths[-1], "Chosen by you."
    for place, row in enumerate(rows):
        filled = sum(1 for cell in row.cells if cell.strip())
        title = filled == 1 and width > 1
        if filled >= 0.5 * width and not title:
            below = [other.cells for other in rows[place + 1 :]][:50]
            if looks_like_data(row.cells, below):
                return (
                    None,
                    lengths[-1],
                    "The first row already holds values like the rows below it.",
                )
            if place == 0:
                return row.number, widest, "The first row names the columns."
            return row.number, widest, f"Row {row.number} is the first one that has all columns."
    return rows[0].number, widest, "The first row names the columns."


def _preview(source: Source, dialect: Dialect, reasons: dict[str, str]) -> Detection:
    """Read the first rows with the reader that will import them."""
    warnings = []
    with SheetReader(source, dialect) as reader:
        headers = reader.headers
        first = next(reader.batches(_LOOKED_AT_ROWS), None)
    rows = first.rows if first else []
    if first is None:
        warnings.append("There are no rows below the header.")
    elif first.problems:
        problem = first.problems[0]
        warnings.append(
            f"{len(first.problems):,} of the first {len(first):,} rows can't be read. "
            f"{problem.message} (row {problem.line:,})"
        )
    if len(headers) == 1:
        warnings.append("Only one column was found. Is this the right sheet?")
    if dialect.header_row:
        warnings += about_names(headers)
    return Detection(dialect, headers, rows[:SAMPLE_ROWS], reasons, warnings)
