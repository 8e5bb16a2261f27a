"""Products a file doesn't have: found after its last row and, when that was asked for, deactivated.

What is in the file is its SKUs, those of rows that failed included. They lie in a temporary table,
so memory stays flat; the table lives on a connection of its own, while the import goes on writing
down how far it is. Deactivating is a change of products like any other: change sets of the same
import, in chunks. What was done needs no checkpoint: a product that is inactive isn't found again.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from pim.core import settings
from pim.core.db import db, transaction
from pim.core.dberrors import retrying
from pim.core.tenancy import current_tenant_id
from pim.imports.absent import ASK, may_deactivate
from pim.imports.lease import Lease, LeaseLost, hold, still_held
from pim.imports.models import ImportJob
from pim.imports.plan import BEAT_SECONDS, Plan, reading
from pim.imports.queries import get_import
from pim.imports.readers.base import Batch
from pim.imports.skus import SkuTexts, sku_reader
from pim.products import staging, write
from pim.products.changes import ChangeSetMeta, StagedProduct
from pim.products.copytext import copy_text
from pim.products.identity import sku_key

DEACTIVATING = "deactivating"
# Unreadable rows whose cells are told apart all the same.
CELLS_KNOWN = ("too_few_cells", "too_many_cells", "nul_byte", "bad_encoding")

_CREATE = """
CREATE TEMPORARY TABLE file_skus (sku_key text COLLATE "C" NOT NULL) ON COMMIT DROP
"""
_ABSENT = """
SELECT p.id FROM products p
WHERE p.tenant_id = :tenant AND p.active
  AND NOT EXISTS (SELECT FROM pg_temp.file_skus f WHERE f.sku_key = p.sku_key)
ORDER BY p.id
"""
# Those the import has just created say nothing about how much of the catalog the file misses.
_ACTIVE = """
SELECT count(*) FROM products p
WHERE p.tenant_id = :tenant AND p.active AND NOT EXISTS (
    SELECT FROM change_sets c WHERE c.tenant_id = :tenant AND c.import_id = :import_id
       AND c.id = p.created_change_set_id
)
"""


@dataclass(frozen=True, slots=True)
class Absent:
    """Active products the file doesn't have. active: of how many there were before the import.

    unseen: rows whose SKU can't be read; their products look absent and may not be.
    """

    ids: array[int]
    active: int
    unseen: int


def settle_absent(plan: Plan) -> None:
    """After the last row: deactivate what is absent, or ask again where that is much.

    Raises LeaseLost when it asks: the import rests until somebody answers.
    """
    if plan.options.absent != "deactivate":
        return
    found = find_absent(plan, DEACTIVATING)
    with transaction():
        job = get_import(plan.lease.import_id)
        allowed = may_deactivate(job, len(found.ids), found.active, found.unseen)
    if not allowed:
        _ask(plan.lease, found)
    rows = settings().import_chunk_rows
    for start in range(0, len(found.ids), rows):
        retrying(partial(_deactivate, plan, found.ids[start : start + rows]))


def _ask(lease: Lease, found: Absent) -> None:
    asked = {"count": len(found.ids), "active": found.active, "unseen": found.unseen}
    with transaction():
        checkpoint = get_import(lease.import_id).checkpoint | {"absent": asked}
        hold(lease, status="paused", phase=ASK, checkpoint=checkpoint)
    raise LeaseLost


def _deactivate(plan: Plan, ids: Sequence[int]) -> None:
    with transaction():
        if not still_held(plan.lease):
            raise LeaseLost
        meta = ChangeSetMeta(
            source="import",
            reason=f"Not in {plan.filename}",
            actor_user_id=plan.user_id,
            actor_api_key_id=plan.api_key_id,
            import_id=plan.lease.import_id,
        )
        rows = (StagedProduct(product_id=each, active=False) for each in ids)
        result = write.write_staged(
            meta, staging.staged_blocks(rows), mode="update_only", match_by="id"
        )
        hold(
            plan.lease,
            phase=DEACTIVATING,
            deactivated_count=ImportJob.deactivated_count + result.updated,
        )


def find_absent(plan: Plan, phase: str) -> Absent:
    """Read the SKUs of the whole file, and find the active products that have none of them."""
    with Session(db.engine) as session, session.begin():
        connection = session.connection()
        connection.exec_driver_sql(_CREATE)
        unseen = _copy_skus(connection, plan, phase)
        connection.exec_driver_sql("SET LOCAL work_mem = '64MB'")
        # Statistics know nothing of a tenant that has just come: never file times catalog.
        connection.exec_driver_sql("SET LOCAL enable_nestloop = off")
        connection.exec_driver_sql("ANALYZE pg_temp.file_skus")
        told = {"tenant": current_tenant_id(), "import_id": plan.lease.import_id}
        ids = array("q")
        rows = connection.execution_options(yield_per=20_000).execute(text(_ABSENT), told)
        for part in rows.scalars().partitions():
            ids.extend(part)
        active = connection.execute(text(_ACTIVE), told).scalar_one()
    return Absent(ids, active, unseen)


def _copy_skus(connection: Connection, plan: Plan, phase: str) -> int:
    """Fill the table; gives how many rows have no SKU that could be read."""
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    unseen, told = 0, time.monotonic()
    skus_of = sku_reader(plan.headers, plan.rules)
    with (
        reading(plan) as reader,
        driver.cursor() as cursor,
        cursor.copy("COPY pg_temp.file_skus FROM STDIN") as copy,
    ):
        for batch in reader.batches():
            skus = list(_skus(batch, skus_of, len(plan.headers)))
            unseen += skus.count("")
            keys = map(sku_key, filter(None, skus))
            copy.write("".join([copy_text(key) + "\n" for key in keys if "\0" not in key]))
            if time.monotonic() - told > BEAT_SECONDS:
                told = time.monotonic()
                with transaction():
                    hold(plan.lease, phase=phase, bytes_done=batch.end_byte)
    return unseen


def _skus(batch: Batch, skus_of: SkuTexts, width: int) -> Iterator[str]:
    """The SKUs of rows, "" for one that can't be read so far; a row without one isn't meant."""
    yield from filter(None, (sku.strip() for sku in skus_of(batch.rows)))
    for problem in batch.problems:
        known = problem.code in CELLS_KNOWN
        cells = [*problem.raw, *[""] * width][:width] if known else [""] * width
        yield skus_of([cells])[0].strip()
