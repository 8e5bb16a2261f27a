"""The way to ClickHouse: one client a process, limits on every query, errors in our words.

Values are only ever bound by the server (`{name:Type}`). What reads products on behalf of a
tenant goes through `tenant_rows`, which adds the tenant itself and raises without one.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import unquote, urlencode, urlsplit

import clickhouse_connect
from clickhouse_connect.driver.binding import bind_query
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from clickhouse_connect.driver.httputil import get_pool_manager
from flask import Flask, current_app
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from pim.analytics.columns import TENANT as TENANT
from pim.config import Settings
from pim.core.errors import Unavailable
from pim.core.tenancy import NoTenant, current_tenant_id

EXTENSION = "pim.clickhouse"
DEFAULT_DATABASE = "segmentation"

_CONNECT_SECONDS, _ANSWER_SECONDS = 3, 660

BoundValues = Mapping[str, Any]
Row = Sequence[Any]

# `FROM products`, and not `FROM (SELECT …)`.
_READS_A_TABLE = re.compile(r"\b(?:FROM|JOIN)\s+[A-Za-z_]")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
# Somebody who writes a rule asks the same columns at each letter, and unpacking a column of long
# texts takes several times as long as looking through it. So ClickHouse keeps what it unpacked,
# in the memory its `uncompressed_cache_size` allows; for more rows it would keep the wrong ones.
_KEEP_UNPACKED: Mapping[str, Any] = {
    "use_uncompressed_cache": 1,
    "merge_tree_max_rows_to_use_cache": 8_000_000,
}
# Seconds and bytes a query on behalf of a person may take; `readonly` also keeps it from files.
READ_LIMITS: Mapping[str, Any] = {
    "readonly": 1,
    "max_execution_time": 10,
    "max_memory_usage": 2 * 1024**3,
    # A rule of 200 conditions on fields without a column of their own takes some hundred kilobytes.
    "max_query_size": 4 * 1024**2,
    "max_ast_elements": 500_000,
    **_KEEP_UNPACKED,
}
# For work in the background, which may take its time but not the machine, nor the place of what
# people ask for again.
LONG_READ_LIMITS: Mapping[str, Any] = {
    **READ_LIMITS,
    "max_execution_time": 600,
    "use_uncompressed_cache": 0,
}
_WRITE_SETTINGS: dict[str, Any] = {
    # Every insert may be repeated: versions decide. The server's own memory of past inserts would
    # drop one that follows a rebuild.
    "insert_deduplicate": 0,
    # Rows of one insert have different keys; merging them in memory first costs more than it saves.
    "optimize_on_insert": 0,
    "max_memory_usage": 4 * 1024**3,
}
# PostgreSQL and the import need the other cores; one is quick enough, and the sum is less.
_LINES_SETTINGS: dict[str, Any] = {
    "max_threads": 1,
    "max_insert_threads": 1,
    "input_format_parallel_parsing": 0,
}
_TIMEOUT_EXCEEDED, _MEMORY_LIMIT, _TOO_MANY_QUERIES, _NO_DATABASE, _NO_TABLE = 159, 241, 202, 81, 60
_TOO_LARGE = (167, 168, 306)  # too deep or too many parts, or a stack that doesn't hold them
_NETWORK_ERRORS = (210, 209, 279)
# A limit of memory is the query's own or the server's: `Memory limit (total) exceeded`.
_OF_ALL_QUERIES = "(total)"
# A query that outgrows the parser, or the address its values go in.
_TOO_LONG = re.compile("Max query size exceeded|HTTP status 414")


class ClickHouseFailed(Exception):
    """ClickHouse answered, and the answer is an error. code: its number, 0 if it gave none."""

    def __init__(self, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.code = code


class TooExpensive(Unavailable):
    """The question takes more time or memory than one question may."""

    code = "too_expensive"


class ClickHouse:
    """Connections to one database, made when first used, anew after a fork."""

    def __init__(self, url: str, cluster: str | None = None, *, connections: int = 8) -> None:
        parts = urlsplit(url)
        self.database = identifier(parts.path.strip("/") or DEFAULT_DATABASE)
        self.cluster = identifier(cluster) if cluster else None
        self._address: dict[str, Any] = {
            "interface": parts.scheme or "http",
            "host": parts.hostname or "127.0.0.1",
            "port": parts.port or (8443 if parts.scheme == "https" else 8123),
            "username": unquote(parts.username or "default"),
            "password": unquote(parts.password or ""),
        }
        self._connections = connections
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._pool: PoolManager | None = None
        self._process = 0

    def rows(
        self, sql: str, parameters: BoundValues | None = None, *, limits: BoundValues = READ_LIMITS
    ) -> list[Row]:
        """What a query answers. Raises Unavailable, TooExpensive, ClickHouseFailed."""
        with _in_our_words():
            answer = self._connected().query(sql, dict(parameters or {}), settings=dict(limits))
            return cast("list[Row]", answer.result_rows)

    def stream(
        self, sql: str, parameters: BoundValues | None = None, *, limits: BoundValues
    ) -> Iterator[Sequence[Row]]:
        """What a query answers, block by block at flat memory; to be read to its end."""
        with (
            _in_our_words(),
            self._connected().query_row_block_stream(
                sql, dict(parameters or {}), settings=dict(limits)
            ) as blocks,
        ):
            yield from blocks

    def command(
        self,
        sql: str,
        parameters: BoundValues | None = None,
        *,
        settings: BoundValues | None = None,
        in_database: bool = True,
    ) -> None:
        """Do something that answers nothing. in_database: False while it isn't there yet."""
        with _in_our_words():
            self._connected().command(
                sql,
                dict(parameters or {}),
                settings=dict(settings or {}),
                use_database=in_database,
            )

    def insert(
        self, table: str, columns: Mapping[str, Sequence[Any]], types: Mapping[str, str]
    ) -> None:
        """Store rows given column by column; returns when ClickHouse has them on disk."""
        with _in_our_words():
            client = self._connected()
            context = client.create_insert_context(
                identifier(table),
                list(columns),
                database=self.database,
                column_type_names=[types[name] for name in columns],
                column_oriented=True,
                settings=dict(_WRITE_SETTINGS),
            )
            try:
                client.insert(context=context, data=list(columns.values()))
            finally:
                # The library leaves it in a cycle of references; the rows needn't wait for the
                # garbage collector.
                context.data = None
                context._block_columns = None

    def insert_lines(self, statement: str, parameters: BoundValues, lines: Iterator[bytes]) -> None:
        """Store what an `INSERT … SELECT … FROM input(…)` makes of these lines.

        Returns when ClickHouse has it on disk. Rows that came before one that failed may stay.
        """
        bound, values = bind_query(statement, dict(parameters))
        assert isinstance(bound, str)
        asked = {"database": self.database, **_WRITE_SETTINGS, **_LINES_SETTINGS, **values}
        with _in_our_words():
            self._connected()
            assert self._pool is not None
            # The library streams a body or binds values, not both.
            answer = self._pool.request(
                "POST",
                f"{self._address['interface']}://{self._address['host']}:{self._address['port']}"
                f"/?{urlencode(asked)}",
                body=_in_pieces(bound, lines),
                headers={
                    "X-ClickHouse-User": self._address["username"],
                    "X-ClickHouse-Key": self._address["password"],
                },
                timeout=Timeout(connect=_CONNECT_SECONDS, read=_ANSWER_SECONDS),
                retries=False,
            )
        code = answer.headers.get("X-ClickHouse-Exception-Code")
        if answer.status != HTTPStatus.OK or code:
            message = answer.data.decode("utf-8", "replace")
            raise _by_code(int(code or 0), message)

    def close(self) -> None:
        """Close the connections of this process."""
        with self._lock:
            if self._client is not None and self._process == os.getpid():
                self._client.close()
            self._client = None

    def _connected(self) -> Client:
        with self._lock:
            if self._client is None or self._process != os.getpid():
                self._client = self._connect()
                self._process = os.getpid()
            return self._client

    def _connect(self) -> Client:
        # A pool of our own: the library's is shared by all clients, and takes proxies from the
        # environment, which a database on the inside has no use for.
        self._pool = get_pool_manager(maxsize=self._connections, block=False)
        client = clickhouse_connect.get_client(
            **self._address,
            pool_mgr=self._pool,
            connect_timeout=_CONNECT_SECONDS,
            send_receive_timeout=_ANSWER_SECONDS,
            autogenerate_session_id=False,
            client_name="pim",
            tz_mode="aware",
        )
        client.database = self.database
        return client


