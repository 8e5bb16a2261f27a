"""Guessing passwords is slowed down, for all processes together."""

from __future__ import annotations

import multiprocessing
from collections import Counter

import pytest
from flask import Flask

from pim import create_app
from pim.config import Settings
from pim.core.errors import RateLimited
from pim.identity import throttle
from tests.factories.identity import (
    PASSWORD,
    TestTenant,
    elsewhere,
    make_member,
    token_on,
    unique,
)


@pytest.fixture
def without_redis(settings: Settings) -> Flask:
    """The application while nothing answers at the address of Redis."""
    return create_app(settings.model_copy(update={"redis_url": "redis://127.0.0.1:1/0"}))


def tries(app: Flask, address: str, account: str, count: int) -> list[bool]:
    """Whether each of `count` tries was allowed."""
    allowed = []
    with app.app_context():
        for _ in range(count):
            try:
                throttle.count_attempt(address, account)
            except RateLimited as refused:
                allowed.append(not 1 <= refused.extra["retry_after"] <= 60)
            else:
                allowed.append(True)
    return allowed


def _try_in_a_process_of_its_own(settings: Settings, account: str, results: object) -> None:
    app = create_app(settings)
    results.put(tries(app, unique("address"), account, 8))  # type: ignore[attr-defined]


def test_an_account_may_be_tried_ten_times_a_minute(app: Flask) -> None:
    account = unique("ada")
    assert tries(app, unique("a"), account, 10) == [True] * 10
    assert tries(app, unique("b"), account, 2) == [False] * 2
    assert tries(app, unique("c"), unique("grace"), 1) == [True]


def test_an_address_may_try_ten_times_as_often(app: Flask) -> None:
    """Enough for an office behind one address, too little to go through a list of accounts."""
    address = unique("office")
    allowed = [tries(app, address, unique("somebody"), 1)[0] for _ in range(105)]
    assert Counter(allowed) == {True: 100, False: 5}


def test_two_processes_count_together(settings: Settings) -> None:
    account = unique("ada")
    context = multiprocessing.get_context("spawn")
    results = context.SimpleQueue()
    processes = [
        context.Process(target=_try_in_a_process_of_its_own, args=(settings, account, results))
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    allowed = [*results.get(), *results.get()]
    for process in processes:
        process.join(timeout=60)
    assert Counter(allowed) == {True: 10, False: 6}


def test_a_sign_in_makes_earlier_tries_forgotten(app: Flask) -> None:
    account = unique("ada")
    tries(app, unique("a"), account, 10)
    with app.app_context():
        throttle.forgive(account)
    assert tries(app, unique("a"), account, 1) == [True]


def test_without_redis_a_process_counts_for_itself(
    without_redis: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    assert Counter(tries(without_redis, unique("a"), unique("ada"), 12)) == {True: 10, False: 2}
    assert "sign_in_counted_by_this_process_alone" in caplog.text


def test_without_redis_people_still_sign_in(
    app: Flask, without_redis: Flask, tenant: TestTenant
) -> None:
    ada = make_member(app, tenant)
    client = elsewhere(without_redis.test_client())
    token = token_on(client.get("/sign-in").text)
    answer = client.post(
        "/sign-in", data={"csrf_token": token, "email": ada.email, "password": PASSWORD}
    )
    assert answer.status_code == 303


def test_too_many_tries_are_answered_with_when_to_come_back(app: Flask, tenant: TestTenant) -> None:
    ada = make_member(app, tenant)
    client = elsewhere(app.test_client())
    token = token_on(client.get("/sign-in").text)
    form = {"csrf_token": token, "email": ada.email, "password": "guess"}
    answers = [client.post("/sign-in", data=form) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert "Too many tries" in answers[-1].text
    # Not even the right password gets in now: the answer would tell that it is right.
    assert client.post("/sign-in", data={**form, "password": PASSWORD}).status_code == 429


def test_a_limit_that_cannot_be_read_stops_the_start(settings: Settings) -> None:
    with pytest.raises(ValueError, match="often"):
        create_app(settings.model_copy(update={"sign_in_attempts": "often"}))
