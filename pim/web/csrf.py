"""Forms sent by another site are refused: a token bound to the sign-in, and the request's origin.

The token lives as long as the sign-in it is bound to (before that: an anonymous cookie), so a
page left open over lunch still works. It looks different on every page, because a constant
secret in a compressed page can be guessed from its length.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request

from pim.core import settings
from pim.core.errors import DomainError

FIELD = "csrf_token"
HEADER = "X-CSRF-Token"
COOKIE = "pim_visitor"
COOKIE_CHARS = 64
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
EXTENSION = "pim.csrf.binding"
TOKEN, VISITOR = "pim.csrf.token", "pim.csrf.visitor"


class CsrfFailed(DomainError):
    """The form doesn't come from a page this sign-in was given."""

    status, code, title = 400, "csrf_failed", "This page is out of date"


def init_app(app: Flask) -> None:
    """Register the template helper and the cookie of visitors who aren't signed in."""
    app.jinja_env.globals["csrf_token"] = token
    app.after_request(_give_visitor_cookie)


def bind_to(app: Flask, binding: Callable[[], str | None]) -> None:
    """Let the identity room say what the tokens of a signed-in person are bound to."""
    app.extensions[EXTENSION] = binding


def is_unsafe(method: str) -> bool:
    """Whether a method may change something."""
    return method not in SAFE_METHODS


def token() -> str:
    """A token for a form or a header of the page being made."""
    known = request.environ
    if TOKEN not in known:
        nonce = secrets.token_urlsafe(12)
        known[TOKEN] = f"{nonce}.{_sign(nonce, _binding(make=True))}"
    made: str = known[TOKEN]
    return made


def check() -> None:
    """Raise CsrfFailed unless the request comes from one of our own pages."""
    _check_origin()
    sent = request.headers.get(HEADER) or request.form.get(FIELD) or ""
    if not is_valid(sent):
        raise CsrfFailed(
            "Nothing was changed. The page it came from is no longer valid, probably because of "
            "a new sign-in. Reload that page and try again."
        )


def is_valid(sent: str) -> bool:
    """Whether a token was made for this sign-in (or this visitor)."""
    binding = _binding(make=False)
    nonce, _, signature = sent.partition(".")
    if not binding or not nonce or not signature:
        return False
    return hmac.compare_digest(_sign(nonce, binding).encode(), signature.encode("utf-8", "replace"))


def _check_origin() -> None:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        refused = True
    elif origin is not None:
        ours = (request.host, urlsplit(settings().public_url).netloc)
        refused = urlsplit(origin).netloc not in ours
    else:
        refused = False
    if refused:
        raise CsrfFailed("Nothing was changed. The request came from another site.")


def _sign(nonce: str, binding: str) -> str:
    key = hashlib.sha256(b"csrf:" + settings().secret_key.get_secret_value().encode()).digest()
    return hmac.new(key, f"{nonce}:{binding}".encode(), hashlib.sha256).hexdigest()


def _binding(*, make: bool) -> str:
    signed_in: Callable[[], str | None] | None = current_app.extensions.get(EXTENSION)
    bound = signed_in() if signed_in else None
    if bound:
        return "session:" + bound
    visitor = request.cookies.get(COOKIE, "")[:COOKIE_CHARS] or request.environ.get(VISITOR, "")
    if not visitor and make:
        visitor = request.environ[VISITOR] = secrets.token_urlsafe(24)
    return "visitor:" + visitor if visitor else ""


def _give_visitor_cookie(response: Response) -> Response:
    visitor = request.environ.get(VISITOR)
    if visitor:
        response.set_cookie(
            COOKIE, visitor, httponly=True, samesite="Lax", secure=settings().secure_cookies
        )
    return response
