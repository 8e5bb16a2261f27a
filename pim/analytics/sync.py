"""Bring change sets to ClickHouse: the consumer `analytics`.

A change set says which products it touched; what is sent is what they hold now, under their
version. So it doesn't matter in which order change sets arrive, how often, or how many workers
bring them: the highest version counts. When ClickHouse is away nothing is lost; the change sets
wait in PostgreSQL and the next tick tries again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import select, text

from pim.analytics import deliveries, source
from pim.analytics.client import ClickHouseFailed
from pim.analytics.writer import write
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.errors import Unavailable
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.imports.finish import finish_synced_imports
from pim.imports.lease import IMPORTING
from pim.imports.models import ImportJob

log = logging.getLogger(__name__)

# An import that hasn't been heard of for so long isn't followed.
_SILENT_SECONDS = 10
_REBUILD_LOCK = 0x0A11 << 48


def catch_up() -> Iterator[int]:
    """Bring every change set that waits and is due; gives the tenants as they are looked after.

    One tenant's trouble doesn't keep the others waiting. Raises Unavailable when ClickHouse
    doesn't answer.
    """
    for tenant in deliveries.tenants_with_work():
        try:
            sync_tenant(tenant)
        except Unavailable:
            raise
        except Exception:
            log.exception("analytics_sync_failed", extra={"tenant": tenant})
        yield tenant


def sync_tenant(tenant_id: int) -> int:
    """Bring what waits of one tenant and nobody else is bringing; how many change sets."""
    return _sync(tenant_id, None)


def sync_change_sets(tenant_id: int, change_sets: Sequence[int]) -> bool:
    """Bring these right now, for whoever has just committed them; whether all have arrived.

    Never raises for ClickHouse's sake: what didn't arrive is brought by the next tick.
    """
    try:
        _sync(tenant_id, change_sets)
    except (Unavailable, ClickHouseFailed) as error:
        log.warning("analytics_sync_postponed", extra={"tenant": tenant_id, "error": str(error)})
    return is_consumed(tenant_id, change_sets)


def an_import_writes(tenant_id: int) -> bool:
    """Whether more change sets are to be expected any moment, from an import that is running."""
    alive = now() - timedelta(seconds=_SILENT_SECONDS)
    writing = select(ImportJob.id).where(
        ImportJob.tenant_id == tenant_id,
        ImportJob.status == IMPORTING,
        ImportJob.phase != "syncing",
        ImportJob.heartbeat_at >= alive,
    )
    with tenant_scope(tenant_id), transaction():
        return bool(db.session.scalar(select(writing.exists())))


def is_consumed(tenant_id: int, change_sets: Sequence[int]) -> bool:
    """Whether ClickHouse has all of these change sets."""
    with tenant_scope(tenant_id), transaction():
        return deliveries.count_waiting(change_sets) == 0


def _sync(tenant_id: int, only: Sequence[int] | None) -> int:
    brought = 0
    with tenant_scope(tenant_id):
        while taken := _bring_some(only):
            brought += taken
        if brought:
            with transaction():
                finish_synced_imports()
    return brought


def _bring_some(only: Sequence[int] | None) -> int:
    """Bring change sets that go together, in one transaction that ends when they have arrived."""
    taken: list[int] = []
    try:
        with transaction():
            if not _may_write():
                return 0
            taken = deliveries.take(only)
            if taken:
                write(source.touched_by(taken))
                deliveries.mark_done(taken)
    except Exception as error:
        # An outage is nobody's doing; anything else is that of what was brought.
        with transaction():
            deliveries.mark_failed(taken, str(error), counts=not isinstance(error, Unavailable))
        raise
    return len(taken)


def _may_write() -> bool:
    """Whether the tenant isn't being rebuilt; until this transaction ends it won't be."""
    found = db.session.execute(
        text("SELECT pg_try_advisory_xact_lock_shared(:key)"), {"key": _key()}
    ).scalar_one()
    return bool(found)


def keep_others_from_writing() -> None:
    """Wait until nobody brings change sets of the tenant, and let nobody until this ends."""
    db.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _key()})


def _key() -> int:
    return _REBUILD_LOCK | current_tenant_id()
