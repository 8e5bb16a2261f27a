"""What happens to the workers of imports: they are killed, or fall silent."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import update

from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.imports.models import ImportJob
from tests.factories.identity import TestTenant
from tests.factories.imports import fetch


def fall_silent(app: Flask, tenant: TestTenant, job: ImportJob) -> None:
    """As if the worker hadn't been heard of for a long time."""
    with app.app_context(), tenant_scope(tenant.id), transaction():
        db.session.execute(
            update(ImportJob)
            .where(ImportJob.id == job.id)
            .values(heartbeat_at=now() - timedelta(hours=1))
        )


def killed_when(
    reached: Callable[[], bool], tenant: TestTenant, job: ImportJob, work: str = "run_import"
) -> None:
    """A worker in a process of its own, killed as soon as it has come to this."""
    code = f"from jobs.imports import {work}; {work}({tenant.id}, {job.id})"
    worker = subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "IMPORT_CHUNK_ROWS": "1000"}
    )
    deadline = time.monotonic() + 60
    while not reached() and time.monotonic() < deadline:
        time.sleep(0.01)
    worker.kill()
    worker.wait()


def killed_in_the_middle(app: Flask, tenant: TestTenant, job: ImportJob, rows: int) -> None:
    """The worker of an import of so many rows dies when some are in the catalog."""
    killed_when(lambda: fetch(app, tenant, job).imported_count > 0, tenant, job)
    cut_off = fetch(app, tenant, job)
    assert cut_off.status == "importing"
    assert 0 < cut_off.imported_count < rows, "it was to be killed in the middle"
