"""What runs under the supervisor besides the services: the boot, and what the boot starts."""

from __future__ import annotations

import os
import sys
from functools import partial

from pim.devservices.home import number
from pim.devservices.services import Program

_PIM = [sys.executable, "-m", "pim"]
_QUICK = "analytics,default,segments"


def boot_program(only_services: bool) -> Program:
    """`pim.devservices.boot`, which runs once."""
    step = "services" if only_services else "all"
    command = [sys.executable, "-m", "pim.devservices.boot", step]
    return Program("boot", command, priority=20, restart=False, stop_seconds=5)


def application_programs() -> list[Program]:
    """The product itself: web server, workers and scheduler. The boot starts them."""
    cores = os.cpu_count() or 2
    # Two at least: one catalog must not keep another waiting.
    workers = number("PIM_WORKERS", min(4, max(2, cores // 2)))
    # A worker that is asked to end finishes its job first, which may take minutes. Every job goes
    # on where a killed one stopped, so it gets a moment only, and none when it is an orphan.
    job = partial(Program, priority=30, autostart=False, stop_seconds=5, orphan_signal="KILL")
    return [
        Program("web", [*_PIM, "serve"], priority=30, autostart=False),
        job("worker", [*_PIM, "worker"], processes=workers),
        # However many imports run, an edit reaches ClickHouse and segments at once.
        job("worker-quick", [*_PIM, "worker", "--queues", _QUICK]),
        job("scheduler", [*_PIM, "scheduler"]),
    ]
