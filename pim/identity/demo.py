"""The demo tenant and the account to look around with.

Unless another is given, its password follows from the installation's SECRET_KEY: each
installation has another one, it can be said again at every start, and it is kept nowhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TypedDict

from pim.core import settings
from pim.core.db import transaction
from pim.core.errors import NotFound
from pim.core.tenancy import tenant_scope
from pim.identity import passwords, service
from pim.identity.models import Tenant
from pim.identity.permissions import Role
from pim.identity.queries import people, tenant_by_slug, user_by_email

SLUG, NAME = "demo", "Northwind Home"
EMAIL, PERSON = "demo@example.com", "Demo"


class Demo(TypedDict):
    """How to sign in. `password` is null when somebody has changed it."""

    tenant: str
    email: str
    password: str | None
    created: bool


def make_demo(password: str | None = None) -> Demo:
    """Make what is missing of the demo; may be run at each start.

    password: for an account that is made now; default: the installation's own.
    """
    password = password or demo_password()
    with transaction():
        tenant, created = _tenant()
        with tenant_scope(tenant.id):
            user = user_by_email(EMAIL)
            if user is None:
                user = service.create_user(EMAIL, password, name=PERSON)
            if not people(user.id):
                service.add_member(EMAIL, Role.ADMIN)
            still = passwords.is_correct(password, user.password_hash)
    return Demo(tenant=SLUG, email=EMAIL, password=password if still else None, created=created)


def demo_password() -> str:
    """60 bit of an HMAC that only this installation can compute, in three groups."""
    key = settings().secret_key.get_secret_value().encode()
    digest = hmac.new(key, b"password of the demo account", hashlib.sha256).digest()
    letters = base64.b32encode(digest).decode().lower()
    return "-".join((letters[:4], letters[4:8], letters[8:12]))


def _tenant() -> tuple[Tenant, bool]:
    try:
        return tenant_by_slug(SLUG), False
    except NotFound:
        return service.create_tenant(SLUG, NAME), True
