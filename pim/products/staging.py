"""The staging table, and rows as COPY text for it.

COPY into a table with row-level security is refused by PostgreSQL, so rows are copied into a
temporary table that lives as long as the connection and is emptied at each commit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from sqlalchemy import Connection

from pim.jsontext import dumps
from pim.products.changes import StagedProduct
from pim.products.copytext import NULL, copy_array, copy_json, copy_text
from pim.products.identity import sku_key

_CREATE = """
CREATE TEMPORARY TABLE IF NOT EXISTS product_stage (
    row_no integer NOT NULL,
    product_id bigint,
    expected_version bigint,
    sku text,
    sku_key text COLLATE "C",
    name text,
    active boolean,
    data jsonb NOT NULL,
    clear text[],
    replace boolean NOT NULL,
    raw jsonb,
    row_hash bigint,
    at tid
) ON COMMIT DELETE ROWS
"""
_COPY = (
    "COPY pg_temp.product_stage (row_no, product_id, expected_version, sku, sku_key, name, "
    "active, data, clear, replace, raw, row_hash) FROM STDIN"
)
_ROWS_A_BLOCK = 2_000
_MANY_ROWS = 500


def _line(row_no: int, row: StagedProduct) -> str:
    cells: list[Any] = [
        str(row_no),
        NULL if row.product_id is None else str(row.product_id),
        NULL if row.expected_version is None else str(row.expected_version),
        NULL if row.sku is None else copy_text(row.sku.strip()),
        NULL if row.sku is None else copy_text(sku_key(row.sku)),
        NULL if row.name is None else copy_text(row.name),
        NULL if row.active is None else ("t" if row.active else "f"),
        copy_json(dumps(row.data)),
        copy_array(row.clear) if row.clear else NULL,
        "t" if row.replace else "f",
        NULL if row.raw is None else copy_json(dumps(row.raw)),
        NULL,
    ]
    return "\t".join(cells) + "\n"


def staged_blocks(rows: Iterable[StagedProduct]) -> Iterator[bytes]:
    """Rows as blocks of COPY text, numbered from 0."""
    lines: list[str] = []
    for row_no, row in enumerate(rows):
        lines.append(_line(row_no, row))
        if len(lines) == _ROWS_A_BLOCK:
            yield "".join(lines).encode()
            lines.clear()
    yield "".join(lines).encode()


def empty(connection: Connection) -> None:
    """Have a staging table without rows."""
    connection.exec_driver_sql(_CREATE)
    connection.exec_driver_sql("DELETE FROM pg_temp.product_stage")


def clear(connection: Connection) -> None:
    """Empty a staging table of many rows, so that nothing has to read over them any more."""
    connection.exec_driver_sql("TRUNCATE pg_temp.product_stage")


def fill(connection: Connection, blocks: Iterable[bytes]) -> int:
    """Empty the staging table and copy the blocks into it; gives the number of rows."""
    empty(connection)
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    with driver.cursor() as cursor:
        with cursor.copy(_COPY) as copy:
            for block in blocks:
                if block:
                    copy.write(block)
        count = cursor.rowcount
    if count >= _MANY_ROWS:
        _sort_in_memory(connection)
    return count


def _sort_in_memory(connection: Connection) -> None:
    """Sorts and joins of a chunk stay in memory; the setting ends with the transaction."""
    connection.exec_driver_sql("SET LOCAL work_mem = '128MB'")


def prepare_for(connection: Connection, count: int, table: str = "product_stage") -> None:
    """Tell PostgreSQL of many rows in a temporary table of ours."""
    if count >= _MANY_ROWS:
        _sort_in_memory(connection)
        connection.exec_driver_sql(f"ANALYZE pg_temp.{table}")
