"""Checks of imports for tests, done where the test stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.imports import check, service
from pim.imports.models import ImportCheckRow, ImportJob
from tests.factories.identity import TestTenant
from tests.factories.imports import fetch, run, suggested


def checked(
    app: Flask,
    tenant: TestTenant,
    job: ImportJob,
    body: Mapping[str, Any] | None = None,
    **options: Any,
) -> ImportJob:
    """An import after its check, done as a worker would."""
    given = dict(body or suggested(job))
    if options:
        given["options"] = options
    with app.app_context(), tenant_scope(tenant.id), transaction():
        assert service.start_check(job.id, given).status == "checking"
    with app.app_context():
        check.run_check(tenant.id, job.id)
    return fetch(app, tenant, job)


def foreseen(job: ImportJob) -> dict[str, int]:
    """What the check says the import will come to, without the zeros."""
    assert job.check_result is not None
    names = ("created", "updated", "unchanged", "superseded", "failed")
    return {name: job.check_result[name] for name in names if job.check_result[name]}


def import_checked(app: Flask, tenant: TestTenant, job: ImportJob) -> ImportJob:
    """Confirm what was checked and run it."""
    with app.app_context(), tenant_scope(tenant.id), transaction():
        service.confirm_checked(job.id)
    return run(app, tenant, job)


def cells(app: Flask, tenant: TestTenant, job: ImportJob) -> list[tuple[Any, ...]]:
    """The cells a check kept, in order."""
    with app.app_context(), tenant_scope(tenant.id):
        rows = db.session.scalars(
            select(ImportCheckRow)
            .where(ImportCheckRow.import_id == job.id)
            .order_by(ImportCheckRow.id)
        )
        return [(r.line, r.status, r.sku, r.field, r.before, r.after) for r in rows]
