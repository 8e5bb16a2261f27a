"""The one write path: every change of products, one row or a million, goes through here.

Rows are staged by COPY, then one SQL statement matches them with the products there are (and
locks those, in the order of their SKUs), updates what differs, keeps the before-images of the
values that change, inserts what is new, and counts. All of it, the change set and the notes to
its consumers included, belongs to the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, text

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.products import staging
from pim.products.changes import ChangeSetMeta, MatchBy, Mode, Outcome, StagedProduct, WriteResult
from pim.products.signals import change_set_written

# How a staged row finds its product. Only these texts ever enter the statements.
_MATCH: dict[MatchBy, str] = {"sku": "p.sku_key = s.sku_key", "id": "p.id = s.product_id"}
_KEY: dict[MatchBy, str] = {"sku": "sku_key", "id": "product_id"}
_CONFLICT: dict[MatchBy, str] = {"sku": "tenant_id, sku_key", "id": "tenant_id, id"}
_NEW_SKU: dict[MatchBy, tuple[str, str]] = {
    # Matched by SKU, a product keeps its SKU as it was first written.
    "sku": ("coalesce(p.sku, s.sku)", "coalesce(p.sku_key, s.sku_key)"),
    "id": ("coalesce(s.sku, p.sku)", "coalesce(s.sku_key, p.sku_key)"),
}

_SUPERSEDE = """
DELETE FROM pg_temp.product_stage s USING (
    SELECT sku_key, max(row_no) AS last_row FROM pg_temp.product_stage
    GROUP BY sku_key HAVING count(*) > 1
) d WHERE s.sku_key = d.sku_key AND s.row_no < d.last_row RETURNING s.row_no
"""

# Written so that its plan can't depend on statistics, which know nothing of a tenant that has
# just come: each staged row looks its product up by a unique index (LATERAL), and the upsert
# finds it again by the same index; no join is left to the planner.
_APPLY = """
WITH matched AS MATERIALIZED (
    SELECT s.row_no, s.expected_version, s.raw, s.data AS patch, s.clear, s.replace,
           p.id, p.version AS old_version, p.created_change_set_id, p.sku AS old_sku,
           p.sku_key AS old_sku_key, p.name AS old_name, p.active AS old_active,
           p.data AS old_data,
           {new_sku} AS sku, {new_sku_key} AS sku_key,
           coalesce(s.name, p.name, '') AS name, coalesce(s.active, p.active, true) AS active,
           CASE WHEN p.id IS NULL OR s.replace THEN s.data
                WHEN s.clear IS NULL THEN p.data || s.data
                ELSE (p.data || s.data) - s.clear END AS data
    FROM (SELECT * FROM pg_temp.product_stage ORDER BY {key}) s
    LEFT JOIN LATERAL (
        SELECT * FROM products p WHERE p.tenant_id = :tenant AND {match} FOR NO KEY UPDATE
    ) p ON true
), changed AS MATERIALIZED (
    SELECT coalesce(id, nextval('product_id_seq')) AS id, id IS NULL AS is_new,
           coalesce(created_change_set_id, :change_set) AS created_change_set_id,
           nextval('product_version_seq') AS version, patch, clear, replace, raw,
           sku, sku_key, name, active, data,
           old_sku, old_sku_key, old_name, old_active, old_data
    FROM matched
    WHERE CASE WHEN id IS NULL THEN :may_insert ELSE
        :may_update AND (expected_version IS NULL OR expected_version = old_version)
        AND (data <> old_data OR name <> old_name OR active <> old_active OR sku <> old_sku) END
    ORDER BY row_no
), kept AS (
    INSERT INTO product_changes (tenant_id, change_set_id, product_id, operation, version, before)
    SELECT :tenant, :change_set, id, 'update', version,
        jsonb_strip_nulls(jsonb_build_object(
            'sku', CASE WHEN sku <> old_sku THEN old_sku END,
            'sku_key', CASE WHEN sku <> old_sku THEN old_sku_key END,
            'name', CASE WHEN name <> old_name THEN old_name END,
            'active', CASE WHEN active <> old_active THEN old_active END
        )) || CASE WHEN data = old_data THEN '{{}}'::jsonb ELSE jsonb_build_object('data', (
            SELECT jsonb_object_agg(k, coalesce(old_data -> k, 'null'))
            FROM jsonb_object_keys(CASE WHEN replace OR clear IS NOT NULL
                                        THEN old_data || data ELSE patch END) k
            WHERE old_data -> k IS DISTINCT FROM data -> k
        )) END
    FROM changed WHERE NOT is_new
), written AS (
    INSERT INTO products (tenant_id, id, sku, sku_key, name, active, data, raw_data, source,
                          version, created_change_set_id, created_at, updated_at)
    SELECT :tenant, id, sku, sku_key, name, active, data, raw, :source, version,
           created_change_set_id, statement_timestamp(), statement_timestamp()
    FROM changed
    ON CONFLICT ({conflict}) DO UPDATE SET
        sku = excluded.sku, sku_key = excluded.sku_key, name = excluded.name,
        active = excluded.active, data = excluded.data,
        raw_data = coalesce(excluded.raw_data, products.raw_data), source = excluded.source,
        version = excluded.version, updated_at = excluded.updated_at
    -- A product that another transaction inserted meanwhile is left for a second pass.
    WHERE excluded.created_change_set_id <> :change_set
       OR products.created_change_set_id = :change_set
    RETURNING id, old.id IS NULL AS is_new
)
SELECT (SELECT count(*) FROM matched WHERE id IS NOT NULL) AS matched,
       (SELECT count(*) FROM matched WHERE expected_version <> old_version) AS stale,
       (SELECT count(*) FROM written WHERE NOT is_new) AS updated,
       (SELECT count(*) FROM written WHERE is_new) AS inserted,
       (SELECT min(id) FROM written WHERE is_new) AS first_id,
       (SELECT max(id) FROM written WHERE is_new) AS last_id
