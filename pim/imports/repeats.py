"""A file that was uploaded before is said to be one: same content, whatever its name."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, select

from pim.core.clock import now
from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.imports.models import ImportJob
from pim.imports.queries import change_set_ids
from pim.imports.undoing import is_undone
from pim.web.words import elapsed_words

# What an earlier upload tells: most when it came to an end, least when it was never confirmed.
_TELLING = case(
    (ImportJob.status == "done", 0),
    (ImportJob.status.in_(("mapping", "checking", "cancelled")), 2),
    else_=1,
)
_COUNTS = ("created", "updated", "unchanged", "superseded", "failed")


def earlier_import(job: ImportJob) -> ImportJob | None:
    """The earlier import of a file with exactly this content: one that was done before others."""
    return db.session.scalars(
        select(ImportJob)
        .where(
            ImportJob.tenant_id == current_tenant_id(),
            ImportJob.file_sha256 == job.file_sha256,
            ImportJob.id < job.id,
        )
        .order_by(_TELLING, ImportJob.id.desc())
        .limit(1)
    ).first()


def as_told(earlier: ImportJob | None) -> dict[str, Any] | None:
    """The earlier import as the API tells it."""
    if earlier is None:
        return None
    return {
        "job_id": earlier.id,
        "status": earlier.status,
        "filename": earlier.filename,
        "finished_at": earlier.finished_at,
        "counts": {name: getattr(earlier, f"{name}_count") for name in _COUNTS},
    }


def in_words(earlier: ImportJob) -> str:
    """What became of the earlier import, as a sentence."""
    when = elapsed_words(earlier.finished_at or earlier.created_at, now())
    name = f"“{earlier.filename}”"
    if earlier.status == "done":
        undone = " It was undone since." if is_undone(earlier) else ""
        return f"The same file was imported {when} as {name}: {_outcome(earlier)}.{undone}"
    if earlier.status == "failed":
        return f"The same file was uploaded as {name}; that import failed {when}."
    if earlier.status == "cancelled":
        begun = "was stopped" if change_set_ids(earlier.id) else "was cancelled before it began"
        return f"The same file was uploaded as {name}; that import {begun} {when}."
    if earlier.status in ("mapping", "checking"):
        return f"The same file was uploaded {when} as {name} and waits for its mapping."
    return f"The same file is being imported already, as {name}."


def warnings_of(earlier: ImportJob | None) -> list[str]:
    """The same as a list of warnings."""
    return [in_words(earlier)] if earlier else []


def _outcome(earlier: ImportJob) -> str:
    words = {
        "created": "new",
        "updated": "updated",
        "unchanged": "unchanged",
        "superseded": "replaced by a later row",
        "failed": "with errors",
    }
    parts = [
        f"{count:,} {words[name]}"
        for name in _COUNTS
        if (count := getattr(earlier, f"{name}_count"))
    ]
    return ", ".join(parts) or "no rows"
