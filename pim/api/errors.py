"""Errors under `/api/` as RFC 9457 problem details: one shape, whatever went wrong.

`type` is an address of the API's documentation, where each code is explained. Members beside the
standard ones: `code`, `errors` (each with a JSON pointer), `incident` for unexpected errors, and
what an error carries with it (`line`, `column`, `offset`, `current`, …). Stack traces stay here.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import Flask, Response, request

from pim.api.json import printable, reply
from pim.api.problems import PROBLEMS
from pim.web import errors as web_errors
from pim.web.errors import Failure

PREFIX = "/api/"
PROBLEM = "application/problem+json"
DOCS = "/api/docs#error-"
_PLAIN = (str, int, float, Decimal, bool, datetime, type(None))


def init_app(app: Flask) -> None:
    """Answer errors under `/api/` as problems, redirects and unknown addresses included."""
    web_errors.answer_under(app, PREFIX, problem)
    app.after_request(_no_html)


def problem(failure: Failure) -> Response:
    """The problem document of a failure."""
    document: dict[str, Any] = {
        "type": type_of(failure.code),
        "title": failure.title,
        "status": failure.status,
        "detail": printable(failure.detail),
        "code": failure.code,
    }
    if failure.errors:
        document["errors"] = [
            {k: printable(v) for k, v in error.as_dict().items()} for error in failure.errors
        ]
    if failure.incident:
        document["incident"] = failure.incident
    extra = {k: v for k, v in failure.extra.items() if k != "retry_after" and _is_plain(v)}
    return reply(extra | document, failure.status, mimetype=PROBLEM)


def type_of(code: str) -> str:
    """The address that explains a code."""
    return DOCS + code.replace("_", "-") if code in PROBLEMS else "about:blank"


def _is_plain(value: Any) -> bool:
    """Whether JSON can be made of it: errors also carry objects that are meant for pages."""
    if isinstance(value, dict):
        return all(isinstance(k, str) and _is_plain(v) for k, v in value.items())
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return isinstance(value, _PLAIN)


def _no_html(response: Response) -> Response:
    """Redirects to the address with its slash are made by the router, as HTML: make them ours."""
    if (
        response.status_code >= 300
        and response.mimetype == "text/html"
        and (request.path.startswith(PREFIX))
    ):
        failure = Failure(
            response.status_code, "moved", "Moved", "This address ends with a slash: see Location."
        )
        response.set_data(problem(failure).get_data())
        response.mimetype = PROBLEM
    return response
