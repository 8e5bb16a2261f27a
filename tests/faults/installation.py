"""A whole installation of the product in a home of its own, started as `make run` starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import psutil

from pim.devservices.home import CHECKOUT, LOOPBACK, Home, is_free
from pim.devservices.leftovers import processes_of
from pim.devservices.supervise import control

PATIENCE = 90.0


def free_port() -> int:
    """A port nobody listens on, outside the range that systems hand out."""
    return next(port for port in range(18000 + os.getpid() % 900, 20000) if is_free(port))


class Installation:
    """Start, stop, kill, look."""

    def __init__(self, settings: dict[str, str] | None = None) -> None:
        self.settings = settings or {}
        self.home = Home(Path(tempfile.mkdtemp(prefix="pim-fault-")))
        self.port = free_port()
        self.process: subprocess.Popen[str] | None = None
        self.seconds_to_start = 0.0
        self.starts = 0

    @property
    def address(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def is_running(self) -> bool:
        """Whether its process at the terminal is there."""
        return self.process is not None and self.process.poll() is None

    def start_unless_running(self) -> None:
        """Start it, whoever has stopped it."""
        if not self.is_running:
            self.start()

    def start(self) -> None:
        """Start and wait until it says that it is ready."""
        begun = time.monotonic()
        self.process = self.launch()
        wait_for(lambda: self.home.ready.exists() or self.process.poll() is not None, "ready")
        assert self.process.poll() is None, self.log()
        self.seconds_to_start = time.monotonic() - begun
        self.starts += 1

    def launch(self, **environment: str) -> subprocess.Popen[str]:
        """Start without waiting."""
        self.home.create()
        self.home.ready.unlink(missing_ok=True)
        launcher = CHECKOUT / "pim/devservices/launch.py"
        with (self.home.path / "terminal.log").open("w") as terminal:
            return subprocess.Popen(
                [
                    *(sys.executable, "-I", "-S", str(launcher), "--"),
                    *(sys.executable, "-m", "pim.devservices", "run"),
                ],
                cwd=CHECKOUT,
                env=self._environment() | environment,
                stdout=terminal,
                stderr=subprocess.STDOUT,
                text=True,
            )

    def stop(self) -> int:
        """Ctrl-C, and the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def log(self) -> str:
        """What the person at the terminal has read."""
        return (self.home.path / "terminal.log").read_text()

    def supervisor(self) -> psutil.Process:
        return psutil.Process(int((self.home.run / "supervisord.pid").read_text()))

    def programs(self) -> dict[str, tuple[str, int]]:
        """State and process id of each program, as the supervisor sees it."""
        everything = control(self.home).supervisor.getAllProcessInfo()
        return {each["name"]: (each["statename"], each["pid"]) for each in everything}

    def addresses(self) -> dict[str, str]:
        """Of its services."""
        lines = self.home.environment_file.read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def answers(self) -> bool:
        """Whether the web server and everything behind it works."""
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=10) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def remaining(self) -> list[int]:
        """Processes that belong to this home."""
        return processes_of(self.home)

    def remove(self) -> None:
        """Kill whatever is left and remove the files."""
        if self.is_running:
            self.stop()
        self.home.forget()

    def _environment(self) -> dict[str, str]:
        dropped = (
            "DATABASE_URL",
            "DATABASE_OWNER_URL",
            "REDIS_URL",
            "CLICKHOUSE_URL",
            "SECRET_KEY",
        )
        kept = {name: value for name, value in os.environ.items() if name not in dropped}
        return kept | self.settings | {"PIM_HOME": str(self.home.path), "PORT": str(self.port)}


def wait_for(happens: object, what: str, seconds: float = PATIENCE) -> None:
    """Wait until a function gives something true."""
    assert callable(happens)
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(0.05)
