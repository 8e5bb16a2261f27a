"""Segments on the workers: compute what is due, and tidy up behind it."""

from __future__ import annotations

import logging

from redis.exceptions import RedisError

from jobs.context import in_app
from jobs.queues import ANALYTICS, DEFAULT, IMPORTS
from pim.core.errors import Unavailable
from pim.core.queue import queue, redis_client
from pim.segments import nudge, schedule, tidying

log = logging.getLogger(__name__)

# Short work may wait so long for segments.
_PATIENCE_SECONDS = 1.0
# After a full turn segments leave the workers to imports that wait, for so long.
_REST_SECONDS = 3
_RESTING = "pim:segments:resting"


@in_app
def compute_due() -> None:
    """Compute what is due of all tenants, for some seconds."""
    nudge.heard()
    if redis_client().exists(_RESTING) and queue(IMPORTS).count:
        return
    try:
        more = schedule.compute_due(others_wait=_others_wait)
    except Unavailable as error:
        log.warning("segments_postponed", extra={"error": str(error)})
        return
    if more:
        redis_client().set(_RESTING, 1, ex=_REST_SECONDS)
        nudge.ask()


def _others_wait(elapsed: float) -> bool:
    """Whether an edit on its way to ClickHouse, or the like, has no worker but this one."""
    if elapsed < _PATIENCE_SECONDS:
        return False
    try:
        return any(queue(name).count for name in (ANALYTICS, DEFAULT))
    except RedisError:
        return False


@in_app
def tidy() -> None:
    """Remove sets of members that nobody reads any more, and history and events that are old."""
    try:
        tidying.tidy()
    except Unavailable as error:
        log.warning("segments_tidying_postponed", extra={"error": str(error)})