"""

_OUTCOMES = """
SELECT s.row_no, p.id, p.version,
       CASE WHEN p.id IS NULL THEN 'missing'
            WHEN p.created_change_set_id = :change_set THEN 'created'
            WHEN c.product_id IS NOT NULL THEN 'updated'
            WHEN s.expected_version <> p.version THEN 'stale'
            ELSE 'unchanged' END AS status
FROM pg_temp.product_stage s
LEFT JOIN LATERAL (  -- OFFSET 0 keeps it one look by the index for each row
    SELECT * FROM products p WHERE p.tenant_id = :tenant AND {match} OFFSET 0
) p ON true
LEFT JOIN LATERAL (
    SELECT c.product_id FROM product_changes c WHERE c.tenant_id = :tenant
       AND c.change_set_id = :change_set AND c.product_id = p.id OFFSET 0
) c ON true
"""

_DELETE = """
WITH gone AS (
    DELETE FROM products WHERE tenant_id = :tenant AND id = ANY({ids}) RETURNING *
), kept AS (
    INSERT INTO product_changes (tenant_id, change_set_id, product_id, operation, version, before)
    SELECT :tenant, :change_set, id, 'delete', nextval('product_version_seq'),
           jsonb_build_object(
               'sku', sku, 'sku_key', sku_key, 'name', name, 'active', active, 'data', data,
               'raw_data', raw_data, 'source', source,
               'ai_readability_score', ai_readability_score,
               'created_at', created_at, 'created_change_set_id', created_change_set_id)
    FROM gone RETURNING product_id
)
SELECT count(*) FROM kept
"""

# A product comes back as the one it was: its id, its first change set, its moment of creation. So
# it isn't among those its change set created, and has a history row to be found by.
_RESTORE = """
WITH back AS (
    INSERT INTO products (tenant_id, id, sku, sku_key, name, active, data, raw_data, source,
                          ai_readability_score, version, created_change_set_id, created_at,
                          updated_at)
    SELECT :tenant, b.id, b.sku, b.sku_key, b.name, b.active, b.data, b.raw_data, :source,
           b.ai_readability_score, nextval('product_version_seq'), b.created_change_set_id,
           b.created_at, statement_timestamp()
    FROM ({products}) b ORDER BY b.sku_key COLLATE "C"
    RETURNING id, version
), kept AS (
    INSERT INTO product_changes (tenant_id, change_set_id, product_id, operation, version, before)
    SELECT :tenant, :change_set, id, 'restore', version, '{{}}' FROM back RETURNING product_id
)
SELECT count(*) FROM kept
"""

_RECORD = """
INSERT INTO change_sets (tenant_id, id, source, reason, actor_user_id, actor_api_key_id,
    import_id, undoes_id, created_count, updated_count, unchanged_count, deleted_count,
    restored_count, failed_count, first_created_id, last_created_id)
