"""`pim import`: the wizard on the command line."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from pim.cli import cli
from pim.core.db import transaction
from pim.core.errors import Conflict, Invalid
from pim.core.queue import queue
from pim.core.tenancy import tenant_scope
from pim.imports import check, profiles, queries, reconcile, undoing
from pim.imports.lease import UNFINISHED
from pim.imports.models import ImportJob
from pim.imports.profile_rules import parse_draft
from pim.schema.queries import current_vocabulary
from tests.factories.identity import TestTenant
from tests.factories.imports import confirm, fetch, products, run, upload
from tests.factories.products import make_vocabulary

CHAIRS = "Artikelnr.;Bezeichnung;Preis;Rest\nA;Chair;19,99 €;x\nB;Lamp;5,00 €;y\n"


@pytest.fixture
def worker(app: Flask, tenant: TestTenant) -> Iterator[None]:
    """Somebody who does this tenant's imports as they come."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.1):
            with app.app_context():
                waiting = [job for job in queue(reconcile.QUEUE).jobs if job.args[0] == tenant.id]
            for each in waiting:
                if each.func_name == reconcile.TAKE_TURN:
                    _work_on(app, tenant, each.args[1])

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    yield
    over.set()
    thread.join()


def _work_on(app: Flask, tenant: TestTenant, import_id: int) -> None:
    job = fetch(app, tenant, ImportJob(id=import_id))
    if job.status == "checking":
        with app.app_context():
            check.run_check(tenant.id, import_id)
    elif job.status in UNFINISHED:
        run(app, tenant, job)


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
    assert "chairs.csv: windows-1252, semicolon" in result.stderr
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


FAULTY = "sku,name,price\nA,Chair,1.00 €\nB,Lamp,cheap\nC,Sofa,dear\n"
PRICED = ("--map", "price=price:price")


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / "faulty.csv"
    path.write_text(FAULTY, encoding="utf-8")
    return path


