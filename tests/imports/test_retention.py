"""How long uploaded files are kept, and what goes when."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from pim.core import settings
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.storage import LocalStorage, storage
from pim.core.tenancy import tenant_scope
from pim.imports import retention, service
from pim.imports.models import ImportJob
from tests.factories.identity import TestTenant, client_of, make_tenant
from tests.factories.imports import confirm, fetch, import_file, run, upload

CHAIRS = "sku;Name\nA;Oslo chair\nB;Brass lamp\n"
WEEK = timedelta(days=7)


def is_stored(app: Flask, job: ImportJob) -> bool:
    with app.app_context():
        store = storage()
        assert isinstance(store, LocalStorage)
        return store.path(job.storage_key or "").exists()


def change(app: Flask, tenant: TestTenant, job: ImportJob, **values: Any) -> None:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        db.session.execute(update(ImportJob).where(ImportJob.id == job.id).values(**values))


def sweep(app: Flask) -> None:
    with app.app_context():
        retention.remove_expired_files()
        retention.remove_orphans()


def kept(app: Flask, tenant: TestTenant, job: ImportJob) -> datetime | None:
    with app.app_context():
        return retention.kept_until(fetch(app, tenant, job))


def test_a_file_is_kept_for_a_week_after_its_import_and_then_removed(
    app: Flask, tenant: TestTenant
) -> None:
    job = import_file(app, tenant, CHAIRS)
    assert job.status == "done"
    assert job.finished_at is not None
    assert abs(kept(app, tenant, job) - job.finished_at - WEEK) < timedelta(seconds=5)
    sweep(app)
    assert is_stored(app, job)
    change(app, tenant, job, keep_file_until=now() - timedelta(minutes=1))
    sweep(app)
    assert not is_stored(app, job)
    after = fetch(app, tenant, job)
    assert (after.storage_key, after.status) == (None, "done")
    assert kept(app, tenant, job) is None


def test_a_cancelled_and_a_failed_import_keep_their_file_for_a_while_too(
    app: Flask, tenant: TestTenant
) -> None:
    cancelled = upload(app, tenant, CHAIRS)
    with app.app_context(), tenant_scope(tenant.id), transaction():
        service.cancel_import(cancelled.id)
    failed = upload(app, tenant, "sku,n\nA,x\n")
    number = {"mapping": {"sku": "sku", "n": {"to": "n", "type": "number"}}}
    confirm(app, tenant, failed, number, on_error="stop")
    assert run(app, tenant, failed).status == "failed"
    for job in (cancelled, failed):
        assert abs(kept(app, tenant, job) - now() - WEEK) < timedelta(minutes=1)
        change(app, tenant, job, keep_file_until=None, finished_at=now() - WEEK)
    sweep(app)
    assert not is_stored(app, cancelled)
    assert not is_stored(app, failed)


def test_a_file_that_was_never_confirmed_goes_and_the_import_says_so(
    app: Flask, tenant: TestTenant
) -> None:
    old, touched = upload(app, tenant, CHAIRS), upload(app, tenant, CHAIRS)
    long_ago = now() - timedelta(days=2, minutes=1)
    change(app, tenant, old, created_at=long_ago)
    change(app, tenant, touched, created_at=long_ago, heartbeat_at=now())  # checked just now
    sweep(app)
    assert is_stored(app, touched)
    assert not is_stored(app, old)
    job = fetch(app, tenant, old)
    assert (job.status, job.storage_key) == ("cancelled", None)
    assert job.error == (
        "It was never started, so the file was removed after 2 days. Upload it again."
    )


@pytest.mark.parametrize("status", ["pending", "importing", "checking", "paused"])
def test_a_file_that_is_worked_with_stays_however_old(
    app: Flask, tenant: TestTenant, status: str
) -> None:
    job = upload(app, tenant, CHAIRS)
    years = now() - timedelta(days=900)
    change(app, tenant, job, status=status, created_at=years, keep_file_until=years)
    sweep(app)
    assert is_stored(app, job)
    change(app, tenant, job, status="cancelled")


def test_a_file_two_imports_share_stays_until_the_last_lets_go(
    app: Flask, tenant: TestTenant
) -> None:
    first, second = import_file(app, tenant, CHAIRS), upload(app, tenant, CHAIRS)
    over = now() - timedelta(minutes=1)
    change(app, tenant, first, keep_file_until=over)
    change(app, tenant, second, storage_key=first.storage_key)
    sweep(app)
    assert is_stored(app, first)
    assert fetch(app, tenant, first).storage_key is None
    change(app, tenant, second, status="cancelled", keep_file_until=over)
    sweep(app)
    assert not is_stored(app, first)


def test_what_no_import_knows_of_is_removed_after_a_day(app: Flask, tenant: TestTenant) -> None:
    known = upload(app, make_tenant(app), CHAIRS)
    with app.app_context():
        store = storage()
        assert isinstance(store, LocalStorage)
        names = {name: store.folder / (name * 16) for name in ("ab", "cd")}
        names["part"] = store.folder / ("ef" * 16 + ".part")
        for path in names.values():
            path.write_bytes(b"left by a crash")
        day_ago = time.time() - 25 * 3600
        for path in (names["ab"], names["part"], store.path(known.storage_key or "")):
            os.utime(path, (day_ago, day_ago))
    sweep(app)
    assert {name: path.exists() for name, path in names.items()} == {
        "ab": False,
        "cd": True,
        "part": False,
    }
    assert is_stored(app, known)
    names["cd"].unlink()


def test_how_long_files_are_kept_is_a_setting(
    app: Flask, tenant: TestTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = import_file(app, tenant, CHAIRS)
    with app.app_context():
        other = settings().model_copy(update={"import_file_days": 0})
    monkeypatch.setattr("pim.imports.retention.settings", lambda: other)
    change(app, tenant, job, keep_file_until=None)
    sweep(app)
    assert not is_stored(app, job)


def test_the_page_says_how_long_the_file_is_kept_and_offers_it(
    app: Flask, tenant: TestTenant
) -> None:
    job = import_file(app, tenant, CHAIRS)
    change(app, tenant, job, keep_file_until=datetime(2031, 11, 27, tzinfo=UTC))
    client = client_of(app, tenant)
    page = client.get(f"/pim/import/{job.id}").text
    assert "The file is kept until 27 Nov 2031." in page
    assert f'href="/pim/import/{job.id}/file"' in page
    change(app, tenant, job, keep_file_until=now() - timedelta(minutes=1))
    sweep(app)
    page = client.get(f"/pim/import/{job.id}").text
    assert "The file is no longer kept." in page
    assert f'href="/pim/import/{job.id}/file"' not in page
    gone = client.get(f"/pim/import/{job.id}/file")
    assert gone.status_code == 404
    assert "The file of this import is no longer kept." in gone.text


@pytest.mark.parametrize("name", ["products.csv", "käse “1”.html", 'a";x=".svg', "x\r\nSet-Cookie"])
def test_the_file_comes_back_as_it_was_and_nothing_a_browser_would_run(
    app: Flask, tenant: TestTenant, name: str
) -> None:
    content = b"sku,name\nA,<script>alert(1)</script>\n"
    job = upload(app, tenant, content, name)
    answer = client_of(app, tenant).get(f"/pim/import/{job.id}/file")
    assert answer.data == content
    assert answer.content_type == "application/octet-stream"
    assert answer.content_length == len(content)
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    other = client_of(app, make_tenant(app))
    assert other.get(f"/pim/import/{job.id}/file").status_code == 404
