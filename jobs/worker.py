"""The worker: RQ's, with a work horse that can't outlive it."""

from __future__ import annotations

import ctypes
import gc
import os
import pkgutil
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from redis import Redis
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer

import jobs
from jobs.schedule import declare_missing

_PR_SET_PDEATHSIG = 1
# After so long without a sign of life a worker is no longer counted.
_WORKER_TTL_SECONDS = 90


class PimWorker(Worker):
    """A worker whose horse is killed with it.

    kill -9 of a worker leaves its horse running, and RQ starts the job again about 90 seconds
    later: two would run at once. Whatever a horse works on is safe to take over from a dead one.
    """

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Remember who forks, so that the horse knows whether that one still lives."""
        self._forked_by = os.getpid()
        super().fork_work_horse(job, queue)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """In the horse: die with the worker, also if that died a moment ago."""
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != self._forked_by:
                os._exit(1)
        super().main_work_horse(job, queue)


def _load_modules() -> None:
    """Everything jobs need: making an application then takes a horse a few milliseconds."""
    from pim import create_app

    create_app()
    for found in pkgutil.iter_modules(jobs.__path__):
        import_module(f"jobs.{found.name}")


def run_worker(connect: Callable[[], Redis], queues: Sequence[str]) -> bool:
    """Work until stopped; False when it ended by itself, for a supervisor to start it again.

    Jobs make their application after the fork. Its modules are loaded before, once for all, and
    kept out of the way of the garbage collector, so that horses share their memory.
    """
    _load_modules()
    gc.collect()
    gc.freeze()
    # On a connection of its own: RQ waits for jobs longer than others may wait for an answer.
    declare_missing(connect())
    connection = connect()
    worker = PimWorker(
        [Queue(name, connection=connection, serializer=JSONSerializer) for name in queues],
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=_WORKER_TTL_SECONDS,
    )
    # RQ says three things about every tick; what goes wrong it says as warnings and errors.
    worker.work(logging_level="WARNING")
    return bool(worker._stop_requested)
