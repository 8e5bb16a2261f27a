"""What undoing one change set may do, decided in SQL and left in temporary tables.

`undo_stage` has a row for each product the change set touched, `undo_left` one for each value (or
product) that is left as it is. No product passes through Python.

What counts as changed since: a value of a product has a later history row. A change set and the
one that undid it cancel each other out, so in every chain of change sets that undid each other an
even number of later rows is none, and an odd number is a change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, text

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.jsontext import dumps
from pim.products import staging
from pim.schema.models import ProductSchema
from pim.schema.queries import current_vocabulary
from pim.schema.types import is_canonical


@dataclass(frozen=True, slots=True)
class Link:
    """A change set that can be undone. base: the one its chain of undoing began with."""

    id: int
    base: int
    created_at: datetime
    import_id: int | None
    first_created_id: int | None
    last_created_id: int | None
    touched: int


# did: what the change set did to the product. version: of the product by then; what it created
# has no history row, and everything in its history is later. sku_key: the one it would get back.
# kept: fields that stay as they are, `/` before those in data. blocked: the product stays.
_TABLES = (
    """
    CREATE TEMPORARY TABLE IF NOT EXISTS undo_stage (
        product_id bigint PRIMARY KEY,
        did text NOT NULL,
        version bigint NOT NULL,
        sku_key text COLLATE "C",
        present boolean NOT NULL DEFAULT true,
        blocked boolean NOT NULL DEFAULT false,
        kept text[] NOT NULL DEFAULT '{}'
    ) ON COMMIT DELETE ROWS
    """,
    """
    CREATE TEMPORARY TABLE IF NOT EXISTS undo_left (
        product_id bigint NOT NULL,
        field text NOT NULL,
        reason text,
        change_set_id bigint,
        holder_id bigint
    ) ON COMMIT DELETE ROWS
    """,
    "TRUNCATE pg_temp.undo_stage, pg_temp.undo_left",
)

_TOUCHED = """
INSERT INTO pg_temp.undo_stage (product_id, did, version, sku_key)
SELECT product_id, operation, version, before ->> 'sku_key' FROM product_changes
WHERE tenant_id = :tenant AND change_set_id = :undone
UNION ALL
SELECT id, 'create', 0, NULL FROM products
WHERE tenant_id = :tenant AND id BETWEEN :first AND :last AND created_change_set_id = :undone
"""

# In the order in which an import locks them. Whoever changed one of them meanwhile has committed
# when this is over, and the statements that follow see it.
_LOCK = """
SELECT count(*) FROM (
    SELECT p.id FROM pg_temp.undo_stage t CROSS JOIN LATERAL (
        SELECT id, sku_key FROM products WHERE tenant_id = :tenant AND id = t.product_id OFFSET 0
    ) p ORDER BY p.sku_key
) o CROSS JOIN LATERAL (
    SELECT id FROM products WHERE tenant_id = :tenant AND id = o.id FOR UPDATE
) locked
"""

_LOOK = """
UPDATE pg_temp.undo_stage t SET present = false WHERE (did <> 'create' OR :locked) AND NOT (
    SELECT count(*) > 0 FROM products p WHERE p.tenant_id = :tenant AND p.id = t.product_id)
"""

# A field is '' where the product itself came or went. Rows without a reason are nobody's loss:
# undone before, or the value is already what it was to become.
_CHANGED_SINCE = """
WITH RECURSIVE later AS MATERIALIZED (
    SELECT t.product_id, c.change_set_id, c.version, f.field
    FROM pg_temp.undo_stage t CROSS JOIN LATERAL (
        SELECT change_set_id, version, operation, before FROM product_changes
        WHERE tenant_id = :tenant AND product_id = t.product_id AND version > t.version OFFSET 0
    ) c CROSS JOIN LATERAL (
        SELECT '' AS field WHERE c.operation <> 'update'
        UNION ALL
        SELECT key FROM jsonb_object_keys(c.before) key
        WHERE c.operation = 'update' AND key IN ('sku', 'name', 'active')
        UNION ALL
        SELECT '/' || key FROM jsonb_object_keys(coalesce(c.before -> 'data', '{}')) key
        WHERE c.operation = 'update'
    ) f
), up AS (
    SELECT change_set_id AS id, change_set_id AS at FROM later GROUP BY change_set_id
    UNION ALL
    SELECT up.id, s.undoes_id FROM up JOIN change_sets s ON s.tenant_id = :tenant AND s.id = up.at
    WHERE s.undoes_id IS NOT NULL
), chains AS (
    SELECT id, min(at) AS base FROM up GROUP BY id
), standing AS (
    SELECT l.product_id, l.field, c.base, max(ARRAY[l.version, l.change_set_id]) AS latest
    FROM later l JOIN chains c ON c.id = l.change_set_id
    WHERE c.base <> ALL(CAST(:together AS bigint[]))
    GROUP BY l.product_id, l.field, c.base HAVING count(*) % 2 = 1
)
INSERT INTO pg_temp.undo_left (product_id, field, reason, change_set_id)
SELECT DISTINCT ON (s.product_id, f.field) s.product_id, f.field,
       CASE WHEN s.base = :base OR f.wanted = f.now THEN NULL
            WHEN t.did <> 'update' THEN 'product_changed'
            WHEN t.present THEN 'value_changed' ELSE 'product_deleted' END,
       s.latest[2]
