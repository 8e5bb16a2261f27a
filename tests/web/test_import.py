"""The import wizard and the list of files, as a person uses them: with and without htmx."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from pydantic import SecretStr

from pim.core import settings
from pim.identity.permissions import Role
from tests.factories.identity import TestTenant, client_of, make_tenant
from tests.factories.imports import confirm, fetch, products, run, upload
from tests.factories.messages_api import (
    KEY,
    Answer,
    MessagesApi,
    a_message,
    a_refusal,
    an_error,
    messages_api,
)
from tests.factories.products import make_vocabulary
from tests.web.people import CHAIRS, HTMX, Person, form_of, job_at
from tests.web.reading import faults, read


@pytest.fixture
def person(app: Flask, tenant: TestTenant) -> Person:
    return Person(app, tenant, client_of(app, tenant))


def test_a_file_is_uploaded_mapped_and_started(person: Person) -> None:
    address = person.upload()
    page = person.get(address)
    text = page.text()
    assert "Import sommer.csv" in text
    assert "3 rows · 5 columns" in text
    assert "Read as utf-8, semicolon" in text
    assert "built-in rules" in text
    sent = form_of(page)
    assert {name: sent[name] for name in ("to-0", "to-1", "to-2", "to-3", "to-4")} == {
        "to-0": "sku",
        "to-1": "name",
        "to-2": "new",
        "to-3": "new",
        "to-4": "",
    }
    assert (sent["new-2"], sent["type-2"]) == ("price", "price")
    answer = person.post(address + "/confirm", sent)
    assert (answer.status_code, answer.location) == (303, address)
    assert "Waiting for a worker" in person.get(address).text()
    job = fetch(person.app, person.tenant, job_at(address))
    assert job.status == "pending"
    done = run(person.app, person.tenant, job)
    assert done.status == "done"
    chair = products(person.app, person.tenant)["NW-1"]
    assert chair.data == {"price": {"amount": 149, "currency": "EUR"}, "brand": "Fjord"}


@pytest.fixture
def claude(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Answer | None], MessagesApi]]:
    """Let the application reach a server that answers like this (None: with a mapping)."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with messages_api() as api:

        def answering(answer: Answer | None) -> MessagesApi:
            with app.app_context():
                changed = {
                    "anthropic_api_key": SecretStr(KEY),
                    "anthropic_base_url": api.url,
                    "pim_ai_timeout_seconds": 0.5,
                }
                with_key = settings().model_copy(update=changed)
            monkeypatch.setattr("pim.core.claude.app_settings", lambda: with_key)
            if answer is None:
                api.will_map({"Bezeichnung": ("name", "string", 0.93)})
            else:
                api.will(answer)
            return api

        yield answering


def test_what_claude_suggests_is_marked_as_claudes(
    person: Person, claude: Callable[[Answer | None], MessagesApi]
) -> None:
    api = claude(None)
    page = person.get(person.upload())
    row = next(r.text() for r in page.all("tr") if r.attrs.get("id") == "column-1")
    assert "93% Claude Bezeichnung looks like it" in row
    assert "Claude suggested 1 of 5 targets from the headers and 3 sample rows." in page.text()
    assert len(api.requests) == 1


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (an_error(529, "overloaded_error"), "Claude is overloaded at the moment (529), so"),
        (a_refusal(), "Claude declined to answer, so"),
        (Answer(b"{", pause=2.0), "Claude took"),
        (a_message("no JSON"), "Claude's answer could not be read, so"),
    ],
)
def test_when_claude_cannot_be_had_the_page_says_why(
    person: Person,
    claude: Callable[[Answer | None], MessagesApi],
    answer: Answer,
    sentence: str,
) -> None:
    claude(answer)
    page = person.get(person.upload())
    assert sentence in page.text()
    assert "suggested by built-in rules" in page.text()
    assert form_of(page)["to-0"] == "sku"
    assert KEY not in page.text()


def test_every_suggestion_says_who_made_it_how_sure_it_is_and_why(person: Person) -> None:
    page = person.get(person.upload())
    rows = [row.text() for row in page.all("tr") if row.attrs.get("id", "").startswith("column-")]
    assert len(rows) == 5
    assert "97% rules unique in all 3 rows; a code" in rows[0]
    assert "NW-1 · NW-2 · NW-3" in rows[0]
    assert "“VK brutto” means price" in rows[2]
    assert "30% rules the header says nothing" in rows[4]
    assert "1 column needs your eye" in page.text()


