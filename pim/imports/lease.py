"""Who works on an import: one worker at a time, proven in every transaction.

A worker takes the import over by raising its token. Whatever it commits afterwards names the token
it has; when somebody took over, or the import was paused or cancelled meanwhile, nothing is
committed. While it holds the lease it lets itself be heard of (`pim.imports.beat`), and the time
it worked is counted with every sign of life.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, cast, false, func, or_, select, update

from pim.core import settings
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import current_tenant_id
from pim.imports.models import ImportJob

PENDING, IMPORTING, CHECKING, PAUSED = "pending", "importing", "checking", "paused"
UNFINISHED = (PENDING, IMPORTING, CHECKING)
WORKED_ON = (IMPORTING, CHECKING)


class LeaseLost(Exception):
    """The import isn't this worker's any more: paused, cancelled, or taken over by another."""


class TurnOver(Exception):
    """The worker has been at it for a while and others wait: it goes on with this one later."""


@dataclass(slots=True)
class Turn:
    """How a worker's time with one import goes. over: others wait and no worker is free."""

    chunks: int = 0
    over: bool = False


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one import of the tenant in force, while it has this status."""

    import_id: int
    token: int
    status: str = IMPORTING
    turn: Turn = field(default_factory=Turn, compare=False)


def take_lease(import_id: int, status: str = IMPORTING) -> Lease | None:
    """Take an import over; None when another worker is at it, or there is nothing to do.

    status: `importing`, which begins with what is pending too, or `checking`. A worker that
    hasn't been heard of for `import_stalled_seconds` counts as gone.
    """
    with transaction():
        token = db.session.scalar(
            update(ImportJob)
            .where(
                ImportJob.tenant_id == current_tenant_id(),
                ImportJob.id == import_id,
                or_(
                    (ImportJob.status == PENDING) if status == IMPORTING else false(),
                    (ImportJob.status == status) & silent(),
                ),
            )
            .values(
                status=status,
                lease_token=ImportJob.lease_token + 1,
                heartbeat_at=now(),
                started_at=func.coalesce(ImportJob.started_at, now()),
            )
            .returning(ImportJob.lease_token)
        )
    return None if token is None else Lease(import_id, token, status)


def silent() -> ColumnElement[bool]:
    """Whether nothing has been heard of an import's worker for so long that it counts as gone."""
    since = now() - timedelta(seconds=settings().import_stalled_seconds)
    return func.coalesce(ImportJob.heartbeat_at < since, True)


def hold(lease: Lease, **values: Any) -> None:
    """Write down progress as the holder; raises LeaseLost, and then nothing may be committed.

    Belongs to the caller's transaction. The row is locked from here to its end, so it is called
    last.
    """
    held = db.session.scalar(
        update(ImportJob)
        .where(*is_held(lease))
        .values(**heard_of(lease), **values)
        .returning(ImportJob.id)
    )
    if held is None:
        raise LeaseLost


def still_held(lease: Lease) -> bool:
    """A look without a lock, at the begin of each chunk, before work that would be thrown away.

    Raises TurnOver when others wait for this worker and it has brought a chunk at least.
    """
    if lease.turn.over and lease.turn.chunks:
        raise TurnOver
    lease.turn.chunks += 1
    return db.session.scalar(select(ImportJob.id).where(*is_held(lease))) is not None


def is_held(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    """What is true of the import as long as nobody else has it."""
    return (
        ImportJob.tenant_id == current_tenant_id(),
        ImportJob.id == lease.import_id,
        ImportJob.lease_token == lease.token,
        ImportJob.status == lease.status,
    )


def heard_of(lease: Lease) -> dict[str, Any]:
    """What a sign of life writes down: when, and that it worked since the one before."""
    moment = now()
    if lease.status not in WORKED_ON:
        return {"heartbeat_at": moment}
    since = cast(func.extract("epoch", moment - ImportJob.heartbeat_at), Float)
    worked = func.greatest(0.0, func.coalesce(since, 0.0))
    return {"heartbeat_at": moment, "worked_seconds": ImportJob.worked_seconds + worked}