VALUES (:tenant, :change_set, :source, :reason, :actor_user_id, :actor_api_key_id,
    :import_id, :undoes_id, :created, :updated, :unchanged, :deleted,
    :restored, :failed_count, :first_id, :last_id)
"""
_TELL_CONSUMERS = """
INSERT INTO change_set_deliveries (tenant_id, change_set_id, consumer)
SELECT :tenant, :change_set, name FROM change_set_consumers
"""


def apply_change_set(
    meta: ChangeSetMeta,
    rows: Sequence[StagedProduct],
    *,
    mode: Mode = "upsert",
    match_by: MatchBy = "sku",
) -> WriteResult:
    """Write these products and say what became of each, in their order.

    Values are canonical already. Raises IntegrityError when a rename meets another product's
    SKU; the caller's transaction is to be rolled back then.
    """
    return write_staged(
        meta, staging.staged_blocks(rows), mode=mode, match_by=match_by, with_outcomes=True
    )


def write_staged(
    meta: ChangeSetMeta,
    blocks: Iterable[bytes],
    *,
    mode: Mode = "upsert",
    match_by: MatchBy = "sku",
    with_outcomes: bool = False,
) -> WriteResult:
    """Write rows that are COPY text already (see `copytext.stage_lines`)."""
    connection = db.session.connection()
    tenant, change_set = current_tenant_id(), _next_change_set_id(connection)
    staged = staging.fill(connection, blocks)
    superseded = _supersede(connection) if match_by == "sku" else []
    counts = _apply_until_settled(
        connection,
        staged - len(superseded),
        mode,
        match_by,
        {"tenant": tenant, "change_set": change_set, "source": meta.source},
    )
    _record(connection, tenant, change_set, meta, counts)
    outcomes: tuple[Outcome, ...] = ()
    if with_outcomes:
        outcomes = _outcomes(connection, tenant, change_set, match_by, mode, staged, superseded)
    return WriteResult(
        change_set_id=change_set,
        created=counts["created"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        skipped=counts["skipped"],
        stale=counts["stale"],
        superseded=len(superseded),
        outcomes=outcomes,
    )


def delete_products(meta: ChangeSetMeta, product_ids: Sequence[int]) -> WriteResult:
    """Delete these products, keeping all they held; ids that aren't there are passed over."""
    connection = db.session.connection()
    tenant, change_set = current_tenant_id(), _next_change_set_id(connection)
    deleted = connection.execute(
        text(_DELETE.format(ids=":ids")),
        {"tenant": tenant, "change_set": change_set, "ids": list(product_ids)},
    ).scalar_one()
    _record(connection, tenant, change_set, meta, {"deleted": deleted})
    return WriteResult(change_set_id=change_set, deleted=deleted)


def write_planned(
    meta: ChangeSetMeta, *, deletes: str, staged: int, restores: str, params: Mapping[str, Any]
) -> WriteResult:
    """Write what was prepared in temporary tables, as one change set: the way of undo.

    deletes: a query of ids. staged: how many rows, by id, the staging table holds. restores: a
    query of the products to come back, with all their columns. params: of both queries. In this
    order, so that a SKU is free before it is taken. Raises IntegrityError when somebody took one
    this very moment; the caller's transaction is to be rolled back then.
    """
    connection = db.session.connection()
    tenant, change_set = current_tenant_id(), _next_change_set_id(connection)
    told = {"tenant": tenant, "change_set": change_set, "source": meta.source}
    asked = {**params, **told}
    deleted = connection.execute(text(_DELETE.format(ids=f"ARRAY({deletes})")), asked).scalar_one()
    counts = _apply_until_settled(connection, staged, "update_only", "id", told) if staged else {}
    restored = connection.execute(text(_RESTORE.format(products=restores)), asked).scalar_one()
    counts |= {"deleted": deleted, "restored": restored}
    _record(connection, tenant, change_set, meta, counts)
    return WriteResult(
        change_set_id=change_set,
        updated=counts.get("updated", 0),
        unchanged=counts.get("unchanged", 0),
        deleted=deleted,
        restored=restored,
    )


