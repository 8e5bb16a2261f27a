"""The rule builder in a browser: by keyboard alone, following the typing, on a telephone."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pim.core.db import transaction
from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from pim.segments.compute import compute_segment
from pim.segments.queries import get_segment, list_segments
from pim.segments.service import change_segment, delete_segment
from tests.browser.conftest import NARROW, Visitor
from tests.factories.identity import TestTenant
from tests.factories.segments import all_of, attribute, make_segment
from tests.web.segments import make_shop


@pytest.fixture
def shop(app: Flask, tenant: TestTenant) -> TestTenant:
    make_shop(app, tenant)
    return tenant


def expect_count(page: Page, said: str) -> None:
    expect(page.locator("#live-count")).to_contain_text(said)


def expect_focus(page: Page, element_id: str) -> None:
    expect(page.locator(f"#{element_id}")).to_be_focused()


def expect_answered(page: Page) -> None:
    """The form's request is over: another one before that would not be sent."""
    expect(page.locator("#editor")).not_to_have_class(re.compile("htmx-request"))


def make_segment_of(app: Flask, tenant: TestTenant) -> int:
    with app.app_context(), tenant_scope(tenant.id):
        made = make_segment(tenant.id, "Lumo", all_of(attribute("brand", "eq", "Lumo")))
        return made.id


def stored_id(app: Flask, tenant: TestTenant) -> int:
    with app.app_context(), tenant_scope(tenant.id):
        ((segment, _),) = list_segments(limit=2)
        return segment.id


def test_a_nested_rule_is_built_by_keyboard_alone_saved_and_computed(
    app: Flask, shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop).open("/pim/segments/new")
    keys = page.keyboard
    page.locator("#about-k1").focus()
    keys.type("Brand")
    expect(page.locator("#operator-k1")).to_be_visible()
    keys.press("Tab")
    expect_focus(page, "operator-k1")
    keys.press("Tab")
    expect_focus(page, "value-k1")
    keys.type("Lumo")
    expect_count(page, "20 of 60")
    page.locator("#group-r").focus()
    keys.press("Enter")
    expect_focus(page, "about-k3")
    keys.type("Price")
    expect(page.locator("#operator-k3")).to_be_visible()
    keys.press("Tab")
    keys.press("Tab")
    expect_focus(page, "value-k3")
    keys.type("16")
    expect_count(page, "2 of 60")
    page.locator("#add-k2").focus()
    keys.press("Space")
    expect_focus(page, "about-k4")
    keys.type("Tags")
    expect(page.locator("#operator-k4")).to_be_visible()
    keys.press("Tab")
    keys.press("Tab")
    expect_focus(page, "value-k4")
    keys.type("new")
    keys.press("Enter")
    expect(page.locator("#c-k4 .tag")).to_contain_text("new")
    expect_focus(page, "value-k4")
    expect_count(page, "6 of 60")
    expect(page.locator("#words")).to_have_text(
        "Brand is “Lumo” and (Price is less than 16 EUR or Tags has any of “new”)."
    )
    page.locator("#name").focus()
    keys.type("Lumo’s best")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/pim/segments/\d+$"))
    expect(page.locator("#members")).to_contain_text("Its members appear here by themselves")
    with app.app_context(), tenant_scope(shop.id):
        compute_segment(list_segments(limit=1)[0][0].id)
    expect(page.locator("#members tbody tr")).to_have_count(6)
    expect(page.locator("#segment_head")).to_contain_text("Up to date")
    expect(page.locator("#trend")).to_contain_text("+6 entered")
    page.reload()
    expect(page.locator("#value-k1")).to_have_value("Lumo")
    expect(page.locator("#c-k4 .tag")).to_contain_text("new")


def test_the_count_follows_the_typing_within_300_ms_and_the_caret_stays(
    shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop).open("/pim/segments/new?starter=under-50")
    value = page.locator("#value-k2")
    expect_count(page, "36 of 60")
    value.focus()
    value.fill("30")
    expect_count(page, "18 of 60")
    took = page.evaluate(
        """async () => {
          const value = document.querySelector("#value-k2");
          const seen = new Promise((resolve) => {
            const watch = new MutationObserver(() => {
              if (!document.querySelector("#live-count").textContent.includes("9 of")) return;
              watch.disconnect();
              resolve(performance.now());
            });
            const all = { subtree: true, childList: true, characterData: true };
            watch.observe(document.querySelector(".live-card"), all);
          });
          value.value = "20";
          value.setSelectionRange(1, 1);
          const began = performance.now();
          value.dispatchEvent(new Event("input", { bubbles: true }));
          return (await seen) - began;
        }"""
    )
    assert took < 1_000, took  # 300 ms where nothing else runs; a machine that is busy takes longer
    assert page.evaluate("document.querySelector('#value-k2').selectionStart") == 1
    expect(value).to_be_focused()


