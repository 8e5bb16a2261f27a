"""`/healthz`: this process answers. `/readyz`: so does everything it needs, each by name.

Both are for everyone and say no more than up or down; why something is down is in the log.
"""

from __future__ import annotations

import http.client
import logging
import time
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import psycopg
from flask import Blueprint, Flask, Response
from sqlalchemy import make_url

from pim.config import Settings
from pim.core import queue, settings
from pim.core.db import APP_ROLE
from pim.core.storage import storage_of
from pim.jsontext import dumps_bytes
from pim.web.security import public

WAIT_SECONDS = 3.0
log = logging.getLogger(__name__)
blueprint = Blueprint("health", __name__)


def init_app(app: Flask) -> None:
    """Add the routes."""
    app.register_blueprint(blueprint)


@blueprint.get("/healthz")
@public
def healthz() -> Response:
    """200 as long as this process answers at all."""
    return _json({"status": "ok"}, 200)


@blueprint.get("/readyz")
@public
def readyz() -> Response:
    """200 when every dependency is up, else 503."""
    found = check_all(settings())
    ready = all(each["state"] == "up" for each in found)
    body = {"status": "ready" if ready else "not_ready", "dependencies": found}
    return _json(body, 200 if ready else 503)


def _json(body: dict[str, Any], status: int) -> Response:
    response = Response(dumps_bytes(body) + b"\n", status, mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def check_all(known: Settings) -> list[dict[str, Any]]:
    """Each dependency with its state (`up` or `down`) and the milliseconds it took to say so.

    All at once and with connections of their own: a pool that is used up is no outage, and one
    that hangs must not keep the others from being heard.
    """
    pool = ThreadPoolExecutor(len(CHECKS), thread_name_prefix="readyz")
    running: dict[str, Future[float]] = {
        name: pool.submit(_timed, check, known) for name, check in CHECKS.items()
    }
    wait(running.values(), timeout=WAIT_SECONDS)
    pool.shutdown(wait=False, cancel_futures=True)
    return [_state(name, future) for name, future in running.items()]


def _timed(check: Callable[[Settings], None], known: Settings) -> float:
    began = time.perf_counter()
    check(known)
    return round((time.perf_counter() - began) * 1000, 1)


def _state(name: str, future: Future[float]) -> dict[str, Any]:
    error = TimeoutError("no answer in time") if not future.done() else future.exception()
    if error is None:
        return {"name": name, "state": "up", "ms": future.result()}
    log.warning("dependency_down", extra={"dependency": name, "error": str(error)})
    return {"name": name, "state": "down", "ms": None}


def _postgresql(known: Settings) -> None:
    url = make_url(known.database_url).set(drivername="postgresql")
    with psycopg.connect(
        url.render_as_string(hide_password=False),
        connect_timeout=2,
        options=f"-c role={APP_ROLE} -c statement_timeout=2000",
        application_name="pim-readyz",
    ) as connection:
        connection.execute("SELECT FROM products LIMIT 0")


def _redis(known: Settings) -> None:
    client = queue.connect(known.redis_url)
    try:
        client.ping()
    finally:
        client.close()


def _clickhouse(known: Settings) -> None:
    url = urlsplit(known.clickhouse_url)
    secure = url.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(url.hostname or "", url.port or (8443 if secure else 8123), timeout=2)
    login = f"{unquote(url.username or 'default')}:{unquote(url.password or '')}"
    headers = {"Authorization": "Basic " + b64encode(login.encode()).decode()}
    try:
        connection.request("GET", "/?" + urlencode({"query": "SELECT 1"}), headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise ConnectionError(f"ClickHouse answered {answer.status}")
    finally:
        connection.close()


def _files(known: Settings) -> None:
    storage_of(known).check()


CHECKS: dict[str, Callable[[Settings], None]] = {
    "postgresql": _postgresql,
    "redis": _redis,
    "clickhouse": _clickhouse,
    "files": _files,
}
