"""What an operator wants to know at a glance: what is up, what waits, what fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.registry import FailedJobRegistry
from rq_scheduler import Scheduler
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from jobs.queues import QUEUES
from pim.analytics import deliveries
from pim.analytics.client import ClickHouseFailed, clickhouse
from pim.core import settings
from pim.core.db import db
from pim.core.errors import Unavailable
from pim.core.migrate import head_revision
from pim.core.queue import redis_client
from pim.core.tenancy import system_scope


@dataclass(frozen=True, slots=True)
class Line:
    """One thing and its state; not ok: somebody should look."""

    name: str
    ok: bool
    state: str


def lines() -> Iterator[Line]:
    """The state of everything; a part that can't be asked says so and keeps no other from it."""
    for name, ask in _PARTS.items():
        try:
            yield from ask()
        except (SQLAlchemyError, RedisError, Unavailable, ClickHouseFailed) as error:
            db.session.rollback()
            yield Line(name, False, f"down: {str(error).splitlines()[0]}")


def _postgresql() -> Iterator[Line]:
    # As the owner: the app's role sees products, not how their tables came about.
    engine = create_engine(settings().owner_url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    engine.dispose()
    newest = head_revision()
    state = f"up, revision {found}"
    yield Line("postgresql", found == newest, state if found == newest else f"{state} of {newest}")


def _clickhouse() -> Iterator[Line]:
    version = clickhouse().rows("SELECT version()")[0][0]
    applied = clickhouse().rows("SELECT max(version) FROM pim_migrations")[0][0]
    yield Line("clickhouse", True, f"up, {version}, tables {applied}")


def _redis() -> Iterator[Line]:
    redis_client().ping()
    yield Line("redis", True, "up")


def _analytics() -> Iterator[Line]:
    found = deliveries.backlog()
    state = f"{found.change_sets} change sets of {found.tenants} tenants wait"
    if found.failing or found.error:
        state += f", {found.failing} failed before: {found.error}"
    yield Line("sync", found.failing == 0, state)


def _imports() -> Iterator[Line]:
    with system_scope():
        rows = db.session.execute(
            text(
                "SELECT status, count(*) FROM import_jobs WHERE status IN "
                "('pending', 'importing', 'checking', 'paused') GROUP BY status ORDER BY status"
            )
        ).all()
    yield Line("imports", True, ", ".join(f"{count} {status}" for status, count in rows) or "none")


def _segments() -> Iterator[Line]:
    with system_scope():
        row = db.session.execute(
            text(
                "SELECT count(*) AS segments, count(*) FILTER (WHERE due_at <= now()) AS due, "
                "count(*) FILTER (WHERE status = 'failed') AS failing, "
                "count(*) FILTER (WHERE due_at <= now() - interval '5 min') AS late "
                "FROM product_segments"
            )
        ).one()
    state = f"{row.segments} segments, {row.due} due, {row.failing} failing"
    yield Line("segments", row.late == 0, state)


def _queues() -> Iterator[Line]:
    connection = redis_client()
    workers = Worker.all(connection=connection)
    for name in QUEUES:
        queue = Queue(name, connection=connection)
        at_it = sum(name in worker.queue_names() for worker in workers)
        failed = FailedJobRegistry(queue=queue).count
        yield Line(
            f"queue {name}",
            at_it > 0,
            f"{queue.count} jobs wait, {failed} failed, {at_it} workers",
        )


def _scheduler() -> Iterator[Line]:
    connection: Redis = redis_client()
    pattern = f"{Scheduler.redis_scheduler_namespace_prefix}*"
    alive = [key for key in connection.scan_iter(pattern) if not connection.hexists(key, "death")]
    yield Line("scheduler", bool(alive), f"{len(alive)} running")


_PARTS: dict[str, Callable[[], Iterator[Line]]] = {
    "postgresql": _postgresql,
    "clickhouse": _clickhouse,
    "redis": _redis,
    "sync": _analytics,
    "imports": _imports,
    "segments": _segments,
    "queues": _queues,
    "scheduler": _scheduler,
}