def test_what_is_wrong_is_said_at_its_condition_and_goes_when_it_is_right(
    shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop).open("/pim/segments/new?starter=running-low")
    page.locator("#value-k2").fill("few")
    expect(page.locator("#note-k2")).to_contain_text("“few”")
    expect(page.locator("#value-k2")).to_have_attribute("aria-invalid", "true")
    page.locator("#value-k2").fill("5")
    expect(page.locator("#note-k2 .error")).to_have_count(0)
    expect(page.locator("#value-k2")).not_to_have_attribute("aria-invalid", "true")
    expect_count(page, "5 of 60")


def test_another_field_brings_other_operators_and_the_focus_stays(
    shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop).open("/pim/segments/new")
    picker = page.locator("#about-k1")
    picker.focus()
    picker.select_option("p:brand")
    expect(page.locator("#operator-k1 option")).to_have_count(11)
    page.locator("#operator-k1").select_option("in")
    expect(page.locator("#c-k1 [data-tags]")).to_be_visible()
    picker.focus()
    picker.select_option("p:active")
    expect(page.locator("#operator-k1")).to_have_value("is_true")
    expect_count(page, "54 of 60")
    expect(picker).to_be_focused()
    picker.select_option("p:created_at")
    expect(page.locator("#operator-k1")).to_have_value("in_last")
    expect(page.locator("#unit-k1")).to_have_value("days")
    page.locator("#operator-k1").select_option("between")
    expect(page.locator("#value-k1")).to_have_attribute("type", "date")


def test_conditions_are_moved_copied_and_removed_and_keep_the_focus(
    shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop).open("/pim/segments/new?starter=under-50")
    page.locator("#up-k2").click()
    expect(page.locator(".group > .cond").first).to_have_id("c-k2")
    expect(page.locator("#value-k2")).to_have_value("50")
    page.locator("#copy-k2").click()
    expect(page.locator(".cond")).to_have_count(3)
    expect_focus(page, "about-k3")
    expect(page.locator("#value-k3")).to_have_value("50")
    page.locator("#value-k3").fill("20")
    expect_count(page, "9 of 60")
    page.locator("#remove-k3").click()
    expect(page.locator(".cond")).to_have_count(2)
    expect_count(page, "36 of 60")


def test_lists_take_values_by_enter_and_paste_and_give_them_back(
    shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop).open("/pim/segments/new")
    page.locator("#about-k1").select_option("p:brand")
    page.locator("#operator-k1").select_option("in")
    expect(page.locator("#c-k1 [data-tags]")).to_be_visible()  # no longer one text
    box = page.locator("#value-k1")
    box.fill("Lumo")
    box.press("Enter")
    expect_count(page, "20 of 60")
    box.fill("Hale")
    expect_count(page, "40 of 60")
    box.press("Enter")
    tags = page.locator("#c-k1 .tag")
    expect(tags).to_have_count(2)
    box.press("Backspace")
    expect(tags).to_have_count(1)
    expect_count(page, "20 of 60")
    page.get_by_role("button", name="Remove Lumo").click()
    expect(tags).to_have_count(0)
    expect_focus(page, "value-k1")


def test_values_there_are_come_while_somebody_types(shop: TestTenant, visit: Visitor) -> None:
    page = visit(shop).open("/pim/segments/new")
    page.locator("#about-k1").select_option("p:brand")
    expect(page.locator("#value-k1")).to_have_attribute("list", "known-k1")
    page.locator("#value-k1").press_sequentially("fj")
    expect(page.locator("#known-k1 option")).to_have_count(1)
    expect(page.locator("#known-k1 option")).to_have_attribute("value", "Fjord & Co")


def test_what_is_not_saved_is_not_left_by_accident(shop: TestTenant, visit: Visitor) -> None:
    page = visit(shop).open("/pim/segments/new?starter=under-50")
    page.locator("#value-k2").fill("30")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Schema").click()
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"]
    assert page.url.endswith("/pim/segments/new?starter=under-50")
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/pim/segments/\d+$"))
    page.get_by_role("link", name="Schema").click()
    page.wait_for_url("**/pim/schema")
    assert asked == ["beforeunload"]
    page.go_back()
    page.wait_for_url(re.compile(r"/pim/segments/\d+$"))
    expect(page.locator("#value-k2")).to_have_value("30")


