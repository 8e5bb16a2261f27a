"""The main job, as a new user does it: sign in, bring a file, watch it, find it, change it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pim.analytics.client import clickhouse
from pim.analytics.verify import compare
from pim.devservices.sample_catalog import sample_csv
from pim.identity.permissions import Role
from tests.browser.conftest import Visitor
from tests.factories.identity import PASSWORD, TestTenant, make_member, make_tenant
from tests.factories.queues import let_nothing_wait


@pytest.fixture
def worker(app: Flask) -> Iterator[None]:
    """A real worker of this process's databases, as `pim worker` runs it.

    What earlier tests left in the queues is nobody's any more.
    """
    with app.app_context():
        let_nothing_wait()
    process = subprocess.Popen(
        [sys.executable, "-m", "pim", "worker"],
        env=os.environ | {"LOG_LEVEL": "WARNING"},
    )
    yield
    process.terminate()
    process.wait(30)


def sign_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def upload(page: Page, path: Path) -> None:
    page.get_by_role("link", name="Import", exact=True).click()
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Continue").click()


def brand_in_clickhouse(app: Flask, tenant: TestTenant, sku: str) -> str | None:
    """The brand of a product as ClickHouse's newest row of it has it."""
    with app.app_context():
        rows = clickhouse().rows(
            "SELECT JSONExtractString(data, 'brand') FROM products FINAL "
            "WHERE tenant_id = {tenant:UInt64} AND sku = {sku:String}",
            {"tenant": tenant.id, "sku": sku},
        )
    return str(rows[0][0]) if rows else None


def until(found: Callable[[], object], wanted: object, seconds: float = 20) -> None:
    """Wait until a look gives what is wanted."""
    deadline = time.monotonic() + seconds
    while (now := found()) != wanted:
        assert time.monotonic() < deadline, f"{now!r} is not {wanted!r}"
        time.sleep(0.1)


def test_from_sign_in_to_an_edit_that_is_in_clickhouse(
    app: Flask, visit: Visitor, worker: None, tmp_path: Path
) -> None:
    tenant = make_tenant(app)
    person = make_member(app, tenant, Role.ADMIN)
    path = tmp_path / "northwind-home.csv"
    path.write_bytes(sample_csv(300))  # 300 products, one of them twice, one price that is none
    page = visit().open("/pim")
    sign_in(page, person.email)
    expect(page).to_have_title(re.compile("Catalog"))

    upload(page, path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Import northwind-home.csv")
    page.get_by_role("button", name=re.compile("^Import ")).click()
    page.get_by_role("link", name="See the 300 products").click(timeout=60_000)

    expect(page).to_have_url(re.compile(r"import_id="))
    expect(page.locator(".page-title .quiet")).to_contain_text("300")
    page.locator("#facets").get_by_label(re.compile("Lumo")).first.check()
    expect(page).to_have_url(re.compile("Lumo"))
    page.locator("#products tbody a").first.click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()

    sku = page.locator("main").get_by_text(re.compile(r"^NW-\w\w-\d+$")).first.inner_text()
    until(lambda: brand_in_clickhouse(app, tenant, sku), "Lumo")
    page.get_by_role("link", name="Edit Brand").click()
    page.get_by_label("Brand", exact=True).fill("Fjord & Co")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Edit Brand")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Fjord & Co")
    until(lambda: brand_in_clickhouse(app, tenant, sku), "Fjord & Co")
    with app.app_context():
        assert compare(tenant.id).equal
