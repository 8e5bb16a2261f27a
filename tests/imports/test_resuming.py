"""An import survives what happens to workers: killed, taken over, cancelled, restarted."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pim.core.db import db, transaction
from pim.core.queue import queue
from pim.core.tenancy import tenant_scope
from pim.imports import lease, reconcile, runner, service
from pim.imports.models import ImportJob
from pim.products.models import ChangeSet, ProductChange
from pim.schema.fields import Field
from pim.schema.queries import claim_vocabulary
from pim.schema.service import save_schema
from tests.factories.identity import TestTenant
from tests.factories.imports import confirm, counts, fetch, import_file, products, run, upload
from tests.factories.workers import fall_silent, killed_in_the_middle

ROWS = 30_000
BODY = {"mapping": {"sku": "sku", "name": "name", "n": {"to": "n", "type": "number"}}}


def a_catalog(rows: int) -> str:
    return "sku,name,n\n" + "".join(f"S{n},Name {n},{n}\n" for n in range(rows))


def written_twice(app: Flask, tenant: TestTenant) -> int:
    """Products that any change set changed after they were created."""
    with app.app_context(), tenant_scope(tenant.id):
        return int(db.session.scalar(select(func.count()).select_from(ProductChange)) or 0)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "settings", lambda: SimpleNamespace(import_chunk_rows=2_000))


def test_a_worker_killed_in_the_middle_loses_nothing_and_repeats_nothing(
    app: Flask, tenant: TestTenant
) -> None:
    job = upload(app, tenant, a_catalog(ROWS))
    confirm(app, tenant, job, BODY)
    killed_in_the_middle(app, tenant, job, ROWS)
    fall_silent(app, tenant, job)
    done = run(app, tenant, job)
    assert (done.status, done.row_count) == ("done", ROWS)
    assert counts(done) == {"created": ROWS}
    assert len(products(app, tenant)) == ROWS
    assert written_twice(app, tenant) == 0
    assert done.lease_token == 2


def test_a_second_worker_leaves_a_running_import_alone(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, a_catalog(10))
    confirm(app, tenant, job, BODY)
    with app.app_context(), tenant_scope(tenant.id):
        first = lease.take_lease(job.id)
        assert first is not None
        assert lease.take_lease(job.id) is None
    assert run(app, tenant, job).status == "importing"
    assert products(app, tenant) == {}


def test_a_worker_that_was_replaced_can_write_nothing_more(
    app: Flask, tenant: TestTenant, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old one stands still in the middle of a chunk, and the new one does all of it."""
    job = upload(app, tenant, a_catalog(5_000))
    confirm(app, tenant, job, BODY)
    real = runner.settle_conditional
    replaced: list[bool] = []

    def replaced_meanwhile(*args: Any) -> Any:
        if not replaced and fetch_count(job) > 0:
            replaced.append(True)
            other = subprocess.run(
                [sys.executable, "-c", TAKE_OVER.format(tenant=tenant.id, job=job.id)],
                env=dict(os.environ),
                check=False,
                timeout=60,
            )
            assert other.returncode == 0
        return real(*args)

    monkeypatch.setattr(runner, "settle_conditional", replaced_meanwhile)
    done = run(app, tenant, job)
    assert replaced
    assert counts(done) == {"created": 5_000}
    assert done.status == "done"
    assert written_twice(app, tenant) == 0
    with app.app_context(), tenant_scope(tenant.id):
        created = db.session.scalar(select(func.sum(ChangeSet.created_count)))
    assert created == 5_000


TAKE_OVER = """
from datetime import timedelta
from sqlalchemy import update
from jobs.context import in_app
from jobs.imports import run_import
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.imports.models import ImportJob

@in_app
def go():
    with tenant_scope({tenant}), transaction():
        db.session.execute(update(ImportJob).where(ImportJob.id == {job})
                           .values(heartbeat_at=now() - timedelta(hours=1)))
    run_import({tenant}, {job})

go()
"""


