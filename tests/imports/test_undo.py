"""Undo of a whole import: what it made goes, what it changed comes back, what others did stays."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from pim.analytics import sync
from pim.core.db import transaction
from pim.core.errors import Conflict
from pim.core.queue import queue
from pim.core.tenancy import tenant_scope
from pim.imports import reconcile, runner, undoing
from pim.imports.models import ImportJob
from pim.imports.readers.delimited import DelimitedReader
from pim.products import service as products_service
from tests.factories.identity import TestTenant, make_tenant
from tests.factories.imports import (
    confirm,
    counts,
    fetch,
    import_file,
    products,
    run,
    stores_are_equal,
    upload,
)
from tests.factories.products import make_product
from tests.factories.workers import fall_silent, killed_when

BODY = {"mapping": {"sku": "sku", "name": "name"}}


def ask(app: Flask, tenant: TestTenant, job: ImportJob, *, redo: bool = False) -> None:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        undoing.start_undo(job.id, redo=redo)


def undo(app: Flask, tenant: TestTenant, job: ImportJob, *, redo: bool = False) -> dict[str, Any]:
    """Ask for it, do what a worker would, and what came of it."""
    ask(app, tenant, job, redo=redo)
    with app.app_context():
        undoing.run_undo(tenant.id, job.id)
    found = fetch(app, tenant, job)
    assert found.undo is not None
    return found.undo


def names(app: Flask, tenant: TestTenant) -> dict[str, str]:
    return {sku: product.name for sku, product in products(app, tenant).items()}


def test_what_it_created_goes_and_what_it_changed_comes_back(
    app: Flask, tenant: TestTenant
) -> None:
    make_product(app, tenant, "OLD", "Before")
    job = import_file(app, tenant, "sku,name\nold,After\nNEW,Fresh\nMORE,Fresh\n", BODY)
    state = undo(app, tenant, job)
    assert names(app, tenant) == {"OLD": "Before"}
    assert (state["status"], state["redo"], state["error"]) == ("done", False, None)
    assert state["counts"] == {"deleted": 2, "restored": 0, "updated": 1, "left_alone": 0}
    found = fetch(app, tenant, job)
    assert found.status == "done"
    assert counts(found) == {"created": 2, "updated": 1}, "what the import did stays told"


def test_what_was_changed_since_is_left_alone_and_listed(app: Flask, tenant: TestTenant) -> None:
    make_product(app, tenant, "OLD", "Before")
    job = import_file(app, tenant, "sku,name\nOLD,After\nNEW,Fresh\nMORE,Fresh\n", BODY)
    import_file(app, tenant, "sku,name\nOLD,Mine\nNEW,Mine\n", BODY)
    state = undo(app, tenant, job)
    assert names(app, tenant) == {"OLD": "Mine", "NEW": "Mine"}
    assert state["counts"]["left_alone"] == 2
    with app.app_context(), tenant_scope(tenant.id):
        left, after = undoing.left_alone(job.id, limit=10)
        first, more = undoing.left_alone(job.id, limit=1)
        rest, _ = undoing.left_alone(job.id, after=more, limit=1)
    assert after is None
    assert {(each.sku, each.field, each.reason) for each in left} == {
        ("OLD", "name", "value_changed"),
        ("NEW", "", "product_changed"),
    }
    assert [*first, *rest] == list(left)


def test_an_undone_import_can_be_done_again_and_undone_again(
    app: Flask, tenant: TestTenant
) -> None:
    make_product(app, tenant, "OLD", "Before")
    job = import_file(app, tenant, "sku,name\nOLD,After\nNEW,Fresh\n", BODY)
    undo(app, tenant, job)
    again = undo(app, tenant, job, redo=True)
    assert names(app, tenant) == {"OLD": "After", "NEW": "Fresh"}
    assert (again["redo"], again["counts"]["restored"]) == (True, 1)
    undo(app, tenant, job)
    assert names(app, tenant) == {"OLD": "Before"}
    with app.app_context():
        sync.sync_tenant(tenant.id)
    assert stores_are_equal(app, tenant)


def test_an_import_of_many_chunks_is_undone_by_whoever_takes_over(
    app: Flask, tenant: TestTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "settings", lambda: SimpleNamespace(import_chunk_rows=500))
    content = "sku,name\n" + "".join(f"S{n},Name\n" for n in range(40_000))
    job = import_file(app, tenant, content, BODY)
    ask(app, tenant, job)
    real, seen = undoing._note, list[int]()

    def dies_after_the_second(*args: Any) -> None:
        real(*args)
        seen.append(1)
        if len(seen) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(undoing, "_note", dies_after_the_second)
    with app.app_context(), pytest.raises(KeyboardInterrupt):
        undoing.run_undo(tenant.id, job.id)
    cut_off = fetch(app, tenant, job)
    assert cut_off.undo is not None
    total = cut_off.undo["total"]
    assert (cut_off.undo["status"], cut_off.undo["done"]) == ("running", 2)
    assert 0 < len(products(app, tenant)) < 40_000
    with app.app_context():
        undoing.run_undo(tenant.id, job.id)
    assert fetch(app, tenant, job).undo == cut_off.undo, "the other was heard of a moment ago"
    fall_silent(app, tenant, job)
    with app.app_context():
        undoing.run_undo(tenant.id, job.id)
    done = fetch(app, tenant, job).undo
    assert done is not None
    assert (done["status"], done["done"], done["total"]) == ("done", total, total)
    assert done["counts"]["deleted"] == 40_000
    assert products(app, tenant) == {}


def test_a_worker_killed_while_it_undoes_loses_nothing_and_repeats_nothing(
    app: Flask, tenant: TestTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "settings", lambda: SimpleNamespace(import_chunk_rows=500))
    monkeypatch.setattr(DelimitedReader.batches, "__defaults__", (500,))
    make_product(app, tenant, "S7", "Before")
    content = "sku,name\n" + "".join(f"S{n},Name\n" for n in range(20_000))
    job = import_file(app, tenant, content, BODY)
    ask(app, tenant, job)
    killed_when(lambda: _undo_of(app, tenant, job)["done"] >= 2, tenant, job, "run_undo")
    cut_off = _undo_of(app, tenant, job)
    assert cut_off["status"] == "running"
    assert 2 <= cut_off["done"] < cut_off["total"], "it was to be killed in the middle"
    fall_silent(app, tenant, job)
    with app.app_context():
        queue(reconcile.QUEUE).empty()  # type: ignore[no-untyped-call]
        reconcile.resume_stalled_imports()
        reconcile.resume_stalled_imports()
        handed = [tuple(found.args) for found in queue(reconcile.QUEUE).jobs]
        assert handed.count((tenant.id, job.id)) == 1, "its place in the queue is found"
        undoing.run_undo(tenant.id, job.id)
        sync.sync_tenant(tenant.id)
    done = _undo_of(app, tenant, job)
    assert (done["status"], done["done"]) == ("done", done["total"])
    assert (done["counts"]["deleted"], done["counts"]["updated"]) == (19_999, 1)
    assert names(app, tenant) == {"S7": "Before"}
    assert stores_are_equal(app, tenant)


def _undo_of(app: Flask, tenant: TestTenant, job: ImportJob) -> dict[str, Any]:
    found = fetch(app, tenant, job).undo
    assert found is not None
    return found


def test_an_import_that_runs_or_is_not_in_search_yet_is_not_undone(
    app: Flask, tenant: TestTenant
) -> None:
    job = upload(app, tenant, "sku,name\nA,one\n")
    with pytest.raises(Conflict, match="once it is over"):
        ask(app, tenant, job)
    confirm(app, tenant, job, BODY)
    run(app, tenant, job, synced=False)
    with pytest.raises(Conflict, match="once it is over"):
        ask(app, tenant, job)
    run(app, tenant, job)
    assert undo(app, tenant, job)["status"] == "done"


def test_what_has_been_undone_or_changed_nothing_is_told(app: Flask, tenant: TestTenant) -> None:
    job = import_file(app, tenant, "sku,name\nA,one\n", BODY)
    with pytest.raises(Conflict, match="has not been undone"):
        ask(app, tenant, job, redo=True)
    undo(app, tenant, job)
    with pytest.raises(Conflict, match="undone already"):
        ask(app, tenant, job)
    empty = import_file(app, tenant, "sku,name\n", BODY)
    with pytest.raises(Conflict, match="changed nothing"):
        ask(app, tenant, empty)


def test_rows_of_a_cancelled_import_can_be_undone(
    app: Flask, tenant: TestTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pim.imports import service

    monkeypatch.setattr(runner, "settings", lambda: SimpleNamespace(import_chunk_rows=500))
    job = upload(app, tenant, "sku,name\n" + "".join(f"S{n},Name\n" for n in range(30_000)))
    confirm(app, tenant, job, BODY)
    real = runner._write_chunk

    def cancelled_after(*args: Any) -> None:
        real(*args)
        with transaction():
            service.cancel_import(job.id)

    monkeypatch.setattr(runner, "_write_chunk", cancelled_after)
    assert run(app, tenant, job).status == "cancelled"
    assert 0 < len(products(app, tenant)) < 30_000
    assert undo(app, tenant, job)["status"] == "done"
    assert products(app, tenant) == {}


def test_another_tenants_import_is_not_there(app: Flask, tenant: TestTenant) -> None:
    from pim.core.errors import NotFound

    job = import_file(app, tenant, "sku,name\nA,one\n", BODY)
    with pytest.raises(NotFound):
        ask(app, make_tenant(app), job)


def test_what_would_happen_is_said_before(app: Flask, tenant: TestTenant) -> None:
    make_product(app, tenant, "OLD", "Before")
    job = import_file(app, tenant, "sku,name\nOLD,After\nNEW,Fresh\n", BODY)
    gone, found = products_by_sku(app, tenant)["NEW"], fetch(app, tenant, job)
    with app.app_context(), tenant_scope(tenant.id), transaction():
        products_service.delete_product(gone)
        foreseen = undoing.preview(found)
    assert foreseen is not None
    assert (foreseen.counts.deleted, foreseen.counts.updated) == (0, 1)


def products_by_sku(app: Flask, tenant: TestTenant) -> dict[str, int]:
    return {sku: product.id for sku, product in products(app, tenant).items()}
