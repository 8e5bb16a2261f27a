"""What the settings pages show: people, API keys, sign-ins. Reading only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from pim.core.clock import now
from pim.core.db import db
from pim.core.errors import NotFound
from pim.core.tenancy import current_tenant_id
from pim.identity.models import ApiKey, Membership, Tenant, User, UserSession
from pim.identity.permissions import Role


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the tenant in force."""

    user_id: int
    name: str
    email: str
    role: Role
    since: datetime
    last_seen: datetime | None
    has_signed_in: bool


def email_key(email: str) -> str:
    """What makes two e-mail addresses the same account: case and surrounding space don't count."""
    return email.strip().replace("\x00", "").casefold()


def tenant_by_slug(slug: str) -> Tenant:
    """A tenant; raises NotFound."""
    found = db.session.scalars(select(Tenant).where(Tenant.slug == slug)).one_or_none()
    if found is None:
        raise NotFound(f"There is no tenant {slug!r}.")
    return found


def current_tenant() -> Tenant:
    """The tenant in force; raises NoTenant where none is."""
    return db.session.scalars(select(Tenant).where(Tenant.id == current_tenant_id())).one()


def user_by_email(email: str) -> User | None:
    """The account of an e-mail address."""
    return db.session.scalars(select(User).where(User.email_key == email_key(email))).one_or_none()


def people(user_id: int | None = None) -> Sequence[Person]:
    """The members of the tenant in force by name; user_id: this one alone."""
    tenant_id = current_tenant_id()
    seen = (
        select(UserSession.user_id, func.max(UserSession.last_seen_at).label("at"))
        .where(UserSession.active_tenant_id == tenant_id)
        .group_by(UserSession.user_id)
        .subquery()
    )
    wanted = (
        select(User, Membership, seen.c.at)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(seen, seen.c.user_id == User.id)
        # A person's own memberships elsewhere are visible to them too: name the tenant.
        .where(Membership.tenant_id == tenant_id)
        .order_by(func.lower(func.coalesce(func.nullif(User.name, ""), User.email)), User.id)
    )
    if user_id is not None:
        wanted = wanted.where(User.id == user_id)
    return [
        Person(
            user_id=user.id,
            name=user.name,
            email=user.email,
            role=Role(membership.role),
            since=membership.created_at,
            last_seen=at,
            has_signed_in=not user.must_change_password,
        )
        for user, membership, at in db.session.execute(wanted)
    ]


def person(user_id: int) -> Person:
    """A member of the tenant in force; raises NotFound."""
    found = people(user_id)
    if not found:
        raise NotFound("There is nobody like that here.")
    return found[0]


def api_keys() -> Sequence[ApiKey]:
    """The API keys of the tenant in force: those that work first, then by age."""
    dead = (ApiKey.revoked_at.is_not(None)) | (ApiKey.expires_at <= now())
    return db.session.scalars(
        select(ApiKey)
        .where(ApiKey.tenant_id == current_tenant_id())
        .order_by(func.coalesce(dead, False), ApiKey.created_at.desc(), ApiKey.id.desc())
    ).all()


def api_key(key_id: int) -> ApiKey:
    """An API key of the tenant in force; raises NotFound."""
    found = db.session.scalars(
        select(ApiKey).where(ApiKey.id == key_id, ApiKey.tenant_id == current_tenant_id())
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such API key.")
    return found


def sign_ins(user_id: int) -> Sequence[UserSession]:
    """Where a person is signed in, the latest use first."""
    return db.session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now(),
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    ).all()


def actor_names(
    user_ids: Iterable[int | None], api_key_ids: Iterable[int | None] = ()
) -> dict[tuple[str, int], str]:
    """The names of those who acted, by ("user", id) and ("api_key", id), looked up at once."""
    users = {each for each in user_ids if each is not None}
    keys = {each for each in api_key_ids if each is not None}
    found: dict[tuple[str, int], str] = {}
    if users:
        statement = select(User.id, User.name, User.email).where(User.id.in_(users))
        found |= {("user", row.id): row.name or row.email for row in db.session.execute(statement)}
    if keys:
        named = select(ApiKey.id, ApiKey.name).where(
            ApiKey.tenant_id == current_tenant_id(), ApiKey.id.in_(keys)
        )
        found |= {("api_key", row.id): row.name for row in db.session.execute(named)}
    return found


def actor_name(
    user_id: int | None, api_key_id: int | None, names: Mapping[tuple[str, int], str]
) -> str:
    """A person's name, an API key's, or PIM itself."""
    if user_id is not None:
        return names.get(("user", user_id), "Someone who left")
    if api_key_id is not None:
        return names.get(("api_key", api_key_id), "An API key")
    return "PIM"
