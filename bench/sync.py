"""What bringing a catalog to ClickHouse costs, in processor seconds of all that take part.

    python -m bench.sync                 861,688 plain products, and 500,000 of 12 columns
    python -m bench.sync --rows 100000   fewer, for a quick look

Twice in the same run: as the sync does it (ClickHouse takes the values out of PostgreSQL's text),
and as the reference does it (each product is read and projected in Python). Counted is the time
of processors, of this process, of PostgreSQL and of ClickHouse, merges included: on a machine of
two cores it is this that keeps an import waiting. Figures also go to `bench/results/sync.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import text

from bench import _catalogs as catalogs
from bench._services import RESULTS, services
from pim.analytics.deliveries import TOGETHER_ROWS
from pim.jsontext import dumps

CHUNK = 50_000
_MERGES_SECONDS = 3
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Figure:
    """One catalog, one way: seconds of processors by whose they are, and of the clock."""

    name: str
    way: str
    rows: int
    python: float
    postgresql: float
    clickhouse: float
    elapsed: float
    peak_mb: int

    @property
    def processor(self) -> float:
        """All of them together."""
        return self.python + self.postgresql + self.clickhouse

    def line(self) -> str:
        """One row of the table."""
        return (
            f"{self.name:6} {self.way:10} {self.rows:>8,} products"
            f"   processor {self.processor:6.2f} s   python {self.python:6.2f}"
            f"   postgresql {self.postgresql:5.2f}"
            f"   clickhouse {self.clickhouse:5.2f}   clock {self.elapsed:6.2f} s"
            f"   {self.processor / self.rows * 1e6:6.2f} s a million   peak {self.peak_mb} MB"
        )


def fill(catalog: catalogs.Catalog, owner_url: str) -> int:
    """A tenant with the catalog, in change sets as an import makes them; nothing is brought yet."""
    return fill_with((_product(catalog.headers, row) for row in catalog.rows(0)), owner_url)


def fill_with(
    rows: Iterator[tuple[str, str, str]], owner_url: str, fields: Mapping[str, str] | None = None
) -> int:
    """A tenant with these products: SKU, name, values as JSON. fields: name → type of its schema.

    Past the write path: here it is not what is measured.
    """
    from pim.core.db import transaction
    from pim.core.tenancy import tenant_scope
    from pim.identity import service as identity
    from pim.schema.fields import Field, Vocabulary
    from pim.schema.service import save_schema

    with transaction():
        tenant_id = identity.create_tenant(f"bench-{secrets.token_hex(3)}", "Benchmark").id
    if fields:
        with tenant_scope(tenant_id), transaction():
            save_schema(Vocabulary(tuple(Field(name, kind) for name, kind in fields.items())))
    with psycopg.connect(owner_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SELECT set_config('app.tenant_id', %s, false)", (str(tenant_id),))
        while chunk := list(islice(rows, CHUNK)):
            connection.execute("CREATE TEMP TABLE chunk (sku text, name text, data jsonb)")
            with connection.cursor().copy("COPY chunk FROM STDIN") as copy:
                for row in chunk:
                    copy.write_row(row)
            for statement in _FILL:
                connection.execute(statement, {"tenant": tenant_id})
        connection.execute("VACUUM ANALYZE")
    return tenant_id


_LAST = "(SELECT max(id) FROM change_sets WHERE tenant_id = %(tenant)s)"
_FILL = (
    "INSERT INTO change_sets (tenant_id, source) VALUES (%(tenant)s, 'csv')",
    f"""
    INSERT INTO products (tenant_id, sku, sku_key, name, data, source, created_change_set_id)
    SELECT %(tenant)s, sku, lower(sku), name, data, 'csv', {_LAST} FROM chunk
    ON CONFLICT DO NOTHING""",
    f"""
    UPDATE change_sets SET first_created_id = low, last_created_id = high, created_count = made
    FROM (SELECT min(id) AS low, max(id) AS high, count(*) AS made FROM products
          WHERE tenant_id = %(tenant)s AND created_change_set_id = {_LAST}) p
    WHERE tenant_id = %(tenant)s AND id = {_LAST}""",
    f"""
    INSERT INTO change_set_deliveries (tenant_id, change_set_id, consumer)
    VALUES (%(tenant)s, {_LAST}, 'analytics')""",
    "DROP TABLE chunk",
)


def _product(headers: tuple[str, ...], row: list[str]) -> tuple[str, str, str]:
    values = zip(headers[2:], row[2:], strict=True)
    return row[0], row[1], dumps({name: _value(name, text) for name, text in values})


def _value(name: str, cell: str) -> Any:
    if name == "price":
        return {"amount": Decimal(cell), "currency": "EUR"}
    if name in ("stock", "weight", "ean"):
        return Decimal(cell)
    if name == "in_stock":
        return cell == "yes"
    return cell.split(", ") if name == "tags" else cell


def as_the_sync_does(tenant_id: int) -> None:
    """Bring everything that waits."""
    from pim.analytics import sync

    sync.sync_tenant(tenant_id)


def as_the_reference_does(tenant_id: int) -> None:
    """The same with each product read, projected and sent by Python; nothing is marked."""
    from pim.analytics import source, writer
    from pim.core.db import db, transaction
    from pim.core.tenancy import tenant_scope

    with tenant_scope(tenant_id), transaction():
        all_of_them = text("SELECT id FROM change_sets WHERE tenant_id = :tenant ORDER BY id")
        change_sets = db.session.execute(all_of_them, {"tenant": tenant_id}).scalars()
        for together in batched(change_sets):
            writer.write_values(source.touched_by(together), writer.columns_of_tenant())


def batched(change_sets: Iterable[int]) -> Iterator[list[int]]:
    """As many together as the sync takes."""
    them = iter(change_sets)
    while together := list(islice(them, TOGETHER_ROWS // CHUNK)):
        yield together


def measure(name: str, way: Callable[[int], None], tenant_id: int, rows: int) -> Figure:
    """Bring the tenant's products to an empty ClickHouse, and wait for its merges."""
    from pim.analytics.client import clickhouse
    from pim.core.db import db

    clickhouse().command("TRUNCATE TABLE products")
    time.sleep(1)
    db.engine.dispose()
    before, started = _seconds(), time.perf_counter()
    way(tenant_id)
    elapsed = time.perf_counter() - started
    db.engine.dispose()
    time.sleep(_MERGES_SECONDS)
    spent = {whose: seconds - before[whose] for whose, seconds in _seconds().items()}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    said = "lines" if way is as_the_sync_does else "reference"
    return Figure(name, said, rows, **spent, elapsed=elapsed, peak_mb=peak)


