"""Tenants, people and keys for tests. Every test makes its own, so none meets another's."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.identity import passwords, service, sessions
from pim.identity.models import Membership, User
from pim.identity.permissions import Role

PASSWORD = "correct horse battery"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


@dataclass(frozen=True)
class TestTenant:
    """A tenant of a test."""

    __test__ = False

    id: int
    slug: str
    name: str


@dataclass(frozen=True)
class Person:
    """An account of a test; `PASSWORD` is the password."""

    id: int
    email: str


def unique(prefix: str) -> str:
    """A name nobody else has: `prefix-3fa9c17e`."""
    return f"{prefix}-{secrets.token_hex(4)}"


@lru_cache(maxsize=1)
def _hash() -> str:
    return passwords.hash_password(PASSWORD)


def make_tenant(app: Flask, name: str = "Northwind Home") -> TestTenant:
    """A new tenant."""
    with app.app_context(), transaction():
        made = service.create_tenant(unique("tenant"), name)
        return TestTenant(made.id, made.slug, made.name)


def make_person(app: Flask, *belongs: tuple[TestTenant, Role], name: str = "Ada King") -> Person:
    """A new account that belongs to the given tenants."""
    email = unique("ada") + "@example.com"
    with app.app_context():
        with transaction():
            made = db.session.execute(
                insert(User)
                .values(email=email, email_key=email, name=name, password_hash=_hash())
                .returning(User.id)
            ).scalar_one()
        for tenant, role in belongs:
            with transaction(), tenant_scope(tenant.id):
                db.session.add(Membership(tenant_id=tenant.id, user_id=made, role=role.value))
    return Person(made, email)


def make_member(app: Flask, tenant: TestTenant, role: Role = Role.ADMIN) -> Person:
    """A new account with one role in one tenant."""
    return make_person(app, (tenant, role))


def make_session(app: Flask, person: Person, tenant: TestTenant | None = None) -> str:
    """A session token, as the cookie has it, without going through the sign-in page."""
    with app.app_context(), transaction():
        return sessions.start_session(person.id, tenant.id if tenant else None, BROWSER, "::1")


def make_api_key(app: Flask, tenant: TestTenant, role: Role = Role.ADMIN) -> str:
    """An API key of a tenant."""
    with app.app_context(), transaction(), tenant_scope(tenant.id):
        return service.create_api_key("For a test", role)[1]


def elsewhere(client: FlaskClient) -> FlaskClient:
    """The same browser at an address no other test tries to sign in from."""
    client.environ_base["REMOTE_ADDR"] = str(ip_address(secrets.token_bytes(16)))
    return client


def signed_in_client(app: Flask, person: Person, tenant: TestTenant | None = None) -> FlaskClient:
    """A browser in which a person is signed in."""
    client = app.test_client()
    client.set_cookie(sessions.COOKIE, make_session(app, person, tenant))
    return client


def client_of(app: Flask, tenant: TestTenant, role: Role = Role.ADMIN) -> FlaskClient:
    """A browser in which a new person with this role is signed in."""
    return signed_in_client(app, make_member(app, tenant, role), tenant)


def token_on(page: str) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, "the page has no form with a token"
    return found[1]


def csrf_token(client: FlaskClient) -> str:
    """A form token that is good in this browser, signed in or not."""
    page = client.get("/settings/account")
    if page.status_code != 200:
        page = client.get("/sign-in")
    return token_on(page.text)