def test_who_saves_what_somebody_else_changed_sees_both_and_decides(
    app: Flask, shop: TestTenant, visit: Visitor
) -> None:
    with app.app_context():
        make_segment(shop.id, "Lumo", all_of(attribute("brand", "eq", "Lumo")))
    here, there = visit(shop), visit(shop)
    here.expect_refusal(409)
    path = f"/pim/segments/{stored_id(app, shop)}"
    mine, theirs = here.open(path), there.open(path)
    theirs.locator("#value-k1").fill("Hale")
    theirs.locator("#save").click()
    expect(theirs.locator("#flashes")).to_contain_text("Saved")
    mine.locator("#name").fill("Lumo’s own")
    mine.locator("#save").click()
    expect(mine.locator(".both")).to_contain_text("Brand is “Hale”")
    expect(mine.locator(".both")).to_contain_text("Lumo’s own")
    expect_answered(mine)
    mine.get_by_role("button", name="Save mine").click()
    expect(mine.locator("#flashes")).to_contain_text("Saved")
    expect(mine.locator("h1")).to_have_text("Lumo’s own")
    mine.get_by_role("switch", name="Active").click()
    expect(mine.get_by_role("switch", name="Active")).to_have_attribute("aria-checked", "false")
    mine.locator("#value-k1").fill("Fjord & Co")
    mine.locator("#save").click()
    expect(mine.locator("#flashes")).to_contain_text("Saved")


def test_a_refused_segment_leads_from_its_summary_to_the_field(
    shop: TestTenant, visit: Visitor
) -> None:
    here = visit(shop)
    here.expect_refusal(422)
    page = here.open("/pim/segments/new")
    page.locator("#save").click()
    expect(page.locator("#error-summary")).to_be_focused()
    page.get_by_role("link", name="A segment needs a name.").click()
    expect_focus(page, "name")
    page.keyboard.press("Enter")
    expect(page.locator("#error-summary")).to_be_focused()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_role("link", name="Schema").click()
    page.wait_for_timeout(200)
    assert asked == ["beforeunload"]


def test_a_row_of_the_list_is_switched_and_computed_in_its_place(
    app: Flask, shop: TestTenant, visit: Visitor
) -> None:
    with app.app_context():
        make_segment(shop.id, "Lumo", all_of(attribute("brand", "eq", "Lumo")))
    segment_id = stored_id(app, shop)
    page = visit(shop).open("/pim/segments")
    row = page.locator(f"#segment-{segment_id}")
    expect(row).to_contain_text("Waiting")
    with app.app_context(), tenant_scope(shop.id):
        compute_segment(segment_id)
    expect(row).to_contain_text("Up to date")
    expect(row.locator(".segment-count > b")).to_have_text("20")
    row.get_by_role("button", name="Recompute Lumo").click()
    expect(row).to_contain_text("Waiting")
    row.get_by_role("switch").click()
    expect(row.get_by_role("switch")).to_have_attribute("aria-checked", "false")
    with app.app_context(), tenant_scope(shop.id):
        compute_segment(segment_id)
    expect(row).to_contain_text("Resting")


def test_members_are_searched_and_back_leads_back(
    app: Flask, shop: TestTenant, visit: Visitor
) -> None:
    with app.app_context():
        make_segment(shop.id, "Lumo", all_of(attribute("brand", "eq", "Lumo")))
    segment_id = stored_id(app, shop)
    with app.app_context(), tenant_scope(shop.id):
        compute_segment(segment_id)
    page = visit(shop, Role.VIEWER).open(f"/pim/segments/{segment_id}")
    rows = page.locator("#members tbody tr")
    expect(rows).to_have_count(20)
    page.locator("#members-find").fill("NW-103")
    expect(rows).to_have_count(1)
    page.wait_for_url("**?q=NW-103")
    page.go_back()
    expect(rows).to_have_count(20)


def test_members_are_turned_page_by_page_and_the_rule_stays_as_it_is(
    app: Flask, shop: TestTenant, visit: Visitor
) -> None:
    with app.app_context():
        make_segment(shop.id, "All", all_of(attribute("sku", "starts_with", "nw")))
    segment_id = stored_id(app, shop)
    with app.app_context(), tenant_scope(shop.id):
        compute_segment(segment_id)
    page = visit(shop).open(f"/pim/segments/{segment_id}")
    foot = page.locator("#members .table-foot")
    page.locator("#value-k1").fill("nw-1")
    page.get_by_role("link", name="Next").click()
    expect(foot).to_contain_text("51–60 of 60")
    page.get_by_role("link", name="Previous").click()
    expect(foot).to_contain_text("1–50 of 60")
    page.go_back()
    expect(foot).to_contain_text("51–60 of 60")
    page.go_back()
    expect(foot).to_contain_text("1–50 of 60")
    expect(page.locator("#value-k1")).to_have_value("nw-1")


def test_a_rule_is_built_on_a_telephone_with_the_count_in_view(
    shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop, size=NARROW).open("/pim/segments/new")
    page.locator("#about-k1").select_option("p:stock")
    page.locator("#value-k1").fill("9")
    expect_count(page, "9 of 60")
    for number in range(2, 6):
        page.locator("#add-r").click()
        expect(page.locator(".cond")).to_have_count(number)
    expect(page.locator("#live-count")).to_be_in_viewport()
    expect(page.locator(".live-save button")).to_be_in_viewport()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= NARROW["width"]


