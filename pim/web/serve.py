"""The production web server: gunicorn, one process with threads.

One process, because requests wait for databases and not for Python, and because the metrics are
counted in it. More capacity is more of these behind a proxy.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from pim.config import Settings


def server_command(settings: Settings) -> list[str]:
    """gunicorn's command line for these settings."""
    # The heartbeat file: in memory where there is such a folder. gunicorn makes it safely.
    heartbeat = "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()  # noqa: S108
    return [
        *(sys.executable, "-m", "gunicorn", "wsgi:app"),
        *("--bind", f"{settings.host}:{settings.port}"),
        *("--no-control-socket", "--worker-tmp-dir", heartbeat),
        *("--worker-class", "gthread", "--workers", "1"),
        *("--threads", str(settings.web_threads)),
        # The longest line gunicorn takes: a rule in `filter` needs room.
        *("--limit-request-line", "8190"),
        *("--timeout", "120", "--graceful-timeout", "5", "--keep-alive", "30"),
    ]


def serve(settings: Settings) -> NoReturn:
    """Become the web server: signals reach it directly."""
    command = server_command(settings)
    os.execv(command[0], command)  # noqa: S606  # our own words, no shell
