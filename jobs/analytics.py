"""ClickHouse on the workers: bring change sets soon after their commit, and those left over."""

from __future__ import annotations

import logging
import time

from jobs.context import in_app
from jobs.queues import QUEUES
from pim.analytics import nudge, sync
from pim.core.db import transaction
from pim.core.errors import Unavailable
from pim.core.queue import queue
from pim.core.tenancy import tenant_scope
from pim.imports.finish import finish_synced_imports

log = logging.getLogger(__name__)

# A job that follows an import listens so long at a time, and ends after so long: it isn't to be
# what keeps a worker from stopping.
_LISTEN_SECONDS, _FOLLOWED_SECONDS = 0.5, 30
# So long it lets chunks gather before it brings them: fewer, larger parts cost ClickHouse half the
# merging, and the import has the processor meanwhile.
_GATHERED_SECONDS, _LOOK_SECONDS = 1.0, 0.15


@in_app
def sync_tenant(tenant_id: int) -> None:
    """Bring what one tenant has just changed, and what an import goes on changing."""
    nudge.gather(tenant_id, at_once=sync.an_import_writes(tenant_id))
    try:
        sync.sync_tenant(tenant_id)
        if sync.an_import_writes(tenant_id):
            _follow_imports(tenant_id)
            sync.sync_tenant(tenant_id)
    except Unavailable as error:
        log.warning("analytics_sync_postponed", extra={"tenant": tenant_id, "error": str(error)})
    _finish_imports(tenant_id)


def _follow_imports(tenant_id: int) -> None:
    """Bring chunks soon after their commits, until the import ends or another job needs the worker.

    A job for each chunk would cost as much as bringing it: a process, an application, connections.
    """
    ends = time.monotonic() + _FOLLOWED_SECONDS
    with nudge.listening(tenant_id) as asked_within:
        while time.monotonic() < ends and not any(queue(name).count for name in QUEUES):
            if asked_within(_LISTEN_SECONDS):
                _gather_chunks(tenant_id)
                sync.sync_tenant(tenant_id)
            elif not sync.an_import_writes(tenant_id):
                break


def _gather_chunks(tenant_id: int) -> None:
    """Wait for more of an import, but no moment after its last chunk."""
    ends = time.monotonic() + _GATHERED_SECONDS
    while time.monotonic() < ends and sync.an_import_writes(tenant_id):
        time.sleep(_LOOK_SECONDS)


@in_app
def catch_up() -> None:
    """Bring whatever waits, of every tenant."""
    try:
        for tenant_id in sync.catch_up():
            _finish_imports(tenant_id)
    except Unavailable as error:
        log.warning("analytics_catch_up_postponed", extra={"error": str(error)})


def _finish_imports(tenant_id: int) -> None:
    """Imports that only waited for this are done."""
    with tenant_scope(tenant_id), transaction():
        finish_synced_imports()
