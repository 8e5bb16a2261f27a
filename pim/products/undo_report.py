"""What an undo did or would do: counts, and what it leaves alone, with who stands in the way.

Reads the temporary tables that `undo_plan` has filled.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import text

from pim.core.db import db
from pim.products.undo_plan import Link, params_of

Reason = Literal["value_changed", "product_changed", "product_deleted", "sku_taken", "type_changed"]


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """One value, or one whole product, that isn't touched because of what happened since.

    field: `sku`, `name`, `active` or a field's name; "" is the product itself. wanted: what the
    value was to become, None for unset; for a product, the values that were to come back. now:
    what it is. The rest says who changed it: nobody when only the field's type did. holder_id:
    the product that has the SKU.
    """

    product_id: int
    sku: str
    name: str
    field: str
    reason: Reason
    wanted: Any
    now: Any
    change_set_id: int | None
    at: datetime | None
    source: str | None
    actor_user_id: int | None
    actor_api_key_id: int | None
    import_id: int | None
    holder_id: int | None


@dataclass(frozen=True, slots=True)
class Counts:
    """Products that go, come back, or get values back; and what is left alone."""

    deleted: int = 0
    restored: int = 0
    updated: int = 0
    left_alone: int = 0

    @property
    def touched(self) -> int:
        """Products that are not as they were."""
        return self.deleted + self.restored + self.updated

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.deleted + other.deleted,
            self.restored + other.restored,
            self.updated + other.updated,
            self.left_alone + other.left_alone,
        )


_COUNTS = """
SELECT count(*) FILTER (WHERE did IN ('create', 'restore') AND present) AS deleted,
       count(*) FILTER (WHERE did = 'delete' AND NOT present) AS restored,
       (SELECT count(*) FROM pg_temp.product_stage s LEFT JOIN LATERAL (
            SELECT * FROM products WHERE tenant_id = :tenant AND id = s.product_id OFFSET 0
        ) p ON true
        WHERE p.id IS NULL OR s.sku <> p.sku OR s.name <> p.name OR s.active <> p.active
           OR p.data <> (p.data || s.data) - coalesce(s.clear, '{}')) AS updated,
       (SELECT count(*) FROM pg_temp.undo_left WHERE reason IS NOT NULL) AS left_alone
FROM pg_temp.undo_stage WHERE NOT blocked
"""
_LEFT = "SELECT count(*) FROM pg_temp.undo_left WHERE reason IS NOT NULL"

_LIST = """
SELECT l.product_id, coalesce(p.sku, x.before ->> 'sku', gone.before ->> 'sku', '') AS sku,
       coalesce(p.name, x.before ->> 'name', gone.before ->> 'name', '') AS name,
       l.field, l.reason,
       CASE WHEN l.field = '' THEN
                CASE l.reason WHEN 'product_deleted' THEN x.before - 'sku_key' END
            WHEN l.field LIKE '/%' THEN x.before -> 'data' -> substr(l.field, 2)
            ELSE x.before -> l.field END AS wanted,
       CASE WHEN l.field LIKE '/%' THEN p.data -> substr(l.field, 2)
            WHEN l.field = 'sku' THEN to_jsonb(p.sku) WHEN l.field = 'name' THEN to_jsonb(p.name)
            WHEN l.field = 'active' THEN to_jsonb(p.active) END AS now,
       l.change_set_id, s.created_at AS at, s.source, s.actor_user_id, s.actor_api_key_id,
       s.import_id, l.holder_id
FROM (
    SELECT * FROM pg_temp.undo_left
    WHERE reason IS NOT NULL
      AND (product_id, field COLLATE "C") > (:after_product, CAST(:after_field AS text))
    ORDER BY product_id, field COLLATE "C" LIMIT :limit
) l
LEFT JOIN LATERAL (
    SELECT * FROM products WHERE tenant_id = :tenant AND id = l.product_id
) p ON true
LEFT JOIN LATERAL (
    SELECT before FROM product_changes
    WHERE tenant_id = :tenant AND change_set_id = :undone AND product_id = l.product_id
) x ON true
LEFT JOIN LATERAL (
    SELECT before FROM product_changes
    WHERE tenant_id = :tenant AND change_set_id = l.change_set_id AND product_id = l.product_id
      AND operation = 'delete'
) gone ON true
LEFT JOIN LATERAL (
    SELECT * FROM change_sets WHERE tenant_id = :tenant AND id = l.change_set_id
) s ON true
ORDER BY l.product_id, l.field COLLATE "C"
"""


def count_planned(link: Link) -> Counts:
    """What the plan would do, if nothing changes before it is done."""
    return Counts(*db.session.execute(text(_COUNTS), params_of(link)).one())


def count_left() -> int:
    """How much the plan leaves alone."""
    found = db.session.execute(text(_LEFT)).scalar_one()
    return int(found)


def list_left(
    link: Link, *, after: tuple[int, str] = (0, ""), limit: int
) -> list[tuple[tuple[int, str], LeftAlone]]:
    """What the plan leaves alone, by product and field, each with its place in that order."""
    params = params_of(link) | {
        "after_product": after[0],
        "after_field": after[1],
        "limit": limit,
    }
    found = []
    for row in db.session.execute(text(_LIST), params).mappings():
        values = dict(row) | {"field": row["field"].removeprefix("/")}
        found.append(((row["product_id"], row["field"]), LeftAlone(**values)))
    return found
