"""How long an import takes, as a ratio to the least PostgreSQL could need for the same rows.

    python -m bench.imports                 861,688 rows, and 500,000 rows of 12 columns
    python -m bench.imports --rows 100000   fewer, for a quick look

The floor: COPY of the raw file into an unlogged table and one bare INSERT … SELECT … ON CONFLICT
into an empty twin of the product table (same columns, same indexes, raw data kept), in the same
database and the same run. The import: from the upload being accepted until it is *done*, which
means in PostgreSQL and in ClickHouse, by a real worker. Figures also go to
`bench/results/imports.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench import _catalogs as catalogs
from pim.devservices.throwaway import Throwaway

RESULTS = Path(__file__).parent / "results"
SLOWEST_SECONDS = 900


@dataclass(slots=True)
class Figure:
    """One import beside its floor, in seconds."""

    name: str
    rows: int
    floor: float
    seconds: float
    peak_mb: int

    @property
    def ratio(self) -> float:
        """How many times the floor the import took."""
        return self.seconds / self.floor

    def line(self) -> str:
        """One row of the table."""
        return (
            f"{self.name:28} {self.rows:>9,} rows   floor {self.floor:6.2f} s   "
            f"import {self.seconds:6.2f} s   ratio {self.ratio:4.2f}   "
            f"{self.rows / self.seconds:>8,.0f} rows/s   peak {self.peak_mb} MB"
        )


class Floor:
    """The bare upsert, in a twin of the product table."""

    def __init__(self, url: str, catalog: catalogs.Catalog) -> None:
        self._connection = psycopg.connect(url.replace("+psycopg", ""))
        self._catalog = catalog
        columns = ", ".join(f"c{place} text" for place in range(len(catalog.headers)))
        self._run("DROP TABLE IF EXISTS floor_stage, floor_products")
        self._run(f"CREATE UNLOGGED TABLE floor_stage ({columns})")
        self._run("CREATE TABLE floor_products (LIKE products INCLUDING ALL)")

    def measure(self, path: Path) -> float:
        """COPY and upsert a file; seconds."""
        self._run("TRUNCATE floor_stage")
        started = time.perf_counter()
        with (
            path.open("rb") as file,
            self._connection.cursor() as cursor,
            cursor.copy("COPY floor_stage FROM STDIN (FORMAT csv, HEADER true)") as copy,
        ):
            while block := file.read(1 << 20):
                copy.write(block)
        self._run(_UPSERT.format(data=self._object(3), raw=self._object(0)))
        return time.perf_counter() - started

    def close(self) -> None:
        """Remove the twin."""
        self._run("DROP TABLE floor_stage, floor_products")
        self._connection.close()

    def _object(self, first: int) -> str:
        pairs = [
            f"'{name}', c{place}"
            for place, name in enumerate(self._catalog.headers)
            if place >= first - 1
        ]
        return f"jsonb_build_object({', '.join(pairs)})"

    def _run(self, statement: str) -> None:
        self._connection.execute(statement)
        self._connection.commit()


# The last row of a SKU counts, as in the import: ON CONFLICT can't meet a row twice.
_UPSERT = """
INSERT INTO floor_products
    (tenant_id, sku, sku_key, name, data, raw_data, source, created_change_set_id)
SELECT 1, c0, lower(c0), c1, {data}, {raw}, 'csv', 1 FROM (
    SELECT DISTINCT ON (lower(c0)) * FROM floor_stage ORDER BY lower(c0), ctid DESC
) s
ON CONFLICT (tenant_id, sku_key) DO UPDATE SET
    sku = excluded.sku, name = excluded.name, data = excluded.data,
    raw_data = excluded.raw_data, version = nextval('product_version_seq'), updated_at = now()
WHERE (floor_products.name, floor_products.data) IS DISTINCT FROM (excluded.name, excluded.data)
"""


@contextmanager
def services() -> Iterator[str]:
    """Throwaway services, migrated, with workers; gives PostgreSQL's address as the owner."""
    folder = Path(tempfile.gettempdir()) / f"pim-bench-{secrets.token_hex(4)}"
    throwaway = Throwaway(folder, os.getpid())
    throwaway.start()
    workers: list[subprocess.Popen[bytes]] = []
    try:
        addresses = throwaway.databases("bench", 0)
        home = folder / "bench-home"
        os.environ.update(addresses.environment)
        os.environ.update(SECRET_KEY=secrets.token_urlsafe(32), PIM_HOME=str(home))
        os.environ.pop("ANTHROPIC_API_KEY", None)
        _pim("migrate")
        for queue in ("analytics,default", "imports"):
            workers.append(
                subprocess.Popen([sys.executable, "-m", "pim", "worker", "--queues", queue])
            )
        yield addresses.database_owner_url
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait(30)
        throwaway.stop()


