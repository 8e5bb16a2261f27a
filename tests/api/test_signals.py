"""Events and groups of users over the API, and rules that read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from pim.core.clock import now
from pim.identity.permissions import Role
from tests.api.conftest import Api, problem
from tests.api.shop import SEGMENTS, every, open_shop
from tests.factories.identity import make_api_key, make_tenant
from tests.jobs.conftest import clickhouse_away

__all__ = ["clickhouse_away"]

EVENTS, USERS = "/api/pim/events/bulk/", "/api/pim/user-segments/"


@pytest.fixture
def shop(api: Api) -> Api:
    """Products P-00 … P-05."""
    return open_shop(api, 6)


@pytest.fixture
def other(api: Api) -> Api:
    """Another tenant with products of the same SKUs."""
    tenant = make_tenant(api.app)
    return open_shop(Api(api.app, tenant, make_api_key(api.app, tenant, Role.ADMIN)), 6)


def bought(user: str, sku: Any, event_id: str = "", **more: Any) -> dict[str, Any]:
    """An order of one product."""
    return {
        "event_id": event_id or f"{user}-{sku}",
        "event_type": "order_completed",
        "user_id": user,
        "timestamp": (now() - timedelta(days=30)).isoformat(),
        "properties": {"product_id": sku},
        **more,
    }


def replace(api: Api, segment: str, *users: Any, **more: Any) -> dict[str, Any]:
    answer = api.send(
        "PUT", f"{USERS}{quote(segment, safe='')}/members/", {"user_ids": list(users), **more}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def bought_by(api: Api, segment: str, **more: Any) -> list[str]:
    """The SKUs of what users of a segment bought."""
    condition = {"type": "user_behavior_signal", "signal": "purchased_by_segment", **more}
    rule = every({**condition, "segment_id": segment})
    answer = api.post(SEGMENTS + "preview/", {"definition": rule})
    assert answer.status_code == 200, answer.text
    return [each["sku"] for each in answer.json["sample"]]


def problems(answer: Any) -> list[tuple[str, str]]:
    return [(each["path"], each["code"]) for each in problem(answer, 422)["errors"]]


def test_what_users_of_a_segment_bought_is_found(shop: Api) -> None:
    replace(shop, "vip", "ada", "bob", name="Best customers")
    events = [bought("ada", "P-01"), bought("bob", "p-03"), bought("eve", "P-05")]
    answer = shop.post(EVENTS, {"events": events})
    assert (answer.status_code, answer.json) == (200, {"received": 3, "stored": 3})
    assert bought_by(shop, "vip") == ["P-01", "P-03"]
    replace(shop, "vip", "eve")
    assert bought_by(shop, "vip") == ["P-05"]
    assert bought_by(shop, "nobody has sent this") == []


def test_skus_in_events_are_compared_without_blanks_around_them(shop: Api) -> None:
    replace(shop, "vip", "ada")
    written = ["\u3000P-00", " p-01\u00a0", "\x1cP-02\x85", "P -03", "\u200bP-04"]
    shop.post(EVENTS, {"events": [bought("ada", sku) for sku in written]})
    assert bought_by(shop, "vip") == ["P-00", "P-01", "P-02"]
    shop.post(EVENTS, {"events": [bought("ada", ["\u2003P-05\v"], "e-5")]})
    assert bought_by(shop, "vip") == ["P-00", "P-01", "P-02", "P-05"]


def test_events_sent_again_are_stored_once(shop: Api) -> None:
    replace(shop, "vip", "ada")
    events = [bought("ada", "P-01", "e1"), bought("ada", "P-02", "e1")]
    for _ in range(2):
        answer = shop.post(EVENTS, {"events": events})
        assert answer.json == {"received": 2, "stored": 1}
    assert bought_by(shop, "vip") == ["P-02"]
    key = {"Idempotency-Key": "once"}
    first = shop.post(EVENTS, {"events": events}, headers=key)
    again = shop.post(EVENTS, {"events": events}, headers=key)
    assert (again.json, again.headers["Idempotency-Replayed"]) == (first.json, "true")


def test_one_wrong_event_keeps_all_from_being_stored(shop: Api) -> None:
    replace(shop, "vip", "ada")
    wrong = [
        bought("ada", "P-01"),
        bought("ada", "P-02", timestamp="yesterday"),
        bought("", "P-03"),
        {**bought("ada", "P-04"), "colour": "red"},
        bought("ada", "P-05", properties=[]),
        "an event",
        {},
    ]
    found = problems(shop.post(EVENTS, {"events": wrong}))
    assert ("/events/1/timestamp", "not_a_moment") in found
    assert ("/events/2/user_id", "required") in found
    assert ("/events/3/colour", "unknown_key") in found
    assert ("/events/4/properties", "not_an_object") in found
    assert ("/events/5", "not_an_object") in found
    assert {path for path, _ in found} >= {f"/events/6/{k}" for k in ("event_id", "timestamp")}
    assert bought_by(shop, "vip") == []


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/events"),
        ({"events": {}}, "/events"),
        ({"events": [], "more": 1}, "/more"),
        ({"events": [{}] * 10_001}, "/events"),
    ],
)
def test_a_wrong_request_is_named_with_its_place(api: Api, body: Any, path: str) -> None:
    assert problems(api.post(EVENTS, body))[0][0] == path


def test_no_events_are_fine(api: Api) -> None:
    assert api.post(EVENTS, {"events": []}).json == {"received": 0, "stored": 0}


def test_json_is_read_strictly(api: Api) -> None:
    for address, method in ((EVENTS, "POST"), (USERS + "vip/members/", "PUT")):
        problem(api.send(method, address, raw='{"events": NaN}'), 400, "json_syntax")
        problem(api.send(method, address, raw='{"user_ids": ["\\u0000"]}'), 400, "invalid_text")
        problem(api.send(method, address, raw="[]"), 400, "not_an_object")


def test_members_are_replaced_and_counted(api: Api) -> None:
    first = replace(api, "vip", "ada", "bob", "ada", 17)
    assert {key: first[key] for key in ("id", "name", "member_count", "added", "removed")} == {
        "id": "vip", "name": "", "member_count": 3, "added": 3, "removed": 0,
    }  # fmt: skip
    again = replace(api, "vip", "17", "bob", "ada", name="Best")
    assert (again["added"], again["removed"], again["name"]) == (0, 0, "Best")
    last = replace(api, "vip", "eve")
    assert (last["added"], last["removed"], last["name"]) == (1, 3, "Best")
    assert replace(api, "vip")["member_count"] == 0


def test_a_deleted_user_segment_holds_nobody_until_it_is_sent_again(shop: Api, other: Api) -> None:
    for each in (shop, other):
        replace(each, "a/b", "ada", name="Best")
    shop.post(EVENTS, {"events": [bought("ada", "P-01")]})
    assert bought_by(shop, "a/b") == ["P-01"]
    assert shop.send("DELETE", USERS + "a/b/").status_code == 204
    assert (shop.get(USERS).json["items"], bought_by(shop, "a/b")) == ([], [])
    problem(shop.send("DELETE", USERS + "a/b/"), 404, "not_found")
    problem(shop.send("DELETE", USERS + "a%00b/"), 404, "not_found")
    assert [each["id"] for each in other.get(USERS).json["items"]] == ["a/b"]
    again = replace(shop, "a/b", "ada")
    assert (again["name"], again["added"], bought_by(shop, "a/b")) == ("", 1, ["P-01"])


def test_user_segments_are_listed_by_id_in_pages(api: Api) -> None:
    for name in ("b", "a/b", "c", "ä"):
        replace(api, name, "ada", name=f"Users {name}")
    first = api.get(USERS + "?limit=2&count=true").json
    replace(api, "aaa", "ada")
    rest = api.get(f"{USERS}?after={first['next']}").json
    assert [each["id"] for each in first["items"]] == ["a/b", "b"]
    assert ([each["id"] for each in rest["items"]], rest["next"]) == (["c", "ä"], None)
    assert (first["count"], first["items"][0]["name"]) == (4, "Users a/b")
    assert set(first["items"][0]) == {"id", "name", "member_count", "updated_at"}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/user_ids"),
        ({"user_ids": "ada"}, "/user_ids"),
        ({"user_ids": ["ada", ""]}, "/user_ids/1"),
        ({"user_ids": ["ada", {"id": 1}]}, "/user_ids/1"),
        ({"user_ids": ["x" * 201]}, "/user_ids/0"),
        ({"user_ids": [], "name": ""}, "/name"),
        ({"user_ids": [], "members": []}, "/members"),
    ],
)
def test_wrong_members_are_named_with_their_place(api: Api, body: Any, path: str) -> None:
    answer = api.send("PUT", USERS + "vip/members/", body)
    assert [each for each, _ in problems(answer)] == [path]
    assert api.get(USERS).json["items"] == []


def test_another_tenants_users_and_events_count_for_nothing(shop: Api, other: Api) -> None:
    replace(shop, "vip", "ada")
    shop.post(EVENTS, {"events": [bought("ada", "P-01")]})
    assert other.get(USERS).json["items"] == []
    assert bought_by(other, "vip") == []
    other.post(EVENTS, {"events": [bought("ada", "P-02")]})
    assert bought_by(other, "vip") == []  # it has no users here
    replace(other, "vip", "ada")
    assert bought_by(other, "vip") == ["P-02"]
    assert bought_by(shop, "vip") == ["P-01"]


def test_roles_may_what_their_permissions_say(api_as: Callable[[Role], Api]) -> None:
    viewer, editor = api_as(Role.VIEWER), api_as(Role.EDITOR)
    problem(viewer.post(EVENTS, {"events": []}), 403)
    problem(viewer.send("PUT", USERS + "vip/members/", {"user_ids": []}), 403)
    assert viewer.get(USERS).status_code == 200
    assert editor.post(EVENTS, {"events": []}).status_code == 200
    assert replace(editor, "vip", "ada")["member_count"] == 1


def test_nothing_is_half_stored_while_clickhouse_is_away(
    api: Api, clickhouse_away: Callable[[], AbstractContextManager[None]]
) -> None:
    with clickhouse_away():
        problem(api.post(EVENTS, {"events": [bought("ada", "P-01")]}), 503, "unavailable")
        body = json.dumps({"user_ids": ["ada"]})
        problem(api.send("PUT", USERS + "vip/members/", raw=body), 503, "unavailable")
    assert api.get(USERS).json["items"] == []
