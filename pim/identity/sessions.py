"""Sign-ins kept on the server: the cookie holds a random token, the row says what it is worth.

A signed cookie couldn't be revoked; a row can, and everything about the person (active, member,
role) is read anew with each request, so a change counts at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Request
from sqlalchemy import delete, select, update
from werkzeug.wrappers import Response

from pim.core import settings
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import Scope, enter_request_scope
from pim.identity.actor import SignedIn, TenantRole
from pim.identity.models import Membership, Tenant, User, UserSession
from pim.identity.permissions import Role
from pim.identity.tokens import new_token, token_hash

COOKIE = "pim_session"
SEEN_EVERY = timedelta(minutes=1)
USER_AGENT_CHARS = 300


def start_session(user_id: int, tenant_id: int | None, user_agent: str, address: str) -> str:
    """Record a new sign-in and give its token; the caller commits.

    The person's expired ones are swept away, so the table holds what may still be used.
    """
    db.session.execute(
        delete(UserSession).where(UserSession.user_id == user_id, UserSession.expires_at < now())
    )
    token = new_token()
    db.session.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user_id,
            active_tenant_id=tenant_id,
            user_agent=user_agent[:USER_AGENT_CHARS].replace("\x00", ""),
            address=address,
            expires_at=now() + timedelta(days=settings().session_days),
        )
    )
    db.session.flush()  # a duplicate or a vanished person is noticed here, not at the commit
    return token


def resume_session(token: str) -> SignedIn | None:
    """Who holds this token, or None when it is unknown, expired or revoked.

    Puts the person's tenant in force for the rest of the request.
    """
    found = _find(token_hash(token))
    if found is None:
        return None
    session, user = found
    enter_request_scope(Scope(user_id=user.id))
    memberships = tenants_of(user.id)
    here = _choose(memberships, session.active_tenant_id)
    signed_in = SignedIn(
        session_id=session.id,
        token_hash=session.token_hash,
        user_id=user.id,
        email=user.email,
        user_name=user.name,
        memberships=memberships,
        here=here,
        seen_at=session.last_seen_at,
        must_change_password=user.must_change_password,
    )
    enter_request_scope(Scope(tenant_id=here.tenant_id if here else None, user_id=user.id))
    return signed_in


def _find(hashed: str) -> tuple[UserSession, User] | None:
    row = db.session.execute(
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(
            UserSession.token_hash == hashed,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > now(),
            User.is_active,
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def tenants_of(user_id: int) -> tuple[TenantRole, ...]:
    """The tenants a person belongs to; needs the person's own scope."""
    rows = db.session.execute(
        select(Tenant.id, Tenant.slug, Tenant.name, Membership.role)
        .join(Membership, Membership.tenant_id == Tenant.id)
        .where(Membership.user_id == user_id)
        .order_by(Tenant.name, Tenant.id)
    )
    return tuple(TenantRole(id_, slug, name, Role(role)) for id_, slug, name, role in rows)


def _choose(memberships: tuple[TenantRole, ...], wanted: int | None) -> TenantRole | None:
    """The tenant last worked in, else the first: membership may have ended meanwhile."""
    for each in memberships:
        if each.tenant_id == wanted:
            return each
    return memberships[0] if memberships else None


def keep_alive(person: SignedIn) -> bool:
    """Note that the session is used, at most once a minute; True when its expiry moved."""
    moment = now()
    if person.seen_at > moment - SEEN_EVERY:
        return False
    with transaction() as session:
        moved = session.execute(
            update(UserSession)
            .where(
                UserSession.id == person.session_id, UserSession.last_seen_at < moment - SEEN_EVERY
            )
            .values(last_seen_at=moment, expires_at=_expiry(moment))
            .returning(UserSession.id)
        ).first()
    return moved is not None


def _expiry(moment: datetime) -> datetime:
    return moment + timedelta(days=settings().session_days)


def read_cookie(request: Request) -> str | None:
    """The session token the browser sent."""
    return request.cookies.get(COOKIE) or None


def write_cookie(response: Response, token: str) -> None:
    """Give the browser its token: out of reach for scripts and other sites."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings().session_days * 86_400,
        httponly=True,
        samesite="Lax",
        secure=settings().secure_cookies,
        path="/",
    )


def forget_cookie(response: Response) -> None:
    """Take the token from the browser."""
    response.delete_cookie(
        COOKIE, httponly=True, samesite="Lax", secure=settings().secure_cookies, path="/"
    )
