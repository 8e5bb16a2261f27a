"""One line and one measurement for each request, under an id that the answer carries too."""

from __future__ import annotations

import logging
import re
import secrets
import time

from flask import Flask, Response, request

from pim.observability import logs, metrics

HEADER = "X-Request-ID"
REQUEST_ID, BEGAN = "pim.request_id", "pim.request_began"
QUIET_ROUTES = frozenset({"/healthz", "/readyz", "/metrics", "/static/<path:filename>"})
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Observe every request of the application."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    sent = request.headers.get(HEADER, "")
    request_id = sent if _ID.fullmatch(sent) else secrets.token_hex(8)
    request.environ[REQUEST_ID] = request_id
    request.environ[BEGAN] = time.perf_counter()
    logs.unbind_all()
    logs.bind(request_id=request_id)


def _end(response: Response) -> Response:
    began = request.environ.get(BEGAN)
    if began is None:  # refused before anything ran
        return response
    seconds = time.perf_counter() - began
    # The pattern, not the path: it has no names, no numbers and no links that let someone in.
    route = request.url_rule.rule if request.url_rule else "(unknown)"
    metrics.count_request(request.method, route, response.status_code, seconds)
    log.log(
        logging.DEBUG if route in QUIET_ROUTES else logging.INFO,
        "request",
        extra={
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
            "streamed": response.is_streamed,
        },
    )
    response.headers.setdefault(HEADER, request.environ[REQUEST_ID])
    return response
