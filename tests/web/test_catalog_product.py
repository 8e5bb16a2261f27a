"""A product's page: showing it, editing it field by field, making, deleting, bringing back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pim.catalog.detail import key_of
from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from pim.products.queries import get_product
from tests.factories.identity import (
    TestTenant,
    client_of,
    csrf_token,
    make_member,
    make_tenant,
    signed_in_client,
)
from tests.factories.products import make_product, make_vocabulary
from tests.web.reading import Element, faults, read

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@dataclass
class Desk:
    """One person at work on products."""

    app: Flask
    tenant: TestTenant
    client: FlaskClient
    token: str = ""

    def page(self, url: str, status: int = 200) -> Element:
        answer = self.client.get(url)
        assert answer.status_code == status, answer.text[:2000]
        return read(answer.text)

    def post(self, url: str, data: dict[str, Any], **headers: str) -> TestResponse:
        self.token = self.token or csrf_token(self.client)
        return self.client.post(url, data={**data, "csrf_token": self.token}, headers=headers)

    def save(
        self, product_id: int, field: str, version: int | None = None, **parts: Any
    ) -> TestResponse:
        """Send a field's form. parts: `value`, or `amount`, `currency`, `locale`."""
        key = field if field.startswith("fixed-") else key_of(field)
        names = {name: f"v-{key}" + ("" if name == "value" else f".{name}") for name in parts}
        data = {names[name]: value for name, value in parts.items()}
        data["version"] = str(self.version(product_id) if version is None else version)
        return self.post(f"/pim/{product_id}?edit={key}", data)

    def values(self, product_id: int) -> dict[str, Any]:
        with self.app.app_context(), tenant_scope(self.tenant.id):
            product = get_product(product_id)
            fixed = {"sku": product.sku, "name": product.name, "active": product.active}
            return {**fixed, **product.data}

    def version(self, product_id: int) -> int:
        with self.app.app_context(), tenant_scope(self.tenant.id):
            return get_product(product_id).version


@pytest.fixture
def desk(app: Flask, tenant: TestTenant) -> Desk:
    make_vocabulary(app, tenant, required=["brand"])
    return Desk(app, tenant, client_of(app, tenant, Role.MANAGER))


@pytest.fixture
def lamp(desk: Desk) -> int:
    return make_product(
        desk.app,
        desk.tenant,
        "L-1",
        "Desk lamp",
        raw={"Artikel": "L-1", "Preis": "149,50 €", "leer": ""},
        brand="Lumo",
        stock=3,
        price={"amount": Decimal("149.50"), "currency": "EUR"},
        tags=["new", "eco"],
        description="<p>Quiet &amp; warm</p>",
        old_code="X-77",
    )


def field_on(page: Element, name: str) -> Element:
    key = name if name.startswith("fixed-") else key_of(name)
    (found,) = [e for e in page.walk() if e.attrs.get("id") == f"field-{key}"]
    return found


def test_the_page_shows_every_field_with_its_type_and_value(desk: Desk, lamp: int) -> None:
    page = desk.page(f"/pim/{lamp}")
    assert "€149.50" in field_on(page, "price").text()
    assert "Text · required" in field_on(page, "brand").text()
    assert "<p>Quiet &amp; warm</p>" in field_on(page, "description").text()
    assert "empty" in field_on(page, "organic").text()
    assert page.all("title")[0].text() == f"Desk lamp · Catalog · {desk.tenant.name} · PIM"


def test_values_the_schema_does_not_know_are_shown_too(desk: Desk, lamp: int) -> None:
    text = desk.page(f"/pim/{lamp}").text()
    assert "Also here" in text
    assert "old_code X-77" in text


def test_the_row_is_shown_as_it_stood_in_the_file(desk: Desk, lamp: int) -> None:
    (raw,) = [e for e in desk.page(f"/pim/{lamp}").walk() if e.attrs.get("id") == "raw"]
    assert [row.text() for row in raw.all("tr")][1:] == [
        "Artikel L-1",
        "leer — empty",
        "Preis 149,50 €",
    ]


