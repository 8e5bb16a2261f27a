"""Whatever canonical values products hold, an import of their export finds them unchanged."""

from __future__ import annotations

import string
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pim.identity.permissions import Role
from pim.products.changes import StagedProduct
from pim.products.export.formats import FORMATS
from pim.schema.types import FIELD_TYPES
from pim.schema.types.base import trim
from tests.api.conftest import Api
from tests.export.test_round_trip import EXPORT, imported
from tests.factories.identity import make_api_key, make_tenant
from tests.factories.products import make_products, make_vocabulary
from tests.unit.schema.strategies import CANONICAL, WORDS

# What files, spreadsheets and readers have been seen to stumble over.
TROUBLE = st.text(
    st.sampled_from(
        "=+-@'\"`,;|\t\n\r \\/<>&%$#[]{}()_x000D_0019Eeä🪑\u200b\u202e\ufeff\x0b\x1f\x85"
    ),
    max_size=40,
).map(trim)
SKUS = st.text(string.ascii_letters + string.digits + "=+-@',;\"|_ ./äß🪑", min_size=1, max_size=20)
FIELDS = [(f"{kind} field", kind) for kind in FIELD_TYPES]


def values(kind: str) -> st.SearchStrategy[Any]:
    if kind == "string":
        return CANONICAL[kind] | TROUBLE.filter(bool)
    return CANONICAL[kind]


@st.composite
def catalogs(draw: st.DrawFn) -> list[StagedProduct]:
    skus = draw(
        st.lists(SKUS, min_size=1, max_size=12, unique_by=lambda sku: sku.strip().casefold())
    )
    return [
        StagedProduct(
            sku.strip(),
            draw(WORDS | TROUBLE),
            draw(st.booleans()),
            {
                name: value
                for name, kind in FIELDS
                if draw(st.booleans()) and (value := draw(values(kind)))
            },
        )
        for sku in skus
        if sku.strip()
    ]


@pytest.mark.parametrize("name", FORMATS)
@given(products=catalogs().filter(bool))
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_an_import_of_the_export_changes_nothing(
    app: Flask, name: str, products: list[StagedProduct]
) -> None:
    tenant = make_tenant(app)
    make_vocabulary(app, tenant, FIELDS)
    make_products(app, tenant, products)
    api = Api(app, tenant, make_api_key(app, tenant, Role.VIEWER))
    file = api.get(f"{EXPORT}?format={name}")
    found = imported(app, tenant, file.data, f"x{FORMATS[name].extension}")
    assert found == {"unchanged": len(products)}
