"""The products of one import as ranges of their ids, for ClickHouse, which knows no change sets.

An import makes its products one after the other, so their ids lie side by side: a million
products are a few ranges. Where they don't (a file that changed every seventh product of a large
catalog), there is no short condition and no counts are shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.products.models import ChangeSet, Product
from pim.products.queries import touched_by_import

MOST_RANGES = 200
MOST_LOOKED_AT = 50_000


def ranges_of_import(import_id: int) -> str | None:
    """A condition in ClickHouse's SQL; None where none is short enough."""
    created = _of_created(import_id)
    ranges = created if created is not None else _of_touched(import_id)
    if ranges is None:
        return None
    # The numbers are ours, from bigint columns.
    tests = [f"product_id BETWEEN {low:d} AND {high:d}" for low, high in ranges]
    return f"({' OR '.join(tests)})" if tests else "false"


def _of_created(import_id: int) -> list[tuple[int, int]] | None:
    """The ranges of an import that only made products; None if it also changed some."""
    rows = db.session.execute(
        select(
            ChangeSet.first_created_id,
            ChangeSet.last_created_id,
            ChangeSet.created_count,
            ChangeSet.updated_count,
        ).where(ChangeSet.tenant_id == current_tenant_id(), ChangeSet.import_id == import_id)
    ).all()
    found = []
    for first, last, created, updated in rows:
        # A gap in the numbers may be a product somebody else made at the same time.
        if not created and not updated:
            continue
        if updated or first is None or last is None or last - first + 1 != created:
            return None
        found.append((first, last))
    return merged(found)


def _of_touched(import_id: int) -> list[tuple[int, int]] | None:
    statement = (
        select(Product.id)
        .where(Product.tenant_id == current_tenant_id(), touched_by_import(import_id))
        .order_by(Product.id)
        .limit(MOST_LOOKED_AT + 1)
    )
    ids = list(db.session.scalars(statement))
    if len(ids) > MOST_LOOKED_AT:
        return None
    ranges = merged((product_id, product_id) for product_id in ids)
    return ranges if len(ranges) <= MOST_RANGES else _between_others(ids)


def _between_others(ids: list[int]) -> list[tuple[int, int]] | None:
    """Ranges that pass over ids which aren't this tenant's products."""
    between = (
        select(Product.id, func.row_number().over(order_by=Product.id).label("place"))
        .where(Product.tenant_id == current_tenant_id(), Product.id.between(ids[0], ids[-1]))
        .limit(4 * MOST_LOOKED_AT)
    )
    places = {row.id: row.place for row in db.session.execute(between)}
    ranges: list[tuple[int, int]] = []
    for product_id in ids:
        place = places.get(product_id)
        if place is None:
            return None
        if ranges and places[ranges[-1][1]] + 1 == place:
            ranges[-1] = (ranges[-1][0], product_id)
        else:
            ranges.append((product_id, product_id))
    return ranges if len(ranges) <= MOST_RANGES else None


def merged(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Ranges in order, those that touch joined."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found
