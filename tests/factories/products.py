"""Products for tests, written through the write path, with the vocabulary they need."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.products import write
from pim.products.changes import ChangeSetMeta, StagedProduct
from pim.schema.models import ProductSchema
from tests.factories.identity import TestTenant

SHOP_FIELDS = (
    ("brand", "string"),
    ("category", "string"),
    ("price", "price"),
    ("stock", "number"),
    ("tags", "array"),
    ("organic", "boolean"),
    ("prices", "multi_price"),
    ("page", "url"),
    ("description", "string"),
)


def make_vocabulary(
    app: Flask,
    tenant: TestTenant,
    fields: Iterable[tuple[str, str]] = SHOP_FIELDS,
    *,
    required: Iterable[str] = (),
    locale: str = "en_US",
) -> None:
    """Define the tenant's fields: (name, type) in their order."""
    needed = set(required)
    definition = [
        {"name": name, "type": kind, "required": name in needed, "description": ""}
        for name, kind in fields
    ]
    with app.app_context(), tenant_scope(tenant.id), transaction():
        db.session.add(
            ProductSchema(
                tenant_id=tenant.id,
                fields=definition,
                default_currency="EUR",
                default_locale=locale,
            )
        )


def make_products(
    app: Flask, tenant: TestTenant, products: Iterable[StagedProduct], **meta: Any
) -> list[int]:
    """Write canonical products; gives their ids in order."""
    told = ChangeSetMeta(**{"source": "import", **meta})
    with app.app_context(), tenant_scope(tenant.id), transaction():
        result = write.apply_change_set(told, list(products))
        return [outcome.product_id or 0 for outcome in result.outcomes]


def make_product(
    app: Flask,
    tenant: TestTenant,
    sku: str,
    name: str = "",
    *,
    active: bool = True,
    raw: Mapping[str, Any] | None = None,
    **data: Any,
) -> int:
    """Write one product with canonical values; gives its id."""
    row = StagedProduct(sku=sku, name=name, active=active, data=data, raw=raw)
    return make_products(app, tenant, [row])[0]
