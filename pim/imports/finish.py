"""When an import is done: its last row is in PostgreSQL and ClickHouse has heard of all of them."""

from __future__ import annotations

from sqlalchemy import exists, select, text, update

from pim.core.clock import now
from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.imports.lease import IMPORTING, Lease, heard_of
from pim.imports.models import ImportJob
from pim.imports.retention import when_over
from pim.products.models import ChangeSet, ChangeSetDelivery

CATALOG_SEARCH = "analytics"  # the consumer that keeps ClickHouse


_SYNCING_SECONDS = text(
    "jsonb_build_object('syncing', round(extract(epoch FROM clock_timestamp()"
    " - CAST(checkpoint ->> 'written_at' AS timestamptz)), 3))"
)


def is_synced(import_id: int) -> bool:
    """Whether ClickHouse has taken in every change set of an import."""
    tenant_id = current_tenant_id()
    waiting = (
        select(ChangeSetDelivery.change_set_id)
        .join(
            ChangeSet,
            (ChangeSet.tenant_id == ChangeSetDelivery.tenant_id)
            & (ChangeSet.id == ChangeSetDelivery.change_set_id),
        )
        .where(
            ChangeSetDelivery.tenant_id == tenant_id,
            ChangeSetDelivery.consumer == CATALOG_SEARCH,
            ChangeSetDelivery.consumed_at.is_(None),
            ChangeSet.import_id == import_id,
        )
    )
    return not db.session.scalar(select(exists(waiting)))


def finish_if_synced(import_id: int) -> bool:
    """Call an import that is written done, if it is; True when nothing is left to wait for."""
    tenant_id = current_tenant_id()
    if not is_synced(import_id):
        return False
    db.session.execute(
        update(ImportJob)
        .where(
            ImportJob.tenant_id == tenant_id,
            ImportJob.id == import_id,
            ImportJob.status == IMPORTING,
            ImportJob.phase == "syncing",
        )
        .values(
            status="done",
            phase="",
            finished_at=now(),
            **heard_of(Lease(import_id, 0)),
            keep_file_until=when_over(),
            phase_seconds=ImportJob.phase_seconds.op("||")(_SYNCING_SECONDS),
        )
    )
    return True


def finish_synced_imports() -> None:
    """Call every import of the tenant done that only waited for ClickHouse and has it now."""
    waiting = db.session.scalars(
        select(ImportJob.id).where(
            ImportJob.tenant_id == current_tenant_id(),
            ImportJob.status == IMPORTING,
            ImportJob.phase == "syncing",
        )
    ).all()
    for import_id in waiting:
        finish_if_synced(import_id)
