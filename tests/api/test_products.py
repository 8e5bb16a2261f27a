"""One product over the API: created, read, changed and deleted, with every digit kept."""

from __future__ import annotations

import json
import threading
import time
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.products import write
from pim.schema.models import ProductSchema
from tests.api.conftest import PRODUCTS, Api, problem


def address(product: dict[str, Any]) -> str:
    """Where a product is found."""
    return f"{PRODUCTS}{product['id']}/"


def test_a_product_is_created_where_its_location_says(api: Api) -> None:
    answer = api.post(
        PRODUCTS, {"sku": "Chair-1", "name": "Chair", "data": {"colour": "oak"}, "active": False}
    )
    made = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"] == address(made)
    assert answer.headers["ETag"] == f'"{made["version"]}"'
    assert made.keys() == {
        "id", "sku", "name", "data", "active", "source", "ai_readability_score", "version",
        "created_at", "updated_at",
    }  # fmt: skip
    assert (made["sku"], made["name"], made["active"]) == ("Chair-1", "Chair", False)
    assert (made["data"], made["source"]) == ({"colour": "oak"}, "api")
    assert api.get(address(made)).json == made


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0.1", "0.1"),
        ("19.990", "19.99"),
        ("1e20", "100000000000000000000"),
        ("12345678901234567890.123456789", "12345678901234567890.123456789"),
        ("9007199254740993", "9007199254740993"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("-0.07", "-0.07"),
    ],
)
def test_numbers_come_back_with_all_their_digits(api: Api, written: str, read: str) -> None:
    body = '{"sku": "N", "data": {"n": ' + written + ', "price": {"amount": 0.1}}}'
    made = api.post(PRODUCTS, raw=body)
    assert made.status_code == 201, made.text
    for answer in (made, api.get(address(made.json)), api.get(PRODUCTS)):
        assert f'"n":{read}' in answer.text
        assert '"amount":0.1' in answer.text


def test_a_number_no_field_can_hold_is_refused_by_its_name(api: Api) -> None:
    document = problem(api.post(PRODUCTS, raw='{"sku": "N", "data": {"n": 1e400}}'), 422)
    assert document["errors"][0]["path"] == "/data/n"


def test_a_taken_sku_is_a_conflict_whatever_its_case(api: Api) -> None:
    made = api.make("Ab-1")
    document = problem(api.post(PRODUCTS, {"sku": " aB-1 "}), 409, "sku_taken")
    assert document["product_id"] == made["id"]


def test_what_is_wrong_is_named_member_by_member(api: Api) -> None:
    document = problem(api.post(PRODUCTS, {"name": 5, "price": 3, "data": []}), 422)
    assert {(e["path"], e["code"]) for e in document["errors"]} == {
        ("/price", "unknown_member"),
        ("/data", "not_an_object"),
    }
    document = problem(api.post(PRODUCTS, {"sku": " ", "active": "perhaps"}), 422)
    assert [e["path"] for e in document["errors"]] == ["/sku", "/active"]
    problem(api.post(PRODUCTS, []), 400, "not_an_object")


@pytest.mark.parametrize("sku", ["Chair 1", "a/b", "/x", "50%", "ä?#&", "a//b"])
def test_a_product_is_found_by_its_sku_in_any_case(api: Api, sku: str) -> None:
    made = api.make(sku)
    for written in (sku, sku.upper()):
        answer = api.get(f"{PRODUCTS}by-sku/{quote(written, safe='')}/")
        assert answer.status_code == 200, answer.text
        assert answer.json == made


@pytest.mark.parametrize("sku", ["nothing", "%00", "%ff", "\u00e9"])
def test_a_sku_nobody_has_is_not_found(api: Api, sku: str) -> None:
    problem(api.get(f"{PRODUCTS}by-sku/{sku}/"), 404, "not_found")


def test_patch_merges_and_null_unsets(api: Api) -> None:
    made = api.make("A", name="Chair", data={"colour": "oak", "legs": "4", "tags": ["a", "b"]})
    answer = api.send("PATCH", address(made), {"data": {"legs": None, "seats": "1", "tags": ["c"]}})
    assert answer.status_code == 200
    assert answer.json["data"] == {"colour": "oak", "seats": "1", "tags": ["c"]}
    assert answer.json["name"] == "Chair"
    assert answer.json["version"] > made["version"]


def test_put_replaces_the_data_and_keeps_what_is_not_sent(api: Api) -> None:
    made = api.make("A", name="Chair", data={"colour": "oak"}, active=False)
    answer = api.send("PUT", address(made), {"data": {"legs": "4"}})
    assert answer.json["data"] == {"legs": "4"}
    assert (answer.json["sku"], answer.json["name"], answer.json["active"]) == ("A", "Chair", False)
    problem(api.send("PUT", address(made), {"name": "No data"}), 422)