FROM standing s JOIN pg_temp.undo_stage t ON t.product_id = s.product_id
LEFT JOIN LATERAL (
    SELECT before FROM product_changes WHERE tenant_id = :tenant AND change_set_id = :undone
    AND product_id = s.product_id AND operation = 'update'
) x ON true
LEFT JOIN LATERAL (
    SELECT * FROM products WHERE tenant_id = :tenant AND id = s.product_id AND x.before IS NOT NULL
) p ON true
CROSS JOIN LATERAL (
    SELECT CASE WHEN t.did = 'update' AND t.present THEN s.field ELSE '' END AS field,
           CASE WHEN s.field LIKE '/%' THEN x.before -> 'data' -> substr(s.field, 2)
                ELSE x.before -> s.field END AS wanted,
           CASE s.field WHEN 'sku' THEN to_jsonb(p.sku) WHEN 'name' THEN to_jsonb(p.name)
                WHEN 'active' THEN to_jsonb(p.active)
                ELSE coalesce(p.data -> substr(s.field, 2), 'null') END AS now
) f
WHERE t.did <> 'update' OR f.wanted IS NOT NULL AND (t.present OR s.base = :base)
   OR s.field = '' AND NOT t.present
ORDER BY s.product_id, f.field, s.base = :base DESC, s.latest DESC
"""

# Again and again, until nothing is added: a product that keeps its SKU may stand in the way of
# the next.
_SKU_TAKEN = """
INSERT INTO pg_temp.undo_left (product_id, field, reason, change_set_id, holder_id)
SELECT t.product_id, 'sku', 'sku_taken', h.change_set_id, h.id
FROM pg_temp.undo_stage t CROSS JOIN LATERAL (
    SELECT p.id, coalesce((
        SELECT change_set_id FROM product_changes
        WHERE tenant_id = :tenant AND product_id = p.id AND operation = 'update'
          AND before ? 'sku' ORDER BY version DESC LIMIT 1
    ), p.created_change_set_id) AS change_set_id
    FROM products p
    WHERE p.tenant_id = :tenant AND p.sku_key = t.sku_key AND p.id <> t.product_id
) h
WHERE t.sku_key IS NOT NULL AND NOT t.blocked AND 'sku' <> ALL(t.kept)
  AND t.present = (t.did = 'update')
  AND NOT EXISTS (
    SELECT FROM pg_temp.undo_stage o WHERE o.product_id = h.id AND NOT o.blocked
    AND (o.did IN ('create', 'restore')
         OR o.did = 'update' AND o.sku_key <> t.sku_key AND 'sku' <> ALL(o.kept)))
"""

_MISFITS_MAYBE = """
SELECT t.product_id, value.key, value.value
FROM pg_temp.undo_stage t CROSS JOIN LATERAL (
    SELECT before FROM product_changes
    WHERE tenant_id = :tenant AND change_set_id = :undone AND product_id = t.product_id
) x CROSS JOIN LATERAL jsonb_each(coalesce(x.before -> 'data', '{}')) value
WHERE t.did IN ('update', 'delete') AND NOT t.blocked AND '/' || value.key <> ALL(t.kept)
  AND value.value <> 'null'
  AND CAST(:kinds AS jsonb) ->> value.key <> jsonb_typeof(value.value)
"""
_MISFIT = """
INSERT INTO pg_temp.undo_left (product_id, field, reason)
SELECT id, field, 'type_changed'
FROM unnest(CAST(:ids AS bigint[]), CAST(:fields AS text[])) misfit (id, field)
"""
# What a JSON value of a field has to be so that no closer look is needed: values are canonical
# by some type already, and no other type has that kind.
_KIND = {"string": "string", "number": "number", "boolean": "boolean", "price": "object"}

_SETTLE = """
UPDATE pg_temp.undo_stage t SET kept = l.fields,
    blocked = '' = ANY(l.fields) OR t.did = 'delete' AND 'sku' = ANY(l.fields)
FROM (SELECT product_id, array_agg(field) AS fields FROM pg_temp.undo_left GROUP BY product_id) l
WHERE l.product_id = t.product_id
"""

# Backwards, so that of two products one of which took the other's SKU, the right one moves first.
_VALUES = """
INSERT INTO pg_temp.product_stage
    (row_no, product_id, sku, sku_key, name, active, data, clear, replace)
