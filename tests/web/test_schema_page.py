"""The schema page: reading it, changing it step by step, with and without htmx."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from pim.core.db import db
from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from pim.products.models import Product
from pim.schema.fields import Vocabulary
from pim.schema.page import id_of, path_of
from pim.schema.queries import current_vocabulary
from pim.segments.dsl.properties import field_key
from tests.factories.identity import TestTenant, client_of, csrf_token, make_tenant
from tests.factories.products import make_product, make_vocabulary
from tests.factories.segments import all_of, any_of, attribute, make_segment
from tests.web.reading import Element, faults, read

PAGE = "/pim/schema"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@dataclass
class Desk:
    """A manager at work on the schema."""

    app: Flask
    tenant: TestTenant
    client: FlaskClient
    token: str

    def page(self, url: str = PAGE) -> Element:
        answer = self.client.get(url)
        assert answer.status_code == 200, answer.text[:2000]
        page = read(answer.text)
        assert faults(page) == []
        return page

    def post(self, url: str, data: dict[str, Any], **more: Any) -> TestResponse:
        return self.client.post(url, data={**data, "csrf_token": self.token}, **more)

    def save(self, field: str, /, **data: Any) -> TestResponse:
        """Send the form of a field; name and type stay unless they are given."""
        found = self.vocabulary.get(field)
        assert found is not None
        return self.post(path_of(field), {"name": field, "type": found.type, **data})

    @property
    def vocabulary(self) -> Vocabulary:
        with self.app.app_context(), tenant_scope(self.tenant.id):
            return current_vocabulary()

    def values(self, sku: str) -> dict[str, Any]:
        with self.app.app_context(), tenant_scope(self.tenant.id):
            found: dict[str, Any] = db.session.scalars(
                select(Product.data).where(Product.sku == sku)
            ).one()
            return found


@pytest.fixture
def desk(app: Flask, tenant: TestTenant) -> Desk:
    client = client_of(app, tenant, Role.MANAGER)
    make_vocabulary(app, tenant, [("vk", "string"), ("stock", "number"), ("a%b #1", "string")])
    return Desk(app, tenant, client, csrf_token(client))


def row_of(page: Element, name: str) -> Element:
    (row,) = [e for e in page.all("tr") if e.attrs.get("id") == id_of(name)]
    return row


def confirmed_on(page: Element) -> str:
    (button,) = [e for e in page.all("button") if e.attrs.get("name") == "confirmed"]
    return button.attrs["value"]


def test_a_new_tenant_is_shown_how_fields_come_about(app: Flask, tenant: TestTenant) -> None:
    page = read(client_of(app, tenant).get(PAGE).text)
    assert faults(page) == []
    assert "No fields of your own yet" in page.text()
    assert "/pim/schema/fields" in {link.attrs["href"] for link in page.all("a")}


def test_every_field_is_listed_with_its_type_and_how_many_products_have_it(desk: Desk) -> None:
    make_product(desk.app, desk.tenant, "A", stock=5)
    make_product(desk.app, desk.tenant, "B", stock=7, vk="x")
    make_product(desk.app, desk.tenant, "C")
    page = desk.page()
    assert "3 fields · 3 products" in page.text()
    assert "Number" in row_of(page, "stock").text()
    assert "2 66%" in row_of(page, "stock").text()
    assert "0 0%" in row_of(page, "a%b #1").text()
    assert "sku" in page.text()


def test_values_without_a_field_are_listed_with_a_way_to_make_them_one(desk: Desk) -> None:
    make_product(desk.app, desk.tenant, "A", **{"colour & more": "red"})
    page = desk.page()
    (link,) = [
        a for a in page.all("a") if a.attrs.get("aria-label") == "Make colour & more a field"
    ]
    form = desk.page(link.attrs["href"])
    assert [i.attrs["value"] for i in form.all("input") if i.attrs.get("name") == "name"] == [
        "colour & more"
    ]


def test_a_viewer_reads_the_schema_and_is_offered_no_change(app: Flask, desk: Desk) -> None:
    page = read(client_of(app, desk.tenant, Role.VIEWER).get(PAGE).text)
    main = page.all("main")[0]
    assert "stock" in main.text()
    assert not main.all("form")
    assert not [a for a in main.all("a") if "fields" in a.attrs["href"]]


def test_a_field_is_added_at_the_end(desk: Desk) -> None:
    desk.page("/pim/schema/fields")
    answer = desk.post(
        "/pim/schema/fields",
        {"name": " Größe ", "type": "array", "required": "1", "description": "EU sizes"},
    )
    assert (answer.status_code, answer.location) == (303, PAGE)
    added = desk.vocabulary.fields[-1]
    assert (added.name, added.type, added.required) == ("Größe", "array", True)
    assert added.description == "EU sizes"
    assert "“Größe” is added." in desk.client.get(PAGE).text


@pytest.mark.parametrize(
    ("data", "field", "message"),
    [
        ({"name": "", "type": "string"}, "name", "A field needs a name."),
        ({"name": "stock", "type": "string"}, "name", "two fields called “stock”"),
        ({"name": "Sku", "type": "string"}, "name", "“Sku” is taken"),
        ({"name": "a/b", "type": "string"}, "name", "“a/b” can&#39;t be a name"),
        ({"name": "x", "type": "colour"}, "type", "“colour” is not a type"),
    ],
)
def test_a_field_that_cannot_be_is_refused_beside_its_input(
    desk: Desk, data: dict[str, str], field: str, message: str
) -> None:
    answer = desk.post("/pim/schema/fields", data)
    assert answer.status_code == 422
    assert message in answer.text
    page = read(answer.text)
    assert faults(page) == []
    (wrong,) = [e for e in page.walk() if e.attrs.get("aria-invalid") == "true"]
    assert wrong.attrs["name"] == field
    assert len(desk.vocabulary.fields) == 3


def test_a_field_is_renamed_and_described(desk: Desk) -> None:
    make_product(desk.app, desk.tenant, "A", **{"a%b #1": "x"})
    desk.page(path_of("a%b #1"))
    answer = desk.save("a%b #1", name="size", description="EU")
    assert answer.status_code == 303
    assert desk.vocabulary.names == ("vk", "stock", "size")
    assert desk.values("A") == {"size": "x"}
    assert "1 value moved along." in desk.client.get(PAGE).text


def test_values_that_do_not_fit_are_shown_before_and_removed_only_when_accepted(
    desk: Desk,
) -> None:
    for sku, value in (("A", "19,99 €"), ("B", "auf <b>Anfrage</b>"), ("C", "5 EUR")):
        make_product(desk.app, desk.tenant, sku, vk=value)
    asked = desk.save("vk", type="price")
    assert asked.status_code == 409
    page = read(asked.text)
    assert faults(page) == []
    assert "1 of 3 values can’t be read as the new type" in page.text()
    assert "auf <b>Anfrage</b>" in page.text()
    assert "Save and remove 1 value" in page.text()
    assert desk.values("A") == {"vk": "19,99 €"}

    done = desk.save("vk", type="price", confirmed=confirmed_on(page))
    assert done.status_code == 303
    assert desk.values("B") == {}
    assert desk.values("C") == {"vk": {"amount": 5, "currency": "EUR"}}
    assert "2 values converted. 1 value removed." in desk.client.get(PAGE).text


def test_what_was_accepted_is_asked_again_when_it_became_more(desk: Desk) -> None:
    make_product(desk.app, desk.tenant, "A", vk="x")
    accepted = confirmed_on(read(desk.save("vk", type="number").text))
    make_product(desk.app, desk.tenant, "B", vk="y")
    again = desk.save("vk", type="number", confirmed=accepted)
    assert again.status_code == 409
    assert "2 of 2 values" in read(again.text).text()
    assert desk.values("A") == {"vk": "x"}


def test_the_decimal_sign_is_asked_for_where_values_have_two_readings(desk: Desk) -> None:
    make_product(desk.app, desk.tenant, "A", vk="1.250")
    asked = desk.save("vk", type="number")
    assert "Decimal sign in the values" in asked.text
    assert desk.save("vk", type="number", notation=",").status_code == 303
    assert desk.values("A") == {"vk": 1250}


def test_products_that_lack_a_required_value_are_counted(desk: Desk) -> None:
    make_product(desk.app, desk.tenant, "A", stock=1)
    make_product(desk.app, desk.tenant, "B")
    asked = desk.save("stock", required="1")
    page = read(asked.text)
    assert "1 of 2 products have no value here" in page.text()
    assert desk.save("stock", required="1", confirmed=confirmed_on(page)).status_code == 303
    assert desk.vocabulary.get("stock").required  # type: ignore[union-attr]


def test_a_name_under_which_other_values_stand_is_said_before(desk: Desk) -> None:
    make_product(desk.app, desk.tenant, "A", vk="old", price="other")
    page = read(desk.save("vk", name="price").text)
    assert "1 product has another value under “price” already" in page.text()
    assert "Save and replace 1 value" in page.text()


def test_fields_change_places_without_javascript(desk: Desk) -> None:
    answer = desk.post(path_of("a%b #1") + "/move", {"direction": "up"})
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert desk.vocabulary.names == ("vk", "a%b #1", "stock")


def test_fields_change_places_in_the_table_alone_with_htmx(desk: Desk) -> None:
    answer = desk.post(path_of("vk") + "/move", {"direction": "down"}, headers=HTMX)
    assert answer.status_code == 200
    part = read(answer.text)
    assert part.children
    assert [e.attrs["id"] for e in part.all("div") if "id" in e.attrs] == ["fields"]
    assert not part.all("h1")
    assert desk.vocabulary.names == ("stock", "vk", "a%b #1")


def test_only_up_and_down_are_directions(desk: Desk) -> None:
    assert desk.post(path_of("vk") + "/move", {"direction": "left"}).status_code == 422


@pytest.mark.parametrize(("choice", "left"), [("keep", {"vk": "x"}), ("remove", {})])
def test_deleting_a_field_asks_what_becomes_of_its_values(
    desk: Desk, choice: str, left: dict[str, str]
) -> None:
    make_product(desk.app, desk.tenant, "A", vk="x")
    page = desk.page(path_of("vk") + "/delete")
    assert "1 product has a value here." in page.text()
    answer = desk.post(path_of("vk") + "/delete", {"values": choice})
    assert answer.status_code == 303
    assert "vk" not in desk.vocabulary
    assert desk.values("A") == left


def test_deleting_a_field_names_the_segments_that_need_it(desk: Desk, app: Flask) -> None:
    field = desk.vocabulary.fields[0].name
    asked = attribute(field_key(field), "is_set")
    with app.app_context():
        for name, rule in (
            ("Set", all_of(any_of(asked))),
            ("Other", all_of(attribute("active", "is_true"))),
        ):
            make_segment(desk.tenant.id, name, rule)
    page = desk.page(path_of(field) + "/delete")
    assert "1 segment needs this field" in page.text()
    links = [a.text() for a in page.all("a") if a.attrs["href"].startswith("/pim/segments/")]
    assert links == ["Set"]


def test_deleting_without_a_choice_deletes_nothing(desk: Desk) -> None:
    make_product(desk.app, desk.tenant, "A", vk="x")
    assert desk.post(path_of("vk") + "/delete", {"values": "perhaps"}).status_code == 422
    assert "vk" in desk.vocabulary


def test_the_defaults_are_chosen(desk: Desk) -> None:
    answer = desk.post(
        "/pim/schema/defaults", {"default_currency": "CHF", "default_locale": "de_CH"}
    )
    assert answer.status_code == 303
    assert (desk.vocabulary.default_currency, desk.vocabulary.default_locale) == ("CHF", "de_CH")


def test_defaults_that_are_none_are_refused(desk: Desk) -> None:
    answer = desk.post("/pim/schema/defaults", {"default_currency": "?", "default_locale": "x"})
    assert answer.status_code == 422
    assert faults(read(answer.text)) == []
    assert desk.vocabulary.default_currency == "EUR"


def test_a_field_that_is_not_there_is_not_found(app: Flask, desk: Desk) -> None:
    other = make_tenant(app)
    make_vocabulary(app, other, [("theirs", "string")])
    for path in ("ghost", "theirs"):
        assert desk.client.get(path_of(path)).status_code == 404
        assert desk.client.get(path_of(path) + "/delete").status_code == 404
        assert desk.post(path_of(path) + "/delete", {"values": "remove"}).status_code == 404
        assert desk.post(path_of(path), {"name": "x", "type": "string"}).status_code == 404


def test_a_large_catalog_is_counted_when_the_page_asks_for_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pim.schema.page.COUNTED_AT_ONCE", 0)
    make_product(desk.app, desk.tenant, "A", stock=5)
    page = desk.page()
    assert "counting…" in row_of(page, "stock").text()
    (region,) = [e for e in page.all("div") if e.attrs.get("id") == "fields"]
    part = read(desk.client.get(region.attrs["hx-get"], headers=HTMX).text)
    assert "1 100%" in row_of(part, "stock").text()
    assert "hx-trigger" not in part.all("div")[0].attrs
    assert "1 100%" in row_of(desk.page(f"{PAGE}?count"), "stock").text()


def test_a_change_that_was_not_sent_from_our_page_is_refused(desk: Desk) -> None:
    answer = desk.client.post("/pim/schema/fields", data={"name": "x", "type": "string"})
    assert answer.status_code == 400
    assert "x" not in desk.vocabulary
