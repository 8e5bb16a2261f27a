"""How many requests a token may make, counted in Redis so that all processes count together.

Headers as in draft-ietf-httpapi-ratelimit-headers-07 (`RateLimit-Limit`, `-Remaining`, `-Reset`
in seconds, `RateLimit-Policy`). Without Redis nobody is refused: an outage of the counter must
not become an outage of the API.
"""

from __future__ import annotations

import logging
import math
import time
from dataclasses import dataclass

from flask import Flask, Response, current_app, request
from limits import RateLimitItem, parse
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from pim.core import settings
from pim.core.errors import NotSignedIn, RateLimited
from pim.core.queue import redis_client
from pim.identity.access import current_actor

EXTENSION = "pim.api.limiter"
STANDING = "pim.api.standing"
PAUSE_SECONDS = 5.0
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Limiter:
    """The limit and where it is counted. After a failure it rests, so that requests don't wait."""

    item: RateLimitItem
    strategy: FixedWindowRateLimiter
    resting_until: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a token stands: requests allowed, requests left, seconds until all are back."""

    amount: int
    window: int
    remaining: int
    reset: int
    allowed: bool


def init_app(app: Flask) -> None:
    """Read the limit from the settings; nothing connects yet."""
    with app.app_context():
        storage = RedisStorage(
            settings().redis_url,
            connection_pool=redis_client().connection_pool,
            key_prefix="pim:limits",
        )
        item = parse(settings().api_rate_limit)
    app.extensions[EXTENSION] = Limiter(item, FixedWindowRateLimiter(storage))


def count_request() -> None:
    """Count this request; raises RateLimited when its token has made too many."""
    standing = _hit(_who())
    request.environ[STANDING] = standing
    if standing and not standing.allowed:
        raise RateLimited(
            f"More than {standing.amount} requests in {standing.window} seconds. "
            f"Try again in {standing.reset} seconds.",
            retry_after=standing.reset,
        )


def _who() -> str:
    try:
        actor = current_actor()
    except NotSignedIn:
        return f"address:{request.remote_addr}"
    if actor.api_key_id is not None:
        return f"key:{actor.api_key_id}"
    return f"user:{actor.tenant_id}:{actor.user_id}"


def _hit(who: str) -> Standing | None:
    limiter: Limiter = current_app.extensions[EXTENSION]
    if time.monotonic() < limiter.resting_until:
        return None
    try:
        allowed = limiter.strategy.hit(limiter.item, "api", who)
        stats = limiter.strategy.get_window_stats(limiter.item, "api", who)
    except (RedisError, OSError):
        limiter.resting_until = time.monotonic() + PAUSE_SECONDS
        log.warning("rate_limit_not_counted", exc_info=True)
        return None
    reset = max(1, math.ceil(stats.reset_time - time.time()))
    window = limiter.item.get_expiry()
    return Standing(
        limiter.item.amount, window, max(0, stats.remaining), min(reset, window), allowed
    )


def add_headers(response: Response) -> Response:
    """Tell every client where it stands, refused or not."""
    standing: Standing | None = request.environ.get(STANDING)
    if standing:
        response.headers["RateLimit-Limit"] = str(standing.amount)
        response.headers["RateLimit-Remaining"] = str(standing.remaining)
        response.headers["RateLimit-Reset"] = str(standing.reset)
        response.headers["RateLimit-Policy"] = f"{standing.amount};w={standing.window}"
    return response


LIMIT_HEADERS = {
    name: {"description": description, "schema": {"type": "integer"}}
    for name, description in {
        "RateLimit-Limit": "Requests this token may make in a window.",
        "RateLimit-Remaining": "Requests it has left in this window.",
        "RateLimit-Reset": "Seconds until it has all of them again.",
    }.items()
}