SELECT (SELECT max(version) FROM pg_temp.undo_stage) - t.version, t.product_id,
       CASE WHEN 'sku' <> ALL(t.kept) THEN x.before ->> 'sku' END,
       CASE WHEN 'sku' <> ALL(t.kept) THEN t.sku_key END,
       CASE WHEN 'name' <> ALL(t.kept) THEN x.before ->> 'name' END,
       CASE WHEN 'active' <> ALL(t.kept) THEN CAST(x.before ->> 'active' AS boolean) END,
       coalesce(v.data, x.data), v.clear, false
FROM pg_temp.undo_stage t CROSS JOIN LATERAL (
    SELECT before, coalesce(before -> 'data', '{}') AS data FROM product_changes
    WHERE tenant_id = :tenant AND change_set_id = :undone AND product_id = t.product_id OFFSET 0
) x LEFT JOIN LATERAL (
    SELECT coalesce(jsonb_object_agg(key, value) FILTER (WHERE value <> 'null'), '{}') AS data,
           array_agg(key) FILTER (WHERE value = 'null') AS clear
    FROM jsonb_each(x.data) WHERE '/' || key <> ALL(t.kept)
) v ON t.kept <> '{}' OR jsonb_path_exists(x.data, 'strict $.* ? (@ == null)')
WHERE t.did = 'update' AND NOT t.blocked
"""

DELETES = """
SELECT product_id FROM pg_temp.undo_stage
WHERE did IN ('create', 'restore') AND present AND NOT blocked
"""
RESTORES = """
SELECT t.product_id AS id, b.sku, t.sku_key, b.name, b.active, b.data, b.source,
       nullif(b.raw_data, 'null') AS raw_data, b.ai_readability_score, b.created_change_set_id,
       b.created_at
FROM pg_temp.undo_stage t CROSS JOIN LATERAL (
    SELECT before ->> 'sku' AS sku, before ->> 'name' AS name, before -> 'raw_data' AS raw_data,
           (before -> 'data') - ARRAY(SELECT substr(field, 2) FROM unnest(t.kept) field) AS data,
           CAST(before ->> 'active' AS boolean) AS active, before ->> 'source' AS source,
           CAST(before ->> 'ai_readability_score' AS float8) AS ai_readability_score,
           CAST(before ->> 'created_change_set_id' AS bigint) AS created_change_set_id,
           CAST(before ->> 'created_at' AS timestamptz) AS created_at
    FROM product_changes
    WHERE tenant_id = :tenant AND change_set_id = :undone AND product_id = t.product_id OFFSET 0
) b
WHERE t.did = 'delete' AND NOT t.present AND NOT t.blocked
"""


def params_of(link: Link) -> dict[str, Any]:
    """What the queries `DELETES` and `RESTORES` are asked with."""
    return {"tenant": current_tenant_id(), "undone": link.id}


def plan(link: Link, *, together: Sequence[int] = (), lock: bool) -> int:
    """Decide what undoing this change set may do; gives the number of rows with values.

    together: the bases of change sets that are undone before this one, so they don't count as
    changes since. lock: nobody changes the products until the transaction ends.
    """
    connection, params = db.session.connection(), params_of(link)
    for statement in _TABLES:
        connection.exec_driver_sql(statement)
    bounds = {"first": link.first_created_id, "last": link.last_created_id}
    touched = connection.execute(text(_TOUCHED), params | bounds).rowcount
    staging.prepare_for(connection, touched, "undo_stage")
    if not lock or connection.execute(text(_LOCK), params).scalar_one() < touched:
        connection.execute(text(_LOOK), {**params, "locked": lock})
    others = {"base": link.base, "together": [base for base in together if base != link.base]}
    if connection.execute(text(_CHANGED_SINCE), params | others).rowcount:
        connection.execute(text(_SETTLE))
    if _leave_what_no_longer_fits(connection, link, params):
        connection.execute(text(_SETTLE))
    while connection.execute(text(_SKU_TAKEN), params).rowcount:
        connection.execute(text(_SETTLE))
    staging.empty(connection)
    staged = connection.execute(text(_VALUES), params).rowcount
    staging.prepare_for(connection, staged)
    return staged


def _leave_what_no_longer_fits(
    connection: Connection, link: Link, params: Mapping[str, Any]
) -> bool:
    """Leave values of fields that have had their type changed; whether there are any."""
    changed_at = db.session.scalar(
        select(ProductSchema.updated_at).where(ProductSchema.tenant_id == current_tenant_id())
    )
    if changed_at is None or changed_at < link.created_at:
        return False
    types = {known.name: known.type for known in current_vocabulary().fields}
    kinds = {name: _KIND.get(type_name, "") for name, type_name in types.items()}
    rows = connection.execute(
        text(_MISFITS_MAYBE),
        {**params, "kinds": dumps(kinds)},
        execution_options={"yield_per": 5_000},
    )
    misfits = [
        (row.product_id, f"/{row.key}")
        for row in rows
        if not is_canonical(types[row.key], row.value)
    ]
    if misfits:
        ids, fields = zip(*misfits, strict=True)
        connection.execute(text(_MISFIT), {"ids": list(ids), "fields": list(fields)})
    return bool(misfits)
