"""What PostgreSQL has to say of products, streamed in blocks at flat memory.

As lines of COPY, which ClickHouse reads as they are (`extract`), or as columns of values, which is
the reference. Joins are written as LATERAL look-ups by index, because right after a large import
the statistics know nothing of it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from pim.core.db import db
from pim.core.tenancy import current_tenant_id

# Rows that are read, projected and inserted at once.
BLOCK_ROWS = 25_000
# Lines that are inserted at once: few parts to merge, two such blocks in memory.
BLOCK_BYTES = 32 * 1024 * 1024

Block = dict[str, Sequence[Any]]

# Names as in ClickHouse. Moments are whole microseconds; data is jsonb's own text, which is the
# same for the same content and so can be compared byte by byte.
_PRODUCT: Mapping[str, str] = {
    "product_id": "p.id",
    "sku": "p.sku",
    "sku_key": "p.sku_key",
    "name": "p.name",
    "active": "p.active",
    "source": "p.source",
    "ai_readability_score": "p.ai_readability_score",
    "version": "p.version",
    "deleted": "0",
    "created_at": "(date_part('epoch', p.created_at) * 1000000)::bigint",
    "updated_at": "(date_part('epoch', p.updated_at) * 1000000)::bigint",
    "data": "p.data::text",
}
# A deleted product leaves its id and its last version, nothing of what it held.
_TOMBSTONE: Mapping[str, str] = {
    "product_id": "c.product_id",
    "sku": "''",
    "sku_key": "''",
    "name": "''",
    "active": "false",
    "source": "''",
    "ai_readability_score": "NULL::float8",
    "version": "c.version",
    "deleted": "1",
    "created_at": "0::bigint",
    "updated_at": "0::bigint",
    "data": "'{}'",
}

_TOUCHED = """
SELECT {product} FROM change_sets s CROSS JOIN LATERAL (
    SELECT * FROM products
    WHERE tenant_id = %(tenant)s AND id BETWEEN s.first_created_id AND s.last_created_id
      AND created_change_set_id = s.id OFFSET 0
) p WHERE s.tenant_id = %(tenant)s AND s.id = ANY(%(change_sets)s)
UNION ALL
SELECT {product} FROM (
    SELECT DISTINCT product_id FROM product_changes
    WHERE tenant_id = %(tenant)s AND change_set_id = ANY(%(change_sets)s)
      AND operation <> 'delete'
) c CROSS JOIN LATERAL (
    SELECT * FROM products WHERE tenant_id = %(tenant)s AND id = c.product_id OFFSET 0
) p
UNION ALL
SELECT {tombstone} FROM product_changes c
WHERE c.tenant_id = %(tenant)s AND c.change_set_id = ANY(%(change_sets)s)
  AND c.operation = 'delete'
"""
_ALL = "SELECT {product} FROM products p WHERE p.tenant_id = %(tenant)s ORDER BY p.id"
_VERSIONS = "SELECT id, version FROM products WHERE tenant_id = %(tenant)s ORDER BY id"


def touched_by(change_sets: Sequence[int]) -> Iterator[Block]:
    """The products these change sets created, changed or deleted, as they are now.

    One that was deleted since it was changed isn't there; the change set that deleted it says so.
    """
    return _blocks(_TOUCHED, {"change_sets": list(change_sets)})


def all_products() -> Iterator[Block]:
    """Every product of the tenant, as of one moment."""
    return _blocks(_ALL, {})


def lines_touched_by(change_sets: Sequence[int]) -> Generator[bytes, None, None]:
    """`touched_by` as lines of COPY, in blocks; the transaction can do nothing else meanwhile."""
    return _lines(_TOUCHED, {"change_sets": list(change_sets)})


def all_lines() -> Generator[bytes, None, None]:
    """`all_products` as lines of COPY, in blocks."""
    return _lines(_ALL, {})


def all_versions() -> Iterator[tuple[int, int]]:
    """(id, version) of every product of the tenant, by id."""
    for rows in _fetch(sql.SQL(_VERSIONS), {}):
        yield from rows


def _blocks(query: str, parameters: Mapping[str, Any]) -> Iterator[Block]:
    statement = sql.SQL(query).format(product=_columns(_PRODUCT), tombstone=_columns(_TOMBSTONE))
    tenant = current_tenant_id()
    for rows in _fetch(statement, parameters):
        block: Block = dict(zip(_PRODUCT, zip(*rows, strict=True), strict=True))
        block["tenant_id"] = [tenant] * len(rows)
        yield block


def _lines(query: str, parameters: Mapping[str, Any]) -> Generator[bytes, None, None]:
    # COPY takes no bound values; these are whole numbers, and written as such.
    values = {"tenant": current_tenant_id(), **parameters}
    query = re.sub(r"%\((\w+)\)s", r"{\1}", query)
    copy = "COPY (" + query + ") TO STDOUT"
    statement = sql.SQL(copy).format(
        product=_columns(_PRODUCT),
        tombstone=_columns(_TOMBSTONE),
        **{name: sql.Literal(value) for name, value in values.items()},
    )
    with _connection().cursor() as cursor, cursor.copy(statement) as copied:
        block = bytearray()
        for line in copied:
            block += line
            if len(block) >= BLOCK_BYTES:
                yield bytes(block)
                block.clear()
        if block:
            yield bytes(block)


def _columns(expressions: Mapping[str, str]) -> sql.Composed:
    # Only the texts above.
    return sql.SQL(", ").join(sql.SQL(text) for text in expressions.values())


def _fetch(
    statement: sql.SQL | sql.Composed, parameters: Mapping[str, Any]
) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a cursor on the server, block by block, in the session's transaction."""
    with _connection().cursor(name=f"analytics_{secrets.token_hex(4)}") as cursor:
        cursor.execute(statement, {"tenant": current_tenant_id(), **parameters}, binary=True)
        while rows := cursor.fetchmany(BLOCK_ROWS):
            yield rows


def _connection() -> psycopg.Connection[Any]:
    """The driver's connection of the session's transaction."""
    connection = db.session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection
