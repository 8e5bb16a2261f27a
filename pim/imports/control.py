"""The verbs of a running import: pause and resume (`service` has cancel). Callers commit.

Each locks the import's row, so it happens before a chunk or after it and never in between: the
worker finds that the import isn't its own any more, and what it had not committed is as if it had
never been.
"""

from __future__ import annotations

from pim.core.clock import now
from pim.core.errors import Conflict
from pim.imports.advice import can_go_on
from pim.imports.lease import CHECKING, IMPORTING, PAUSED, PENDING, UNFINISHED, WORKED_ON
from pim.imports.models import ImportJob
from pim.imports.queries import get_import
from pim.imports.reconcile import enqueue_import

MAPPING = "mapping"
WAS = "paused_as"
# What a checkpoint says beside the place to read on, until the import goes on.
PASSING = (WAS, "tries", "tried_at")


def pause_import(import_id: int) -> ImportJob:
    """Let an import or a check rest at the chunk it has come to; one that rests stays so."""
    job = get_import(import_id, lock=True)
    if job.status == PAUSED:
        return job
    if job.status not in UNFINISHED or job.phase == "syncing":
        raise Conflict(f"This import is {in_words(job)}; it can't be paused.", code="not_running")
    count_work(job)
    job.checkpoint = {**job.checkpoint, WAS: job.status}
    job.status = PAUSED
    return job


def resume_import(import_id: int) -> ImportJob:
    """Go on after the last chunk; one that runs already is answered as it is.

    One that failed because of a fault of ours may go on too.
    """
    job = get_import(import_id, lock=True)
    if job.status in UNFINISHED:
        return job
    if job.status != PAUSED and not can_go_on(job):
        raise Conflict(
            f"This import is {in_words(job)}; there is nothing to resume.", code="not_paused"
        )
    was = job.checkpoint.get(WAS, IMPORTING)
    job.checkpoint = {name: kept for name, kept in job.checkpoint.items() if name not in PASSING}
    job.error, job.finished_at, job.keep_file_until = None, None, None
    # A check has no state in which it waits: it counts as one whose worker is gone.
    job.status = CHECKING if was == CHECKING else PENDING
    job.heartbeat_at = None if was == CHECKING else now()
    enqueue_import(job.tenant_id, job.id)
    return job


def is_check(job: ImportJob) -> bool:
    """Whether what runs or rests is a check, which writes nothing."""
    return job.status == CHECKING or (job.status == PAUSED and job.checkpoint.get(WAS) == CHECKING)


def count_work(job: ImportJob) -> None:
    """The time since the worker was last heard of, which it can't count any more itself."""
    if job.status in WORKED_ON and job.heartbeat_at is not None:
        job.worked_seconds += max(0.0, (now() - job.heartbeat_at).total_seconds())


def in_words(job: ImportJob) -> str:
    """What an import is, for saying why it can't be controlled so."""
    if job.phase == "syncing":
        return "written already"
    return {
        "done": "done",
        "failed": "over: it failed",
        MAPPING: "not started yet",
    }.get(job.status, job.status)
