"""Products by a rule: `filter` and `segment` on lists and exports."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from pim.identity.permissions import Role
from tests.api.conftest import PRODUCTS, Api, problem
from tests.api.shop import LUMO, a_product, either, every, made, open_shop, put, where
from tests.api.test_segments import nested
from tests.factories.identity import make_api_key, make_tenant
from tests.jobs.conftest import clickhouse_away

__all__ = ["clickhouse_away"]


@pytest.fixture
def shop(api: Api) -> Api:
    """Twenty products P-00 … P-19; every second one is of Lumo, their stock is their number."""
    return open_shop(api)


def asked(rule: Any, **more: Any) -> str:
    """The address of a list narrowed by a rule."""
    return f"{PRODUCTS}?{urlencode({'filter': json.dumps(rule), **more})}"


def skus(api: Api, rule: Any, **more: Any) -> list[str]:
    answer = api.get(asked(rule, **more))
    assert answer.status_code == 200, answer.text
    return [item["sku"] for item in answer.json["items"]]


def walk(api: Api, rule: Any, between: Callable[[], None] | None = None, **more: Any) -> list[str]:
    """The SKUs of all pages, with something happening between two of them."""
    found: list[str] = []
    after: dict[str, str] = {}
    while True:
        answer = api.get(asked(rule, **more, **after))
        assert answer.status_code == 200, answer.text
        found += [item["sku"] for item in answer.json["items"]]
        if answer.json["next"] is None:
            return found
        after = {"after": answer.json["next"]}
        if between:
            between()


FEW = every(where("brand", "eq", "Lumo"), where("stock", "lt", 6))


def test_a_rule_narrows_the_list(shop: Api) -> None:
    assert skus(shop, FEW, sort="sku") == ["P-00", "P-02", "P-04"]
    assert skus(shop, FEW, sort="-sku") == ["P-04", "P-02", "P-00"]
    assert shop.get(asked(FEW, count="true", limit=1)).json["count"] == 3
    page = shop.get(asked(FEW, fields="stock", limit=1)).json
    assert page["items"][0]["data"] == {"stock": 0}


def test_a_rule_holds_together_with_everything_else(shop: Api) -> None:
    put(shop, a_product(2, active=False), a_product(30, name="Desk lamp"))
    late = shop.get(PRODUCTS + "by-sku/P-30/").json["updated_at"]
    assert skus(shop, FEW, active="false") == ["P-02"]
    assert skus(shop, FEW, active="true", sort="sku") == ["P-00", "P-04"]
    assert skus(shop, LUMO, q="DESK") == ["P-30"]
    assert skus(shop, LUMO, q="p-1", sort="sku") == ["P-10", "P-12", "P-14", "P-16", "P-18"]
    assert skus(shop, LUMO, updated_since=late) == ["P-30"]
    assert skus(shop, LUMO, import_id=10**9) == []


@pytest.mark.parametrize("sort", ["id", "sku", "name", "updated_at", "created_at"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_hold_every_product_once_in_order(shop: Api, sort: str, sign: str) -> None:
    whole = skus(shop, LUMO, sort=sign + sort, limit=1000)
    assert sorted(whole) == [f"P-{number:02}" for number in range(0, 20, 2)]
    assert walk(shop, LUMO, sort=sign + sort, limit=3) == whole


@pytest.mark.parametrize("sort", ["id", "sku", "-sku", "name"])
def test_products_that_come_in_and_go_neither_repeat_nor_hide_others(shop: Api, sort: str) -> None:
    numbers = iter(range(100, 200))

    def something_happens() -> None:
        number = 2 * next(numbers)
        put(shop, a_product(number, sku=f"A-{number}"), a_product(number, sku=f"Z-{number}"))

    found = walk(shop, LUMO, something_happens, sort=sort, limit=3)
    assert sorted(sku for sku in found if sku[0] == "P") == [
        f"P-{number:02}" for number in range(0, 20, 2)
    ]
    assert len(found) == len(set(found))


def test_a_product_that_was_deleted_is_not_shown_even_before_clickhouse_knows(shop: Api) -> None:
    gone = shop.get(PRODUCTS + "by-sku/P-02/").json["id"]
    assert shop.send("DELETE", f"{PRODUCTS}{gone}/").status_code == 204
    assert skus(shop, FEW, sort="sku") == ["P-00", "P-04"]
    assert walk(shop, FEW, sort="sku", limit=1) == ["P-00", "P-04"]


def test_what_is_shown_is_what_the_product_holds_now(shop: Api) -> None:
    product = shop.get(PRODUCTS + "by-sku/P-02/").json["id"]
    shop.send("PATCH", f"{PRODUCTS}{product}/", {"name": "Renamed"})
    names = [item["name"] for item in shop.get(asked(FEW, sort="sku")).json["items"]]
    assert names == ["Lamp 0", "Renamed", "Lamp 4"]


def test_a_rule_and_an_import_hold_together(shop: Api) -> None:
    from tests.api.sending import sent, work

    job = sent(shop, "sku;name;brand\nP-02;Lamp 2;Lumo\nP-98;Lamp 98;Lumo\nP-99;Lamp;Fjord\n")
    mapping = {"sku": "sku", "name": "name", "brand": "brand"}
    answer = shop.post(f"/api/pim/import/{job['job_id']}/confirm/", {"mapping": mapping})
    assert answer.status_code == 202, answer.text
    work(shop, job["job_id"])
    from tests.api.shop import catch_up

    catch_up(shop)
    assert skus(shop, LUMO, import_id=job["job_id"]) == ["P-98"]
    assert shop.get(asked(LUMO, import_id=job["job_id"], count="true")).json["count"] == 1


def test_exports_take_a_rule_too(shop: Api) -> None:
    found = shop.get(f"{PRODUCTS}export/?format=jsonl&sort=-sku&filter={quote(json.dumps(FEW))}")
    assert found.status_code == 200
    lines = [json.loads(line)["sku"] for line in found.text.splitlines()]
    assert lines == ["P-04", "P-02", "P-00"]
    nothing = every(where("brand", "eq", "Nobody"))
    empty = shop.get(f"{PRODUCTS}export/?format=csv&filter={quote(json.dumps(nothing))}")
    assert empty.text.splitlines()[1:] == []


def test_members_of_a_segment_are_those_it_was_computed_with(shop: Api) -> None:
    segment = made(shop)
    assert skus_of(shop, f"segment={segment['id']}") == []  # not computed yet
    problem(shop.get(f"{PRODUCTS}?segment={10**12}"), 404, "not_found")


def skus_of(api: Api, query: str) -> list[str]:
    answer = api.get(f"{PRODUCTS}?{query}")
    assert answer.status_code == 200, answer.text
    return [item["sku"] for item in answer.json["items"]]


@pytest.mark.parametrize(
    ("rule", "path", "code"),
    [
        ({}, "filter/conditions", "not_a_list"),
        (None, "filter/conditions", "not_a_list"),
        ([], "filter", "not_an_object"),
        (every(), "filter", "empty_group"),
        (every(where("colour", "eq", "red")), "filter/conditions/0/property", "unknown_field"),
        (either(where("stock", "gt", "x")), "filter/conditions/0/value", "not_a_number"),
        (nested(9), "filter" + "/conditions/0" * 8, "too_deep"),
    ],
)
def test_a_rule_that_cannot_be_used_is_named_with_its_place(
    shop: Api, rule: Any, path: str, code: str
) -> None:
    for address in (asked(rule), asked(rule).replace("/?", "/export/?")):
        errors = problem(shop.get(address), 422)["errors"]
        assert (path, code) in [(each["path"], each["code"]) for each in errors]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", 400),
        ("{", 400),
        ('{"logic":"and","logic":"or"}', 400),
        ('{"logic":NaN}', 400),
        (json.dumps(every(where("brand", "eq", "a\0b"))), 422),
        (json.dumps(every(where("brand", "eq", "\ud800"))), 422),
    ],
)
def test_what_is_no_json_is_refused_at_the_parameter(shop: Api, text: str, status: int) -> None:
    document = problem(shop.get(f"{PRODUCTS}?{urlencode({'filter': text})}"), status)
    assert document["errors"][0]["path"].startswith("filter")


def test_values_never_become_sql(shop: Api) -> None:
    nasty = "'; DROP TABLE products; -- \\ \" ` {p0:String} \n %s ]]"
    put(shop, a_product(50, sku="NASTY", brand=nasty))
    assert skus(shop, every(where("brand", "eq", nasty))) == ["NASTY"]
    assert skus(shop, every(where("brand", "contains", nasty[:20]))) == ["NASTY"]
    assert skus(shop, LUMO, q=nasty) == []


def test_another_tenants_products_are_never_found(shop: Api) -> None:
    tenant = make_tenant(shop.app)
    other = open_shop(Api(shop.app, tenant, make_api_key(shop.app, tenant, Role.ADMIN)), 3)
    ids = {item["id"] for item in other.get(asked(every(where("stock", "gte", 0)))).json["items"]}
    own = {item["id"] for item in other.get(PRODUCTS).json["items"]}
    assert ids == own
    assert len(ids) == 3


def test_while_clickhouse_is_away_a_sentence_says_what_works(
    shop: Api, clickhouse_away: Callable[[], AbstractContextManager[None]]
) -> None:
    segment = made(shop)
    with clickhouse_away():
        for address in (
            asked(FEW),
            asked(FEW, import_id=1),
            f"{PRODUCTS}?segment={segment['id']}",
            asked(FEW).replace("/?", "/export/?"),
        ):
            document = problem(shop.get(address), 503, "unavailable")
            assert "ClickHouse" in document["detail"]
        assert shop.get(PRODUCTS + "?limit=1").status_code == 200
        problem(shop.post("/api/pim/segments/preview/", {"definition": FEW}), 503, "unavailable")
