"""Bringing back a product that was just deleted.

The change set of a deletion keeps all the product held. Undoing it is a change set too, so
ClickHouse and whoever else listens hears of it in the ordinary way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from pim.core.db import db
from pim.core.errors import Conflict, NotFound
from pim.core.tenancy import current_tenant_id
from pim.products import write
from pim.products.changes import StagedProduct
from pim.products.models import ProductChange
from pim.products.service import actor_meta


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted and can be brought back."""

    label: str
    change_set_id: int


def _deletions(change_set_id: int) -> list[ProductChange]:
    statement = select(ProductChange).where(
        ProductChange.tenant_id == current_tenant_id(),
        ProductChange.change_set_id == change_set_id,
        ProductChange.operation == "delete",
    )
    return list(db.session.scalars(statement.limit(1000)))


def deleted_in(text: str) -> Deleted | None:
    """The deletion an address names; None if there is none of that number."""
    if not text.isdecimal() or len(text) > 18:
        return None
    found = _deletions(int(text))
    if not found:
        return None
    before = found[0].before
    label = before.get("name") or before.get("sku") or "The product"
    return Deleted(label if len(found) == 1 else f"{len(found):,} products", int(text))


def undo_deletion(change_set_id: int) -> int:
    """Make the deleted products again; gives the id of the first. The caller commits.

    Raises NotFound, or Conflict when a SKU is taken by now.
    """
    found = _deletions(change_set_id)
    if not found:
        raise NotFound("There is nothing to bring back.")
    staged = [_staged(change.before) for change in found]
    meta = actor_meta("undo", "Deletion undone", undoes_id=change_set_id)
    result = write.apply_change_set(meta, staged, mode="create_only")
    if result.created != len(staged):
        raise Conflict(
            "It can't be brought back: there is a product with its SKU by now.", code="sku_taken"
        )
    first = result.outcomes[0].product_id
    assert first is not None  # created rows have an id
    return first


def _staged(before: dict[str, Any]) -> StagedProduct:
    return StagedProduct(
        sku=before["sku"],
        name=before["name"],
        active=before["active"],
        data=before["data"],
        raw=before.get("raw_data"),
    )
