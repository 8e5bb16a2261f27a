"""Which services are embedded, which are given by the environment, and how to reach them all."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pim.devservices.home import LOOPBACK, Home, write_private
from pim.devservices.postgres import APP, OWNER, SUPERUSER, Postgres
from pim.devservices.valkey import Valkey

CLICKHOUSE_DATABASE = "segmentation"


@dataclass(frozen=True, slots=True)
class Program:
    """A process under the supervisor."""

    name: str
    command: list[str]
    priority: int
    user: str | None = None
    stop_signal: str = "TERM"
    orphan_signal: str | None = None  # when the supervisor is killed; default: stop_signal
    stop_seconds: int = 20
    autostart: bool = True
    restart: bool = True
    processes: int = 1
    environment: dict[str, str] = field(default_factory=dict)


class Services:
    """The three services of one home. One that an address is given for is not started."""

    def __init__(self, home: Home, ports: dict[str, int], *, forgetful: bool = False) -> None:
        """`ports` has an entry for each embedded service and for no other."""
        self.home = home
        self._forgetful = forgetful
        self.postgres = self.valkey = None
        self.clickhouse_port = ports.get("clickhouse")
        if "postgres" in ports:
            self.postgres = Postgres(home, ports["postgres"], forgetful=forgetful)
        if "valkey" in ports:
            self.valkey = Valkey(home, ports["valkey"], forgetful=forgetful)

    @classmethod
    def choose(cls, home: Home, *, forgetful: bool) -> Services:
        """Embed what the environment gives no address for, on free ports."""
        wanted = [service for name, service in _ADDRESSES.items() if not os.environ.get(name)]
        ports = {service: port for service, port in home.ports(wanted).items() if service in wanted}
        write_private(home.run / "embedded.json", json.dumps(ports))
        return cls(home, ports, forgetful=forgetful)

    @classmethod
    def chosen(cls, home: Home) -> Services:
        """The services as chosen when this home was started."""
        return cls(home, json.loads((home.run / "embedded.json").read_text()))

    def addresses(self) -> dict[str, str]:
        """DATABASE_URL and its like: those of the embedded services, then those given."""
        urls = {}
        if self.postgres is not None:
            urls["DATABASE_URL"] = self.postgres.url(APP)
            urls["DATABASE_OWNER_URL"] = self.postgres.url(OWNER)
            self.postgres.url(SUPERUSER)  # so that its password is made before the server is
        if self.valkey is not None:
            urls["REDIS_URL"] = self.valkey.url()
        if self.clickhouse_port is not None:
            urls["CLICKHOUSE_URL"] = (
                f"http://default:{self._clickhouse_password()}@{LOOPBACK}:{self.clickhouse_port}"
                f"/{CLICKHOUSE_DATABASE}"
            )
        names = (*_ADDRESSES, "DATABASE_OWNER_URL")
        return {name: os.environ[name] for name in names if os.environ.get(name)} | urls

    def prepare(self) -> None:
        """Make data folders and configuration. Nothing of this home may be running."""
        if self.postgres is not None:
            self.postgres.prepare()
        if self.valkey is not None:
            self.valkey.prepare()
        (self.home.path / "clickhouse").mkdir(exist_ok=True, mode=0o700)

    def programs(self) -> list[Program]:
        """The embedded services as processes."""
        programs = []
        if self.postgres is not None:
            # SIGINT: end transactions and write a checkpoint. SIGQUIT: recover at the next start.
            programs.append(
                Program(
                    "postgres",
                    self.postgres.command(),
                    priority=10,
                    user=self.postgres.user,
                    stop_signal="QUIT" if self._forgetful else "INT",
                    stop_seconds=60,
                )
            )
        if self.valkey is not None:
            programs.append(Program("valkey", self.valkey.command(), priority=10))
        if self.clickhouse_port is not None:
            programs.append(self._clickhouse(self.clickhouse_port))
        return programs

    def _clickhouse(self, port: int) -> Program:
        folder = self.home.path / "clickhouse"
        return Program(
            "clickhouse",
            [sys.executable, "-m", "pim.devservices.clickhouse", str(folder), str(port)],
            priority=10,
            environment={"CLICKHOUSE_PASSWORD": self._clickhouse_password()},
        )

    def _clickhouse_password(self) -> str:
        return self.home.secret("clickhouse")


_ADDRESSES = {
    "DATABASE_URL": "postgres",
    "REDIS_URL": "valkey",
    "CLICKHOUSE_URL": "clickhouse",
}


def where(url: str) -> str:
    """An address without its user and password, for people to read."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
