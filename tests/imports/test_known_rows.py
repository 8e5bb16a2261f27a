"""Rows that come again as they were are passed over, and only those."""

from __future__ import annotations

import pytest
from flask import Flask

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.imports.known import catalog_look_up
from pim.imports.marks import NEW, OTHER, SAME
from pim.products.changes import ChangeSetMeta, StagedProduct
from pim.products.models import Product
from pim.products.write import apply_change_set
from tests.factories.identity import TestTenant
from tests.factories.imports import counts, import_file, issues, products

CHAIRS = "sku,name,price\nA-1,Oslo chair,149.00 EUR\nA-2,Brass lamp,39.90 EUR\n"
LOOSE = {
    "mapping": {"sku": "sku", "name": "name", "price": "price"},
    "options": {"on_error": "skip_value"},
}


def hashes(app: Flask, tenant: TestTenant) -> dict[str, int | None]:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        return {each.sku: each.row_hash for each in db.session.query(Product)}


def marks(app: Flask, tenant: TestTenant, *rows: tuple[str, int | None]) -> str:
    with app.app_context(), tenant_scope(tenant.id):
        look_up = catalog_look_up(creates=True)
        return look_up([key for key, _ in rows], [found or 0 for _, found in rows])


def change(app: Flask, tenant: TestTenant, staged: StagedProduct) -> None:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        apply_change_set(ChangeSetMeta("form"), [staged])


def test_the_catalog_tells_new_same_and_other_rows_apart(app: Flask, tenant: TestTenant) -> None:
    import_file(app, tenant, CHAIRS)
    first = hashes(app, tenant)["A-1"]
    found = marks(app, tenant, ("a-1", first), ("a-2", first), ("a-3", first))
    assert found == SAME + OTHER + NEW


def test_a_row_that_comes_again_needs_no_second_look(app: Flask, tenant: TestTenant) -> None:
    import_file(app, tenant, CHAIRS)
    before = hashes(app, tenant)
    assert None not in before.values()
    job = import_file(app, tenant, CHAIRS)
    assert counts(job) == {"unchanged": 2}
    assert hashes(app, tenant) == before


def test_what_somebody_edited_is_brought_back_by_the_same_file(
    app: Flask, tenant: TestTenant
) -> None:
    import_file(app, tenant, CHAIRS)
    change(app, tenant, StagedProduct("A-1", name="Bergen chair"))
    assert hashes(app, tenant)["A-1"] is None
    job = import_file(app, tenant, CHAIRS)
    assert counts(job) == {"updated": 1, "unchanged": 1}
    assert products(app, tenant)["A-1"].name == "Oslo chair"


def test_the_same_rows_under_other_options_are_looked_at_again(
    app: Flask, tenant: TestTenant
) -> None:
    sparse = "sku,name,price\nA-1,Oslo chair,\n"
    import_file(app, tenant, CHAIRS)
    import_file(app, tenant, sparse)
    job = import_file(app, tenant, sparse, blank="clear")
    assert counts(job) == {"updated": 1}
    assert "price" not in products(app, tenant)["A-1"].data


def test_a_row_with_a_value_left_out_is_told_again(app: Flask, tenant: TestTenant) -> None:
    import_file(app, tenant, CHAIRS)
    partly = "sku,name,price\nA-1,Oslo chair,soon\nA-2,Brass lamp,12.00 EUR\n"
    first = import_file(app, tenant, partly, LOOSE)
    again = import_file(app, tenant, partly, LOOSE)
    told = [(issue.line, issue.code) for issue in issues(app, tenant, first)]
    assert told == [(issue.line, issue.code) for issue in issues(app, tenant, again)]
    assert len(told) == 1
    assert counts(again) == {"unchanged": 2}


@pytest.mark.parametrize("mode", ["upsert", "create_only"])
def test_a_sku_that_came_meanwhile_is_written_as_any_other(
    app: Flask, tenant: TestTenant, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """The catalog was asked before somebody took the SKU."""
    change(app, tenant, StagedProduct("a-2", name="Taken"))
    monkeypatch.setattr(
        "pim.imports.runner.catalog_look_up",
        lambda **_: lambda keys, _hashes: NEW * len(keys),
    )
    job = import_file(app, tenant, CHAIRS, mode=mode)
    expected = {
        "upsert": {"created": 1, "updated": 1},
        "create_only": {"created": 1, "unchanged": 1},
    }
    assert counts(job) == expected[mode]
    assert products(app, tenant)["a-2"].name == {"upsert": "Brass lamp"}.get(mode, "Taken")
