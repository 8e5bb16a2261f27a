"""Tools for assistants: what they are told, what they answer, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

from pim.identity.permissions import Role
from tests.api.conftest import Api, problem
from tests.api.shop import LUMO, every, made, open_shop, where
from tests.factories.identity import make_api_key, make_tenant
from tests.jobs.conftest import clickhouse_away

__all__ = ["clickhouse_away"]

TOOLS = "/api/copilot/tools/"
LIST, DETAIL = TOOLS + "list_product_segments/", TOOLS + "get_product_segment_detail/"


@pytest.fixture
def shop(api: Api) -> Api:
    """A tenant with a schema and no products."""
    return open_shop(api, 0)


def called(api: Api, address: str, given: dict[str, Any]) -> dict[str, Any]:
    answer = api.post(address, given)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def problems(answer: Any) -> list[tuple[str, str]]:
    return [(each["path"], each["code"]) for each in problem(answer, 422)["errors"]]


def test_tools_are_described_as_the_messages_api_takes_them(shop: Api) -> None:
    tools = {each["name"]: each for each in shop.get(TOOLS).json["tools"]}
    assert set(tools) == {"list_product_segments", "get_product_segment_detail"}
    for tool in tools.values():
        assert set(tool) == {"name", "description", "input_schema"}
        assert tool["description"]
        assert tool["input_schema"]["type"] == "object"
        assert tool["input_schema"]["additionalProperties"] is False
        assert all(each["description"] for each in tool["input_schema"]["properties"].values())
    schema = tools["get_product_segment_detail"]["input_schema"]
    assert schema["required"] == ["segment_id"]
    assert schema["properties"]["segment_id"]["type"] == "integer"


def test_the_sdk_takes_the_tools_as_they_are(shop: Api) -> None:
    from anthropic.types import ToolParam
    from pydantic import TypeAdapter

    adapter = TypeAdapter(ToolParam)
    for tool in shop.get(TOOLS).json["tools"]:
        adapter.validate_python(tool)


def test_segments_are_listed_in_words(shop: Api) -> None:
    made(shop, description="Lamps we like")
    made(shop, "Stocked", every(where("stock", "gt", 3)), is_active=False)
    found = called(shop, LIST, {})
    assert [each["name"] for each in found["segments"]] == ["Lumo", "Stocked"]
    first = found["segments"][0]
    assert (first["rule"], first["description"]) == ("Brand is “Lumo”", "Lamps we like")
    assert (first["products"], first["status"], first["active"]) == (None, "new", True)
    assert (found["total"], found["next"]) == (2, None)
    assert called(shop, LIST, {"search": "like"})["total"] == 1
    assert called(shop, LIST, {"active": False})["segments"][0]["name"] == "Stocked"


def test_long_lists_go_on_where_they_stopped(shop: Api) -> None:
    for name in ("beta", "Alpha", "gamma"):
        made(shop, name)
    first = called(shop, LIST, {"limit": 2})
    rest = called(shop, LIST, {"limit": 2, "after": first["next"]})
    names = [each["name"] for page in (first, rest) for each in page["segments"]]
    assert (names, rest["next"]) == (["Alpha", "beta", "gamma"], None)


def test_a_segment_is_told_with_its_rule(shop: Api) -> None:
    segment = made(shop)
    found = called(shop, DETAIL, {"segment_id": segment["id"]})
    assert (found["name"], found["rule"], found["definition"]) == ("Lumo", "Brand is “Lumo”", LUMO)
    assert (found["members"], found["history"], found["error"]) == ([], [], None)


def test_what_is_known_is_told_while_clickhouse_is_away(
    shop: Api, clickhouse_away: Callable[[], AbstractContextManager[None]]
) -> None:
    segment = made(shop)
    with clickhouse_away():
        found = called(shop, DETAIL, {"segment_id": segment["id"]})
        assert found["members"] == []
        assert "ClickHouse" in found["members_unavailable"]
        assert called(shop, LIST, {})["total"] == 1


@pytest.mark.parametrize(
    ("address", "given", "path", "code"),
    [
        (DETAIL, {}, "/segment_id", "required"),
        (DETAIL, {"segment_id": "7"}, "/segment_id", "not_a_number"),
        (DETAIL, {"segment_id": True}, "/segment_id", "not_a_number"),
        (DETAIL, {"segment_id": 0}, "/segment_id", "out_of_range"),
        (DETAIL, {"segment_id": 7, "members": 51}, "/members", "out_of_range"),
        (DETAIL, {"segment_id": 7, "a/b": 1}, "/a~1b", "unknown_member"),
        (LIST, {"search": 3}, "/search", "not_a_text"),
        (LIST, {"search": "x" * 201}, "/search", "too_long"),
        (LIST, {"active": "yes"}, "/active", "not_a_boolean"),
        (LIST, {"limit": 101}, "/limit", "out_of_range"),
        (LIST, {"tenant_id": 1}, "/tenant_id", "unknown_member"),
    ],
)
def test_a_wrong_input_is_named_with_its_place(
    shop: Api, address: str, given: dict[str, Any], path: str, code: str
) -> None:
    assert problems(shop.post(address, given)) == [(path, code)]


def test_numbers_no_segment_has_are_refused_whatever_their_size(shop: Api) -> None:
    problem(shop.post(DETAIL, {"segment_id": 10**12}), 404, "not_found")
    for number in ("9223372036854775808", "1e3", "7.5", "1" + "0" * 40):
        answer = shop.send("POST", DETAIL, raw='{"segment_id": ' + number + "}")
        assert problems(answer)[0][0] == "/segment_id"


def test_a_tool_there_is_not_is_not_found(shop: Api) -> None:
    document = problem(shop.post(TOOLS + "delete_everything/", {}), 404, "not_found")
    assert "list_product_segments" in document["detail"]


def test_another_tenants_segments_are_not_there(shop: Api) -> None:
    segment = made(shop)
    tenant = make_tenant(shop.app)
    other = Api(shop.app, tenant, make_api_key(shop.app, tenant, Role.ADMIN))
    assert called(other, LIST, {})["total"] == 0
    problem(other.post(DETAIL, {"segment_id": segment["id"]}), 404, "not_found")


def test_tools_need_a_key_that_may_read_segments(shop: Api, api_as: Callable[[Role], Api]) -> None:
    assert called(api_as(Role.VIEWER), LIST, {})["total"] == 0
    nobody = shop.app.test_client()
    assert nobody.get(TOOLS).status_code == 401
    assert nobody.post(LIST, json={}).status_code == 401
