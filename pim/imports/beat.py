"""Signs of life: an import's worker is heard of every two seconds, whatever it is at.

A chunk may take a while, and so may a look through a large file; a thread beside the work says that
the worker lives, notes how far it is for the rate of the last seconds, and finds out whether others
wait for it. It never waits for the work, and the work never for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app
from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from pim.core.db import db, transaction
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.imports import pace
from pim.imports.lease import Lease, heard_of, is_held
from pim.imports.models import ImportJob

log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0
# A worker that stands still for so long says nothing any more, so that another takes over.
LONGEST_CHUNK_SECONDS = 900.0


@contextmanager
def beating(lease: Lease, others_wait: Callable[[Lease], bool]) -> Iterator[None]:
    """Be heard of as long as the context lasts. others_wait: asked now and then; ends the turn."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    ended = threading.Event()
    thread = threading.Thread(
        target=_beat,
        args=(app, current_tenant_id(), lease, others_wait, ended),
        daemon=True,
        name="import-beat",
    )
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _beat(
    app: Flask,
    tenant_id: int,
    lease: Lease,
    others_wait: Callable[[Lease], bool],
    ended: threading.Event,
) -> None:
    chunks, since = 0, time.monotonic()
    while not ended.wait(EVERY_SECONDS):
        if lease.turn.chunks != chunks:
            chunks, since = lease.turn.chunks, time.monotonic()
        if time.monotonic() - since > LONGEST_CHUNK_SECONDS:
            return
        try:
            with app.app_context(), tenant_scope(tenant_id):
                with transaction():
                    _be_heard_of(lease)
                if not lease.turn.over and lease.turn.chunks:
                    lease.turn.over = others_wait(lease)
        except SQLAlchemyError as error:
            # The database is away, or busy; the next sign of life may come through.
            log.warning("import_beat_missed", extra={"error": type(error).__name__})


def _be_heard_of(lease: Lease) -> None:
    """Nothing is done where the row is locked: then the work itself is writing just now."""
    free = select(ImportJob.id).where(*is_held(lease)).with_for_update(skip_locked=True)
    db.session.execute(
        update(ImportJob)
        .where(ImportJob.tenant_id == current_tenant_id(), ImportJob.id.in_(free.scalar_subquery()))
        .values(**heard_of(lease), pace=pace.appended())
        .execution_options(synchronize_session=False)
    )
