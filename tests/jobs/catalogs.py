"""Writing products and looking them up in ClickHouse, for the tests of the sync."""

from __future__ import annotations

import random
from typing import Any

from pim.analytics.client import tenant_rows
from pim.core.db import transaction
from pim.products import write
from pim.products.changes import ChangeSetMeta, StagedProduct, WriteResult

META = ChangeSetMeta("form", reason="a test")
BRANDS = ("Lumo", "Ärger & Söhne", "O'Neil", "back\\slash", "", "tab\tnew\nline", "🛋️")


def apply(*rows: StagedProduct, **how: Any) -> WriteResult:
    """Write products in a change set of their own."""
    with transaction():
        return write.apply_change_set(META, rows, **how)


def delete(*product_ids: int) -> WriteResult:
    """Delete products."""
    with transaction():
        return write.delete_products(META, product_ids)


def in_clickhouse(columns: str = "sku, name") -> list[tuple[Any, ...]]:
    """What ClickHouse has of the tenant's products, by SKU."""
    rows = tenant_rows(
        f"SELECT {columns} FROM products FINAL WHERE tenant_id = {{tenant:UInt64}} ORDER BY sku"
    )
    return [tuple(row) for row in rows]


def a_catalog(count: int, seed: int = 1) -> list[StagedProduct]:
    """Products with values of every type, many of them missing."""
    pick = random.Random(seed)
    return [StagedProduct(f"S-{n:05}", f"Product {n}", data=_data(pick)) for n in range(count)]


def _data(pick: random.Random) -> dict[str, Any]:
    every: dict[str, Any] = {
        "brand": pick.choice(BRANDS),
        "weight": pick.choice([0, 1, 2, 2.5, -3, 1000]),
        "vegan": pick.random() < 0.5,
        "tags": pick.sample(["new", "sale", "it's", "a,b", "x\ty"], pick.randint(1, 3)),
        "price": {"amount": pick.randint(0, 200) / 4, "currency": pick.choice(["EUR", "USD"])},
        "prices": [
            {"amount": pick.randint(1, 9), "currency": "EUR", "locale": "de_DE"},
            {"amount": pick.randint(1, 9), "currency": "USD"},
        ],
        "page": f"https://example.com/{pick.randint(1, 5)}",
    }
    kept = {name: value for name, value in every.items() if pick.random() < 0.8}
    return {name: _exact(value) for name, value in kept.items() if value != ""}


def _exact(value: Any) -> Any:
    from decimal import Decimal

    if isinstance(value, float):
        return Decimal(str(value))
    if isinstance(value, dict):
        return {name: _exact(inner) for name, inner in value.items()}
    return value
