"""Let a worker bring a change set soon after its commit, not only at the next tick.

Many edits in a moment are brought by one job: while one is waiting to start, no second is put in
the queue. If Redis is away nothing is lost, the tick finds the change set.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from redis.exceptions import RedisError

from pim.core.db import on_commit
from pim.core.queue import queue, redis_client

log = logging.getLogger(__name__)

_JOB = "jobs.analytics.sync_tenant"
_QUEUE = "analytics"
# How long a job waits for more edits, and how long a lost one keeps others from being queued.
_GATHER_SECONDS = 0.2
_FORGET_SECONDS = 20
_TIMEOUT_SECONDS = 3600


def change_set_written(tenant_id: int, **_: Any) -> None:
    """Listen to products: ask for a worker once the transaction has committed."""
    on_commit(lambda: _ask_if_possible(tenant_id))


def _ask_if_possible(tenant_id: int) -> None:
    try:
        ask_for(tenant_id)
    except RedisError as error:
        log.warning("analytics_nudge_lost", extra={"tenant": tenant_id, "error": str(error)})


def ask_for(tenant_id: int) -> None:
    """Put a job in the queue unless one is waiting there already."""
    if redis_client().set(_key(tenant_id), 1, nx=True, ex=_FORGET_SECONDS):
        queue(_QUEUE).enqueue(
            _JOB, args=[tenant_id], job_timeout=_TIMEOUT_SECONDS, result_ttl=0, failure_ttl=3600
        )


def gather(tenant_id: int) -> None:
    """In the job: wait a moment for more edits; later ones ask for a job of their own."""
    time.sleep(_GATHER_SECONDS)
    redis_client().delete(_key(tenant_id))


def _key(tenant_id: int) -> str:
    return f"pim:analytics:asked:{tenant_id}"
