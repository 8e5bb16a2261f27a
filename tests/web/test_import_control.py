"""The page of a running import: pause, go on, undo; and what is said while nobody works on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from pim.imports import undoing
from pim.imports.models import ImportJob
from tests.factories.identity import TestTenant, client_of
from tests.factories.imports import confirm, fetch, import_file, products, run, upload
from tests.web.people import HTMX, Person

BODY = {"mapping": {"sku": "sku", "name": "name"}}
TWO = "sku,name\nA,one\nB,two\n"


@pytest.fixture
def person(app: Flask, tenant: TestTenant) -> Person:
    return Person(app, tenant, client_of(app, tenant))


def waits(person: Person) -> ImportJob:
    job = upload(person.app, person.tenant, TWO)
    return confirm(person.app, person.tenant, job, BODY)


def is_as(person: Person, job: ImportJob, **values: object) -> None:
    with person.app.app_context(), tenant_scope(person.tenant.id), transaction():
        db.session.execute(update(ImportJob).where(ImportJob.id == job.id).values(**values))


def undo(person: Person, job: ImportJob, **form: str) -> None:
    answer = person.post(f"/pim/import/{job.id}/undo", form)
    assert answer.status_code == 303
    with person.app.app_context():
        undoing.run_undo(person.tenant.id, job.id)


def test_a_running_import_is_paused_and_goes_on(person: Person) -> None:
    job = waits(person)
    page = f"/pim/import/{job.id}"
    answer = person.post(page + "/pause")
    assert (answer.status_code, answer.location) == (303, page)
    text = person.get(page).text()
    assert "Paused" in text
    assert "Go on" in text
    assert 'hx-trigger="every 5s"' in person.client.get(page).text
    person.post(page + "/resume")
    assert fetch(person.app, person.tenant, job).status == "pending"
    assert run(person.app, person.tenant, job).status == "done"


def test_what_can_not_be_paused_says_why_on_its_page(person: Person) -> None:
    job = import_file(person.app, person.tenant, TWO, BODY)
    person.post(f"/pim/import/{job.id}/pause")
    assert "This import is done; it can't be paused." in person.get(f"/pim/import/{job.id}").text()


def test_an_import_that_nobody_takes_up_says_so(person: Person) -> None:
    job = waits(person)
    assert "No worker" not in person.get(f"/pim/import/{job.id}").text()
    is_as(person, job, heartbeat_at=now() - timedelta(seconds=20))
    text = person.get(f"/pim/import/{job.id}").text()
    assert "No worker has taken this up yet, and none is running" in text


def test_an_import_whose_worker_is_not_heard_of_says_so(person: Person) -> None:
    job = waits(person)
    is_as(
        person,
        job,
        status="importing",
        phase="writing",
        heartbeat_at=now() - timedelta(seconds=9),
        started_at=now() - timedelta(seconds=60),
        worked_seconds=50.0,
        row_count=1_000_000,
        created_count=500_000,
        imported_count=500_000,
        bytes_done=15,
        pace=[[40.0, 300_000, 9], [45.0, 400_000, 12]],
    )
    text = person.get(f"/pim/import/{job.id}").text()
    assert "Nothing has been heard of the worker for 9" in text
    assert "500,000 of 1,000,000 rows" in text
    # 200,000 rows in the last 16 seconds: what it was before doesn't count any more.
    assert "12,500 rows a second" in text
    assert "about 40 s to go" in text


def test_undo_asks_first_and_says_what_will_happen(person: Person) -> None:
    job = import_file(person.app, person.tenant, TWO, BODY)
    page = f"/pim/import/{job.id}"
    assert "Undo this import" in person.get(page).text()
    assert "2 products that it created go" in person.get(page + "/undo").text()
    undo(person, job)
    assert products(person.app, person.tenant) == {}
    text = person.get(page).text()
    assert "Undone" in text
    assert "2 products went" in " ".join(text.split())
    assert "2 products come back" in person.get(page + "/undo").text()
    undo(person, job, redo="1")
    assert sorted(products(person.app, person.tenant)) == ["A", "B"]
    assert "Done again" in person.get(page).text()


def test_what_was_left_alone_is_listed_with_links_to_the_products(person: Person) -> None:
    job = import_file(person.app, person.tenant, TWO, BODY)
    import_file(person.app, person.tenant, "sku,name\nA,mine\n", BODY)
    assert "1 value or product was changed since" in person.get(f"/pim/import/{job.id}/undo").text()
    undo(person, job)
    page = person.get(f"/pim/import/{job.id}/undo/left-alone")
    text = " ".join(page.text().split())
    assert "the product was changed since" in text
    left = products(person.app, person.tenant)["A"]
    assert f"/pim/{left.id}" in [a.attrs.get("href") for a in page.all("a")]


def test_while_it_is_undone_the_page_asks_again(person: Person) -> None:
    job = import_file(person.app, person.tenant, TWO, BODY)
    person.post(f"/pim/import/{job.id}/undo")
    answer = person.client.get(f"/pim/import/{job.id}", headers=HTMX)
    assert "Undoing" in answer.text
    assert 'hx-trigger="every 1s"' in answer.text
    with person.app.app_context():
        undoing.run_undo(person.tenant.id, job.id)
    answer = person.client.get(f"/pim/import/{job.id}", headers=HTMX)
    assert "hx-trigger" not in answer.text


def test_who_may_only_look_gets_no_buttons(person: Person) -> None:
    job = import_file(person.app, person.tenant, TWO, BODY)
    viewer = Person(person.app, person.tenant, client_of(person.app, person.tenant, Role.VIEWER))
    assert "Undo this import" not in viewer.get(f"/pim/import/{job.id}").text()
    assert viewer.post(f"/pim/import/{job.id}/undo").status_code == 403


def test_a_fault_of_ours_can_be_tried_again_where_it_stopped(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pim.imports import runner

    job = waits(person)
    with monkeypatch.context() as broken:

        def breaks(*_: object) -> None:
            raise ZeroDivisionError

        broken.setattr(runner, "_write_chunk", breaks)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                run(person.app, person.tenant, job)
            is_as(person, job, heartbeat_at=None)
        assert run(person.app, person.tenant, job).status == "failed"
    text = person.get(f"/pim/import/{job.id}").text()
    assert "Let it go on from there." in text
    person.post(f"/pim/import/{job.id}/resume")
    assert run(person.app, person.tenant, job).status == "done"