def test_what_was_read_can_be_sent_back_as_it_is(api: Api) -> None:
    made = api.make("A", name="Chair", data={"n": 0.1})
    answer = api.send("PUT", address(made), made)
    assert answer.json == made


def test_a_rename_into_another_products_sku_is_a_conflict(api: Api) -> None:
    made = api.make("A")
    api.make("B")
    problem(api.send("PATCH", address(made), {"sku": "b"}), 409, "sku_taken")
    assert api.send("PATCH", address(made), {"sku": "a"}).json["sku"] == "a"


def test_a_stale_edit_is_412_and_shows_what_is_there_now(api: Api) -> None:
    made = api.make("A", data={"colour": "oak"})
    seen = api.get(address(made)).headers["ETag"]
    now = api.send("PATCH", address(made), {"name": "Mine"}, headers={"If-Match": seen})
    assert now.status_code == 200
    for method, body in (("PATCH", {"name": "Yours"}), ("PUT", {"data": {}}), ("DELETE", None)):
        answer = api.send(method, address(made), body, headers={"If-Match": seen})
        document = problem(answer, 412, "stale_version")
        assert document["current"] == now.json
    assert api.get(address(made)).json == now.json


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("*", 200),
        ('"0", {etag}', 200),
        ("{etag}", 200),
        ("W/{etag}", 412),
        ('"0"', 412),
        ('"0", "1"', 412),
        ('"abc"', 412),
        ("abc", 412),
    ],
)
def test_if_match_is_understood_in_all_its_forms(api: Api, header: str, status: int) -> None:
    made = api.make("A")
    header = header.replace("{etag}", f'"{made["version"]}"')
    answer = api.send("PATCH", address(made), {"name": "x"}, headers={"If-Match": header})
    assert answer.status_code == status, answer.text


def test_a_get_of_what_is_known_already_is_304(api: Api) -> None:
    made = api.make("A")
    etag = api.get(address(made)).headers["ETag"]
    answer = api.get(address(made), headers={"If-None-Match": etag})
    assert (answer.status_code, answer.data) == (304, b"")
    api.send("PATCH", address(made), {"name": "x"})
    assert api.get(address(made), headers={"If-None-Match": etag}).status_code == 200


def test_a_deleted_product_is_gone(api: Api) -> None:
    made = api.make("A")
    answer = api.send("DELETE", address(made))
    assert (answer.status_code, answer.data) == (204, b"")
    problem(api.get(address(made)), 404)
    problem(api.send("DELETE", address(made)), 404)
    assert api.make("A")["id"] != made["id"]


def test_a_delete_waits_for_an_edit_under_way_and_then_is_stale(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = api.make("A")
    seen = {"If-Match": f'"{made["version"]}"'}
    write_edit, edited = write.apply_change_set, threading.Event()

    def slow(*given: Any, **more: Any) -> Any:
        result = write_edit(*given, **more)
        edited.set()
        time.sleep(0.3)
        return result

    monkeypatch.setattr(write, "apply_change_set", slow)
    body = {"name": "Edited"}
    edit = threading.Thread(target=lambda: api.send("PATCH", address(made), body))
    edit.start()
    edited.wait(5)
    problem(api.send("DELETE", address(made), headers=seen), 412, "stale_version")
    edit.join()
    assert api.get(address(made)).json["name"] == "Edited"


def test_fields_narrows_the_data_alone(api: Api) -> None:
    made = api.make("A", data={"colour": "oak", "legs": "4"})
    narrow = api.get(address(made) + "?fields=colour,nothing").json
    assert narrow == {**made, "data": {"colour": "oak"}}
    assert api.get(PRODUCTS + "?fields=legs").json["items"][0]["data"] == {"legs": "4"}


def test_values_are_stored_in_the_form_of_their_type(api: Api) -> None:
    fields = [
        {"name": "price", "type": "price", "required": False, "description": ""},
        {"name": "weight", "type": "number", "required": True, "description": ""},
    ]
    with api.app.app_context(), transaction(), tenant_scope(api.tenant.id):
        db.session.merge(ProductSchema(tenant_id=api.tenant.id, fields=fields))
    made = api.make("A", data={"price": "19,99 €", "weight": "1.5"})
    assert json.dumps(made["data"]["price"]) == '{"amount": 19.99, "currency": "EUR"}'
    assert Decimal(str(made["data"]["weight"])) == Decimal("1.5")
    document = problem(api.post(PRODUCTS, {"sku": "B", "data": {"price": "cheap"}}), 422)
    assert {e["path"] for e in document["errors"]} == {"/data/price", "/data/weight"}
