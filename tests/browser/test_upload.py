"""The wizard's first step in a browser: a large file on its way, and what goes wrong with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.factories.identity import TestTenant

ROW = "SKU-{n};Chair {n};a description that is long enough to fill a file quickly\n"


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.csv"
    path.write_text("sku;name;text\n" + "".join(ROW.format(n=n) for n in range(250_000)))
    return path


def test_a_large_file_shows_how_far_it_is(visit: Visitor, tenant: TestTenant, large: Path) -> None:
    page = visit(tenant).open("/pim/import")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 8_000_000},
    )
    page.set_input_files("input[type=file]", large)
    page.get_by_role("button", name="Continue").click()
    bar = page.get_by_role("progressbar", name="Sending the file")
    expect(bar).to_be_visible()
    expect(page.locator("[data-sent]")).to_contain_text(
        re.compile(
            r"Sending large\.csv: [\d.]+ [kM]B of [\d.]+ MB · .+ a second · about \d+ s left"
        )
    )
    assert 0 < int(bar.get_attribute("aria-valuenow") or 0) < 100
    expect(page.get_by_role("heading", level=1)).to_have_text("Import large.csv", timeout=60_000)


def test_a_file_that_is_none_is_refused_where_it_was_chosen(
    visit: Visitor, tenant: TestTenant, tmp_path: Path
) -> None:
    picture = tmp_path / "logo.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    window = visit(tenant)
    page = window.open("/pim/import")
    window.expect_refusal(422)
    page.set_input_files("input[type=file]", picture)
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#file-error")).to_be_visible()
    expect(page.locator("[data-sending]")).to_be_hidden()
    page.set_input_files("input[type=file]", [])
    page.get_by_label("from a web address").fill("https://127.0.0.1/feed.csv")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#url-error")).to_contain_text("is not on the public internet")
    expect(page.get_by_label("from a web address")).to_have_value("https://127.0.0.1/feed.csv")


def test_a_file_that_is_gone_from_the_disk_is_said(
    app: Flask, visit: Visitor, tenant: TestTenant, tmp_path: Path
) -> None:
    path = tmp_path / "gone.csv"
    path.write_text("sku\nA\n")
    window = visit(tenant)
    page = window.open("/pim/import")
    window.expected.append("ERR_FILE_NOT_FOUND")
    window.expected.append("connection broke off")
    page.set_input_files("input[type=file]", path)
    path.unlink()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#flashes")).not_to_be_empty()
    expect(page.locator("[data-sending]")).to_be_hidden()
