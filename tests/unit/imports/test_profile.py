"""What the values of each column look like: counted while the file is read once."""

from __future__ import annotations

import time
from collections.abc import Iterator

from pim.imports.profile import PROFILED_ROWS, profile_file, profile_rows
from pim.imports.readers.base import Batch


def stream(rows: int, size: int = 5_000, pause: float = 0.0) -> Iterator[Batch]:
    for start in range(0, rows, size):
        time.sleep(pause)
        part = [[f"S{n}", str(n % 3), ""] for n in range(start, min(start + size, rows))]
        end = start + len(part)
        yield Batch(part, range(start + 2, end + 2), [], end, end + 1, end)


HEADERS = ["sku", "kind", "nothing"]


def test_every_column_is_counted() -> None:
    found = profile_rows(
        ["sku", "price", "note"],
        [["A", "1,50", ""], ["a ", "2,50", "x\ny"], ["B", "2,50", ""]],
    )
    sku, price, note = found.columns
    assert (sku.filled, sku.distinct, sku.unique, sku.repeated) == (3, 2, False, 1)
    assert (price.decimal, price.examples) == (",", ("1,50", "2,50"))
    assert (note.filled, note.multiline, note.empty) == (1, True, False)
    assert (found.rows, found.row_count, found.complete) == (3, 3, True)
    assert found.decimal == ","


def test_a_long_file_is_counted_to_its_end_and_looked_at_closely_at_its_beginning() -> None:
    found = profile_file(HEADERS, stream(PROFILED_ROWS + 20_000), seconds=60)
    assert found.row_count == PROFILED_ROWS + 20_000
    assert found.rows == PROFILED_ROWS
    assert not found.complete
    sku, kind, nothing = found.columns
    assert sku.unique
    assert (kind.distinct, nothing.empty) == (3, True)


def test_counting_ends_when_the_time_is_up() -> None:
    began = time.monotonic()
    found = profile_file(HEADERS, stream(1_000_000, size=100, pause=0.02), seconds=0.2)
    assert time.monotonic() - began < 2
    assert found.row_count is None
    assert not found.complete
    assert found.rows > 0


def test_a_file_without_rows_has_a_profile_too() -> None:
    found = profile_file(HEADERS, stream(0))
    assert (found.rows, found.row_count, found.complete) == (0, 0, True)
    assert all(column.empty and not column.unique for column in found.columns)
