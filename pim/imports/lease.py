"""Who works on an import: one worker at a time, proven in every transaction.

A worker takes the import over by raising its token. Whatever it commits afterwards names the token
it has; when somebody took over, or the import was cancelled meanwhile, nothing is committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import false, func, or_, select, update

from pim.core import settings
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import current_tenant_id
from pim.imports.models import ImportJob

PENDING, IMPORTING, CHECKING = "pending", "importing", "checking"
UNFINISHED = (PENDING, IMPORTING, CHECKING)


class LeaseLost(Exception):
    """The import isn't this worker's any more: cancelled, or taken over by another."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one import of the tenant in force, while it has this status."""

    import_id: int
    token: int
    status: str = IMPORTING


def take_lease(import_id: int, status: str = IMPORTING) -> Lease | None:
    """Take an import over; None when another worker is at it, or there is nothing to do.

    status: `importing`, which begins with what is pending too, or `checking`. A worker that
    hasn't been heard of for `import_stalled_seconds` counts as gone.
    """
    silent_since = now() - timedelta(seconds=settings().import_stalled_seconds)
    with transaction():
        token = db.session.scalar(
            update(ImportJob)
            .where(
                ImportJob.tenant_id == current_tenant_id(),
                ImportJob.id == import_id,
                or_(
                    (ImportJob.status == PENDING) if status == IMPORTING else false(),
                    (ImportJob.status == status)
                    & (func.coalesce(ImportJob.heartbeat_at < silent_since, True)),
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


def hold(lease: Lease, **values: Any) -> None:
    """Write down progress as the holder; raises LeaseLost, and then nothing may be committed.

    Belongs to the caller's transaction. The row is locked from here to its end, so it is called
    last.
    """
    held = db.session.scalar(
        update(ImportJob)
        .where(
            ImportJob.tenant_id == current_tenant_id(),
            ImportJob.id == lease.import_id,
            ImportJob.lease_token == lease.token,
            ImportJob.status == lease.status,
        )
        .values(heartbeat_at=now(), **values)
        .returning(ImportJob.id)
    )
    if held is None:
        raise LeaseLost


def still_held(lease: Lease) -> bool:
    """A look without a lock, before work is begun that would be thrown away."""
    return (
        db.session.scalar(
            select(ImportJob.id).where(
                ImportJob.tenant_id == current_tenant_id(),
                ImportJob.id == lease.import_id,
                ImportJob.lease_token == lease.token,
                ImportJob.status == lease.status,
            )
        )
        is not None
    )
