"""The catalog's table: what it shows, how it is narrowed down, sorted and paged."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pim.identity.permissions import Role
from pim.products.changes import StagedProduct
from tests.factories.identity import TestTenant, client_of, csrf_token, make_tenant
from tests.factories.products import make_product, make_products, make_vocabulary
from tests.web.reading import Element, faults, read

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@dataclass
class Catalog:
    """The catalog as one person sees it in their browser."""

    app: Flask
    tenant: TestTenant
    client: FlaskClient

    def page(self, url: str = "/pim", status: int = 200) -> Element:
        answer = self.client.get(url)
        assert answer.status_code == status, answer.text[:2000]
        return read(answer.text)

    def skus(self, url: str = "/pim") -> list[str]:
        return skus_on(self.page(url))

    def add(self, sku: str, name: str = "", **more: Any) -> int:
        return make_product(self.app, self.tenant, sku, name, **more)


def skus_on(page: Element) -> list[str]:
    return [e.text() for e in page.all("td") if "pin-sku" in e.attrs.get("class", "")]


def texts(page: Element, tag: str, cls: str) -> list[str]:
    return [e.text() for e in page.all(tag) if cls in e.attrs.get("class", "").split()]


def link(page: Element, label: str) -> str:
    found = [e.attrs["href"] for e in page.all("a") if e.text().startswith(label)]
    assert found, f"there is no link {label!r}"
    return found[0]


@pytest.fixture
def catalog(app: Flask, tenant: TestTenant) -> Catalog:
    make_vocabulary(app, tenant)
    return Catalog(app, tenant, client_of(app, tenant, Role.EDITOR))


def shop(catalog: Catalog) -> None:
    def price(amount: str, currency: str = "EUR") -> dict[str, Any]:
        return {"amount": Decimal(amount), "currency": currency}

    catalog.add("A-1", "Oslo chair", brand="Lumo", stock=3, price=price("149.50"), tags=["new"])
    catalog.add("A-2", "Desk lamp", brand="Hale", stock=0, price=price("20"), tags=["eco", "new"])
    catalog.add("A-3", "Floor Lamp", brand="lumo", price=price("80", "USD"), organic=True)
    catalog.add("A-4", "Ärmchair", active=False, description="<b>Soft</b> & warm")


def test_a_tenant_without_products_is_led_to_import_or_create_one(catalog: Catalog) -> None:
    page = catalog.page()
    assert "No products yet" in page.text()
    assert link(page, "Import a file") == "/pim/import"
    assert link(page, "Create a product") == "/pim/new"


def test_every_product_is_a_row_with_its_values_formatted_by_type(catalog: Catalog) -> None:
    catalog.add(
        "A-1",
        "Oslo chair",
        brand="Lumo",
        price={"amount": Decimal("1149.5"), "currency": "EUR"},
        stock=1204,
        tags=["a", "b", "c", "d"],
    )
    (row,) = [r for r in catalog.page().all("tr") if r.attrs.get("id", "").startswith("product-")]
    assert "Oslo chair" in row.text()
    assert "€1,149.50" in row.text()
    assert "1,204" in row.text()
    assert "+1" in row.text()


def test_markup_in_a_value_is_text_not_markup(catalog: Catalog) -> None:
    catalog.add("<i>X</i>", "<script>alert(1)</script>", brand="<img src=x onerror=y>Lumo")
    body = catalog.client.get("/pim").text
    assert "<script>alert" not in body
    assert "<img src=x" not in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["A-1", "A-2", "A-3", "A-4"]),
        ("q=lamp", ["A-2", "A-3"]),
        ("q=FLOOR+lamp", ["A-3"]),
        ("q=a-2", ["A-2"]),
        ("q=ärm", ["A-4"]),
        ("q=%25", []),
        ("f=brand:eq:Lumo", ["A-1"]),
        ("f=brand:eq:Lumo&f=brand:eq:Hale", ["A-1", "A-2"]),
        ("f=brand:contains:UM", ["A-1", "A-3"]),
        ("f=brand:neq:Lumo", ["A-2", "A-3", "A-4"]),
        ("f=brand:is_not_set:", ["A-4"]),
        ("f=stock:lt:1", ["A-2"]),
        ("f=stock:between:0..3", ["A-1", "A-2"]),
        ("f=stock:not_between:0..2", ["A-1", "A-3", "A-4"]),
        ("f=price:gte:50", ["A-1", "A-3"]),
        ("f=price:gte:50 EUR", ["A-1"]),
        ("f=price:is_set:USD", ["A-3"]),
        ("f=tags:contains:eco&f=tags:contains:new", ["A-1", "A-2"]),
        ("f=tags:does_not_contain:new", ["A-3", "A-4"]),
        ("f=organic:is_true:", ["A-3"]),
        ("f=active:is_false:", ["A-4"]),
        ("f=sku:eq:a-3", ["A-3"]),
        ("f=name:starts_with:des", ["A-2"]),
        ("f=updated_at:gte:2020-01-01", ["A-1", "A-2", "A-3", "A-4"]),
        ("f=created_at:lt:2020-01-01", []),
        ("f=brand:contains:lu&f=stock:gt:1&q=chair", ["A-1"]),
    ],
)
def test_search_and_filters_leave_exactly_what_fits(
    catalog: Catalog, query: str, expected: list[str]
) -> None:
    shop(catalog)
    assert catalog.skus("/pim?" + query) == expected


def test_every_filter_is_a_chip_that_can_be_taken_away(catalog: Catalog) -> None:
    shop(catalog)
    page = catalog.page("/pim?q=lamp&f=brand:eq:Lumo&f=brand:eq:Hale&f=price:between:1..99 EUR")
    chips = texts(page, "span", "chip-text")
    assert chips == ["Search “lamp”", "Brand is Lumo or Hale", "Price €1 – €99"]
    removals = [e.attrs["href"] for e in page.all("a") if e.attrs.get("class") == "chip-remove"]
    assert removals[1] == "/pim?q=lamp&f=price:between:1..99%20EUR"
    assert link(page, "Clear all") == "/pim"


def test_a_filter_nobody_can_use_shows_nothing_and_says_why(catalog: Catalog) -> None:
    shop(catalog)
    page = catalog.page("/pim?f=colour:eq:red&f=brand:eq:Lumo", status=422)
    assert skus_on(page) == []
    assert "There is no field “colour”" in page.text()
    assert catalog.skus(link(page, "Leave it out")) == ["A-1"]


def test_nothing_found_offers_the_way_back(catalog: Catalog) -> None:
    shop(catalog)
    page = catalog.page("/pim?q=sofa&sort=name")
    assert "No product has “sofa” in its SKU or name" in page.text()
    assert len(catalog.skus(link(page, "Clear search and filters"))) == 4


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("sku", ["A-1", "A-2", "A-3", "A-4"]),
        ("-sku", ["A-4", "A-3", "A-2", "A-1"]),
        ("name", ["A-2", "A-3", "A-1", "A-4"]),
        ("price", ["A-2", "A-3", "A-1", "A-4"]),
        ("-price", ["A-1", "A-3", "A-2", "A-4"]),
        ("stock", ["A-2", "A-1", "A-3", "A-4"]),
        ("-stock", ["A-1", "A-2", "A-3", "A-4"]),
        ("brand", ["A-2", "A-1", "A-3", "A-4"]),
        ("organic", ["A-3", "A-1", "A-2", "A-4"]),
        ("tags", ["A-1", "A-2", "A-3", "A-4"]),
        ("nonsense", ["A-1", "A-2", "A-3", "A-4"]),
    ],
)
def test_columns_sort_and_products_without_a_value_come_last(
    catalog: Catalog, sort: str, expected: list[str]
) -> None:
    shop(catalog)
    assert catalog.skus(f"/pim?sort={sort}") == expected


def walk(catalog: Catalog, url: str, label: str) -> Iterator[tuple[Element, str]]:
    while url:
        page = catalog.page(url)
        yield page, url
        pages = [e for e in page.all("a") if e.attrs.get("rel") == label]
        url = pages[0].attrs["href"] if pages else ""


def fill(catalog: Catalog, count: int) -> None:
    make_products(
        catalog.app,
        catalog.tenant,
        [
            StagedProduct(
                sku=f"P{i:03}",
                name=f"Name {i % 7}",
                data={"stock": i % 5} if i % 3 else {},
            )
            for i in range(count)
        ],
    )


@pytest.mark.parametrize("sort", ["sku", "-sku", "name", "-name", "stock", "-stock", "-updated_at"])
def test_pages_forward_and_back_hold_every_product_once_in_order(
    catalog: Catalog, sort: str
) -> None:
    fill(catalog, 130)
    forward = list(walk(catalog, f"/pim?sort={sort}", "next"))
    seen = [sku for page, _ in forward for sku in skus_on(page)]
    assert sorted(seen) == [f"P{i:03}" for i in range(130)]
    assert [len(skus_on(page)) for page, _ in forward] == [50, 50, 30]
    backward = list(walk(catalog, forward[-1][1], "prev"))
    again = [sku for page, _ in reversed(backward) for sku in skus_on(page)]
    assert again == seen


def test_the_foot_says_which_rows_of_how_many(catalog: Catalog) -> None:
    fill(catalog, 130)
    feet = [
        re.search(r"\d+–\d+ of \d+", page.text())[0]  # type: ignore[index]
        for page, _ in walk(catalog, "/pim", "next")
    ]
    assert feet == ["1–50 of 130", "51–100 of 130", "101–130 of 130"]
    assert "86 of 130 products" in catalog.page("/pim?f=stock:is_set:").text()


def test_a_cursor_of_another_list_is_its_beginning_not_an_error(catalog: Catalog) -> None:
    fill(catalog, 60)
    second = link(catalog.page("/pim"), "Next")
    assert catalog.skus(second + "&sort=name")[0] == catalog.skus("/pim?sort=name")[0]
    assert catalog.skus("/pim?after=nonsense")[0] == "P000"


def test_an_import_filter_shows_what_that_import_touched(catalog: Catalog) -> None:
    catalog.add("OLD", "Before")
    rows = [StagedProduct(sku="NEW", name="New"), StagedProduct(sku="OLD", name="After")]
    make_products(catalog.app, catalog.tenant, rows, import_id=77)
    make_products(catalog.app, catalog.tenant, [StagedProduct(sku="X")], import_id=78)
    page = catalog.page("/pim?import_id=77")
    assert skus_on(page) == ["NEW", "OLD"]
    assert texts(page, "span", "chip-text") == ["Import no. 77"]


def test_chosen_columns_are_in_the_address_and_remembered(catalog: Catalog) -> None:
    shop(catalog)
    chosen = catalog.client.get("/pim?columns_form=1&c=description&c=updated_at&q=chair")
    assert chosen.status_code == 303
    assert chosen.headers["Location"] == "/pim?q=chair&cols=description,updated_at"
    headings = [e.text() for e in catalog.page("/pim").all("th")]
    assert headings == ["Picture", "SKU", "Name", "Description text", "Updated"]
    catalog.client.get("/pim?cols=default")
    assert "Brand text" in [e.text() for e in catalog.page("/pim").all("th")]


def test_the_switch_turns_a_product_off_without_a_script(catalog: Catalog) -> None:
    product_id = catalog.add("A-1", "Chair")
    token = csrf_token(catalog.client)
    answer = catalog.client.post(
        f"/pim/{product_id}/active",
        data={"active": "0", "next": "/pim?q=chair", "csrf_token": token},
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pim?q=chair")
    assert catalog.skus("/pim?f=active:is_false:") == ["A-1"]


def test_the_switch_gives_htmx_the_row_as_it_is_now(catalog: Catalog) -> None:
    product_id = catalog.add("A-1", "Chair", brand="Lumo")
    token = csrf_token(catalog.client)
    answer = catalog.client.post(
        f"/pim/{product_id}/active",
        data={"active": "0", "next": "/pim?cols=brand,active", "csrf_token": token},
        headers=HTMX,
    )
    row = read(answer.text)
    assert [e.attrs.get("id") for e in row.all("tr")] == [f"product-{product_id}"]
    assert [e.attrs["aria-checked"] for e in row.all("button")] == ["false"]
    assert "Lumo" in row.text()


def test_the_switch_never_leads_to_another_site(catalog: Catalog) -> None:
    product_id = catalog.add("A-1", "Chair")
    data = {"active": "0", "next": "//evil.example", "csrf_token": csrf_token(catalog.client)}
    answer = catalog.client.post(f"/pim/{product_id}/active", data=data)
    assert answer.headers["Location"] == "/"


def test_who_may_only_look_gets_no_switches_and_no_new_button(app: Flask, catalog: Catalog) -> None:
    catalog.add("A-1", "Chair")
    viewer = Catalog(app, catalog.tenant, client_of(app, catalog.tenant, Role.VIEWER))
    page = viewer.page()
    assert skus_on(page) == ["A-1"]
    assert [e for e in page.all("button") if e.attrs.get("role") == "switch"] == []
    assert "New product" not in page.text()


def test_another_tenants_products_are_not_there(app: Flask, catalog: Catalog) -> None:
    other = make_tenant(app)
    theirs = make_product(app, other, "THEIRS", "Secret")
    catalog.add("OURS", "Chair")
    assert catalog.skus() == ["OURS"]
    assert catalog.skus("/pim?q=secret") == []
    assert catalog.client.get(f"/pim/{theirs}").status_code == 404


def test_htmx_gets_the_region_alone_and_the_address_to_show(catalog: Catalog) -> None:
    shop(catalog)
    answer = catalog.client.get("/pim?q=lamp&sort=&cols=", headers=HTMX)
    region = read(answer.text)
    assert region.all("h1")
    assert region.all("html", "title") == []
    assert answer.headers["HX-Push-Url"] == "/pim?q=lamp"
    assert "HX-Request" in answer.headers["Vary"]
    typing = {**HTMX, "HX-Source": "form#catalog-search"}
    typed = catalog.client.get("/pim?q=la", headers=typing)
    assert typed.headers["HX-Replace-Url"] == "/pim?q=la"


def test_back_after_a_pushed_address_gets_the_whole_page(catalog: Catalog) -> None:
    headers = {"HX-Request": "true", "HX-Request-Type": "full"}
    assert "<html" in catalog.client.get("/pim?q=lamp", headers=headers).text


def test_the_filter_form_leads_to_an_address_written_the_one_way(catalog: Catalog) -> None:
    shop(catalog)
    page = catalog.page("/pim?add=price&f=brand:eq:Lumo")
    names = {e.attrs.get("name") for e in page.all("input", "select")}
    assert {"add", "fo", "fv", "fv2", "fc", "f"} <= names
    sent = "/pim?f=brand:eq:Lumo&add=price&fo=between&fv=1%2C000.50&fv2=2000&fc=EUR&apply=1"
    answer = catalog.client.get(sent)
    assert answer.status_code == 303
    assert answer.headers["Location"] == ("/pim?f=brand:eq:Lumo&f=price:between:1000.5..2000%20EUR")


def test_a_filter_that_was_written_wrong_stays_in_its_form_with_the_reason(
    catalog: Catalog,
) -> None:
    shop(catalog)
    page = catalog.page("/pim?add=stock&fo=gte&fv=plenty&apply=1", status=422)
    assert "“plenty” is not a number" in page.text()
    assert [e.attrs["value"] for e in page.all("input") if e.attrs.get("name") == "fv"] == [
        "plenty"
    ]
    assert len(skus_on(page)) == 4


def test_sixty_fields_do_not_make_sixty_columns(app: Flask) -> None:
    tenant = make_tenant(app)
    make_vocabulary(app, tenant, [(f"field {i}", "string") for i in range(60)])
    make_product(app, tenant, "A-1", "Chair", **{"field 3": "x"})
    page = Catalog(app, tenant, client_of(app, tenant)).page()
    assert len(page.all("th")) <= 12
    assert len([e for e in page.all("input") if e.attrs.get("name") == "c"]) == 65


@pytest.mark.parametrize(
    "url",
    ["/pim", "/pim?q=lamp&f=brand:eq:Lumo", "/pim?f=x:y:z", "/pim?add=price", "/pim/columns"],
)
def test_every_state_of_the_page_is_sound(catalog: Catalog, url: str) -> None:
    shop(catalog)
    answer = catalog.client.get(url)
    assert faults(read(answer.text)) == []
    assert f"Catalog · {catalog.tenant.name}" in unescape(answer.text)
