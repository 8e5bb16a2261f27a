"""What happened to a product: who changed which value, when, and from what to what.

Only before-images are stored. What a value became is what the next change found, or, for the
newest change, what the product holds now.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.products.models import ChangeSet, Product, ProductChange

FIXED = ("sku", "name", "active")


@dataclass(frozen=True, slots=True)
class ValueChange:
    """One value: `field` is `sku`, `name`, `active` or a field's name; None means unset."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change set as one product saw it.

    operation: `create`, `update`, and `delete` and `restore` where a product came back.
    """

    change_set_id: int
    operation: str
    at: datetime
    source: str
    reason: str
    actor_user_id: int | None
    actor_api_key_id: int | None
    import_id: int | None
    changes: tuple[ValueChange, ...]


def product_history(product: Product, *, limit: int = 100) -> list[HistoryEntry]:
    """The newest entries first, the creation last (when it is within the limit)."""
    tenant = current_tenant_id()
    rows = db.session.execute(
        select(ProductChange, ChangeSet)
        .join(
            ChangeSet,
            (ChangeSet.tenant_id == ProductChange.tenant_id)
            & (ChangeSet.id == ProductChange.change_set_id),
        )
        .where(ProductChange.tenant_id == tenant, ProductChange.product_id == product.id)
        .order_by(ProductChange.version.desc())
        .limit(limit)
    ).all()
    fixed: dict[str, Any] = {name: getattr(product, name) for name in FIXED}
    data = dict(product.data)
    entries = []
    for change, change_set in rows:
        changes = tuple(_undo(change.before, fixed, data))
        if change.operation == "delete":
            # It names all that the product held; what came back as it was has not changed.
            changes = tuple(each for each in changes if each.before != each.after)
        entries.append(_entry(change_set, change.operation, changes))
    if len(rows) < limit:
        created = db.session.get(ChangeSet, (tenant, product.created_change_set_id))
        if created is not None:
            entries.append(_entry(created, "create", ()))
    return entries


def _undo(
    before: Mapping[str, Any], fixed: dict[str, Any], data: dict[str, Any]
) -> Iterator[ValueChange]:
    """Name what changed and step the values back to what they were."""
    for name in FIXED:
        if name in before:
            yield ValueChange(name, before[name], fixed[name])
            fixed[name] = before[name]
    for name, value in (before.get("data") or {}).items():
        yield ValueChange(name, value, data.get(name))
        if value is None:
            data.pop(name, None)
        else:
            data[name] = value


def _entry(change_set: ChangeSet, operation: str, changes: tuple[ValueChange, ...]) -> HistoryEntry:
    return HistoryEntry(
        change_set_id=change_set.id,
        operation=operation,
        at=change_set.created_at,
        source=change_set.source,
        reason=change_set.reason,
        actor_user_id=change_set.actor_user_id,
        actor_api_key_id=change_set.actor_api_key_id,
        import_id=change_set.import_id,
        changes=changes,
    )
