"""ClickHouse on the workers: bring change sets soon after their commit, and those left over."""

from __future__ import annotations

import logging

from jobs.context import in_app
from pim.analytics import nudge, sync
from pim.core.db import transaction
from pim.core.errors import Unavailable
from pim.core.tenancy import tenant_scope
from pim.imports.finish import finish_synced_imports

log = logging.getLogger(__name__)


@in_app
def sync_tenant(tenant_id: int) -> None:
    """Bring what one tenant has just changed."""
    nudge.gather(tenant_id)
    try:
        sync.sync_tenant(tenant_id)
    except Unavailable as error:
        log.warning("analytics_sync_postponed", extra={"tenant": tenant_id, "error": str(error)})
    _finish_imports(tenant_id)


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
