"""Many products in one request: what became of each, and counts that add up."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy.exc import OperationalError

from pim.api import ndjson
from pim.api.v1 import products_bulk
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.products import service
from pim.schema.models import ProductSchema
from tests.api.conftest import BULK, PRODUCTS, Api, problem

NDJSON = "application/x-ndjson"


def statuses(answer: Any) -> list[str]:
    """The status of each product, in order."""
    return [result["status"] for result in answer.json["results"]]


def counts(document: dict[str, Any]) -> tuple[int, int, int, int]:
    """(created, updated, unchanged, failed)."""
    return tuple(document[k] for k in ("created", "updated", "unchanged", "failed"))  # type: ignore[return-value]


def lines(answer: Any) -> list[dict[str, Any]]:
    """The documents of an answer in lines."""
    return [json.loads(line) for line in answer.data.splitlines()]


def test_each_product_says_what_became_of_it_and_the_counts_add_up(api: Api) -> None:
    api.make("same", name="Same", data={"colour": "oak"})
    api.make("other", name="Before")
    answer = api.post(
        BULK,
        {
            "products": [
                {"sku": "SAME", "name": "Same", "colour": "oak"},
                {"sku": "other", "name": "After"},
                {"sku": "new", "name": "New", "active": False, "price": "1"},
                {"name": "without"},
                "not a product",
                {"sku": "bad", "active": "perhaps"},
            ]
        },
    )
    assert answer.status_code == 200
    document = answer.json
    assert counts(document) == (1, 1, 1, 3)
    assert statuses(answer) == ["unchanged", "updated", "created", "failed", "failed", "failed"]
    assert [r["index"] for r in document["results"]] == list(range(6))
    assert document["results"][0]["sku"] == "SAME"
    assert isinstance(document["change_set_id"], int)
    errors = [error for result in document["results"] for error in result["errors"]]
    assert [(e["path"], e["code"]) for e in errors] == [
        ("/products/3/sku", "required"),
        ("/products/4", "not_an_object"),
        ("/products/5/active", errors[2]["code"]),
    ]
    new = api.get(PRODUCTS + "by-sku/new/").json
    assert (new["active"], new["data"], new["source"]) == (False, {"price": "1"}, "api")


def test_errors_point_at_the_value(api: Api) -> None:
    _vocabulary(api, price="price", weight="number")
    answer = api.post(
        BULK,
        {
            "products": [
                {"sku": "a", "price": {"amount": "cheap", "currency": "EUR"}},
                {"sku": "b", "weight": "heavy", "price": 5},
            ]
        },
    )
    paths = [[e["path"] for e in r["errors"]] for r in answer.json["results"]]
    assert paths[0][0].startswith("/products/0/price")
    assert paths[1] == ["/products/1/weight"]


def test_of_one_sku_the_last_wins_and_the_others_say_so(api: Api) -> None:
    products = [{"sku": s, "n": str(i)} for i, s in enumerate(["x", "y", "X ", "x"])]
    answer = api.post(BULK, {"products": products})
    assert counts(answer.json) == (2, 0, 2, 0)
    assert statuses(answer) == ["unchanged", "created", "unchanged", "created"]
    superseded = [r.get("superseded", False) for r in answer.json["results"]]
    assert superseded == [True, False, True, False]
    assert api.get(PRODUCTS + "by-sku/x/").json["data"] == {"n": "3"}


def test_a_wrong_product_does_not_take_the_place_of_a_right_one(api: Api) -> None:
    products = [{"sku": "x", "n": "right"}, {"sku": "x", "active": "perhaps"}]
    answer = api.post(BULK, {"products": products})
    assert statuses(answer) == ["created", "failed"]
    assert api.get(PRODUCTS + "by-sku/x/").json["data"] == {"n": "right"}


def test_unknown_fields_are_kept_and_reported(api: Api) -> None:
    _vocabulary(api, colour="string")
    answer = api.post(
        BULK, {"products": [{"sku": "a", "colour": "oak", "shape": "round"}, {"sku": "b"}]}
    )
    assert answer.json["unknown_fields"] == ["shape"]
    assert answer.json["results"][0]["unknown_fields"] == ["shape"]
    assert "unknown_fields" not in answer.json["results"][1]
    assert api.get(PRODUCTS + "by-sku/a/").json["data"] == {"colour": "oak", "shape": "round"}


def test_values_that_are_not_sent_stay_and_null_unsets(api: Api) -> None:
    api.make("a", name="Name", data={"x": "1", "y": "2"})
    answer = api.post(BULK, {"products": [{"sku": "a", "y": None, "z": "3"}]})
    assert statuses(answer) == ["updated"]
    product = api.get(PRODUCTS + "by-sku/a/").json
    assert (product["name"], product["data"]) == ("Name", {"x": "1", "z": "3"})


def test_results_failed_leaves_the_others_out(api: Api) -> None:
    body = {"products": [{"sku": "a"}, {}, {"sku": "b"}]}
    answer = api.post(BULK + "?results=failed", body)
    assert counts(answer.json) == (2, 0, 0, 1)
    assert [r["index"] for r in answer.json["results"]] == [1]


def test_reject_writes_all_or_nothing(api: Api) -> None:
    body = {"products": [{"sku": "a"}, {"name": "without"}, {"sku": "c", "active": "perhaps"}]}
    document = problem(api.post(BULK + "?on_error=reject", body), 422, "invalid")
    assert [e["path"] for e in document["errors"]] == ["/products/1/sku", "/products/2/active"]
    assert api.get(PRODUCTS).json["items"] == []
    body["products"] = body["products"][:1]
    assert api.post(BULK + "?on_error=reject", body).json["created"] == 1


def test_text_that_cannot_be_stored_fails_its_product_alone(api: Api) -> None:
    raw = r'{"products": [{"sku": "a", "x": "\u0000"}, {"sku": "\ud800"}, {"sku": "c", "\udc00": 1}'
    answer = api.post(BULK, raw=raw + r', {"sku": "d", "x": "\ud83d\ude00"}]}')
    assert statuses(answer) == ["failed", "failed", "failed", "created"]
    assert {e["code"] for r in answer.json["results"] for e in r["errors"]} == {"invalid_text"}
    assert api.get(PRODUCTS + "by-sku/d/").json["data"] == {"x": "😀"}


@pytest.mark.parametrize("body", [{}, [], {"products": None}, {"products": {}}, {"product": []}, 5])
def test_a_body_of_another_shape_is_refused(api: Api, body: Any) -> None:
    assert problem(api.post(BULK, body), 422)["errors"][0]["path"] == "/products"


def test_options_in_the_body_are_refused_instead_of_ignored(api: Api) -> None:
    document = problem(api.post(BULK, {"products": [], "on_error": "reject"}), 422)
    assert document["errors"][0]["path"] == "/on_error"
    problem(api.post(BULK + "?on_error=stop", {"products": []}), 400, "bad_parameter")


def test_no_products_at_all_is_fine(api: Api) -> None:
    answer = api.post(BULK, {"products": []})
    assert counts(answer.json) == (0, 0, 0, 0)
    assert answer.json["results"] == []


def test_ten_thousand_products_go_into_one_request(api: Api) -> None:
    products = [{"sku": f"S{i}", "weight": i / 8} for i in range(10_000)]
    assert counts(api.post(BULK + "?results=failed", {"products": products}).json) == (
        10_000, 0, 0, 0,
    )  # fmt: skip
    products[5]["weight"] = 99
    assert counts(api.post(BULK + "?results=failed", {"products": products}).json) == (
        0, 1, 9_999, 0,
    )  # fmt: skip


def test_lines_are_answered_line_by_line_in_order(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(products_bulk, "LINES_AT_ONCE", 3)
    api.make("same", name="Same")
    raw = "\n".join(
        [
            '{"sku": "a"}',
            '{"sku": "same", "name": "Same"}',
            '{"sku": "bad", ',
            "",
            '{"sku": "same", "name": "Other"}',
            '{"sku": "a", "sku": "b"}',
            "[]",
            '{"sku": "A", "x": "late"}',
        ]
    )
    answer = api.post(BULK, raw=raw, kind=NDJSON)
    assert answer.content_type.startswith(NDJSON)
    found = lines(answer)
    assert [line["index"] for line in found] == list(range(7))
    assert [line["status"] for line in found] == [
        "created", "unchanged", "failed", "updated", "failed", "failed", "updated",
    ]  # fmt: skip
    assert found[2]["errors"][0]["code"] == "json_syntax"
    assert found[4]["errors"][0]["path"] == "/products/4/sku"
    assert api.get(PRODUCTS + "by-sku/a/").json["data"] == {"x": "late"}


def test_lines_can_be_told_to_say_only_what_failed(api: Api) -> None:
    answer = api.post(BULK + "?results=failed", raw='{"sku":"a"}\n{}\n{"sku":"b"}\n', kind=NDJSON)
    assert [line["index"] for line in lines(answer)] == [1]


def test_lines_are_read_while_they_come(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products_bulk, "LINES_AT_ONCE", 2)
    monkeypatch.setattr(ndjson, "LINES_A_BLOCK", 1)
    body = Watched([json.dumps({"sku": f"s{index}"}).encode() + b"\n" for index in range(10)])
    answer = api.app.test_client().post(
        BULK,
        environ_overrides={"wsgi.input": body, "wsgi.input_terminated": True},
        content_type=NDJSON,
        headers={"Authorization": f"Bearer {api.key}"},
        buffered=False,
    )
    first = next(answer.iter_encoded())
    assert json.loads(first)["status"] == "created"
    assert 0 < body.given < 10
    answer.close()


class Watched(io.RawIOBase):
    """A body that comes line by line and counts how many were taken."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines, self.given = lines, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        if self.given == len(self.lines):
            return 0
        line = self.lines[self.given]
        self.given += 1
        buffer[: len(line)] = line
        return len(line)


