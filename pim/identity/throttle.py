"""How often a sign-in may be tried, per account and per address, counted in Redis for all.

An address may try ten times as often as an account: a whole office may share one.
When Redis doesn't answer, each process counts for itself: people can still sign in, and guessing
is still slowed down, only less (`docs/adr/0004-sign-in-without-redis.md`).
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
PEOPLE_PER_ADDRESS = 10
Key = tuple[str, str, str]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Throttle:
    """The limits, and the two places they may be counted in."""

    per_address: RateLimitItem
    per_account: RateLimitItem
    shared: MovingWindowRateLimiter
    alone: MovingWindowRateLimiter


def init_app(app: Flask, attempts: str) -> None:
    """Read the limit (`10/minute`); raises ValueError at start when it can't be read."""
    pool = app.extensions[REDIS].connection_pool
    limit = parse(attempts)
    app.extensions[EXTENSION] = Throttle(
        type(limit)(limit.amount * PEOPLE_PER_ADDRESS, limit.multiples),
        limit,
        MovingWindowRateLimiter(RedisStorage("redis://", connection_pool=pool, key_prefix="pim")),
        MovingWindowRateLimiter(MemoryStorage()),
    )


def count_attempt(address: str, account: str) -> None:
    """Count a try to sign in; raises RateLimited when there were too many."""
    known = _throttle()
    for limit, key in (
        (known.per_address, ("sign-in", "address", address)),
        (known.per_account, _key_of(account)),
    ):
        wait = _wait(known, limit, key)
        if wait:
            raise RateLimited(
                f"Too many tries to sign in. Please wait {wait} seconds.", retry_after=wait
            )


def forgive(account: str) -> None:
    """The account's owner has signed in: the tries before it count no more."""
    known = _throttle()
    try:
        known.shared.clear(known.per_account, *_key_of(account))
    except RedisError:
        known.alone.clear(known.per_account, *_key_of(account))


def _wait(known: Throttle, limit: RateLimitItem, key: Key) -> int:
    """Count one try; the seconds to wait before the next, 0 when this one is allowed."""
    try:
        return _hit(known.shared, limit, key)
    except RedisError:
        log.warning("sign_in_counted_by_this_process_alone", exc_info=True)
        return _hit(known.alone, limit, key)


def _hit(limiter: MovingWindowRateLimiter, limit: RateLimitItem, key: Key) -> int:
    if limiter.hit(limit, *key):
        return 0
    reset = limiter.get_window_stats(limit, *key).reset_time
    return max(1, math.ceil(reset - time.time()))


def _key_of(account: str) -> Key:
    """The e-mail address is hashed: the counters needn't be a list of who has an account."""
    hashed = hashlib.sha256(account.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return ("sign-in", "account", hashed)


def _throttle() -> Throttle:
    found: Throttle = current_app.extensions[EXTENSION]
    return found
