"""Services for tests end with the process they serve, however that ends."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from pim.devservices.home import Home
from pim.devservices.leftovers import processes_of
from pim.devservices.throwaway import Throwaway
from tests.faults.installation import wait_for


def test_they_serve_several_and_end_with_their_owner() -> None:
    owner = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=-1)
    folder = Path(tempfile.mkdtemp(prefix="pim-throwaway-"))
    folder.chmod(0o711)  # PostgreSQL is somebody else when the tests run as root
    home = Home(folder / "home")
    try:
        services = Throwaway(home.path, owner.pid)
        services.start()
        Throwaway(home.path, owner.pid).start()  # finds them
        one, two = services.databases("one", 1), services.databases("two", 2)
        with psycopg.connect(one.database_owner_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE of_one (id int)")
        with (
            psycopg.connect(two.database_owner_url) as connection,
            pytest.raises(psycopg.errors.UndefinedTable),
        ):
            connection.execute("SELECT FROM of_one")
        with (
            psycopg.connect(one.database_url) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute("SELECT FROM of_one")
        assert one.redis_url.endswith("/1")
        assert two.clickhouse_url.endswith("/two")

        owner.kill()
        owner.wait()
        wait_for(lambda: not home.path.exists(), "the removal of the home", 60)
        assert processes_of(home) == []
        assert list(folder.iterdir()) == []
    finally:
        owner.kill()
        folder.rmdir()
