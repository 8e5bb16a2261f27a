"""How long uploaded files are kept, and the tick that removes them.

A file stays for some days after its import is over, so that it can be downloaded, checked or
imported again. One whose import was never started goes too, and the import says so. What a crash
has left in the storage, with no import that knows of it, is removed after a day.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, case, func, select

from pim.core import settings
from pim.core.clock import now
from pim.core.db import db, on_commit, transaction
from pim.core.storage import storage
from pim.core.tenancy import current_tenant_id, system_scope, tenant_scope
from pim.imports.check_rows import forget_check
from pim.imports.models import ImportJob

log = logging.getLogger(__name__)

MAPPING, CANCELLED = "mapping", "cancelled"
OVER = ("done", "failed", CANCELLED)
ORPHANED_AFTER = timedelta(days=1)
AT_ONCE = 500


def when_over() -> datetime:
    """Until when the file of an import that ends now is kept."""
    return now() + timedelta(days=settings().import_file_days)


def kept_until(job: ImportJob) -> datetime | None:
    """When the file of an import will be removed; None while it is needed, or gone already."""
    if job.storage_key is None or job.status not in (*OVER, MAPPING):
        return None
    if job.status == MAPPING:
        return _touched(job) + timedelta(days=settings().import_unconfirmed_days)
    ended = job.finished_at or job.created_at
    return job.keep_file_until or ended + timedelta(days=settings().import_file_days)


def kept_words(job: ImportJob) -> str:
    """What the pages say about the file of an import."""
    if job.storage_key is None:
        return "The file is no longer kept."
    fetched = f"It was fetched from {job.source_url}. " if job.source_url else ""
    until = kept_until(job)
    if until is None:
        return fetched
    year = f" {until.year}" if until.year != now().year else ""
    return f"{fetched}The file is kept until {until.day} {until:%b}{year}."


def _touched(job: ImportJob) -> datetime:
    return max(filter(None, (job.created_at, job.heartbeat_at, job.finished_at)))


def remove_expired_files() -> int:
    """Remove every tenant's files whose time has come; gives how many."""
    with system_scope(), transaction():
        due = db.session.execute(
            select(ImportJob.tenant_id, ImportJob.id)
            .where(_is_due())
            .order_by(ImportJob.tenant_id)
            .limit(AT_ONCE)
        ).all()
    removed = 0
    for tenant_id, import_id in due:
        with tenant_scope(tenant_id), transaction():
            removed += _forget(import_id)
    return removed


def remove_orphans() -> int:
    """Remove what no import knows of, and uploads that were cut off; gives how many."""
    before = now() - ORPHANED_AFTER
    removed = storage().remove_unfinished(before)
    for keys in _in_groups(storage().keys(before)):
        with system_scope(), transaction():
            known = set(
                db.session.scalars(
                    select(ImportJob.storage_key).where(ImportJob.storage_key.in_(keys))
                )
            )
        for key in set(keys) - known:
            storage().delete(key)
            removed += 1
    if removed:
        log.info("orphaned_files_removed", extra={"files": removed})
    return removed


def _is_due() -> ColumnElement[bool]:
    """Over for long enough, or never started and not touched for long enough."""
    found = settings()
    touched = func.greatest(ImportJob.created_at, ImportJob.heartbeat_at, ImportJob.finished_at)
    ended = func.coalesce(ImportJob.finished_at, ImportJob.created_at)
    until = case(
        (ImportJob.status == MAPPING, touched + timedelta(days=found.import_unconfirmed_days)),
        else_=func.coalesce(
            ImportJob.keep_file_until, ended + timedelta(days=found.import_file_days)
        ),
    )
    return (
        ImportJob.storage_key.is_not(None)
        & ImportJob.status.in_((*OVER, MAPPING))
        & (until < now())
    )


def _forget(import_id: int) -> int:
    """Let one file go, unless its import has been taken up meanwhile."""
    tenant_id = current_tenant_id()
    job = db.session.scalars(
        select(ImportJob)
        .where(ImportJob.tenant_id == tenant_id, ImportJob.id == import_id, _is_due())
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if job is None or job.storage_key is None:
        return 0
    key, job.storage_key = job.storage_key, None
    if job.status == MAPPING:
        days = settings().import_unconfirmed_days
        job.status, job.phase, job.finished_at = CANCELLED, "", now()
        forget_check(job)
        job.error = (
            f"It was never started, so the file was removed after {days} "
            f"{'day' if days == 1 else 'days'}. Upload it again."
        )
    db.session.flush()  # so that the file's other imports are told apart from this one
    others = select(ImportJob.id).where(
        ImportJob.tenant_id == tenant_id, ImportJob.storage_key == key
    )
    if db.session.scalar(others.limit(1)) is None:
        on_commit(lambda: storage().delete(key))
    return 1


def _in_groups(keys: Iterable[str]) -> Iterator[list[str]]:
    keys = iter(keys)
    while group := list(islice(keys, AT_ONCE)):
        yield group
