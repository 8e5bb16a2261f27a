"""Programs come with an API key, and with nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.errors import Invalid
from pim.core.tenancy import tenant_scope
from pim.identity import service
from pim.identity.models import ApiKey
from pim.identity.permissions import Role
from pim.identity.tokens import token_hash
from tests.factories.identity import TestTenant, client_of, make_api_key, make_tenant

LIST = "/api/pim/products/"


def ask(app: Flask, authorization: str | None) -> TestResponse:
    headers = {} if authorization is None else {"Authorization": authorization}
    return app.test_client().get(LIST, headers=headers)


def listed(app: Flask, key: str) -> list[str]:
    answer = ask(app, f"Bearer {key}").json
    assert answer is not None
    return [product["sku"] for product in answer["items"]]


def change(app: Flask, tenant: TestTenant, **values: object) -> None:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        db.session.execute(update(ApiKey).values(**values))


def the_key(app: Flask, tenant: TestTenant) -> ApiKey:
    with app.app_context(), tenant_scope(tenant.id):
        return db.session.scalars(select(ApiKey)).one()


def test_a_key_opens_the_api_of_its_tenant(app: Flask, tenant: TestTenant) -> None:
    key = make_api_key(app, tenant, Role.VIEWER)
    assert ask(app, f"Bearer {key}").status_code == 200
    assert ask(app, f"bearer  {key} ").status_code == 200


def test_without_a_key_the_answer_says_what_is_wanted(app: Flask) -> None:
    answer = ask(app, None)
    assert answer.status_code == 401
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json is not None
    assert "Authorization: Bearer pim_" in answer.json["detail"]


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer pim_",
        "Bearer pim_00000000_x",
        "Bearer x",
        "Basic YTpi",
        "é",
        "Bearer pim_\x7f",
        "Bearer " + "pim_" * 2000,
    ],
)
def test_a_wrong_key_is_refused(app: Flask, authorization: str) -> None:
    assert ask(app, authorization).status_code == 401


def test_a_key_is_its_tenants_alone(app: Flask, tenant: TestTenant) -> None:
    other = make_tenant(app)
    ours, theirs = make_api_key(app, tenant), make_api_key(app, other)
    made = app.test_client().post(
        LIST, json={"sku": "LAMP-1", "name": "Lamp"}, headers={"Authorization": f"Bearer {ours}"}
    )
    assert made.status_code == 201
    assert made.json is not None
    assert listed(app, theirs) == []
    assert listed(app, ours) == ["LAMP-1"]


def test_a_revoked_key_is_refused_from_the_next_request(app: Flask, tenant: TestTenant) -> None:
    key = make_api_key(app, tenant)
    assert ask(app, f"Bearer {key}").status_code == 200
    with app.app_context(), tenant_scope(tenant.id), transaction():
        service.revoke_api_key(db.session.scalars(select(ApiKey.id)).one())
    assert ask(app, f"Bearer {key}").status_code == 401


def test_a_key_is_refused_once_it_has_expired(app: Flask, tenant: TestTenant) -> None:
    key = make_api_key(app, tenant)
    change(app, tenant, expires_at=now() + timedelta(minutes=1))
    assert ask(app, f"Bearer {key}").status_code == 200
    change(app, tenant, expires_at=now() - timedelta(seconds=1))
    assert ask(app, f"Bearer {key}").status_code == 401


def test_a_key_that_would_have_expired_already_is_not_made(app: Flask, tenant: TestTenant) -> None:
    with app.app_context(), tenant_scope(tenant.id), pytest.raises(Invalid):
        service.create_api_key("Old", Role.VIEWER, now() - timedelta(days=1))


@pytest.mark.parametrize(
    ("role", "status"), [(Role.VIEWER, 403), (Role.EDITOR, 201), (Role.ADMIN, 201)]
)
def test_the_role_of_a_key_is_what_it_may_do(
    app: Flask, tenant: TestTenant, role: Role, status: int
) -> None:
    key = make_api_key(app, tenant, role)
    answer = app.test_client().post(
        LIST, json={"sku": "LAMP-1", "name": "Lamp"}, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == status


def test_a_role_that_is_taken_from_a_key_counts_at_once(app: Flask, tenant: TestTenant) -> None:
    key = make_api_key(app, tenant, Role.ADMIN)
    change(app, tenant, role="viewer")
    answer = app.test_client().post(
        LIST, json={"sku": "LAMP-1", "name": "Lamp"}, headers={"Authorization": f"Bearer {key}"}
    )
    assert answer.status_code == 403


def test_a_wrong_key_is_not_saved_by_a_cookie(app: Flask, tenant: TestTenant) -> None:
    """Who sends a key means it; falling back would act as somebody else."""
    client = client_of(app, tenant)
    assert client.get(LIST).status_code == 200
    assert client.get(LIST, headers={"Authorization": "Bearer pim_nope"}).status_code == 401


def test_the_database_keeps_the_hash_of_a_key_alone(app: Flask, tenant: TestTenant) -> None:
    key = make_api_key(app, tenant)
    kept = the_key(app, tenant)
    assert kept.key_hash == token_hash(key)
    assert key.startswith(kept.prefix)
    assert len(key) - len(kept.prefix) > 40


def test_when_a_key_was_last_used_is_noted_once_a_minute(app: Flask, tenant: TestTenant) -> None:
    key = make_api_key(app, tenant)
    assert the_key(app, tenant).last_used_at is None
    ask(app, f"Bearer {key}")
    first = the_key(app, tenant).last_used_at
    assert first is not None
    ask(app, f"Bearer {key}")
    assert the_key(app, tenant).last_used_at == first
    change(app, tenant, last_used_at=now() - timedelta(hours=1))
    ask(app, f"Bearer {key}")
    again = the_key(app, tenant).last_used_at
    assert again is not None
    assert again >= first
