"""What a worker does around its work on an import: take it, and tell what came in between.

A reason the user can do something about ends the import. A fault on our side is tried again by
whoever takes it over; after some tries that got nowhere it is said and ended too.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.errors import DomainError, Invalid, NotFound, Unavailable
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.imports.beat import beating
from pim.imports.checked import check_failed
from pim.imports.lease import CHECKING, IMPORTING, Lease, LeaseLost, TurnOver, hold, take_lease
from pim.imports.queries import get_import
from pim.imports.readers.base import FileProblem
from pim.imports.reconcile import enqueue_import
from pim.imports.retention import when_over
from pim.imports.speed import at_full_speed
from pim.imports.turns import OthersWait, make_room

log = logging.getLogger(__name__)

TRIES_WITHOUT_PROGRESS = 3


class Stopped(Exception):
    """The import ends here for a reason the user can do something about."""


def work_on(
    tenant_id: int, import_id: int, work: Callable[[Lease], None], status: str = IMPORTING
) -> bool:
    """Do this work on an import, unless it is somebody else's or there is nothing to do: False.

    status: what it is while it is worked on, see `take_lease`.
    """
    with tenant_scope(tenant_id):
        lease = take_lease(import_id, status)
        if lease is None:
            return False
        try:
            with beating(lease, OthersWait()), at_full_speed():
                work(lease)
        except TurnOver:
            db.session.rollback()
            _make_room(lease)
        except LeaseLost:
            log.info("import_lease_lost", extra={"import_id": import_id})
        except (Stopped, FileProblem, Invalid, NotFound) as problem:
            db.session.rollback()
            fail(lease, str(getattr(problem, "message", problem)))
        except Exception as error:
            log.exception("import_interrupted", extra={"import_id": import_id})
            db.session.rollback()
            if not _give_up(lease, error):
                raise  # a tick finds it silent and resumes it after the last chunk
    return True


def _make_room(lease: Lease) -> None:
    """Wait in line again, with everything up to the last chunk in the catalog."""
    try:
        with transaction():
            make_room(lease)
            enqueue_import(current_tenant_id(), lease.import_id)
    except LeaseLost:
        return
    log.info("import_made_room", extra={"import_id": lease.import_id})


def fail(lease: Lease, message: str) -> None:
    """End an import and say why, unless it isn't ours any more."""
    try:
        with transaction():
            hold(lease, **_ended(lease, message))
    except LeaseLost:
        return


def _ended(lease: Lease, message: str) -> dict[str, Any]:
    if lease.status == CHECKING:
        return check_failed(message)
    return {
        "status": "failed",
        "phase": "",
        "error": message,
        "finished_at": now(),
        "keep_file_until": when_over(),
    }


def _give_up(lease: Lease, error: Exception) -> bool:
    """Count tries that got nowhere; after some, say so and stop. True when it was given up."""
    if isinstance(error, Unavailable):
        return False  # it waits for what is away, however long that takes
    if isinstance(error, DomainError):
        fail(lease, error.message)
        return True
    line, tries = _count_try(lease)
    if tries < TRIES_WITHOUT_PROGRESS:
        return False
    where = f"after line {line:,}" if line else "at the beginning"
    checking = lease.status == CHECKING
    what = "check" if checking else "import"
    there = "Nothing was changed." if checking else "Everything up to there is in the catalog."
    fail(
        lease,
        f"The {what} stopped {where} because of a fault on our side, three times in a row. {there}",
    )
    return True


def _count_try(lease: Lease) -> tuple[int, int]:
    """The line the import has come to, and how often it has not got beyond it."""
    with transaction():
        checkpoint = dict(get_import(lease.import_id).checkpoint)
        line: int = checkpoint.get("line", 0)
        same_place = checkpoint.get("tried_at") == line
        tries: int = checkpoint.get("tries", 0) + 1 if same_place else 1
        try:
            hold(lease, checkpoint=checkpoint | {"tries": tries, "tried_at": line})
        except LeaseLost:
            tries = 0
    return line, tries
