"""What every answer says to the browser about what it may do, and what cookies look like.

Nothing inline, nothing evaluated, nothing framed: a value from a product file that slipped into
a page as markup still can't run. Pictures come from elsewhere only when REMOTE_PICTURES is on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from pim.core import EXTENSION, settings
from pim.web import scripts

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
YEAR = 365 * 24 * 3600

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def content_security_policy() -> str:
    """The policy of our pages; a CDN is in it only while the local copy of htmx is missing."""
    script_hosts = " ".join(("'self'", *scripts.foreign_hosts()))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {script_hosts}",
            "style-src 'self'",
            f"img-src 'self' data:{' https:' if settings().remote_pictures else ''}",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'self'",
            "frame-ancestors 'none'",
        )
    )


def secure(response: Response) -> Response:
    """Add the headers; a view that set one of them knows better."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", content_security_policy())
    if settings().secure_cookies:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}")
    if "Cache-Control" not in response.headers:
        # Pages show what one person may see: not even Back shows them after the sign-out.
        response.headers["Cache-Control"] = "no-store"
    return response


def public(view: View) -> View:
    """Declare that a view is for everyone, signed in or not (`pim.identity.access` enforces it)."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    view.unsafe_permission = PUBLIC  # type: ignore[attr-defined]
    return view


def takes_upload(view: View) -> View:
    """Let a view receive bodies up to the size of an upload; others keep the ordinary limit."""
    view.takes_upload = True  # type: ignore[attr-defined]
    return view


def init_app(app: Flask) -> None:
    """Add the headers to every answer and say how cookies look."""
    known = app.extensions[EXTENSION]
    app.config.update(
        # Flask's own session carries the messages of `flash()` to the next page, nothing else.
        SESSION_COOKIE_NAME="pim_messages",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=known.secure_cookies,
    )
    app.before_request(_allow_upload)
    app.after_request(secure)
    if known.trusted_proxies:
        count = known.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _allow_upload() -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_upload", False):
        request.max_content_length = settings().pim_max_upload_bytes
