"""Opens an export: which columns it has, whether its format can hold it, and its bytes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select

from pim.core.clock import now
from pim.core.errors import FieldError, Invalid
from pim.products.export.base import FIXED, Format, Options
from pim.products.export.cells import cell_text
from pim.products.export.formats import FORMATS
from pim.products.export.snapshot import Snapshot
from pim.products.export.workbook import MAX_BYTES, MAX_CHARACTERS, MAX_ROWS
from pim.products.models import Product
from pim.schema.fields import Vocabulary

MAX_COLUMNS = 5_000  # as many as an import reads


@dataclass(frozen=True, slots=True)
class Export:
    """A file on its way. `close` has to be called, whether all of it was read or not."""

    filename: str
    media_type: str
    chunks: Iterator[bytes]
    snapshot: Snapshot

    def close(self) -> None:
        """Give the database connection back."""
        self.snapshot.close()


def open_export(
    statement: Select[Product],
    format_name: str,
    vocabulary: Vocabulary,
    *,
    fields: Sequence[str] | None = None,
    options: Options | None = None,
) -> Export:
    """The products a statement selects, in its order, as a file.

    fields: the values to write, in this order; None: all there are. Raises Invalid or TooLarge
    when the format can't hold them, before anything is sent.
    """
    wanted = FORMATS[format_name]
    snapshot = Snapshot(statement)
    try:
        columns = _columns(snapshot, wanted, vocabulary, fields)
        if wanted.measured:
            _fits_a_sheet(snapshot, columns or ())
        batches = snapshot.batches(as_text=wanted.as_text and columns is None)
    except BaseException:
        snapshot.close()
        raise
    chunks = wanted.write(columns, batches, options or Options())
    return Export(_filename(wanted), wanted.media_type, chunks, snapshot)


def _columns(
    snapshot: Snapshot, wanted: Format, vocabulary: Vocabulary, fields: Sequence[str] | None
) -> list[str] | None:
    """The fields after the fixed ones: those asked for, or all, also those the schema lacks."""
    if fields is not None:
        return [name for name in dict.fromkeys(fields) if name and name not in FIXED]
    if not wanted.has_columns:
        return None
    known = [name for name in vocabulary.names if name not in FIXED]
    others = snapshot.unknown_fields([*known, *FIXED], MAX_COLUMNS)
    if len(known) + len(others) > MAX_COLUMNS:
        raise _cannot_hold(
            "too_many_columns",
            f"The products have values of more than {MAX_COLUMNS:,} different fields, too many for "
            "columns. Export them as JSON Lines, or name the fields you need.",
        )
    return known + others


def _fits_a_sheet(snapshot: Snapshot, columns: Sequence[str]) -> None:
    """Refuse what a workbook can't hold."""
    measure = snapshot.measure()
    if measure.rows >= MAX_ROWS:
        raise _cannot_hold(
            "too_many_rows",
            f"These are {measure.rows:,} products; a sheet holds {MAX_ROWS - 1:,} beside its "
            "header. Export them as CSV or JSON Lines, or narrow them down.",
        )
    if measure.total_bytes > MAX_BYTES:
        raise _cannot_hold(
            "too_many_bytes",
            f"These products hold {measure.total_bytes / 1e9:.1f} GB of values, too much for a "
            "workbook. Export them as CSV or JSON Lines.",
        )
    if measure.largest_row > MAX_CHARACTERS:
        _no_cell_too_long(snapshot, columns)


def _no_cell_too_long(snapshot: Snapshot, columns: Sequence[str]) -> None:
    for batch in snapshot.larger_than(MAX_CHARACTERS):
        for sku, _, _, data in batch:
            for name in columns:
                length = _units(cell_text(data.get(name)))
                if length > MAX_CHARACTERS:
                    raise _cannot_hold(
                        "value_too_long",
                        f"“{name}” of {sku} has {length:,} characters; a cell of a workbook holds "
                        f"{MAX_CHARACTERS:,}. Export as CSV or JSON Lines, or without this field.",
                    )


def _cannot_hold(code: str, message: str) -> Invalid:
    return Invalid([FieldError("format", code, message)])


def _units(text: str) -> int:
    """The length of a text as spreadsheets count it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _filename(wanted: Format) -> str:
    return f"products-{now():%Y-%m-%d}{wanted.extension}"
