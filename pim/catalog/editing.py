"""Saving one field of a product from its page.

A form knows the product's version it was made from. When somebody else has changed the product
since, that only matters if it was the same field: then nothing is written and both values are
shown. Changes of other fields don't stand in the way.
"""

from __future__ import annotations

from sqlalchemy import select

from pim.catalog.detail import FieldRow
from pim.catalog.inputs import FieldInput, coerced, given_value
from pim.core.db import db, transaction
from pim.core.errors import StaleVersion
from pim.core.tenancy import current_tenant_id
from pim.products.models import Product, ProductChange
from pim.products.service import ProductInput, edit_product
from pim.schema.queries import current_vocabulary
from pim.schema.types import CoerceContext, notation_of_locale

SOURCE = "inline"
_TRIES = 4


def save_field(product_id: int, row: FieldRow, given: FieldInput, seen_version: int) -> Product:
    """Write one field and commit. Raises Invalid, Conflict, NotFound, or StaleVersion when the
    same field was changed since `seen_version`."""
    wanted = _input(row, given)
    expected = seen_version
    for attempt in range(_TRIES):
        try:
            with transaction():
                return edit_product(product_id, wanted, source=SOURCE, expected_version=expected)
        except StaleVersion as stale:
            current: Product = stale.extra["current"]
            version = current.version
            if attempt == _TRIES - 1 or changed_since(product_id, row, seen_version):
                raise
            expected = version
    raise AssertionError("unreachable")


def set_active(product_id: int, active: bool, *, source: str) -> Product:
    """Switch a product on or off and commit; the last one to press the switch wins."""
    with transaction():
        return edit_product(product_id, ProductInput(active=active), source=source)


def _input(row: FieldRow, given: FieldInput) -> ProductInput:
    if row.is_fixed:
        # None would mean "not given": an emptied name is an empty name.
        value = given_value(given)
        return ProductInput(sku=value) if row.name == "sku" else ProductInput(name=value)
    return ProductInput(data={row.name: coerced(given, form_context(), f"/data/{row.name}")})


def form_context() -> CoerceContext:
    """What people write in forms is read with the notation of their tenant's locale."""
    vocabulary = current_vocabulary()
    return vocabulary.context(notation_of_locale(vocabulary.default_locale))


def changed_since(product_id: int, row: FieldRow, version: int) -> bool:
    """Whether a change after this version touched this field."""
    before = ProductChange.before
    touched = before.has_key(row.name) if row.is_fixed else before["data"].has_key(row.name)
    statement = (
        select(ProductChange.change_set_id)
        .where(
            ProductChange.tenant_id == current_tenant_id(),
            ProductChange.product_id == product_id,
            ProductChange.version > version,
            touched,
        )
        .limit(1)
    )
    return db.session.scalar(statement) is not None