def _in_pieces(statement: str, lines: Iterator[bytes]) -> Generator[bytes, None, None]:
    yield statement.encode() + b"\n"
    yield from lines


def identifier(name: str) -> str:
    """A name that may stand in a statement; raises ValueError for any other."""
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError(f"{name!r} can't be the name of anything in ClickHouse.")
    return name


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except ClickHouseError as error:
        raise _translated(error) from error
    except (HTTPError, OSError) as error:
        raise Unavailable("ClickHouse does not answer.") from error


def _translated(error: ClickHouseError) -> Exception:
    code = getattr(error, "code", None) or 0
    if not code and isinstance(error, clickhouse_connect.driver.exceptions.OperationalError):
        return Unavailable("ClickHouse does not answer.")
    return _by_code(code, str(error))


def _by_code(code: int, message: str) -> Exception:
    if code == _TOO_MANY_QUERIES or (code == _MEMORY_LIMIT and _OF_ALL_QUERIES in message):
        return Unavailable("ClickHouse has too much to do at the moment. Try again later.")
    if code in (_TIMEOUT_EXCEEDED, _MEMORY_LIMIT, *_TOO_LARGE) or _TOO_LONG.search(message):
        return TooExpensive("This question takes too long. Narrow it down, or try again later.")
    if code in _NETWORK_ERRORS:
        return Unavailable("ClickHouse does not answer.")
    if code in (_NO_DATABASE, _NO_TABLE):
        return Unavailable("ClickHouse has no tables yet: run `pim migrate`.")
    return ClickHouseFailed(message, code)


def init_app(app: Flask, settings: Settings) -> None:
    """Make the client known to the application; it connects when it is first used."""
    app.extensions[EXTENSION] = ClickHouse(
        settings.clickhouse_url, settings.clickhouse_cluster, connections=settings.web_threads
    )


def clickhouse() -> ClickHouse:
    """The application's client."""
    client: ClickHouse = current_app.extensions[EXTENSION]
    return client


def tenant_rows(
    sql: str, parameters: BoundValues | None = None, *, limits: BoundValues = READ_LIMITS
) -> list[Row]:
    """What a query answers for the tenant in force.

    Every SELECT in it that reads a table has `TENANT` as its first condition. Values may hold the
    tenant already, if it is the one in force. Raises NoTenant when no tenant is in force, when it
    is another one, or when the query doesn't ask for one.
    """
    parameters = dict(parameters or {})
    if sql.count(TENANT) < max(len(_READS_A_TABLE.findall(sql)), 1):
        raise NoTenant("a query that doesn't say whose rows it wants")
    tenant = current_tenant_id()
    if parameters.setdefault("tenant", tenant) != tenant:
        raise NoTenant("the tenant of a query is the one in force")
    return clickhouse().rows(sql, parameters, limits=limits)
