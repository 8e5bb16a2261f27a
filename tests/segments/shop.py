"""A small shop: what its products are, and how they change."""

from __future__ import annotations

from typing import Any

from pim.analytics import sync
from pim.core.db import db, transaction
from pim.core.tenancy import current_tenant_id
from pim.products.changes import StagedProduct
from pim.schema.fields import Field, Vocabulary
from pim.schema.service import save_schema
from tests.jobs.catalogs import apply

FIELDS = (Field("brand", "string"), Field("stock", "number"), Field("tags", "array"))


def fill(count: int) -> None:
    """Define the fields and bring products to ClickHouse; their stock is their number."""
    with transaction():
        save_schema(Vocabulary(FIELDS), force=True)
    put(*(a_product(number) for number in range(count)))


def a_product(number: int, **data: Any) -> StagedProduct:
    """P-07 has a stock of 7; those with even numbers are of Lumo."""
    brand = "Lumo" if number % 2 == 0 else "Other"
    return StagedProduct(
        f"P-{number:02}", f"Product {number}", data={"brand": brand, "stock": number, **data}
    )


def put(*products: StagedProduct) -> None:
    """Write products and bring them to ClickHouse."""
    apply(*products)
    sync.sync_tenant(current_tenant_id())
    db.session.rollback()
