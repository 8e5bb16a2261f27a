"""JSON Lines: a product a line, in the shape `POST /api/pim/products/bulk/` takes.

Values are PostgreSQL's own text of them, so every digit is as it is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from json.encoder import encode_basestring as quoted

from pim.products.export.base import Batches, Options, Row
from pim.schema.types import dumps


def write(fields: Sequence[str] | None, batches: Batches, options: Options) -> Iterator[bytes]:
    """The lines, a batch at a time. fields: only these values; None: all there are."""
    for batch in batches:
        yield "".join(_line(row, fields) for row in batch).encode()


def _line(row: Row, fields: Sequence[str] | None) -> str:
    sku, name, active, data = row
    if fields is not None:
        data = dumps({field: data[field] for field in fields if field in data})
    rest = ", " + data[1:] if data != "{}" else "}"
    switch = "true" if active else "false"
    return f'{{"sku": {quoted(sku)}, "name": {quoted(name)}, "active": {switch}{rest}\n'
