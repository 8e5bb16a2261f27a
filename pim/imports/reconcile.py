"""Finds imports nobody works on any more, and sees to it that somebody does.

A worker that died, a Redis that forgot the job, a ClickHouse that was away: the truth about what
is left to do is in PostgreSQL, and a tick looks it up.
"""

from __future__ import annotations

import logging
import secrets

from redis.exceptions import RedisError
from sqlalchemy import select

from pim.core.db import db, transaction
from pim.core.queue import enqueue, queue
from pim.core.tenancy import system_scope, tenant_scope
from pim.imports.finish import finish_if_synced
from pim.imports.lease import UNFINISHED, silent
from pim.imports.models import ImportJob
from pim.imports.turns import QUEUE

log = logging.getLogger(__name__)

TAKE_TURN = "jobs.imports.take_turn"
RUN_UNDO = "jobs.imports.run_undo"


def enqueue_import(tenant_id: int, import_id: int) -> None:
    """Let a worker come for an import or its check, once the transaction has committed.

    Each that waits has one place in the queue, and whoever comes takes the one whose turn it
    is.
    """
    _enqueue(TAKE_TURN, "import", tenant_id, import_id)


def enqueue_undo(tenant_id: int, import_id: int) -> None:
    """Hand the undo of an import to a worker, once the transaction has committed."""
    _enqueue(RUN_UNDO, "undo", tenant_id, import_id)


def _enqueue(func: str, what: str, tenant_id: int, import_id: int) -> None:
    job_id = f"{what}-{tenant_id}-{import_id}-{secrets.token_hex(4)}"
    enqueue(func, [tenant_id, import_id], queue_name=QUEUE, job_id=job_id)


def resume_stalled_imports() -> int:
    """Look after every tenant's silent imports; gives how many were handed to a worker."""
    with system_scope(), transaction():
        stalled = db.session.execute(
            select(ImportJob.tenant_id, ImportJob.id, ImportJob.phase).where(
                ImportJob.status.in_(UNFINISHED), silent()
            )
        ).all()
        undoing = db.session.execute(
            select(ImportJob.tenant_id, ImportJob.id).where(
                ImportJob.undo["status"].astext == "running", silent()
            )
        ).all()
    queued = _places()
    resumed = 0
    for tenant_id, import_id, phase in stalled:
        with tenant_scope(tenant_id), transaction():
            if phase == "syncing":
                finish_if_synced(import_id)
            elif f"import-{tenant_id}-{import_id}" not in queued:
                enqueue_import(tenant_id, import_id)
                log.warning("import_resumed", extra={"import_id": import_id})
                resumed += 1
    for tenant_id, import_id in undoing:
        if f"undo-{tenant_id}-{import_id}" not in queued:
            with tenant_scope(tenant_id), transaction():
                enqueue_undo(tenant_id, import_id)
            resumed += 1
    return resumed


def _places() -> set[str]:
    """What has a place in the queue already: `import-TENANT-IMPORT`, `undo-TENANT-IMPORT`."""
    try:
        return {each.rpartition("-")[0] for each in queue(QUEUE).job_ids}
    except RedisError:
        return set()
