"""What is exported reads back as the same: every product is found unchanged."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from pim.products.changes import StagedProduct
from pim.products.export.formats import FORMATS
from tests.api.conftest import Api
from tests.factories.identity import TestTenant
from tests.factories.imports import confirm, counts, issues, run, suggested, upload
from tests.factories.products import make_products, make_vocabulary

EXPORT = "/api/pim/products/export/"
FULL: dict[str, Any] = {
    "brand": "=1+1",
    "category": "00123",
    "price": {"amount": Decimal("19.990"), "currency": "EUR"},
    "stock": 12,
    "tags": ["oak, natural", 'say "hi"', "black;white", "[x]"],
    "organic": False,
    "prices": [
        {"amount": Decimal("1.234"), "currency": "EUR", "locale": "de_DE"},
        {"amount": 21, "currency": "USD"},
    ],
    "page": "https://example.com/ä?a=1,2&b=%20",
    "description": 'Zeile 1\r\nZeile 2\n\n"quoted", <b>bold</b> & _x000D_ \x0b 🪑 é',
}


def imported(app: Flask, tenant: TestTenant, content: bytes, name: str) -> dict[str, int]:
    job = upload(app, tenant, content, name)
    confirm(app, tenant, job, suggested(job))
    done = run(app, tenant, job, synced=False)
    assert done.error is None
    assert [issue.message for issue in issues(app, tenant, job)] == []
    return counts(done)


@pytest.mark.parametrize("name", FORMATS)
def test_an_import_of_the_export_finds_every_product_unchanged(
    app: Flask, api: Api, name: str
) -> None:
    make_vocabulary(app, api.tenant)
    make_products(
        app,
        api.tenant,
        [
            StagedProduct("00042", "Öl-Stuhl, “groß”", True, FULL),
            StagedProduct("@risk", "-not a formula", False, {"stock": Decimal("0.125")}),
            StagedProduct("9007199254740993", "", True, {"stock": Decimal("1234567890.123456789")}),
        ],
    )
    file = api.get(f"{EXPORT}?format={name}")
    assert file.status_code == 200, file.text
    assert imported(app, api.tenant, file.data, f"x{FORMATS[name].extension}") == {"unchanged": 3}
