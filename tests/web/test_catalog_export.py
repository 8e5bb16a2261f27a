"""The menu that takes the list along: what is shown, all pages of it, in its order."""

from __future__ import annotations

import csv
import io
import json

import pytest
from flask import Flask

from pim.identity.permissions import Role
from pim.products.changes import StagedProduct
from tests.factories.identity import TestTenant, client_of
from tests.factories.products import make_product, make_products, make_vocabulary
from tests.web.reading import Element
from tests.web.test_catalog_list import Catalog, link


@pytest.fixture
def catalog(app: Flask, tenant: TestTenant) -> Catalog:
    make_vocabulary(app, tenant, [("brand", "string"), ("stock", "number")])
    for number in range(60):
        brand = "Hay" if number % 2 else "=Muuto"
        make_product(
            app, tenant, f"NW-{number:03}", f"Lamp {number}", brand=brand, stock=60 - number
        )
    return Catalog(app, tenant, client_of(app, tenant, Role.VIEWER))


def menu(page: Element) -> dict[str, str]:
    return {
        e.text(): e.attrs["href"]
        for e in page.all("a")
        if e.attrs["href"].startswith("/pim/export")
    }


def exported(catalog: Catalog, url: str) -> list[dict[str, str]]:
    answer = catalog.client.get(url)
    assert answer.status_code == 200, answer.text[:500]
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))


def test_the_menu_offers_the_list_in_each_form(catalog: Catalog) -> None:
    found = menu(catalog.page())
    assert list(found) == ["Excel", "CSV, to look at", "CSV, to import again", "JSON Lines"]
    names = {}
    for label, href in found.items():
        answer = catalog.client.get(href)
        assert answer.status_code == 200
        names[label] = answer.headers["Content-Disposition"].rpartition(".")[2].strip('"')
    assert list(names.values()) == ["xlsx", "csv", "csv", "jsonl"]


def test_the_file_has_the_list_s_search_filters_and_order(catalog: Catalog) -> None:
    href = menu(catalog.page("/pim?sort=stock&q=lamp+1&f=brand:eq:Hay"))["CSV, to import again"]
    rows = exported(catalog, href)
    assert [row["sku"] for row in rows] == [
        *("NW-051", "NW-041", "NW-031", "NW-021", "NW-019", "NW-017"),
        *("NW-015", "NW-013", "NW-011", "NW-001"),
    ]
    assert {row["brand"] for row in rows} == {"Hay"}


def test_a_list_of_many_pages_is_one_file_wherever_one_stands(catalog: Catalog) -> None:
    second = catalog.page(link(catalog.page("/pim?sort=-stock"), "Next"))
    rows = exported(catalog, menu(second)["CSV, to import again"])
    assert [row["stock"] for row in rows] == [str(60 - number) for number in range(60)]


def test_what_a_spreadsheet_opens_runs_nothing_and_is_seen_as_utf_8(catalog: Catalog) -> None:
    found = menu(catalog.page())
    answer = catalog.client.get(found["CSV, to look at"])
    assert answer.data.startswith(b"\xef\xbb\xbfsku,")
    assert {row["brand"] for row in exported(catalog, found["CSV, to look at"])} == {
        "Hay",
        "'=Muuto",
    }
    assert {row["brand"] for row in exported(catalog, found["CSV, to import again"])} == {
        "Hay",
        "=Muuto",
    }


def test_products_without_a_value_to_sort_by_come_last(
    app: Flask, tenant: TestTenant, catalog: Catalog
) -> None:
    make_products(app, tenant, [StagedProduct("NW-900"), StagedProduct("NW-901")])
    for url in ("/pim?sort=stock", "/pim?sort=-stock"):
        answer = catalog.client.get(menu(catalog.page(url))["JSON Lines"])
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert [line["sku"] for line in lines[-2:]] == ["NW-900", "NW-901"]


def test_there_is_nothing_to_take_along_where_nothing_is_shown(catalog: Catalog) -> None:
    assert menu(catalog.page("/pim?q=nothing-like-this")) == {}


def test_a_list_that_cannot_be_shown_leads_back_to_where_that_is_said(catalog: Catalog) -> None:
    answer = catalog.client.get("/pim/export?format=csv&f=nope:eq:1")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/pim?f=nope:eq:1"
    assert catalog.client.get("/pim/export?format=pdf").status_code == 404
