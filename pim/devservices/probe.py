"""Ask each service whether it answers, with the client the product uses."""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit, urlunsplit

import clickhouse_connect
import psycopg
import redis
from clickhouse_connect.driver.exceptions import ClickHouseError

from pim.devservices.postgres import SUPERUSER
from pim.devservices.services import Services

_CONNECT_SECONDS = 3


class NoAnswer(Exception):
    """What the client said instead of an answer."""


def postgres(services: Services) -> None:
    """Connect to the server. The embedded one may not have its database and roles yet."""
    url = os.environ["DATABASE_URL"]
    if services.postgres is not None:
        url = services.postgres.url(SUPERUSER).rpartition("/")[0] + "/postgres"
    try:
        psycopg.connect(url, connect_timeout=_CONNECT_SECONDS).close()
    except psycopg.Error as error:
        raise NoAnswer(str(error).strip().splitlines()[-1]) from None


def valkey(url: str) -> None:
    """PING; raises too while it still loads its data."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=_CONNECT_SECONDS) as client:
            client.ping()
    except redis.RedisError as error:
        raise NoAnswer(str(error)) from None


def clickhouse(url: str) -> None:
    """Sign in, without the database, which need not exist yet."""
    server = urlsplit(url)
    try:
        # First this: the client complains in the log as long as nobody listens.
        socket.create_connection((server.hostname, server.port), _CONNECT_SECONDS).close()
        _clickhouse(url).close()
    except (ClickHouseError, OSError) as error:
        raise NoAnswer(str(error)) from None


def create_clickhouse_database(url: str) -> None:
    """Make the database that CLICKHOUSE_URL names."""
    name = urlsplit(url).path.strip("/")
    client = _clickhouse(url)
    client.command("CREATE DATABASE IF NOT EXISTS {name:Identifier}", parameters={"name": name})
    client.close()


def _clickhouse(url: str) -> clickhouse_connect.driver.client.Client:
    server = urlunsplit(urlsplit(url)._replace(path=""))
    return clickhouse_connect.get_client(
        dsn=server, autogenerate_session_id=False, connect_timeout=_CONNECT_SECONDS
    )
