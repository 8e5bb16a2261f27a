"""How PostgreSQL finds products for staged rows, whatever its statistics say of a tenant."""

from __future__ import annotations

import re
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import event, text

from pim.core import settings
from pim.core.db import db, transaction
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.products.changes import ChangeSetMeta, StagedProduct
from pim.products.write import apply_change_set, looking_up
from tests.factories.identity import make_tenant

MANY = 2_000
BY_TENANT_AND_SKU = re.compile(
    r"Index Cond: \(\(tenant_id = [^)]+\) AND \(sku_key = s\.sku_key\)\)"
)


def write(value: int = 0) -> None:
    rows = [StagedProduct(f"S-{number}", data={"a": value}) for number in range(MANY)]
    apply_change_set(ChangeSetMeta("api"), rows)


def plans_of_writing() -> list[str]:
    """Write, and explain each statement that looked products up for staged rows."""
    connection = db.session.connection()
    asked: list[tuple[str, Any]] = []

    def listen(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if "FROM products p" in statement or "UPDATE products p" in statement:
            asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", listen)
    write()
    event.remove(connection, "before_cursor_execute", listen)
    with looking_up(connection):
        return [
            "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {sql}", told))
            for sql, told in asked
        ]


def test_a_tenant_unknown_to_the_statistics_is_not_read_whole_for_every_row(app: Flask) -> None:
    """It was for the second tenant of a fresh installation: minutes instead of a second."""
    known, unknown = make_tenant(app), make_tenant(app)
    with app.app_context(), tenant_scope(known.id), transaction():
        write()
        address = settings().owner_url.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as owner:
        owner.execute("ANALYZE products")
    with app.app_context(), tenant_scope(unknown.id), transaction():
        plans = plans_of_writing()
    assert len(plans) >= 2
    for plan in plans:
        assert BY_TENANT_AND_SKU.search(plan), plan


def test_changed_products_stay_on_their_pages_while_there_is_room(app: Flask) -> None:
    """So no index hears of the change. A page begins with room for a fifth of what it holds."""
    tenant = make_tenant(app)
    with app.app_context(), tenant_scope(tenant.id), transaction():
        write(1)
        pages = pages_of_products()
    with app.app_context(), tenant_scope(tenant.id), transaction():
        write(2)
        stayed = [sku for sku, page in pages_of_products().items() if page == pages[sku]]
        assert len(stayed) >= 0.15 * len(pages)


def pages_of_products() -> dict[str, int]:
    asked = "SELECT sku, (ctid::text::point)[0] FROM products WHERE tenant_id = :tenant"
    return {
        sku: int(page)
        for sku, page in db.session.execute(text(asked), {"tenant": current_tenant_id()})
    }
