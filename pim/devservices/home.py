"""PIM_HOME: the folder of one installation, and what is remembered in it between starts.

Passwords are made once and kept in a file only its owner can read; ports are kept as long as they
are free. Several homes run side by side.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import secrets
import shutil
import socket
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import IO

CHECKOUT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
# Below the range from which systems take ports for outgoing connections.
_PORTS = range(20000, 30000)
# The longest path of a unix socket is 103 bytes on macOS and 107 on Linux.
_SOCKET_PATH_LIMIT = 100


# Characters with a meaning of their own in supervisord's configuration or in chdb's address.
_FORBIDDEN = frozenset('%;#"?\n')


class InUse(Exception):
    """Another process runs on this home."""


class Home:
    """Paths and remembered values of one PIM_HOME."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        if bad := "".join(sorted(_FORBIDDEN & set(str(self.path)))):
            raise ValueError(f"PIM_HOME can't be {self.path}: its path has {bad!r} in it.")
        self.logs = self.path / "logs"
        self.run = self.path / "run"
        self.ready = self.path / "ready"
        self.environment_file = self.path / "environment"
        # Held by those who start a home that is to be thrown away; it must outlast the home.
        self.start_lock = self.path.with_suffix(".lock")
        self._lock: IO[str] | None = None

    @classmethod
    def from_environment(cls) -> Home:
        """PIM_HOME, or `.pim` in the checkout."""
        return cls(Path(os.environ.get("PIM_HOME") or CHECKOUT / ".pim"))

    def create(self) -> None:
        """Make the folders. Under root others may pass through, as PostgreSQL refuses to be root;
        the files that matter are closed one by one."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        self.logs.mkdir(exist_ok=True, mode=0o700)
        self.run.mkdir(exist_ok=True, mode=0o700)

    def lock(self) -> None:
        """Hold this home until the process ends, however it ends. Raises InUse."""
        self._lock = (self.run / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InUse from None

    def secret(self, name: str, words: int = 32) -> str:
        """A random value that is made at the first call and the same ever after."""
        path = self.path / "secrets.json"
        known: dict[str, str] = _read_json(path)
        if name not in known:
            known[name] = secrets.token_urlsafe(words)
            write_private(path, json.dumps(known, indent=1))
        return known[name]

    def ports(self, services: Iterable[str]) -> dict[str, int]:
        """A free port for each service, the same as last time when it is still free."""
        path = self.path / "ports.json"
        known: dict[str, int] = _read_json(path)
        for service in services:
            if not is_free(known.get(service, 0)):
                known[service] = _free_port(set(known.values()))
        write_private(path, json.dumps(known))
        return known

    def adopt_environment(self) -> None:
        """Take the addresses of the services that run in this home, unless some are given.

        For the command line in another terminal than the one of `make run`.
        """
        if "DATABASE_URL" in os.environ or not self.environment_file.exists():
            return
        for line in self.environment_file.read_text().splitlines():
            name, _, value = line.partition("=")
            os.environ.setdefault(name, value)

    def socket(self) -> Path:
        """Where the supervisor listens. A deep home has it in the folder for temporary files."""
        path = self.run / "supervisor.sock"
        if len(os.fsencode(path)) <= _SOCKET_PATH_LIMIT:
            return path
        name = sha256(os.fsencode(self.path)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"pim-{os.geteuid()}-{name}"
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            raise PermissionError(f"{folder} belongs to somebody else.")
        return folder / "supervisor.sock"

    def remove_socket(self) -> None:
        """Take away the supervisor's socket, and the folder if it was made for it alone."""
        path = self.socket()
        path.unlink(missing_ok=True)
        if path.parent != self.run:
            path.parent.rmdir()

    def forget(self) -> None:
        """Remove a home and what lies elsewhere for it. Nothing of it may run."""
        shutil.rmtree((self.path / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(self.path, ignore_errors=True)
        self.start_lock.unlink(missing_ok=True)


def is_free(port: int) -> bool:
    """Whether a server could listen on the loopback port now."""
    if port == 0:
        return False
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def number(name: str, default: int) -> int:
    """A whole number from the environment. Raises ValueError with a sentence for people."""
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise ValueError(f"{name} can't be {value!r}: it has to be a number from 1 to 65535.")
    return int(value)


def write_private(path: Path, text: str) -> None:
    """Write a file that nobody else can read at any moment, all of it or nothing."""
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    temporary.replace(path)


def _free_port(taken: set[int]) -> int:
    for _ in range(1000):
        port = random.choice(_PORTS)  # noqa: S311  # not a secret
        if port not in taken and is_free(port):
            return port
    raise OSError("There is no free port between 20000 and 30000.")


def _read_json(path: Path) -> dict:  # type: ignore[type-arg]  # the callers know what they keep
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        return {}
