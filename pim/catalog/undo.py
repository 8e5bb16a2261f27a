"""Taking back what was just done to a product: a deletion, or a change in its history."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from pim.core.db import db
from pim.core.errors import Conflict, NotFound
from pim.core.tenancy import current_tenant_id
from pim.products.models import ProductChange
from pim.products.service import actor_meta
from pim.products.undo import undo_change_set

# A page asks to take back what a person did on a page, never an import by mistake.
MOST_DELETED, MOST_CHANGED = 1_000, 1


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was deleted and can be brought back."""

    label: str
    change_set_id: int


def _changes(change_set_id: int, operation: str) -> list[ProductChange]:
    statement = select(ProductChange).where(
        ProductChange.tenant_id == current_tenant_id(),
        ProductChange.change_set_id == change_set_id,
        ProductChange.operation == operation,
    )
    return list(db.session.scalars(statement.limit(MOST_DELETED)))


def deleted_in(text: str) -> Deleted | None:
    """The deletion an address names; None if there is none of that number."""
    if not text.isdecimal() or len(text) > 18:
        return None
    found = _changes(int(text), "delete")
    if not found:
        return None
    before = found[0].before
    label = before.get("name") or before.get("sku") or "The product"
    return Deleted(label if len(found) == 1 else f"{len(found):,} products", int(text))


def undo_deletion(change_set_id: int) -> int:
    """Bring the deleted products back; gives the id of the first. The caller commits.

    Raises NotFound, or Conflict when it was done already or a SKU is taken by now.
    """
    found = _changes(change_set_id, "delete")
    if not found:
        raise NotFound("There is nothing to bring back.")
    undone = undo_change_set(actor_meta("undo"), change_set_id, most=MOST_DELETED)
    if not undone.counts.restored:
        raise Conflict(
            "It can't be brought back: another product has its SKU by now.", code="sku_taken"
        )
    return found[0].product_id


def undo_change(product_id: int, change_set_id: int) -> None:
    """Give a product the values back that one change took. The caller commits.

    Raises NotFound, or Conflict when it was undone already or the values changed since.
    """
    if not any(each.product_id == product_id for each in _changes(change_set_id, "update")):
        raise NotFound("This product has no such change.")
    undone = undo_change_set(actor_meta("undo"), change_set_id, most=MOST_CHANGED)
    if not undone.counts.touched:
        raise Conflict("That was changed again since, so it stays as it is.", code="changed_since")
