"""The configuration of supervisord, which keeps everything of one home running."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xmlrpc.client import ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from pim.devservices.home import CHECKOUT, Home, write_private
from pim.devservices.services import Program

_LAUNCH = Path(__file__).with_name("launch.py")
_LOG_BYTES = "20MB"


def write_config(home: Home, programs: Iterable[Program]) -> Path:
    """Write supervisord's configuration; it is private, as it may hold a password."""
    socket = home.socket()
    sections = [
        (
            "supervisord",
            {
                "nodaemon": "true",
                "silent": "true",
                "logfile": str(home.logs / "supervisord.log"),
                "logfile_maxbytes": _LOG_BYTES,
                "logfile_backups": "2",
                "childlogdir": str(home.logs),
                "pidfile": str(home.run / "supervisord.pid"),
                "directory": str(CHECKOUT),
                "identifier": "pim",
                "umask": "077",
                # Said explicitly, or supervisord warns that it is root.
                **({"user": "root"} if os.geteuid() == 0 else {}),
            },
        ),
        ("unix_http_server", {"file": str(socket), "chmod": "0700"}),
        (
            "rpcinterface:supervisor",
            {"supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"},
        ),
        *((f"program:{program.name}", _program(home, program)) for program in programs),
    ]
    path = home.run / "supervisord.conf"
    write_private(path, "\n".join(_section(name, values) for name, values in sections))
    return path


def supervisor_command(config: Path) -> list[str]:
    """supervisord in the foreground, bound to the life of whoever starts it."""
    return launched([sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(config)])


def launched(
    command: list[str], *, user: str | None = None, orphan_signal: str = "TERM"
) -> list[str]:
    """`command`, started so that it can't outlive its parent."""
    options = [f"--signal={signal.Signals['SIG' + orphan_signal].name}"]
    if user is not None:
        options.append(f"--user={user}")
    return [sys.executable, "-I", "-S", str(_LAUNCH), *options, "--", *command]


def control(home: Home) -> Any:
    """supervisord's own interface, over its socket."""
    transport = SupervisorTransport(None, None, serverurl=f"unix://{home.socket()}")
    return ServerProxy("http://supervisor", transport=transport)


def _program(home: Home, program: Program) -> dict[str, str]:
    several = program.processes > 1
    orphan_signal = program.orphan_signal or program.stop_signal
    environment = {"PYTHONUNBUFFERED": "1", **program.environment}
    return {
        "command": shlex.join(
            launched(program.command, user=program.user, orphan_signal=orphan_signal)
        ),
        "process_name": f"{program.name}-%(process_num)d" if several else program.name,
        "numprocs": str(program.processes),
        "priority": str(program.priority),
        "autostart": str(program.autostart).lower(),
        "autorestart": str(program.restart).lower(),
        "startsecs": "1" if program.restart else "0",
        # The pause grows by a second with each failure in a row, and it never gives up.
        "startretries": "1000000",
        "stopsignal": program.stop_signal,
        "stopwaitsecs": str(program.stop_seconds),
        "stopasgroup": "false",
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": str(home.logs / (f"{program.name}.log")),
        "stdout_logfile_maxbytes": _LOG_BYTES,
        "stdout_logfile_backups": "2",
        "environment": ",".join(f'{name}="{value}"' for name, value in environment.items()),
    }


def _section(name: str, values: dict[str, str]) -> str:
    keep = ("process_name",)  # holds an expansion on purpose
    lines = [
        f"{key} = {value if key in keep else value.replace('%', '%%')}\n"
        for key, value in values.items()
    ]
    return f"[{name}]\n" + "".join(lines)
