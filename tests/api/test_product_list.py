"""The list of products: pages that don't shift, filters that are never ignored."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.conftest import BULK, PRODUCTS, Api, problem


def fill(api: Api, count: int, prefix: str = "P") -> None:
    """Many products at once."""
    products = [{"sku": f"{prefix}{i:03}", "name": f"Name {i % 7}"} for i in range(count)]
    assert api.post(BULK, {"products": products}).json["created"] == count


def walk(api: Api, query: str, between: Any = None) -> list[str]:
    """The SKUs of all pages, with something happening between two of them."""
    skus: list[str] = []
    after = ""
    while True:
        page = api.get(f"{PRODUCTS}?{query}{after}").json
        skus += [item["sku"] for item in page["items"]]
        if page["next"] is None:
            return skus
        after = f"&after={page['next']}"
        if between:
            between()


@pytest.mark.parametrize("sort", ["id", "sku", "name", "updated_at", "created_at"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_hold_every_product_once_in_order(api: Api, sort: str, sign: str) -> None:
    fill(api, 30)
    skus = walk(api, f"limit=7&sort={sign}{sort}")
    assert sorted(skus) == [f"P{i:03}" for i in range(30)]
    assert skus == [
        i["sku"] for i in api.get(f"{PRODUCTS}?limit=1000&sort={sign}{sort}").json["items"]
    ]
    if sort == "sku":
        assert skus == sorted(skus, reverse=bool(sign))


@pytest.mark.parametrize("sort", ["id", "-id", "sku", "name"])
def test_products_that_come_in_neither_repeat_nor_hide_others(api: Api, sort: str) -> None:
    fill(api, 24)
    arrived = iter(range(1000))

    def something_arrives() -> None:
        number = next(arrived)
        api.make(f"A{number}", name="Name 0")
        api.make(f"Z{number}", name="Name 6")

    skus = [sku for sku in walk(api, f"limit=5&sort={sort}", something_arrives) if sku[0] == "P"]
    assert sorted(skus) == [f"P{i:03}" for i in range(24)]


def test_the_end_of_a_list_has_no_next_even_when_a_page_is_exactly_full(api: Api) -> None:
    fill(api, 4)
    page = api.get(PRODUCTS + "?limit=4").json
    assert (len(page["items"]), page["next"]) == (4, None)
    assert "count" not in page
    assert api.get(PRODUCTS + "?limit=1&count=true").json["count"] == 4


def test_filters_hold_together(api: Api) -> None:
    api.make("CHAIR-1", name="Oak chair")
    api.make("CHAIR-2", name="Pine chair", active=False)
    late = api.make("TABLE-1", name="Oak table")

    def found(query: str) -> list[str]:
        return [item["sku"] for item in api.get(f"{PRODUCTS}?{query}&sort=sku").json["items"]]

    assert found("q=oak") == ["CHAIR-1", "TABLE-1"]
    assert found("q=chair-") == ["CHAIR-1", "CHAIR-2"]
    assert found("q=chair&active=false") == ["CHAIR-2"]
    assert found("active=true") == ["CHAIR-1", "TABLE-1"]
    assert found("updated_since=" + late["updated_at"].replace("+", "%2B")) == ["TABLE-1"]
    assert found("updated_since=" + late["updated_at"]) == ["TABLE-1"]
    assert found("updated_since=2999-01-01") == []
    assert found("import_id=999999999") == []
    assert found("q=%25") == []


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("active=maybe", "active"),
        ("sort=price", "sort"),
        ("updated_since=yesterday", "updated_since"),
        ("import_id=-1", "import_id"),
        ("colour=oak", "colour"),
        ("q=%00", "q"),
    ],
)
def test_a_parameter_that_is_not_understood_is_never_ignored(
    api: Api, query: str, parameter: str
) -> None:
    document = problem(api.get(f"{PRODUCTS}?{query}"), 400)
    assert document["errors"][0]["path"] == parameter


def test_a_cursor_belongs_to_its_list_and_order(api: Api) -> None:
    fill(api, 3)
    cursor = api.get(PRODUCTS + "?limit=1&sort=sku").json["next"]
    assert api.get(f"{PRODUCTS}?limit=1&sort=sku&after={cursor}").status_code == 200
    for wrong in (
        f"after={cursor}",
        f"sort=-sku&after={cursor}",
        "after=abc",
        f"sort=sku&after={cursor}x",
    ):
        problem(api.get(f"{PRODUCTS}?{wrong}"), 400, "invalid_cursor")
