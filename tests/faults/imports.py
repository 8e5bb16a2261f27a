"""An import by HTTP alone, as an integrator sends it, in an installation whose parts are killed."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg

from pim.devservices.home import CHECKOUT
from tests.faults.installation import Installation, wait_for

COUNTS = ("row_count", "created_count", "updated_count", "unchanged_count", "superseded_count")
MAPPING = {
    "sku": "sku",
    "name": "name",
    "price": {"to": "price", "type": "price"},
    "note": {"to": "note", "type": "string"},
}
_NEW_TENANTS = """
import json, sys
from pim import create_app
from pim.core.db import transaction
from pim.core.tenancy import tenant_scope
from pim.identity import service
from pim.identity.permissions import Role
with create_app().app_context():
    made = {}
    for slug in sys.argv[1:]:
        with transaction():
            tenant = service.create_tenant(slug, slug).id
        with tenant_scope(tenant), transaction():
            made[slug] = service.create_api_key("faults", Role("admin"))[1]
    print(json.dumps(made))
"""


def write_catalog(path: Path, rows: int) -> None:
    """Rows of which some repeat a SKU in another case and some have a price that is none."""
    rnd = random.Random(7)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sku", "name", "price", "note"])
        for number in range(rows):
            again = number > 50 and rnd.random() < 0.02
            sku = f"f-{rnd.randrange(number):06d}" if again else f"F-{number:06d}"
            price = "soon" if number % 997 == 5 else f"{number % 900}.95 EUR"
            writer.writerow([sku, f"Item {number}", price, f"lamp {rnd.random()}"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import came to: its counts, its report, and how long it took."""

    counts: dict[str, int]
    errors: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Sender:
    """One tenant's integrator."""

    installation: Installation
    slug: str
    key: str

    def begin(self, path: Path) -> int:
        """Upload and confirm; the import's id."""
        uploaded = self._ask("POST", "/api/pim/import/csv/", *_multipart(path))
        job: int = uploaded["job_id"]
        body = json.dumps({"mapping": MAPPING}).encode()
        self._ask("POST", f"/api/pim/import/{job}/confirm/", body, "application/json")
        return job

    def finish(self, job: int, seconds: float) -> Outcome:
        """Wait until it is over, whatever doesn't answer meanwhile."""
        started = time.monotonic()
        found: dict[str, Any] = {}

        def over() -> bool:
            try:
                found.update(self._ask("GET", f"/api/pim/import/{job}/"))
            except OSError:
                return False
            time.sleep(0.1)
            return found["status"] in ("done", "failed", "cancelled")

        wait_for(over, f"the end of the import: {found}", seconds)
        took = time.monotonic() - started
        assert found["status"] == "done", found
        counts = {name: found[name] for name in (*COUNTS, "failed_count")}
        return Outcome(counts, self._text(f"/api/pim/import/{job}/errors/?format=csv"), took)

    def product_count(self) -> int:
        """How many products the API counts."""
        found: int = self._ask("GET", "/api/pim/products/?limit=1&count=true")["count"]
        return found

    def stores_are_equal(self) -> bool:
        """Whether `pim analytics verify` finds both databases equal."""
        verified = _run(
            self.installation, "-m", "pim", "analytics", "verify", "--tenant", self.slug
        )
        return verified.returncode == 0

    def _ask(
        self, method: str, path: str, body: bytes | None = None, media_type: str = ""
    ) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self._text(path, method, body, media_type))
        return found

    def _text(
        self, path: str, method: str = "GET", body: bytes | None = None, media_type: str = ""
    ) -> str:
        headers = {"Authorization": f"Bearer {self.key}"}
        if media_type:
            headers["Content-Type"] = media_type
        url = self.installation.address + path
        asked = urllib.request.Request(url, body, headers, method=method)
        patient_until = time.monotonic() + (30 if method == "GET" else 0)
        while True:
            try:
                with urllib.request.urlopen(asked, timeout=20) as answer:
                    text: str = answer.read().decode()
                    return text
            except (urllib.error.URLError, ConnectionError):
                # What is left of a killed web server answers for a moment, and then nobody does.
                if time.monotonic() > patient_until:
                    raise
                time.sleep(0.2)


def new_senders(installation: Installation, slugs: list[str]) -> list[Sender]:
    """Tenants with a key each."""
    made = _run(installation, "-c", _NEW_TENANTS, *slugs)
    assert made.returncode == 0, made.stderr
    keys = json.loads(made.stdout.splitlines()[-1])
    return [Sender(installation, slug, keys[slug]) for slug in slugs]


def _run(installation: Installation, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=CHECKOUT,
        env={**os.environ, **installation.addresses()},
        capture_output=True,
        text=True,
        check=False,
    )


def _multipart(path: Path) -> tuple[bytes, str]:
    body = io.BytesIO()
    body.write(b'--x\r\nContent-Disposition: form-data; name="file"; filename="faults.csv"\r\n\r\n')
    body.write(path.read_bytes())
    body.write(b"\r\n--x--\r\n")
    return body.getvalue(), "multipart/form-data; boundary=x"


# --- who is killed ---


def _program(name: str) -> Callable[[Installation], list[int]]:
    def find(installation: Installation) -> list[int]:
        return [
            process
            for program, (_, process) in installation.programs().items()
            if process and (program == name or program.startswith(f"{name}_"))
        ]

    return find


def _workers(installation: Installation) -> list[int]:
    return [
        process
        for program, (_, process) in installation.programs().items()
        if process and program.startswith("worker") and program != "worker-quick"
    ]


def _horses(installation: Installation) -> list[int]:
    return [
        child.pid
        for worker in _workers(installation)
        for child in psutil.Process(worker).children()
    ]


def _backends(installation: Installation) -> list[int]:
    port = json.loads((installation.home.run / "embedded.json").read_text())["postgres"]
    password = installation.home.secret("postgres_postgres")
    address = f"postgresql://postgres:{password}@127.0.0.1:{port}/pim"
    with psycopg.connect(address) as connection:
        rows = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = 'pim' AND pid <> pg_backend_pid()"
            " AND state IS NOT NULL ORDER BY state = 'idle', query_start DESC LIMIT 1"
        ).fetchall()
    return [row[0] for row in rows]


PARTS: dict[str, Callable[[Installation], list[int]]] = {
    "a worker": _workers,
    "a work horse": _horses,
    "Valkey": _program("valkey"),
    "a PostgreSQL backend": _backends,
    "ClickHouse": _program("clickhouse"),
    "the web server": _program("web"),
}
