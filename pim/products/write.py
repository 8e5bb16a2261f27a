"""The one write path: every change of products, one row or a million, goes through here.

Rows are staged by COPY. One statement then updates the products they name where they differ, and
keeps the before-images of the values that change; another inserts those that aren't there. All of
it, the change set and the notes to its consumers included, belongs to the caller's transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from pim.core.db import db
from pim.core.dberrors import UNIQUE, sqlstate
from pim.core.tenancy import current_tenant_id
from pim.products import staging
from pim.products.changes import ChangeSetMeta, MatchBy, Mode, Outcome, StagedProduct, WriteResult
from pim.products.signals import change_set_written

# What every statement is told: tenant, change_set, source.
Told = dict[str, Any]

# How a staged row finds its product. Only these texts ever enter the statements.
_MATCH: dict[MatchBy, str] = {"sku": "p.sku_key = s.sku_key", "id": "p.id = s.product_id"}
# By SKU, products are written in the order of their keys, so that two who change the same ones
# don't wait for each other. By id, rows may hand a SKU on from one to the next, so their order
# counts; those products are locked beforehand, and found by where they lie.
_FOUND: dict[MatchBy, str] = {"sku": _MATCH["sku"], "id": "p.ctid = s.at"}
_ORDER: dict[MatchBy, str] = {"sku": "sku_key", "id": "row_no"}
_NEW_SKU: dict[MatchBy, tuple[str, str]] = {
    # Matched by SKU, a product keeps its SKU as it was first written.
    "sku": ("p.sku", "p.sku_key"),
    "id": ("coalesce(s.sku, p.sku)", "coalesce(s.sku_key, p.sku_key)"),
}

# Each staged row is to look its product up. The planner would rather join whole tables: its
# statistics know nothing of a tenant that has just come, nor of the staging table.
_OTHER_WAYS = ("hashjoin", "mergejoin", "bitmapscan", "seqscan")
_WAYS: dict[MatchBy, tuple[str, ...]] = {"sku": _OTHER_WAYS, "id": (*_OTHER_WAYS, "indexscan")}
_LOOK_UP = {
    match_by: "SELECT " + ", ".join(f"set_config('enable_{way}', :on, true)" for way in ways)
    for match_by, ways in _WAYS.items()
}

_SUPERSEDE = """
DELETE FROM pg_temp.product_stage s USING (
    SELECT sku_key, max(row_no) AS last_row FROM pg_temp.product_stage
    GROUP BY sku_key HAVING count(*) > 1
) d WHERE s.sku_key = d.sku_key AND s.row_no < d.last_row RETURNING s.row_no
"""

_LOCK_BY_ID = """
SELECT count(*) FROM (
    SELECT FROM products WHERE tenant_id = :tenant
       AND id = ANY(ARRAY(SELECT product_id FROM pg_temp.product_stage))
    ORDER BY id FOR NO KEY UPDATE
) locked
"""
_FIND_BY_ID = """
UPDATE pg_temp.product_stage s SET at = (
    SELECT ctid FROM products p WHERE p.tenant_id = :tenant AND p.id = s.product_id)
"""

# A row that somebody else changed meanwhile is looked at again, its version taken anew.
_PATCHED = """CASE WHEN s.replace THEN s.data
                WHEN s.clear IS NULL THEN p.data || s.data
                ELSE (p.data || s.data) - s.clear END"""
_UPDATE = f"""
WITH written AS (
    UPDATE products p SET
        sku = {{new_sku}}, sku_key = {{new_sku_key}}, name = coalesce(s.name, p.name),
        active = coalesce(s.active, p.active), data = {_PATCHED},
        raw_data = coalesce(s.raw, p.raw_data), source = :source, row_hash = s.row_hash,
        version = nextval('product_version_seq'), updated_at = statement_timestamp()
    FROM (SELECT * FROM pg_temp.product_stage ORDER BY {{order}}) s
    WHERE p.tenant_id = :tenant AND {{found}}
      AND (s.expected_version IS NULL OR s.expected_version = p.version)
      AND ({_PATCHED} <> p.data OR coalesce(s.name, p.name) <> p.name
           OR coalesce(s.active, p.active) <> p.active OR {{new_sku}} <> p.sku)
    RETURNING new.id, new.version, s.data AS patch, s.replace OR s.clear IS NOT NULL AS any_field,
              old.sku AS old_sku, old.sku_key AS old_sku_key, old.name AS old_name,
              old.active AS old_active, old.data AS old_data,
              new.sku, new.name, new.active, new.data
)
INSERT INTO product_changes (tenant_id, change_set_id, product_id, operation, version, before)
SELECT :tenant, :change_set, id, 'update', version,
    CASE WHEN name = old_name AND active = old_active AND sku = old_sku THEN '{{{{}}}}'::jsonb
    ELSE jsonb_strip_nulls(jsonb_build_object(
        'sku', CASE WHEN sku <> old_sku THEN old_sku END,
        'sku_key', CASE WHEN sku <> old_sku THEN old_sku_key END,
        'name', CASE WHEN name <> old_name THEN old_name END,
        'active', CASE WHEN active <> old_active THEN old_active END
    )) END || CASE WHEN data = old_data THEN '{{{{}}}}'::jsonb ELSE jsonb_build_object('data', (
        SELECT jsonb_object_agg(k, coalesce(old_data -> k, 'null'))
        FROM jsonb_object_keys(CASE WHEN any_field THEN old_data || data ELSE patch END) k
        WHERE old_data -> k IS DISTINCT FROM data -> k
    )) END