def fetch_count(job: ImportJob) -> int:
    found = db.session.scalar(select(ImportJob.imported_count).where(ImportJob.id == job.id))
    return int(found or 0)


def test_cancelling_stops_at_the_next_chunk_and_keeps_what_is_there(
    app: Flask, tenant: TestTenant, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = upload(app, tenant, a_catalog(10_000))
    confirm(app, tenant, job, BODY)
    real = runner._write_chunk

    def cancelled_after_the_first(*args: object) -> None:
        real(*args)  # type: ignore[arg-type]
        with transaction():
            service.cancel_import(job.id)

    monkeypatch.setattr(runner, "_write_chunk", cancelled_after_the_first)
    stopped = run(app, tenant, job)
    assert stopped.status == "cancelled"
    assert stopped.created_count == len(products(app, tenant)) == 2_000


def test_a_fault_of_ours_is_tried_three_times_and_then_told(
    app: Flask, tenant: TestTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = upload(app, tenant, a_catalog(10))
    confirm(app, tenant, job, BODY)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(runner, "_write_chunk", broken)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            run(app, tenant, job)
        assert fetch(app, tenant, job).status == "importing"
        fall_silent(app, tenant, job)
    failed = run(app, tenant, job)
    assert failed.status == "failed"
    assert (failed.error or "").startswith("The import stopped at the beginning because of a fault")


def test_a_silent_import_is_found_and_handed_to_a_worker(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, a_catalog(10))
    confirm(app, tenant, job, BODY)
    with app.app_context(), tenant_scope(tenant.id):
        assert lease.take_lease(job.id)
    fall_silent(app, tenant, job)
    with app.app_context():
        waiting = queue(reconcile.QUEUE)
        waiting.empty()  # type: ignore[no-untyped-call]
        assert reconcile.resume_stalled_imports() >= 1
        handed = [(found.func_name, *found.args) for found in waiting.jobs]
        assert ("jobs.imports.take_turn", tenant.id, job.id) in handed
    assert run(app, tenant, job).status == "done"


def test_an_import_that_only_waits_for_clickhouse_is_finished_by_the_tick(
    app: Flask, tenant: TestTenant
) -> None:
    from pim.analytics import sync

    job = upload(app, tenant, a_catalog(10))
    confirm(app, tenant, job, BODY)
    assert run(app, tenant, job, synced=False).status == "importing"
    fall_silent(app, tenant, job)
    with app.app_context():
        reconcile.resume_stalled_imports()
        assert fetch(app, tenant, job).status == "importing", "ClickHouse hasn't got it yet"
        sync.sync_tenant(tenant.id)
        reconcile.resume_stalled_imports()
    assert fetch(app, tenant, job).status == "done"


def test_a_schema_change_in_the_middle_is_followed(
    app: Flask, tenant: TestTenant, small_chunks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def add_a_field() -> None:
        now_there = claim_vocabulary()
        late = Field("late", "string")
        save_schema(replace(now_there, fields=(*now_there.fields, late)))

    job = upload(app, tenant, a_catalog(6_000))
    confirm(app, tenant, job, BODY)
    real = runner._write_chunk
    changed: list[bool] = []

    def changed_after_the_first(*args: object) -> None:
        real(*args)  # type: ignore[arg-type]
        if not changed:
            changed.append(True)
            with transaction():
                add_a_field()

    monkeypatch.setattr(runner, "_write_chunk", changed_after_the_first)
    done = run(app, tenant, job)
    assert (done.status, counts(done)) == ("done", {"created": 6_000})
    assert written_twice(app, tenant) == 0


def test_the_same_file_twice_after_an_update_in_between(app: Flask, tenant: TestTenant) -> None:
    import_file(app, tenant, a_catalog(50), BODY)
    import_file(app, tenant, "sku,n\nS3,99\n", {"mapping": {"sku": "sku", "n": "n"}})
    again = import_file(app, tenant, a_catalog(50), BODY)
    assert counts(again) == {"updated": 1, "unchanged": 49}
