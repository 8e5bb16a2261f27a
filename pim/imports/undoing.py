"""Undo of a whole import: its change sets one after the other, the last first, on a worker.

How far it is, is told by the change sets themselves (`pim.products.undo`): each knows what it
undid, so a worker that is killed loses nothing and repeats nothing. What stands in `ImportJob.undo`
is for people: who asked, what it came to. Doing it again (`redo`) is undoing the undo.
"""

from __future__ import annotations

import logging
from dataclasses import asdict
from typing import Any

from sqlalchemy import cast, func, select, update
from sqlalchemy.dialects.postgresql import JSONB

from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.errors import Conflict, DomainError
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.identity.access import current_actor
from pim.imports.beat import beating
from pim.imports.lease import Lease, LeaseLost, hold, silent
from pim.imports.models import ImportJob
from pim.imports.queries import get_import
from pim.imports.reconcile import enqueue_undo
from pim.products import undo
from pim.products.changes import ChangeSetMeta
from pim.products.models import ChangeSet
from pim.products.undo import Place, UndoPreview, UndoProgress
from pim.products.undo_report import Counts, LeftAlone

log = logging.getLogger(__name__)

OVER = ("done", "failed", "cancelled")
# What an undo would do is looked up exactly where that takes no longer than a page may.
MOST_FORESEEN = 20_000


def start_undo(import_id: int, *, redo: bool = False) -> ImportJob:
    """Ask for the undo of an import, or to do again what was undone. The caller commits.

    One that is under way already is answered as it is. Raises Conflict with what stands against it.
    """
    job = get_import(import_id, lock=True)
    if is_undoing(job) and bool(_state(job).get("redo")) == redo:
        return job
    if refused := why_not(job, redo=redo):
        raise Conflict(refused[1], code=refused[0])
    actor = current_actor()
    job.undo = {
        "status": "running",
        "redo": redo,
        "total": undo.undo_progress(undo.change_sets_of_import(import_id), redo=redo).total,
        "done": 0,
        "counts": asdict(Counts()),
        "user_id": actor.user_id,
        "api_key_id": actor.api_key_id,
        "started_at": now().isoformat(),
        "finished_at": None,
        "error": None,
    }
    job.heartbeat_at = now()
    enqueue_undo(job.tenant_id, job.id)
    return job


def why_not(job: ImportJob, *, redo: bool = False) -> tuple[str, str] | None:
    """(code, sentence) of what stands against undoing an import now; None when nothing does."""
    if is_undoing(job):
        return "undoing", "This import is being undone or done again just now."
    if job.status not in OVER:
        return "not_over", "An import can be undone once it is over. Cancel it first, or wait."
    if redo:
        return None if is_undone(job) else ("not_undone", "This import has not been undone.")
    if is_undone(job):
        return "already_undone", "This import has been undone already."
    if not (job.created_count or job.updated_count or job.deactivated_count):
        return "nothing_to_undo", "This import changed nothing, so there is nothing to undo."
    return None


def is_undoing(job: ImportJob) -> bool:
    """Whether a worker is at it, or asked to be."""
    return _state(job).get("status") == "running"


def state_words(job: ImportJob) -> str:
    """What has become of an import, in a word: "" when it stands as it was imported."""
    if is_undoing(job):
        return "being done again" if _state(job).get("redo") else "being undone"
    return "undone" if is_undone(job) else ""


def is_undone(job: ImportJob) -> bool:
    """Whether the last that was done about it was to undo it."""
    state = _state(job)
    return state.get("status") == "done" and not state.get("redo")


def run_undo(tenant_id: int, import_id: int) -> None:
    """Undo an import, or do it again, as was asked for; goes on where another worker ended."""
    with tenant_scope(tenant_id):
        lease = _take(import_id)
        if lease is None:
            return
        try:
            with beating(lease, lambda _: False):
                _work(lease)
        except LeaseLost:
            log.info("undo_lease_lost", extra={"import_id": import_id})
        except DomainError as error:
            db.session.rollback()
            _end(lease, status="failed", error=error.message)


