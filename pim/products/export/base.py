"""What the formats of an export share: rows in, bytes out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

FIXED = ("sku", "name", "active")

Row = tuple[str, str, bool, Any]
"""SKU, name, active, and the values: an object, or JSON text of one (`Format.as_text`)."""


@dataclass(frozen=True, slots=True)
class Options:
    """harmless: cells a spreadsheet would run get an apostrophe in front. mark: a byte order mark,
    by which spreadsheets see that a CSV is UTF-8.
    """

    harmless: bool = False
    mark: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """How much there is to write: rows, bytes of values, and whether the longest value of some row
    might be too long for a cell (`long_values`: bytes of the largest row).
    """

    rows: int
    total_bytes: int
    largest_row: int


Batches = Iterable[Sequence[Row]]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. write: fields (the columns after the fixed ones; None where the format has no
    columns), batches of rows, options → pieces of the file.

    has_columns: whether all columns have to be known before the first row. as_text: whether rows
    hold their values as JSON text when no field is left out. measured: whether it has limits that
    `limits` checks first.
    """

    name: str
    label: str
    extension: str
    media_type: str
    write: Callable[[Sequence[str] | None, Batches, Options], Iterator[bytes]]
    has_columns: bool = True
    as_text: bool = False
    measured: bool = False
