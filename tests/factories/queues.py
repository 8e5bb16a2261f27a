"""Queues in which nothing waits, for tests that start real workers."""

from __future__ import annotations

from sqlalchemy import select, update

from pim.core.db import db, transaction
from pim.core.queue import redis_client
from pim.core.tenancy import system_scope, tenant_scope
from pim.imports.lease import UNFINISHED
from pim.imports.models import ImportJob


def let_nothing_wait() -> None:
    """Empty the queues, and end every import that an earlier test left for a worker to take.

    Whose turn it is is looked up in PostgreSQL: a worker would work on those first.
    """
    redis_client().flushdb()
    with system_scope(), transaction():
        left = db.session.execute(
            select(ImportJob.tenant_id, ImportJob.id).where(ImportJob.status.in_(UNFINISHED))
        ).all()
    for tenant_id, import_id in left:
        with tenant_scope(tenant_id), transaction():
            db.session.execute(
                update(ImportJob)
                .where(ImportJob.tenant_id == tenant_id, ImportJob.id == import_id)
                .values(status="cancelled", phase="")
            )
