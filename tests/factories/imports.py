"""Imports for tests: uploaded through the service, run where the test stands."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from pim.analytics import sync, verify
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.imports import examining, finish, queries, runner, service
from pim.imports.models import ImportIssue, ImportJob
from pim.imports.readers.base import Overrides
from pim.products.models import Product
from pim.schema.queries import current_vocabulary
from tests.factories.identity import TestTenant


def upload(
    app: Flask,
    tenant: TestTenant,
    content: str | bytes | Path,
    filename: str = "products.csv",
    overrides: Overrides | None = None,
) -> ImportJob:
    """A file that waits for its mapping."""
    if isinstance(content, Path):
        filename, data = content.name, content.read_bytes()
    else:
        data = content.encode() if isinstance(content, str) else content
    with app.app_context(), tenant_scope(tenant.id):
        with transaction():
            vocabulary = current_vocabulary()
        examined = examining.receive_file(io.BytesIO(data), filename, vocabulary, overrides)
        with transaction():
            job = service.start_import(examined)
            db.session.flush()
            return _detached(job)


def suggested(job: ImportJob, **changes: Any) -> dict[str, Any]:
    """The confirmation that takes every suggestion; changes: further parts of the mapping."""
    mapping: dict[str, Any] = {}
    for each in job.suggestions["columns"]:
        target = each["target"]
        mapping[each["column"]] = (
            {"to": target, "type": each["type"]} if target and each["new"] else target
        )
    return {"mapping": mapping | changes}


def confirm(
    app: Flask,
    tenant: TestTenant,
    job: ImportJob,
    body: Mapping[str, Any] | None = None,
    **options: str,
) -> ImportJob:
    """A confirmed import; it is in the queue, but no worker of the test looks there."""
    given = dict(body or suggested(job))
    if options:
        given["options"] = options
    with app.app_context(), tenant_scope(tenant.id), transaction():
        return _detached(service.confirm_import(job.id, given))


def run(app: Flask, tenant: TestTenant, job: ImportJob, *, synced: bool = True) -> ImportJob:
    """Do what a worker would, and what the one for ClickHouse would do after it."""
    with app.app_context():
        runner.run_import(tenant.id, job.id)
        if synced:
            sync.sync_tenant(tenant.id)
            with tenant_scope(tenant.id), transaction():
                finish.finish_synced_imports()
    return fetch(app, tenant, job)


def import_file(
    app: Flask,
    tenant: TestTenant,
    content: str | bytes | Path,
    body: Mapping[str, Any] | None = None,
    **options: str,
) -> ImportJob:
    """From a file to the catalog."""
    job = upload(app, tenant, content)
    confirm(app, tenant, job, body, **options)
    return run(app, tenant, job)


def fetch(app: Flask, tenant: TestTenant, job: ImportJob) -> ImportJob:
    """The import as it is now."""
    with app.app_context(), tenant_scope(tenant.id), transaction():
        return _detached(queries.get_import(job.id))


def counts(job: ImportJob) -> dict[str, int]:
    """What the import came to, without the zeros."""
    found = {
        "created": job.created_count,
        "updated": job.updated_count,
        "unchanged": job.unchanged_count,
        "superseded": job.superseded_count,
        "failed": job.failed_count,
    }
    return {name: count for name, count in found.items() if count}


def issues(app: Flask, tenant: TestTenant, job: ImportJob) -> list[ImportIssue]:
    """What is reported about its rows, in the order of their lines."""
    with app.app_context(), tenant_scope(tenant.id), transaction():
        found = list(queries.list_issues(job.id, limit=100_000))
        db.session.expunge_all()
    return sorted(found, key=lambda issue: (issue.line, issue.id))


def stores_are_equal(app: Flask, tenant: TestTenant) -> bool:
    """Whether ClickHouse has exactly the products PostgreSQL has."""
    with app.app_context():
        return verify.compare(tenant.id).equal


def products(app: Flask, tenant: TestTenant) -> dict[str, Product]:
    """The catalog by SKU."""
    with app.app_context(), tenant_scope(tenant.id), transaction():
        found = list(db.session.query(Product))
        db.session.expunge_all()
    return {product.sku: product for product in found}


def _detached(job: ImportJob) -> ImportJob:
    db.session.flush()
    db.session.refresh(job)
    db.session.expunge(job)
    return job
