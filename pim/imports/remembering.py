"""Keeps what was chosen for each header, and finds it again for the next file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from pim.core.clock import now
from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.imports.mapping import ColumnRule
from pim.imports.memory import Memory, Remembered, header_keys, header_set
from pim.imports.models import MappingMemory

# Of one header so many files with different columns are remembered, the last used ones.
MOST_FILES = 20
_ROWS_A_STATEMENT = 2_000
# A file that shares nearly as many columns with this one is as good a witness.
_NEARLY = 0.8


def _parts(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (
        rows[start : start + _ROWS_A_STATEMENT] for start in range(0, len(rows), _ROWS_A_STATEMENT)
    )


def remember(headers: Sequence[str], rules: Sequence[ColumnRule]) -> None:
    """Keep where each column of a confirmed file went, or that it was left out."""
    chosen = {rule.column: rule for rule in rules}
    same, moment, tenant = header_set(headers), now(), current_tenant_id()
    rows = [
        {
            "tenant_id": tenant,
            "header_key": key,
            "header_set": same,
            "used_at": moment,
            **_kept(chosen.get(header)),
        }
        # In the order of their keys, so that two who confirm at once don't wait for each other.
        for key, header in sorted(
            (key, header)
            for key, header in zip(header_keys(headers), headers, strict=True)
            if key is not None
        )
    ]
    for part in _parts(rows):
        statement = insert(MappingMemory).values(list(part))
        changed = {
            name: statement.excluded[name] for name in ("target", "type", "transform", "used_at")
        }
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["tenant_id", "header_key", "header_set"], set_=changed
            )
        )
    _forget_oldest([row["header_key"] for row in rows])


def _kept(rule: ColumnRule | None) -> dict[str, Any]:
    if rule is None:
        return {"target": None, "type": None, "transform": None}
    transform = list(rule.transform) or None
    return {"target": rule.target, "type": rule.type, "transform": transform}


def _forget_oldest(keys: Sequence[Any]) -> None:
    """Headers such as `sku` are in every file: only the last files they came in are kept."""
    place = func.row_number().over(
        partition_by=MappingMemory.header_key, order_by=MappingMemory.used_at.desc()
    )
    for part in _parts(keys):
        ranked = (
            select(MappingMemory.header_key, MappingMemory.header_set, place.label("place"))
            .where(
                MappingMemory.tenant_id == current_tenant_id(), MappingMemory.header_key.in_(part)
            )
            .subquery()
        )
        old = select(ranked.c.header_key, ranked.c.header_set).where(ranked.c.place > MOST_FILES)
        db.session.execute(
            delete(MappingMemory)
            .where(
                MappingMemory.tenant_id == current_tenant_id(),
                tuple_(MappingMemory.header_key, MappingMemory.header_set).in_(old),
            )
            .execution_options(synchronize_session=False)
        )


def remembered_columns(headers: Sequence[str]) -> Memory:
    """What the tenant in force chose for these headers, best of all in a file with just these."""
    keys, same = header_keys(headers), header_set(headers)
    by_key: dict[str, list[MappingMemory]] = {}
    shared: Counter[str] = Counter()
    for part in _parts([key for key in keys if key]):
        rows = db.session.scalars(
            select(MappingMemory)
            .where(
                MappingMemory.tenant_id == current_tenant_id(), MappingMemory.header_key.in_(part)
            )
            .execution_options(populate_existing=True)
        )
        for row in rows:
            by_key.setdefault(row.header_key, []).append(row)
            shared[row.header_set] += 1
    columns = {
        place: _best(by_key[key], same, shared) for place, key in enumerate(keys) if key in by_key
    }
    return Memory(columns, now().date())


def _best(rows: Sequence[MappingMemory], same: str, shared: Counter[str]) -> Remembered:
    """The choice in the file most like this one; the newest of equals."""

    def likeness(row: MappingMemory) -> Any:
        return (row.header_set == same, shared[row.header_set], row.used_at)

    best = max(rows, key=likeness)
    other = None
    if best.header_set != same:
        other = next(
            (
                row.target or "nothing"
                for row in rows
                if row.target != best.target
                and shared[row.header_set] >= _NEARLY * shared[best.header_set]
            ),
            None,
        )
    return Remembered(
        target=best.target,
        type=best.type,
        when=best.used_at.date(),
        transform=tuple(best.transform or ()),
        same_headers=best.header_set == same,
        other=other,
    )
