"""How fast an import is just now, from where it stood some seconds ago."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pim.imports.pace import per_second

SAMPLES = [[10, 1_000, 50], [12, 1_400, 70], [14, 2_000, 100]]


def test_it_is_what_was_done_since_the_oldest_sample() -> None:
    assert per_second(SAMPLES, 15, 3_000, of=1) == pytest.approx(400)
    assert per_second(SAMPLES, 15, 150, of=2) == pytest.approx(20)


def test_samples_are_exact_decimals_as_json_gives_them() -> None:
    exact = [[Decimal("10.5"), 1_000, 50]]
    assert per_second(exact, 12.5, 3_000, of=1) == pytest.approx(1_000)


@pytest.mark.parametrize(
    ("samples", "worked", "done"),
    [
        ([], 15, 3_000),
        ([[14.5, 1_000, 1]], 15, 3_000),
        ([[10, 3_000, 1]], 15, 3_000),
        ([[10, 4_000, 1]], 15, 3_000),
    ],
    ids=["no sample", "less than a second", "nothing done", "it began anew"],
)
def test_it_is_unknown_where_it_can_not_be_told(
    samples: list[list[float]], worked: float, done: int
) -> None:
    assert per_second(samples, worked, done, of=1) is None


def test_what_came_before_a_new_phase_does_not_count() -> None:
    """Counting has read the whole file; writing begins at its first byte again."""
    samples = [[1, 0, 900], [2, 0, 1_000], [3, 10, 100], [5, 30, 300]]
    assert per_second(samples, 6, 400, of=2) == pytest.approx(100)
