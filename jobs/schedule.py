"""What happens again and again: one declared list, and the scheduler that ticks.

A tick only puts a short job into a queue. The truth about what is due is in PostgreSQL, so a tick
that is lost, doubled or late does no harm.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from redis import Redis
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer
from rq_scheduler import Scheduler
from rq_scheduler.utils import to_unix

from jobs.queues import ANALYTICS, DEFAULT, SEGMENTS

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1
_TIMEOUT_SECONDS = 6 * 3600


@dataclass(frozen=True, slots=True)
class Tick:
    """Run `func` (a dotted path) every so many seconds."""

    name: str
    func: str
    seconds: int
    queue: str

    @property
    def id(self) -> str:
        """The fixed id of its entry, so that starting twice doesn't make two of it."""
        return f"tick-{self.name}"


TICKS: tuple[Tick, ...] = (
    Tick("analytics-catch-up", "jobs.analytics.catch_up", 5, ANALYTICS),
    Tick("imports-resume-stalled", "jobs.imports.resume_stalled_imports", 5, DEFAULT),
    Tick("segments-compute-due", "jobs.segments.compute_due", 5, SEGMENTS),
    Tick("segments-tidy", "jobs.segments.tidy", 600, DEFAULT),
    Tick("products-resume-deletions", "jobs.products.resume_deletions", 10, DEFAULT),
    Tick("imports-remove-old-files", "jobs.imports.remove_old_files", 1800, DEFAULT),
)


class JSONJob(Job):
    """A job kept as JSON, which the scheduler would otherwise pickle."""

    @classmethod
    def create(cls, *args: Any, **kwargs: Any) -> Job:
        return super().create(*args, **{"serializer": JSONSerializer, **kwargs})

    @classmethod
    def fetch(cls, *args: Any, **kwargs: Any) -> Job:
        return super().fetch(*args, **{"serializer": JSONSerializer, **kwargs})


class TickScheduler(Scheduler):  # type: ignore[misc]  # the library has no types
    """rq-scheduler, made to survive what it doesn't: an entry is moved, never removed.

    The library takes an entry out before it puts it back, and dying in between erases it. Its
    entries are also one job each, which it would queue again while it still waits or runs.
    """

    job_class = JSONJob

    def __init__(self, connection: Redis) -> None:
        super().__init__(connection=connection, interval=_LOOK_SECONDS)

    def declare(self) -> None:
        """Make the entries what the list says: add, change, and remove those not on it."""
        declared = {tick.id for tick in TICKS}
        for entry in self.connection.zrange(self.scheduled_jobs_key, 0, -1):
            if entry.decode() not in declared:
                self.cancel(entry.decode())
        for tick in TICKS:
            self.schedule(
                datetime.utcnow(),
                tick.func,
                interval=tick.seconds,
                id=tick.id,
                queue_name=tick.queue,
                timeout=_TIMEOUT_SECONDS,
            )

    def enqueue_jobs(self) -> Any:
        """Put what is due into the queues; entries that got lost are declared again."""
        if self.connection.zcard(self.scheduled_jobs_key) < len(TICKS):
            self.declare()
        return super().enqueue_jobs()

    def enqueue_job(self, job: Job) -> None:
        """Put a fresh job into the queue, unless the one before is waiting there still."""
        due = to_unix(datetime.utcnow()) + int(job.meta["interval"])
        self.connection.zadd(self.scheduled_jobs_key, {job.id: due})
        queue = Queue(job.origin, connection=self.connection, serializer=JSONSerializer)
        last = self.connection.get(_last_key(job))
        if last is not None and self.connection.lpos(queue.key, last.decode()) is not None:
            return
        fresh = queue.enqueue(
            str(job.func_name), job_timeout=job.timeout, result_ttl=0, failure_ttl=3600
        )
        self.connection.set(_last_key(job), fresh.id, ex=_TIMEOUT_SECONDS)


def _last_key(job: Job) -> str:
    return f"pim:{job.id}:last"


def declare_missing(connection: Redis) -> None:
    """Declare the ticks unless they are there: for whatever starts, not only the scheduler."""
    scheduler = TickScheduler(connection)
    if any(tick.id not in scheduler for tick in TICKS):
        scheduler.declare()


def run_scheduler(connection: Redis) -> None:
    """Tick until stopped. An outage of Redis ends it; the supervisor starts it again."""
    scheduler = TickScheduler(connection)
    scheduler.declare()
    scheduler.run()
