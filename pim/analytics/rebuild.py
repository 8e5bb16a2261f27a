"""Make a tenant's products in ClickHouse again from PostgreSQL, while writes go on.

Readers see a whole catalog throughout: first the rows that should not be there are removed (those
of products PostgreSQL doesn't have, and those with a version it never gave), then every product is
written again, as it is projected today. Change sets wait meanwhile; those that were committed
before are part of what is read, and bringing them again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select

from pim.analytics import ddl, revisions, source, sync
from pim.analytics.client import LONG_READ_LIMITS, TENANT, clickhouse
from pim.analytics.deliveries import TOGETHER_ROWS
from pim.analytics.writer import write
from pim.core.db import db, transaction
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.identity.models import Tenant

_THERE = f"""
SELECT product_id, max(version), argMax(deleted, version) FROM products WHERE {TENANT}
GROUP BY product_id ORDER BY product_id
"""  # noqa: S608  # a constant
_REMOVE = f"DELETE FROM products WHERE {TENANT} AND product_id IN {{ids:Array(UInt64)}}"  # noqa: S608
_OF_OTHERS = "WHERE tenant_id NOT IN {tenants:Array(UInt64)}"
_IDS_A_STATEMENT = 10_000


def rebuild_tenant(tenant_id: int) -> int:
    """Write every product of a tenant to ClickHouse again; how many there are."""
    with tenant_scope(tenant_id), transaction():
        sync.keep_others_from_writing()
        wrong: list[int] = []
        for product_id in _not_as_in_postgresql():
            wrong.append(product_id)
            if len(wrong) == _IDS_A_STATEMENT:
                _remove(wrong)
                wrong.clear()
        _remove(wrong)
        written = sum(map(write, source.all_products(TOGETHER_ROWS)))
        revisions.products_rebuilt()
    return written


def remove_unknown_tenants() -> None:
    """Remove what there is of tenants that PostgreSQL doesn't know."""
    known = {"tenants": list(db.session.scalars(select(Tenant.id)).all())}
    for table in ddl.TENANT_TABLES:
        found = f"SELECT 1 FROM {table} {_OF_OTHERS} LIMIT 1"  # noqa: S608
        if clickhouse().rows(found, known, limits=LONG_READ_LIMITS):
            _delete(f"DELETE FROM {table} {_OF_OTHERS}", known)  # noqa: S608


def _remove(ids: Sequence[int]) -> None:
    if ids:
        _delete(_REMOVE, {"tenant": current_tenant_id(), "ids": list(ids)})


def _delete(statement: str, parameters: Mapping[str, object]) -> None:
    # Waits until the rows are gone on every replica.
    clickhouse().command(statement, parameters, settings={"lightweight_deletes_sync": 2})


def _not_as_in_postgresql() -> Iterator[int]:
    """Products whose rows in ClickHouse no row of PostgreSQL could take the place of.

    Walks through both in the order of the ids, at flat memory.
    """
    ours = source.all_versions()
    our_id, our_version = next(ours, (None, 0))
    for product_id, version, deleted in _there():
        while our_id is not None and our_id < product_id:
            our_id, our_version = next(ours, (None, 0))
        if our_id != product_id:
            if not deleted:
                yield product_id
        elif version > our_version or (version == our_version and deleted):
            yield product_id


def _there() -> Iterator[tuple[int, int, int]]:
    limits = {**LONG_READ_LIMITS, "optimize_aggregation_in_order": 1}
    for rows in clickhouse().stream(_THERE, {"tenant": current_tenant_id()}, limits=limits):
        for product_id, version, deleted in rows:
            yield int(product_id), int(version), int(deleted)
