"""Signing in and the settings, used by hand."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pim.core.db import db, transaction
from pim.identity import signin
from pim.identity.models import UserSession
from pim.identity.permissions import Role
from tests.browser.conftest import NARROW, WIDE, Visitor
from tests.factories.identity import PASSWORD, TestTenant, make_member, make_person, make_tenant

NEW_PASSWORD = "a tidy little house"


def sign_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("script", [True, False])
def test_a_person_is_let_in_and_chooses_their_own_password(
    app: Flask, tenant: TestTenant, visit: Visitor, script: bool
) -> None:
    email = f"grace-{tenant.slug}@example.com"
    page = visit(tenant, script=script).open("/settings/people")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Name").fill("Grace Hopper")
    page.get_by_label("Role").select_option("editor")
    page.get_by_role("button", name="Add").click()
    first = page.locator(".notice code").inner_text()
    expect(page.get_by_role("cell", name="Grace Hopper")).to_be_visible()

    page = visit(script=script).open("/pim")
    sign_in(page, email, first)
    page.wait_for_url("**/settings/account")
    expect(page.get_by_text("Choose your own password")).to_be_visible()
    page.get_by_label("Present password").fill(first)
    page.get_by_label("New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Your password is changed")).to_be_visible()
    page.goto(page.url.replace("/settings/account", "/settings/people"))
    expect(page.get_by_role("heading", name="Settings")).to_be_visible()


def test_a_refused_sign_in_keeps_the_address_and_says_why(
    app: Flask, tenant: TestTenant, visit: Visitor
) -> None:
    ada = make_member(app, tenant)
    visiting = visit()
    visiting.expect_refusal(422)
    page = visiting.open("/settings/people")
    sign_in(page, ada.email, "not the password")
    expect(page.get_by_role("alert")).to_contain_text("don't belong together")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value(ada.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/people")


def test_after_signing_out_back_shows_nothing(
    app: Flask, tenant: TestTenant, visit: Visitor
) -> None:
    page = visit(tenant).open("/settings/people")
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.go_back()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("table", name="People")).to_have_count(0)


def test_a_click_after_the_sign_in_has_ended_leads_to_the_sign_in_page(
    app: Flask, tenant: TestTenant, visit: Visitor
) -> None:
    """Also for what htmx asks for: the sign-in form never lands in the middle of a page."""
    page = visit(tenant).open("/pim")
    with app.app_context(), transaction():
        for row in db.session.query(UserSession).filter_by(active_tenant_id=tenant.id):
            signin.revoke_sign_ins(row.user_id)
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("lamp")
    page.wait_for_url("**/sign-in?next=*")
    expect(page.locator("main")).to_have_count(1)


def test_another_tenant_is_one_click_away(app: Flask, tenant: TestTenant, visit: Visitor) -> None:
    other = make_tenant(app, "Contoso Outdoor")
    ada = make_person(app, (tenant, Role.ADMIN), (other, Role.VIEWER))
    page = visit().open("/settings/people")
    sign_in(page, ada.email, PASSWORD)
    page.wait_for_url("**/settings/people")
    page.locator(".tenant-menu summary").click()
    page.get_by_role("button", name="Contoso Outdoor").click()
    expect(page.get_by_text("You are now in Contoso Outdoor.")).to_be_visible()
    expect(page.locator(".side .brand-name")).to_have_text("Contoso Outdoor")


def test_removing_a_person_asks_first(app: Flask, tenant: TestTenant, visit: Visitor) -> None:
    grace = make_member(app, tenant, Role.EDITOR)
    page = visit(tenant).open(f"/settings/people/{grace.id}")
    page.get_by_role("button", name="Remove").click()
    page.locator("#confirm").get_by_role("button", name="Cancel").click()
    expect(page.locator("#confirm")).to_be_hidden()
    page.get_by_role("button", name="Remove").click()
    page.locator("#confirm").get_by_role("button", name="Remove").click()
    page.wait_for_url("**/settings/people")
    expect(page.get_by_role("cell", name=grace.email)).to_have_count(0)


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_settings_page_is_wider_than_the_window(
    app: Flask, tenant: TestTenant, visit: Visitor, size: dict[str, int], scheme: str
) -> None:
    ada = make_member(app, tenant)
    visiting = visit(tenant, size=size, scheme=scheme)
    for path in (
        "/settings/people",
        f"/settings/people/{ada.id}",
        "/settings/api-keys",
        "/settings/account",
    ):
        page = visiting.open(path)
        expect(page.locator("h1")).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