def test_choosing_a_target_shows_what_it_brings_and_saves_nothing(person: Person) -> None:
    make_vocabulary(person.app, person.tenant, [("weight", "number")])
    address = person.upload()
    sent = form_of(person.get(address)) | {"to-4": "field:weight"}
    answer = person.post(address + "/preview", sent, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<form id="mapping"')
    row = next(r for r in read(answer.text).all("tr") if r.attrs.get("id") == "column-4")
    assert "Number" in row.text()
    assert "chosen by you" in row.text()
    assert fetch(person.app, person.tenant, job_at(address)).mapping == {}
    whole = person.post(address + "/preview", sent)
    assert "<html" in whole.text, "without htmx the page comes back"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"to-0": ""}, "Choose the column that holds the SKU"),
        ({"to-1": "sku"}, "Bezeichnung: “Artikelnr.” goes to “sku” already."),
        ({"to-3": "new", "new-3": "///"}, "Marke: “///” can't be a name."),
        ({"to-3": "new", "new-3": "name"}, "Marke: “Bezeichnung” goes to “name” already."),
        ({"blank": "maybe"}, "“maybe” is not a choice"),
        ({"default_currency": "Taler"}, "“Taler” is not a currency"),
    ],
)
def test_what_is_wrong_is_said_above_the_form_and_beside_the_column(
    person: Person, changes: dict[str, str], message: str
) -> None:
    address = person.upload()
    sent = form_of(person.get(address)) | changes
    answer = person.post(address + "/confirm", sent, headers=HTMX)
    assert answer.status_code == 422
    page = read(answer.text)
    summary = next(s for s in page.all("section") if s.attrs.get("id") == "error-summary")
    assert message in summary.text()
    for link in summary.all("a"):
        target = link.attrs["href"][1:]
        field = next(e for e in page.walk() if e.attrs.get("id") == target)
        assert field.attrs.get("aria-invalid") == "true" or target == "default_currency"
    assert form_of(page)["to-0"] == sent["to-0"], "what was chosen is still there"
    assert fetch(person.app, person.tenant, job_at(address)).status == "mapping"


def test_the_way_the_file_is_read_can_be_corrected(person: Person) -> None:
    address = person.upload("a;b|c\n1;2|3\n4;5|6\n".encode("utf-16"))
    page = person.get(address)
    assert "Read as utf-16, semicolon" in page.text()
    answer = person.post(address + "/reading", {"delimiter": "|", "header_row": "1"})
    assert (answer.status_code, answer.location) == (303, address)
    page = person.get(address)
    assert "utf-16, vertical bar" in page.text()
    assert [c["column"] for c in _suggestions(person, address)] == ["a;b", "c"]


def _suggestions(person: Person, address: str) -> list[dict[str, Any]]:
    job = fetch(person.app, person.tenant, job_at(address))
    found: list[dict[str, Any]] = job.suggestions["columns"]
    return found


def test_a_second_correction_keeps_the_first(person: Person) -> None:
    address = person.upload("x,y\na;b|c\n1;2|3\n")
    for correction in ({"delimiter": "|"}, {"header_row": "2"}):
        page = person.get(address)
        person.post(address + "/reading", form_of(page, "reading-form") | correction)
    page = person.get(address)
    assert "vertical bar, header on line 2" in page.text()
    assert page.text().count("Chosen by you.") == 1
    assert [c["column"] for c in _suggestions(person, address)] == ["a;b", "c"]


def test_the_sheet_of_a_workbook_and_the_place_of_records_can_be_chosen(person: Person) -> None:
    document = '{"meta": {"n": 1}, "shop": {"items": [{"sku": "A"}], "more": [{"sku": "B"}]}}'
    address = person.upload(document, "shop.json")
    page = person.get(address)
    assert "Read as JSON, products in /shop/items" in page.text()
    person.post(address + "/reading", {"record_path": "/shop/more"})
    assert "products in /shop/more" in person.get(address).text()