def _take(import_id: int) -> Lease | None:
    """Be the one who works on the undo: a worker that was heard of a moment ago keeps it."""
    with transaction():
        taken = db.session.execute(
            update(ImportJob)
            .where(
                ImportJob.tenant_id == current_tenant_id(),
                ImportJob.id == import_id,
                ImportJob.undo["status"].astext == "running",
                silent() | ~ImportJob.undo.has_key("taken"),
            )
            .values(
                lease_token=ImportJob.lease_token + 1,
                heartbeat_at=now(),
                undo=ImportJob.undo.op("||")(func.jsonb_build_object("taken", True)),
            )
            .returning(ImportJob.lease_token, ImportJob.status)
        ).one_or_none()
    return None if taken is None else Lease(import_id, taken.lease_token, taken.status)


def _work(lease: Lease) -> None:
    with transaction():
        job = get_import(lease.import_id)
        state = dict(_state(job))
        meta = ChangeSetMeta(
            source="undo",
            reason=job.filename,
            actor_user_id=state["user_id"],
            actor_api_key_id=state["api_key_id"],
            import_id=lease.import_id,
        )
        change_sets = undo.change_sets_of_import(lease.import_id)
    redo = bool(state["redo"])
    undo.undo_change_sets(
        meta, change_sets, redo=redo, on_chunk=lambda progress: _note(lease, progress)
    )
    with transaction():
        progress = undo.undo_progress(change_sets, redo=redo)
    _note(lease, progress)
    _end(lease, status="done", error=None)


def _note(lease: Lease, progress: UndoProgress) -> None:
    lease.turn.chunks += 1
    with transaction():
        told = {"total": progress.total, "done": progress.done, "counts": asdict(progress.counts)}
        hold(lease, undo=ImportJob.undo.op("||")(cast(told, JSONB)))


def _end(lease: Lease, *, status: str, error: str | None) -> None:
    told = {"status": status, "error": error, "finished_at": now().isoformat()}
    with transaction():
        hold(lease, undo=ImportJob.undo.op("||")(cast(told, JSONB)))


def preview(job: ImportJob, *, redo: bool = False) -> UndoPreview | None:
    """What undoing an import would do now; None where that would take long to find out."""
    if job.created_count + job.updated_count + job.deactivated_count > MOST_FORESEEN:
        return None
    return undo.preview_undo(undo.change_sets_of_import(job.id), redo=redo)


def left_alone(
    import_id: int, *, after: Place | None = None, limit: int
) -> tuple[tuple[LeftAlone, ...], Place | None]:
    """A page of what an undo left alone and still stands, and where the next begins."""
    return undo.list_left_alone(_with_something_left(import_id), after=after, limit=limit)


def _with_something_left(import_id: int) -> list[int]:
    """Its change sets whose undo left something alone: only those have to be looked at."""
    undone_by = select(ChangeSet.undoes_id).where(
        ChangeSet.tenant_id == current_tenant_id(),
        ChangeSet.import_id == import_id,
        ChangeSet.undoes_id.is_not(None),
        ChangeSet.failed_count > 0,
    )
    own = set(undo.change_sets_of_import(import_id))
    return sorted(own & set(db.session.scalars(undone_by)))


def as_told(job: ImportJob) -> dict[str, Any] | None:
    """How far the last undo is, as the API says it."""
    state = _state(job)
    if not state:
        return None
    told = {name: state[name] for name in ("status", "redo", "error", "started_at", "finished_at")}
    return {
        **told,
        "change_sets": state["total"],
        "change_sets_done": state["done"],
        **state["counts"],
        "change_set_ids": undo_change_sets(job.id) if not is_undoing(job) else [],
    }


def undo_change_sets(import_id: int) -> list[int]:
    """The change sets that undid something of an import, or did it again."""
    found = db.session.scalars(
        select(ChangeSet.id)
        .where(
            ChangeSet.tenant_id == current_tenant_id(),
            ChangeSet.import_id == import_id,
            ChangeSet.undoes_id.is_not(None),
        )
        .order_by(ChangeSet.id)
    )
    return list(found)


def _state(job: ImportJob) -> dict[str, Any]:
    return job.undo or {}
