"""Letting go of the cells a check has kept: whoever ends what it was for does so."""

from __future__ import annotations

from sqlalchemy import delete

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.imports.models import ImportCheckRow, ImportJob


def forget_check_rows(import_id: int) -> None:
    """Remove the cells an earlier check has kept."""
    db.session.execute(
        delete(ImportCheckRow).where(
            ImportCheckRow.tenant_id == current_tenant_id(), ImportCheckRow.import_id == import_id
        )
    )


def forget_check(job: ImportJob) -> None:
    """Remove all an earlier check has found: it says nothing of this import any more."""
    job.check_result = None
    forget_check_rows(job.id)