def _pim(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "pim", *words], check=True)


def import_file(path: Path, tenant_id: int) -> tuple[dict[str, Any], float]:
    """Send a file through the real import; its counts and the seconds until it was done."""
    from pim.core.db import transaction
    from pim.core.tenancy import tenant_scope
    from pim.imports import service
    from pim.imports.queries import get_import
    from pim.schema.queries import current_vocabulary

    with tenant_scope(tenant_id):
        started = time.perf_counter()
        with transaction():
            vocabulary = current_vocabulary()
        with path.open("rb") as stream:
            examined = service.receive_file(stream, path.name, vocabulary)
        with transaction():
            job = service.start_import(examined)
            import_id, body = job.id, _confirmation(job, vocabulary)
        with transaction():
            service.confirm_import(import_id, body)
        while time.perf_counter() - started < SLOWEST_SECONDS:
            time.sleep(0.05)
            with transaction():
                job = get_import(import_id)
                if job.status in ("done", "failed", "cancelled"):
                    counts = {name: getattr(job, name) for name in _COUNTS}
                    if job.status != "done":
                        raise SystemExit(f"The import is {job.status}: {job.error}")
                    return counts, time.perf_counter() - started
    raise SystemExit("The import was not done in time.")


_COUNTS = (
    "row_count",
    "created_count",
    "updated_count",
    "unchanged_count",
    "superseded_count",
    "failed_count",
)


def _confirmation(job: Any, vocabulary: Any) -> dict[str, Any]:
    from pim.imports.service import suggested_schema

    mapping = {each["column"]: each["target"] for each in job.suggestions["columns"]}
    return {"schema": suggested_schema(job, vocabulary).as_definition(), "mapping": mapping}


def measure(
    name: str, catalog: catalogs.Catalog, owner_url: str, report: Callable[[Figure], None]
) -> None:
    """A first import, the same file again, and every row changed, each beside its floor."""
    from pim.core.db import transaction
    from pim.identity import service as identity

    with transaction():
        tenant_id = identity.create_tenant(f"bench-{secrets.token_hex(3)}", "Benchmark").id
    floor = Floor(owner_url, catalog)
    with tempfile.TemporaryDirectory() as folder:
        steps = (("new", 0), ("the same again", 0), ("every row changed", 1))
        for step, edition in steps:
            path = catalog.write(Path(folder) / f"{name}-{edition}.csv", edition)
            least = floor.measure(path)
            counts, seconds = import_file(path, tenant_id)
            assert counts["row_count"] == sum(counts[each] for each in _COUNTS[1:]), counts
            report(Figure(f"{name}, {step}", counts["row_count"], least, seconds, _peak_mb()))
    floor.close()


def _peak_mb() -> int:
    """The largest resident size any worker's process has had, as the system kept it."""
    peak = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            text = status.read_text()
            command = (status.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if b"worker" in command and b"imports" in command:
            line = next((x for x in text.splitlines() if x.startswith("VmHWM")), "VmHWM: 0")
            peak = max(peak, int(line.split()[1]) // 1024)
    return peak


def main() -> None:
    """Measure, print a table, keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=861_688, help="rows of the plain catalog")
    rows = parser.parse_args().rows
    figures: list[Figure] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the services end too

    def report(figure: Figure) -> None:
        print(figure.line(), flush=True)
        figures.append(figure)

    with services() as owner_url:
        from pim import create_app

        with create_app().app_context():
            measure("plain", catalogs.plain(rows), owner_url, report)
            measure("typed", catalogs.typed(round(rows * 0.58)), owner_url, report)
    RESULTS.mkdir(exist_ok=True)
    found = [asdict(figure) | {"ratio": round(figure.ratio, 3)} for figure in figures]
    (RESULTS / "imports.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
