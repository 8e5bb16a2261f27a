"""Whose turn it is: which of all tenants' waiting imports a free worker takes next.

A place in the queue only says that somebody waits. Who that is, is looked up here when a worker has
time: tenants none of whose imports runs come first, and among those the import that is soon over,
but every second of waiting counts as much as a second of work. A worker that has been at one import
for a while goes on with it later when others wait and no worker is free for them.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from redis.exceptions import RedisError
from rq import Worker
from rq.worker import WorkerStatus
from sqlalchemy import text

from pim.core import settings
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.queue import redis_client
from pim.core.tenancy import current_tenant_id, system_scope
from pim.imports.lease import CHECKING, IMPORTING, Lease, hold

log = logging.getLogger(__name__)

Work = Callable[[int, int], bool]
QUEUE = "imports"
# What an import is taken to write a second, to compare a file's size with time waited.
BYTES_A_SECOND = 4_000_000

# Waiting: handed in and not begun, put back, or begun by a worker that is gone.
_WAITING = """
WITH live AS (
    SELECT tenant_id, count(*) AS running FROM import_jobs
    WHERE status IN ('importing', 'checking') AND phase <> 'syncing' AND heartbeat_at >= :silent
    GROUP BY tenant_id
)
SELECT j.tenant_id, j.id, j.status, greatest(0, j.file_size - j.bytes_done) AS left_bytes
FROM import_jobs j LEFT JOIN live ON live.tenant_id = j.tenant_id
WHERE j.status = 'pending'
   OR j.status IN ('importing', 'checking') AND j.phase <> 'syncing'
      AND (j.heartbeat_at IS NULL OR j.heartbeat_at < :silent)
ORDER BY coalesce(live.running, 0),
         greatest(0, j.file_size - j.bytes_done) / :speed
         - extract(epoch FROM :now - coalesce(j.heartbeat_at, :now)),
         j.id
LIMIT 20
"""


def waiting() -> list[tuple[int, int, str]]:
    """(tenant, import, status) of those that wait for a worker, whose turn it is first."""
    return [(row.tenant_id, row.id, row.status) for row in _waiting()]


def take_turn(asked: tuple[int, int], *, run: Work, check: Work) -> None:
    """Work on the import whose turn it is; on the one that asked when none is known to wait.

    run, check: work on one import of a tenant; False for one that another worker has got by now,
    as two that come at once see the same ones wait.
    """
    for tenant_id, import_id, status in (*waiting(), (*asked, IMPORTING)):
        if (check if status == CHECKING else run)(tenant_id, import_id):
            return


def _waiting() -> list[Any]:
    moment = now()
    silent = moment - timedelta(seconds=settings().import_stalled_seconds)
    params = {"silent": silent, "now": moment, "speed": BYTES_A_SECOND}
    with system_scope(), transaction():
        return list(db.session.execute(text(_WAITING), params))


class OthersWait:
    """Asks, once a worker has been at an import for a while, whether somebody else needs it.

    A turn is several times as long as what comes before its first chunk, which the next turn has
    to do again.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._first_chunk: float | None = None

    def __call__(self, lease: Lease) -> bool:
        """Whether the import should make room: for other tenants, and for smaller files."""
        if not self._is_long():
            return False
        mine = current_tenant_id()
        left = bytes_left(lease.import_id)
        others = [row for row in _waiting() if row.tenant_id != mine or row.left_bytes < left]
        return bool(others) and free_workers() < len(others)

    def _is_long(self) -> bool:
        moment, wanted = time.monotonic(), settings().import_turn_seconds
        if self._first_chunk is None:
            self._first_chunk = moment
        preparing = self._first_chunk - self._began
        return moment - self._first_chunk >= (max(wanted, 4 * preparing) if wanted else 0)


def bytes_left(import_id: int) -> int:
    """How much of its file an import has not come to."""
    found = db.session.execute(
        text(
            "SELECT greatest(0, file_size - bytes_done) FROM import_jobs "
            "WHERE tenant_id = :tenant AND id = :id"
        ),
        {"tenant": current_tenant_id(), "id": import_id},
    ).scalar()
    db.session.rollback()
    return int(found or 0)


def free_workers() -> int:
    """How many workers could begin an import at once; none when Redis can't be asked."""
    try:
        return workers()[1]
    except RedisError:
        return 0


def workers() -> tuple[int, int]:
    """How many workers do imports, and how many of them are free; raises RedisError."""
    states = [
        worker.get_state()
        for worker in Worker.all(connection=redis_client())
        if QUEUE in worker.queue_names()
    ]
    return len(states), states.count(WorkerStatus.IDLE)


def place_of(import_id: int) -> int:
    """How many wait before this import."""
    ids = [found for _, found, _ in waiting()]
    return ids.index(import_id) if import_id in ids else len(ids)


def make_room(lease: Lease) -> None:
    """Put an import back among those that wait, in the caller's transaction.

    Raises LeaseLost when it isn't held any more.
    """
    if lease.status == IMPORTING:
        hold(lease, status="pending")
        return
    hold(lease)
    # A check has no state in which it waits: it counts as one whose worker is gone.
    db.session.execute(
        text("UPDATE import_jobs SET heartbeat_at = NULL WHERE tenant_id = :tenant AND id = :id"),
        {"tenant": current_tenant_id(), "id": lease.import_id},
    )
