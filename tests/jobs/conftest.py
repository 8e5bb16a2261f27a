"""A tenant in force, an empty Valkey, and a ClickHouse that is away."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from redis import Redis

from pim.analytics.client import EXTENSION, ClickHouse
from pim.core.queue import redis_client
from pim.core.tenancy import tenant_scope
from tests.factories.identity import make_tenant
from tests.factories.queues import let_nothing_wait


@pytest.fixture
def in_tenant(app: Flask) -> Iterator[int]:
    """A tenant of this test alone, in force."""
    tenant = make_tenant(app)
    with app.app_context(), tenant_scope(tenant.id):
        yield tenant.id


@pytest.fixture
def clickhouse_away(app: Flask) -> Callable[[], AbstractContextManager[None]]:
    """Inside, nothing listens where ClickHouse should."""

    @contextmanager
    def away() -> Iterator[None]:
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            port = closed.getsockname()[1]
        real = app.extensions[EXTENSION]
        app.extensions[EXTENSION] = ClickHouse(f"http://u:p@127.0.0.1:{port}/{real.database}")
        try:
            yield
        finally:
            app.extensions[EXTENSION] = real

    return away


@pytest.fixture
def redis(app: Flask) -> Iterator[Redis]:
    """This process's database of Valkey, empty before and after."""
    with app.app_context():
        let_nothing_wait()
        yield redis_client()
        redis_client().flushdb()
