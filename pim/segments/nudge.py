"""Let a worker look after what is due soon after a commit, not only at the next tick.

Of many who ask within a second one is heard. If Redis is away nothing is lost: the tick finds what
is due.
"""

from __future__ import annotations

import logging

from redis.exceptions import RedisError

from pim.core.db import on_commit
from pim.core.queue import queue, redis_client

log = logging.getLogger(__name__)

_JOB = "jobs.segments.compute_due"
QUEUE = "segments"
_ASKED = "pim:segments:asked"
# How long a job that got lost keeps others from being queued.
_FORGET_SECONDS = 5
_TIMEOUT_SECONDS = 3600


def soon() -> None:
    """Ask for a worker once the transaction in force has committed."""
    on_commit(_ask_if_possible)


def heard() -> None:
    """In the job: whoever asks from now on asks for another."""
    redis_client().delete(_ASKED)


def ask() -> None:
    """Put a job into the queue unless one is waiting there."""
    if redis_client().set(_ASKED, 1, nx=True, ex=_FORGET_SECONDS):
        queue(QUEUE).enqueue(_JOB, job_timeout=_TIMEOUT_SECONDS, result_ttl=0, failure_ttl=3600)


def _ask_if_possible() -> None:
    try:
        ask()
    except RedisError as error:
        log.warning("segments_nudge_lost", extra={"error": str(error)})
