"""Which change sets ClickHouse hasn't got yet, who works on them, and what went wrong.

The list of work is in PostgreSQL. Whoever takes a change set holds its row locked until ClickHouse
has acknowledged it, so nobody else takes it meanwhile, and a worker that dies gives it back.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from pim.analytics import revisions
from pim.core.db import db
from pim.core.tenancy import current_tenant_id, system_scope

CONSUMER = "analytics"
# Change sets are taken together until they touch this many products: many single edits become
# one insert, and of a large import reading, projecting and sending overlap.
TOGETHER_ROWS = 200_000
TOGETHER_SETS = 1_000
_LONGEST_PAUSE = 300
# So many attempts take some ten minutes.
_HOPELESS = 8

_TENANTS = """
SELECT DISTINCT tenant_id FROM change_set_deliveries
WHERE consumer = :consumer AND consumed_at IS NULL AND next_attempt_at <= clock_timestamp()
ORDER BY tenant_id
"""
_CANDIDATES = """
SELECT d.change_set_id, d.attempts,
       s.created_count + s.updated_count + s.deleted_count + s.restored_count AS rows
FROM change_set_deliveries d JOIN change_sets s ON s.tenant_id = :tenant AND s.id = d.change_set_id
WHERE d.tenant_id = :tenant AND d.consumer = :consumer AND d.consumed_at IS NULL
  AND (d.next_attempt_at <= clock_timestamp() OR :at_once)
  AND (CAST(:only AS bigint[]) IS NULL OR d.change_set_id = ANY(:only))
  AND d.change_set_id <> ALL(:others)
ORDER BY d.change_set_id LIMIT :limit
"""
_TAKE = """
SELECT change_set_id FROM change_set_deliveries
WHERE tenant_id = :tenant AND consumer = :consumer AND change_set_id = ANY(:ids)
  AND consumed_at IS NULL
ORDER BY change_set_id FOR UPDATE SKIP LOCKED
"""
_DONE = """
UPDATE change_set_deliveries SET consumed_at = clock_timestamp(), error = NULL
WHERE tenant_id = :tenant AND consumer = :consumer AND change_set_id = ANY(:ids)
"""
_FAILED = """
UPDATE change_set_deliveries SET
    attempts = attempts + :counts, error = :error,
    next_attempt_at = clock_timestamp()
        + make_interval(secs => least(:longest, :counts * power(2, least(attempts + 1, 20))))
WHERE tenant_id = :tenant AND consumer = :consumer AND change_set_id = ANY(:ids)
  AND consumed_at IS NULL
"""
_WAITING = """
SELECT count(*) FROM change_set_deliveries
WHERE tenant_id = :tenant AND consumer = :consumer AND consumed_at IS NULL
  AND (CAST(:only AS bigint[]) IS NULL OR change_set_id = ANY(:only))
"""
_FROM_BEFORE = """
SELECT EXISTS (
    SELECT FROM change_set_deliveries d
    JOIN change_sets s ON s.tenant_id = :tenant AND s.id = d.change_set_id
    WHERE d.tenant_id = :tenant AND d.consumer = :consumer AND d.consumed_at IS NULL
      AND s.created_at <= :moment AND d.attempts < :hopeless)
"""
_BACKLOG = """
SELECT count(*), count(DISTINCT tenant_id), count(*) FILTER (WHERE attempts > 0), max(error)
FROM change_set_deliveries WHERE consumer = :consumer AND consumed_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What ClickHouse hasn't got yet, over all tenants."""

    change_sets: int
    tenants: int
    failing: int
    error: str | None


def tenants_with_work() -> list[int]:
    """The tenants whose change sets wait and are due."""
    with system_scope():
        rows = db.session.execute(text(_TENANTS), {"consumer": CONSUMER}).all()
    return [row[0] for row in rows]


def take(only: Sequence[int] | None = None) -> list[int]:
    """Take change sets of the tenant that nobody works on, in their order; empty: there are none.

    They belong to the transaction in force. only: none but these, due or not.
    """
    others: set[int] = set()
    while True:
        wanted = _wanted(only, others)
        if not wanted:
            return []
        taken = db.session.execute(text(_TAKE), {**_who(), "ids": wanted}).scalars().all()
        if taken:
            return list(taken)
        others.update(wanted)


def _wanted(only: Sequence[int] | None, others: Collection[int]) -> list[int]:
    """The next ones, as many as go together; one that failed before goes alone."""
    rows = db.session.execute(
        text(_CANDIDATES),
        {
            **_who(),
            "only": None if only is None else list(only),
            "at_once": only is not None,
            "others": list(others),
            "limit": TOGETHER_SETS,
        },
    ).all()
    wanted: list[int] = []
    touched = 0
    for change_set, attempts, its_rows in rows:
        touched += its_rows
        if wanted and (attempts or touched > TOGETHER_ROWS):
            break
        wanted.append(change_set)
        if attempts:
            break
    return wanted


def mark_done(change_sets: Sequence[int]) -> None:
    """ClickHouse has acknowledged them."""
    revisions.products_changed()
    db.session.execute(text(_DONE), {**_who(), "ids": list(change_sets)})


def mark_failed(change_sets: Sequence[int], error: str, *, counts: bool) -> None:
    """Keep what went wrong. counts: it is the change set's doing, so it waits longer each time."""
    db.session.execute(
        text(_FAILED),
        {
            **_who(),
            "ids": list(change_sets),
            "error": error[:2_000],
            "counts": int(counts),
            "longest": _LONGEST_PAUSE,
        },
    )


def count_waiting(only: Sequence[int] | None = None) -> int:
    """How many change sets of the tenant ClickHouse hasn't got; only: of these."""
    found = db.session.execute(
        text(_WAITING), {**_who(), "only": None if only is None else list(only)}
    ).scalar_one()
    return int(found)


def waits_from_before(moment: datetime) -> bool:
    """Whether a change set of the tenant that is no younger is still to reach ClickHouse.

    One that failed again and again by its own doing isn't waited for.
    """
    values = {**_who(), "moment": moment, "hopeless": _HOPELESS}
    found = db.session.execute(text(_FROM_BEFORE), values).scalar_one()
    return bool(found)


def backlog() -> Backlog:
    """What waits over all tenants."""
    with system_scope():
        row = db.session.execute(text(_BACKLOG), {"consumer": CONSUMER}).one()
    return Backlog(*row)


def _who() -> dict[str, object]:
    return {"tenant": current_tenant_id(), "consumer": CONSUMER}