def test_a_filtered_list_is_saved_as_a_segment(shop: TestTenant, visit: Visitor) -> None:
    page = visit(shop).open("/pim?f=brand:eq:Lumo")
    page.locator("#save-as-segment").click()
    expect_count(page, "20 of 60")
    page.locator("#name").fill("Lumo")
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/pim/segments/\d+$"))
    page.goto(page.url.replace("/segments", "").rpartition("/")[0] + "?add=")
    page.get_by_label("Filter by").select_option(":segment")
    page.get_by_label("Which").select_option("Lumo")
    page.get_by_role("button", name="Apply", exact=True).click()
    page.wait_for_url("**/pim?segment=*")
    expect(page.locator(".chip")).to_contain_text("Lumo")


def test_what_was_chosen_stays_chosen_when_another_part_is_renewed(
    app: Flask, shop: TestTenant, visit: Visitor
) -> None:
    page = visit(shop).open("/pim/segments/new?starter=under-50")
    page.locator("#unit-k2").select_option("USD")
    expect(page.locator("#words")).to_contain_text("50 USD")
    page.locator("#value-k2").fill("40")
    expect(page.locator("#words")).to_contain_text("40 USD")
    expect(page.locator("#unit-k2")).to_have_value("USD")
    page.locator("#name").fill("Under 40")
    page.locator("#save").click()
    page.wait_for_url(re.compile(r"/pim/segments/\d+$"))
    with app.app_context(), tenant_scope(shop.id):
        ((segment, _),) = list_segments(limit=2)
        assert segment.definition["conditions"][1]["currency"] == "USD"


def test_pressing_save_twice_takes_nothing_of_somebody_else_s_away(
    app: Flask, shop: TestTenant, visit: Visitor
) -> None:
    segment_id = make_segment_of(app, shop)
    visitor = visit(shop)
    page = visitor.open(f"/pim/segments/{segment_id}")
    with app.app_context(), tenant_scope(shop.id), transaction():
        change_segment(segment_id, name="Theirs")
    visitor.expect_refusal(409)
    page.locator("#name").fill("Mine")
    page.locator("#save").dblclick()
    expect_focus(page, "theirs")
    expect_answered(page)
    page.locator("#save").click()
    expect_focus(page, "theirs")
    expect_answered(page)
    expect(page.get_by_role("button", name="Save mine")).to_be_visible()
    with app.app_context(), tenant_scope(shop.id):
        assert get_segment(segment_id).name == "Theirs"
    page.get_by_role("button", name="Save mine").click()
    expect(page.locator("#page-title")).to_have_text("Mine")


def test_a_count_that_fails_does_not_leave_the_former_standing(
    app: Flask, shop: TestTenant, visit: Visitor
) -> None:
    visitor = visit(shop)
    page = visitor.open("/pim/segments/new?starter=under-50")
    expect_count(page, "of 60")
    visitor.expect_refusal(502)
    page.route("**/preview", lambda route: route.fulfill(status=502, body="Bad gateway"))
    page.locator("#value-k2").fill("30")
    expect_count(page, "can't be counted right now")
    page.unroute("**/preview")
    page.locator("#value-k2").fill("35")
    expect_count(page, "of 60")


def test_a_count_of_a_segment_that_is_gone_is_said_to_be_none(
    app: Flask, shop: TestTenant, visit: Visitor
) -> None:
    segment_id = make_segment_of(app, shop)
    visitor = visit(shop)
    page = visitor.open(f"/pim/segments/{segment_id}")
    expect_count(page, "20 of 60")
    with app.app_context(), tenant_scope(shop.id), transaction():
        delete_segment(segment_id)
    visitor.expect_refusal(404)
    page.locator("#value-k1").fill("Hale")
    expect_count(page, "can't be counted right now")
    expect(page.locator("#flashes")).to_contain_text("no such segment")


def test_a_list_that_becomes_one_value_keeps_its_first(shop: TestTenant, visit: Visitor) -> None:
    page = visit(shop).open("/pim/segments/new")
    page.locator("#about-k1").select_option("p:tags")
    for tag in ("eco", "gift"):
        page.locator("#value-k1").fill(tag)
        page.locator("#value-k1").press("Enter")
    expect_count(page, "of 60")
    page.locator("#operator-k1").focus()
    page.locator("#operator-k1").select_option("contains")
    expect(page.locator("#value-k1")).to_have_value("eco")
    page.locator("#value-k1").fill("")
    page.locator("#operator-k1").focus()
    page.locator("#operator-k1").select_option("does_not_contain")
    expect(page.locator("#operator-k1")).to_have_value("does_not_contain")
    expect(page.locator("#value-k1")).to_have_value("")
