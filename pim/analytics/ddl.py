"""The tables in ClickHouse, in versions. Safe to run at any time, by several at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pim.analytics.client import ClickHouse, identifier
from pim.analytics.folding import BEYOND_ASCII, beyond_ascii
from pim.analytics.kinds import column_type

PRODUCTS = "products"
# Every table with rows of tenants.
TENANT_TABLES = (
    PRODUCTS,
    "product_membership_sets",
    "product_membership_changes",
    "events",
    "segment_memberships",
)

# The columns every product has; attribute columns are added as fields need them (see `kinds`).
FIXED_COLUMNS: Mapping[str, str] = {
    "tenant_id": "UInt64",
    "product_id": "UInt64",
    "sku": "String",
    "sku_key": "String",
    "name": "String",
    "active": "Bool",
    "source": "LowCardinality(String)",
    "ai_readability_score": "Nullable(Float64)",
    "version": "UInt64",
    "deleted": "UInt8",
    "created_at": "DateTime64(6, 'UTC')",
    "updated_at": "DateTime64(6, 'UTC')",
    "data": "String",
}
_CODECS = {
    "product_id": " CODEC(Delta(8), LZ4)",
    "version": " CODEC(Delta(8), LZ4)",
    "created_at": " CODEC(Delta(8), LZ4)",
    "updated_at": " CODEC(Delta(8), LZ4)",
    "data": " CODEC(ZSTD(1))",
}

_CREATE_PRODUCTS = """
CREATE TABLE IF NOT EXISTS products {on_cluster} ({columns})
ENGINE = {replicated}ReplacingMergeTree(version, deleted)
ORDER BY (tenant_id, product_id)
SETTINGS min_age_to_force_merge_seconds = 300
"""
_CREATE_MIGRATIONS = """
CREATE TABLE IF NOT EXISTS pim_migrations {on_cluster}
    (version UInt32, applied_at DateTime('UTC') DEFAULT now())
ENGINE = {replicated}MergeTree ORDER BY version
"""
# One row is all of a segment's members at one time: it is there or it isn't, so readers never see
# a part. Which of them counts is in PostgreSQL.
_CREATE_MEMBERSHIP_SETS = """
CREATE TABLE IF NOT EXISTS product_membership_sets {on_cluster} (
    tenant_id UInt64, segment_id UInt64, generation UInt64,
    members AggregateFunction(groupBitmap, UInt64),
    computed_at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
)
ENGINE = {replicated}MergeTree ORDER BY (tenant_id, segment_id, generation)
"""
_CREATE_MEMBERSHIP_CHANGES = """
CREATE TABLE IF NOT EXISTS product_membership_changes {on_cluster} (
    tenant_id UInt64, segment_id UInt64, generation UInt64,
    product_id UInt64 CODEC(Delta(8), LZ4), entered UInt8,
    at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')
)
ENGINE = {replicated}MergeTree ORDER BY (tenant_id, segment_id, generation, entered, product_id)
TTL toDateTime(at) + INTERVAL 90 DAY
"""
# For other readers of this database: the newest members of every segment, with their SKUs.
_CREATE_MEMBERSHIPS = """
CREATE VIEW IF NOT EXISTS product_memberships {on_cluster} AS
SELECT m.tenant_id AS tenant_id, m.segment_id AS segment_id, m.product_id AS product_id,
       p.sku AS sku, m.computed_at AS computed_at
FROM (
    SELECT tenant_id, segment_id, arrayJoin(bitmapToArray(members)) AS product_id, computed_at
    FROM product_membership_sets WHERE (tenant_id, segment_id, generation) IN (
        SELECT tenant_id, segment_id, max(generation) FROM product_membership_sets
        GROUP BY tenant_id, segment_id
    )
) AS m
INNER JOIN (SELECT tenant_id, product_id, sku FROM products FINAL) AS p
    ON p.tenant_id = m.tenant_id AND p.product_id = m.product_id
