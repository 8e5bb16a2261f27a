"""How long an import takes, as a ratio to the least PostgreSQL could need for the same rows.

    python -m bench.imports                 861,688 rows, and 500,000 rows of 12 columns
    python -m bench.imports --rows 100000   fewer, for a quick look

The floor: COPY of the raw file into an unlogged table and one bare INSERT … SELECT … ON CONFLICT
into an empty twin of the product table (same columns, same indexes, raw data kept; pages as full as
PostgreSQL fills them by default), in the same database and the same run. The import: from the
upload being accepted until it is *done*, which means in PostgreSQL and in ClickHouse, by a real
worker. The check of a file is compared with its
import, and an import with one of a tenth of its rows. `--large` measures the memory a file of two
gigabytes takes. Figures also go to `bench/results/imports.json`.
"""

from __future__ import annotations

import argparse
import json
import secrets
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench import _catalogs as catalogs
from bench._services import RESULTS, processes, services

_WORKERS = ("worker --queues analytics,default", "worker --queues imports")
SLOWEST_SECONDS = 900


@dataclass(slots=True)
class Figure:
    """One import beside its floor, in seconds. phases: where the time went, see `Phases`."""

    name: str
    rows: int
    floor: float
    seconds: float
    peak_mb: int
    phases: dict[str, float]

    @property
    def ratio(self) -> float:
        """How many times the floor the import took."""
        return self.seconds / self.floor

    def line(self) -> str:
        """One row of the table."""
        return (
            f"{self.name:28} {self.rows:>9,} rows   floor {self.floor:6.2f} s   "
            f"import {self.seconds:6.2f} s   ratio {self.ratio:4.2f}   "
            f"{self.rows / self.seconds:>8,.0f} rows/s   peak {self.peak_mb} MB\n"
            f"{'':28} " + "   ".join(f"{name} {took:.2f} s" for name, took in self.phases.items())
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
        for table in ("floor_stage", "floor_products"):  # or it is tidied up during the import
            self._run(f"ALTER TABLE {table} SET (autovacuum_enabled = false)")

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
def application() -> Iterator[str]:
    """Services of its own with workers, the product on them; gives PostgreSQL's owner's address.

    A catalog whose every row has changed leaves PostgreSQL and ClickHouse work for half a minute,
    which is not the next one's.
    """
    from pim import create_app
    from pim.config import get_settings

    with services() as owner_url, processes(*_WORKERS):
        get_settings.cache_clear()
        with create_app().app_context():
            yield owner_url


@dataclass(slots=True)
class Run:
    """What came of one import or check."""

    counts: dict[str, int]
    seconds: float
    phases: dict[str, float]
    peak_mb: int


def import_file(path: Path, tenant_id: int) -> Run:
    """Send a file through the real import, from the upload until it was done."""
    from pim.core.db import transaction
    from pim.core.tenancy import tenant_scope
    from pim.imports import service

    with tenant_scope(tenant_id), Peak() as peak:
        started = time.perf_counter()
        import_id, body = _upload(path)
        phases = {"receiving": time.perf_counter() - started}
        with transaction():
            service.confirm_import(import_id, body)
        confirmed = time.perf_counter()
        begun, job = _wait(import_id, ("done",))
        phases["starting"] = begun - confirmed
        phases |= {name: float(took) for name, took in job.phase_seconds.items()}
        counts = {name: getattr(job, name) for name in _COUNTS}
        return Run(counts, time.perf_counter() - started, phases, peak.megabytes)


def check_file(path: Path, tenant_id: int) -> float:
    """Check a file instead; seconds from the upload until the result is there."""
    from pim.core.db import transaction
    from pim.core.tenancy import tenant_scope
    from pim.imports import service

    with tenant_scope(tenant_id):
        started = time.perf_counter()
        import_id, body = _upload(path)
        with transaction():
            service.start_check(import_id, body)
        _wait(import_id, ("mapping",))
        took = time.perf_counter() - started
        with transaction():
            service.cancel_import(import_id)
        return took


def _upload(path: Path) -> tuple[int, dict[str, Any]]:
    from pim.core.db import transaction
    from pim.imports import examining, service
    from pim.schema.queries import current_vocabulary

    with transaction():
        vocabulary = current_vocabulary()
    with path.open("rb") as stream:
        examined = examining.receive_file(stream, path.name, vocabulary)
    with transaction():
        job = service.start_import(examined)
        return job.id, _confirmation(job, vocabulary)


def _wait(import_id: int, states: tuple[str, ...]) -> tuple[float, Any]:
    """Until the import is in one of these states; when its worker began, and the import."""
    from pim.core.db import transaction
    from pim.imports.queries import get_import

    started, begun = time.perf_counter(), 0.0
    while time.perf_counter() - started < SLOWEST_SECONDS:
        time.sleep(0.05)
        with transaction():
            job = get_import(import_id)
            if not begun and job.started_at is not None:
                begun = time.perf_counter()
            if job.status in states:
                return begun or time.perf_counter(), job
            if job.status in ("done", "failed", "cancelled"):
                raise SystemExit(f"The import is {job.status}: {job.error}")
    raise SystemExit("The import was not done in time.")


class Peak:
    """The largest resident size of any process that works on imports, watched while it lives."""

    def __init__(self) -> None:
        self.megabytes = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.5):  # looking at all processes takes time, too
            self.megabytes = max(self.megabytes, _peak_mb())


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
    name: str,
    catalog: catalogs.Catalog,
    owner_url: str,
    report: Callable[[Figure], None],
    *,
    with_check: bool = False,
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
            if step == "new" and with_check:
                took = check_file(path, tenant_id)
            run = import_file(path, tenant_id)
            rows = run.counts["row_count"]
            assert rows == sum(run.counts[each] for each in _COUNTS[1:]), run.counts
            figure = Figure(f"{name}, {step}", rows, least, run.seconds, run.peak_mb, run.phases)
            report(figure)
            if step == "new" and with_check:
                print(f"{name}, check  {took:.2f} s, {took / run.seconds:.2f} of its import")
    floor.close()


