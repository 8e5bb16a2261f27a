"""Which rows of a file count: of several with one SKU, the last. Known before anything is written.

A pass over the SKU column. Memory stays small: SKUs are marked in a table of bits, and only those
that meet a mark already there (true repetitions, and a few by chance) are remembered one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pim.imports.readers.base import Batch
from pim.imports.skus import SkuTexts
from pim.products.identity import sku_keys

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

    def later(self, keys: Sequence[str], lines: Sequence[int]) -> list[int | None]:
        """For rows by their SKU keys: the line of a later one that counts instead, if any."""
        known = self._last.get
        last_lines = [known(hash(key)) if key else None for key in keys]
        return [
            last if last is not None and last > line else None
            for last, line in zip(last_lines, lines, strict=True)
        ]


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
        keys = map(hash, sku_keys(skus_of(batch.rows)))
        for key, line in zip(keys, batch.lines, strict=True):
            slot, bit = key & mask, 1 << (key >> 40 & 7)
            marks = table[slot]
            if marks & bit:
                last[key] = line
            else:
                table[slot] = marks | bit
        found.records = batch.end_record
        yield batch.end_byte, found
