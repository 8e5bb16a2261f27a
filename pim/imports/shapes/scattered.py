"""Rows of one product that stand far from each other: found before anything is read, kept on disk.

Two passes. The first marks SKUs in a table of bits and notes the few that meet a mark; the second
stores the rows of those. Memory stays small whatever the size of the file.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Callable
from contextlib import closing
from typing import Any

from pim.imports.readers.base import Reader
from pim.imports.shapes.variants import Fold

_SLOTS = 1 << 23
_MANY = 500

Row = list[Any]
Numbered = tuple[int, Row]


class Scattered:
    """All rows of the products whose rows are not beside each other."""

    def __init__(self, hashes: array[int]) -> None:
        self._hashes = hashes
        self._over = bytearray(len(hashes))
        self._file = tempfile.NamedTemporaryFile(prefix="pim-rows-")  # noqa: SIM115
        # Made by whoever opens the reader, walked by the thread that reads ahead.
        self._rows = sqlite3.connect(self._file.name, check_same_thread=False, isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("PRAGMA synchronous = OFF")
        self._rows.execute("CREATE TABLE rows (hash INTEGER, line INTEGER, cells TEXT)")
        self._rows.execute("BEGIN")

    def place(self, hashed: int) -> int | None:
        """Where a hash of a key is among those whose rows may be apart."""
        place = bisect_left(self._hashes, hashed)
        return place if place < len(self._hashes) and self._hashes[place] == hashed else None

    def keep(self, found: list[tuple[int, int, str]]) -> None:
        """Store rows: hash, line, cells."""
        self._rows.executemany("INSERT INTO rows VALUES (?, ?, ?)", found)

    def finish(self) -> None:
        """All rows are stored; from now on they are asked for."""
        self._rows.execute("CREATE INDEX by_hash ON rows (hash, line)")
        self._rows.execute("COMMIT")

    def whole(self, key: str) -> list[Numbered] | None:
        """All rows of a product, nothing once it is over; None when they stand together."""
        hashed = hash(key)
        place = self.place(hashed)
        if place is None:
            return None
        if self._over[place]:
            return []
        found = self._rows.execute(
            "SELECT line, cells FROM rows WHERE hash = ? ORDER BY line", (hashed,)
        )
        return [(line, json.loads(cells)) for line, cells in found]

    def over(self, key: str) -> None:
        """All that becomes of a product's rows has been told."""
        place = self.place(hash(key))
        if place is not None:
            self._over[place] = 1

    def close(self) -> None:
        """Forget them."""
        self._rows.close()
        self._file.close()


def find_scattered(open_rows: Callable[[], Reader], fold: Fold) -> Scattered | None:
    """Collect the rows that are apart from others of their product; None when there are none."""
    with closing(open_rows()) as reader:
        hashes = _apart(reader, fold)
    if not hashes:
        return None
    found = Scattered(hashes)
    with closing(open_rows()) as reader:
        waiting: list[tuple[int, int, str]] = []
        for batch in reader.batches():
            for line, row in zip(batch.lines, batch.rows, strict=True):
                hashed = hash(fold.key(row))
                if found.place(hashed) is not None:
                    waiting.append((hashed, line, json.dumps(row, ensure_ascii=False)))
            if len(waiting) > _MANY:
                found.keep(waiting)
                waiting = []
        found.keep(waiting)
    found.finish()
    return found


def _apart(reader: Reader, fold: Fold) -> array[int]:
    """Hashes of keys, sorted, that come again after another; by chance a few too many."""
    table, mask = bytearray(_SLOTS), _SLOTS - 1
    again: set[int] = set()
    before = ""
    for batch in reader.batches():
        for row in batch.rows:
            key = fold.key(row)
            beside, before = key == before, key
            if beside or not key:
                continue
            hashed = hash(key)
            slot, bit = hashed & mask, 1 << (hashed >> 40 & 7)
            if table[slot] & bit:
                again.add(hashed)
            else:
                table[slot] |= bit
    return array("q", sorted(again))
