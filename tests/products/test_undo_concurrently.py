"""An undo beside other writers: nobody's value is lost, nothing is undone twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import func, select

from pim.core.db import db, transaction
from pim.core.errors import Conflict
from pim.core.tenancy import tenant_scope
from pim.products import service, undo, write
from pim.products.changes import ChangeSetMeta, StagedProduct
from pim.products.models import ChangeSet, Product
from pim.products.undo_report import Counts
from tests.factories.identity import TestTenant, make_tenant
from tests.products.test_write_path_concurrently import (
    wait_until_somebody_waits_for_a_lock,
    write_in_background,
)

META = ChangeSetMeta("form", actor_user_id=1)
Answer = TypeVar("Answer")


def in_background(
    pool: ThreadPoolExecutor, app: Flask, tenant: TestTenant, action: Callable[[], Answer]
) -> Future[Answer]:
    """Do something in another connection."""

    def run() -> Answer:
        with app.app_context(), tenant_scope(tenant.id):
            return action()

    return pool.submit(run)


def apply(*rows: StagedProduct) -> int:
    with transaction():
        return write.apply_change_set(META, rows).change_set_id


def take_back(change_set: int) -> undo.Undone:
    with transaction():
        return undo.undo_change_set(META, change_set)


def values() -> dict[str, dict[str, object]]:
    db.session.expire_all()
    return {product.sku: product.data for product in db.session.scalars(select(Product))}


def test_an_undo_that_waited_for_an_edit_leaves_that_value_alone(app: Flask) -> None:
    tenant = make_tenant(app)
    with ThreadPoolExecutor(1) as pool, app.app_context(), tenant_scope(tenant.id):
        apply(StagedProduct("A", data={"x": 1, "y": 1}))
        changed = apply(StagedProduct("A", data={"x": 2, "y": 2}), StagedProduct("B"))
        with transaction():
            theirs = write.apply_change_set(META, [StagedProduct("A", data={"x": 3})])
            undone = in_background(pool, app, tenant, lambda: take_back(changed))
            wait_until_somebody_waits_for_a_lock()
        found = undone.result(timeout=20)
        assert values() == {"A": {"x": 3, "y": 1}}
        assert found.counts == Counts(deleted=1, updated=1, left_alone=1)
        assert found.left[0].change_set_id == theirs.change_set_id


def test_a_created_product_somebody_is_editing_stays(app: Flask) -> None:
    tenant = make_tenant(app)
    with ThreadPoolExecutor(1) as pool, app.app_context(), tenant_scope(tenant.id):
        made = apply(StagedProduct("A"), StagedProduct("B"))
        with transaction():
            write.apply_change_set(META, [StagedProduct("B", data={"x": 1})])
            undone = in_background(pool, app, tenant, lambda: take_back(made))
            wait_until_somebody_waits_for_a_lock()
        assert undone.result(timeout=20).counts == Counts(deleted=1, left_alone=1)
        assert values() == {"B": {"x": 1}}


def test_an_edit_that_waited_for_an_undo_is_written_into_what_it_left(app: Flask) -> None:
    tenant = make_tenant(app)
    with ThreadPoolExecutor(1) as pool, app.app_context(), tenant_scope(tenant.id):
        apply(StagedProduct("A", data={"x": 1, "y": 1}))
        changed = apply(StagedProduct("A", data={"x": 2, "y": 2}))
        with transaction():
            undo.undo_change_set(META, changed)
            theirs = write_in_background(pool, app, tenant, StagedProduct("A", data={"x": 3}))
            wait_until_somebody_waits_for_a_lock()
        assert theirs.result(timeout=20).updated == 1
        assert values() == {"A": {"x": 3, "y": 1}}


def test_of_two_undos_of_one_change_set_one_is_told_that_it_is_done(app: Flask) -> None:
    tenant = make_tenant(app)
    with ThreadPoolExecutor(1) as pool, app.app_context(), tenant_scope(tenant.id):
        made = apply(StagedProduct("A"))
        with transaction():
            undo.undo_change_set(META, made)
            second = in_background(pool, app, tenant, lambda: take_back(made))
            wait_until_somebody_waits_for_a_lock()
        with pytest.raises(undo.AlreadyUndone):
            second.result(timeout=20)
        assert values() == {}


def test_two_workers_at_one_undo_do_every_part_once(app: Flask) -> None:
    tenant = make_tenant(app)
    with ThreadPoolExecutor(2) as pool, app.app_context(), tenant_scope(tenant.id):
        sets = [apply(*(StagedProduct(f"{n}-{i}") for i in range(20))) for n in range(12)]
        workers = [
            in_background(pool, app, tenant, lambda: undo.undo_change_sets(META, sets))
            for _ in range(2)
        ]
        assert {worker.result(timeout=60).done for worker in workers} == {12}
        assert values() == {}
        assert undo.undo_progress(sets) == undo.UndoProgress(12, 12, Counts(deleted=240))
        undone = select(func.count(ChangeSet.undoes_id), func.count(ChangeSet.undoes_id.distinct()))
        assert tuple(db.session.execute(undone).one()) == (12, 12)


def test_a_product_whose_sku_is_taken_that_very_moment_is_left_out(app: Flask) -> None:
    tenant = make_tenant(app)
    with ThreadPoolExecutor(1) as pool, app.app_context(), tenant_scope(tenant.id):
        apply(StagedProduct("A"), StagedProduct("B"))
        ids = list(db.session.scalars(select(Product.id)))
        with transaction():
            gone = write.delete_products(META, ids).change_set_id
        with transaction():
            write.apply_change_set(META, [StagedProduct("a", data={"theirs": 1})])
            undone = in_background(pool, app, tenant, lambda: undo.undo_change_sets(META, [gone]))
            wait_until_somebody_waits_for_a_lock()
        assert undone.result(timeout=20).counts == Counts(restored=1, left_alone=1)
        assert values() == {"a": {"theirs": 1}, "B": {}}


def test_the_small_undo_says_that_the_sku_was_just_taken(app: Flask) -> None:
    tenant = make_tenant(app)

    def undo_it(change_set: int) -> undo.Undone:
        with transaction():
            return service.undo_change_set(change_set)

    with ThreadPoolExecutor(1) as pool, app.app_context(), tenant_scope(tenant.id):
        apply(StagedProduct("A"))
        product_id = db.session.scalars(select(Product.id)).one()
        with transaction():
            gone = write.delete_products(META, [product_id]).change_set_id
        with transaction():
            write.apply_change_set(META, [StagedProduct("a")])
            undone = in_background(pool, app, tenant, lambda: undo_it(gone))
            wait_until_somebody_waits_for_a_lock()
        with pytest.raises(Conflict, match="taken"):
            undone.result(timeout=20)
        assert set(values()) == {"a"}