FROM written
"""  # noqa: S608

_NEW_PRODUCTS = """
INSERT INTO products (tenant_id, id, sku, sku_key, name, active, data, raw_data, source, row_hash,
                      version, created_change_set_id, created_at, updated_at)
SELECT :tenant, nextval('product_id_seq'), sku, sku_key, coalesce(name, ''),
       coalesce(active, true), data, raw, :source, row_hash, nextval('product_version_seq'),
       :change_set, statement_timestamp(), statement_timestamp()
"""
_INSERT_STAGED = _NEW_PRODUCTS + "FROM pg_temp.product_stage"
# A product that another transaction inserted meanwhile is left for a second pass.
_INSERT_MISSING = f"""
WITH missing AS MATERIALIZED (
    SELECT * FROM pg_temp.product_stage s WHERE NOT EXISTS (
        SELECT FROM products p WHERE p.tenant_id = :tenant AND p.sku_key = s.sku_key)
    ORDER BY row_no
), written AS (
    {_NEW_PRODUCTS} FROM missing ON CONFLICT (tenant_id, sku_key) DO NOTHING RETURNING id
)
SELECT (SELECT count(*) FROM missing) AS missing, (SELECT count(*) FROM written) AS inserted
"""  # noqa: S608

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
    new_blocks: Iterable[bytes] = (),
    mode: Mode = "upsert",
    match_by: MatchBy = "sku",
    with_outcomes: bool = False,
) -> WriteResult:
    """Write rows that are COPY text already (see `copytext.stage_lines`).

    new_blocks: rows whose SKUs differ and were found to be new; they are spared the search for
    their products. Should one have come meanwhile, they are written as all others.
    """
    connection = db.session.connection()
    tenant, change_set = current_tenant_id(), _next_change_set_id(connection)
    told = {"tenant": tenant, "change_set": change_set, "source": meta.source}
    counts = _Counts(first_id=_next_product_id(connection) + 1)
    if new := staging.fill(connection, new_blocks):
        _write_new(connection, new, mode, told, counts)
        staging.clear(connection)
    superseded: list[int] = []
    if staged := staging.fill(connection, blocks):
        superseded = _supersede(connection) if match_by == "sku" else []
        _write_any(connection, staged - len(superseded), mode, match_by, told, counts)
    outcomes: tuple[Outcome, ...] = ()
    if with_outcomes:
        outcomes = _outcomes(connection, told, match_by, mode, staged, superseded)
        counts.settle(outcomes)
    _record(connection, told, meta, counts)
    return WriteResult(
        change_set_id=change_set,
        created=counts.created,
        updated=counts.updated,
        unchanged=counts.unchanged,
        skipped=counts.skipped,
        stale=counts.stale,
        superseded=len(superseded),
        outcomes=outcomes,
    )


def delete_products(meta: ChangeSetMeta, product_ids: Sequence[int]) -> WriteResult:
    """Delete these products, keeping all they held; ids that aren't there are passed over."""
    connection = db.session.connection()
    change_set = _next_change_set_id(connection)
    told = {"tenant": current_tenant_id(), "change_set": change_set}
    deleted = connection.execute(
        text(_DELETE.format(ids=":ids")), told | {"ids": list(product_ids)}
    ).scalar_one()
    _record(connection, told, meta, _Counts(deleted=deleted))
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
    counts = _Counts(deleted=deleted)
    if staged:
        _write_any(connection, staged, "update_only", "id", told, counts)
    counts.restored = connection.execute(
        text(_RESTORE.format(products=restores)), asked
    ).scalar_one()
    _record(connection, told, meta, counts)
    return WriteResult(
        change_set_id=change_set,
        updated=counts.updated,
        unchanged=counts.unchanged,
        deleted=deleted,
        restored=counts.restored,
    )


