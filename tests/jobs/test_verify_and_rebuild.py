"""Equality is proven, a difference is found and named, and a rebuild makes it right."""

from __future__ import annotations

import threading

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from pim.analytics import rebuild, sync, verify
from pim.analytics.client import clickhouse
from pim.cli import cli
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.products.changes import StagedProduct
from tests.factories.identity import make_tenant
from tests.jobs.catalogs import a_catalog, apply, delete, in_clickhouse


@pytest.fixture
def a_synced_catalog(in_tenant: int) -> list[int]:
    """The ids of 50 products that both databases have."""
    made = apply(*a_catalog(50))
    sync.sync_tenant(in_tenant)
    return [outcome.product_id or 0 for outcome in made.outcomes]


def plant(tenant: int, product_id: int, version: int, **values: object) -> None:
    """Put a row into ClickHouse past the sync."""
    columns = {"tenant_id": tenant, "product_id": product_id, "version": version, **values}
    types = {"sku": "String", "name": "String", "data": "String", "deleted": "UInt8"}
    clickhouse().insert(
        "products",
        {name: [value] for name, value in columns.items()},
        {"tenant_id": "UInt64", "product_id": "UInt64", "version": "UInt64", **types},
    )


def test_equal_catalogs_are_equal(in_tenant: int, a_synced_catalog: list[int]):
    found = verify.compare(in_tenant)
    assert found.equal
    assert (found.in_postgresql, found.in_clickhouse, found.waiting) == (50, 50, 0)
    assert found.samples == {}


@pytest.mark.parametrize("column", ["sku", "name", "active", "source", "data", "version"])
def test_a_difference_in_any_part_of_a_product_is_found(
    in_tenant: int, a_synced_catalog: list[int], column: str
):
    changed = {
        "sku": "sku || ' '",
        "name": "name || 'x'",
        "active": "NOT active",
        "source": "'elsewhere'",
        "data": """data || '{"brand": "Lumo "}'""",
        "version": "nextval('product_version_seq')",
    }[column]
    with transaction():
        db.session.execute(
            text(f"UPDATE products SET {column} = {changed} WHERE id = :id"),
            {"id": a_synced_catalog[7]},
        )
    found = verify.compare(in_tenant)
    assert not found.equal
    assert found.samples == {"different": [a_synced_catalog[7]]}


def test_missing_extra_and_different_products_are_named_and_made_right(
    in_tenant: int, a_synced_catalog: list[int]
):
    missing, different, extra = a_synced_catalog[3], a_synced_catalog[9], 2**40
    plant(in_tenant, missing, 2**50, deleted=1)
    plant(in_tenant, different, 2**50, name="planted")
    plant(in_tenant, extra, 1, name="planted")
    found = verify.compare(in_tenant)
    assert found.samples == {"missing": [missing], "extra": [extra], "different": [different]}
    assert rebuild.rebuild_tenant(in_tenant) == 50
    assert verify.compare(in_tenant).equal


def test_a_rebuild_makes_again_what_was_thrown_away(in_tenant: int, a_synced_catalog: list[int]):
    before = in_clickhouse("* EXCEPT (created_at, updated_at)")
    clickhouse().command(
        "DELETE FROM products WHERE tenant_id = {tenant:UInt64}",
        {"tenant": in_tenant},
        settings={"lightweight_deletes_sync": 2},
    )
    assert in_clickhouse() == []
    rebuild.rebuild_tenant(in_tenant)
    assert in_clickhouse("* EXCEPT (created_at, updated_at)") == before
    assert verify.compare(in_tenant).equal


def test_a_rebuild_doesn_t_bring_back_what_was_deleted(in_tenant: int, a_synced_catalog: list[int]):
    delete(*a_synced_catalog[:5])
    sync.sync_tenant(in_tenant)
    assert rebuild.rebuild_tenant(in_tenant) == 45
    assert len(in_clickhouse()) == 45
    assert verify.compare(in_tenant).equal


def test_writes_go_on_during_a_rebuild_and_nothing_of_them_is_lost(
    app: Flask, in_tenant: int, a_synced_catalog: list[int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("pim.analytics.rebuild.TOGETHER_ROWS", 5)
    stop = threading.Event()
    errors: list[BaseException] = []

    def writer() -> None:
        try:
            with app.app_context(), tenant_scope(in_tenant):
                number = 0
                while not stop.is_set():
                    number += 1
                    made = apply(
                        StagedProduct("S-00001", f"edit {number}"), StagedProduct(f"N{number}")
                    )
                    if number % 3 == 0:
                        delete(made.outcomes[1].product_id or 0)
                    sync.sync_tenant(in_tenant)
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=writer)
    thread.start()
    for _ in range(3):
        rebuild.rebuild_tenant(in_tenant)
    stop.set()
    thread.join(30)
    assert not errors
    sync.sync_tenant(in_tenant)
    assert verify.compare(in_tenant).equal


def test_a_rebuild_of_one_tenant_leaves_the_others_alone(app: Flask, in_tenant: int):
    other = make_tenant(app).id
    with tenant_scope(other):
        apply(StagedProduct("A", "of another"))
        sync.sync_tenant(other)
        plant(other, 2**40, 1, sku="PLANTED", name="stays")
    rebuild.rebuild_tenant(in_tenant)
    with tenant_scope(other):
        assert in_clickhouse() == [("A", "of another"), ("PLANTED", "stays")]


def test_the_command_line_says_which_tenant_differs_and_repairs_it(app: Flask):
    tenant = make_tenant(app)
    with app.app_context(), tenant_scope(tenant.id):
        apply(StagedProduct("A"))
        sync.sync_tenant(tenant.id)
    run = CliRunner().invoke
    equal = run(cli, ["analytics", "verify", "--tenant", tenant.slug])
    assert (equal.exit_code, equal.stdout.split("\t")[:2]) == (0, [tenant.slug, "equal"])
    with app.app_context():
        plant(tenant.id, 2**40, 1)
    differs = run(cli, ["analytics", "verify", "--tenant", tenant.slug])
    assert differs.exit_code == 1
    assert f"{tenant.slug}\tDIFFERS" in differs.stdout
    assert f"extra in ClickHouse: products {2**40}" in differs.stderr
    rebuilt = run(cli, ["analytics", "rebuild", "--tenant", tenant.slug])
    assert (rebuilt.exit_code, rebuilt.stdout) == (0, f"{tenant.slug}\t1\n")
    assert run(cli, ["analytics", "verify", "--tenant", tenant.slug]).exit_code == 0


def test_a_change_on_its_way_is_said_to_be_so(app: Flask):
    tenant = make_tenant(app)
    with app.app_context(), tenant_scope(tenant.id):
        apply(StagedProduct("A"))
    found = CliRunner().invoke(cli, ["analytics", "verify", "--tenant", tenant.slug, "--wait", "0"])
    assert found.exit_code == 1
    assert "1 change sets are still on their way" in found.stderr


def test_products_of_a_tenant_that_is_gone_are_removed(app: Flask):
    with app.app_context():
        plant(2**40, 1, 1)
        rebuild.remove_unknown_tenants()
        left = clickhouse().rows(f"SELECT count() FROM products WHERE tenant_id = {2**40}")
        assert left[0][0] == 0
