"""A running import obeys: it rests and goes on, and nothing of it is half or twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from pim.core.db import db, transaction
from pim.core.errors import Conflict
from pim.core.tenancy import tenant_scope
from pim.imports import control, runner, service
from pim.imports.models import ImportJob
from pim.imports.progress import elapsed_seconds
from tests.factories.identity import TestTenant
from tests.factories.imports import (
    confirm,
    counts,
    fetch,
    import_file,
    issues,
    products,
    run,
    upload,
)

BODY = {"mapping": {"sku": "sku", "name": "name", "n": {"to": "n", "type": "number"}}}


def a_catalog(rows: int) -> str:
    """With repeated SKUs and rows that fail."""
    return "sku,name,n\n" + "".join(
        f"S{n % (rows - 50)},Name {n},{n if n % 97 else 'none'}\n" for n in range(rows)
    )


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "settings", lambda: SimpleNamespace(import_chunk_rows=1_000))


def after_chunk(
    monkeypatch: pytest.MonkeyPatch, number: int, action: Callable[[], object]
) -> list[int]:
    """Do something in the pause after one chunk."""
    real, seen = runner._write_chunk, list[int]()

    def write(*args: Any) -> None:
        real(*args)
        seen.append(len(seen) + 1)
        if len(seen) == number:
            with transaction():
                action()

    monkeypatch.setattr(runner, "_write_chunk", write)
    return seen


def does(app: Flask, tenant: TestTenant, verb: Callable[[int], Any], job: ImportJob) -> Any:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        verb(job.id)
    return fetch(app, tenant, job)


def test_an_import_rests_at_a_chunk_and_comes_to_the_same(
    app: Flask, tenant: TestTenant, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = upload(app, tenant, a_catalog(5_000))
    confirm(app, tenant, job, BODY)
    after_chunk(monkeypatch, 2, lambda: control.pause_import(job.id))
    resting = run(app, tenant, job)
    assert resting.status == "paused"
    assert 0 < resting.created_count == len(products(app, tenant)) < 4_000
    assert run(app, tenant, job).created_count == resting.created_count, "nobody goes on by itself"
    assert does(app, tenant, control.resume_import, job).status == "pending"
    done = run(app, tenant, job)
    undisturbed = a_tenants_own(app, a_catalog(5_000))
    assert (done.status, done.row_count) == ("done", 5_000)
    assert counts(done) == counts(undisturbed[0])
    assert [(i.line, i.code) for i in issues(app, tenant, job)] == undisturbed[1]


def a_tenants_own(app: Flask, content: str) -> tuple[ImportJob, list[tuple[int, str]]]:
    from tests.factories.identity import make_tenant

    other = make_tenant(app)
    job = import_file(app, other, content, BODY)
    return job, [(issue.line, issue.code) for issue in issues(app, other, job)]


def test_time_that_an_import_rests_is_not_counted(
    app: Flask, tenant: TestTenant, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = upload(app, tenant, a_catalog(4_000))
    confirm(app, tenant, job, BODY)
    after_chunk(monkeypatch, 1, lambda: control.pause_import(job.id))
    resting = run(app, tenant, job)
    time.sleep(1.2)
    does(app, tenant, control.resume_import, job)
    done = run(app, tenant, job)
    assert 0 < resting.worked_seconds < done.worked_seconds
    assert done.finished_at is not None
    assert done.started_at is not None
    whole = (done.finished_at - done.started_at).total_seconds()
    assert elapsed_seconds(done, done.finished_at) == pytest.approx(done.worked_seconds)
    assert done.worked_seconds < whole - 1.1


def test_a_worker_that_was_paused_and_resumed_in_a_moment_writes_nothing_more(
    app: Flask, tenant: TestTenant, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pause_and_resume() -> None:
        control.pause_import(job.id)
        control.resume_import(job.id)

    job = upload(app, tenant, a_catalog(4_000))
    confirm(app, tenant, job, BODY)
    chunks = after_chunk(monkeypatch, 1, pause_and_resume)
    assert run(app, tenant, job).status == "pending"
    assert len(chunks) == 1
    assert run(app, tenant, job).status == "done"


def test_what_waits_can_be_paused_before_anybody_took_it_up(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, a_catalog(100))
    confirm(app, tenant, job, BODY)
    assert does(app, tenant, control.pause_import, job).status == "paused"
    assert run(app, tenant, job).status == "paused"
    does(app, tenant, control.resume_import, job)
    assert run(app, tenant, job).status == "done"


def test_a_paused_import_can_be_cancelled(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, a_catalog(100))
    confirm(app, tenant, job, BODY)
    does(app, tenant, control.pause_import, job)
    assert does(app, tenant, service.cancel_import, job).status == "cancelled"
    with pytest.raises(Conflict, match="nothing to resume"):
        does(app, tenant, control.resume_import, job)


def test_pausing_and_resuming_twice_is_the_same_as_once(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, a_catalog(100))
    confirm(app, tenant, job, BODY)
    for _ in range(2):
        assert does(app, tenant, control.pause_import, job).status == "paused"
    for _ in range(2):
        assert does(app, tenant, control.resume_import, job).status == "pending"
    assert run(app, tenant, job).status == "done"


@pytest.mark.parametrize("verb", [control.pause_import, control.resume_import])
def test_what_does_not_run_is_neither_paused_nor_resumed(
    app: Flask, tenant: TestTenant, verb: Callable[[int], Any]
) -> None:
    waiting = upload(app, tenant, a_catalog(100))
    with pytest.raises(Conflict, match="not started yet"):
        does(app, tenant, verb, waiting)
    done = import_file(app, tenant, a_catalog(100), BODY)
    with pytest.raises(Conflict, match="This import is done"):
        does(app, tenant, verb, done)


def test_what_search_still_catches_up_with_is_not_paused(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, a_catalog(100))
    confirm(app, tenant, job, BODY)
    run(app, tenant, job, synced=False)
    with pytest.raises(Conflict, match="written already"):
        does(app, tenant, control.pause_import, job)


def test_a_paused_check_goes_on_as_a_check(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, a_catalog(100))
    with app.app_context(), tenant_scope(tenant.id), transaction():
        db.session.execute(
            update(ImportJob).where(ImportJob.id == job.id).values(status="checking")
        )
    assert does(app, tenant, control.pause_import, job).status == "paused"
    resumed = does(app, tenant, control.resume_import, job)
    assert (resumed.status, resumed.heartbeat_at) == ("checking", None)