@dataclass(slots=True)
class _Counts:
    """What a change set comes to. first_id, last_id: what it created has its ids in between."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    stale: int = 0
    deleted: int = 0
    restored: int = 0
    first_id: int | None = None
    last_id: int | None = None

    @property
    def touching(self) -> int:
        """How many products are other than before."""
        return self.created + self.updated + self.deleted + self.restored

    def settle(self, outcomes: Sequence[Outcome]) -> None:
        """Tell apart, row by row, what the statements can't when they only count."""
        found = Counter(outcome.status for outcome in outcomes)
        self.unchanged, self.stale = found["unchanged"], found["stale"]
        self.skipped = found["skipped"] + found["missing"]


def _next_change_set_id(connection: Connection) -> int:
    found = connection.execute(
        text("SELECT nextval(pg_get_serial_sequence('change_sets', 'id'))")
    ).scalar_one()
    return int(found)


def _supersede(connection: Connection) -> list[int]:
    """Take rows out of the staging table that a later row of the same SKU replaces."""
    return [row.row_no for row in connection.execute(text(_SUPERSEDE))]


def _next_product_id(connection: Connection) -> int:
    return int(connection.execute(text("SELECT nextval('product_id_seq')")).scalar_one())


def _write_new(connection: Connection, rows: int, mode: Mode, told: Told, counts: _Counts) -> None:
    """Insert the staged rows; all of them as any others if one of them is there by now."""
    try:
        with connection.begin_nested():
            connection.execute(text(_INSERT_STAGED), told)
    except IntegrityError as error:
        if sqlstate(error) != UNIQUE:
            raise
        _write_any(connection, rows - len(_supersede(connection)), mode, "sku", told, counts)
    else:
        counts.created += rows


def _write_any(
    connection: Connection,
    rows: int,
    mode: Mode,
    match_by: MatchBy,
    told: Told,
    counts: _Counts,
) -> None:
    """Write the staged rows, of which some have their products and some may be new.

    Again, should another transaction have inserted a SKU meanwhile: a second pass sees those
    products as existing ones. It is harmless for all other rows, which are equal to what is staged.
    """
    new_sku, new_sku_key = _NEW_SKU[match_by]
    update = text(
        _UPDATE.format(
            found=_FOUND[match_by], order=_ORDER[match_by], new_sku=new_sku, new_sku_key=new_sku_key
        )
    )
    may_update = mode != "create_only"
    may_insert = mode != "update_only" and match_by == "sku"
    updated = created = 0
    if match_by == "id":
        connection.execute(text(_LOCK_BY_ID), told)
        connection.execute(text(_FIND_BY_ID), told)
    with looking_up(connection, match_by):
        while True:
            if may_update:
                updated += connection.execute(update, told).rowcount
            if not may_insert:
                break
            found = connection.execute(text(_INSERT_MISSING), told).one()
            created += found.inserted
            if found.inserted == found.missing or not may_update:
                break
    counts.created += created
    counts.updated += updated
    if may_update:
        counts.unchanged += rows - created - updated
    else:
        counts.skipped += rows - created


@contextmanager
def looking_up(connection: Connection, match_by: MatchBy = "sku") -> Iterator[None]:
    """Have PostgreSQL look products up one by one for staged rows, whatever it believes of them."""
    connection.execute(text(_LOOK_UP[match_by]), {"on": "off"})
    yield
    connection.execute(text(_LOOK_UP[match_by]), {"on": "on"})


def _record(connection: Connection, told: Told, meta: ChangeSetMeta, counts: _Counts) -> None:
    if counts.created:
        counts.last_id = _next_product_id(connection) - 1
    else:
        counts.first_id = None
    connection.execute(text(_RECORD), {**told, **asdict(meta), **asdict(counts)})
    if counts.touching:
        connection.execute(text(_TELL_CONSUMERS), told)
        change_set_written.send(told["tenant"], change_set_id=told["change_set"])


def _outcomes(
    connection: Connection,
    told: Told,
    match_by: MatchBy,
    mode: Mode,
    staged: int,
    superseded: list[int],
) -> tuple[Outcome, ...]:
    rows = connection.execute(text(_OUTCOMES.format(match=_MATCH[match_by])), told).all()
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
