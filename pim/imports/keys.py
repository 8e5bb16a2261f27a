"""Which rows of a file count: of several with one SKU, the last. Known before anything is written.

A pass over the SKU column. Memory stays small: SKUs are marked in a table of bits, and only those
that meet a mark already there (true repetitions, and a few by chance) are remembered one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pim.imports.readers.base import Batch
from pim.imports.skus import SkuTexts
from pim.products.identity import sku_key

_SMALLEST, _LARGEST = 1 << 18, 1 << 26
_BYTES_A_ROW = 40


@dataclass(slots=True)
class LastRows:
    """The last line of each SKU that may come twice, by a hash of its key.

    Two different SKUs with one 64-bit hash would be taken for the same; with ten million SKUs
    the chance of one such pair is about one in 400,000.
    """

    records: int = 0
    _last: dict[int, int] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether any SKU may come twice."""
        return bool(self._last)

    def supersedes(self, key: str, line: int) -> int | None:
        """The line of the row that counts instead of this one; None if this one counts."""
        last = self._last.get(hash(key))
        return last if last is not None and last > line else None


def find_last_rows(
    batches: Iterable[Batch], skus_of: SkuTexts, file_size: int
) -> Iterator[tuple[int, LastRows]]:
    """Go through the file; after each batch, the bytes read so far and what is known by then."""
    slots = _SMALLEST
    while slots < min(_LARGEST, file_size // _BYTES_A_ROW):
        slots *= 2
    table, mask = bytearray(slots), slots - 1
    found = LastRows()
    last = found._last
    for batch in batches:
        for sku, line in zip(skus_of(batch.rows), batch.lines, strict=True):
            key = hash(sku_key(sku))
            slot, bit = key & mask, 1 << (key >> 40 & 7)
            marks = table[slot]
            if marks & bit:
                last[key] = line
            else:
                table[slot] = marks | bit
        found.records = batch.end_record
        yield batch.end_byte, found
