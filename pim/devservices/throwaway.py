"""Services for tests and benchmarks: in a temporary home, gone with the process they serve.

One set serves many processes; each gets databases of its own.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import clickhouse_connect
import psycopg
from psycopg import sql

from pim.devservices.home import CHECKOUT, Home
from pim.devservices.postgres import APP, OWNER, SUPERUSER
from pim.devservices.services import Services

_START_SECONDS = 90
_STOP_SECONDS = 30
# An address for tests replaces a service, as the one without TEST_ does for the product.
_GIVEN = {
    "TEST_DATABASE_OWNER_URL": "DATABASE_URL",
    "TEST_REDIS_URL": "REDIS_URL",
    "TEST_CLICKHOUSE_URL": "CLICKHOUSE_URL",
}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Databases of one process: for the app, for its migrations."""

    database_url: str
    database_owner_url: str
    redis_url: str
    clickhouse_url: str

    @property
    def environment(self) -> dict[str, str]:
        """The same as environment variables."""
        return {
            "DATABASE_URL": self.database_url,
            "DATABASE_OWNER_URL": self.database_owner_url,
            "REDIS_URL": self.redis_url,
            "CLICKHOUSE_URL": self.clickhouse_url,
        }


class Throwaway:
    """The services in one temporary home. Made by whoever comes first, used by all."""

    def __init__(self, folder: Path, owner: int) -> None:
        """`owner` is the id of the process with which they end, kill -9 included."""
        self._home = Home(folder)
        self._owner = owner

    def start(self) -> None:
        """Start them unless somebody has; returns when they answer."""
        with self._home.start_lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._home.ready.exists():
                self._start()

    def stop(self) -> None:
        """End them and remove what they stored."""
        if not (keeper := self._keeper()):
            return
        os.kill(keeper, 15)
        deadline = time.monotonic() + _STOP_SECONDS
        while self._home.path.exists() and time.monotonic() < deadline:
            time.sleep(0.05)

    def databases(self, name: str, number: int) -> Addresses:
        """Fresh, empty databases called `name`; `number` chooses the one of Valkey."""
        services = Services.chosen(self._home)
        given = services.addresses()
        if services.postgres is not None:
            admin, owner = services.postgres.url(SUPERUSER), services.postgres.url(OWNER)
            app = services.postgres.url(APP)
        else:
            admin = owner = app = given["DATABASE_URL"]
        _create_database(admin, name, OWNER if services.postgres else None)
        _create_clickhouse_database(given["CLICKHOUSE_URL"], name)
        return Addresses(
            database_url=_with_path(app, name),
            database_owner_url=_with_path(owner, name),
            redis_url=_with_path(given["REDIS_URL"], str(number)),
            clickhouse_url=_with_path(given["CLICKHOUSE_URL"], name),
        )

    def _start(self) -> None:
        self._home.create()
        with (self._home.path / "keeper.log").open("w") as log:
            keeper = subprocess.Popen(
                [
                    *(sys.executable, "-m", "pim.devservices", "services"),
                    *("--home", str(self._home.path), "--until", str(self._owner)),
                ],
                cwd=CHECKOUT,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while not self._home.ready.exists():
            if keeper.poll() is not None or time.monotonic() > deadline:
                said = (self._home.path / "keeper.log").read_text()
                raise RuntimeError(f"The services for the tests did not start:\n{said}")
            time.sleep(0.05)
        (self._home.path / "keeper.pid").write_text(str(keeper.pid))

    def _keeper(self) -> int | None:
        try:
            return int((self._home.path / "keeper.pid").read_text())
        except FileNotFoundError:
            return None


def _environment() -> dict[str, str]:
    """The environment with the addresses given for tests in the place of all others."""
    kept = {name: value for name, value in os.environ.items() if name not in _GIVEN.values()}
    kept.pop("DATABASE_OWNER_URL", None)
    for given, name in _GIVEN.items():
        if address := os.environ.get(given):
            kept[name] = address
    return kept


def _create_database(admin: str, name: str, owner: str | None) -> None:
    server = _with_path(admin, "postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        database = sql.Identifier(name)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        owned = sql.SQL(" OWNER {}").format(sql.Identifier(owner)) if owner else sql.SQL("")
        connection.execute(sql.SQL("CREATE DATABASE {}").format(database) + owned)


def _create_clickhouse_database(url: str, name: str) -> None:
    client = clickhouse_connect.get_client(dsn=_with_path(url, ""), autogenerate_session_id=False)
    for statement in ("DROP DATABASE IF EXISTS {n:Identifier}", "CREATE DATABASE {n:Identifier}"):
        client.command(statement, parameters={"n": name})
    client.close()


def _with_path(url: str, path: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{path}"))
