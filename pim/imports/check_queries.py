"""Reading the cells a check found that an import would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Select, func, select

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.imports.models import ImportCheckRow

CellStatus = Literal["create", "update"]


@dataclass(frozen=True, slots=True)
class CellFilter:
    """Which cells: every condition that is given has to hold. sku: a part of it, in any case."""

    sku: str = ""
    field: str = ""
    status: CellStatus | None = None

    @property
    def any(self) -> bool:
        """Whether any condition is given."""
        return bool(self.sku or self.field or self.status)


def cells_of(import_id: int, wanted: CellFilter) -> Select[ImportCheckRow]:
    """The cells that were kept of the last check of an import, unordered."""
    statement = select(ImportCheckRow).where(
        ImportCheckRow.tenant_id == current_tenant_id(), ImportCheckRow.import_id == import_id
    )
    if wanted.sku:
        statement = statement.where(ImportCheckRow.sku.icontains(wanted.sku, autoescape=True))
    if wanted.field:
        statement = statement.where(ImportCheckRow.field == wanted.field)
    if wanted.status:
        statement = statement.where(ImportCheckRow.status == wanted.status)
    return statement


def list_cells(
    import_id: int, wanted: CellFilter, *, limit: int, after_id: int = 0
) -> Sequence[ImportCheckRow]:
    """Cells in the order of the file."""
    statement = cells_of(import_id, wanted).where(ImportCheckRow.id > after_id)
    return db.session.scalars(statement.order_by(ImportCheckRow.id).limit(limit)).all()


def count_cells(import_id: int, wanted: CellFilter) -> int:
    """How many cells were kept."""
    inner = cells_of(import_id, wanted).with_only_columns(ImportCheckRow.id).subquery()
    return int(db.session.scalar(select(func.count()).select_from(inner)) or 0)
