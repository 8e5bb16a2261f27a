"""The schema page used by hand: keyboard, previews in place, a phone, no script."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import expect

from pim.identity.permissions import Role
from pim.products.changes import StagedProduct
from pim.schema.page import id_of, path_of
from tests.browser.conftest import NARROW, Visitor
from tests.factories.identity import TestTenant
from tests.factories.products import make_products, make_vocabulary


@pytest.fixture
def shop(app: Flask, tenant: TestTenant) -> TestTenant:
    make_vocabulary(app, tenant, [("vk", "string"), ("brand", "string"), ("stock", "number")])
    prices = ["19,99 €", "auf Anfrage", "5 EUR", "n/a"]
    rows = [
        StagedProduct(sku=f"NW-{i}", data={"vk": prices[i % 4], "stock": i, "colour": "red"})
        for i in range(40)
    ]
    make_products(app, tenant, rows)
    return tenant


def test_a_field_is_moved_by_keyboard_and_the_focus_goes_with_it(
    shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop, Role.MANAGER).open("/pim/schema")
    up = page.get_by_role("button", name="Move stock up")
    up.focus()
    own = page.locator("#fields tbody").first.locator("tr[id]")
    for place in (1, 0, 0):
        with page.expect_response("**/move"):
            page.keyboard.press("Enter")
        expect(own.nth(place)).to_have_id(id_of("stock"))
        expect(up).to_be_focused()
    page.reload()
    expect(own.first).to_have_id(id_of("stock"))


def test_a_change_of_type_shows_what_would_be_lost_and_waits(
    shop: TestTenant, visit: Visitor
) -> None:
    seen = visit(shop, Role.MANAGER)
    seen.expect_refusal(409)
    page = seen.open("/pim/schema")
    page.get_by_role("link", name="Edit vk").click()
    page.get_by_label("Type").select_option("price")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("20 of 40 values")).to_be_visible()
    expect(page.locator("#effects")).to_be_focused()
    expect(page.get_by_role("cell", name="auf Anfrage", exact=True).first).to_be_visible()
    page.get_by_role("button", name="Save and remove 20 values").click()
    page.wait_for_url("**/pim/schema")
    expect(page.get_by_text("20 values converted. 20 values removed.")).to_be_visible()
    expect(page.locator(f"#{id_of('vk')}")).to_contain_text("Price")


def test_what_is_wrong_with_a_field_is_said_in_place(shop: TestTenant, visit: Visitor) -> None:
    seen = visit(shop, Role.MANAGER)
    seen.expect_refusal(422)
    page = seen.open("/pim/schema/fields")
    page.get_by_label("Name", exact=True).fill("brand")
    page.get_by_role("button", name="Add field").click()
    expect(page.locator("#name-error")).to_contain_text("two fields called “brand”")
    page.get_by_label("Name", exact=True).fill("maker")
    page.get_by_role("button", name="Add field").click()
    page.wait_for_url("**/pim/schema")
    expect(page.locator(f"#{id_of('maker')}")).to_be_visible()


def test_everything_works_without_a_script(shop: TestTenant, visit: Visitor) -> None:
    seen = visit(shop, Role.MANAGER, script=False)
    seen.expect_refusal(409)
    page = seen.open("/pim/schema")
    page.get_by_role("button", name="Move brand up").click()
    expect(page.locator("#fields tbody").first.locator("tr[id]").first).to_have_id(id_of("brand"))
    page.get_by_role("link", name="Edit vk").click()
    page.get_by_label("Type").select_option("number")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Save and remove").click()
    page.wait_for_url("**/pim/schema")
    page.get_by_role("link", name="Delete stock").click()
    page.get_by_label("Remove them").check()
    page.get_by_role("button", name="Delete the field").click()
    expect(page.get_by_text("“stock” is deleted.")).to_be_visible()
    expect(page.locator(f"#{id_of('stock')}")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_runs_off_a_telephone(shop: TestTenant, visit: Visitor, scheme: str) -> None:
    seen = visit(shop, Role.MANAGER, size=NARROW, scheme=scheme)
    for path in ("/pim/schema", "/pim/schema/fields", path_of("vk"), path_of("vk") + "/delete"):
        page = seen.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