@pytest.mark.parametrize(
    ("field", "parts", "expected"),
    [
        ("brand", {"value": " Hale "}, "Hale"),
        ("stock", {"value": "1,204"}, 1204),
        ("stock", {"value": "0.125"}, Decimal("0.125")),
        ("organic", {"value": "true"}, True),
        ("organic", {"value": "false"}, False),
        ("tags", {"value": "one\r\ntwo, three\r\n"}, ["one", "two, three"]),
        ("tags", {"value": "one, two"}, ["one", "two"]),
        ("page", {"value": "https://x.example/a"}, "https://x.example/a"),
        (
            "price",
            {"amount": "1,299.90", "currency": "usd"},
            {"amount": Decimal("1299.9"), "currency": "USD"},
        ),
        (
            "prices",
            {
                "amount": ["10", "", "12.5"],
                "currency": ["EUR", "EUR", "USD"],
                "locale": ["de_DE", "", ""],
            },
            [
                {"amount": 10, "currency": "EUR", "locale": "de_DE"},
                {"amount": Decimal("12.5"), "currency": "USD"},
            ],
        ),
        ("fixed-name", {"value": "Reading lamp"}, "Reading lamp"),
        ("fixed-name", {"value": ""}, ""),
        ("fixed-sku", {"value": "l-2"}, "l-2"),
        ("description", {"value": "two\r\nlines"}, "two\nlines"),
    ],
)
def test_each_type_is_edited_in_its_own_shape(
    desk: Desk, lamp: int, field: str, parts: dict[str, Any], expected: Any
) -> None:
    answer = desk.save(lamp, field, **parts)
    key = field if field.startswith("fixed-") else key_of(field)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/pim/{lamp}#field-{key}")
    assert desk.values(lamp)[field.removeprefix("fixed-")] == expected


@pytest.mark.parametrize("field", ["stock", "tags", "description"])
def test_an_emptied_field_is_unset(desk: Desk, lamp: int, field: str) -> None:
    assert desk.save(lamp, field, value="  ").status_code == 303
    assert field not in desk.values(lamp)


def test_the_others_keep_their_values_when_one_is_edited(desk: Desk, lamp: int) -> None:
    before = desk.values(lamp)
    desk.save(lamp, "stock", value="9")
    assert desk.values(lamp) == {**before, "stock": 9}


@pytest.mark.parametrize(
    ("field", "parts", "says"),
    [
        ("stock", {"value": "plenty"}, "“plenty” is not a number"),
        ("page", {"value": "x.example"}, "“x.example” has no https:// in front"),
        ("price", {"amount": "5", "currency": "ZZZ"}, "ZZZ"),
        ("price", {"amount": "-5", "currency": "EUR"}, "below zero"),
        ("brand", {"value": ""}, "required"),
        ("fixed-sku", {"value": " "}, "needs a SKU"),
    ],
)
def test_a_value_that_is_refused_stays_in_its_form_with_the_reason_beside_it(
    desk: Desk, lamp: int, field: str, parts: dict[str, str], says: str
) -> None:
    before = desk.values(lamp)
    answer = desk.save(lamp, field, **parts)
    assert answer.status_code == 422
    form = field_on(read(answer.text), field)
    written = [e.attrs.get("value", "") for e in form.all("input")]
    (error,) = [e for e in form.all("p") if e.attrs.get("class") == "error"]
    assert says in error.text()
    assert {value for value in parts.values() if value.strip()} <= set(written)
    tied = error.attrs["id"]
    described = [e for e in form.walk() if tied in e.attrs.get("aria-describedby", "").split()]
    assert described, "the error isn't tied to its input"
    assert desk.values(lamp) == before


def test_a_sku_that_is_taken_is_refused(desk: Desk, lamp: int) -> None:
    make_product(desk.app, desk.tenant, "L-9")
    answer = desk.save(lamp, "fixed-sku", value="l-9")
    assert answer.status_code == 422
    assert "another product with the SKU" in answer.text
    assert desk.values(lamp)["sku"] == "L-1"


def test_a_stale_edit_is_refused_with_both_values_shown(desk: Desk, lamp: int) -> None:
    seen = desk.version(lamp)
    desk.save(lamp, "stock", value="9")
    answer = desk.save(lamp, "stock", version=seen, value="50")
    assert answer.status_code == 409
    form = field_on(read(answer.text), "stock")
    assert "Theirs 9 Yours" in form.text()
    assert "changed meanwhile by Ada King" in form.text()
    assert "50" in [e.attrs.get("value") for e in form.all("input")]
    assert desk.values(lamp)["stock"] == 9


