"""Facets: which there are, what they count, and how they become filters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pim.analytics.sync import sync_tenant
from pim.catalog import facet_choice, facets, import_ranges, listing
from pim.catalog.facet_choice import _Sampled, is_worth_it
from pim.core.db import transaction
from pim.core.errors import Unavailable
from pim.core.tenancy import tenant_scope
from pim.products import write
from pim.products.changes import ChangeSetMeta, StagedProduct
from pim.schema.fields import Field
from tests.factories.identity import TestTenant, client_of, make_tenant
from tests.factories.products import make_products, make_vocabulary
from tests.web.reading import Element, faults, read


def price(amount: int, currency: str = "EUR") -> dict[str, Any]:
    return {"amount": Decimal(amount), "currency": currency}


def bring(app: Flask, tenant: TestTenant) -> None:
    with app.app_context():
        sync_tenant(tenant.id)


@pytest.fixture(scope="module")
def shop(app: Flask) -> TestTenant:
    """Forty products: two brands, three tags, prices in two currencies, own descriptions."""
    tenant = make_tenant(app)
    make_vocabulary(app, tenant)
    rows = [
        StagedProduct(
            sku=f"P-{i}",
            name=f"Product {i}",
            active=i % 4 != 0,
            data={
                "brand": ["Lumo", "Hale & Co: <b>"][i % 2],
                "tags": [["new"], ["new", "eco"], ["gift"], ["eco"]][i % 4],
                "price": price(i + 1, "EUR" if i % 5 else "USD"),
                "stock": i * 10,
                "organic": i % 2 == 0,
                "description": f"The description of product {i}",
            },
        )
        for i in range(40)
    ]
    make_products(app, tenant, rows)
    bring(app, tenant)
    return tenant


@pytest.fixture
def client(app: Flask, shop: TestTenant) -> FlaskClient:
    return client_of(app, shop)


def facets_on(client: FlaskClient, url: str = "/pim") -> dict[str, list[str]]:
    """Legend → the lines of each facet, a checked one with a star."""
    found = {}
    for facet in _facet_elements(read(client.get(url).text)):
        (legend, *_) = facet.all("summary")
        found[legend.text()] = [_line(label) for label in facet.all("label")]
    return found


def _facet_elements(page: Element) -> list[Element]:
    return [e for e in page.all("details") if e.attrs.get("class") == "facet"]


def _line(label: Element) -> str:
    (box,) = label.all("input")
    return ("*" if "checked" in box.attrs else "") + label.text()


def test_fields_whose_values_repeat_get_a_facet_with_counts(client: FlaskClient) -> None:
    found = facets_on(client)
    assert found["Brand"] == ["Hale & Co: <b> 20", "Lumo 20"]
    assert found["Tags"] == ["eco 20", "new 20", "gift 10"]
    assert found["Organic"] == ["No 20", "Yes 20"]
    assert found["State"] == ["Active 30", "Inactive 10"]
    assert list(found) == ["Brand", "Price EUR", "Price USD", "Stock", "Tags", "Organic", "State"]


def test_a_facet_counts_what_fits_everything_but_itself(client: FlaskClient) -> None:
    found = facets_on(client, "/pim?f=brand:eq:Lumo&f=stock:gte:200")
    assert found["Brand"] == ["Hale & Co: <b> 10", "*Lumo 10"]
    assert found["Organic"] == ["Yes 10"]
    assert facets_on(client, "/pim?q=product+1&f=active:is_false:")["State"] == [
        "Active 11",
        "*Inactive 2",
    ]


def test_the_counts_are_those_of_the_lists_they_lead_to(client: FlaskClient) -> None:
    page = read(client.get("/pim?f=tags:contains:new").text)
    for facet in _facet_elements(page):
        for label in facet.all("label"):
            (box,) = label.all("input")
            count = int(label.text().rpartition(" ")[2])
            query = [("f", box.attrs["value"])]
            if not box.attrs["value"].startswith("tags:"):
                query.append(("f", "tags:contains:new"))
            answer = client.get("/pim", query_string=query)
            assert f"{count} of 40 products" in read(answer.text).text(), box.attrs["value"]


def test_a_range_shows_how_the_numbers_are_spread_and_what_is_chosen(client: FlaskClient) -> None:
    page = read(client.get("/pim?f=price:between:10..20 EUR").text)
    (drawing,) = [e for e in page.all("svg") if "Price from €2.00" in e.attrs.get("aria-label", "")]
    assert "to €40.00, most between" in drawing.attrs["aria-label"]
    inside = [e.attrs["class"] for e in drawing.all("rect")]
    assert 4 <= inside.count("fill-accent") <= 8
    ends = {
        e.attrs["name"]: e.attrs["value"]
        for e in page.all("input")
        if e.attrs.get("name", "").startswith("range:EUR:price")
    }
    assert ends == {"range:EUR:price_min": "10", "range:EUR:price_max": "20"}


def test_the_facets_form_says_all_that_narrows_the_list_and_nothing_twice(
    client: FlaskClient,
) -> None:
    url = (
        "/pim?q=product&f=brand:eq:Lumo&f=price:gte:10%20EUR"
        "&f=description:contains:the&sort=-stock&cols=brand"
    )
    page = read(client.get(url).text)
    (form,) = [e for e in page.all("form") if e.attrs.get("id") == "facets-form"]
    parts = form.all("input") + [
        e for e in page.all("input") if e.attrs.get("form") == "facets-form"
    ]
    sent = [
        (e.attrs["name"], e.attrs.get("value", ""))
        for e in parts
        if e.attrs.get("type") != "checkbox" or "checked" in e.attrs
    ]
    again = client.get("/pim", query_string=sent)
    assert again.status_code == 303
    assert sorted(again.headers["Location"].partition("?")[2].split("&")) == sorted(
        url.partition("?")[2].split("&")
    )


def test_a_range_in_the_facets_form_becomes_a_filter(client: FlaskClient) -> None:
    sent = [("f", "brand:eq:Lumo"), ("range:EUR:price_min", "10"), ("range:EUR:price_max", "20")]
    answer = client.get("/pim", query_string=sent)
    assert answer.headers["Location"] == "/pim?f=brand:eq:Lumo&f=price:between:10..20%20EUR"


def test_a_chosen_value_stays_in_its_facet_even_when_it_is_not_frequent(app: Flask) -> None:
    tenant = make_tenant(app)
    make_vocabulary(app, tenant)
    brands = [f"Brand {i:02}" for i in range(12) for _ in range(12 - i)]
    rows = [StagedProduct(sku=f"{i}", data={"brand": b}) for i, b in enumerate(brands)]
    make_products(app, tenant, rows)
    bring(app, tenant)
    client = client_of(app, tenant)
    found = facets_on(client, "/pim?f=brand:eq:Brand 11")["Brand"]
    assert len(found) == 9
    assert found[-1] == "*Brand 11"
    page = read(client.get("/pim").text)
    (more,) = [e for e in page.all("a") if e.attrs.get("class") == "facet-more"]
    assert more.text() == "All 12 values"
    assert len(facets_on(client, more.attrs["href"])["Brand"]) == 12


def test_an_import_has_facets_of_its_own_products_alone(app: Flask, shop: TestTenant) -> None:
    tenant = make_tenant(app)
    make_vocabulary(app, tenant)
    make_products(
        app, tenant, [StagedProduct(sku=f"O-{i}", data={"brand": "Old"}) for i in range(3)]
    )
    rows = [StagedProduct(sku=f"N-{i}", data={"brand": "New"}) for i in range(3)]
    make_products(
        app, tenant, [*rows, StagedProduct(sku="O-1", data={"brand": "New"})], import_id=5
    )
    bring(app, tenant)
    client = client_of(app, tenant)
    assert facets_on(client, "/pim?import_id=5")["Brand"] == ["New 4"]
    assert facets_on(client, "/pim?import_id=6")["State"] == []


def test_the_ranges_of_an_import_pass_over_ids_of_others() -> None:
    assert import_ranges.merged([(5, 5), (1, 3), (4, 4), (9, 9)]) == [(1, 5), (9, 9)]


def test_an_import_too_scattered_to_count_says_so_and_the_list_is_there(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = make_tenant(app)
    make_vocabulary(app, tenant)
    make_products(app, tenant, [StagedProduct(sku=f"{i}", name="A") for i in range(20)])
    every_other = [StagedProduct(sku=f"{i}", name="B") for i in range(0, 20, 2)]
    make_products(app, tenant, every_other, import_id=5)
    monkeypatch.setattr(import_ranges, "MOST_RANGES", 3)
    page = read(client_of(app, tenant).get("/pim?import_id=5").text)
    assert "too scattered" in page.text()
    assert "10 of 20 products" in page.text()


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the catalog were one of the large ones."""
    monkeypatch.setattr(listing, "SMALL_CATALOG", 10)


HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def loaders(page: Element) -> list[Element]:
    return [e for e in page.all("div") if e.attrs.get("hx-trigger") == "load"]


def test_the_facets_of_a_large_catalog_come_after_its_table(
    client: FlaskClient, large: None
) -> None:
    page = read(client.get("/pim?f=brand:eq:Lumo&sort=-stock").text)
    assert faults(page) == []
    assert _facet_elements(page) == []
    (loader,) = loaders(page)
    assert loader.attrs["hx-get"] == "/pim/facets?f=brand:eq:Lumo"
    assert loader.attrs["hx-include"] == "[form=facets-form]"
    sent = [e.attrs["name"] for e in page.all("input") if e.attrs.get("form") == "facets-form"]
    assert sent == ["sort"]
    whole = "/pim/facets?f=brand:eq:Lumo&sort=-stock"
    part = read(client.get(whole, headers=HTMX).text)
    assert "*Lumo 20" in [_line(label) for label in _facet_elements(part)[0].all("label")]
    assert client.get(whole).headers["Location"] == "/pim?f=brand:eq:Lumo&sort=-stock"
    (plain,) = [e for e in page.all("a") if e.text() == "Show filters with counts"]
    assert _facet_elements(read(client.get(plain.attrs["href"]).text))


def test_turning_the_page_of_a_large_catalog_does_not_count_it_again(
    client: FlaskClient, large: None
) -> None:
    def counting(url: str) -> dict[str, str]:
        (loader,) = loaders(read(client.get(url, headers=HTMX).text))
        return loader.attrs

    # A morph leaves an element alone that comes again as it was.
    assert counting("/pim?sort=name") == counting("/pim")
    assert counting("/pim?q=product")["id"] != counting("/pim")["id"]
    assert counting("/pim?q=product&more=brand")["id"] != counting("/pim?q=product")["id"]


