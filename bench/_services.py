"""Where benchmarks run: throwaway services of their own, and processes of the product."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pim.devservices.throwaway import Throwaway

RESULTS = Path(__file__).parent / "results"


@contextmanager
def services() -> Iterator[str]:
    """Throwaway services, migrated, without workers; gives PostgreSQL's address as the owner."""
    folder = Path(tempfile.gettempdir()) / f"pim-bench-{secrets.token_hex(4)}"
    throwaway = Throwaway(folder, os.getpid())
    throwaway.start()
    try:
        addresses = throwaway.databases("bench", 0)
        os.environ.update(addresses.environment)
        os.environ.update(SECRET_KEY=secrets.token_urlsafe(32), PIM_HOME=str(folder / "home"))
        os.environ.pop("ANTHROPIC_API_KEY", None)
        subprocess.run([sys.executable, "-m", "pim", "migrate"], check=True)
        yield addresses.database_owner_url
    finally:
        throwaway.stop()


@contextmanager
def processes(*commands: str) -> Iterator[None]:
    """The product's commands, each in a process of its own: `worker --queues imports`."""
    pim = [sys.executable, "-m", "pim"]
    started = [subprocess.Popen([*pim, *words.split()]) for words in commands]
    try:
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(60)
