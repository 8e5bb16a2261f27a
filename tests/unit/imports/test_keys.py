"""Of several rows with one SKU the last counts: known before anything is written."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pim.imports.keys import LastRows, find_last_rows
from pim.imports.mapping import ColumnRule
from pim.imports.readers.base import Batch
from pim.imports.skus import sku_reader
from pim.products.identity import sku_key

skus_of = sku_reader(["sku"], [ColumnRule("sku", "sku", "string")])


def batches(skus: list[str], size: int, first_line: int = 2) -> list[Batch]:
    found = []
    for start in range(0, len(skus), size):
        rows = [[sku] for sku in skus[start : start + size]]
        lines = range(first_line + start, first_line + start + len(rows))
        end = start + len(rows)
        found.append(Batch(rows, lines, [], end, lines[-1], end * 10))
    return found


def look(skus: list[str], size: int = 3) -> LastRows:
    steps = [known for _, known in find_last_rows(batches(skus, size), skus_of, 1_000)]
    return steps[-1] if steps else LastRows()


skus = st.lists(
    st.sampled_from(["A", "a", " A ", "B", "ß", "SS", "ss", "c", "ÄÖ", "äö"]), max_size=40
)


@given(skus, st.integers(1, 7))
def test_a_row_is_superseded_exactly_when_a_later_one_has_its_sku(
    given_skus: list[str], size: int
) -> None:
    known = look(given_skus, size)
    last = {sku_key(sku): line for line, sku in enumerate(given_skus, start=2)}
    for line, sku in enumerate(given_skus, start=2):
        expected = last[sku_key(sku)] if last[sku_key(sku)] != line else None
        assert known.later([sku_key(sku)], [line]) == [expected]
    if given_skus:
        assert known.records == len(given_skus)


def test_marks_that_meet_by_chance_change_nothing() -> None:
    """Far more SKUs than the smallest table has room for."""
    many = [f"S{n}" for n in range(300_000)] + ["S7", "S299999"]
    known = look(many, 10_000)
    assert known.later(["s7"], [9]) == [300_002]
    assert known.later(["s299999"], [300_001]) == [300_003]
    lines = range(2, len(many) + 2)
    later = known.later([sku_key(sku) for sku in many], lines)
    superseded = [line for line, last in zip(lines, later, strict=True) if last]
    assert superseded == [9, 300_001]
    assert len(known._last) < 0.2 * len(many), "only repetitions and a few others are remembered"
