"""Imports on the workers: running one, and looking after those nobody works on."""

from __future__ import annotations

from jobs.context import in_app
from pim.imports import reconcile, retention, runner


@in_app
def run_import(tenant_id: int, import_id: int) -> None:
    """Bring one import into the catalog; safe to run twice, also at once."""
    runner.run_import(tenant_id, import_id)


@in_app
def resume_stalled_imports() -> None:
    """Resume what lost its worker, and finish what only waited for ClickHouse."""
    reconcile.resume_stalled_imports()


@in_app
def remove_old_files() -> None:
    """Remove uploaded files whose time has come, and what no import knows of."""
    retention.remove_expired_files()
    retention.remove_orphans()
