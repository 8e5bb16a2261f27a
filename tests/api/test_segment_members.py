"""What segments hold, what rules would hold, and who came and went, over the API."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote

import pytest

from pim.core.tenancy import tenant_scope
from pim.segments.compute import compute_segment
from tests.api.conftest import PRODUCTS, Api, problem
from tests.api.shop import (
    LUMO,
    SEGMENTS,
    a_product,
    catch_up,
    either,
    every,
    made,
    one,
    open_shop,
    put,
    where,
)
from tests.api.test_segments import nested
from tests.jobs.conftest import clickhouse_away

__all__ = ["clickhouse_away"]

PREVIEW = SEGMENTS + "preview/"


@pytest.fixture
def shop(api: Api) -> Api:
    """Thirty products P-00 … P-29; every second one is of Lumo, their stock is their number."""
    return open_shop(api, 30)


def preview(api: Api, definition: Any) -> dict[str, Any]:
    answer = api.post(PREVIEW, {"definition": definition})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_a_preview_counts_and_shows_the_first_ten_as_products(shop: Api) -> None:
    found = preview(shop, LUMO)
    assert (found["count"], found["total"], found["words"]) == (15, 30, "Brand is “Lumo”")
    assert [each["sku"] for each in found["sample"]] == [f"P-{n:02}" for n in range(0, 20, 2)]
    assert found["sample"][0] == shop.get(PRODUCTS + "by-sku/P-00/").json
    assert 0 < found["elapsed_ms"] < 10_000


def test_a_preview_of_nothing_is_empty(shop: Api) -> None:
    found = preview(shop, every({"type": "ai_visibility_metric"}))
    assert (found["count"], found["sample"]) == (0, [])


def test_the_deepest_and_the_longest_rules_are_answered(shop: Api) -> None:
    assert preview(shop, nested(8))["count"] == 21
    long = either(*(where("stock", "eq", number) for number in range(200)))
    assert preview(shop, long)["count"] == 30


def test_a_preview_stores_nothing_and_takes_nothing_else(shop: Api) -> None:
    preview(shop, LUMO)
    assert shop.get(SEGMENTS).json["items"] == []
    document = problem(shop.post(PREVIEW, {"definition": LUMO, "name": "x"}), 422)
    assert document["errors"][0]["path"] == "/name"
    document = problem(shop.post(PREVIEW, {}), 422)
    assert document["errors"][0]["path"] == "/definition"
    document = problem(shop.post(PREVIEW, {"definition": LUMO, "segment_id": "7"}), 422)
    assert document["errors"][0]["path"] == "/segment_id"


# What a computed segment holds


def computed(api: Api, segment: dict[str, Any]) -> dict[str, Any]:
    """What the workers would do, and the segment after it."""
    with api.app.app_context(), tenant_scope(api.tenant.id):
        assert compute_segment(segment["id"]) in ("computed", "unchanged")
    found: dict[str, Any] = api.get(one(segment)).json
    return found


def members(api: Api, segment: dict[str, Any], query: str = "limit=1000") -> list[str]:
    answer = api.get(one(segment, f"members/?{query}"))
    assert answer.status_code == 200, answer.text
    return [each["sku"] for each in answer.json["items"]]


def test_a_computed_segment_has_members_and_says_when(shop: Api) -> None:
    segment = made(shop)
    assert members(shop, segment) == []
    found = computed(shop, segment)
    assert (found["status"], found["computed_count"], found["error"]) == ("ready", 15, None)
    assert found["last_computed_at"] is not None
    assert members(shop, segment) == [f"P-{n:02}" for n in range(0, 30, 2)]
    first = shop.get(one(segment, "members/?limit=1")).json["items"][0]
    assert first == shop.get(PRODUCTS + "by-sku/P-00/").json
    assert shop.get(f"{PRODUCTS}?segment={segment['id']}&count=true").json["count"] == 15


def test_members_are_searched_and_counted(shop: Api) -> None:
    segment = made(shop)
    computed(shop, segment)
    page = shop.get(one(segment, "members/?q=lamp%202&count=true")).json
    assert [each["sku"] for each in page["items"]] == ["P-02", "P-12"] + [
        f"P-{n}" for n in range(20, 30, 2)
    ]
    assert page["count"] == 7


def test_pages_of_members_hold_each_once_while_others_come_and_go(shop: Api) -> None:
    segment = made(shop)
    computed(shop, segment)
    found: list[str] = []
    after, number = "", 100
    while True:
        page = shop.get(one(segment, f"members/?limit=4{after}")).json
        found += [each["sku"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
        put(shop, a_product(number, sku=f"A-{number}"), a_product(number, sku=f"Z-{number}"))
        computed(shop, segment)
        number += 2
    assert [sku for sku in found if sku[0] == "P"] == [f"P-{n:02}" for n in range(0, 30, 2)]
    assert len(found) == len(set(found))


def test_a_member_that_was_deleted_since_is_not_shown(shop: Api) -> None:
    segment = made(shop)
    computed(shop, segment)
    gone = shop.get(PRODUCTS + "by-sku/P-02/").json["id"]
    shop.send("DELETE", f"{PRODUCTS}{gone}/")
    assert members(shop, segment)[:2] == ["P-00", "P-04"]
    catch_up(shop)
    assert members(shop, segment)[:2] == ["P-00", "P-04"]


def test_who_came_and_who_went_is_told(shop: Api) -> None:
    segment = made(shop)
    assert shop.get(one(segment, "changes/")).json == {
        "items": [], "next": None, "computed_at": None,
    }  # fmt: skip
    computed(shop, segment)
    put(shop, a_product(1, brand="Lumo"), a_product(2, brand="Fjord"), a_product(4, brand="Fjord"))
    found = computed(shop, segment)
    came = shop.get(one(segment, "changes/?count=true")).json
    assert [(each["sku"], each["change"]) for each in came["items"]] == [("P-01", "entered")]
    assert (came["count"], came["computed_at"]) == (1, found["last_computed_at"])
    first = shop.get(one(segment, "changes/?change=left&limit=1&count=true")).json
    rest = shop.get(one(segment, f"changes/?change=left&after={first['next']}")).json
    went = [each["sku"] for page in (first, rest) for each in page["items"]]
    assert (sorted(went), first["count"], rest["next"]) == (["P-02", "P-04"], 2, None)
    put(shop, a_product(6, brand="Fjord"))
    computed(shop, segment)
    again = shop.get(one(segment, f"changes/?change=left&after={first['next']}")).json
    assert again == rest, "the pages are of one change, whatever came since"
    problem(shop.get(one(segment, "changes/?change=both")), 400, "bad_parameter")
    problem(shop.get(one(segment, f"changes/?after={first['next']}")), 400, "invalid_cursor")


def test_history_tells_each_change_the_latest_first(shop: Api) -> None:
    segment = made(shop)
    computed(shop, segment)
    put(shop, a_product(1, brand="Lumo"))
    computed(shop, segment)
    put(shop, a_product(2, brand="Fjord"), a_product(4, brand="Fjord"))
    computed(shop, segment)
    page = shop.get(one(segment, "history/?count=true")).json
    told = [(each["count"], each["entered"], each["left"]) for each in page["items"]]
    assert told == [(14, 0, 2), (16, 1, 0), (15, 15, 0)]
    assert page["count"] == 3
    first = shop.get(one(segment, "history/?limit=2")).json
    rest = shop.get(one(segment, f"history/?after={first['next']}")).json
    assert ([each["count"] for each in rest["items"]], rest["next"]) == ([15], None)


def test_a_segment_of_a_segment_holds_what_that_held_when_it_was_computed(shop: Api) -> None:
    inner = made(shop)
    condition = {"type": "in_segment", "segment_id": inner["id"], "operator": "in"}
    rule = every(condition, where("stock", "lt", 5))
    problem(shop.post(SEGMENTS + "preview/", {"definition": rule}), 503, "members_missing")
    computed(shop, inner)
    assert preview(shop, rule)["count"] == 3
    outer = made(shop, "Outer", rule)
    computed(shop, outer)
    assert members(shop, outer) == ["P-00", "P-02", "P-04"]


def test_one_that_cannot_be_computed_says_why_and_keeps_its_members(shop: Api) -> None:
    segment = made(shop)
    computed(shop, segment)
    definition = shop.get("/api/pim/schema/").json
    definition["fields"] = [each for each in definition["fields"] if each["name"] != "brand"]
    assert shop.send("PUT", "/api/pim/schema/", definition).status_code == 200
    with shop.app.app_context(), tenant_scope(shop.tenant.id):
        assert compute_segment(segment["id"]) == "failed"
    found = shop.get(one(segment)).json
    assert (found["status"], found["computed_count"]) == ("failed", 15)
    assert "brand" in found["error"]
    assert found["error_path"] == "/definition/conditions/0/property"
    assert len(members(shop, segment)) == 15


def test_recomputing_is_asked_for_and_answered_at_once(shop: Api) -> None:
    segment = made(shop, is_active=False)
    computed(shop, segment)
    answer = shop.post(one(segment, "recompute/"), headers={"Idempotency-Key": "now"})
    assert (answer.status_code, answer.json["status"]) == (202, "queued")
    again = shop.post(one(segment, "recompute/"), headers={"Idempotency-Key": "now"})
    assert (again.status_code, again.json) == (202, answer.json)
    assert computed(shop, segment)["status"] == "ready"


def test_an_assistant_is_told_of_members_and_history(shop: Api) -> None:
    segment = made(shop)
    computed(shop, segment)
    address = "/api/copilot/tools/get_product_segment_detail/"
    found = shop.post(address, {"segment_id": segment["id"], "members": 2}).json
    assert (found["products"], found["status"]) == (15, "ready")
    assert [each["sku"] for each in found["members"]] == ["P-00", "P-02"]
    assert found["members"][0]["data"]["brand"] == "Lumo"
    assert [each["products"] for each in found["history"]] == [15]


def test_a_segment_and_a_rule_hold_together_in_lists_and_exports(shop: Api) -> None:
    segment = made(shop)
    computed(shop, segment)
    rule = quote(json.dumps(every(where("stock", "gte", 26))))
    query = f"segment={segment['id']}&filter={rule}&sort=-sku"
    found = shop.get(f"{PRODUCTS}?{query}&count=true").json
    assert ([each["sku"] for each in found["items"]], found["count"]) == (["P-28", "P-26"], 2)
    exported = shop.get(f"{PRODUCTS}export/?format=jsonl&{query}").text.splitlines()
    assert [json.loads(line)["sku"] for line in exported] == ["P-28", "P-26"]
    whole = shop.get(f"{PRODUCTS}export/?format=jsonl&segment={segment['id']}").text
    assert len(whole.splitlines()) == 15


def test_while_clickhouse_is_away_a_sentence_says_what_works(
    shop: Api, clickhouse_away: Callable[[], AbstractContextManager[None]]
) -> None:
    segment = made(shop)
    computed(shop, segment)
    put(shop, a_product(1, brand="Lumo"))
    computed(shop, segment)
    with clickhouse_away():
        for answer in (
            shop.get(one(segment, "members/")),
            shop.get(one(segment, "changes/")),
            shop.post(PREVIEW, {"definition": LUMO}),
        ):
            detail = problem(answer, 503, "unavailable")["detail"]
            assert "ClickHouse" in detail
            assert detail.endswith("meanwhile.")
        assert shop.get(one(segment)).json["computed_count"] == 16
        assert len(shop.get(one(segment, "history/")).json["items"]) == 2
        assert shop.send("PATCH", one(segment), {"name": "Renamed"}).status_code == 200
        assert shop.post(one(segment, "recompute/")).status_code == 202
