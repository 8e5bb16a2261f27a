"""The catalog and the product's page, used by hand: keyboard, htmx, Back, no script, a phone."""

from __future__ import annotations

import re
from decimal import Decimal
from urllib.parse import unquote

import pytest
from flask import Flask
from playwright.sync_api import Page, Route, expect

from pim.analytics.sync import sync_tenant
from pim.catalog import listing
from pim.catalog.detail import key_of
from pim.identity.permissions import Role
from pim.products.changes import StagedProduct
from tests.browser.conftest import NARROW, Visitor
from tests.factories.identity import TestTenant
from tests.factories.products import make_product, make_products, make_vocabulary


@pytest.fixture
def shop(app: Flask, tenant: TestTenant) -> TestTenant:
    make_vocabulary(app, tenant)
    make_products(
        app,
        tenant,
        [
            StagedProduct(
                sku=f"NW-{100 + i}",
                name=f"{['Oslo chair', 'Desk lamp', 'Linen throw'][i % 3]} {i}",
                data={
                    "brand": ["Lumo", "Hale"][i % 2],
                    "stock": i,
                    "price": {"amount": Decimal(10 + i), "currency": "EUR"},
                    "tags": ["new", "eco"][: i % 3],
                },
            )
            for i in range(120)
        ],
    )
    return tenant


@pytest.fixture
def large_shop(app: Flask, shop: TestTenant, monkeypatch: pytest.MonkeyPatch) -> TestTenant:
    """The shop, as if it were so large that its facets come after the list."""
    monkeypatch.setattr(listing, "SMALL_CATALOG", 10)
    with app.app_context():
        sync_tenant(shop.id)
    return shop


def rows(page: Page):  # type: ignore[no-untyped-def]
    return page.locator("#products tbody tr")


def test_typing_searches_and_the_address_follows_and_back_leads_back(
    shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop).open("/pim?sort=name")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("lamp")
    page.wait_for_url("**/pim?q=lamp&sort=name")
    expect(page.locator(".page-title .quiet")).to_have_text("40 of 120 products")
    expect(page.locator("#find")).to_be_focused()
    page.get_by_role("link", name="Remove filter: Search").click()
    page.wait_for_url("**/pim?sort=name")
    expect(page.locator(".page-title .quiet")).to_have_text("120 products")
    page.go_back()
    page.wait_for_url("**/pim?q=lamp&sort=name")
    expect(page.locator(".page-title .quiet")).to_have_text("40 of 120 products")
    page.reload()
    expect(page.locator(".page-title .quiet")).to_have_text("40 of 120 products")
    expect(page.locator("#find")).to_have_value("lamp")


def test_searching_keeps_the_filters_that_were_set_after_the_page_was_loaded(
    shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop).open("/pim")
    page.locator("#add-filter").click()
    page.get_by_label("Filter by").select_option("brand")
    page.get_by_label("How").select_option("eq")
    page.get_by_label("Value", exact=True).fill("Hale")
    page.get_by_role("button", name="Apply", exact=True).click()
    page.wait_for_url("**/pim?f=brand:eq:Hale")
    page.locator("#find").fill("lamp")
    page.wait_for_url("**/pim?q=lamp&f=brand:eq:Hale")
    expect(page.locator(".page-title .quiet")).to_have_text("20 of 120 products")


def test_a_filter_that_is_refused_says_so_in_its_form(shop: TestTenant, visit: Visitor) -> None:
    here = visit(shop)
    here.expect_refusal(422)
    page = here.open("/pim")
    page.locator("#add-filter").click()
    page.get_by_label("Filter by").select_option("stock")
    page.get_by_label("How").select_option("gte")
    page.get_by_label("Value", exact=True).fill("plenty")
    page.get_by_label("Value", exact=True).press("Enter")
    expect(page.locator("#filter-value-error")).to_contain_text("“plenty” is not a number")
    page.get_by_label("Value", exact=True).fill("100")
    page.get_by_label("Value", exact=True).press("Enter")
    page.wait_for_url("**/pim?f=stock:gte:100")
    expect(rows(page)).to_have_count(20)


def test_pages_turn_both_ways_and_sorting_starts_over(shop: TestTenant, visit: Visitor) -> None:
    page = visit(shop).open("/pim")
    foot = page.locator(".table-foot")
    page.get_by_role("link", name="Next").click()
    expect(foot).to_contain_text("51–100 of 120")
    page.get_by_role("link", name="Next").click()
    expect(foot).to_contain_text("101–120 of 120")
    expect(rows(page)).to_have_count(20)
    page.get_by_role("link", name="Previous").click()
    expect(foot).to_contain_text("51–100 of 120")
    page.get_by_role("link", name="Stock").click()
    expect(foot).to_contain_text("1–50 of 120")
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Stock")
    page.get_by_role("link", name="Stock").click()
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Stock")
    expect(rows(page).first).to_contain_text("NW-219")


