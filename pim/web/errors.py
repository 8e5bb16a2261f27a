"""What went wrong, as an answer. The one place where errors become pages.

Every error ends here: a `DomainError`, what werkzeug raises, a translated database error, and
everything unexpected, which gets an incident id that is logged with its stack trace and shown
instead of it. `describe` decides what is said; a renderer decides how. Rooms with another form of
answer register theirs with `answer_under` (the JSON API does).
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Flask, make_response, render_template, request
from jinja2 import TemplateNotFound
from markupsafe import escape
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from pim.core.db import db
from pim.core.dberrors import translate
from pim.core.errors import DomainError, FieldError
from pim.core.storage import no_room
from pim.web import htmx

EXTENSION = "pim.error_renderers"
log = logging.getLogger(__name__)

SENTENCES = {
    400: "The request could not be understood.",
    401: "Sign in first.",
    403: "You are not allowed to do this.",
    404: "There is nothing at this address.",
    405: "This address doesn't do that.",
    408: "The request took too long to arrive.",
    413: "That is more than may be sent at once.",
    414: "The address is too long.",
    415: "This kind of content isn't understood here.",
    429: "That was too often. Please wait a moment.",
    431: "The request's headers are too large.",
    503: "This is not available right now. Please try again in a moment.",
}
CODES = {413: "too_large"}


@dataclass(frozen=True, slots=True)
class Failure:
    """What is said about an error. `incident` is set for unexpected ones alone."""

    status: int
    code: str
    title: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    incident: str | None = None


Renderer = Callable[[Failure], Response]


def init_app(app: Flask) -> None:
    """Answer every error of the application from here."""
    app.extensions.setdefault(EXTENSION, {})
    app.register_error_handler(Exception, answer)


def answer_under(app: Flask, prefix: str, renderer: Renderer) -> None:
    """Let `renderer` form the answers to errors at addresses that begin with `prefix`."""
    app.extensions.setdefault(EXTENSION, {})[prefix] = renderer


def renderer_for(app: Flask, path: str) -> Renderer:
    """Who forms the answer to an error at this address."""
    for prefix, renderer in app.extensions.get(EXTENSION, {}).items():
        if path.startswith(prefix) or path == prefix.rstrip("/"):
            found: Renderer = renderer
            return found
    return page


def answer(error: Exception) -> Response:
    """The answer to an error, whatever it is."""
    from flask import current_app

    if isinstance(error, HTTPException) and error.response is not None:
        return error.response  # type: ignore[return-value]  # abort(response): it is complete
    failure = describe(error)
    # Whatever was begun is void, and the error page may want to read who is signed in.
    _roll_back()
    response = renderer_for(current_app, request.path)(failure)
    response.headers.extend(failure.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def describe(error: Exception) -> Failure:
    """What is said about an error. Logs what nobody expected, with its stack trace."""
    if isinstance(error, InternalServerError):
        # What went wrong after the view had answered comes wrapped in this.
        return _unexpected(error.original_exception or error, None)
    if isinstance(error, HTTPException):
        return _of_http(error)
    domain = error if isinstance(error, DomainError) else translate(error) or no_room(error)
    if domain is None or domain.status >= 500:
        return _unexpected(error, domain)
    return _of_domain(domain)


def _of_domain(error: DomainError) -> Failure:
    errors = tuple(getattr(error, "errors", ()))
    headers = {}
    if "retry_after" in error.extra:
        headers["Retry-After"] = str(error.extra["retry_after"])
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="pim"'
    return Failure(
        error.status, error.code, error.title, error.message, errors, dict(error.extra), headers
    )


def _of_http(error: HTTPException) -> Failure:
    status = error.code or 500
    headers = {k: v for k, v in error.get_headers() if k not in ("Content-Type", "Content-Length")}
    title = _phrase(status)
    code = CODES.get(status, title.lower().replace(" ", "_").replace("'", ""))
    return Failure(status, code, title, SENTENCES.get(status, f"{title}."), headers=headers)


def _unexpected(error: BaseException, domain: DomainError | None) -> Failure:
    incident = secrets.token_hex(6)
    known = domain is not None and domain.status in (503, 507)
    status = domain.status if known and domain is not None else 500
    log.error(
        "service_unavailable" if known else "unexpected_error",
        exc_info=error,
        extra={"incident": incident, "path": request.path, "method": request.method},
    )
    if known and domain is not None:
        headers = {"Retry-After": str(domain.extra.get("retry_after", 5))} if status == 503 else {}
        detail = domain.message
        return Failure(
            status, domain.code, domain.title, detail, headers=headers, incident=incident
        )
    detail = f"Something went wrong on our side. If it happens again, mention {incident}."
    return Failure(500, "internal_error", "Something went wrong", detail, incident=incident)


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _roll_back() -> None:
    try:
        db.session.rollback()
    except Exception:
        log.warning("rollback_after_error_failed", exc_info=True)


def page(failure: Failure) -> Response:
    """An HTML page about a failure, or for htmx a fragment that fits into one."""
    in_place = htmx.wants_block()
    name = "fragment" if in_place else "page"
    try:
        body = render_template(f"errors/{name}.html", failure=failure)
    except TemplateNotFound:
        body = _bare(failure)
    except Exception:
        # The page around it can fail for the very reason that brought us here.
        log.exception("error_page_failed")
        body = _bare(failure)
    response = make_response(body, failure.status)
    htmx.vary(response)
    return htmx.into_messages(response) if in_place else response


def _bare(failure: Failure) -> str:
    """A page that needs nothing: no template, no database."""
    sheets = ("tokens", "base", "components", "layout")
    styles = "".join(f'<link rel="stylesheet" href="/static/css/{name}.css">' for name in sheets)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{styles}'
        f'<title>{escape(failure.title)}</title></head><body class="bare"><main class="bare-main">'
        f"<h1>{escape(failure.title)}</h1><p>{escape(failure.detail)}</p>"
        f'<p><a href="/">Back to the start</a></p></main></body></html>'
    )
