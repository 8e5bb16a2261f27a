"""What PostgreSQL has to say of products, streamed at flat memory.

As lines of COPY, which ClickHouse reads as they are (`extract`), or as blocks of values, which is
the reference. No plan is left to statistics, which know nothing of a large import right after it:
joins are LATERAL look-ups by index, and many ids are one array, for which PostgreSQL walks along
the index once instead of from its root for each.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from pim.core.db import db
from pim.core.tenancy import current_tenant_id

# Products whose values are read, projected and inserted at once.
BLOCK_ROWS = 25_000
# Bytes of lines that are handed on at once.
PIECE_BYTES = 256 * 1024

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

# Only the texts above.
_COLUMNS = {
    name: sql.SQL(", ").join(map(sql.SQL, expressions.values()))
    for name, expressions in (("product", _PRODUCT), ("tombstone", _TOMBSTONE))
}
_PARAMETER = re.compile(r"%\((\w+)\)s")

_TOUCHED = """
SELECT {product} FROM change_sets s CROSS JOIN LATERAL (
    SELECT * FROM products
    WHERE tenant_id = %(tenant)s AND id BETWEEN s.first_created_id AND s.last_created_id
      AND created_change_set_id = s.id OFFSET 0
) p WHERE s.tenant_id = %(tenant)s AND s.id = ANY(%(change_sets)s)
UNION ALL
SELECT {product} FROM products p WHERE p.tenant_id = %(tenant)s AND p.id = ANY(ARRAY(
    SELECT product_id FROM product_changes
    WHERE tenant_id = %(tenant)s AND change_set_id = ANY(%(change_sets)s)
      AND operation <> 'delete'
))
UNION ALL
SELECT {tombstone} FROM product_changes c
WHERE c.tenant_id = %(tenant)s AND c.change_set_id = ANY(%(change_sets)s)
  AND c.operation = 'delete'
"""
_BETWEEN = """
SELECT {product} FROM products p
WHERE p.tenant_id = %(tenant)s AND p.id BETWEEN %(low)s AND %(high)s ORDER BY p.id
"""
_VERSIONS = "SELECT id, version FROM products WHERE tenant_id = %(tenant)s ORDER BY id"
_EVERY_NTH = """
SELECT id FROM (
    SELECT id, row_number() OVER (ORDER BY id) AS number FROM products
    WHERE tenant_id = %(tenant)s
) p WHERE number %% %(together)s = 0 ORDER BY id
"""


class Selection:
    """Products of the tenant in force. Reading some keeps the session's transaction busy.

    count: how many there were, once all have been read.
    """

    def __init__(self, query: str, parameters: Mapping[str, Any]) -> None:
        self.count = 0
        self._query = query
        self._parameters = {"tenant": current_tenant_id(), **parameters}

    def lines(self) -> Generator[bytes, None, None]:
        """Whole lines of COPY, in pieces; to be closed by who doesn't read to the end."""
        # COPY takes no bound values; these are whole numbers, and written as such.
        literals = {name: sql.Literal(value) for name, value in self._parameters.items()}
        query = sql.SQL(_PARAMETER.sub(r"{\1}", self._query)).format(**_COLUMNS, **literals)
        statement = sql.SQL("COPY ({}) TO STDOUT").format(query)
        with _connection().cursor() as cursor:
            with cursor.copy(statement) as copied:
                yield from _pieces(copied)
            self.count = cursor.rowcount

    def values(self) -> Iterator[Block]:
        """Blocks of values, column by column."""
        statement = sql.SQL(self._query).format(**_COLUMNS)
        self.count = 0
        for rows in _fetch(statement, self._parameters):
            block: Block = dict(zip(_PRODUCT, zip(*rows, strict=True), strict=True))
            block["tenant_id"] = [self._parameters["tenant"]] * len(rows)
            self.count += len(rows)
            yield block


def touched_by(change_sets: Sequence[int]) -> Selection:
    """The products these change sets created, changed or deleted, as they are now.

    One that was deleted since it was changed isn't there; the change set that deleted it says so.
    """
    return Selection(_TOUCHED, {"change_sets": list(change_sets)})


def all_products(together: int) -> Iterator[Selection]:
    """Every product of the tenant, so many together."""
    low, tenant = 0, current_tenant_id()
    found = _connection().execute(_EVERY_NTH, {"tenant": tenant, "together": together})
    for (product_id,) in found.fetchall():
        yield Selection(_BETWEEN, {"low": low, "high": product_id})
        low = product_id + 1
    yield Selection(_BETWEEN, {"low": low, "high": 2**63 - 1})


def all_versions() -> Iterator[tuple[int, int]]:
    """(id, version) of every product of the tenant, by id."""
    for rows in _fetch(sql.SQL(_VERSIONS), {"tenant": current_tenant_id()}):
        yield from rows


def _pieces(lines: Iterable[bytes | bytearray | memoryview]) -> Iterator[bytes]:
    piece = bytearray()
    for line in lines:
        piece += line
        if len(piece) >= PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def _fetch(
    statement: sql.SQL | sql.Composed, parameters: Mapping[str, Any]
) -> Iterator[list[tuple[Any, ...]]]:
    """Rows of a cursor on the server, block by block, in the session's transaction."""
    with _connection().cursor(name=f"analytics_{secrets.token_hex(4)}") as cursor:
        cursor.execute(statement, parameters, binary=True)
        while rows := cursor.fetchmany(BLOCK_ROWS):
            yield rows


def _connection() -> psycopg.Connection[Any]:
    """The driver's connection of the session's transaction."""
    connection = db.session.connection().connection.driver_connection
    assert isinstance(connection, psycopg.Connection)
    return connection
