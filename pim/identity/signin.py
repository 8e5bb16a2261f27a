"""Sign in, sign out, work in another tenant, change the password."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import select, update

from pim.core.clock import now
from pim.core.db import db
from pim.core.errors import DomainError, FieldError, Invalid, NotFound
from pim.core.tenancy import user_scope
from pim.identity import passwords, throttle
from pim.identity.actor import SignedIn
from pim.identity.models import User, UserSession
from pim.identity.queries import email_key, user_by_email
from pim.identity.sessions import start_session, tenants_of

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SeenAs:
    """Where a request comes from, as shown in a person's list of sign-ins."""

    user_agent: str
    address: str


class SignInRefused(DomainError):
    """No account, wrong password or closed account: it isn't said which."""

    status, code, title = 422, "sign_in_refused", "Not signed in"


def sign_in(email: str, password: str, *, seen_as: SeenAs) -> str:
    """Start a session and give its token.

    Raises RateLimited after too many tries, SignInRefused for anything that doesn't match.
    """
    throttle.count_attempt(seen_as.address, email_key(email))
    user = user_by_email(email)
    correct = passwords.is_correct(password, user.password_hash if user else None)
    if user is None or not correct or not user.is_active:
        known = user.id if user else None
        log.info("sign_in_refused", extra={"address": seen_as.address, "user_id": known})
        raise SignInRefused("This e-mail address and password don't belong together.")
    if passwords.needs_new_hash(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    throttle.forgive(email_key(email))
    log.info("signed_in", extra={"address": seen_as.address, "user_id": user.id})
    return start_session(user.id, _last_tenant(user.id), seen_as.user_agent, seen_as.address)


def _last_tenant(user_id: int) -> int | None:
    """The tenant the person worked in last, if they still belong to it, else their first."""
    with user_scope(user_id):
        belongs_to = [each.tenant_id for each in tenants_of(user_id)]
    last = db.session.scalar(
        select(UserSession.active_tenant_id)
        .where(UserSession.user_id == user_id, UserSession.active_tenant_id.in_(belongs_to))
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
        .limit(1)
    )
    return last or (belongs_to[0] if belongs_to else None)


def revoke_sign_in(user_id: int, session_id: int) -> None:
    """End one of a person's own sign-ins. Raises NotFound for anybody else's."""
    ended = db.session.execute(
        update(UserSession)
        .where(
            UserSession.id == session_id,
            UserSession.user_id == user_id,
            UserSession.revoked_at.is_(None),
        )
        .values(revoked_at=now())
        .returning(UserSession.id)
    ).scalar()
    if ended is None:
        raise NotFound("There is no such sign-in.")


def revoke_sign_ins(user_id: int, *, but: int | None = None, only: int | None = None) -> None:
    """End all of a person's sign-ins, or all but one, or only one."""
    ended = (
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.revoked_at.is_(None))
        .values(revoked_at=now())
    )
    if but is not None:
        ended = ended.where(UserSession.id != but)
    if only is not None:
        ended = ended.where(UserSession.id == only)
    db.session.execute(ended)


def switch_tenant(person: SignedIn, slug: str) -> str:
    """Work in another tenant from now on; gives its name. Raises NotFound unless a member."""
    for each in person.memberships:
        if each.slug == slug:
            db.session.execute(
                update(UserSession)
                .where(UserSession.id == person.session_id)
                .values(active_tenant_id=each.tenant_id)
            )
            return each.name
    raise NotFound("You don't belong to a tenant of that name.")


def change_password(person: SignedIn, old: str, new: str, *, seen_as: SeenAs) -> str:
    """Replace a person's password and end all their sign-ins; gives the token of a new one.

    Raises Invalid when the old password is wrong or the new one won't do.
    """
    throttle.count_attempt(seen_as.address, email_key(person.email))
    user = db.session.get_one(User, person.user_id)
    if not passwords.is_correct(old, user.password_hash):
        message = "That isn't your present password."
        raise Invalid([FieldError("current_password", "wrong_password", message)])
    passwords.check_is_acceptable(new, user.email, "new_password")
    if new == old:
        message = "That is the password you have now. Choose another."
        raise Invalid([FieldError("new_password", "same_password", message)])
    throttle.forgive(email_key(person.email))
    set_password(user, new)
    tenant_id = person.here.tenant_id if person.here else None
    return start_session(user.id, tenant_id, seen_as.user_agent, seen_as.address)


def set_password(user: User, password: str, *, temporary: bool = False) -> None:
    """Set a password and end every sign-in made with the one before."""
    user.password_hash = passwords.hash_password(password)
    user.must_change_password = temporary
    revoke_sign_ins(user.id)
