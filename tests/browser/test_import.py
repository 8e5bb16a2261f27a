"""The import wizard in a browser: drop a file, map it, watch it, land in the catalog."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pim.core.queue import queue
from pim.imports import reconcile
from pim.imports.models import ImportJob
from tests.browser.conftest import NARROW, Visitor
from tests.factories.identity import TestTenant
from tests.factories.imports import run, upload
from tests.factories.products import make_vocabulary

CHAIRS = "Artikelnr.;Bezeichnung;VK brutto;Marke;Feld17\n" + "".join(
    f"NW-{n};Chair {n};{n},90 €;{'Fjord' if n % 2 else 'Lumo'};x{n}\n" for n in range(100, 160)
)


@pytest.fixture
def worker(app: Flask, tenant: TestTenant) -> Iterator[threading.Event]:
    """Does this tenant's imports once it is let go."""
    go, over = threading.Event(), threading.Event()

    def work() -> None:
        while not over.wait(0.2):
            if not go.is_set():
                continue
            with app.app_context():
                waiting = [tuple(job.args) for job in queue(reconcile.QUEUE).jobs]
            for tenant_id, import_id in waiting:
                if tenant_id == tenant.id:
                    run(app, tenant, ImportJob(id=import_id))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield go
    over.set()
    thread.join()


@pytest.fixture
def chairs(tmp_path: Path) -> Path:
    path = tmp_path / "sommer.csv"
    path.write_text(CHAIRS, encoding="windows-1252")
    return path


def choose(page: Page, path: Path) -> None:
    page.set_input_files("input[type=file]", path)
    expect(page.locator("[data-drop-files]")).to_contain_text("sommer.csv")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import sommer.csv")


def test_from_a_file_to_the_catalog(
    tenant: TestTenant, visit: Visitor, worker: threading.Event, chairs: Path
) -> None:
    page = visit(tenant).open("/pim/import")
    choose(page, chairs)
    expect(page.locator("#to-0")).to_have_value("sku")
    expect(page.locator("#new-3")).to_have_value("brand")
    page.get_by_role("button", name="Import 60 rows").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Waiting for a worker")
    expect(page.get_by_role("progressbar")).to_be_visible()
    worker.set()
    expect(page.get_by_role("heading", level=2).first).to_have_text("Done", timeout=30_000)
    expect(page.locator("#progress")).to_contain_text("60 of 60 rows")
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.wait_for_timeout(2_500)
    assert requests == [], "what is done is not polled any more"
    page.get_by_role("link", name="See the 60 products").click()
    page.wait_for_url("**/pim?import_id=*")
    expect(page.locator("#products tbody tr")).not_to_have_count(0)


def test_choices_change_what_is_offered_and_keep_the_focus(
    app: Flask, tenant: TestTenant, visit: Visitor
) -> None:
    make_vocabulary(app, tenant, [("weight", "number")])
    job = upload(app, tenant, CHAIRS)
    page = visit(tenant).open(f"/pim/import/{job.id}")
    row = page.locator("#column-4")
    expect(row.locator("#new-4")).to_be_hidden()
    page.locator("#to-4").focus()
    page.select_option("#to-4", "new")
    expect(row).to_contain_text("chosen by you")
    expect(row.locator("#new-4")).to_be_visible()
    expect(page.locator("#to-4")).to_be_focused()
    page.fill("#new-4", "shelf")
    page.select_option("#to-3", "field:weight")
    expect(page.locator("#column-3")).to_contain_text("Number")
    expect(page.locator("#new-4")).to_have_value("shelf")


def test_what_is_wrong_is_shown_and_gets_the_focus(
    app: Flask, tenant: TestTenant, visit: Visitor
) -> None:
    job = upload(app, tenant, CHAIRS)
    window = visit(tenant)
    window.expect_refusal(422)
    page = window.open(f"/pim/import/{job.id}")
    page.select_option("#to-0", "")
    page.get_by_role("button", name="Import 60 rows").click()
    summary = page.locator("#error-summary")
    expect(summary).to_contain_text("Choose the column that holds the SKU")
    expect(summary).to_be_focused()
    page.select_option("#to-0", "sku")
    expect(page.locator("#column-0")).to_contain_text("unique in all 60 rows")


def test_the_way_a_file_is_read_is_corrected_in_place(
    app: Flask, tenant: TestTenant, visit: Visitor
) -> None:
    job = upload(app, tenant, CHAIRS.replace(";", "|"))
    window = visit(tenant)
    window.expect_refusal(422)
    page = window.open(f"/pim/import/{job.id}")
    page.locator(".reading summary").click()
    page.fill("#header_row", "900")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator("#header_row-error")).to_contain_text("There is no header on line 900.")
    page.fill("#header_row", "2")
    page.get_by_role("button", name="Read again").click()
    expect(page.locator("#column-0")).to_contain_text("NW-100")
    expect(page.locator(".reading summary")).to_contain_text("header on line 2")


def test_a_file_can_be_dropped(tenant: TestTenant, visit: Visitor) -> None:
    page = visit(tenant).open("/pim/import")
    data = page.evaluate_handle(
        """text => { const data = new DataTransfer();
        data.items.add(new File([text], "sommer.csv", {type: "text/csv"})); return data; }""",
        CHAIRS,
    )
    page.dispatch_event(".drop", "dragover", {"dataTransfer": data})
    expect(page.locator(".drop")).to_have_class("drop is-over")
    page.dispatch_event(".drop", "drop", {"dataTransfer": data})
    expect(page.locator("[data-drop-files]")).to_contain_text("sommer.csv")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import sommer.csv")


def test_without_script_all_of_it_works_too(
    tenant: TestTenant, visit: Visitor, worker: threading.Event, chairs: Path
) -> None:
    page = visit(tenant, script=False).open("/pim/import")
    page.set_input_files("input[type=file]", chairs)
    page.get_by_role("button", name="Continue").click()
    page.locator(".reading summary").click()
    page.get_by_role("button", name="Read again").click()
    page.select_option("#to-4", "new")
    page.fill("#new-4", "shelf")
    page.get_by_role("button", name="Import 60 rows").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("Waiting for a worker")
    worker.set()
    for _ in range(100):
        page.reload()
        if page.get_by_role("heading", level=2).first.inner_text() == "Done":
            break
        page.wait_for_timeout(200)
    expect(page.get_by_role("link", name="See the 60 products")).to_be_visible()


def test_a_phone_shows_no_page_wider_than_itself(
    app: Flask, tenant: TestTenant, visit: Visitor
) -> None:
    job = upload(app, tenant, CHAIRS)
    done = upload(app, tenant, "sku,name\nA,x\nA,y\n,z\n")
    window = visit(tenant, size=NARROW)
    for path in ("/pim/import", f"/pim/import/{job.id}", f"/pim/import/{done.id}", "/pim/imports"):
        page = window.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
