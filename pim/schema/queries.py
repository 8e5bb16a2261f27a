"""Reading a tenant's vocabulary."""

from __future__ import annotations

from sqlalchemy import select, text

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.schema.fields import Field, Vocabulary
from pim.schema.models import ProductSchema

# Any number will do, so long as no other kind of lock has it.
_LOCK = 7_240_131
_HOLD = text("SELECT pg_advisory_xact_lock_shared(:kind, :tenant)")
_CLAIM = text("SELECT pg_advisory_xact_lock(:kind, :tenant)")


def current_vocabulary(*, hold: bool = False) -> Vocabulary:
    """The vocabulary of the tenant in force; an empty one where nothing was defined yet.

    hold: it stays as it is until the transaction ends. Whoever writes products by it asks for
    that, so that no value of a field arrives while the field gets another name or type.
    """
    if hold:
        _lock(exclusive=False)
    statement = select(ProductSchema).where(ProductSchema.tenant_id == current_tenant_id())
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    return Vocabulary() if found is None else vocabulary_of(found)


def claim_vocabulary() -> Vocabulary:
    """The vocabulary for whoever changes it: writers that hold it are waited for, new ones wait."""
    _lock(exclusive=True)
    return current_vocabulary()


def _lock(*, exclusive: bool) -> None:
    tenant = current_tenant_id() % 2**31
    db.session.execute(_CLAIM if exclusive else _HOLD, {"kind": _LOCK, "tenant": tenant})


def vocabulary_of(stored: ProductSchema) -> Vocabulary:
    """A stored row as the vocabulary it stands for."""
    return Vocabulary(
        tuple(
            Field(
                item["name"],
                item["type"],
                item.get("required", False),
                item.get("description", ""),
            )
            for item in stored.fields
        ),
        stored.default_currency,
        stored.default_locale,
        stored.version,
    )