"""
_CREATE_EVENTS = """
CREATE TABLE IF NOT EXISTS events {on_cluster} (
    tenant_id UInt64, event_id String, event_type LowCardinality(String), user_id String,
    timestamp DateTime64(6, 'UTC'), properties String CODEC(ZSTD(1))
)
ENGINE = {replicated}ReplacingMergeTree
ORDER BY (tenant_id, event_type, user_id, event_id)
TTL toDateTime(timestamp) + INTERVAL 2 YEAR
"""
_CREATE_USERS = """
CREATE TABLE IF NOT EXISTS segment_memberships {on_cluster} (
    tenant_id UInt64, segment_id String, user_id String, version UInt64, deleted UInt8
)
ENGINE = {replicated}ReplacingMergeTree(version, deleted)
ORDER BY (tenant_id, segment_id, user_id)
SETTINGS min_age_to_force_merge_seconds = 300
"""
# All texts of a product are in these four. Until the second statement has been carried out, in the
# background, ClickHouse finds out at each question. When the special characters change, there has
# to be another migration.
_ADD_BEYOND_ASCII = (
    "ALTER TABLE products {on_cluster} ADD COLUMN IF NOT EXISTS "
    f"{BEYOND_ASCII} UInt8 MATERIALIZED {beyond_ascii(('data', 'name', 'sku', 'source'))} "
    "AFTER data",
    f"ALTER TABLE products {{on_cluster}} MATERIALIZE COLUMN {BEYOND_ASCII}",
)
# version → what brings the tables there. Each statement may be run again.
_MIGRATIONS: Mapping[int, tuple[str, ...]] = {
    1: (_CREATE_PRODUCTS,),
    2: (
        _CREATE_MEMBERSHIP_SETS,
        _CREATE_MEMBERSHIP_CHANGES,
        _CREATE_MEMBERSHIPS,
        _CREATE_EVENTS,
        _CREATE_USERS,
    ),
    3: _ADD_BEYOND_ASCII,
}


def migrate(server: ClickHouse) -> int:
    """Bring the tables to the newest version, and say which it is."""
    words = {
        "on_cluster": _on_cluster(server),
        "replicated": "Replicated" if server.cluster else "",
        "columns": ", ".join(
            f"{name} {type_name}{_CODECS.get(name, '')}"
            for name, type_name in FIXED_COLUMNS.items()
        ),
    }
    server.command(
        f"CREATE DATABASE IF NOT EXISTS {server.database} {words['on_cluster']}", in_database=False
    )
    server.command(_CREATE_MIGRATIONS.format(**words))
    applied = server.rows("SELECT max(version) FROM pim_migrations")[0][0]
    for version, statements in _MIGRATIONS.items():
        if version <= applied:
            continue
        for statement in statements:
            server.command(statement.format(**words))
        server.insert("pim_migrations", {"version": [version]}, {"version": "UInt32"})
    return max(_MIGRATIONS)


def columns_there(server: ClickHouse) -> set[str]:
    """The columns the table of products has now."""
    found = server.rows(
        "SELECT name FROM system.columns "
        "WHERE database = {database:String} AND table = {table:String}",
        {"database": server.database, "table": PRODUCTS},
    )
    return {str(row[0]) for row in found}


def add_columns(server: ClickHouse, names: Iterable[str]) -> None:
    """Add attribute columns; those that are there already are passed over."""
    wanted = [(identifier(name), column_type(name)) for name in names]
    if not wanted:
        return
    if unknown := [name for name, type_name in wanted if type_name is None]:
        raise ValueError(f"{unknown[0]!r} is no attribute column")
    parts = ", ".join(f"ADD COLUMN IF NOT EXISTS {name} {its_type}" for name, its_type in wanted)
    server.command(f"ALTER TABLE {PRODUCTS} {_on_cluster(server)} {parts}")


def _on_cluster(server: ClickHouse) -> str:
    return f"ON CLUSTER {server.cluster}" if server.cluster else ""
