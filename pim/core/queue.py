"""Hand work to the workers. Jobs are named by their dotted path and get ids, nothing else.

Work is enqueued after the transaction has committed, so that no worker looks for a row that
isn't there yet. What is lost when Redis is away is found again by the ticks: the truth about
what has to be done is in PostgreSQL.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue
from rq.serializers import JSONSerializer

from pim.core.db import on_commit

EXTENSION = "pim.redis"
DAY = 86_400


def connect(redis_url: str) -> Redis:
    """A client that never re-sends a command: a lost reply must not put a job in twice."""
    return Redis.from_url(
        redis_url,
        retry=Retry(NoBackoff(), 0),
        socket_connect_timeout=3,
        socket_timeout=10,
        health_check_interval=30,
    )


def init_app(app: Flask, redis_url: str) -> None:
    """Make the client known to the application; it connects when it is first used."""
    app.extensions[EXTENSION] = connect(redis_url)


def redis_client() -> Redis:
    """The application's client."""
    client: Redis = current_app.extensions[EXTENSION]
    return client


def queue(name: str) -> Queue:
    """A queue by name; jobs are JSON, never pickle."""
    return Queue(name, connection=redis_client(), serializer=JSONSerializer)


def enqueue(
    func: str,
    args: list[Any] | None = None,
    *,
    queue_name: str = "default",
    timeout: int = DAY,
    job_id: str | None = None,
) -> None:
    """Enqueue `func` (a dotted path under `jobs.`) once the current transaction has committed.

    job_id: what it is called in the queue, of letters, figures and dashes; a random one else.
    """
    target = queue(queue_name)

    def put() -> None:
        target.enqueue(
            func,
            args=args or [],
            job_id=job_id,
            job_timeout=timeout,
            result_ttl=60,
            failure_ttl=DAY,
        )

    on_commit(put)