def test_the_layout_of_the_rows_is_told_and_can_be_corrected(person: Person) -> None:
    address = person.upload("sku,name,price,currency\nA,Chair,10,USD\nA,,9,EUR\n")
    page = person.get(address)
    assert "layout: A row per currency" in page.text()
    assert "Rows of one product in several currencies" in page.text()
    assert len(_suggestions(person, address)) == 5
    person.post(address + "/reading", form_of(page, "reading-form") | {"shape": "none"})
    page = person.get(address)
    assert "layout:" not in page.text()
    assert form_of(page, "reading-form")["shape"] == "none"
    assert len(_suggestions(person, address)) == 4


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"shape": "cube"}, "“cube” is not a shape we know"),
        ({"shape": "shopify"}, "can't be read as Shopify"),
        ({"encoding": "klingon"}, "“klingon” is not an encoding we know"),
        ({"header_row": "first"}, "“first” is not a line number"),
        ({"header_row": "900"}, "There is no header on line 900."),
        ({"delimiter": "ab"}, "“ab” can't separate values"),
    ],
)
def test_a_correction_that_makes_no_sense_changes_nothing(
    person: Person, sent: dict[str, str], message: str
) -> None:
    address = person.upload()
    answer = person.post(address + "/reading", sent, headers=HTMX)
    assert answer.status_code == 422
    assert message in read(answer.text).text()
    assert answer.text.lstrip().startswith("<details")
    assert len(_suggestions(person, address)) == 5


@pytest.mark.parametrize(
    ("content", "filename", "message"),
    [
        (b"", "empty.csv", "The file is empty."),
        (b"%PDF-1.7 ...", "list.pdf", "“list.pdf” is a PDF."),
    ],
)
def test_a_file_that_is_no_table_is_refused_beside_the_field(
    person: Person, content: bytes, filename: str, message: str
) -> None:
    answer = person.post("/pim/import", {"file": (io.BytesIO(content), filename)}, headers=HTMX)
    assert answer.status_code == 422
    assert message in read(answer.text).text()
    assert 'aria-invalid="true"' in answer.text


def test_no_file_at_all_is_said(person: Person) -> None:
    answer = person.post("/pim/import")
    assert answer.status_code == 422
    assert "Choose a file or give its address first." in answer.text


def test_progress_is_polled_until_it_is_done(person: Person) -> None:
    job = upload(person.app, person.tenant, CHAIRS)
    confirm(person.app, person.tenant, job)
    address = f"/pim/import/{job.id}"
    waiting = person.client.get(address, headers=HTMX)
    assert waiting.text.lstrip().startswith('<div id="progress"')
    assert 'hx-trigger="every 1s"' in waiting.text
    assert 'role="progressbar"' in waiting.text
    run(person.app, person.tenant, job)
    done = person.client.get(address, headers=HTMX)
    assert "hx-trigger" not in done.text
    page = read(done.text)
    assert "3 of 3 rows" in page.text()
    assert "PIM" in person.get(address).all("header")[1].text()
    assert "SignedIn" not in person.get(address).text()
    assert any(a.attrs["href"] == f"/pim?import_id={job.id}" for a in page.all("a"))