def test_after_seeing_both_values_mine_can_be_saved(desk: Desk, lamp: int) -> None:
    seen = desk.version(lamp)
    desk.save(lamp, "stock", value="9")
    form = field_on(read(desk.save(lamp, "stock", version=seen, value="50").text), "stock")
    (version,) = [e.attrs["value"] for e in form.all("input") if e.attrs.get("name") == "version"]
    assert desk.save(lamp, "stock", version=int(version), value="50").status_code == 303
    assert desk.values(lamp)["stock"] == 50


def test_a_change_of_another_field_meanwhile_does_not_stand_in_the_way(
    desk: Desk, lamp: int
) -> None:
    seen = desk.version(lamp)
    desk.save(lamp, "brand", value="Hale")
    assert desk.save(lamp, "stock", version=seen, value="50").status_code == 303
    assert desk.values(lamp)["brand"] == "Hale"
    assert desk.values(lamp)["stock"] == 50


def test_an_error_does_not_make_a_stale_form_fresh(desk: Desk, lamp: int) -> None:
    seen = desk.version(lamp)
    desk.save(lamp, "stock", value="9")
    refused = desk.save(lamp, "stock", version=seen, value="plenty")
    form = field_on(read(refused.text), "stock")
    (version,) = [e.attrs["value"] for e in form.all("input") if e.attrs.get("name") == "version"]
    assert int(version) == seen


def test_the_edit_link_opens_the_form_without_a_script(desk: Desk, lamp: int) -> None:
    page = desk.page(f"/pim/{lamp}")
    (edit,) = [e for e in field_on(page, "stock").all("a") if "Edit Stock" in e.text()]
    form = field_on(desk.page(edit.attrs["href"].partition("#")[0]), "stock")
    assert form.tag == "form"
    assert "3" in [e.attrs.get("value") for e in form.all("input")]


@pytest.mark.parametrize(
    "field",
    ["fixed-sku", "brand", "price", "stock", "tags", "organic", "prices", "page", "description"],
)
def test_a_form_that_is_saved_untouched_changes_nothing(desk: Desk, lamp: int, field: str) -> None:
    before, seen = desk.values(lamp), desk.version(lamp)
    key = field if field.startswith("fixed-") else key_of(field)
    form = field_on(desk.page(f"/pim/{lamp}?edit={key}"), field)
    data: dict[str, list[str]] = {}
    for part in form.all("input", "textarea", "select"):
        name = part.attrs.get("name", "")
        if name.startswith("v-"):
            data.setdefault(name, []).append(_value(part))
    answer = desk.post(f"/pim/{lamp}?edit={key}", {**data, "version": str(seen)})
    assert answer.status_code == 303
    assert desk.values(lamp) == before
    assert desk.version(lamp) == seen


def _value(part: Element) -> str:
    if part.tag == "textarea":
        return "".join(child for child in part.children if isinstance(child, str)).removeprefix(
            "\n"
        )
    if part.tag == "select":
        chosen = [e.attrs["value"] for e in part.all("option") if "selected" in e.attrs]
        return chosen[0] if chosen else ""
    return part.attrs["value"]


def test_another_row_for_prices_keeps_what_was_written(desk: Desk, lamp: int) -> None:
    name = f"v-{key_of('prices')}"
    data = {f"{name}.amount": "12,x", f"{name}.currency": "USD", f"{name}.locale": ""}
    answer = desk.post(f"/pim/{lamp}?edit={key_of('prices')}", {**data, "add_row": "1"})
    form = field_on(read(answer.text), "prices")
    amounts = [e.attrs["value"] for e in form.all("input") if e.attrs["name"] == f"{name}.amount"]
    assert amounts == ["12,x", ""]
    assert "prices" not in desk.values(lamp)


def test_htmx_gets_the_field_and_what_changed_around_it(desk: Desk, lamp: int) -> None:
    key = key_of("fixed-name")
    answer = desk.post(
        f"/pim/{lamp}?edit=fixed-name",
        {"v-fixed-name": "Reading lamp", "version": str(desk.version(lamp))},
        **HTMX,
    )
    parts = read(answer.text)
    ids = [e.attrs["id"] for e in parts.walk() if e.parent is parts and "id" in e.attrs]
    assert ids == ["field-fixed-name", "product-summary", "product-facts", "product-history"]
    assert "Reading lamp" in parts.all("h1")[0].text()
    assert key not in ids


