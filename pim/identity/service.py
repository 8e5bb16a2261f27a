"""Tenants, the people in them, and their API keys. Services don't commit; views and commands do."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from pim.core.clock import now
from pim.core.db import db
from pim.core.errors import Conflict, FieldError, Invalid, NotFound
from pim.core.tenancy import current_tenant_id
from pim.identity import passwords
from pim.identity.access import current_actor
from pim.identity.api_keys import new_key
from pim.identity.models import ApiKey, Membership, Tenant, User, UserSession
from pim.identity.permissions import Role
from pim.identity.queries import api_key, email_key, user_by_email
from pim.identity.tokens import token_hash

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
EMAIL = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")
EMAIL_LONGEST, NAME_LONGEST = 254, 200


def create_tenant(slug: str, name: str) -> Tenant:
    """A new company. Raises Invalid for a slug that can't stand in an address, Conflict for a
    slug that is taken."""
    if not SLUG.fullmatch(slug):
        message = f"{slug!r} can't be a slug: use lower-case letters, digits and hyphens."
        raise Invalid([FieldError("slug", "bad_slug", message)])
    added = db.session.execute(
        insert(Tenant)
        .values(slug=slug, name=_line(name, "name"))
        .on_conflict_do_nothing(index_elements=[Tenant.slug])
        .returning(Tenant.id)
    ).scalar()
    if added is None:
        raise Conflict(f"The tenant {slug!r} exists already.", code="tenant_exists")
    return db.session.get_one(Tenant, added)


def create_user(email: str, password: str, *, name: str = "", temporary: bool = False) -> User:
    """A new account. temporary: its owner has to choose another password after the first sign-in.

    Raises Invalid for an address or password that won't do, Conflict for an account that exists.
    """
    email = _email(email)
    passwords.check_is_acceptable(password, email)
    added = db.session.execute(
        insert(User)
        .values(
            email=email,
            email_key=email_key(email),
            name=_line(name, "name", may_be_empty=True),
            password_hash=passwords.hash_password(password),
            must_change_password=temporary,
        )
        .on_conflict_do_nothing(index_elements=[User.email_key])
        .returning(User.id)
    ).scalar()
    if added is None:
        raise Conflict(f"{email} has an account already.", code="user_exists")
    return db.session.get_one(User, added)


def add_member(email: str, role: Role, *, name: str = "") -> tuple[User, str | None]:
    """Let a person into the tenant in force.

    Gives the account and, when it is new, its first password: shown once, to be replaced by the
    person. Raises Conflict when they belong to the tenant already.
    """
    password = None
    user = user_by_email(_email(email))
    if user is None:
        password = passwords.readable_password()
        user = create_user(email, password, name=name, temporary=True)
    added = db.session.execute(
        insert(Membership)
        .values(tenant_id=current_tenant_id(), user_id=user.id, role=role.value)
        .on_conflict_do_nothing()
        .returning(Membership.user_id)
    ).scalar()
    if added is None:
        raise Conflict(f"{user.email} belongs here already.", code="member_exists")
    return user, password


def change_role(user_id: int, role: Role) -> None:
    """Give a member another role. Raises Conflict when no admin would be left."""
    members = _locked_members()
    membership = _member(members, user_id)
    if role is not Role.ADMIN:
        _check_admin_remains(members, without=user_id)
    membership.role = role.value


def remove_member(user_id: int) -> None:
    """Let a person out of the tenant in force; what they did stays, and so does their account.

    Raises Conflict when no admin would be left.
    """
    members = _locked_members()
    membership = _member(members, user_id)
    _check_admin_remains(members, without=user_id)
    db.session.delete(membership)
    db.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.active_tenant_id == membership.tenant_id)
        .values(active_tenant_id=None)
    )


def _locked_members() -> list[Membership]:
    """The tenant's admins and members, held so that two admins can't remove each other at once."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.tenant_id == current_tenant_id())
            .order_by(Membership.user_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _member(members: list[Membership], user_id: int) -> Membership:
    for membership in members:
        if membership.user_id == user_id:
            return membership
    raise NotFound("There is nobody like that here.")


def _check_admin_remains(members: list[Membership], *, without: int) -> None:
    if not any(m.role == Role.ADMIN and m.user_id != without for m in members):
        raise Conflict(
            "This is the last admin. Make somebody else an admin first.", code="last_admin"
        )


def create_api_key(name: str, role: Role, expires_at: datetime | None = None) -> tuple[ApiKey, str]:
    """A new API key of the tenant in force, and the key itself, which nobody sees again."""
    if expires_at is not None and expires_at <= now():
        raise Invalid([FieldError("expires", "in_the_past", "The key would have expired already.")])
    key, prefix = new_key()
    row = ApiKey(
        tenant_id=current_tenant_id(),
        name=_line(name, "name"),
        prefix=prefix,
        key_hash=token_hash(key),
        role=role.value,
        created_by_id=current_actor().user_id,
        expires_at=expires_at,
    )
    db.session.add(row)
    db.session.flush()  # for its id
    return row, key


def revoke_api_key(key_id: int) -> ApiKey:
    """The key stops working with the next request. Raises NotFound."""
    row = api_key(key_id)
    row.revoked_at = row.revoked_at or now()
    return row


def _email(email: str) -> str:
    email = email.strip()
    if len(email) > EMAIL_LONGEST or not EMAIL.fullmatch(email):
        message = f"{email[:80]!r} isn't an e-mail address."
        raise Invalid([FieldError("email", "bad_email", message)])
    return email


def _line(text: str, field: str, *, may_be_empty: bool = False) -> str:
    text = " ".join(text.split())
    if not text and not may_be_empty:
        raise Invalid([FieldError(field, "required", f"The {field} is missing.")])
    if len(text) > NAME_LONGEST or not text.isprintable():
        message = f"The {field} may have {NAME_LONGEST} printable characters."
        raise Invalid([FieldError(field, "bad_name", message)])
    return text
