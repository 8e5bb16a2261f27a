"""Processes of a home that an earlier run left behind: found and ended.

After a kill -9 of the supervisor its processes end by themselves within moments; this makes sure,
and covers systems where the kernel does not see to it. A process belongs to a home when its
environment says so, or when it is the server that the data folder's postmaster.pid names.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import psutil

from pim.devservices.home import Home
from pim.devservices.postgres import server_process_id

MARKER = "PIM_SERVICES_OF"


def end_leftovers(home: Home, patience: float = 5.0, for_postgres: float = 30.0) -> int:
    """Ask what is left of the home to end; insist after `patience` seconds. How many there were.

    PostgreSQL gets longer: it writes down what it has, which saves it a recovery.
    """
    found = list(_leftovers(home))
    for process in found:
        # PostgreSQL ends its sessions on SIGINT; on SIGTERM it would wait for them.
        _signal(process, signal.SIGINT if _is_postgres(process) else signal.SIGTERM)
    _, alive = psutil.wait_procs(found, timeout=patience)
    psutil.wait_procs([p for p in alive if _is_postgres(p)], timeout=for_postgres)
    deadline = time.monotonic() + patience
    while (rest := list(_leftovers(home))) and time.monotonic() < deadline:
        for process in rest:
            _signal(process, signal.SIGKILL)
        psutil.wait_procs(rest, timeout=1)
    return len(found)


def processes_of(home: Home) -> list[int]:
    """The ids of the home's processes, this one not among them."""
    return [process.pid for process in _leftovers(home)]


def _leftovers(home: Home) -> Iterator[psutil.Process]:
    server = server_process_id(home)
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            mine = process.environ().get(MARKER) == str(home.path)
            if mine or (process.pid == server and _serves(process, home)):
                yield process
        except psutil.Error:
            continue


def _serves(process: psutil.Process, home: Home) -> bool:
    """Whether it is a PostgreSQL on this home: the number may be another process's by now."""
    folder = str((home.path / "postgres").resolve() / "data")
    return _is_postgres(process) and folder in process.cmdline()


def _is_postgres(process: psutil.Process) -> bool:
    try:
        return bool(process.name() == "postgres")
    except psutil.Error:
        return False


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    with suppress(psutil.Error):  # it may end in between
        process.send_signal(number)