def test_numbers_are_read_and_shown_in_the_notation_of_the_tenant(app: Flask) -> None:
    tenant = make_tenant(app)
    make_vocabulary(app, tenant, locale="de_DE")
    desk = Desk(app, tenant, client_of(app, tenant))
    product = make_product(app, tenant, "A-1", stock=Decimal("1234.5"))
    assert "1.234,5" in field_on(desk.page(f"/pim/{product}"), "stock").text()
    desk.save(product, "stock", value="1.234")
    assert desk.values(product)["stock"] == 1234


def test_the_history_says_who_changed_what_from_what_to_what(desk: Desk, lamp: int) -> None:
    desk.save(lamp, "stock", value="9")
    desk.save(lamp, "tags", value="")
    desk.save(lamp, "price", amount="99", currency="EUR")
    (history,) = [
        e for e in desk.page(f"/pim/{lamp}").walk() if e.attrs.get("id") == "product-history"
    ]
    entries = [re.sub(r"(Before|After): ", "", e.text()) for e in history.all("li")]
    entries = [e for e in entries if "Ada King" in e or "PIM" in e]
    assert "Price €149.50 €99.00" in entries[0]
    assert "Tags new, eco empty" in entries[1]
    assert "Stock 3 9" in entries[2]
    assert "Created by import" in entries[3]


def test_who_may_only_look_gets_no_forms(app: Flask, desk: Desk, lamp: int) -> None:
    viewer = Desk(app, desk.tenant, client_of(app, desk.tenant, Role.VIEWER))
    page = viewer.page(f"/pim/{lamp}")
    assert "Edit Stock" not in page.text()
    assert "Delete" not in page.text()
    assert viewer.save(lamp, "stock", value="5").status_code == 403


def test_a_field_that_left_the_schema_is_not_found(desk: Desk, lamp: int) -> None:
    assert desk.save(lamp, "gone", value="x").status_code == 404


def test_a_new_product_is_made_with_values_of_every_type(desk: Desk) -> None:
    data = {
        "sku": "N-1",
        "name": "New",
        "active": "1",
        f"v-{key_of('brand')}": "Lumo",
        f"v-{key_of('stock')}": "1,000",
        f"v-{key_of('price')}.amount": "5",
        f"v-{key_of('price')}.currency": "EUR",
        f"v-{key_of('tags')}": "",
    }
    answer = desk.post("/pim/new", data)
    assert answer.status_code == 303
    product = int(answer.headers["Location"].removeprefix("/pim/"))
    assert desk.values(product) == {
        "sku": "N-1",
        "name": "New",
        "active": True,
        "brand": "Lumo",
        "stock": 1000,
        "price": {"amount": 5, "currency": "EUR"},
    }


def test_a_new_product_that_is_refused_keeps_all_that_was_written(desk: Desk) -> None:
    stock, page = f"v-{key_of('stock')}", f"v-{key_of('page')}"
    answer = desk.post("/pim/new", {"sku": "", "name": "New", stock: "plenty", page: "nope"})
    assert answer.status_code == 422
    form = read(answer.text)
    assert faults(form) == []
    links = [e.attrs["href"] for e in form.all("a") if e.attrs["href"].startswith("#")]
    assert {"#sku", f"#{stock}", f"#{page}"} <= set(links)
    written = {e.attrs.get("name"): e.attrs.get("value") for e in form.all("input")}
    assert (written["name"], written[stock], written[page]) == ("New", "plenty", "nope")
    assert "required" in form.text()


def test_a_new_product_with_a_sku_that_is_taken_is_refused(desk: Desk, lamp: int) -> None:
    answer = desk.post("/pim/new", {"sku": "l-1", f"v-{key_of('brand')}": "Lumo"})
    assert answer.status_code == 422
    assert "already" in read(answer.text).text()


def test_deleting_asks_first_and_can_be_undone(desk: Desk, lamp: int) -> None:
    before = desk.values(lamp)
    assert "Delete this product?" in desk.page(f"/pim/{lamp}/delete").text()
    gone = desk.post(f"/pim/{lamp}/delete", {"version": str(desk.version(lamp))})
    catalog = desk.page(gone.headers["Location"])
    assert "Desk lamp was deleted" in catalog.text()
    assert desk.client.get(f"/pim/{lamp}").status_code == 404
    change_set = re.search(r"deleted=(\d+)", gone.headers["Location"])
    assert change_set
    back = desk.post("/pim/undo-delete", {"change_set": change_set[1]})
    assert back.headers["Location"] == f"/pim/{lamp}"
    assert desk.values(lamp) == before


