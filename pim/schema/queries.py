"""Reading a tenant's vocabulary."""

from __future__ import annotations

from sqlalchemy import select

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.schema.fields import Field, Vocabulary
from pim.schema.models import ProductSchema


def current_vocabulary(*, for_update: bool = False) -> Vocabulary:
    """The vocabulary of the tenant in force; an empty one where nothing was defined yet.

    for_update: locks it until the transaction ends, so that two changes don't cross.
    """
    statement = select(ProductSchema).where(ProductSchema.tenant_id == current_tenant_id())
    if for_update:
        statement = statement.with_for_update()
    statement = statement.execution_options(populate_existing=True)
    found = db.session.scalars(statement).one_or_none()
    return Vocabulary() if found is None else vocabulary_of(found)


def vocabulary_of(stored: ProductSchema) -> Vocabulary:
    """A stored row as the vocabulary it stands for."""
    return Vocabulary(
        tuple(
            Field(item["name"], item["type"], item.get("required", False), item["description"])
            for item in stored.fields
        ),
        stored.default_currency,
        stored.default_locale,
        stored.version,
    )
