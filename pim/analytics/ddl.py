"""The tables in ClickHouse, in versions. Safe to run at any time, by several at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pim.analytics.client import ClickHouse, identifier
from pim.analytics.kinds import column_type

PRODUCTS = "products"

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
# version → what brings the tables there. Each statement may be run again.
_MIGRATIONS: Mapping[int, tuple[str, ...]] = {1: (_CREATE_PRODUCTS,)}


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
