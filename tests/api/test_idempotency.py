"""A POST that is sent twice with one key does its work once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from pim.api import idempotency
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from pim.products import service
from tests.api.conftest import BULK, PRODUCTS, Api, problem


def keyed(key: str = "key-1") -> dict[str, str]:
    """The header."""
    return {idempotency.HEADER: key}


def test_the_first_answer_comes_again(api: Api) -> None:
    first = api.post(PRODUCTS, {"sku": "A", "name": "Chair"}, headers=keyed())
    again = api.post(PRODUCTS, {"sku": "A", "name": "Chair"}, headers=keyed())
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.data == first.data
    assert again.headers[idempotency.REPLAYED] == "true"
    assert idempotency.REPLAYED not in first.headers
    for name in ("Location", "ETag", "Content-Type"):
        assert again.headers[name] == first.headers[name]


def test_a_bulk_request_sent_again_reports_what_it_created_the_first_time(api: Api) -> None:
    body = {"products": [{"sku": "a"}, {"sku": "b"}, {}]}
    first = api.post(BULK, body, headers=keyed())
    again = api.post(BULK, body, headers=keyed())
    assert again.json == first.json
    assert (again.json["created"], again.json["failed"]) == (2, 1)
    assert api.post(BULK, body).json["unchanged"] == 2


def test_the_same_key_with_another_body_or_address_is_422(api: Api) -> None:
    api.post(PRODUCTS, {"sku": "A"}, headers=keyed())
    for path, body in (
        (PRODUCTS, {"sku": "B"}),
        (BULK, {"products": []}),
        (PRODUCTS + "?x=1", {"sku": "A"}),
    ):
        document = problem(api.post(path, body, headers=keyed()), 422)
        assert document["errors"][0]["code"] == "idempotency_key_reused"
    assert api.get(PRODUCTS + "?count=true").json["count"] == 1


def test_keys_of_two_tokens_have_nothing_to_do_with_each_other(
    api: Api, api_as: Callable[[Role], Api]
) -> None:
    other = api_as(Role.EDITOR)
    assert api.post(PRODUCTS, {"sku": "A"}, headers=keyed()).status_code == 201
    assert other.post(PRODUCTS, {"sku": "B"}, headers=keyed()).status_code == 201


def test_a_refused_request_may_be_corrected_under_its_key(api: Api) -> None:
    problem(api.post(PRODUCTS, {"sku": ""}, headers=keyed()), 422)
    assert api.post(PRODUCTS, {"sku": "A"}, headers=keyed()).status_code == 201


def test_a_failure_leaves_neither_work_nor_key_behind(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = service.create_product

    def dies_after_writing(*given: Any, **more: Any) -> Any:
        create(*given, **more)
        raise RuntimeError("power cut")

    monkeypatch.setattr(service, "create_product", dies_after_writing)
    problem(api.post(PRODUCTS, {"sku": "A"}, headers=keyed()), 500)
    monkeypatch.undo()
    assert api.get(PRODUCTS).json["items"] == []
    assert api.post(PRODUCTS, {"sku": "A"}, headers=keyed()).status_code == 201


def test_after_a_day_a_key_is_new_again(api: Api) -> None:
    first = api.post(PRODUCTS, {"sku": "A"}, headers=keyed())
    _age(api, timedelta(hours=23))
    assert api.post(PRODUCTS, {"sku": "A"}, headers=keyed()).data == first.data
    _age(api, timedelta(hours=25))
    problem(api.post(PRODUCTS, {"sku": "A"}, headers=keyed()), 409, "sku_taken")


def _age(api: Api, age: timedelta) -> None:
    with api.app.app_context(), transaction(), tenant_scope(api.tenant.id):
        statement = text("UPDATE idempotency_keys SET created_at = :at")
        db.session.execute(statement, {"at": now() - age})


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "a b", "ä"])
def test_a_key_that_is_none_is_refused(api: Api, key: str) -> None:
    problem(api.post(PRODUCTS, {"sku": "A"}, headers=keyed(key)), 400, "bad_idempotency_key")


def test_lines_do_not_take_a_key(api: Api) -> None:
    answer = api.post(BULK, raw='{"sku":"a"}', kind="application/x-ndjson", headers=keyed())
    problem(answer, 400, "idempotency_key_not_supported")
    assert api.get(PRODUCTS).json["items"] == []


def test_two_at_once_do_the_work_once_and_get_the_same_answer(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    upsert, calls = service.bulk_upsert, []

    def slow(*given: Any, **more: Any) -> Any:
        calls.append(given)
        time.sleep(0.4)
        return upsert(*given, **more)

    monkeypatch.setattr(service, "bulk_upsert", slow)
    answers: list[Any] = []

    def send() -> None:
        answers.append(api.post(BULK, {"products": [{"sku": "a"}]}, headers=keyed()))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.data for answer in answers}) == 1
    assert json.loads(answers[0].data)["created"] == 1


def test_who_waits_too_long_for_the_first_one_is_told(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "WAIT_MS", 100)
    upsert, began = service.bulk_upsert, threading.Event()

    def slow(*given: Any, **more: Any) -> Any:
        began.set()
        time.sleep(0.8)
        return upsert(*given, **more)

    monkeypatch.setattr(service, "bulk_upsert", slow)
    body = {"products": [{"sku": "a"}]}
    first = threading.Thread(target=lambda: api.post(BULK, body, headers=keyed()))
    first.start()
    began.wait(5)
    problem(api.post(BULK, body, headers=keyed()), 409, "still_running")
    first.join()
    assert api.post(BULK, body, headers=keyed()).json["created"] == 1
