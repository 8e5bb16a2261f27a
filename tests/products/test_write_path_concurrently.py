"""Two writers at once: nothing is lost, nothing counted twice, no version goes back."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor

from flask import Flask
from sqlalchemy import select, text

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.products import write
from pim.products.changes import ChangeSetMeta, StagedProduct, WriteResult
from pim.products.models import Product
from tests.factories.identity import TestTenant, make_tenant

META = ChangeSetMeta("api")


def write_in_background(
    pool: ThreadPoolExecutor, app: Flask, tenant: TestTenant, *rows: StagedProduct
) -> Future[WriteResult]:
    """Start writing in another connection."""

    def run() -> WriteResult:
        with app.app_context(), tenant_scope(tenant.id), transaction():
            return write.apply_change_set(META, rows)

    return pool.submit(run)


def wait_until_somebody_waits_for_a_lock() -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if db.session.connection().execute(waiting).scalar_one():
            return
        time.sleep(0.02)
    raise AssertionError("the second writer never waited")


def test_a_product_that_both_create_is_created_once_and_updated_once(app: Flask):
    tenant = make_tenant(app)
    with ThreadPoolExecutor(1) as pool, app.app_context(), tenant_scope(tenant.id):
        with transaction():
            first = write.apply_change_set(META, [StagedProduct("A", "one", data={"x": 1})])
            later = write_in_background(
                pool, app, tenant, StagedProduct("B"), StagedProduct("a", "two", data={"y": 2})
            )
            wait_until_somebody_waits_for_a_lock()
        second = later.result(timeout=20)
        assert (first.created, first.updated) == (1, 0)
        assert (second.created, second.updated, second.unchanged) == (1, 1, 0)
        assert [o.status for o in second.outcomes] == ["created", "updated"]
        stored = db.session.scalars(select(Product).where(Product.sku == "A")).one()
        assert (stored.name, stored.data) == ("two", {"x": 1, "y": 2})


def test_an_update_that_waited_merges_into_what_the_first_one_wrote(app: Flask):
    tenant = make_tenant(app)
    with ThreadPoolExecutor(1) as pool, app.app_context(), tenant_scope(tenant.id):
        with transaction():
            write.apply_change_set(META, [StagedProduct("A", data={"n": 0})])
        with transaction():
            first = write.apply_change_set(META, [StagedProduct("A", data={"n": 1})])
            later = write_in_background(pool, app, tenant, StagedProduct("A", data={"m": 1}))
            wait_until_somebody_waits_for_a_lock()
        second = later.result(timeout=20)
        stored = db.session.scalars(select(Product)).one()
        assert stored.data == {"n": 1, "m": 1}
        assert first.updated == second.updated == 1
        assert stored.version == second.outcomes[0].version
        assert (second.outcomes[0].version or 0) > (first.outcomes[0].version or 0)


def test_a_stale_edit_that_waited_is_still_refused(app: Flask):
    tenant = make_tenant(app)
    with ThreadPoolExecutor(1) as pool, app.app_context(), tenant_scope(tenant.id):
        with transaction():
            seen = write.apply_change_set(META, [StagedProduct("A", "old")]).outcomes[0].version
        with transaction():
            write.apply_change_set(META, [StagedProduct("A", "first")])
            later = write_in_background(
                pool, app, tenant, StagedProduct("A", "second", expected_version=seen)
            )
            wait_until_somebody_waits_for_a_lock()
        assert [o.status for o in later.result(timeout=20).outcomes] == ["stale"]
        assert db.session.scalars(select(Product.name)).one() == "first"
