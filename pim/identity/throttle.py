"""How often a sign-in may be tried, per address and per account, counted in Redis for all.

When Redis doesn't answer, each process counts for itself: people can still sign in, and guessing
is still slowed down, only less (`docs/adr/0003-sign-in-without-redis.md`).
"""

from __future__ import annotations

import hashlib
import logging
import math
import time
from dataclasses import dataclass

from flask import Flask, current_app
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from pim.core.errors import RateLimited
from pim.core.queue import EXTENSION as REDIS

EXTENSION = "pim.sign_in_throttle"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Throttle:
    """A limit, and the two places it may be counted in."""

    limit: RateLimitItem
    shared: MovingWindowRateLimiter
    alone: MovingWindowRateLimiter


def init_app(app: Flask, attempts: str) -> None:
    """Read the limit (`10/minute`); raises ValueError at start when it can't be read."""
    pool = app.extensions[REDIS].connection_pool
    app.extensions[EXTENSION] = Throttle(
        parse(attempts),
        MovingWindowRateLimiter(RedisStorage("redis://", connection_pool=pool, key_prefix="pim")),
        MovingWindowRateLimiter(MemoryStorage()),
    )


def count_attempt(address: str, account: str) -> None:
    """Count a try to sign in; raises RateLimited when there were too many."""
    for key in _keys(address, account):
        wait = _wait(key)
        if wait:
            raise RateLimited(
                f"Too many tries to sign in. Please wait {wait} seconds.", retry_after=wait
            )


def forgive(account: str) -> None:
    """The account's owner has signed in: the tries before it count no more."""
    known = _throttle()
    key = _keys("", account)[1]
    try:
        known.shared.clear(known.limit, *key)
    except RedisError:
        known.alone.clear(known.limit, *key)


def _wait(key: tuple[str, str, str]) -> int:
    """Count one try; the seconds to wait before the next, 0 when this one is allowed."""
    known = _throttle()
    try:
        return _hit(known.shared, known.limit, key)
    except RedisError:
        log.warning("sign_in_counted_by_this_process_alone", exc_info=True)
        return _hit(known.alone, known.limit, key)


def _hit(limiter: MovingWindowRateLimiter, limit: RateLimitItem, key: tuple[str, str, str]) -> int:
    if limiter.hit(limit, *key):
        return 0
    reset = limiter.get_window_stats(limit, *key).reset_time
    return max(1, math.ceil(reset - time.time()))


def _keys(address: str, account: str) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
    """The e-mail address is hashed: the counters needn't be a list of who has an account."""
    hashed = hashlib.sha256(account.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return ("sign-in", "address", address), ("sign-in", "account", hashed)


def _throttle() -> Throttle:
    found: Throttle = current_app.extensions[EXTENSION]
    return found