def test_sorting_does_not_move_the_page_by_a_hair(shop: TestTenant, visit: Visitor) -> None:
    page = visit(shop, size={"width": 1440, "height": 400}).open("/pim")
    top = page.locator("#catalog").bounding_box()
    page.get_by_role("link", name="Stock").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Stock")
    page.wait_for_timeout(200)
    assert page.locator("#catalog").bounding_box() == top


def test_facets_narrow_the_list_and_follow_it(app: Flask, shop: TestTenant, visit: Visitor) -> None:
    with app.app_context():
        sync_tenant(shop.id)
    page = visit(shop).open("/pim")
    total = page.locator(".page-title .quiet")
    lumo, hale = (
        page.get_by_role("checkbox", name="Lumo"),
        page.get_by_role("checkbox", name="Hale"),
    )
    lumo.check()
    page.wait_for_url("**/pim?f=brand:eq:Lumo")
    expect(total).to_have_text("60 of 120 products")
    expect(lumo).to_be_checked()
    expect(lumo).to_be_focused()
    hale.check()
    expect(total).to_have_text("120 of 120 products")
    page.get_by_role("link", name="Remove filter: Brand").click()
    expect(lumo).not_to_be_checked()
    expect(hale).not_to_be_checked()
    page.get_by_role("spinbutton", name="Price from").fill("100")
    page.get_by_role("spinbutton", name="Price from").press("Enter")
    page.wait_for_url("**/pim?f=price:gte:100%20EUR")
    expect(total).to_have_text("30 of 120 products")
    page.get_by_role("checkbox", name="eco").check()
    expect(page.locator(".chip")).to_have_count(2)
    page.go_back()
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.get_by_role("checkbox", name="eco")).not_to_be_checked()
    expect(page.get_by_role("spinbutton", name="Price from")).to_have_value("100")
    page.get_by_role("spinbutton", name="Price from").fill("")
    page.get_by_role("spinbutton", name="Price from").press("Tab")
    expect(total).to_have_text("120 products")


def test_facets_of_a_large_catalog_come_later_and_stay_while_they_are_counted_again(
    large_shop: TestTenant, visit: Visitor
) -> None:
    page = visit(large_shop).open("/pim")
    lumo, eco = (page.get_by_role("checkbox", name=name) for name in ("Lumo", "eco"))
    lumo.check()
    expect(page.locator(".page-title .quiet")).to_have_text("60 of 120 products")
    expect(lumo).to_be_focused()
    expect(page.locator(".facet-row", has=eco)).to_contain_text("20")
    page.get_by_role("link", name="Stock").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Stock")
    eco.check()
    page.wait_for_url("**/pim?f=brand:eq:Lumo&f=tags:contains:eco&sort=stock")
    expect(page.locator(".page-title .quiet")).to_have_text("20 of 120 products")
    page.get_by_role("link", name="Clear all").click()
    expect(lumo).not_to_be_checked()
    expect(eco).not_to_be_checked()
    expect(page.locator(".facet-row", has=eco)).to_contain_text("40")


def test_what_is_clicked_while_a_large_catalog_counts_stays_and_the_counts_still_come(
    large_shop: TestTenant, visit: Visitor
) -> None:
    here = visit(large_shop)
    held: list[Route] = []
    here.page.route("**/pim/facets*", lambda route: held.append(route))

    def count(address: str) -> None:
        for _ in range(200):
            asked = [each for each in held if unquote(each.request.url).endswith(address)]
            if asked:
                return asked[-1].continue_()
            page.wait_for_timeout(25)
        raise AssertionError(f"{address} wasn't asked for: {[each.request.url for each in held]}")

    page = here.open("/pim")
    page.get_by_role("link", name="Stock").click()
    expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Stock")
    count("/pim/facets")
    lumo, eco = (page.get_by_role("checkbox", name=name) for name in ("Lumo", "eco"))
    expect(page.locator(".facet-row", has=eco)).to_contain_text("40")
    lumo.check()
    expect(page.locator(".page-title .quiet")).to_have_text("60 of 120 products")
    expect(lumo).to_be_checked()
    eco.press("Space")
    expect(page.locator(".page-title .quiet")).to_have_text("20 of 120 products")
    expect(eco).to_be_checked()
    expect(page).to_have_url(re.compile(r"f=brand:eq:Lumo&f=tags:contains:eco&sort=stock"))
    count("?f=brand:eq:Lumo&f=tags:contains:eco&sort=stock")
    expect(page.locator(".facet-row", has=lumo)).to_contain_text("20")
    page.go_back()
    expect(page.locator(".page-title .quiet")).to_have_text("60 of 120 products")
    count("?f=brand:eq:Lumo&sort=stock")
    expect(eco).not_to_be_checked()
    expect(page.locator(".facet-row", has=eco)).to_contain_text("20")


