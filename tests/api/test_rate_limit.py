"""A token is told where it stands, is stopped when it asks too often, and never by an outage."""

from __future__ import annotations

import pytest
from flask import Flask
from limits import parse
from limits.storage import RedisStorage
from limits.strategies import FixedWindowRateLimiter

from pim.api.ratelimit import EXTENSION, Limiter
from tests.api.conftest import PRODUCTS, Api, problem
from tests.factories.identity import make_api_key


@pytest.fixture
def limiter(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Limiter:
    """Three requests an hour."""
    usual: Limiter = app.extensions[EXTENSION]
    strict = Limiter(parse("3/hour"), usual.strategy)
    monkeypatch.setitem(app.extensions, EXTENSION, strict)
    return strict


def test_every_answer_says_how_many_requests_are_left(api: Api, limiter: Limiter) -> None:
    answer = api.get(PRODUCTS)
    assert answer.headers["RateLimit-Limit"] == "3"
    assert answer.headers["RateLimit-Remaining"] == "2"
    assert 0 < int(answer.headers["RateLimit-Reset"]) <= 3600
    assert answer.headers["RateLimit-Policy"] == "3;w=3600"
    assert api.get(PRODUCTS + "0/").headers["RateLimit-Remaining"] == "1"


def test_too_many_requests_are_429_and_say_when_to_come_back(api: Api, limiter: Limiter) -> None:
    for _ in range(3):
        assert api.get(PRODUCTS).status_code == 200
    answer = api.get(PRODUCTS)
    problem(answer, 429, "rate_limited")
    assert answer.headers["RateLimit-Remaining"] == "0"
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    other = Api(api.app, api.tenant, make_api_key(api.app, api.tenant))
    assert other.get(PRODUCTS).status_code == 200


def test_without_redis_nobody_is_stopped(
    api: Api, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = RedisStorage("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    down = Limiter(parse("1/hour"), FixedWindowRateLimiter(nowhere))
    monkeypatch.setitem(app.extensions, EXTENSION, down)
    for _ in range(3):
        answer = api.get(PRODUCTS)
        assert answer.status_code == 200
        assert "RateLimit-Limit" not in answer.headers
    assert down.resting_until > 0


def test_who_has_no_token_is_stopped_before_being_counted(app: Flask, limiter: Limiter) -> None:
    for _ in range(5):
        assert app.test_client().get(PRODUCTS).status_code == 401