def _next_change_set_id(connection: Connection) -> int:
    found = connection.execute(
        text("SELECT nextval(pg_get_serial_sequence('change_sets', 'id'))")
    ).scalar_one()
    return int(found)


def _supersede(connection: Connection) -> list[int]:
    """Take rows out of the staging table that a later row of the same SKU replaces."""
    return [row.row_no for row in connection.execute(text(_SUPERSEDE))]


def _apply_until_settled(
    connection: Connection, rows: int, mode: Mode, match_by: MatchBy, params: dict[str, Any]
) -> dict[str, Any]:
    """Apply the staged rows; again, should another transaction have inserted a SKU meanwhile.

    A second pass sees those products as existing ones. It is harmless for all other rows: what
    was written a moment ago is equal to what is staged.
    """
    new_sku, new_sku_key = _NEW_SKU[match_by]
    statement = text(
        _APPLY.format(
            match=_MATCH[match_by],
            key=_KEY[match_by],
            conflict=_CONFLICT[match_by],
            new_sku=new_sku,
            new_sku_key=new_sku_key,
        )
    )
    may_insert = mode != "update_only" and match_by == "sku"
    params = params | {"may_update": mode != "create_only", "may_insert": may_insert}
    passes: list[Row[Any]] = []
    while True:
        done = connection.execute(statement, params).one()
        passes.append(done)
        if not may_insert or done.matched + done.inserted == rows:
            break
    created = sum(p.inserted for p in passes)
    updated = sum(p.updated for p in passes)
    stale = sum(p.stale for p in passes)
    matched_before = passes[-1].matched - sum(p.inserted for p in passes[:-1])
    skipped = matched_before if mode == "create_only" else rows - created - matched_before
    return {
        "created": created,
        "updated": updated,
        "skipped": skipped,
        "stale": stale,
        "unchanged": rows - created - updated - skipped - stale,
        "deleted": 0,
        "first_id": min((p.first_id for p in passes if p.first_id is not None), default=None),
        "last_id": max((p.last_id for p in passes if p.last_id is not None), default=None),
    }


def _record(
    connection: Connection,
    tenant: int,
    change_set: int,
    meta: ChangeSetMeta,
    counts: dict[str, Any],
) -> None:
    touching = ("created", "updated", "deleted", "restored")
    params = {**dict.fromkeys((*touching, "unchanged"), 0), "first_id": None, "last_id": None}
    params |= {**asdict(meta), **counts, "tenant": tenant, "change_set": change_set}
    connection.execute(text(_RECORD), params)
    if any(params[name] for name in touching):
        connection.execute(text(_TELL_CONSUMERS), {"tenant": tenant, "change_set": change_set})
        change_set_written.send(tenant, change_set_id=change_set)


def _outcomes(
    connection: Connection,
    tenant: int,
    change_set: int,
    match_by: MatchBy,
    mode: Mode,
    staged: int,
    superseded: list[int],
) -> tuple[Outcome, ...]:
    rows = connection.execute(
        text(_OUTCOMES.format(match=_MATCH[match_by])), {"tenant": tenant, "change_set": change_set}
    ).all()
    # The numbers of staged rows may have gaps.
    numbers = max((row.row_no + 1 for row in rows), default=0)
    found: list[Outcome] = [Outcome("superseded")] * max(staged, numbers)
    for row in rows:
        status = row.status
        if (status == "missing" and match_by == "sku") or (
            status == "unchanged" and mode == "create_only"
        ):
            status = "skipped"
        found[row.row_no] = Outcome(status, row.id, row.version)
    return tuple(found)
