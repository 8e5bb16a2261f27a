"""What writing rows would come to, without writing them: the write path's questions, not its deeds.

Rows are staged as `write` stages them and compared by the same rules, in one statement that reads
products and locks none. Cells that would change are left in a temporary table, for the caller to
keep before the transaction ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.products import staging
from pim.products.changes import Mode

CELLS = "pg_temp.product_preview"
"""Columns: place (their order), row_no, status (`create`, `update`), sku, field, before, after."""

_CREATE_CELLS = """
CREATE TEMPORARY TABLE IF NOT EXISTS product_preview (
    place bigint GENERATED ALWAYS AS IDENTITY,
    row_no integer NOT NULL,
    status text NOT NULL,
    sku text NOT NULL,
    field text NOT NULL,
    before jsonb,
    after jsonb
) ON COMMIT DELETE ROWS
"""

_BY_INDEX = """
SELECT set_config('enable_seqscan', :scans, true), set_config('enable_bitmapscan', :scans, true)
"""
# As in the write path, each row looks its product up by a unique index, whatever the statistics
# say. OFFSET 0 keeps what is expensive from being worked out twice.
_LOOK = """
WITH looked AS MATERIALIZED (
    SELECT s.row_no, p.id IS NULL AS is_new, p.sku,
           CASE WHEN p.id IS NOT NULL THEN s.data END AS patch, s.clear,
           m.name, m.active, m.data,
           p.name AS old_name, p.active AS old_active, p.data AS old_data
    FROM pg_temp.product_stage s
    LEFT JOIN LATERAL (
        SELECT id, sku, name, active, data FROM products p
        WHERE p.tenant_id = :tenant AND p.sku_key = s.sku_key OFFSET 0
    ) p ON true
    LEFT JOIN LATERAL (
        SELECT coalesce(s.name, p.name) AS name, coalesce(s.active, p.active) AS active,
               CASE WHEN s.clear IS NULL THEN p.data || s.data
                    ELSE (p.data || s.data) - s.clear END AS data
        WHERE p.id IS NOT NULL AND :may_update OFFSET 0
    ) m ON true
    WHERE p.id IS NULL OR m.data <> p.data OR m.name <> p.name OR m.active <> p.active
), fields AS (
    SELECT k AS field, count(*) AS times FROM looked CROSS JOIN LATERAL jsonb_each(
        CASE WHEN clear IS NULL THEN patch ELSE old_data || patch END) e(k, v)
    WHERE NOT is_new AND CASE WHEN clear IS NULL THEN old_data -> k IS DISTINCT FROM v
                              ELSE old_data -> k IS DISTINCT FROM data -> k END
    GROUP BY k
    UNION ALL SELECT 'name', count(*) FROM looked WHERE name <> old_name HAVING count(*) > 0
    UNION ALL SELECT 'active', count(*) FROM looked WHERE active <> old_active HAVING count(*) > 0
), changed_cells AS (
    INSERT INTO pg_temp.product_preview (row_no, status, sku, field, before, after)
    SELECT row_no, 'update', sku, c.field, c.before, c.after
    FROM (SELECT * FROM looked WHERE NOT is_new ORDER BY row_no LIMIT :most_updated) l
    CROSS JOIN LATERAL (
        SELECT 'name' AS field, to_jsonb(old_name) AS before, to_jsonb(name) AS after
        WHERE name <> old_name
        UNION ALL SELECT 'active', to_jsonb(old_active), to_jsonb(active)
        WHERE active <> old_active
        UNION ALL SELECT k, old_data -> k, data -> k FROM jsonb_object_keys(
            CASE WHEN clear IS NULL THEN patch ELSE old_data || patch END) k
        WHERE data <> old_data AND old_data -> k IS DISTINCT FROM data -> k
    ) c ORDER BY row_no
), new_cells AS (
    INSERT INTO pg_temp.product_preview (row_no, status, sku, field, before, after)
    SELECT s.row_no, 'create', s.sku, c.field, NULL, c.after
    FROM (SELECT row_no FROM looked WHERE is_new ORDER BY row_no LIMIT :most_created) l
    JOIN pg_temp.product_stage s ON s.row_no = l.row_no
    CROSS JOIN LATERAL (
        SELECT 'name' AS field, to_jsonb(coalesce(s.name, '')) AS after
        UNION ALL SELECT 'active', to_jsonb(s.active) WHERE s.active IS NOT NULL
        UNION ALL SELECT * FROM jsonb_each(s.data)
    ) c ORDER BY s.row_no
)
SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE NOT is_new) AS changed,
       (SELECT jsonb_object_agg(field, times) FROM fields) AS fields,
       ARRAY(SELECT row_no FROM looked WHERE is_new ORDER BY row_no LIMIT :most_new) AS first_new
FROM looked
"""


@dataclass(frozen=True, slots=True)
class Preview:
    """What some rows would come to.

    missing: rows whose product isn't there and may not be created; first_missing: the numbers of
    the first of them. fields: how many products' value would change, by field.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    missing: int = 0
    first_missing: tuple[int, ...] = ()
    fields: dict[str, int] = field(default_factory=dict)


def preview_staged(
    blocks: Iterable[bytes], *, mode: Mode, most_created: int, most_updated: int, most_missing: int
) -> Preview:
    """Look what rows would come to; they are COPY text (see `copytext.stage_lines`).

    No SKU may come twice among them. most_…: of how many products the cells are left in `CELLS`.
    """
    connection = db.session.connection()
    _empty_cells(connection)
    staged = staging.fill(connection, blocks)
    update_only = mode == "update_only"
    asked = {
        "tenant": current_tenant_id(),
        "may_update": mode != "create_only",
        "most_created": 0 if update_only else most_created,
        "most_updated": most_updated,
        "most_new": most_missing if update_only else 0,
    }
    connection.execute(text(_BY_INDEX), {"scans": "off"})
    found = connection.execute(text(_LOOK), asked).one()
    connection.execute(text(_BY_INDEX), {"scans": "on"})
    return Preview(
        created=0 if update_only else found.new,
        updated=found.changed,
        unchanged=staged - found.new - found.changed,
        missing=found.new if update_only else 0,
        first_missing=tuple(found.first_new),
        fields={name: int(times) for name, times in (found.fields or {}).items()},
    )


def _empty_cells(connection: Connection) -> None:
    connection.exec_driver_sql(_CREATE_CELLS)
    connection.exec_driver_sql("DELETE FROM pg_temp.product_preview")