def test_while_clickhouse_is_away_the_table_is_there_and_says_so_calmly(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise Unavailable("ClickHouse does not answer.")

    monkeypatch.setattr(facets, "find_values", away)
    answer = client.get("/pim?f=brand:eq:Lumo")
    page = read(answer.text)
    assert answer.status_code == 200
    assert "20 of 40 products" in page.text()
    assert "Counts aren't available at the moment" in page.text()
    assert faults(page) == []


def test_what_is_written_and_not_yet_in_clickhouse_is_in_the_table_already(
    app: Flask, shop: TestTenant, client: FlaskClient
) -> None:
    tenant = make_tenant(app)
    make_vocabulary(app, tenant)
    (product,) = make_products(app, tenant, [StagedProduct(sku="A", data={"brand": "Lumo"})])
    bring(app, tenant)
    with app.app_context(), tenant_scope(tenant.id), transaction():
        changed = StagedProduct(product_id=product, data={"brand": "Hale"})
        write.apply_change_set(
            ChangeSetMeta("inline"), [changed], mode="update_only", match_by="id"
        )
    page = read(client_of(app, tenant).get("/pim?f=brand:eq:Hale").text)
    assert "1 of 1 product" in page.text()


@pytest.mark.parametrize(
    ("field", "sampled", "worth"),
    [
        (Field("brand", "string"), _Sampled(1000, 900, 30, 8), True),
        (Field("title", "string"), _Sampled(1000, 1000, 990, 30), False),
        (Field("rare", "string"), _Sampled(1000, 5, 2, 5), False),
        (Field("text", "string"), _Sampled(1000, 1000, 20, 300), False),
        (Field("keywords", "array"), _Sampled(1000, 900, 20_000, 8), False),
        (Field("tags", "array"), _Sampled(1000, 900, 400, 8), True),
        (Field("organic", "boolean"), _Sampled(1000, 100, 1, 4), True),
        (Field("price", "price"), _Sampled(1000, 1000, 900, 5), True),
        (Field("price", "price"), _Sampled(1000, 1000, 1, 5), False),
        (Field("ean", "number"), _Sampled(1000, 1000, 1000, 13), False),
        (Field("Supplier ID", "number"), _Sampled(1000, 1000, 1000, 5), False),
        (Field("width", "number"), _Sampled(1000, 1000, 40, 3), True),
    ],
)
def test_a_sample_tells_which_fields_are_worth_a_facet(
    field: Field, sampled: _Sampled, worth: bool
) -> None:
    assert is_worth_it(field, sampled) is worth


def test_only_the_best_fields_get_a_facet_of_sixty(app: Flask) -> None:
    tenant = make_tenant(app)
    names = [f"attribute {i:02}" for i in range(60)]
    make_vocabulary(app, tenant, [(name, "string") for name in names])
    rows = [
        StagedProduct(
            sku=f"{i}",
            data={name: f"v{i % 3}" for at, name in enumerate(names) if (i + at) % 60 < at},
        )
        for i in range(60)
    ]
    make_products(app, tenant, rows)
    bring(app, tenant)
    found = facets_on(client_of(app, tenant))
    assert len(found) == facet_choice.MOST_VALUES + 1
    assert "Attribute 59" in found or "attribute 59" in found
