"""Whatever is committed arrives in ClickHouse: once, whole, in any order, after any outage."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import insert, select, text

from pim.analytics import ddl, deliveries, sync, writer
from pim.analytics.client import ClickHouseFailed, clickhouse, tenant_rows
from pim.analytics.columns import Parameters
from pim.analytics.models import AttributeColumn
from pim.analytics.registry import known_columns, tenant_columns
from pim.analytics.verify import compare
from pim.core.db import db, transaction
from pim.core.errors import Unavailable
from pim.core.tenancy import NoTenant, tenant_scope
from pim.products import undo as undoing
from pim.products import write
from pim.products.changes import StagedProduct
from pim.products.models import ChangeSetDelivery
from tests.factories.identity import make_tenant
from tests.jobs.catalogs import META, a_catalog, apply, delete, in_clickhouse

Away = Callable[[], AbstractContextManager[None]]


def error_of(change_set_id: int) -> ChangeSetDelivery:
    db.session.expire_all()
    return db.session.execute(
        select(ChangeSetDelivery).where(ChangeSetDelivery.change_set_id == change_set_id)
    ).scalar_one()


def test_what_is_created_edited_and_deleted_is_so_in_clickhouse(in_tenant: int):
    made = apply(StagedProduct("A", "one"), StagedProduct("B", "two"), StagedProduct("C", "three"))
    assert sync.sync_tenant(in_tenant) == 1
    assert in_clickhouse() == [("A", "one"), ("B", "two"), ("C", "three")]
    apply(StagedProduct("b", "two, edited"))
    delete(made.outcomes[0].product_id or 0)
    assert sync.sync_tenant(in_tenant) == 2
    assert in_clickhouse() == [("B", "two, edited"), ("C", "three")]
    assert compare(in_tenant).equal


def test_all_there_is_of_a_product_arrives(in_tenant: int):
    tricky = "tab\t, new line\n, backslash \\, quote ', \\N and ünïcödé 🛋️"
    data = {"text": tricky, "exact": Decimal("19.99"), "big": 10**30, "list": [tricky, "b"]}
    apply(StagedProduct(" Ab-Straße ", tricky, active=False, data=data))
    sync.sync_tenant(in_tenant)
    [row] = in_clickhouse("sku, sku_key, name, active, source, deleted, data")
    stored = db.session.execute(text("SELECT data::text FROM products")).scalar_one()
    assert row == ("Ab-Straße", "ab-strasse", tricky, False, "form", 0, stored)
    moments = db.session.execute(text("SELECT created_at, updated_at FROM products")).one()
    assert in_clickhouse("created_at, updated_at") == [tuple(moments)]
    parameters = Parameters()
    columns = tenant_columns()
    read = [
        columns.read(field, kind, parameters).value
        for field, kind in (
            ("text", "string"),
            ("exact", "number"),
            ("big", "number"),
            ("list", "array"),
            ("text", "number"),
        )
    ]
    assert in_clickhouse(", ".join(read)) == [(tricky, 19.99, 1e30, [tricky, "b"], None)]


def test_a_change_set_of_many_pieces_arrives_whole(in_tenant: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pim.analytics.source.PIECE_BYTES", 1_000)
    apply(*a_catalog(950))
    sync.sync_tenant(in_tenant)
    found = compare(in_tenant)
    assert found.equal
    assert found.in_clickhouse == 950


def test_many_small_change_sets_become_one_insert(in_tenant: int, monkeypatch: pytest.MonkeyPatch):
    inserts: list[int] = []

    def counted(lines: Iterator[bytes]) -> Iterator[bytes]:
        together = b"".join(lines)
        inserts.append(together.count(b"\n"))
        yield together

    real = writer._insert_lines
    monkeypatch.setattr(
        writer,
        "_insert_lines",
        lambda server, how, lines: real(server, how, counted(lines)),
    )
    for product in a_catalog(30):
        apply(product)
    assert sync.sync_tenant(in_tenant) == 30
    assert inserts == [30]
    assert compare(in_tenant).equal


def test_bringing_the_same_again_changes_nothing(in_tenant: int):
    result = apply(*a_catalog(20))
    sync.sync_tenant(in_tenant)
    with transaction():
        db.session.execute(text("UPDATE change_set_deliveries SET consumed_at = NULL"))
    assert sync.sync_change_sets(in_tenant, [result.change_set_id])
    found = compare(in_tenant)
    assert (found.equal, found.in_clickhouse) == (True, 20)


def test_a_change_set_that_arrives_after_a_later_one_doesn_t_undo_it(in_tenant: int):
    made = apply(StagedProduct("A", "first"), StagedProduct("B", "stays"))
    edit = apply(StagedProduct("A", "second"))
    gone = delete(made.outcomes[0].product_id or 0)
    for change_set in (gone.change_set_id, edit.change_set_id, made.change_set_id):
        assert sync.sync_change_sets(in_tenant, [change_set])
    assert in_clickhouse() == [("B", "stays")]


def test_what_is_undone_is_undone_in_clickhouse_too(in_tenant: int):
    def undo(change_set_id: int) -> None:
        with transaction():
            undoing.undo_change_set(META, change_set_id)
        assert sync.sync_tenant(in_tenant) == 1
        assert compare(in_tenant).equal

    made = apply(StagedProduct("A", "one", data={"n": 1}), StagedProduct("B", "two"))
    edit = apply(StagedProduct("A", "edited", data={"n": 2}))
    gone = delete(made.outcomes[1].product_id or 0)
    sync.sync_tenant(in_tenant)
    undo(gone.change_set_id)
    assert in_clickhouse() == [("A", "edited"), ("B", "two")]
    undo(edit.change_set_id)
    assert in_clickhouse() == [("A", "one"), ("B", "two")]
    undo(made.change_set_id)
    assert in_clickhouse() == []


def test_a_late_commit_isn_t_skipped(app: Flask, in_tenant: int):
    written, may_commit = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with app.app_context(), tenant_scope(in_tenant), transaction():
            write.apply_change_set(META, [StagedProduct("SLOW", "began first")])
            written.set()
            may_commit.wait(20)

    thread = threading.Thread(target=slow_writer)
    thread.start()
    assert written.wait(20)
    apply(StagedProduct("QUICK", "committed first"))
    sync.sync_tenant(in_tenant)
    assert [sku for sku, _ in in_clickhouse()] == ["QUICK"]
    may_commit.set()
    thread.join(20)
    sync.sync_tenant(in_tenant)
    assert [sku for sku, _ in in_clickhouse()] == ["QUICK", "SLOW"]


def test_no_write_fails_while_clickhouse_is_away_and_it_catches_up(
    in_tenant: int, clickhouse_away: Away
):
    first = apply(StagedProduct("A", "before"))
    sync.sync_tenant(in_tenant)
    with clickhouse_away():
        missed = [apply(StagedProduct("A", f"edit {n}")).change_set_id for n in range(3)]
        assert sync.sync_change_sets(in_tenant, missed) is False
        with pytest.raises(Unavailable):
            sync.sync_tenant(in_tenant)
        assert error_of(missed[0]).error == "ClickHouse does not answer."
        assert not sync.is_consumed(in_tenant, missed)
        assert sync.is_consumed(in_tenant, [first.change_set_id])
    # An outage isn't the change sets' doing: they don't wait any longer than it.
    assert sync.sync_tenant(in_tenant) == 3
    assert in_clickhouse() == [("A", "edit 2")]
    assert error_of(missed[0]).error is None


@contextmanager
def refused_by_clickhouse(sku: str) -> Iterator[None]:
    """Inside, ClickHouse refuses every insert that has this SKU in it."""
    refuses = f"ADD COLUMN trap UInt8 MATERIALIZED throwIf(sku = '{sku}', 'trapped')"
    clickhouse().command(f"ALTER TABLE products {refuses}")
    try:
        yield
    finally:
        clickhouse().command("ALTER TABLE products DROP COLUMN trap")


def test_a_change_set_that_fails_waits_longer_each_time_and_keeps_no_other_waiting(in_tenant: int):
    bad = apply(StagedProduct("BAD", "x")).change_set_id
    with refused_by_clickhouse("BAD"):
        assert sync.sync_change_sets(in_tenant, [bad]) is False
        once = error_of(bad)
        assert (once.attempts, "trapped" in (once.error or "")) == (1, True)
        due = once.next_attempt_at
        assert sync.sync_tenant(in_tenant) == 0  # not due yet
        apply(StagedProduct("GOOD", "y"))
        assert sync.sync_tenant(in_tenant) == 1
        assert in_clickhouse() == [("GOOD", "y")]
        assert sync.sync_change_sets(in_tenant, [bad]) is False
        twice = error_of(bad)
        assert twice.attempts == 2
        assert twice.next_attempt_at > due
    assert sync.sync_change_sets(in_tenant, [bad])
    assert in_clickhouse() == [("BAD", "x"), ("GOOD", "y")]


def test_what_failed_together_is_tried_one_by_one(in_tenant: int):
    ids = [apply(StagedProduct(sku, "x")).change_set_id for sku in ("A", "BAD", "C")]
    with refused_by_clickhouse("BAD"):
        assert sync.sync_change_sets(in_tenant, ids) is False
        for change_set in ids:
            sync.sync_change_sets(in_tenant, [change_set])
        assert [sku for sku, _ in in_clickhouse()] == ["A", "C"]
        assert [sync.is_consumed(in_tenant, [one]) for one in ids] == [True, False, True]


def test_several_workers_at_once_lose_nothing_and_double_nothing(app: Flask, in_tenant: int):
    for start in range(0, 60, 3):
        apply(*(StagedProduct(f"P-{n}", "p", data={"n": n}) for n in range(start, start + 3)))
    brought: list[int] = []
    errors: list[BaseException] = []

    def worker() -> None:
        try:
            with app.app_context():
                brought.append(sync.sync_tenant(in_tenant))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors
    # Who came while all was taken by another brought nothing; together each was brought once.
    assert sum(brought) == 20
    rows = tenant_rows("SELECT count() FROM products WHERE tenant_id = {tenant:UInt64}")
    assert rows[0][0] == 60
    assert compare(in_tenant).equal


def test_what_another_worker_holds_is_passed_over(app: Flask, in_tenant: int):
    first = apply(StagedProduct("A", "a")).change_set_id
    second = apply(StagedProduct("B", "b")).change_set_id
    taken, done = threading.Event(), threading.Event()

    def holder() -> None:
        with app.app_context(), tenant_scope(in_tenant), transaction():
            assert deliveries.take([first]) == [first]
            taken.set()
            done.wait(20)

    thread = threading.Thread(target=holder)
    thread.start()
    assert taken.wait(20)
    assert sync.sync_tenant(in_tenant) == 1
    assert in_clickhouse() == [("B", "b")]
    done.set()
    thread.join(20)
    assert not sync.is_consumed(in_tenant, [first, second])
    assert sync.sync_tenant(in_tenant) == 1


def test_the_tick_brings_what_waits_of_every_tenant(app: Flask):
    tenants = [make_tenant(app).id for _ in range(2)]
    with app.app_context():
        for tenant in tenants:
            with tenant_scope(tenant):
                apply(StagedProduct("A", f"of {tenant}"))
        list(sync.catch_up())
        for tenant in tenants:
            with tenant_scope(tenant):
                assert in_clickhouse() == [("A", f"of {tenant}")]


def test_a_field_keeps_its_columns_and_other_tenants_use_the_same_ones(app: Flask, in_tenant: int):
    apply(StagedProduct("A", data={"size": "L", "other": "x"}))
    sync.sync_tenant(in_tenant)
    before = known_columns()
    apply(StagedProduct("A", data={"size": 42}), StagedProduct("B", data={"size": "M"}))
    sync.sync_tenant(in_tenant)
    after = known_columns()
    assert {key: after[key] for key in before} == before
    assert set(after) == {("size", "text"), ("other", "text"), ("size", "number")}
    parameters, columns = Parameters(), tenant_columns()
    as_text = columns.read("size", "string", parameters).value
    as_number = columns.read("size", "number", parameters).value
    assert in_clickhouse(f"sku, {as_text}, {as_number}") == [("A", None, 42.0), ("B", "M", None)]
    with tenant_scope(make_tenant(app).id):
        assert known_columns() == {}


def test_tables_made_anew_get_the_columns_they_need(in_tenant: int):
    apply(StagedProduct("A", data={"brand": "Lumo"}))
    sync.sync_tenant(in_tenant)
    writer._columns_there.clear()
    writer._columns_there[clickhouse().database] = {"text_190"} | set(ddl.FIXED_COLUMNS)
    clickhouse().command("ALTER TABLE products DROP COLUMN IF EXISTS text_190")
    block = {"tenant_id": [in_tenant], "product_id": [1], "version": [1], "text_190": ["x"]}
    writer.insert_block(clickhouse(), block)
    assert "text_190" in ddl.columns_there(clickhouse())


def test_lines_find_the_columns_they_need_in_tables_made_anew(in_tenant: int):
    with transaction():
        place = {"tenant_id": in_tenant, "field": "brand", "kind": "text", "number": 191}
        db.session.execute(insert(AttributeColumn), place)
    writer._columns_there[clickhouse().database] = {"text_191"} | set(ddl.FIXED_COLUMNS)
    clickhouse().command("ALTER TABLE products DROP COLUMN IF EXISTS text_191")
    apply(StagedProduct("A", data={"brand": "Lumo"}))
    sync.sync_tenant(in_tenant)
    assert in_clickhouse("sku, text_191") == [("A", "Lumo")]


def test_a_query_that_names_no_tenant_is_refused(in_tenant: int):
    with pytest.raises(NoTenant):
        tenant_rows("SELECT count() FROM products FINAL")
    with pytest.raises(NoTenant):
        tenant_rows(
            "SELECT 1 FROM products FINAL WHERE tenant_id = {tenant:UInt64} "
            "UNION ALL SELECT 1 FROM products FINAL"
        )


def test_a_read_can_neither_write_nor_reach_files(in_tenant: int):
    for sql in (
        "SELECT * FROM file('/etc/hostname', 'LineAsString')",
        "DROP TABLE products",
        "INSERT INTO pim_migrations (version) VALUES (99)",
    ):
        with pytest.raises(ClickHouseFailed):
            clickhouse().rows(sql)