def test_rows_with_errors_are_shown_and_can_be_downloaded_corrected_and_sent_again(
    person: Person,
) -> None:
    content = 'sku;name;price\nA;"Chair; wide";=1+1\n;Lamp;3,00\nC;Shelf;9,99\n'
    job = upload(person.app, person.tenant, content)
    body = {"mapping": {"sku": "sku", "name": "name", "price": {"to": "price", "type": "price"}}}
    confirm(person.app, person.tenant, job, body)
    run(person.app, person.tenant, job)
    text = person.get(f"/pim/import/{job.id}").text()
    assert "2 with errors" in text
    assert "This row has no SKU." in text
    answer = person.client.get(f"/pim/import/{job.id}/errors.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == ["sku", "name", "price", "_line", "_error"]
    assert rows[1][:4] == ["A", "Chair; wide", "'=1+1", "2"]
    assert rows[1][4].startswith("price: “=1+1” is not a price")
    assert rows[2][:4] == ["", "Lamp", "3,00", "3"]
    again = answer.data.decode("utf-8-sig").replace("'=1+1", "5,00").replace("\n;Lamp", "\nB;Lamp")
    second = upload(person.app, person.tenant, again)
    ignored = [c for c in second.suggestions["columns"] if c["column"] in ("_line", "_error")]
    assert [c["target"] for c in ignored] == [None, None]
    confirm(person.app, person.tenant, second)
    assert run(person.app, person.tenant, second).created_count == 2


def test_a_file_that_was_never_confirmed_can_be_forgotten(person: Person) -> None:
    address = person.upload()
    answer = person.post(address + "/cancel")
    assert answer.location == "/pim/imports"
    assert "Nothing was changed" in person.get("/pim/imports").text()
    assert "Cancelled" in person.get(address).text()


def test_the_list_of_files_has_every_file_with_its_counts(person: Person) -> None:
    assert "No files yet" in person.get("/pim/imports").text()
    job = upload(person.app, person.tenant, CHAIRS, "sommer.csv")
    confirm(person.app, person.tenant, job)
    run(person.app, person.tenant, job)
    person.upload(filename="winter.csv")
    page = person.get("/pim/imports")
    rows = [r.text() for r in page.all("tr") if r.attrs.get("id", "").startswith("file-")]
    assert len(rows) == 2
    assert rows[0].startswith("winter.csv to be mapped 3")
    assert "just now" in rows[0].split(" 3 ")[1]
    assert "Ada King" in rows[0]
    assert rows[1].startswith("sommer.csv done 3 3")
    assert "PIM" in rows[1]


def test_the_list_is_paged(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pim.imports.file_list.A_PAGE", 2)
    for number in range(5):
        upload(person.app, person.tenant, CHAIRS, f"f{number}.csv")
    seen: list[str] = []
    path = "/pim/imports"
    while path:
        page = person.get(path)
        seen += [a.text() for a in page.all("a") if re.fullmatch(r"f\d\.csv", a.text())]
        path = next((a.attrs["href"] for a in page.all("a") if a.attrs.get("rel") == "next"), "")
    assert seen == ["f4.csv", "f3.csv", "f2.csv", "f1.csv", "f0.csv"]


def test_an_editor_maps_to_fields_there_are_but_adds_none(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, [("brand", "string")])
    editor = Person(app, tenant, client_of(app, tenant, Role.EDITOR))
    address = editor.upload()
    page = editor.get(address)
    sent = form_of(page)
    assert (sent["to-2"], sent["to-3"]) == ("", "field:brand")
    assert not any(o.attrs.get("value") == "new" for o in page.all("option"))
    forced = sent | {"to-2": "new", "new-2": "price", "type-2": "price"}
    refused = editor.post(address + "/confirm", forced)
    assert refused.status_code == 422
    assert "needs the role manager" in refused.text
    assert editor.post(address + "/confirm", sent).status_code == 303


def test_a_viewer_sees_imports_and_starts_none(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, CHAIRS)
    viewer = Person(app, tenant, client_of(app, tenant, Role.VIEWER))
    page = viewer.get(f"/pim/import/{job.id}")
    assert not any("Import 3 rows" in b.text() for b in page.all("button"))
    assert viewer.client.get("/pim/import").status_code == 403
    assert viewer.post(f"/pim/import/{job.id}/confirm").status_code == 403
    assert viewer.get("/pim/imports").all("tr")


def test_another_tenants_import_is_not_there(app: Flask, person: Person) -> None:
    job = upload(app, make_tenant(app), CHAIRS)
    assert person.client.get(f"/pim/import/{job.id}").status_code == 404
    assert person.client.get(f"/pim/import/{job.id}/errors.csv").status_code == 404


def test_hostile_names_and_values_stay_text(person: Person) -> None:
    bad = "<img src=x onerror=alert(1)>"
    content = f'sku;"{bad}";name\nA;"{bad}";<b>x</b>\nB;y;z\n'
    page = person.client.get(person.upload(content, f"{bad}.csv"))
    assert bad not in page.text
    assert "&lt;img src=x" in page.text


def test_the_pages_are_sound(person: Person) -> None:
    address = person.upload()
    job = upload(person.app, person.tenant, "sku,price\nA,x\nB,2\nB,3\n")
    confirm(
        person.app,
        person.tenant,
        job,
        {"mapping": {"sku": "sku", "price": {"to": "price", "type": "price"}}},
    )
    run(person.app, person.tenant, job)
    for path in ("/pim/import", address, f"/pim/import/{job.id}", "/pim/imports"):
        assert faults(person.get(path)) == [], path
