"""While products are written by a vocabulary, it stays what it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.schema.queries import claim_vocabulary, current_vocabulary
from tests.factories.identity import TestTenant, make_tenant


def can(app: Flask, tenant: TestTenant, *, change: bool) -> bool:
    """Whether somebody else gets the vocabulary, to change it or to write by it."""

    def attempt() -> bool:
        with app.app_context(), tenant_scope(tenant.id), transaction():
            db.session.execute(text("SET LOCAL lock_timeout = '100ms'"))
            if change:
                claim_vocabulary()
            else:
                current_vocabulary(hold=True)
        return True

    with ThreadPoolExecutor(1) as elsewhere:
        try:
            return elsewhere.submit(attempt).result()
        except OperationalError:
            return False


def test_writers_keep_changes_of_the_vocabulary_waiting_and_each_other_not(
    app: Flask, tenant: TestTenant
) -> None:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        current_vocabulary(hold=True)
        assert can(app, tenant, change=False)
        assert not can(app, tenant, change=True)
    assert can(app, tenant, change=True)


def test_a_change_of_the_vocabulary_keeps_writers_of_this_tenant_waiting(
    app: Flask, tenant: TestTenant
) -> None:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        claim_vocabulary()
        assert not can(app, tenant, change=False)
        assert can(app, make_tenant(app), change=False)
    assert can(app, tenant, change=False)


def test_reading_the_vocabulary_waits_for_nobody(app: Flask, tenant: TestTenant) -> None:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        claim_vocabulary()

        def look() -> int:
            with app.app_context(), tenant_scope(tenant.id), transaction():
                return current_vocabulary().version

        with ThreadPoolExecutor(1) as elsewhere:
            assert elsewhere.submit(look).result(timeout=5) == 0
