"""Products on the workers: deletions of many, and looking after those nobody works on."""

from __future__ import annotations

from jobs.context import in_app
from pim.products import deleting


@in_app
def run_deletion(tenant_id: int, deletion_id: int) -> None:
    """Delete many products piece by piece; safe to run twice, also at once."""
    deleting.run_deletion(tenant_id, deletion_id)


@in_app
def resume_deletions() -> None:
    """Hand deletions that lost their worker to another."""
    deleting.resume_deletions()
