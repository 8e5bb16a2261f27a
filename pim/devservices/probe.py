"""Ask each service whether it answers."""

from __future__ import annotations

import os
import urllib.error
import urllib.request
from base64 import b64encode
from urllib.parse import quote, unquote, urlsplit

import psycopg
import redis

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
    _ask_clickhouse(url, "SELECT 1")


def create_clickhouse_database(url: str) -> None:
    """Make the database that CLICKHOUSE_URL names."""
    name = quote(urlsplit(url).path.strip("/"))
    _ask_clickhouse(url, "CREATE DATABASE IF NOT EXISTS {name:Identifier}", f"?param_name={name}")


def _ask_clickhouse(url: str, statement: str, parameters: str = "") -> None:
    # Without the product's client, which takes a while to import.
    server = urlsplit(url)
    password = f"{unquote(server.username or 'default')}:{unquote(server.password or '')}"
    request = urllib.request.Request(  # noqa: S310  # the address the operator gave
        f"{server.scheme}://{server.hostname}:{server.port or 8123}/{parameters}",
        data=statement.encode(),
        headers={"Authorization": "Basic " + b64encode(password.encode()).decode()},
    )
    try:
        urllib.request.urlopen(request, timeout=_CONNECT_SECONDS).close()  # noqa: S310
    except urllib.error.HTTPError as error:
        raise NoAnswer(error.read().decode(errors="replace").strip()) from None
    except OSError as error:
        raise NoAnswer(str(error)) from None
