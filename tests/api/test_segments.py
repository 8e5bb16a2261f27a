"""Segments over the API: made, read, changed, deleted, and every way to be refused."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import insert

from pim.analytics.client import clickhouse
from pim.analytics.models import AttributeColumn
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from pim.schema.fields import Field, Vocabulary
from pim.schema.service import save_schema
from pim.segments.compute import compute_segment
from tests.api.conftest import Api, problem
from tests.api.shop import (
    LUMO,
    SEGMENTS,
    a_product,
    either,
    every,
    made,
    one,
    open_shop,
    put,
    where,
)
from tests.factories.identity import make_api_key, make_tenant


@pytest.fixture
def shop(api: Api) -> Api:
    """A tenant with a schema and no products."""
    return open_shop(api, 0)


@pytest.fixture
def other(api: Api) -> Api:
    """Another tenant with the same fields."""
    tenant = make_tenant(api.app)
    return open_shop(Api(api.app, tenant, make_api_key(api.app, tenant, Role.ADMIN)), 0)


def problems(answer: Any) -> list[tuple[str, str]]:
    return [(each["path"], each["code"]) for each in problem(answer, 422)["errors"]]


def test_a_segment_is_made_read_changed_and_deleted(shop: Api) -> None:
    answer = shop.post(SEGMENTS, {"name": " Lumo  lamps ", "definition": LUMO})
    assert answer.status_code == 201, answer.text
    segment = answer.json
    assert answer.headers["Location"] == one(segment)
    assert {key: segment[key] for key in ("name", "description", "definition", "is_active")} == {
        "name": "Lumo lamps",
        "description": "",
        "definition": LUMO,
        "is_active": True,
    }
    assert (segment["refresh_interval"], segment["status"]) == (60, "new")
    assert (segment["computed_count"], segment["last_computed_at"], segment["error"]) == (
        None,
        None,
        None,
    )
    assert segment["words"] == "Brand is “Lumo”"

    read = shop.get(one(segment))
    assert (read.json, read.headers["ETag"]) == (segment, answer.headers["ETag"])
    changed = shop.send("PATCH", one(segment), {"description": "For the spring"})
    assert changed.json["description"] == "For the spring"
    assert changed.json["version"] > segment["version"]
    assert changed.json["definition"] == LUMO
    assert shop.send("DELETE", one(segment)).status_code == 204
    problem(shop.get(one(segment)), 404, "not_found")


def test_put_replaces_what_is_not_sent_with_what_a_new_one_has(shop: Api) -> None:
    segment = made(shop, description="Old", is_active=False, refresh_interval=600)
    rule = every(where("stock", "gt", 3))
    answer = shop.send("PUT", one(segment), {"name": "Stocked", "definition": rule})
    assert answer.status_code == 200
    found = answer.json
    assert (found["name"], found["definition"], found["description"]) == ("Stocked", rule, "")
    assert (found["is_active"], found["refresh_interval"]) == (True, 60)
    assert problems(shop.send("PUT", one(segment), {"name": "Stocked"})) == [
        ("/definition", "not_an_object")
    ]


def test_what_was_read_can_be_sent_back(shop: Api) -> None:
    segment = made(shop)
    answer = shop.send("PUT", one(segment), segment)
    assert (answer.status_code, answer.json) == (200, segment)


def test_numbers_of_a_rule_keep_all_their_digits(shop: Api) -> None:
    rule = '{"logic":"and","conditions":[{"type":"product_attribute","property":"stock",'
    rule += '"operator":"gt","value":12345678901234567890.123456789}]}'
    answer = shop.send("POST", SEGMENTS, raw='{"name":"Exact","definition":' + rule + "}")
    assert answer.status_code == 201, answer.text
    assert "12345678901234567890.123456789" in answer.text
    assert "12345678901234567890.123456789" in shop.get(one(answer.json)).text


def test_a_stale_change_is_refused_and_shows_what_there_is(shop: Api) -> None:
    segment = made(shop)
    stale = {"If-Match": shop.get(one(segment)).headers["ETag"]}
    shop.send("PATCH", one(segment), {"name": "Renamed"})
    bodies = {
        "PATCH": {"name": "Mine"},
        "PUT": {"name": "Mine", "definition": LUMO},
        "DELETE": None,
    }
    for method, body in bodies.items():
        document = problem(
            shop.send(method, one(segment), body, headers=stale), 412, "stale_version"
        )
        assert document["current"]["name"] == "Renamed"
    fresh = {"If-Match": shop.get(one(segment)).headers["ETag"]}
    assert shop.send("PATCH", one(segment), {"name": "Mine"}, headers=fresh).status_code == 200
    assert shop.send("DELETE", one(segment), headers={"If-Match": "*"}).status_code == 204
    assert shop.send("DELETE", one(segment), headers={"If-Match": "*"}).status_code == 404


def test_who_polls_a_segment_sees_that_it_was_computed(shop: Api) -> None:
    segment = made(shop)
    tag = shop.get(one(segment)).headers["ETag"]
    with shop.app.app_context(), tenant_scope(shop.tenant.id):
        compute_segment(segment["id"])
    again = shop.get(one(segment), headers={"If-None-Match": tag})
    assert (again.status_code, again.json["status"]) == (200, "ready")
    assert again.headers["ETag"] == tag


def test_null_in_a_patch_stands_for_what_a_new_one_has(shop: Api) -> None:
    segment = made(shop, description="All of one brand", is_active=False, refresh_interval=300)
    nothing = dict.fromkeys(("description", "is_active", "refresh_interval"))
    cleared = shop.send("PATCH", one(segment), nothing).json
    assert [cleared[key] for key in nothing] == ["", True, 60]
    answer = shop.send("PATCH", one(segment), {"name": None, "definition": None})
    assert {path for path, _ in problems(answer)} == {"/name", "/definition"}


def test_a_name_is_taken_whatever_its_case(shop: Api) -> None:
    made(shop, "Lumo")
    problem(shop.post(SEGMENTS, {"name": "LUMO", "definition": LUMO}), 409, "name_taken")
    second = made(shop, "Other")
    problem(shop.send("PATCH", one(second), {"name": "lumo"}), 409, "name_taken")


def test_a_segment_that_others_name_is_not_deleted(shop: Api) -> None:
    inner = made(shop)
    outer = made(
        shop, "Outer", every({"type": "in_segment", "segment_id": inner["id"], "operator": "in"})
    )
    document = problem(shop.send("DELETE", one(inner)), 409, "segment_in_use")
    assert document["segments"] == [outer["id"]]
    shop.send("DELETE", one(outer))
    assert shop.send("DELETE", one(inner)).status_code == 204


def test_the_list_goes_by_name_in_pages(shop: Api) -> None:
    for name in ("beta", "Alpha", "gamma", "Delta"):
        made(shop, name, description=f"about {name}")
    first = shop.get(SEGMENTS + "?limit=2&count=true").json
    assert ([each["name"] for each in first["items"]], first["count"]) == (["Alpha", "beta"], 4)
    made(shop, "Aardvark")  # comes in before the place
    made(shop, "epsilon")  # and behind it
    rest = shop.get(f"{SEGMENTS}?after={first['next']}").json
    assert ([each["name"] for each in rest["items"]], rest["next"]) == (
        ["Delta", "epsilon", "gamma"],
        None,
    )
    found = shop.get(SEGMENTS + "?q=about%20alp&count=true").json
    assert ([each["name"] for each in found["items"]], found["count"]) == (["Alpha"], 1)
    assert shop.get(SEGMENTS + "?active=false").json["items"] == []
    problem(shop.get(SEGMENTS + "?colour=red"), 400, "bad_parameter")
    problem(shop.get(SEGMENTS + "?after=nonsense"), 400, "invalid_cursor")


def test_posts_with_a_key_are_done_once(shop: Api) -> None:
    body, key = {"name": "Once", "definition": LUMO}, {"Idempotency-Key": "k-1"}
    first = shop.post(SEGMENTS, body, headers=key)
    again = shop.post(SEGMENTS, body, headers=key)
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    other = shop.post(SEGMENTS, {**body, "name": "Twice"}, headers=key)
    assert problem(other, 422)["errors"][0]["code"] == "idempotency_key_reused"
    assert shop.get(SEGMENTS + "?count=true").json["count"] == 1


def test_of_two_who_take_a_name_at_once_one_is_told(shop: Api) -> None:
    answers: list[int] = []

    def create() -> None:
        answers.append(shop.post(SEGMENTS, {"name": "Race", "definition": LUMO}).status_code)

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409, 409, 409]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"name": " "}, "/name", "required"),
        ({"name": 7}, "/name", "required"),
        ({"name": "n" * 201}, "/name", "too_long"),
        ({"description": None}, "/description", "not_a_text"),
        ({"is_active": "yes"}, "/is_active", "not_a_boolean"),
        ({"refresh_interval": 0}, "/refresh_interval", "out_of_range"),
        ({"refresh_interval": "60"}, "/refresh_interval", "not_a_number"),
        ({"colour/x": "red"}, "/colour~1x", "unknown_member"),
        ({"definition": None}, "/definition", "not_an_object"),
        ({"definition": []}, "/definition", "not_an_object"),
        ({"definition": every()}, "/definition", "empty_group"),
        ({"definition": {"logic": "xor", "conditions": [where("stock", "gt", 1)]}},
         "/definition/logic", "bad_logic"),
        ({"definition": every(where("colour", "eq", "red"))},
         "/definition/conditions/0/property", "unknown_field"),
        ({"definition": every(where("stock", "contains", "1"))},
         "/definition/conditions/0/operator", "wrong_operator"),
        ({"definition": every(where("stock", "like", "1"))},
         "/definition/conditions/0/operator", "unknown_operator"),
        ({"definition": every(where("stock", "gt", "many"))},
         "/definition/conditions/0/value", "not_a_number"),
        ({"definition": every(where("stock", "gt"))},
         "/definition/conditions/0/value", "required"),
        ({"definition": every(where("stock", "gt", 1, value_type="string"))},
         "/definition/conditions/0/value_type", "wrong_type"),
        ({"definition": every({"type": "moon_phase"})},
         "/definition/conditions/0/type", "unknown_type"),
        ({"definition": every({"type": "in_segment", "segment_id": 10**12, "operator": "in"})},
         "/definition/conditions/0/segment_id", "unknown_segment"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(
    shop: Api, change: dict[str, Any], path: str, code: str
) -> None:
    answer = shop.post(SEGMENTS, {"name": "Wrong", "definition": LUMO, **change})
    assert (path, code) in problems(answer)
    for error in answer.json["errors"]:
        assert error["message"].endswith((".", "?")), error
    assert shop.get(SEGMENTS).json["items"] == []


def test_everything_that_is_wrong_is_named_at_once(shop: Api) -> None:
    rule = every(where("colour", "eq", "red"), every(where("stock", "gt", "x")), where("a", "b"))
    found = problems(shop.post(SEGMENTS, {"name": "", "definition": rule, "is_active": 1}))
    assert {path for path, _ in found} == {
        "/name",
        "/is_active",
        "/definition/conditions/0/property",
        "/definition/conditions/1/conditions/0/value",
        "/definition/conditions/2/operator",
    }


def nested(depth: int) -> dict[str, Any]:
    """A rule whose groups lie so deep."""
    rule = every(where("stock", "gt", depth))
    for _ in range(depth - 1):
        rule = every(rule)
    return rule


def test_groups_lie_up_to_eight_deep(shop: Api) -> None:
    assert made(shop, "Deep", nested(8))["words"] == "Stock is more than 8"
    answer = shop.post(SEGMENTS, {"name": "Deeper", "definition": nested(9)})
    assert problems(answer) == [("/definition" + "/conditions/0" * 8, "too_deep")]
    problem(
        shop.post(SEGMENTS, {"name": "Deepest", "definition": nested(70)}), 400, "json_too_deep"
    )


def test_a_segment_of_any_number_is_said_not_to_be_there(shop: Api) -> None:
    for number in (2**31, 2**62, 10**40):
        rule = every({"type": "in_segment", "segment_id": number, "operator": "in"})
        found = problem(shop.post(SEGMENTS + "preview/", {"definition": rule}), 422)["errors"]
        assert [each["path"] for each in found] == ["/definition/conditions/0/segment_id"]
        assert "There is no such segment." in found[0]["message"]


def test_a_segment_without_members_is_not_taken_for_an_empty_one(shop: Api) -> None:
    put(shop, a_product(0), a_product(1))
    segment = made(shop)
    condition = {"type": "in_segment", "segment_id": segment["id"], "operator": "not_in"}
    rule = every(condition)

    def ask() -> list[Any]:
        listed = "/api/pim/products/?filter=" + quote(json.dumps(rule))
        return [
            shop.post(SEGMENTS + "preview/", {"definition": rule}),
            shop.post("/api/pim/products/bulk-delete/", {"filter": rule}),
            shop.get(listed),
        ]

    for answer in ask():
        assert "has no members yet" in problem(answer, 503, "members_missing")["detail"]
    with shop.app.app_context(), tenant_scope(shop.tenant.id):
        compute_segment(segment["id"])
        clickhouse().command(
            "DELETE FROM product_membership_sets WHERE tenant_id = {tenant:UInt64}",
            {"tenant": shop.tenant.id},
            settings={"lightweight_deletes_sync": 2},
        )
    for answer in (*ask(), shop.get(f"/api/pim/products/?segment={segment['id']}")):
        assert "lost the members" in problem(answer, 503, "members_missing")["detail"]


def test_a_rule_of_many_words_on_fields_without_columns_is_asked(shop: Api) -> None:
    far = {"field": "far", "kind": "text", "number": None, "tenant_id": shop.tenant.id}
    with shop.app.app_context(), tenant_scope(shop.tenant.id), transaction():
        db.session.execute(insert(AttributeColumn), [far])
        save_schema(Vocabulary((Field("far", "string"),)), force=True)
    words = [[f"{letter}{number}" for letter in "abcd"] for number in range(200)]
    rule = either(*(where("far", "matches_any_word", each) for each in words))
    answer = shop.post(SEGMENTS + "preview/", {"definition": rule})
    assert (answer.status_code, answer.json.get("count")) == (200, 0)
    words = [[f"{letter}{number}" for letter in range(100)] for number in range(200)]
    rule = either(*(where("far", "matches_any_word", each) for each in words))
    answer = shop.post(SEGMENTS + "preview/", {"definition": rule})
    problem(answer, 503, "too_expensive")


def test_a_rule_has_up_to_two_hundred_conditions(shop: Api) -> None:
    conditions = [where("stock", "neq", number) for number in range(201)]
    assert made(shop, "Long", every(*conditions[:200]))["name"] == "Long"
    answer = shop.post(SEGMENTS, {"name": "Longer", "definition": every(*conditions)})
    assert problems(answer) == [("/definition/conditions/200", "too_many_conditions")]
    spread = every(*(every(*conditions[start : start + 67]) for start in (0, 67, 134)))
    answer = shop.post(SEGMENTS, {"name": "Spread", "definition": spread})
    first = "/definition/conditions/2/conditions/66"
    assert problems(answer) == [(first, "too_many_conditions")]


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        ("", 400, "json_syntax"),
        ("[]", 400, "not_an_object"),
        ('{"name": "A", "name": "B"}', 400, "json_duplicate_key"),
        ('{"name": NaN}', 400, "json_syntax"),
        ('{"name": "\\u0000"}', 400, "invalid_text"),
        ('{"name": "\\ud800"}', 400, "invalid_text"),
        (b'{"name": "\xff"}', 400, "json_encoding"),
        ('{"name": "A", "definition": {"logic": "and", "logic": "or"}}', 400,
         "json_duplicate_key"),
    ],
)  # fmt: skip
def test_json_is_read_strictly(shop: Api, raw: str | bytes, status: int, code: str) -> None:
    for address in (SEGMENTS, SEGMENTS + "preview/"):
        problem(shop.send("POST", address, raw=raw), status, code)


def test_only_json_is_understood(shop: Api) -> None:
    answer = shop.send("POST", SEGMENTS, raw="name=A", kind="application/x-www-form-urlencoded")
    problem(answer, 415, "unsupported_media_type")


def test_a_cycle_through_any_number_of_segments_is_refused(shop: Api) -> None:
    def inside(segment: dict[str, Any]) -> dict[str, Any]:
        return every({"type": "in_segment", "segment_id": segment["id"], "operator": "in"})

    first = made(shop, "One")
    second = made(shop, "Two", inside(first))
    third = made(shop, "Three", inside(second))
    place = "/definition/conditions/0/segment_id"
    for target in (first, second, third):
        answer = shop.send("PATCH", one(first), {"definition": inside(target)})
        assert [path for path, _ in problems(answer)] == [place]
    body = {"definition": inside(third), "segment_id": first["id"]}
    assert [p for p, _ in problems(shop.post(SEGMENTS + "preview/", body))] == [place]


def test_another_tenants_segments_are_not_there(shop: Api, other: Api) -> None:
    segment = made(shop)
    assert other.get(SEGMENTS + "?count=true").json["count"] == 0
    for rest in ("", "members/", "history/", "changes/"):
        problem(other.get(one(segment, rest)), 404, "not_found")
    problem(other.post(one(segment, "recompute/"), {}), 404, "not_found")
    problem(other.send("PATCH", one(segment), {"name": "Mine"}), 404, "not_found")
    problem(other.send("PUT", one(segment), {"name": "M", "definition": LUMO}), 404, "not_found")
    problem(other.send("DELETE", one(segment)), 404, "not_found")
    rule = every({"type": "in_segment", "segment_id": segment["id"], "operator": "in"})
    place = [("/definition/conditions/0/segment_id", "unknown_segment")]
    assert problems(other.post(SEGMENTS, {"name": "Spy", "definition": rule})) == place
    assert problems(other.post(SEGMENTS + "preview/", {"definition": rule})) == place
    body = {"definition": LUMO, "segment_id": segment["id"]}
    problem(other.post(SEGMENTS + "preview/", body), 404, "not_found")
    problem(other.get(f"/api/pim/products/?segment={segment['id']}"), 404, "not_found")
    made(other)  # the same name is free here


def test_ids_that_no_segment_can_have_are_not_found(shop: Api) -> None:
    for wanted in ("0", str(2**63), str(10**30)):
        problem(shop.get(f"{SEGMENTS}{wanted}/"), 404, "not_found")


def test_roles_may_what_their_permissions_say(shop: Api, api_as: Callable[[Role], Api]) -> None:
    segment = made(shop)
    viewer, editor, manager = (api_as(r) for r in (Role.VIEWER, Role.EDITOR, Role.MANAGER))
    assert viewer.get(one(segment)).status_code == 200
    assert viewer.get(SEGMENTS).status_code == 200
    assert viewer.post(SEGMENTS + "preview/", {"definition": LUMO}).status_code == 200
    problem(viewer.post(SEGMENTS, {"name": "A", "definition": LUMO}), 403)
    problem(viewer.send("PATCH", one(segment), {"name": "A"}), 403)
    problem(viewer.post(one(segment, "recompute/"), {}), 403)
    assert editor.send("PATCH", one(segment), {"name": "A"}).status_code == 200
    problem(editor.send("DELETE", one(segment)), 403)
    assert manager.send("DELETE", one(segment)).status_code == 204


def test_a_rule_whose_field_went_is_shown_without_words(shop: Api) -> None:
    segment = made(shop)
    definition = shop.get("/api/pim/schema/").json
    definition["fields"] = [each for each in definition["fields"] if each["name"] != "brand"]
    assert shop.send("PUT", "/api/pim/schema/", definition).status_code == 200
    found = shop.get(one(segment)).json
    assert (found["definition"], found["words"]) == (LUMO, None)
    assert shop.send("PATCH", one(segment), {"description": "Kept"}).status_code == 200
    answer = shop.send("PATCH", one(segment), {"definition": LUMO})
    assert problems(answer) == [("/definition/conditions/0/property", "unknown_field")]


def test_what_no_request_for_segments_gets_around(shop: Api) -> None:
    nobody = shop.app.test_client()
    problem(nobody.get(SEGMENTS), 401, "not_signed_in")
    problem(nobody.post(SEGMENTS, json={"name": "A", "definition": LUMO}), 401, "not_signed_in")
    assert shop.get(SEGMENTS.rstrip("/")).status_code == 308
    problem(shop.send("DELETE", SEGMENTS), 405, "method_not_allowed")
    large = {"name": "A", "definition": LUMO, "description": "x" * (2 * 1024 * 1024)}
    problem(shop.post(SEGMENTS, large), 413, "too_large")
    assert shop.get(SEGMENTS).headers["RateLimit-Limit"]
    problem(shop.get(SEGMENTS + "recompute/"), 404)
