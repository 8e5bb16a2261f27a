"""Let a worker bring a change set soon after its commit, not only at the next tick.

Many edits in a moment are brought by one job: while one is waiting to start, no second is put in
the queue. Nor while one listens, as it does during an import: that one is woken. If Redis is away
nothing is lost, the tick finds the change set.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
    """Put a job in the queue unless one is waiting there already, or listening."""
    redis = redis_client()
    if redis.set(_key(tenant_id), 1, nx=True, ex=_FORGET_SECONDS):
        queue(_QUEUE).enqueue(
            _JOB, args=[tenant_id], job_timeout=_TIMEOUT_SECONDS, result_ttl=0, failure_ttl=3600
        )
    else:
        with redis.pipeline() as together:
            together.lpush(_bell(tenant_id), 1)
            together.ltrim(_bell(tenant_id), 0, 0)
            together.expire(_bell(tenant_id), _FORGET_SECONDS)
            together.execute()


def gather(tenant_id: int, *, at_once: bool = False) -> None:
    """In the job: wait a moment for more edits; later ones ask for a job of their own."""
    if not at_once:
        time.sleep(_GATHER_SECONDS)
    redis_client().delete(_key(tenant_id), _bell(tenant_id))


@contextmanager
def listening(tenant_id: int) -> Iterator[Callable[[float], bool]]:
    """Be the one who is asked. Gives what waits so many seconds, and says whether somebody asked.

    Who asks just before the end may be heard by nobody: look once more after it.
    """
    redis = redis_client()

    def asked_within(seconds: float) -> bool:
        redis.set(_key(tenant_id), 1, ex=_FORGET_SECONDS)
        return redis.blpop([_bell(tenant_id)], timeout=seconds) is not None

    try:
        yield asked_within
    finally:
        redis.delete(_key(tenant_id), _bell(tenant_id))


def _key(tenant_id: int) -> str:
    return f"pim:analytics:asked:{tenant_id}"


def _bell(tenant_id: int) -> str:
    return f"pim:analytics:bell:{tenant_id}"
