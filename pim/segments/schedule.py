"""Looking after all tenants' due segments, for a while.

A process for each segment would cost more than computing it, so one job works through many, a
tenant at a time in turn. However many do so at once, each segment is claimed by one (`lease`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from pim.core.tenancy import tenant_scope
from pim.segments import compute, lease

log = logging.getLogger(__name__)

# How long one job goes on while there is more to do.
TURN_SECONDS = 5.0


def compute_due(
    seconds: float = TURN_SECONDS, others_wait: Callable[[float], bool] = lambda _: False
) -> bool:
    """Compute what is due, until nothing is, the time is over, or somebody else needs the worker.

    others_wait: asked after each segment, with the seconds since the begin. Gives whether more may
    be due. Raises Unavailable when ClickHouse doesn't answer: what is due stays so.
    """
    began = time.monotonic()
    while tenants := lease.tenants_due():
        computed = 0
        for tenant_id in tenants:
            computed += compute_next(tenant_id)
            elapsed = time.monotonic() - began
            if elapsed >= seconds or (computed and others_wait(elapsed)):
                return True
        if not computed:
            # What is left is computed by others, or waits for what they compute.
            return False
    return False


def compute_next(tenant_id: int) -> bool:
    """Compute the one segment of a tenant whose turn it is; False when there is none."""
    with tenant_scope(tenant_id):
        lease.settle_unchanged()
        claimed = lease.claim()
        if claimed is None:
            return False
        compute.compute_claimed(claimed)
        return True
