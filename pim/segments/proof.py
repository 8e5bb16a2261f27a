"""Proof that ClickHouse has the members PostgreSQL counts, and making them again when it hasn't."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select, text

from pim.analytics.client import LONG_READ_LIMITS, TENANT, tenant_rows
from pim.core.db import db, transaction
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.schema.types import shown
from pim.segments import schedule
from pim.segments.membership import SETS
from pim.segments.models import ProductSegment, UserSegment
from pim.segments.queries import segments_of_tenant

_COUNTS = f"""
SELECT segment_id, bitmapCardinality(groupBitmapMergeState(members)) FROM {SETS} WHERE {TENANT}
AND has(arrayZip({{segments:Array(UInt64)}}, {{generations:Array(UInt64)}}),
        (segment_id, generation))
GROUP BY segment_id
"""  # noqa: S608  # constants, as below
_USERS = f"""
SELECT segment_id, count() FROM segment_memberships FINAL WHERE {TENANT} GROUP BY segment_id
"""  # noqa: S608
_DUE = """
UPDATE product_segments SET due_at = clock_timestamp(), requested_at = clock_timestamp(),
    attempts = 0
WHERE tenant_id = :tenant AND (is_active OR generation > 0)
"""


def find_problems(tenant_id: int, **_: Any) -> list[str]:
    """Segments of a tenant whose members ClickHouse doesn't have, or has other ones of."""
    with tenant_scope(tenant_id), transaction():
        return [*_of_segments(), *_of_user_segments()]


def _of_segments() -> Iterator[str]:
    computed = db.session.scalars(
        segments_of_tenant().where(ProductSegment.generation > 0).order_by(ProductSegment.id)
    ).all()
    values = {
        "segments": [each.id for each in computed],
        "generations": [each.generation for each in computed],
    }
    rows = tenant_rows(_COUNTS, values, limits=LONG_READ_LIMITS) if computed else []
    there = {int(segment): int(count) for segment, count in rows}
    for each in computed:
        named = f"segment {each.id} ({shown(each.name)})"
        if each.id not in there:
            yield f"{named}: its {each.computed_count} members are missing in ClickHouse"
        elif there[each.id] != each.computed_count:
            yield f"{named}: {each.computed_count} members, {there[each.id]} in ClickHouse"


def _of_user_segments() -> Iterator[str]:
    sent = db.session.scalars(
        select(UserSegment)
        .where(UserSegment.tenant_id == current_tenant_id())
        .order_by(UserSegment.id)
    ).all()
    rows = tenant_rows(_USERS, limits=LONG_READ_LIMITS) if sent else []
    there = {str(segment): int(count) for segment, count in rows}
    for each in sent:
        if (found := there.get(each.id, 0)) != each.member_count:
            yield (
                f"user segment {shown(each.id)}: {each.member_count} members were sent, "
                f"{found} are in ClickHouse; they have to be sent again"
            )


def compute_all_again(tenant_id: int, **_: Any) -> None:
    """Make every set of members of a tenant anew, now that all products are there."""
    with tenant_scope(tenant_id), transaction():
        db.session.execute(text(_DUE), {"tenant": tenant_id})
    while schedule.compute_next(tenant_id):
        pass
