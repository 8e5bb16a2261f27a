"""Lists of the catalog that show the members of segments.

Who belongs to a segment lies in ClickHouse, as a set that PostgreSQL says counts. ClickHouse looks
a list up in it; PostgreSQL is told the members.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ARRAY, BigInteger, ColumnElement, any_, bindparam

from pim.analytics.client import TENANT, tenant_rows
from pim.analytics.columns import Parameters
from pim.catalog.keyset import InSegment
from pim.core.db import db
from pim.products.models import Product
from pim.segments.asked import require_sets
from pim.segments.membership import SETS, members_sql
from pim.segments.models import ProductSegment
from pim.segments.queries import segments_of_tenant

MOST_CHOICES = 1_000


def named(ids: Iterable[int]) -> dict[int, InSegment]:
    """The segments with these ids that there are."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = db.session.scalars(segments_of_tenant().where(ProductSegment.id.in_(wanted)))
    return {row.id: InSegment(row.id, row.name, row.generation) for row in rows}


def choices() -> list[tuple[str, str]]:
    """The segments to choose from, by name."""
    statement = segments_of_tenant().order_by(ProductSegment.name).limit(MOST_CHOICES)
    return [(str(row.id), row.name) for row in db.session.scalars(statement)]


def in_clickhouse(segments: Sequence[InSegment], parameters: Parameters) -> list[str]:
    """The conditions that a product is in all of these. Raises Unavailable."""
    require_sets({each.id: each.generation for each in segments})
    return [members_sql(each.id, each.generation, parameters) for each in segments]


def in_postgresql(segments: Sequence[InSegment]) -> list[ColumnElement[bool]]:
    """The same for PostgreSQL, which is told who is in them. Raises Unavailable."""
    return [
        Product.id == any_(bindparam(None, members_of(each), ARRAY(BigInteger), unique=True))
        for each in segments
    ]


def members_of(segment: InSegment) -> list[int]:
    """The products of a segment, by id. Raises Unavailable."""
    rows = tenant_rows(
        f"SELECT bitmapToArray(members) FROM {SETS} WHERE {TENANT} "  # noqa: S608
        "AND segment_id = {segment:UInt64} AND generation = {generation:UInt64}",
        {"segment": segment.id, "generation": segment.generation},
    )
    if not rows:
        require_sets({segment.id: segment.generation})
    return sorted({int(each) for row in rows for each in row[0]})