def told(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_rows_with_errors_are_written_to_a_file_that_can_be_imported_again(
    app: Flask, tenant: TestTenant, worker: None, faulty: Path, tmp_path: Path
) -> None:
    errors = tmp_path / "errors.csv"
    args = ("import", faulty, "--tenant", tenant.slug, *PRICED, "--yes")
    result = pim(app, *args, "--errors", errors)
    assert result.exit_code == 3, result.output
    assert (told(result)["created"], told(result)["failed"]) == (1, 2)
    rows = list(csv.reader(errors.open(encoding="utf-8", newline="")))
    assert [row[:4] for row in rows] == [
        ["sku", "name", "price", "_line"],
        ["B", "Lamp", "cheap", "3"],
        ["C", "Sofa", "dear", "4"],
    ]
    errors.write_text(errors.read_text().replace("cheap", "2 €").replace("dear", "3 €"))
    again = pim(app, "import", errors, "--tenant", tenant.slug, "--yes")
    assert again.exit_code == 0, again.output
    assert told(again)["created"] == 2


def test_a_check_tells_what_would_happen_and_imports_nothing(
    app: Flask, tenant: TestTenant, worker: None, faulty: Path
) -> None:
    args = ("import", faulty, "--tenant", tenant.slug, "--check")
    result = pim(app, *args, *PRICED)
    assert result.exit_code == 3, result.output
    assert (told(result)["status"], told(result)["create"], told(result)["failed"]) == (
        "checked",
        1,
        2,
    )
    assert "1 new" in result.stderr
    assert "not a price" in result.stderr
    assert "Chair" in result.stderr
    assert "{" not in result.stderr, "a price is shown as people write it"
    assert products(app, tenant) == {}
    whole = pim(app, *args, *PRICED, "--json")
    assert "new" not in whole.stderr
    (group,) = told(whole)["errors"]
    assert (group["column"], group["count"]) == ("price", 2)
    assert {"sku": "A", "field": "name", "before": None, "after": "Chair"} in told(whole)["diff"]
    assert pim(app, *args, "--map", "price=").exit_code == 0


def test_everything_is_told_as_json_and_nothing_else_is_said(
    app: Flask, tenant: TestTenant, worker: None, faulty: Path
) -> None:
    result = pim(app, "import", faulty, "--tenant", tenant.slug, *PRICED, "--yes", "--json")
    assert result.exit_code == 3
    assert "Goes to" not in result.stderr
    assert told(result)["dialect"]["delimiter"] == ","
    assert [group["code"] for group in told(result)["errors"]] == ["not_a_price"]


def test_any_option_can_be_given_by_name(
    app: Flask, tenant: TestTenant, worker: None, faulty: Path
) -> None:
    args = ("import", faulty, "--tenant", tenant.slug, *PRICED, "--yes")
    result = pim(app, *args, "--option", "on_error=skip_value", "--option", "mode=create_only")
    assert result.exit_code == 0, result.output
    assert sorted(products(app, tenant)) == ["A", "B", "C"]
    assert pim(app, *args, "--option", "blank").exit_code == 2
    refused = pim(app, *args, "--option", "blank=perhaps")
    assert isinstance(refused.exception, Invalid)  # which `pim` tells and ends with 1
    with app.app_context(), tenant_scope(tenant.id), transaction():
        assert queries.list_imports(limit=1)[0].status == "cancelled"


def test_a_saved_mapping_says_where_columns_go(
    app: Flask, tenant: TestTenant, worker: None, chairs: Path, faulty: Path
) -> None:
    make_vocabulary(app, tenant, [("price", "price"), ("note", "string")])
    with app.app_context(), tenant_scope(tenant.id), transaction():
        draft = {
            "name": "Supplier",
            "headers": ["Artikelnr.", "Bezeichnung", "Preis", "Rest"],
            "mapping": {"Artikelnr.": "sku", "Bezeichnung": "name", "Rest": "note", "Preis": None},
        }
        profiles.create_profile(parse_draft(draft, current_vocabulary()))
    args = ("import", chairs, "--tenant", tenant.slug, "--profile", "supplier", "--yes")
    result = pim(app, *args, "--map", "Preis=price", "--json")
    assert result.exit_code == 0, result.output
    assert told(result)["profile"] == "Supplier"
    chair = products(app, tenant)["A"]
    assert (chair.name, chair.data["note"]) == ("Chair", "x")
    assert str(chair.data["price"]["amount"]) == "19.99"
    unknown = pim(app, "import", chairs, "--tenant", tenant.slug, "--profile", "nope", "--yes")
    assert isinstance(unknown.exception, Invalid)
    again = pim(app, *args)
    assert "The same file was imported just now as" in again.stderr


def test_ctrl_c_lets_the_import_rest(
    app: Flask, tenant: TestTenant, chairs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("pim.imports.console.time.sleep", interrupted)
    result = pim(app, "import", chairs, "--tenant", tenant.slug, "--yes")
    assert result.exit_code == 4, result.output
    assert told(result)["status"] == "paused"
    assert f"pim imports resume {told(result)['id']}" in " ".join(result.stderr.split())


def test_imports_are_listed_shown_and_controlled(
    app: Flask, tenant: TestTenant, worker: None, faulty: Path
) -> None:
    here = ("--tenant", tenant.slug)
    made = told(pim(app, "import", faulty, *here, *PRICED, "--yes"))["id"]
    assert (
        f"{made}\tdone\tfaulty.csv\t1 created, 2 failed"
        in pim(app, "imports", "list", *here).stdout
    )
    listed = json.loads(pim(app, "imports", "list", *here, "--json").stdout)
    assert [each["id"] for each in listed] == [made]
    shown = pim(app, "imports", "show", made, *here)
    assert (shown.exit_code, told(shown)["created"]) == (3, 1)
    assert isinstance(pim(app, "imports", "pause", made, *here).exception, Conflict)
    undone = pim(app, "imports", "undo", made, *here, "--no-wait")
    assert undone.exit_code == 0, undone.output
    assert told(undone)["undo"] == "being undone"


def test_a_waiting_import_is_paused_resumed_and_cancelled(
    app: Flask, tenant: TestTenant, faulty: Path
) -> None:
    job = upload(app, tenant, faulty)
    confirm(app, tenant, job)
    here = (job.id, "--tenant", tenant.slug)
    states = [
        told(pim(app, "imports", verb, *here))["status"] for verb in ("pause", "resume", "cancel")
    ]
    assert states == ["paused", "pending", "cancelled"]
    assert pim(app, "imports", "show", *here).exit_code == 4


def test_an_undo_ends_when_it_is_done(app: Flask, tenant: TestTenant, faulty: Path) -> None:
    job = run(app, tenant, confirm(app, tenant, upload(app, tenant, faulty)))
    here = (job.id, "--tenant", tenant.slug)
    with app.app_context(), tenant_scope(tenant.id), transaction():
        undoing.start_undo(job.id)
    with app.app_context():
        undoing.run_undo(tenant.id, job.id)
    assert products(app, tenant) == {}
    done_again = threading.Timer(0.5, _undo, (app, tenant, job.id))
    done_again.start()
    result = pim(app, "imports", "undo", *here, "--redo")
    assert result.exit_code == 0, result.output
    assert told(result)["undo"] == ""
    assert sorted(products(app, tenant)) == ["A", "B", "C"]


def _undo(app: Flask, tenant: TestTenant, import_id: int) -> None:
    with app.app_context():
        undoing.run_undo(tenant.id, import_id)
