"""Which column of ClickHouse each field of the tenant lies in, kept in PostgreSQL.

A field gets a column when a value of it is first projected, whatever the vocabulary says, and
keeps it. So no row is ever without a value it has, and a change of the vocabulary moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import insert, select, text

from pim.analytics.columns import TenantColumns
from pim.analytics.kinds import KINDS, LONGEST_FIELD
from pim.analytics.models import AttributeColumn
from pim.core.db import db
from pim.core.tenancy import current_tenant_id, system_scope

Key = tuple[str, str]
Numbers = Mapping[Key, int | None]

_LOCK = 0x0A12 << 48


def known_columns() -> dict[Key, int | None]:
    """The number of the column of each (field, kind) of the tenant; None: it has none."""
    rows = db.session.execute(
        select(AttributeColumn.field, AttributeColumn.kind, AttributeColumn.number).where(
            AttributeColumn.tenant_id == current_tenant_id()
        )
    )
    return {(field, kind): number for field, kind, number in rows}


def tenant_columns() -> TenantColumns:
    """Where the fields of the tenant in force lie now; read once per request."""
    return TenantColumns(known_columns())


class Columns:
    """What is known of the tenant's columns, and more of it as more is needed."""

    def __init__(self, make: Callable[[set[str]], None]) -> None:
        """make: adds columns of these names to ClickHouse, or finds them there."""
        self.known = known_columns()
        self._make = make

    def give(self, keys: Iterable[Key]) -> dict[Key, int | None]:
        """The number for each of these, giving a column to those that have none yet.

        In a transaction of its own, so that two who project at once don't wait for each other's
        rows, and that of the caller may be busy. ClickHouse has a column before anybody is told to
        read it. Raises Unavailable, ClickHouseFailed.
        """
        wanted = list(keys)
        missing = [key for key in wanted if key not in self.known and len(key[0]) <= LONGEST_FIELD]
        if missing:
            self.known = _place(missing, self._make)
        return {key: self.known.get(key) for key in wanted}


def columns_in_use() -> set[str]:
    """The columns that any tenant's fields lie in."""
    with system_scope():
        rows = db.session.execute(
            select(AttributeColumn.kind, AttributeColumn.number)
            .where(AttributeColumn.number.is_not(None))
            .distinct()
        ).all()
    return {name for kind, number in rows for name in KINDS[kind].columns(number or 0)}


def _place(missing: list[Key], make: Callable[[set[str]], None]) -> dict[Key, int | None]:
    tenant = current_tenant_id()
    with db.engine.begin() as connection:
        connection.execute(
            text("SELECT set_config('app.tenant_id', :tenant, true)"), {"tenant": str(tenant)}
        )
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK | tenant})
        rows = connection.execute(
            select(AttributeColumn.field, AttributeColumn.kind, AttributeColumn.number)
        )
        known: dict[Key, int | None] = {(field, kind): number for field, kind, number in rows}
        placed = _numbered(missing, known)
        new = [
            {"tenant_id": tenant, "field": field, "kind": kind, "number": number}
            for (field, kind), number in placed.items()
        ]
        if new:
            make(_names(placed))
            connection.execute(insert(AttributeColumn), new)
        return known | placed


def _names(numbers: Numbers) -> set[str]:
    """The physical columns that these lie in."""
    return {
        name
        for (_, kind), number in numbers.items()
        if number is not None
        for name in KINDS[kind].columns(number)
    }


def _numbered(missing: list[Key], known: Numbers) -> dict[Key, int | None]:
    """The next free number of its kind for each that isn't known; None when there is no more."""
    taken = dict.fromkeys(KINDS, 0)
    for (_, kind), number in known.items():
        if number is not None:
            taken[kind] = max(taken[kind], number + 1)
    placed: dict[Key, int | None] = {}
    for key in missing:
        if key in known or key in placed:
            continue
        kind = key[1]
        if taken[kind] < KINDS[kind].limit:
            placed[key] = taken[kind]
            taken[kind] += 1
        else:
            placed[key] = None
    return placed