def measure_growth(catalog: catalogs.Catalog, name: str, seconds: float) -> None:
    """Compare an import of a tenth of the rows with one of all of them."""
    from pim.core.db import transaction
    from pim.identity import service as identity

    with transaction():
        tenant_id = identity.create_tenant(f"bench-{secrets.token_hex(3)}", "Benchmark").id
    with tempfile.TemporaryDirectory() as folder:
        run = import_file(catalog.write(Path(folder) / "tenth.csv", 0), tenant_id)
    print(f"{name}, a tenth of the rows {run.seconds:.2f} s; all take {seconds / run.seconds:.2f}×")


def measure_large(gigabytes: float) -> None:
    """The memory that a large file takes, with long texts, so that most of it is read over."""
    from pim.core.db import transaction
    from pim.identity import service as identity

    with transaction():
        tenant_id = identity.create_tenant(f"bench-{secrets.token_hex(3)}", "Benchmark").id
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.csv"
        catalogs.wide_texts(round(gigabytes * 1024**3)).write(path, 0)
        size = path.stat().st_size / 1024**3
        run = import_file(path, tenant_id)
    print(
        f"{size:.1f} GB, {run.counts['row_count']:,} rows: {run.seconds:.0f} s, "
        f"peak {run.peak_mb} MB"
    )


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
    parser.add_argument("--large", type=float, default=0, help="only this: a file of so many GB")
    given = parser.parse_args()
    rows = given.rows
    figures: list[Figure] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the services end too

    def report(figure: Figure) -> None:
        print(figure.line(), flush=True)
        figures.append(figure)

    if given.large:
        with application():
            measure_large(given.large)
        return
    with application() as owner_url:
        measure("plain", catalogs.plain(rows), owner_url, report)
        measure_growth(catalogs.plain(rows // 10), "plain", figures[0].seconds)
    with application() as owner_url:
        typed = catalogs.typed(round(rows * 0.58026))
        measure("typed", typed, owner_url, report, with_check=True)
    RESULTS.mkdir(exist_ok=True)
    found = [asdict(figure) | {"ratio": round(figure.ratio, 3)} for figure in figures]
    (RESULTS / "imports.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