def test_rejecting_lines_is_all_or_nothing_too(api: Api) -> None:
    raw = '{"sku":"a"}\n{}\n'
    document = problem(api.post(BULK + "?on_error=reject", raw=raw, kind=NDJSON), 422, "invalid")
    assert document["errors"][0]["path"] == "/products/1/sku"
    assert api.get(PRODUCTS).json["items"] == []
    answer = api.post(BULK + "?on_error=reject", raw='{"sku":"a"}', kind=NDJSON)
    assert [line["status"] for line in lines(answer)] == ["created"]


def test_an_error_midway_is_the_last_line(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products_bulk, "LINES_AT_ONCE", 1)
    write, calls = products_bulk._write_group, []

    def fails_at_the_second(*given: Any) -> Any:
        calls.append(given)
        if len(calls) == 2:
            raise RuntimeError("the inside of the house")
        return write(*given)

    monkeypatch.setattr(products_bulk, "_write_group", fails_at_the_second)
    answer = api.post(BULK, raw='{"sku":"a"}\n{"sku":"b"}\n{"sku":"c"}\n', kind=NDJSON)
    found = lines(answer)
    assert found[0]["status"] == "created"
    assert found[1]["error"]["code"] == "internal_error"
    assert len(found) == 2
    assert "inside of the house" not in answer.text


def test_deadlocks_are_tried_again(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    upsert, calls = service.bulk_upsert, []

    def deadlocks_once(*given: Any, **more: Any) -> Any:
        calls.append(given)
        if len(calls) == 1:
            raise OperationalError("…", {}, DeadlockDetected("deadlock detected"))
        return upsert(*given, **more)

    monkeypatch.setattr(service, "bulk_upsert", deadlocks_once)
    assert api.post(BULK, {"products": [{"sku": "a"}]}).json["created"] == 1
    assert len(calls) == 2


def _vocabulary(api: Api, **types: str) -> None:
    fields = [
        {"name": name, "type": kind, "required": False, "description": ""}
        for name, kind in types.items()
    ]
    with api.app.app_context(), transaction(), tenant_scope(api.tenant.id):
        db.session.merge(ProductSchema(tenant_id=api.tenant.id, fields=fields))