def test_facets_are_a_sheet_on_a_phone_and_a_form_without_a_script(
    app: Flask, shop: TestTenant, visit: Visitor
) -> None:
    with app.app_context():
        sync_tenant(shop.id)
    page = visit(shop, size=NARROW).open("/pim")
    expect(page.get_by_role("checkbox", name="Lumo")).to_be_hidden()
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("checkbox", name="Lumo").check()
    expect(page.locator(".page-title .quiet")).to_have_text("60 of 120 products")
    expect(page.get_by_role("checkbox", name="Hale")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Filters 1")).to_be_visible()
    plain = visit(shop, script=False).open("/pim?sort=name")
    plain.get_by_role("checkbox", name="Lumo").check()
    plain.get_by_role("spinbutton", name="Price to").fill("50")
    plain.get_by_role("button", name="Apply filters").click()
    expect(plain).to_have_url(re.compile(r"f=brand:eq:Lumo&f=price:lte:50%20EUR&sort=name"))
    expect(plain.locator(".page-title .quiet")).to_have_text("21 of 120 products")


def test_j_and_k_walk_the_rows_and_enter_opens_one(shop: TestTenant, visit: Visitor) -> None:
    page = visit(shop).open("/pim")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(":focus")).to_have_text("Desk lamp 1")
    page.keyboard.press("k")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Linen throw 2")


def test_the_switch_in_a_row_works_and_keeps_the_focus(shop: TestTenant, visit: Visitor) -> None:
    page = visit(shop).open("/pim")
    switch = rows(page).first.get_by_role("switch")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "false")
    expect(switch).to_be_focused()
    switch.press("Enter")
    expect(switch).to_have_attribute("aria-checked", "true")
    page.reload()
    expect(rows(page).first.get_by_role("switch")).to_have_attribute("aria-checked", "true")


def test_columns_are_chosen_in_a_dialog_and_remembered(shop: TestTenant, visit: Visitor) -> None:
    page = visit(shop).open("/pim?q=lamp")
    page.get_by_role("link", name="Columns").click()
    dialog = page.get_by_role("dialog")
    for box in dialog.get_by_role("checkbox").all():
        box.uncheck()
    dialog.get_by_label("Description").check()
    dialog.get_by_role("button", name="Show these").click()
    page.wait_for_url("**/pim?q=lamp&cols=description")
    expect(page.locator("th")).to_have_text(["Picture", "SKU", "Name", "Descriptiontext"])
    page.goto(page.url.partition("?")[0])
    expect(page.locator("th")).to_have_count(4)


