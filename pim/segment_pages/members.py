"""Who is in a segment, as the catalog shows products; how that changed; who came and went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from pim.analytics.client import TENANT, tenant_rows
from pim.catalog import build, exporting, listing, page, preferences
from pim.catalog.columns import Column
from pim.catalog.keyset import Edges
from pim.catalog.state import CatalogState
from pim.core.errors import DomainError
from pim.schema.fields import Vocabulary
from pim.segment_pages.charts import Line, line_of
from pim.segments import queries
from pim.segments.models import ProductSegment, SegmentHistory

MOST_COLUMNS = 5
POINTS, SHOWN_POINTS = 100, 30
CHANGES = 10


@dataclass(frozen=True, slots=True)
class Members:
    """A page of the members. since: product → when it came into the segment, where that is known.

    problem: why they can't be shown.
    """

    words: str
    rows: Sequence[page.Row] = ()
    columns: Sequence[Column] = ()
    since: Mapping[int, datetime] = field(default_factory=dict)
    range: str = ""
    note: str = ""
    prev_href: str = ""
    next_href: str = ""
    exports: Sequence[tuple[str, str]] = ()
    catalog_href: str = ""
    problem: str = ""


def members_page(
    segment: ProductSegment, vocabulary: Vocabulary, words: str, cursor: str
) -> Members:
    """The members whose SKU or name has these words, from a place on."""
    state = CatalogState(q=words, segments=(segment.id,), cursor=cursor)
    if not segment.generation:
        return Members(words)
    asked = preferences.with_columns(build.asked_of(state, vocabulary))
    try:
        found = listing.find_page(build.query_of(asked))
        since = since_of(segment, [product.id for product in found.products])
    except DomainError as error:
        return Members(words, problem=error.message)
    columns = [column for column in asked.shown if column.field is not None][:MOST_COLUMNS]
    span, of = page.range_text(found.edges, len(found.products), found.total, found.at_least)
    before, after = _links(segment, state, found.edges)
    return Members(
        words=words,
        rows=page.rows(found.products, columns, vocabulary),
        columns=columns,
        since=since,
        range=f"{span} of {of}",
        note=_note(found.total, words),
        prev_href=before,
        next_href=after,
        exports=[(choice.label, href) for choice, href in exporting.links(state)],
        catalog_href=replace(state, cursor="").url(),
    )


def _note(total: int, words: str) -> str:
    products = "product" if total == 1 else "products"
    return f"{total:,} {products} found" if words else f"{total:,} {products}"


def _links(segment: ProductSegment, state: CatalogState, edges: Edges) -> tuple[str, str]:
    """The addresses of the pages before and after, on the segment's own page."""
    own = []
    for href in page.page_links(state, edges):
        query = href.partition("?")[2]
        kept = [part for part in query.split("&") if not part.startswith("segment=")]
        address = f"/pim/segments/{segment.id}"
        own.append(f"{address}?{'&'.join(kept)}" if any(kept) else address if href else "")
    return own[0], own[1]


def since_of(segment: ProductSegment, ids: Sequence[int]) -> dict[int, datetime]:
    """When products last came into a segment; the moments are kept for ninety days."""
    if not ids:
        return {}
    rows = tenant_rows(
        "SELECT product_id, max(at) FROM product_membership_changes "  # noqa: S608
        f"WHERE {TENANT} AND segment_id = {{segment:UInt64}} AND entered = 1 "
        "AND product_id IN ({ids:Array(UInt64)}) GROUP BY product_id",
        {"segment": segment.id, "ids": list(ids)},
    )
    return {int(product): at for product, at in rows}


@dataclass(frozen=True, slots=True)
class Trend:
    """How the number of members changed.

    since, until: the moments the drawing begins and ends with. points: the latest first; last: the
    last change.
    """

    line: Line | None
    since: datetime | None
    until: datetime | None
    points: Sequence[SegmentHistory]
    last: SegmentHistory | None


def trend_of(segment: ProductSegment) -> Trend:
    """The history of a segment, as a drawing and as a table."""
    points = queries.history(segment.id, limit=POINTS)
    if not points:
        return Trend(None, None, None, (), None)
    counts = [(point.computed_at, point.count) for point in reversed(points)]
    if segment.checked_at and segment.checked_at > counts[-1][0]:
        counts.append((segment.checked_at, counts[-1][1]))
    line = line_of(counts, 320, 64)
    return Trend(line, counts[0][0], counts[-1][0], points[:SHOWN_POINTS], points[0])


@dataclass(frozen=True, slots=True)
class Changes:
    """Who came and who went when the members last changed."""

    last: SegmentHistory | None = None
    entered: Sequence[queries.Change] = ()
    left: Sequence[queries.Change] = ()


def changes_of(segment: ProductSegment) -> Changes:
    """The latest change, the first few products of it."""
    if not segment.generation:
        return Changes()
    try:
        entered = queries.latest_changes(segment, entered=True, limit=CHANGES)
        left = queries.latest_changes(segment, entered=False, limit=CHANGES)
    except DomainError:
        return Changes()
    return Changes(entered.last, entered.changes, left.changes)
