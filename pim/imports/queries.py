"""Reading imports and what is reported about their rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Select, case, func, select

from pim.core.db import db
from pim.core.errors import NotFound
from pim.core.tenancy import current_tenant_id
from pim.imports.models import ImportIssue, ImportJob
from pim.products.models import ChangeSet


def imports_of_tenant() -> Select[ImportJob]:
    """All imports of the tenant in force; raises NoTenant without one."""
    return select(ImportJob).where(ImportJob.tenant_id == current_tenant_id())


def get_import(import_id: int, *, lock: bool = False) -> ImportJob:
    """One import, as it is now; raises NotFound. lock: nobody else writes it meanwhile."""
    statement = imports_of_tenant().where(ImportJob.id == import_id)
    if lock:
        statement = statement.with_for_update()
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("There is no such import.")
    return found


def list_imports(*, limit: int, before_id: int | None = None) -> Sequence[ImportJob]:
    """The newest imports first; before_id: only older ones."""
    statement = imports_of_tenant().order_by(ImportJob.id.desc()).limit(limit)
    if before_id is not None:
        statement = statement.where(ImportJob.id < before_id)
    return db.session.scalars(statement).all()


def count_imports() -> int:
    """How many imports the tenant has."""
    statement = select(func.count()).where(ImportJob.tenant_id == current_tenant_id())
    return int(db.session.scalar(statement.select_from(ImportJob)) or 0)


def change_set_ids(import_id: int) -> list[int]:
    """The change sets an import has made, in order, without those of its undo."""
    statement = (
        select(ChangeSet.id)
        .where(
            ChangeSet.tenant_id == current_tenant_id(),
            ChangeSet.import_id == import_id,
            ChangeSet.undoes_id.is_(None),
        )
        .order_by(ChangeSet.id)
    )
    return list(db.session.scalars(statement))


def change_sets_of(import_id: int, *, limit: int, after_id: int = 0) -> Sequence[ChangeSet]:
    """What an import and its undo have done, in order."""
    statement = (
        select(ChangeSet)
        .where(
            ChangeSet.tenant_id == current_tenant_id(),
            ChangeSet.import_id == import_id,
            ChangeSet.id > after_id,
        )
        .order_by(ChangeSet.id)
        .limit(limit)
    )
    return db.session.scalars(statement).all()


def issues_of(import_id: int) -> Select[ImportIssue]:
    """What is reported about the rows of an import."""
    return select(ImportIssue).where(
        ImportIssue.tenant_id == current_tenant_id(), ImportIssue.import_id == import_id
    )


def list_issues(
    import_id: int, *, limit: int, after_id: int = 0, severities: Sequence[str] = ()
) -> Sequence[ImportIssue]:
    """Issues in the order they were found."""
    statement = issues_of(import_id).where(ImportIssue.id > after_id)
    if severities:
        statement = statement.where(ImportIssue.severity.in_(severities))
    return db.session.scalars(statement.order_by(ImportIssue.id).limit(limit)).all()


def issue_counts(import_id: int) -> list[dict[str, Any]]:
    """How often each kind of issue is listed, errors first, most frequent before others.

    Keys: severity, code, column, count.
    """
    rows = db.session.execute(
        select(ImportIssue.severity, ImportIssue.code, ImportIssue.column, func.count())
        .where(ImportIssue.tenant_id == current_tenant_id(), ImportIssue.import_id == import_id)
        .group_by(ImportIssue.severity, ImportIssue.code, ImportIssue.column)
        .order_by(
            case({"error": 0, "warning": 1}, value=ImportIssue.severity, else_=2),
            func.count().desc(),
            ImportIssue.code,
        )
    )
    keys = ("severity", "code", "column", "count")
    return [dict(zip(keys, row, strict=True)) for row in rows]


def rows_to_correct(
    import_id: int, severities: Sequence[str] = ("error",), *, at_once: int = 2_000
) -> Iterator[ImportIssue]:
    """What is reported about rows, in the order of the file, read as it is asked for."""
    last = 0
    while found := list_issues(import_id, limit=at_once, after_id=last, severities=severities):
        last = found[-1].id
        for issue in found:
            db.session.expunge(issue)
        yield from found


def issues_like(
    import_id: int,
    *,
    limit: int,
    after_id: int = 0,
    code: str | None = None,
    column: str | None = None,
) -> Sequence[ImportIssue]:
    """Issues of one kind, of one column, or all, in the order of the file."""
    statement = issues_of(import_id).where(ImportIssue.id > after_id)
    if code:
        statement = statement.where(ImportIssue.code == code)
    if column is not None:
        statement = statement.where(func.coalesce(ImportIssue.column, "") == column)
    return db.session.scalars(statement.order_by(ImportIssue.id).limit(limit)).all()


def count_issues(import_id: int) -> int:
    """How many issues are listed."""
    statement = select(func.count()).select_from(ImportIssue)
    return int(
        db.session.scalar(
            statement.where(
                ImportIssue.tenant_id == current_tenant_id(), ImportIssue.import_id == import_id
            )
        )
        or 0
    )
