"""Imports on the workers: whoever's turn it is, undo, and looking after what nobody works on."""

from __future__ import annotations

from jobs.context import in_app
from pim.imports import check, reconcile, retention, runner, turns, undoing


@in_app
def take_turn(tenant_id: int, import_id: int) -> None:
    """Work on the import whose turn it is: this one or, when others wait longer, another."""
    turns.take_turn((tenant_id, import_id), run=runner.run_import, check=check.run_check)


@in_app
def run_import(tenant_id: int, import_id: int) -> None:
    """Bring one import into the catalog; safe to run twice, also at once."""
    runner.run_import(tenant_id, import_id)


@in_app
def run_undo(tenant_id: int, import_id: int) -> None:
    """Undo an import, or do it again; safe to run twice, also at once."""
    undoing.run_undo(tenant_id, import_id)


@in_app
def resume_stalled_imports() -> None:
    """Resume what lost its worker, and finish what only waited for ClickHouse."""
    reconcile.resume_stalled_imports()


@in_app
def remove_old_files() -> None:
    """Remove uploaded files whose time has come, and what no import knows of."""
    retention.remove_expired_files()
    retention.remove_orphans()
