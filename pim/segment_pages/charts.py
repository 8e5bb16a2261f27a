"""Lines of counts over time, as points of a drawing. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

Point = tuple[datetime, int]


@dataclass(frozen=True, slots=True)
class Line:
    """A drawing of counts. points: of the line; area: of what lies below it; said: in words.

    low, high: the counts at its bottom and its top.
    """

    points: str
    area: str
    width: int
    height: int
    said: str
    low: int
    high: int


def line_of(history: Sequence[Point], width: int, height: int, *, pad: int = 3) -> Line | None:
    """The line through counts, the oldest first, placed by their moments; None of fewer than two.

    The drawing begins near the smallest count, not at zero: it shows how a number moves.
    """
    if len(history) < 2:
        return None
    began, ended = history[0][0], history[-1][0]
    span = (ended - began).total_seconds() or 1.0
    counts = [count for _, count in history]
    low, high = min(counts), max(counts)
    room = (high - low) or 1

    def place(at: datetime, count: int) -> str:
        x = (at - began).total_seconds() / span * width
        share = 0.5 if low == high else (count - low) / room
        return f"{x:.1f},{height - pad - share * (height - 2 * pad):.1f}"

    # A count holds until the next one: the line is made of steps.
    spots = []
    for at, (moment, count) in enumerate(history):
        if at:
            spots.append(place(moment, counts[at - 1]))
        spots.append(place(moment, count))
    return _drawn(spots, counts, width, height)


def spark_of(counts: Sequence[int], width: int, height: int, *, pad: int = 3) -> Line | None:
    """A small line through counts at equal distances; None of fewer than two."""
    if len(counts) < 2:
        return None
    low, high = min(counts), max(counts)
    room = (high - low) or 1
    spots = []
    for at, count in enumerate(counts):
        share = 0.5 if low == high else (count - low) / room
        x = at / (len(counts) - 1) * width
        spots.append(f"{x:.1f},{height - pad - share * (height - 2 * pad):.1f}")
    return _drawn(spots, counts, width, height)


def _drawn(spots: Sequence[str], counts: Sequence[int], width: int, height: int) -> Line:
    points = " ".join(spots)
    area = f"0,{height} {points} {width},{height}"
    return Line(points, area, width, height, _said(counts), min(counts), max(counts))


def _said(counts: Sequence[int]) -> str:
    first, last = counts[0], counts[-1]
    if first == last:
        return f"steady at {last:,}"
    return f"{'rising' if last > first else 'falling'} from {first:,} to {last:,}"
