"""Who may use which route. A view says what it needs; one hook holds every request to it.

    @blueprint.get("/pim")
    @requires("catalog.read")
    def show_catalog(): ...

    @blueprint.route("/pim/schema", methods=["GET", "POST"])
    @requires("schema.read", unsafe="schema.write")
    def schema(): ...

A view that says nothing is refused: forgetting it can't open a door. People come with the
session cookie; programs, under `/api/` only, with `Authorization: Bearer pim_…`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, has_request_context, request
from flask.typing import ResponseReturnValue

from pim.core.errors import Forbidden, NotSignedIn
from pim.core.tenancy import Scope, current_tenant_id, enter_request_scope
from pim.identity import api_keys, sessions
from pim.identity.actor import Actor, SignedIn
from pim.identity.permissions import PERMISSIONS, Role
from pim.web import csrf
from pim.web.htmx import is_htmx, redirect
from pim.web.security import PUBLIC, public

__all__ = ["PUBLIC", "Actor", "can", "current_actor", "public", "requires", "signed_in"]

API = "/api/"
SIGN_IN = "/sign-in"
ACCOUNT = "/settings/account"
# What is known about the request, kept with the request itself and nothing that outlives it.
PERSON, ACTOR, RENEW = "pim.person", "pim.actor", "pim.renew_session_cookie"

View = TypeVar("View", bound=Callable[..., Any])

log = logging.getLogger(__name__)


def requires(permission: str, *, unsafe: str | None = None) -> Callable[[View], View]:
    """Declare what a view needs. unsafe: what it needs for POST, PUT, PATCH and DELETE instead."""
    for name in (permission, unsafe or permission):
        if name not in PERMISSIONS:
            raise ValueError(f"{name!r} isn't in the table of permissions")

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        view.unsafe_permission = unsafe or permission  # type: ignore[attr-defined]
        return view

    return declare


def permission_of(view: Callable[..., Any] | None, method: str) -> str | None:
    """What a view declares for a method: a permission, PUBLIC, or None when it forgot to."""
    name = "unsafe_permission" if csrf.is_unsafe(method) else "permission"
    declared: str | None = getattr(view, name, None)
    return declared


def is_api() -> bool:
    """Whether the request is a program's: answers are JSON, never a redirect to a page."""
    return request.path.startswith(API)


def signed_in() -> SignedIn | None:
    """The person behind the session cookie, looked up once a request."""
    if not has_request_context():
        return None
    known = request.environ
    if PERSON not in known:
        known[PERSON] = None  # stays so when the look-up fails: an error page can't ask again
        token = sessions.read_cookie(request)
        person = known[PERSON] = sessions.resume_session(token) if token else None
        if person and sessions.keep_alive(person):
            known[RENEW] = token
    found: SignedIn | None = known[PERSON]
    return found


def the_person() -> SignedIn:
    """The person behind the session cookie, where a route is for people alone."""
    person = signed_in()
    if person is None:
        raise NotSignedIn("Sign in first.")
    return person


def current_actor() -> Actor:
    """Who acts: the person or API key of the request; outside of one, the system."""
    if not has_request_context():
        return Actor("system", current_tenant_id(), Role.ADMIN, "PIM")
    actor = _actor()
    if actor is None:
        raise NotSignedIn("Sign in first.")
    return actor


def can(permission: str) -> bool:
    """Whether whoever acts has a permission; nobody has none."""
    if not has_request_context():
        return current_actor().can(permission)
    actor = _actor()
    return actor is not None and actor.can(permission)


def _actor() -> Actor | None:
    known = request.environ
    if ACTOR not in known:
        known[ACTOR] = None
        header = request.headers.get("Authorization")
        if header is not None and is_api():
            known[ACTOR] = _actor_of_header(header)
        else:
            person = signed_in()
            known[ACTOR] = person.actor() if person else None
    found: Actor | None = known[ACTOR]
    return found


def _actor_of_header(header: str) -> Actor | None:
    """A wrong token is nobody, even beside a valid cookie."""
    scheme, _, key = header.partition(" ")
    return api_keys.actor_of_key(key.strip()) if scheme.lower() == "bearer" else None


def enforce() -> ResponseReturnValue | None:
    """Hold the request to what its view declares; runs before every view."""
    enter_request_scope(Scope())  # whatever ran in this thread before
    if request.endpoint is None:
        return None  # no such page: nothing to protect, the error page follows
    needed = permission_of(current_app.view_functions.get(request.endpoint), request.method)
    if needed is None:
        log.error("route_without_permission", extra={"endpoint": request.endpoint})
        raise Forbidden("This page isn't open to anyone.")
    if needed != PUBLIC:
        if not is_api() and signed_in() is None:
            return _ask_to_sign_in()
        _check_permission(needed)
        if _must_change_password(needed):
            if is_api():
                raise Forbidden("Choose your own password first.")
            return redirect(ACCOUNT)
    by_cookie = not is_api() or (needed != PUBLIC and "Authorization" not in request.headers)
    if csrf.is_unsafe(request.method) and by_cookie:
        csrf.check()
    return None


def _check_permission(needed: str) -> None:
    actor = _actor()
    if actor is None and not is_api():
        raise Forbidden("You don't belong to a company at the moment. Ask an admin to add you.")
    if actor is None:
        raise NotSignedIn("Send an API key that is valid: Authorization: Bearer pim_…")
    if not actor.can(needed):
        raise Forbidden(f"This needs the role {PERMISSIONS[needed]}; yours is {actor.role}.")


def _must_change_password(needed: str) -> bool:
    """Whether somebody signed in with a first password that others have seen."""
    actor = _actor()
    person = signed_in() if actor and actor.kind == "user" else None
    return person is not None and person.must_change_password and needed != "account.manage"


def _ask_to_sign_in() -> ResponseReturnValue:
    """To the sign-in page, and from there back to the page the person was on."""
    if is_htmx():
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = page.path + ("?" + page.query if page.query else "")
    else:
        back = request.full_path.rstrip("?") if request.method == "GET" else ""
    query = urlencode({"next": back}) if back not in ("", "/") else ""
    return redirect(SIGN_IN + ("?" + query if query else ""))


def _renew_cookie(response: Response) -> Response:
    token = request.environ.get(RENEW)
    given = response.headers.getlist("Set-Cookie")
    # Sign-in and sign-out have the last word about the cookie.
    if token and not any(cookie.startswith(sessions.COOKIE + "=") for cookie in given):
        sessions.write_cookie(response, token)
    return response


def init_app(app: Flask) -> None:
    """Hold every request to its permission; static files are for everyone."""
    public(app.view_functions["static"])
    app.before_request(enforce)
    app.after_request(_renew_cookie)
    csrf.bind_to(app, _csrf_binding)
    app.jinja_env.globals.update(can=can, viewer=signed_in)
    app.context_processor(_page_context)


def _csrf_binding() -> str | None:
    person = signed_in()
    return person.token_hash if person else None


def _page_context() -> dict[str, Any]:
    """`current_user` and `current_tenant` for templates, None where there is none."""
    person = signed_in()
    return {"current_user": person, "current_tenant": person.here if person else None}
