"""Which rows of a file the catalog knows: asked before they are read, so that little is written.

A product keeps the hash of the row that made it what it is; any other change of the product takes
the hash away (see `Product.row_hash`). The same row, mapped the same way, would change nothing. A
row whose SKU isn't there needs no search for its product when it is written.

The answer is of the moment it was asked. A product that somebody changes after that is as if it
had been changed after the import came by; a SKU that somebody takes meanwhile is met when it is
written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import orjson
import psycopg
import xxhash
from flask import Flask, current_app
from sqlalchemy import Connection, text

from pim.core.db import db, transaction
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.imports.mapping import ColumnRule, Options
from pim.imports.marks import NEW, OTHER, SAME, LookUp, RowHash
from pim.products.copytext import copy_text
from pim.schema.fields import Vocabulary

# In a file of which every row was changed it isn't worth asking; it may be further down.
ASKED_AGAIN = 8

_CREATE = """
CREATE TEMPORARY TABLE IF NOT EXISTS row_look (
    place integer NOT NULL, sku_key text COLLATE "C", row_hash bigint
) ON COMMIT DELETE ROWS
"""
_COPY = "COPY pg_temp.row_look FROM STDIN"
# All keys are one array, for which PostgreSQL walks along the index once. How it joins what it
# finds there isn't left to statistics, which may know nothing of the tenant.
_ONE_WALK = "SELECT " + ", ".join(
    f"set_config('enable_{way}', 'off', true)" for way in ("nestloop", "seqscan", "bitmapscan")
)
_MARKS = f"""
SELECT string_agg(CASE WHEN p.id IS NULL THEN '{NEW}' WHEN p.row_hash = l.row_hash THEN '{SAME}'
                  ELSE '{OTHER}' END, '' ORDER BY l.place)
FROM pg_temp.row_look l LEFT JOIN (
    SELECT id, sku_key, row_hash FROM products WHERE tenant_id = :tenant
       AND sku_key = ANY(ARRAY(SELECT sku_key FROM pg_temp.row_look)) OFFSET 0
) p ON p.sku_key = l.sku_key
"""  # noqa: S608


def row_hasher(
    headers: Sequence[str], rules: Sequence[ColumnRule], options: Options, vocabulary: Vocabulary
) -> RowHash:
    """A function from a row to its hash: 64 bits, signed. Other rules give other hashes."""
    all_that_counts = (
        list(headers),
        [asdict(rule) for rule in rules],
        (options.blank, options.on_error),
        vocabulary.as_definition(),
    )
    seed = xxhash.xxh3_64_intdigest(orjson.dumps(all_that_counts, default=repr))
    dumps, digest = orjson.dumps, xxhash.xxh3_64_intdigest

    def row_hash(row: Sequence[Any]) -> int:
        return digest(dumps(row), seed) - (1 << 63)

    return row_hash


def catalog_look_up(*, creates: bool) -> LookUp:
    """Look rows up in the catalog of the tenant in force; may be called in a thread of its own.

    creates: whether rows without a product make one; else they are none of the new. When all that
    were asked about are other, the next few are taken to be so too: that is always right, it only
    spares less.
    """
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    tenant_id = current_tenant_id()
    new = NEW if creates else OTHER

    in_vain = 0

    def look_up(keys: Sequence[str], hashes: Sequence[int]) -> str:
        nonlocal in_vain
        if 0 < in_vain < ASKED_AGAIN:
            in_vain += 1
            return OTHER * len(keys)
        with app.app_context(), tenant_scope(tenant_id), transaction():
            marks = _marks(db.session.connection(), keys, hashes).replace(NEW, new)
        in_vain = 0 if NEW in marks or SAME in marks else 1
        return marks

    with transaction():
        anything = db.session.execute(
            text("SELECT EXISTS (SELECT FROM products WHERE tenant_id = :tenant)"),
            {"tenant": tenant_id},
        ).scalar_one()
    return look_up if anything else lambda keys, _: new * len(keys)


def _marks(connection: Connection, keys: Sequence[str], hashes: Sequence[int]) -> str:
    connection.exec_driver_sql(_CREATE)
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        rows = zip(range(len(keys)), map(copy_text, keys), hashes, strict=True)
        copy.write("".join([f"{place}\t{key}\t{row_hash}\n" for place, key, row_hash in rows]))
    connection.exec_driver_sql(_ONE_WALK)
    return str(connection.execute(text(_MARKS), {"tenant": current_tenant_id()}).scalar_one() or "")
