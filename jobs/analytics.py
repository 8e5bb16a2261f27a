"""ClickHouse on the workers: bring change sets soon after their commit, and those left over."""

from __future__ import annotations

import logging

from jobs.context import in_app
from pim.analytics import nudge, sync
from pim.core.errors import Unavailable

log = logging.getLogger(__name__)


@in_app
def sync_tenant(tenant_id: int) -> None:
    """Bring what one tenant has just changed."""
    nudge.gather(tenant_id)
    try:
        sync.sync_tenant(tenant_id)
    except Unavailable as error:
        log.warning("analytics_sync_postponed", extra={"tenant": tenant_id, "error": str(error)})


@in_app
def catch_up() -> None:
    """Bring whatever waits, of every tenant."""
    try:
        sync.catch_up()
    except Unavailable as error:
        log.warning("analytics_catch_up_postponed", extra={"error": str(error)})
