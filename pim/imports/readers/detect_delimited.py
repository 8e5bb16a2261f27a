"""Finds out how a CSV or TSV file is written, in words a person can check and correct."""

from __future__ import annotations

import io
import re
from dataclasses import replace

from pim.imports.encodings import file_encoding
from pim.imports.readers.base import (
    MAX_COLUMNS,
    SAMPLE_ROWS,
    Detection,
    Dialect,
    FileProblem,
    Overrides,
    Source,
)
from pim.imports.readers.delimited import open_reader
from pim.imports.readers.delimiters import NAMES, Trial, find_delimiter, split_records
from pim.imports.readers.find_header import about_names, could_be_header, looks_like_data

_SAMPLE_BYTES = 1 << 19
_EXCEL_HINT = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n", re.IGNORECASE)


def detect_csv(source: Source, overrides: Overrides) -> Detection:
    """Inspect a file with separated values."""
    return _detect(source, overrides, Dialect("csv"), prefer=None)


def detect_tsv(source: Source, overrides: Overrides) -> Detection:
    """Inspect a file whose name says that tabs separate its values."""
    return _detect(source, overrides, Dialect("tsv"), prefer="\t")


def _detect(source: Source, overrides: Overrides, start: Dialect, prefer: str | None) -> Detection:
    encoding = file_encoding(source, overrides.encoding)
    text, complete = _sample(source, encoding.name)
    if not text.strip("\ufeff \r\n\t\0"):
        raise FileProblem("The file is empty.", code="empty_file", byte=0, line=1)
    reasons = {"encoding": encoding.reason}
    hint = _EXCEL_HINT.match(text)
    trial = find_delimiter(
        text[hint.end() :] if hint else text,
        complete=complete,
        delimiter=overrides.delimiter or (hint.group(1) if hint else None),
        quote=overrides.quote,
        prefer=prefer,
    )
    reasons |= _why(trial, overrides, hinted=bool(hint))
    dialect = replace(
        start,
        encoding=encoding.name,
        delimiter=trial.delimiter,
        quote=trial.quote,
        skip_initial_space=trial.skip_initial_space,
    )
    header_row, reasons["header_row"] = _header_row(text, dialect, trial, overrides, bool(hint))
    dialect = replace(
        dialect, header_row=header_row, columns=None if header_row else max(trial.width, 1)
    )
    return _preview(source, dialect, reasons, list(encoding.warnings))


def _sample(source: Source, encoding: str) -> tuple[str, bool]:
    """The beginning of the file as text, and whether that is all of it."""
    with source.open() as file:
        head = file.read(_SAMPLE_BYTES)
        complete = not file.read(1)
    with io.TextIOWrapper(
        io.BytesIO(head), encoding=encoding, errors="replace", newline=""
    ) as reader:
        return reader.read(), complete


def _why(trial: Trial, overrides: Overrides, *, hinted: bool) -> dict[str, str]:
    name = NAMES.get(trial.delimiter, f"“{trial.delimiter}”")
    if overrides.delimiter:
        delimiter = "Chosen by you."
    elif hinted:
        delimiter = "The first line says so (sep=)."
    elif trial.width > 1:
        count = len(trial.rows)
        agree = "all" if trial.agreeing == count else f"{trial.agreeing:,} of"
        delimiter = f"With {name}, {agree} {count:,} rows looked at have {trial.width} columns."
    else:
        delimiter = "No delimiter found: the file has one column."
    if overrides.quote is not None:
        quote = "Chosen by you."
    elif trial.quote is None:
        quote = "Quotes here are part of the values: read as quoting they would break rows."
    elif trial.quote == '"':
        quote = "The usual double quote."
    else:
        quote = f"Values stand in a {NAMES.get(trial.quote, trial.quote)}."
    return {"delimiter": delimiter, "quote": quote}


def _header_row(
    text: str, dialect: Dialect, trial: Trial, overrides: Overrides, hinted: bool
) -> tuple[int | None, str]:
    """The line of the header (None: the file has none) and why."""
    if overrides.header_row is not None:
        return overrides.header_row or None, "Chosen by you."
    line = 2 if hinted else 1
    lines = text.split("\n", 1)[1] if hinted else text
    rows, _ = split_records(lines, dialect, complete=True)
    for place, cells in enumerate(rows):
        if could_be_header(cells, trial.width):
            below = [row for row in rows[place + 1 :] if len(row) == trial.width][:50]
            if looks_like_data(cells, below):
                return None, "The first line already holds values like the lines below it."
            if line == 1:
                return 1, "The first line names the columns."
            return line, f"Line {line} is the first one that has all columns."
        line += _lines_of(cells)
    return 1, "The first line names the columns."


def _lines_of(cells: list[str]) -> int:
    text = "".join(cells)
    return 1 + text.count("\n") + text.count("\r") - text.count("\r\n")


def _preview(
    source: Source, dialect: Dialect, reasons: dict[str, str], warnings: list[str]
) -> Detection:
    """Read the first rows with the reader that will import them."""
    with open_reader(source, dialect) as reader:
        headers = reader.headers
        if len(headers) > MAX_COLUMNS:
            raise FileProblem(
                f"The header has {len(headers):,} columns; an import takes {MAX_COLUMNS:,}.",
                code="too_many_columns",
                line=dialect.header_row,
            )
        first = next(reader.batches(200), None)
    rows = first.rows if first else []
    problems = first.problems if first else []
    if not rows and not problems:
        warnings.append("There are no rows below the header.")
    if len(headers) == 1:
        warnings.append("Only one column was found. Is the delimiter right?")
    if problems:
        seen = len(rows) + len(problems)
        warnings.append(
            f"{len(problems):,} of the first {seen:,} rows can't be read. {problems[0].message}"
            f" (line {problems[0].line:,})"
        )
    if dialect.header_row:
        warnings += about_names(headers)
    return Detection(dialect, headers, rows[:SAMPLE_ROWS], reasons, warnings)
