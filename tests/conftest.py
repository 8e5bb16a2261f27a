"""Real PostgreSQL, Valkey and ClickHouse for the tests.

One set of embedded services serves a test run. The first test that needs one starts them; they end
with the run, kill -9 included. Each of the parallel test processes has databases of its own, and
each test makes a tenant of its own, so nothing is ever cleared and nothing waits for another.

TEST_DATABASE_OWNER_URL (a login that may create databases and roles), TEST_REDIS_URL and
TEST_CLICKHOUSE_URL replace the embedded ones. The addresses without TEST_ are never used.
"""

from __future__ import annotations

import gc
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session
    from xdist.scheduler import LoadFileScheduling

    from pim.config import Settings
    from pim.devservices.throwaway import Addresses
    from tests.factories.identity import TestTenant

# Said by the first process of a run to those it starts.
_FOLDER, _OWNER = "PIM_TEST_SERVICES", "PIM_TEST_OWNER"
_NOT_FOR_TESTS = (
    *("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CLICKHOUSE_URL", "CLICKHOUSE_CLUSTER"),
    *("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "PIM_HOME", "PORT", "PUBLIC_URL", "SECRET_KEY"),
)


# What tests make is gone with them; looking for cycles at the usual pace takes a tenth of the time.
gc.set_threshold(100_000, 50, 100)
# How long an example takes says more about the machine than about the code.
hypothesis_settings.register_profile("any machine", deadline=None)
hypothesis_settings.load_profile("any machine")


def pytest_configure(config: pytest.Config) -> None:
    """Forget addresses of real services; decide where those of the tests will be."""
    for name in _NOT_FOR_TESTS:
        os.environ.pop(name, None)
    if not hasattr(config, "workerinput"):
        folder = Path(tempfile.gettempdir()) / f"pim-test-{secrets.token_hex(4)}"
        os.environ.update({_FOLDER: str(folder), _OWNER: str(os.getpid())})


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the services, if any test has needed them."""
    if not hasattr(config, "workerinput") and Path(os.environ[_FOLDER]).exists():
        from pim.devservices.throwaway import Throwaway

        Throwaway(Path(os.environ[_FOLDER]), int(os.environ[_OWNER])).stop()


# Whole installations and workers that are killed wait more than they work, and in vain when too
# much goes on beside them: they begin first, one after another. Files that are soon over come last,
# so that all processes end at about the same time.
_FAULTS, _LAST = "tests/faults", "tests/unit"
_FIRST = (_FAULTS, "tests/jobs", "tests/browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slow files first, small ones last."""

    def place(item: pytest.Item) -> int:
        folders = [n for n, folder in enumerate(_FIRST) if item.nodeid.startswith(f"{folder}/")]
        return folders[0] if folders else len(_FIRST) + item.nodeid.startswith(f"{_LAST}/")

    items.sort(key=place)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling | None:
    """A file belongs to one process, and so do all that share an installation."""
    if config.getoption("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Files(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return _FAULTS if file.startswith(f"{_FAULTS}/") else file

    return Files(config, log)


@pytest.fixture(scope="session")
def worker_number() -> int:
    """0, 1, 2 … in parallel runs; 0 otherwise."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture(scope="session")
def services(worker_number: int) -> Addresses:
    """The addresses of this process's migrated databases, which are in the environment too."""
    from pim.devservices.throwaway import Throwaway

    shared = Throwaway(Path(os.environ[_FOLDER]), int(os.environ[_OWNER]))
    shared.start()
    addresses = shared.databases(f"pim_test_{worker_number}", worker_number)
    os.environ.update(addresses.environment)
    os.environ["SECRET_KEY"] = secrets.token_urlsafe(32)
    migrated = subprocess.run(
        [sys.executable, "-m", "pim", "migrate"], capture_output=True, text=True
    )
    assert migrated.returncode == 0, migrated.stderr
    return addresses


@pytest.fixture(scope="session")
def settings(services: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The product's settings: this process's databases, files in a temporary folder."""
    from pim.config import get_settings

    os.environ["PIM_HOME"] = str(tmp_path_factory.mktemp("home"))
    get_settings.cache_clear()
    return get_settings()


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    """The application, once for this process."""
    from pim import create_app

    return create_app(settings)


@pytest.fixture
def db_session(app: Flask) -> Iterator[Session]:
    """A database session inside an application context; what is not committed is rolled back."""
    from pim.core.db import db

    with app.app_context():
        yield db.session()
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client()


@pytest.fixture
def tenant(app: Flask) -> TestTenant:
    """A tenant of this test alone."""
    from tests.factories.identity import make_tenant

    return make_tenant(app)
