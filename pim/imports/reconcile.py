"""Finds imports nobody works on any more, and sees to it that somebody does.

A worker that died, a Redis that forgot the job, a ClickHouse that was away: the truth about what
is left to do is in PostgreSQL, and a tick looks it up.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import or_, select, update

from pim.core import settings
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.queue import enqueue
from pim.core.tenancy import system_scope, tenant_scope
from pim.imports.finish import finish_if_synced
from pim.imports.lease import PENDING, UNFINISHED
from pim.imports.models import ImportJob

log = logging.getLogger(__name__)

RUN_IMPORT = "jobs.imports.run_import"
QUEUE = "imports"


def enqueue_import(tenant_id: int, import_id: int) -> None:
    """Hand an import to a worker, once the transaction has committed."""
    enqueue(RUN_IMPORT, [tenant_id, import_id], queue_name=QUEUE)


def resume_stalled_imports() -> int:
    """Look after every tenant's silent imports; gives how many were handed to a worker."""
    silent_since = now() - timedelta(seconds=settings().import_stalled_seconds)
    with system_scope(), transaction():
        silent = db.session.execute(
            select(ImportJob.tenant_id, ImportJob.id, ImportJob.phase).where(
                ImportJob.status.in_(UNFINISHED),
                or_(ImportJob.heartbeat_at.is_(None), ImportJob.heartbeat_at < silent_since),
            )
        ).all()
    resumed = 0
    for tenant_id, import_id, phase in silent:
        with tenant_scope(tenant_id), transaction():
            if phase == "syncing":
                finish_if_synced(import_id)
                continue
            # A waiting import is handed out again only after another such silence.
            db.session.execute(
                update(ImportJob)
                .where(
                    ImportJob.tenant_id == tenant_id,
                    ImportJob.id == import_id,
                    ImportJob.status == PENDING,
                )
                .values(heartbeat_at=now())
            )
            enqueue_import(tenant_id, import_id)
            log.warning("import_resumed", extra={"import_id": import_id})
            resumed += 1
    return resumed
