"""A check survives what happens to workers, and whoever stops it gets the mapping back."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from pim.core.db import transaction
from pim.core.tenancy import tenant_scope
from pim.imports import check, control, reconcile, service, turns
from pim.imports.models import ImportJob
from tests.factories.checks import cells, checked, foreseen, import_checked
from tests.factories.identity import TestTenant
from tests.factories.imports import fetch, products, upload
from tests.factories.products import make_product, make_vocabulary
from tests.factories.workers import fall_silent

BODY = {"mapping": {"sku": "sku", "name": "name", "n": "n"}}


@pytest.fixture
def job(app: Flask, tenant: TestTenant, monkeypatch: pytest.MonkeyPatch) -> ImportJob:
    """A file of several chunks, of new, changed, equal, repeated and failing rows."""
    small = SimpleNamespace(import_chunk_rows=2_500)
    monkeypatch.setattr(check, "settings", lambda: small)
    make_vocabulary(app, tenant, [("n", "number")])
    for n in range(20):
        make_product(app, tenant, f"S{n * 1000}", f"Name {n % 3}", n=n)
    rows = [f"S{n % 29_000},Name {n % 3},{'x' if n % 997 == 0 else n}" for n in range(30_000)]
    return upload(app, tenant, "sku,name,n\n" + "\n".join(rows) + "\n")


def started(app: Flask, tenant: TestTenant, job: ImportJob) -> None:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        service.start_check(job.id, BODY)


def dies_at(monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    """The worker goes when it has come to this chunk."""
    real = check._look_at_chunk
    seen: list[int] = []

    def look(*args: Any) -> Any:
        seen.append(1)
        if len(seen) == chunk:
            raise SystemExit
        return real(*args)

    monkeypatch.setattr(check, "_look_at_chunk", look)


def test_killed_in_the_middle_it_goes_on_and_finds_the_same(
    app: Flask, tenant: TestTenant, job: ImportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = checked(app, tenant, job, BODY)
    told, kept = foreseen(whole), cells(app, tenant, job)
    assert told["failed"] > 5
    assert told["superseded"] == 1_000
    started(app, tenant, job)
    with monkeypatch.context() as patch:
        dies_at(patch, 2)
        with app.app_context(), pytest.raises(SystemExit):
            check.run_check(tenant.id, job.id)
    half = fetch(app, tenant, job)
    assert half.status == "checking"
    assert half.check_result is not None
    assert 0 < half.check_result["created"] < told["created"]
    with app.app_context():
        check.run_check(tenant.id, job.id)
        assert fetch(app, tenant, job).status == "checking", "the first may be at it still"
    fall_silent(app, tenant, job)
    with app.app_context():
        reconcile.resume_stalled_imports()
        turns.take_turn((tenant.id, job.id), run=_not_this, check=check.run_check)
    after = fetch(app, tenant, job)
    assert after.status == "mapping"
    assert foreseen(after) == told
    assert cells(app, tenant, job) == kept
    assert after.check_result is not None
    assert whole.check_result is not None
    assert after.check_result["errors"] == whole.check_result["errors"]
    done = import_checked(app, tenant, after)
    assert (done.created_count, done.failed_count) == (told["created"], told["failed"])


def _not_this(*_: int) -> Any:
    raise AssertionError("a check is no import")


def test_a_check_that_rests_goes_on_where_it_was(
    app: Flask, tenant: TestTenant, job: ImportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(app, tenant, job)
    real = check._look_at_chunk
    paused: list[int] = []

    def paused_after_the_first(*args: Any) -> Any:
        found = real(*args)
        if not paused:
            paused.append(1)
            with transaction():
                control.pause_import(job.id)
        return found

    monkeypatch.setattr(check, "_look_at_chunk", paused_after_the_first)
    with app.app_context():
        check.run_check(tenant.id, job.id)
    assert fetch(app, tenant, job).status == "paused"
    with app.app_context(), tenant_scope(tenant.id), transaction():
        control.resume_import(job.id)
    with app.app_context():
        check.run_check(tenant.id, job.id)
    after = fetch(app, tenant, job)
    assert (after.status, sum(foreseen(after).values())) == ("mapping", 30_000)


def test_stopped_it_leaves_nothing_and_the_file_can_be_mapped(
    app: Flask, tenant: TestTenant, job: ImportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(app, tenant, job)
    real = check._look_at_chunk

    def stopped_after_the_first(*args: Any) -> Any:
        found = real(*args)
        with transaction():
            service.stop_check(job.id)
        return found

    monkeypatch.setattr(check, "_look_at_chunk", stopped_after_the_first)
    with app.app_context():
        check.run_check(tenant.id, job.id)
    after = fetch(app, tenant, job)
    assert (after.status, after.check_result, after.started_at) == ("mapping", None, None)
    assert cells(app, tenant, job) == []
    assert len(products(app, tenant)) == 20


def test_a_fault_of_ours_is_tried_three_times_and_then_told(
    app: Flask, tenant: TestTenant, job: ImportJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    started(app, tenant, job)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(check, "_look_at_chunk", broken)
    for _ in range(2):
        with app.app_context(), pytest.raises(ZeroDivisionError):
            check.run_check(tenant.id, job.id)
        fall_silent(app, tenant, job)
    with app.app_context():
        check.run_check(tenant.id, job.id)
    after = fetch(app, tenant, job)
    assert after.status == "mapping"
    assert after.check_result is not None
    assert after.check_result["state"] == "failed"
    assert after.check_result["error"].startswith("The check stopped at the beginning")
    assert "Nothing was changed" in after.check_result["error"]
