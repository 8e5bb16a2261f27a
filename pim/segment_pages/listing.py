"""The list of segments, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pim.identity.access import can
from pim.schema.queries import current_vocabulary
from pim.segment_pages import starters, states
from pim.segment_pages.charts import Line, spark_of
from pim.segments import queries
from pim.segments.models import ProductSegment
from pim.web.pagination import InvalidCursor, decode_cursor, encode_cursor

A_PAGE = 50
CURSOR = "segments:name"
SPARK = (96, 24)
FEW = 3
MOST_POLLING = 5


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """One segment of the list."""

    segment: ProductSegment
    trend: Line | None

    @property
    def state(self) -> states.State:
        """What it is doing."""
        return states.state_of(self.segment.state, self.segment.is_active)

    @property
    def waiting(self) -> bool:
        """Whether its row looks again by itself."""
        return states.is_waiting(self.segment.state)

    @property
    def unchanged(self) -> bool:
        """Whether it was looked at since, and nothing had changed."""
        found = self.segment
        return states.is_unchanged(found.state, found.last_computed_at, found.checked_at)

    @property
    def interval(self) -> str:
        """How often it is looked at."""
        return states.interval_words(self.segment.refresh_interval)

    @property
    def error(self) -> str:
        """Why it could not be computed."""
        return self.segment.error or "" if self.segment.status == "failed" else ""


@dataclass(frozen=True, slots=True)
class ListPage:
    """All the list shows. any: whether there is a segment at all. here: its address."""

    lines: Sequence[SegmentLine]
    count: int = 0
    words: str = ""
    any: bool = True
    next_href: str = ""
    first_href: str = ""
    starters: Sequence[starters.Starter] = ()
    here: str = ""

    @property
    def polls(self) -> bool:
        """Whether the whole list looks again, because that many rows would each do so."""
        return sum(line.waiting for line in self.lines) > MOST_POLLING

    @property
    def may_write(self) -> bool:
        """Whether this person may change segments."""
        return can("segment.write")


def lines_of(segments: Sequence[ProductSegment]) -> list[SegmentLine]:
    """Segments as lines, each with how its number of members went lately."""
    trends = queries.trends([segment.id for segment in segments]) if segments else {}
    counts = {each: [count for _, count in points] for each, points in trends.items()}
    return [SegmentLine(each, spark_of(counts.get(each.id, []), *SPARK)) for each in segments]


def row_page(segment: ProductSegment) -> tuple[SegmentLine, ListPage]:
    """One line, and the page as far as it needs it."""
    lines = lines_of([segment])
    return lines[0], ListPage(lines)


def list_page(words: str, cursor: str, address: str) -> ListPage:
    """A page of the list. A place that can't be read is the beginning."""
    after = _place(cursor)
    found = list(queries.list_segments(limit=A_PAGE + 1, after=after, search=words))
    shown = found[:A_PAGE]
    more = encode_cursor(CURSOR, [shown[-1][1]]) if len(found) > A_PAGE else ""
    query = f"q={quote(words)}&" if words else ""
    there_are = queries.count_segments()
    offered = starters.starters(current_vocabulary()) if there_are <= FEW and not words else []
    return ListPage(
        lines=lines_of([segment for segment, _ in shown]),
        count=queries.count_segments(words) if words else there_are,
        words=words,
        any=there_are > 0,
        next_href=f"{address}?{query}after={more}" if more else "",
        first_href=(f"{address}?q={quote(words)}" if words else address)
        if after is not None
        else "",
        starters=_not_made(offered, found) if can("segment.write") else [],
        here=f"{address}?{query}after={quote(cursor)}"
        if after
        else f"{address}?{query}".rstrip("?&"),
    )


def _not_made(
    offered: Sequence[starters.Starter], found: Sequence[tuple[ProductSegment, str]]
) -> list[starters.Starter]:
    names = {segment.name.casefold() for segment, _ in found}
    return [each for each in offered if each.name.casefold() not in names]


def _place(cursor: str) -> str | None:
    if not cursor:
        return None
    try:
        values = decode_cursor(CURSOR, cursor)
    except InvalidCursor:
        return None
    return values[0] if values and isinstance(values[0], str) else None