def test_undoing_a_deletion_whose_sku_is_taken_by_now_is_refused(desk: Desk, lamp: int) -> None:
    gone = desk.post(f"/pim/{lamp}/delete", {"version": str(desk.version(lamp))})
    make_product(desk.app, desk.tenant, "L-1", "Another")
    change_set = gone.headers["Location"].rpartition("=")[2]
    answer = desk.post("/pim/undo-delete", {"change_set": change_set})
    assert answer.status_code == 409
    assert desk.page("/pim").text().count("L-1") == 1


def undo_buttons(page: Element) -> list[str]:
    return [e.attrs["value"] for e in page.all("input") if e.attrs.get("name") == "change_set"]


def test_a_change_is_taken_back_from_the_history(desk: Desk, lamp: int) -> None:
    before = desk.values(lamp)
    desk.save(lamp, "stock", value="9")
    desk.save(lamp, "brand", value="Hale")
    brand, stock = undo_buttons(desk.page(f"/pim/{lamp}"))
    assert desk.post(f"/pim/{lamp}/undo", {"change_set": stock}).status_code == 303
    assert desk.values(lamp) == {**before, "brand": "Hale"}
    assert "by undo" in desk.page(f"/pim/{lamp}").text()
    desk.post(f"/pim/{lamp}/undo", {"change_set": brand})
    assert desk.values(lamp) == before


def test_what_changed_since_is_not_taken_back(desk: Desk, lamp: int) -> None:
    desk.save(lamp, "stock", value="9")
    desk.save(lamp, "stock", value="10")
    _, first = undo_buttons(desk.page(f"/pim/{lamp}"))
    assert desk.post(f"/pim/{lamp}/undo", {"change_set": first}).status_code == 303
    assert desk.values(lamp)["stock"] == 10


def test_only_a_change_of_this_product_is_taken_back(desk: Desk, lamp: int) -> None:
    other = make_product(desk.app, desk.tenant, "O-1", brand="Lumo")
    desk.save(other, "stock", value="9")
    (change_set,) = undo_buttons(desk.page(f"/pim/{other}"))
    assert desk.post(f"/pim/{lamp}/undo", {"change_set": change_set}).status_code == 404
    assert desk.values(other)["stock"] == 9


def test_another_tenants_deletion_can_not_be_undone(app: Flask, desk: Desk, lamp: int) -> None:
    gone = desk.post(f"/pim/{lamp}/delete", {"version": str(desk.version(lamp))})
    other = make_tenant(app)
    elsewhere = Desk(app, other, client_of(app, other))
    change_set = gone.headers["Location"].rpartition("=")[2]
    assert elsewhere.post("/pim/undo-delete", {"change_set": change_set}).status_code == 404


def test_what_was_changed_since_the_question_is_not_deleted(desk: Desk, lamp: int) -> None:
    seen = desk.version(lamp)
    desk.save(lamp, "stock", value="9")
    answer = desk.post(f"/pim/{lamp}/delete", {"version": str(seen)})
    assert answer.status_code == 409
    assert "changed meanwhile" in answer.text
    assert desk.values(lamp)["stock"] == 9


def test_an_editor_can_not_delete(app: Flask, desk: Desk, lamp: int) -> None:
    editor = signed_in_client(app, make_member(app, desk.tenant, Role.EDITOR), desk.tenant)
    at_work = Desk(app, desk.tenant, editor)
    assert at_work.post(f"/pim/{lamp}/delete", {"version": "1"}).status_code == 403


@pytest.mark.parametrize("where", ["", "?edit={}", "/delete"])
def test_every_state_of_the_page_is_sound(desk: Desk, lamp: int, where: str) -> None:
    for name in ("price", "prices", "tags", "organic", "description"):
        page = desk.page(f"/pim/{lamp}" + where.format(key_of(name)))
        assert faults(page) == []
    assert faults(desk.page("/pim/new")) == []


def test_names_and_values_of_any_script_are_shown_as_they_are(desk: Desk) -> None:
    name = "طاولة 🪑 <b>\u202eevil"
    product = make_product(desk.app, desk.tenant, "<SKU> &", name, brand="شركة")
    answer = desk.client.get(f"/pim/{product}")
    assert "<b>\u202e" not in answer.text
    assert name in read(answer.text).text()
