"""CSV as RFC 4180 has it: commas, quotes where needed, CRLF, UTF-8."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence

from pim.core.formulas import harmless
from pim.products.export.base import FIXED, Batches, Options, Row
from pim.products.export.cells import column_texts, yes_or_no

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
        writer.writerows(_guarded(row, options) for row in _rows(batch, names))
        if buffer.tell() > _PIECE:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def _rows(batch: Sequence[Row], names: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The rows of a batch, put together from its columns, which is faster than cell by cell."""
    if not batch:
        return iter(())
    skus, products, switches, data = zip(*batch, strict=True)
    columns = [column_texts(values.get(name) for values in data) for name in names]
    return zip(skus, products, map(yes_or_no, switches), *columns, strict=True)


def _guarded(cells: Sequence[str], options: Options) -> Sequence[str]:
    return [harmless(cell) for cell in cells] if options.harmless else cells
