"""`pim import`: the wizard on the command line."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from pim.cli import cli
from pim.core.queue import queue
from pim.imports import reconcile
from tests.factories.identity import TestTenant
from tests.factories.imports import products, run
from tests.factories.products import make_vocabulary

CHAIRS = "Artikelnr.;Bezeichnung;Preis;Rest\nA;Chair;19,99 €;x\nB;Lamp;5,00 €;y\n"


@pytest.fixture
def worker(app: Flask, tenant: TestTenant) -> Iterator[None]:
    """Somebody who does this tenant's imports as they come."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.1):
            with app.app_context():
                jobs = [tuple(job.args) for job in queue(reconcile.QUEUE).jobs]
            for tenant_id, import_id in jobs:
                if tenant_id == tenant.id:
                    from pim.imports.models import ImportJob

                    run(app, tenant, ImportJob(id=import_id))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.fixture
def chairs(tmp_path: Path) -> Path:
    path = tmp_path / "chairs.csv"
    path.write_text(CHAIRS, encoding="windows-1252")
    return path


def pim(app: Flask, *args: object) -> Result:
    with app.app_context():
        return CliRunner().invoke(cli, [str(arg) for arg in args])


def test_a_file_is_imported_as_suggested(
    app: Flask, tenant: TestTenant, worker: None, chairs: Path
) -> None:
    result = pim(app, "import", chairs, "--tenant", tenant.slug, "--yes")
    assert result.exit_code == 0, result.output
    counts = json.loads(result.stdout)
    assert (counts["status"], counts["created"], counts["failed"]) == ("done", 2, 0)
    assert "Artikelnr." in result.stderr
    assert "built-in rules" in result.stderr
    chair = products(app, tenant)["A"]
    assert chair.name == "Chair"
    assert str(chair.data["price"]["amount"]) == "19.99"


def test_a_column_goes_where_it_is_told_to(
    app: Flask, tenant: TestTenant, worker: None, chairs: Path
) -> None:
    make_vocabulary(app, tenant, [("note", "string")])
    args = ("--map", "Rest=note", "--map", "Preis=", "--map", "Bezeichnung=label", "--yes")
    result = pim(app, "import", chairs, "--tenant", tenant.slug, *args)
    assert result.exit_code == 0, result.output
    chair = products(app, tenant)["A"]
    assert chair.data == {"note": "x", "label": "Chair"}
    assert chair.name == ""


def test_an_import_that_fails_makes_the_command_fail(
    app: Flask, tenant: TestTenant, worker: None, tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("sku,price\nA,1.00 €\nB,cheap\n")
    args = ("--map", "price=price:price", "--on-error", "stop", "--yes")
    result = pim(app, "import", path, "--tenant", tenant.slug, *args)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["status"] == "failed"
    assert "Stopped at line 3" in " ".join(result.stderr.split())


def test_without_anybody_to_ask_it_wants_to_be_told(
    app: Flask, tenant: TestTenant, chairs: Path
) -> None:
    result = pim(app, "import", chairs, "--tenant", tenant.slug)
    assert result.exit_code == 2
    assert "--yes" in result.stderr
    assert products(app, tenant) == {}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--map", "Nope=name"), "The file has no column “Nope”"),
        (("--delimiter", "xy"), "“xy” can't separate values"),
        (("--mode", "replace"), "'replace' is not one of"),
    ],
)
def test_what_makes_no_sense_is_refused(
    app: Flask, tenant: TestTenant, chairs: Path, args: tuple[str, ...], message: str
) -> None:
    result = pim(app, "import", chairs, "--tenant", tenant.slug, "--yes", *args)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.replace("│", " ").split())