def _seconds() -> dict[str, float]:
    """Processor seconds so far: of this process, and of this run's services by their names."""
    mine = resource.getrusage(resource.RUSAGE_SELF)
    found = {"python": mine.ru_utime + mine.ru_stime, "postgresql": 0.0, "clickhouse": 0.0}
    home = Path(os.environ["PIM_HOME"]).parent.name.encode()
    processes = dict(_processes())
    ours = {pid for pid, (_, command, _) in processes.items() if home in command}
    for pid, (parent, command, seconds) in processes.items():
        if pid in ours and b"devservices.clickhouse" in command:
            found["clickhouse"] += seconds
        elif b"postgres" in command.split(b"\0")[0] and {pid, parent} & ours:
            found["postgresql"] += seconds
    return found


def _processes() -> Iterator[tuple[int, tuple[int, bytes, float]]]:
    """Every process: its id, and its parent, command and seconds, ended children included."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            command = (stat.parent / "cmdline").read_bytes()
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        seconds = sum(int(each) for each in fields[11:15]) / _TICK
        yield int(stat.parent.name), (int(fields[1]), command, seconds)


def main() -> None:
    """Measure, print a table, keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=861_688, help="products of the plain catalog")
    rows = parser.parse_args().rows
    figures: list[Figure] = []
    with services() as owner_url:
        from pim import create_app

        with create_app().app_context():
            for name, catalog, count in (
                ("plain", catalogs.plain(rows), rows),
                ("typed", catalogs.typed(round(rows * 0.58)), round(rows * 0.58)),
            ):
                tenant_id = fill(catalog, owner_url)
                for way in (as_the_reference_does, as_the_sync_does):
                    figures.append(measure(name, way, tenant_id, count))
                    print(figures[-1].line(), flush=True)
                ratio = figures[-1].processor / figures[-2].processor
                print(f"{name}: {ratio:.2f} of the reference", flush=True)
    RESULTS.mkdir(exist_ok=True)
    found = [asdict(figure) | {"processor": figure.processor} for figure in figures]
    (RESULTS / "sync.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
