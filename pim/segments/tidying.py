"""What is removed after a while: sets of members nobody reads, points of history, old events.

Sets are kept for the last few changes of a segment, so that who reads the members while they
change, or compares them, finds what they began with.
"""

from __future__ import annotations

import logging

from sqlalchemy import select, text

from pim.analytics.client import LONG_READ_LIMITS, TENANT, clickhouse, tenant_rows
from pim.core.db import db, transaction
from pim.core.errors import Unavailable
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.identity.models import Tenant
from pim.segments.membership import SETS
from pim.webhooks.outbox import remove_old_events

log = logging.getLogger(__name__)

KEPT_SETS = 3
# Points of the history: all for a week, then one an hour, and none after so many days.
EVERY_POINT_DAYS, HISTORY_DAYS = 7, 400


def _of(number: str) -> str:
    """A number of the segment that a set belongs to."""
    return f"transform(segment_id, {{known:Array(UInt64)}}, {{{number}:Array(UInt64)}}, 0)"


# The set to begin with, the one that counts, and the number of the newest attempt.
_KEEP = f"""
SELECT s.id, least(s.generation, coalesce((
    SELECT h.generation FROM segment_history h
    WHERE h.tenant_id = s.tenant_id AND h.segment_id = s.id
    ORDER BY h.generation DESC OFFSET {KEPT_SETS - 1} LIMIT 1), 0)), s.generation, s.lease_token
FROM product_segments s WHERE s.tenant_id = :tenant
"""  # noqa: S608  # constants, as below
# Those before the last few; those that never came to count, because another attempt has begun
# since; those of segments that are gone. One that isn't known may be younger than the list is.
_UNREAD = f"""{TENANT} AND (
    has({{known:Array(UInt64)}}, segment_id) AND (
        generation < {_of("keep")} OR generation > {_of("counts")} AND generation < {_of("newest")})
    OR NOT has({{known:Array(UInt64)}}, segment_id) AND computed_at < now() - INTERVAL 10 MINUTE)"""
_THIN = f"""
DELETE FROM segment_history h WHERE h.tenant_id = :tenant AND (
    h.computed_at < now() - interval '{HISTORY_DAYS} days'
    OR h.computed_at < now() - interval '{EVERY_POINT_DAYS} days' AND EXISTS (
        SELECT FROM segment_history later WHERE later.tenant_id = h.tenant_id
        AND later.segment_id = h.segment_id AND later.generation > h.generation
        AND date_trunc('hour', later.computed_at) = date_trunc('hour', h.computed_at)))
AND h.generation < (SELECT generation FROM product_segments s
    WHERE s.tenant_id = h.tenant_id AND s.id = h.segment_id)
"""  # noqa: S608


def tidy() -> None:
    """Tidy up behind every tenant's segments. Raises Unavailable."""
    for tenant_id in db.session.scalars(select(Tenant.id).order_by(Tenant.id)).all():
        try:
            tidy_tenant(tenant_id)
        except Unavailable:
            raise
        except Exception:
            db.session.rollback()
            log.exception("segments_tidying_failed", extra={"tenant": tenant_id})


def tidy_tenant(tenant_id: int) -> None:
    """Tidy up behind one tenant's segments. Raises Unavailable."""
    with tenant_scope(tenant_id):
        with transaction():
            db.session.execute(text(_THIN), {"tenant": tenant_id})
            remove_old_events()
        _remove_unread_sets()


def _remove_unread_sets() -> None:
    with transaction():
        rows = db.session.execute(text(_KEEP), {"tenant": current_tenant_id()}).all()
    columns = zip(*rows, strict=True) if rows else [()] * 4
    values = dict(zip(("known", "keep", "counts", "newest"), map(list, columns), strict=True))
    statement = f"SELECT count() FROM {SETS} WHERE {_UNREAD}"  # noqa: S608
    if tenant_rows(statement, values, limits=LONG_READ_LIMITS)[0][0]:
        # Removing rewrites a part of the table, so it isn't asked for in vain.
        clickhouse().command(
            f"DELETE FROM {SETS} WHERE {_UNREAD}",  # noqa: S608
            {**values, "tenant": current_tenant_id()},
        )