def field(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator(f"#field-{name if name.startswith('fixed-') else key_of(name)}")


@pytest.fixture
def lamp(app: Flask, tenant: TestTenant) -> str:
    make_vocabulary(app, tenant)
    product = make_product(
        app,
        tenant,
        "L-1",
        "Desk lamp",
        brand="Lumo",
        stock=3,
        price={"amount": Decimal("149.5"), "currency": "EUR"},
        tags=["new"],
        description="<p>Quiet</p>",
    )
    return f"/pim/{product}"


def test_a_field_is_edited_in_place_with_the_keyboard_alone(
    tenant: TestTenant, lamp: str, visit: Visitor
) -> None:
    page = visit(tenant, Role.EDITOR).open(lamp)
    edit = page.get_by_role("link", name="Edit Stock")
    edit.focus()
    page.keyboard.press("Enter")
    expect(field(page, "stock").locator("input.input")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("1,250")
    page.keyboard.press("Enter")
    expect(field(page, "stock")).to_contain_text("1,250")
    expect(edit).to_be_focused()
    expect(page.locator("#product-history")).to_contain_text("Stock")
    expect(page.locator("#product-summary")).to_contain_text("just now")
    page.reload()
    expect(field(page, "stock")).to_contain_text("1,250")


def test_escape_leaves_a_field_as_it_was(tenant: TestTenant, lamp: str, visit: Visitor) -> None:
    page = visit(tenant).open(lamp)
    field(page, "brand").click()
    field(page, "brand").locator("input.input").fill("Other")
    page.keyboard.press("Escape")
    expect(field(page, "brand").locator("input.input")).to_have_count(0)
    expect(field(page, "brand")).to_contain_text("Lumo")


def test_what_is_refused_stays_with_the_reason_and_is_saved_once_right(
    tenant: TestTenant, lamp: str, visit: Visitor
) -> None:
    here = visit(tenant)
    here.expect_refusal(422)
    page = here.open(lamp)
    field(page, "price").click()
    amount = field(page, "price").get_by_label("Price: amount")
    amount.fill("a lot")
    amount.press("Enter")
    expect(field(page, "price").locator(".error")).to_contain_text("“a lot” is not a number")
    expect(amount).to_have_value("a lot")
    amount.fill("99")
    amount.press("Enter")
    expect(field(page, "price")).to_contain_text("€99.00")


def test_several_lines_are_saved_with_control_and_enter(
    tenant: TestTenant, lamp: str, visit: Visitor
) -> None:
    page = visit(tenant).open(lamp)
    field(page, "tags").click()
    box = field(page, "tags").locator("textarea")
    box.fill("one\ntwo, three")
    box.press("Control+Enter")
    expect(field(page, "tags").locator(".tag")).to_have_text(["one", "two, three"])


def test_rows_of_prices_are_added_and_left_out(
    tenant: TestTenant, lamp: str, visit: Visitor
) -> None:
    page = visit(tenant).open(lamp)
    field(page, "prices").click()
    field(page, "prices").get_by_label("Prices 1: amount").fill("10")
    field(page, "prices").get_by_role("button", name="Add a row").click()
    field(page, "prices").get_by_label("Prices 2: amount").fill("12.50")
    field(page, "prices").get_by_label("Prices 2: currency").fill("usd")
    field(page, "prices").get_by_role("button", name="Save").click()
    expect(field(page, "prices").locator("li")).to_have_text(["€10.00", "$12.50"])


def test_two_people_on_one_field_see_both_values(
    tenant: TestTenant, lamp: str, visit: Visitor
) -> None:
    mine, theirs = visit(tenant), visit(tenant)
    mine.expect_refusal(409)
    page, other = mine.open(lamp), theirs.open(lamp)
    for each, value in ((page, "50"), (other, "9")):
        field(each, "stock").click()
        field(each, "stock").locator("input.input").fill(value)
    other.keyboard.press("Enter")
    expect(field(other, "stock").locator("input.input")).to_have_count(0)
    page.get_by_role("button", name="Save").click()
    clash = field(page, "stock").locator(".clash")
    expect(clash).to_contain_text("Stock was changed meanwhile")
    expect(clash.locator(".clash-value")).to_have_text("9")
    expect(field(page, "stock").locator("input.input")).to_have_value("50")
    page.get_by_role("button", name="Save mine").click()
    expect(field(page, "stock").locator("input.input")).to_have_count(0)
    expect(field(page, "stock")).to_contain_text("50")


def test_a_product_is_deleted_after_a_question_and_brought_back(
    tenant: TestTenant, lamp: str, visit: Visitor
) -> None:
    page = visit(tenant).open(lamp)
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("dialog").get_by_role("link", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete product").click()
    expect(page.get_by_text("Desk lamp was deleted")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("h1")).to_have_text("Desk lamp")
    expect(page.locator("#flashes")).to_contain_text("back in the catalog")


def test_everything_works_without_a_script(shop: TestTenant, visit: Visitor) -> None:
    page = visit(shop, script=False).open("/pim")
    page.locator("#find").fill("lamp")
    page.locator("#find").press("Enter")
    expect(page.locator(".page-title .quiet")).to_have_text("40 of 120 products")
    rows(page).first.get_by_role("switch").click()
    expect(rows(page).first.get_by_role("switch")).to_have_attribute("aria-checked", "false")
    page.get_by_role("link", name="Columns").click()
    expect(page.locator("h1")).to_have_text("Columns")
    page.get_by_role("button", name="Show these").click()
    page.locator("#add-filter").click()
    page.get_by_label("Filter by").select_option("brand")
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Value", exact=True).fill("hal")
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.locator(".page-title .quiet")).to_have_text("20 of 120 products")
    rows(page).first.get_by_role("link").first.click()
    page.get_by_role("link", name="Edit Stock").click()
    field(page, "stock").locator("input.input").fill("77")
    page.get_by_role("button", name="Save").click()
    expect(field(page, "stock")).to_contain_text("77")
    page.get_by_role("link", name="Delete").click()
    page.get_by_role("button", name="Delete product").click()
    page.get_by_role("button", name="Undo").click()
    expect(field(page, "stock")).to_contain_text("77")


def test_on_a_phone_nothing_scrolls_sideways_but_the_table(
    shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop, size=NARROW).open("/pim")
    first = rows(page).first.get_by_role("link").first.get_attribute("href") or ""
    for path in ("/pim", "/pim?add=price&f=brand:eq:Hale", first, "/pim/new", "/pim/columns"):
        page.goto(page.url.partition("/pim")[0] + path)
        beyond = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert beyond <= 0, f"{path} is {beyond} px too wide"
        for table in page.locator("#products").all():
            assert table.bounding_box()["width"] > 360, "the table doesn't use the screen"  # type: ignore[index]
