"""The Files screen: every file, who sent it, what became of it, and what can be done about it."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import update

from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.imports import undoing
from pim.imports.models import ImportJob
from tests.factories.identity import TestTenant, client_of, make_tenant
from tests.factories.imports import confirm, import_file, upload
from tests.web.people import HTMX, Person
from tests.web.reading import Element

BODY = {"mapping": {"sku": "sku", "name": "name"}}
TWO = "sku,name\nA,one\nB,two\n"


@pytest.fixture
def person(app: Flask, tenant: TestTenant) -> Person:
    return Person(app, tenant, client_of(app, tenant))


def names(page: Element) -> list[str]:
    """Of the files on the page, in their order."""
    rows = [row for row in page.all("tr") if re.fullmatch(r"file-\d+", row.attrs.get("id", ""))]
    return [row.all("a")[0].text() for row in rows]


def listed(person: Person, **asked: str) -> list[str]:
    return names(person.get(f"/pim/imports?{urlencode(asked)}"))


def is_as(person: Person, job: ImportJob, **values: object) -> None:
    with person.app.app_context(), tenant_scope(person.tenant.id), transaction():
        db.session.execute(update(ImportJob).where(ImportJob.id == job.id).values(**values))


def uploaded(person: Person, name: str, content: str = TWO) -> ImportJob:
    return upload(person.app, person.tenant, content, name)


def test_files_are_filtered_by_name_state_format_and_day(person: Person) -> None:
    uploaded(person, "summer_%.csv")
    uploaded(person, "winter.json", '[{"sku": "A", "name": "one"}]')
    old = uploaded(person, "old.csv")
    is_as(person, old, created_at=now() - timedelta(days=40), status="cancelled")
    assert listed(person) == ["old.csv", "winter.json", "summer_%.csv"]
    assert listed(person, q="WINTER") == ["winter.json"]
    assert listed(person, q="_%") == ["summer_%.csv"], "they are no wildcards"
    assert listed(person, format="json") == ["winter.json"]
    assert listed(person, state="cancelled") == ["old.csv"]
    assert listed(person, state="mapping", q="er") == ["winter.json", "summer_%.csv"]
    today = now().date()
    assert listed(person, since=today.isoformat()) == ["winter.json", "summer_%.csv"]
    assert listed(person, until=(today - timedelta(days=30)).isoformat()) == ["old.csv"]
    page = person.get("/pim/imports?q=nothing")
    assert "No such files" in page.text()


def test_files_are_filtered_by_who_sent_them(person: Person) -> None:
    uploaded(person, "by-pim.csv")
    person.upload(filename="by-ada.csv")
    page = person.get("/pim/imports")
    options = {
        option.text(): option.attrs["value"]
        for select in page.all("select")
        if select.attrs.get("name") == "who"
        for option in select.all("option")
    }
    assert listed(person, who=options["Ada King"]) == ["by-ada.csv"]


def test_what_an_address_says_wrongly_is_passed_over(person: Person) -> None:
    uploaded(person, "a.csv")
    asked = {"state": "x", "who": "user:x", "format": "x", "since": "2026-99-99", "sort": "x"}
    assert listed(person, **asked) == ["a.csv"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("name", ["a.csv", "B.csv", "c.csv"]),
        ("-name", ["c.csv", "B.csv", "a.csv"]),
        ("-errors", ["a.csv", "c.csv", "B.csv"]),
        ("when", ["B.csv", "c.csv", "a.csv"]),
        ("-duration", ["B.csv", "a.csv", "c.csv"]),
    ],
)
def test_files_are_sorted_and_paged(
    person: Person, monkeypatch: pytest.MonkeyPatch, sort: str, order: list[str]
) -> None:
    monkeypatch.setattr("pim.imports.file_list.A_PAGE", 2)
    for name, errors, seconds in (("B.csv", 0, 9.5), ("c.csv", 0, 0.0), ("a.csv", 7, 3.25)):
        is_as(person, uploaded(person, name), failed_count=errors, worked_seconds=seconds)
    found, path = list[str](), f"/pim/imports?sort={sort}"
    while path:
        page = person.get(path)
        found += names(page)
        path = next((a.attrs["href"] for a in page.all("a") if a.attrs.get("rel") == "next"), "")
    assert found == order


def test_a_file_leads_to_its_errors_products_change_sets_and_undo(person: Person) -> None:
    job = import_file(person.app, person.tenant, "sku,name,n\nA,one,1\nB,two,x\n", {
        "mapping": {"sku": "sku", "name": "name", "n": {"to": "n", "type": "number"}}
    })  # fmt: skip
    page = person.get("/pim/imports")
    links = {a.attrs.get("href") for a in page.all("a")}
    address = f"/pim/import/{job.id}"
    assert {f"{address}/errors", f"{address}/changes", f"{address}/undo"} <= links
    assert f"/pim?import_id={job.id}" in links
    with person.app.app_context(), tenant_scope(person.tenant.id), transaction():
        undoing.start_undo(job.id)
    assert "being undone" in person.get("/pim/imports").text()
    with person.app.app_context():
        undoing.run_undo(person.tenant.id, job.id)
    assert "undone" in person.get("/pim/imports").text()
    text = " ".join(person.get(f"{address}/changes").text().split())
    assert "import 1" in text
    assert "undid" in text


def test_a_failed_file_says_what_to_do(person: Person) -> None:
    body = {"mapping": {"sku": "sku", "n": {"to": "n", "type": "number"}}}
    import_file(person.app, person.tenant, "sku,n\nA,1\nB,x\n", body, on_error="stop")
    text = " ".join(person.get("/pim/imports").text().split())
    assert "Stopped at line 3 in “n”" in text
    assert "Correct that row in your file and upload it again" in text


def test_the_list_looks_again_while_something_runs_and_keeps_its_filter(person: Person) -> None:
    job = uploaded(person, "run.csv")
    assert "hx-trigger" not in person.client.get("/pim/imports", headers=HTMX).text
    confirm(person.app, person.tenant, job, BODY)
    text = person.client.get("/pim/imports?q=run&sort=name", headers=HTMX).text
    assert 'hx-get="/pim/imports?q=run&amp;sort=name"' in text
    assert 'hx-trigger="every 2s"' in text


def test_the_files_of_another_tenant_are_not_there(person: Person) -> None:
    upload(person.app, make_tenant(person.app), TWO, "secret.csv")
    assert listed(person) == []
