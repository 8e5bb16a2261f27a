"""Finds the delimiter and the quote of a text table by trying them.

Each pair parses the same sample with the parser that will read the file; the one whose rows agree
best about the number of columns wins. (`csv.Sniffer` looks at character frequencies instead, and
is led astray by commas in descriptions.)
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice

from pim.imports.readers.base import Dialect
from pim.imports.readers.delimited import csv_options, end_line, end_swallowed, ended

COMMON = (",", ";", "\t", "|")
RARE = (":", "^", "~", "\x1f", "\x01", "¦")
NAMES = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "vertical bar",
    ":": "colon",
    " ": "space",
    '"': "double quote",
    "'": "single quote",
}
SAMPLE_RECORDS = 400
_PLAIN = re.compile(r"[^,;\t|:^~\x1f\x01¦]*|[-+]?[\d.,' ]+|https?://\S+|<.*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Trial:
    """How the sample reads with one delimiter and quote."""

    delimiter: str
    quote: str | None
    skip_initial_space: bool
    rows: list[list[str]]
    width: int
    agreeing: int
    score: float

    @property
    def share(self) -> float:
        """Part of the rows that have the usual number of columns."""
        return self.agreeing / max(len(self.rows), 1)


def find_delimiter(
    text: str,
    *,
    complete: bool,
    delimiter: str | None = None,
    quote: str | None = None,
    prefer: str | None = None,
) -> Trial:
    """Try what is likely and return the best.

    complete: the text is the whole file, so a value still open at its end is a fault. delimiter,
    quote ("" for none): given by the user, not tried. prefer: what the file's name suggests.
    """
    quotes: list[str | None] = ['"', "'", None] if quote is None else [quote or None]
    for candidates in ((delimiter,),) if delimiter else (COMMON, RARE):
        present = [char for char in candidates if char in text]
        trials = [
            _try(text, char, mark, skip, complete=complete, prefer=prefer)
            for char in present
            for mark in quotes
            if mark is None or mark == '"' or mark in text
            for skip in _space_variants(text, char, mark)
        ]
        good = [trial for trial in trials if delimiter or _convincing(trial)]
        if good:
            return max(good, key=lambda trial: trial.score)
    fallback = delimiter or prefer or ","
    mark = '"' if quote is None else (quote or None)
    return _try(text, fallback, mark, False, complete=complete, prefer=prefer)


def split_records(
    text: str, dialect: Dialect, *, complete: bool, limit: int = SAMPLE_RECORDS
) -> tuple[list[list[str]], bool]:
    """Parse a sample; also whether a quote is still open at its end.

    A last record that may be cut off is left out.
    """
    lines = io.StringIO(text, newline="")
    parser = csv.reader(chain(lines, [end_line(dialect.delimiter)]), **csv_options(dialect))
    rows: list[list[str]] = []
    try:
        rows.extend(islice(parser, limit))
    except csv.Error:
        return rows, True
    if rows and end_swallowed(rows[-1]):
        rows.pop()
        return rows, complete
    if rows and ended(rows[-1]):
        rows.pop()
        if not complete and len(rows) > 1:
            rows.pop()
    return rows, False


def _space_variants(text: str, delimiter: str, quote: str | None) -> tuple[bool, ...]:
    """A space between delimiter and quote hides the quote from the parser."""
    return (False, True) if quote and f"{delimiter} {quote}" in text else (False,)


def _convincing(trial: Trial) -> bool:
    """Whether this is a table at all, or a delimiter that just occurs in some text."""
    if trial.width < 2:
        return False
    if trial.share >= 0.8 or (len(trial.rows[0]) > 1 and trial.share >= 0.3):
        return True
    start = next(place for place, row in enumerate(trial.rows) if len(row) == trial.width)
    body = trial.rows[start:]
    prose = sum(cell.startswith(" ") for row in body for cell in row[1:])
    return (
        len(body) >= 3
        and start <= 20
        and trial.agreeing >= 0.8 * len(body)
        and prose < 0.5 * len(body)  # in a sentence, a space follows the comma
    )


def _try(
    text: str, delimiter: str, quote: str | None, skip: bool, *, complete: bool, prefer: str | None
) -> Trial:
    dialect = Dialect("csv", delimiter=delimiter, quote=quote, skip_initial_space=skip)
    parsed, open_quote = split_records(text, dialect, complete=complete)
    rows = [row for row in parsed if any(row)]
    widths = Counter(map(len, rows))
    width, agreeing = max(
        widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[1]), default=(0, 0)
    )
    share = agreeing / max(len(rows), 1)
    cells = [cell for row in rows[:100] for cell in row]
    score = (
        share
        + 0.15 * bool(rows and len(rows[0]) == width)
        + 0.10 * _share(cells, _is_plain)
        - 0.80 * _share(cells, lambda cell: _still_quoted(cell, quote))
        - 0.50 * open_quote
        + 0.02 * min(width, 10) / 10
        + 0.02 * (quote == '"')
        + 0.01 * skip
        + 0.10 * (delimiter == prefer)
    )
    return Trial(delimiter, quote, skip, rows, width, agreeing, score)


def _share(cells: list[str], test: Callable[[str], bool]) -> float:
    return sum(1 for cell in cells if test(cell)) / max(len(cells), 1)


def _is_plain(cell: str) -> bool:
    return len(cell) < 200 and _PLAIN.fullmatch(cell) is not None


def _still_quoted(cell: str, quote: str | None) -> bool:
    """A value that kept its quotes was not split where its writer meant it to be."""
    trimmed = cell.strip()
    if len(trimmed) < 2:
        return trimmed == '"'
    first, last = trimmed[0], trimmed[-1]
    if first == last and first in "\"'":
        return True
    return quote != '"' and '"' in (first, last)
