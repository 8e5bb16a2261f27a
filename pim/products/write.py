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
from pim.products import staging, write_sql
from pim.products.changes import ChangeSetMeta, MatchBy, Mode, Outcome, StagedProduct, WriteResult
from pim.products.signals import change_set_written

# What every statement is told: tenant, change_set, source.
Told = dict[str, Any]


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
    different: bool = False,
    with_outcomes: bool = False,
) -> WriteResult:
    """Write rows that are COPY text already (see `copytext.stage_lines`).

    new_blocks: rows whose SKUs differ and were found to be new; they are spared the search for
    their products. Should one have come meanwhile, they are written as all others. different: the
    SKUs of `blocks` are known to differ, too, so nobody looks for those that a later row replaces.
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
        if match_by == "sku" and not different:
            superseded = _supersede(connection)
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
        text(write_sql.DELETE.format(ids=":ids")), told | {"ids": list(product_ids)}
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
    deleted = connection.execute(
        text(write_sql.DELETE.format(ids=f"ARRAY({deletes})")), asked
    ).scalar_one()
    counts = _Counts(deleted=deleted)
    if staged:
        _write_any(connection, staged, "update_only", "id", told, counts)
    counts.restored = connection.execute(
        text(write_sql.RESTORE.format(products=restores)), asked
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
    return [row.row_no for row in connection.execute(text(write_sql.SUPERSEDE))]


def _next_product_id(connection: Connection) -> int:
    return int(connection.execute(text("SELECT nextval('product_id_seq')")).scalar_one())


def _write_new(connection: Connection, rows: int, mode: Mode, told: Told, counts: _Counts) -> None:
    """Insert the staged rows; all of them as any others if one of them is there by now."""
    try:
        with connection.begin_nested():
            connection.execute(text(write_sql.INSERT_STAGED), told)
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
    update = text(write_sql.update(match_by))
    may_update = mode != "create_only"
    may_insert = mode != "update_only" and match_by == "sku"
    updated = created = 0
    if match_by == "id":
        connection.execute(text(write_sql.LOCK_BY_ID), told)
        connection.execute(text(write_sql.FIND_BY_ID), told)
    with looking_up(connection, match_by):
        while True:
            if may_update:
                updated += connection.execute(update, told).rowcount
            if not may_insert or created + updated == rows:
                break
            found = connection.execute(text(write_sql.INSERT_MISSING), told).one()
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
    connection.execute(text(write_sql.LOOK_UP[match_by]), {"on": "off"})
    yield
    connection.execute(text(write_sql.LOOK_UP[match_by]), {"on": "on"})


def _record(connection: Connection, told: Told, meta: ChangeSetMeta, counts: _Counts) -> None:
    if counts.created:
        counts.last_id = _next_product_id(connection) - 1
    else:
        counts.first_id = None
    connection.execute(text(write_sql.RECORD), {**told, **asdict(meta), **asdict(counts)})
    if counts.touching:
        connection.execute(text(write_sql.TELL_CONSUMERS), told)
        change_set_written.send(told["tenant"], change_set_id=told["change_set"])


def _outcomes(
    connection: Connection,
    told: Told,
    match_by: MatchBy,
    mode: Mode,
    staged: int,
    superseded: list[int],
) -> tuple[Outcome, ...]:
    rows = connection.execute(
        text(write_sql.OUTCOMES.format(match=write_sql.MATCH[match_by])), told
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
