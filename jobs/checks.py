"""Checks of imports on the workers: what an import would come to, before it is one."""

from __future__ import annotations

from jobs.context import in_app
from pim.imports import check


@in_app
def run_check(tenant_id: int, import_id: int) -> None:
    """Look what an import would come to; safe to run twice, also at once."""
    check.run_check(tenant_id, import_id)
