"""Buttons of a page that renews itself: pause, go on, undo; and the filters of the files."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import expect

from pim.imports import undoing
from tests.browser.conftest import NARROW, Visitor
from tests.factories.identity import TestTenant
from tests.factories.imports import confirm, import_file, run, upload

BODY = {"mapping": {"sku": "sku", "name": "name"}}
TWO = "sku,name\nA,one\nB,two\n"


def test_pause_and_go_on_are_pressed_after_the_page_has_renewed_itself(
    app: Flask, tenant: TestTenant, visit: Visitor
) -> None:
    job = upload(app, tenant, TWO)
    confirm(app, tenant, job, BODY)
    page = visit(tenant).open(f"/pim/import/{job.id}")
    expect(page.get_by_role("heading", level=2)).to_have_text("Waiting for a worker")
    for _ in range(2):
        page.wait_for_timeout(1_300)
        page.get_by_role("button", name="Pause").click()
        expect(page.get_by_role("heading", level=2)).to_have_text("Paused")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("heading", level=2)).to_have_text(re.compile("Waiting for"))
    run(app, tenant, job)
    expect(page.get_by_role("heading", level=2)).to_have_text("Done")


def test_an_import_is_undone_from_its_page(app: Flask, tenant: TestTenant, visit: Visitor) -> None:
    job = import_file(app, tenant, TWO, BODY)
    page = visit(tenant, size=NARROW).open(f"/pim/import/{job.id}")
    page.get_by_role("link", name="Undo this import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Undo the import of"))
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_role("heading", name="Undoing")).to_be_visible()
    with app.app_context():
        undoing.run_undo(tenant.id, job.id)
    expect(page.get_by_role("heading", name="Undone")).to_be_visible()
    expect(page.get_by_role("link", name="Do it again")).to_be_visible()


def test_files_are_filtered_while_one_types(app: Flask, tenant: TestTenant, visit: Visitor) -> None:
    for name in ("summer.csv", "winter.csv"):
        upload(app, tenant, TWO, name)
    page = visit(tenant).open("/pim/imports")
    page.get_by_label("Name").fill("wint")
    expect(page.locator("#files")).not_to_contain_text("summer.csv")
    expect(page.locator("#files")).to_contain_text("winter.csv")
    expect(page).to_have_url(re.compile(r"q=wint"))
    page.get_by_label("State").select_option("done")
    expect(page.locator("#files")).to_contain_text("No such files")
