"""CSV as RFC 4180 has it: commas, quotes where needed, CRLF, UTF-8."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from pim.core.formulas import harmless
from pim.products.export.base import FIXED, Batches, Options, Row
from pim.products.export.cells import cell_text, yes_or_no

_PIECE = 1 << 16


def write(fields: Sequence[str] | None, batches: Batches, options: Options) -> Iterator[bytes]:
    """The pieces of a CSV file, its header first."""
    names = list(fields or ())
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    if options.mark:
        yield codecs.BOM_UTF8
    writer.writerow(_guarded([*FIXED, *names], options))
    for batch in batches:
        writer.writerows(_guarded(_cells(row, names), options) for row in batch)
        if buffer.tell() > _PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _cells(row: Row, names: Sequence[str]) -> list[str]:
    sku, name, active, data = row
    get = data.get
    return [sku, name, yes_or_no(active), *(cell_text(get(each)) for each in names)]


def _guarded(cells: list[str], options: Options) -> list[str]:
    return [harmless(cell) for cell in cells] if options.harmless else cells
