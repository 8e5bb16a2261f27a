"""Numbers for Prometheus at `/metrics`: requests as they happen, backlogs as they are.

Requests are counted in this process; the product serves from one process with threads, and more
of them are more targets. Backlogs are read at each scrape from the places that hold the truth.
A part that can't be read is left out and `pim_scrape_part_ok` says so: metrics are needed most
when something is down.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterator

from flask import Blueprint, Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import text

from pim.core import settings
from pim.core.db import db
from pim.core.errors import Forbidden, NotSignedIn
from pim.core.queue import redis_client
from pim.core.tenancy import system_scope
from pim.web.security import public

LOOPBACK = ("127.0.0.1", "::1")
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP")
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
log = logging.getLogger(__name__)
blueprint = Blueprint("metrics", __name__)

REGISTRY = CollectorRegistry()
REQUESTS = Counter(
    "pim_http_requests", "Requests answered.", ("method", "route", "status"), registry=REGISTRY
)
SECONDS = Histogram(
    "pim_http_request_seconds",
    "Time until the answer began.",
    ("method", "route"),
    buckets=BUCKETS,
    registry=REGISTRY,
)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request. route: the pattern, so that there are only as many as there are routes."""
    method = method if method in METHODS else "other"
    REQUESTS.labels(method, route, str(status)).inc()
    SECONDS.labels(method, route).observe(seconds)


def init_app(app: Flask) -> None:
    """Add the route."""
    app.register_blueprint(blueprint)


@blueprint.get("/metrics")
@public
def show_metrics() -> Response:
    """All metrics as Prometheus reads them, for this machine or the holder of `METRICS_TOKEN`.

    They are the server's, not a tenant's, so no role of a tenant may see them.
    """
    _check_token()
    return Response(
        generate_latest(REGISTRY) + generate_latest(Backlog()),
        content_type=CONTENT_TYPE_LATEST,
    )


def _check_token() -> None:
    token = settings().metrics_token
    if token is None:
        # A proxy on this machine would make everyone look local: what it forwards isn't.
        if request.remote_addr in LOOPBACK and not any(h in request.headers for h in FORWARDED):
            return
        raise Forbidden("Metrics are for this machine alone until METRICS_TOKEN is set.")
    scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
    right = token.get_secret_value().encode()
    sent_bytes = sent.strip().encode("utf-8", "replace")
    if scheme.lower() != "bearer" or not hmac.compare_digest(sent_bytes, right):
        raise NotSignedIn("Send the METRICS_TOKEN: Authorization: Bearer …")


class Backlog(Collector):
    """What waits, read when it is asked for."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges of every part that can be read."""
        ok = GaugeMetricFamily(
            "pim_scrape_part_ok", "Whether a part of the metrics could be read.", labels=["part"]
        )
        for name, part in PARTS.items():
            try:
                gauges = part()
            except Exception:
                log.warning("metrics_part_failed", extra={"part": name}, exc_info=True)
                db.session.rollback()
                gauges = []
                ok.add_metric([name], 0)
            else:
                ok.add_metric([name], 1)
            yield from gauges
        yield ok


def _queues() -> list[GaugeMetricFamily]:
    gauge = GaugeMetricFamily("pim_queue_jobs", "Jobs that wait in a queue.", labels=["queue"])
    client = redis_client()
    keys = {k.decode() if isinstance(k, bytes) else k for k in client.smembers("rq:queues")}
    for key in sorted(keys):
        gauge.add_metric([key.removeprefix("rq:queue:")], client.llen(key))
    return [gauge]


def _change_sets() -> list[GaugeMetricFamily]:
    waiting = GaugeMetricFamily(
        "pim_change_sets_waiting", "Change sets a consumer hasn't read.", labels=["consumer"]
    )
    oldest = GaugeMetricFamily(
        "pim_change_sets_oldest_seconds",
        "Since when the oldest of them waits.",
        labels=["consumer"],
    )
    with system_scope():
        rows = db.session.execute(text(_WAITING)).all()
    for row in rows:
        waiting.add_metric([row.consumer], row.waiting)
        oldest.add_metric([row.consumer], float(row.seconds))
    return [waiting, oldest]


def _imports() -> list[GaugeMetricFamily]:
    gauge = GaugeMetricFamily("pim_imports", "Imports under way.", labels=["status"])
    with system_scope():
        rows = db.session.execute(text(_IMPORTS)).all()
    for row in rows:
        gauge.add_metric([row.status], row.imports)
    return [gauge]


def _segments() -> list[GaugeMetricFamily]:
    with system_scope():
        row = db.session.execute(text(_SEGMENTS)).one()
    return [
        GaugeMetricFamily("pim_segments_due", "Segments that are to be computed.", value=row.due),
        GaugeMetricFamily(
            "pim_segments_oldest_due_seconds",
            "Since when the one that waits longest is due.",
            value=float(row.seconds),
        ),
        GaugeMetricFamily(
            "pim_segments_failing", "Segments whose last computation failed.", value=row.failing
        ),
    ]


_SEGMENTS = """
SELECT count(*) FILTER (WHERE due_at <= now()) AS due,
       greatest(0, coalesce(extract(epoch FROM now() - min(due_at)), 0)) AS seconds,
       count(*) FILTER (WHERE status = 'failed') AS failing
FROM product_segments
"""
_WAITING = """
SELECT c.name AS consumer, count(d.consumer) AS waiting,
       coalesce(extract(epoch FROM now() - min(d.next_attempt_at)), 0) AS seconds
FROM change_set_consumers c
LEFT JOIN change_set_deliveries d ON d.consumer = c.name AND d.consumed_at IS NULL
GROUP BY c.name ORDER BY c.name
"""
_IMPORTS = """
SELECT status, count(*) AS imports FROM import_jobs
WHERE status NOT IN ('done', 'failed', 'cancelled') GROUP BY status ORDER BY status
"""

PARTS: dict[str, Callable[[], list[GaugeMetricFamily]]] = {
    "queues": _queues,
    "change_sets": _change_sets,
    "imports": _imports,
    "segments": _segments,
}
