"""Products that are not in a file: kept, or deactivated, and never many of them on the quiet."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from pim.core.db import transaction
from pim.core.errors import Conflict, Invalid
from pim.core.tenancy import tenant_scope
from pim.imports import absent, absent_run, control, undoing
from pim.imports.models import ImportJob
from pim.imports.profile_rules import Match, merged
from pim.imports.queries import change_set_ids, get_import
from tests.factories.checks import checked, import_checked
from tests.factories.identity import TestTenant, make_tenant
from tests.factories.imports import (
    confirm,
    counts,
    fetch,
    import_file,
    products,
    run,
    stores_are_equal,
    upload,
)
from tests.factories.products import make_product, make_vocabulary

BODY = {"mapping": {"sku": "sku", "name": "name"}}


def a_catalog(app: Flask, tenant: TestTenant, size: int = 10) -> None:
    for n in range(size):
        make_product(app, tenant, f"S{n}", f"Name {n}")


def a_file(*numbers: int, more: str = "") -> str:
    return "sku,name\n" + "".join(f"s{n},Name {n}\n" for n in numbers) + more


def active(app: Flask, tenant: TestTenant) -> set[str]:
    return {sku for sku, product in products(app, tenant).items() if product.active}


def answer(app: Flask, tenant: TestTenant, job: ImportJob, *, deactivate: bool) -> ImportJob:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        absent.answer_absent(job.id, deactivate=deactivate)
    return run(app, tenant, job)


def test_products_that_are_not_in_the_file_stay_unless_asked_otherwise(
    app: Flask, tenant: TestTenant
) -> None:
    a_catalog(app, tenant)
    job = import_file(app, tenant, a_file(1), BODY)
    assert (job.status, job.deactivated_count, len(active(app, tenant))) == ("done", 0, 10)


def test_a_few_are_deactivated_as_a_change_set_of_the_import(
    app: Flask, tenant: TestTenant
) -> None:
    a_catalog(app, tenant)
    make_product(app, tenant, "OFF", active=False)
    versions = {sku: each.version for sku, each in products(app, tenant).items()}
    job = import_file(app, tenant, a_file(*range(9)), BODY, absent="deactivate")
    assert (job.status, job.deactivated_count) == ("done", 1)
    assert counts(job) == {"unchanged": 9}
    assert active(app, tenant) == {f"S{n}" for n in range(9)}
    after = products(app, tenant)
    assert {s for s in after if after[s].version != versions[s]} == {"S9"}
    assert after["S9"].name == "Name 9"
    assert stores_are_equal(app, tenant)


def test_a_row_that_failed_is_in_the_file_all_the_same(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, [("n", "number")])
    a_catalog(app, tenant)
    body = {"mapping": {"sku": "sku", "n": "n"}}
    rows = [f"S{n},1" for n in range(8)] + ["S8,many", "S9,1,too many"]
    job = import_file(app, tenant, "sku,n\n" + "\n".join(rows) + "\n", body, absent="deactivate")
    assert (job.status, job.failed_count, job.deactivated_count) == ("done", 2, 0)
    assert len(active(app, tenant)) == 10


def test_many_are_not_deactivated_without_asking(app: Flask, tenant: TestTenant) -> None:
    a_catalog(app, tenant)
    new = "".join(f"N{n},New\n" for n in range(50))
    job = import_file(app, tenant, a_file(0, 1, 2, 3, 4, more=new), BODY, absent="deactivate")
    assert (job.status, job.phase, job.deactivated_count) == ("paused", "confirm_absent", 0)
    assert counts(job) == {"created": 50, "unchanged": 5}
    asked = absent.asked(job)
    assert asked is not None
    assert (asked.count, asked.active, asked.percent) == (5, 10, 50)
    assert len(active(app, tenant)) == 60, "all rows are in, nothing is deactivated"
    with app.app_context(), tenant_scope(tenant.id), transaction():
        control.resume_import(job.id)
    assert run(app, tenant, job).phase == "confirm_absent", "going on is no answer"
    done = answer(app, tenant, job, deactivate=True)
    assert (done.status, done.deactivated_count) == ("done", 5)
    assert counts(done) == {"created": 50, "unchanged": 5}
    assert len(active(app, tenant)) == 55
    with pytest.raises(Conflict):
        answer(app, tenant, job, deactivate=True)


def test_no_is_an_answer_too(app: Flask, tenant: TestTenant) -> None:
    a_catalog(app, tenant)
    job = import_file(app, tenant, a_file(1), BODY, absent="deactivate")
    done = answer(app, tenant, job, deactivate=False)
    assert (done.status, done.deactivated_count, len(active(app, tenant))) == ("done", 0, 10)


@pytest.mark.parametrize("options", [{"absent_confirmed": True}, {"absent_threshold": 90}])
def test_who_says_so_beforehand_isn_t_asked(
    app: Flask, tenant: TestTenant, options: dict[str, Any]
) -> None:
    a_catalog(app, tenant)
    job = upload(app, tenant, a_file(1))
    confirm(app, tenant, job, {**BODY, "options": {"absent": "deactivate", **options}})
    done = run(app, tenant, job)
    assert (done.status, done.deactivated_count) == ("done", 9)
    assert active(app, tenant) == {"S1"}


def test_who_saw_the_number_in_a_check_isn_t_asked_unless_it_has_grown(
    app: Flask, tenant: TestTenant
) -> None:
    a_catalog(app, tenant)
    job = checked(app, tenant, upload(app, tenant, a_file(1)), BODY, absent="deactivate")
    assert job.check_result is not None
    assert job.check_result["deactivate"] == {"count": 9, "active": 10, "unseen": 0}
    assert len(active(app, tenant)) == 10
    make_product(app, tenant, "LATE")
    grown = import_checked(app, tenant, job)
    assert (grown.status, grown.phase) == ("paused", "confirm_absent")
    again = checked(app, tenant, upload(app, tenant, a_file(1)), BODY, absent="deactivate")
    done = import_checked(app, tenant, again)
    assert (done.status, done.deactivated_count) == ("done", 10)


def test_a_row_whose_sku_can_t_be_read_is_asked_about(app: Flask, tenant: TestTenant) -> None:
    a_catalog(app, tenant, 20)
    lines = "".join(f'{{"sku":"s{n}","name":"Name {n}"}}\n' for n in range(19))
    job = upload(app, tenant, lines + '{"sku":"s19", broken\n', "x.jsonl")
    confirm(app, tenant, job, BODY, absent="deactivate")
    job = run(app, tenant, job)
    assert job.failed_count == 1
    asked = absent.asked(job)
    assert asked is not None
    assert (asked.count, asked.unseen) == (1, 1)


def test_a_file_that_ends_early_deactivates_nothing(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, [("n", "number")])
    a_catalog(app, tenant)
    job = upload(app, tenant, "sku,n\nS1,1\nS2,many\nS3,1\n")
    options = {"absent": "deactivate", "absent_confirmed": True, "on_error": "stop"}
    confirm(app, tenant, job, {"mapping": {"sku": "sku", "n": "n"}, "options": options})
    job = run(app, tenant, job)
    assert (job.status, job.deactivated_count, len(active(app, tenant))) == ("failed", 0, 10)


def test_killed_while_deactivating_it_goes_on_and_counts_each_once(
    app: Flask, tenant: TestTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(absent_run, "settings", lambda: SimpleNamespace(import_chunk_rows=3))
    a_catalog(app, tenant, 12)
    job = upload(app, tenant, a_file(1))
    options = {"absent": "deactivate", "absent_confirmed": True}
    confirm(app, tenant, job, {**BODY, "options": options})
    real = absent_run._deactivate
    done: list[Any] = []

    def killed_after_two(*args: Any) -> None:
        if len(done) == 2:
            raise ConnectionResetError
        real(*args)
        done.append(args)

    monkeypatch.setattr(absent_run, "_deactivate", killed_after_two)
    with pytest.raises(ConnectionResetError):
        run(app, tenant, job)
    assert fetch(app, tenant, job).deactivated_count == 6
    monkeypatch.setattr(absent_run, "_deactivate", real)
    with app.app_context(), tenant_scope(tenant.id), transaction():
        get_import(job.id).heartbeat_at = None
    after = run(app, tenant, job)
    assert (after.status, after.deactivated_count) == ("done", 11)
    with app.app_context(), tenant_scope(tenant.id):
        assert len(change_set_ids(job.id)) == 1 + 4


def test_undoing_the_import_makes_them_active_again(app: Flask, tenant: TestTenant) -> None:
    a_catalog(app, tenant)
    job = import_file(app, tenant, a_file(*range(9), more="NEW,x\n"), BODY, absent="deactivate")
    assert job.deactivated_count == 1
    with app.app_context(), tenant_scope(tenant.id), transaction():
        undoing.start_undo(job.id)
    with app.app_context():
        undoing.run_undo(tenant.id, job.id)
    assert active(app, tenant) == {f"S{n}" for n in range(10)}


def test_another_tenants_products_are_none_of_its_business(app: Flask, tenant: TestTenant) -> None:
    other = make_tenant(app)
    a_catalog(app, other)
    a_catalog(app, tenant, 2)
    options = {"absent": "deactivate", "absent_confirmed": True}
    job = upload(app, tenant, a_file(1))
    confirm(app, tenant, job, {**BODY, "options": options})
    assert run(app, tenant, job).deactivated_count == 1
    assert len(active(app, other)) == 10


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"absent": "delete"}, "unknown_choice"),
        ({"absent_threshold": 101}, "bad_percent"),
        ({"absent_threshold": True}, "bad_percent"),
        ({"absent_threshold": "20"}, "bad_percent"),
        ({"absent_confirmed": "yes"}, "not_a_boolean"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    app: Flask, tenant: TestTenant, options: dict[str, Any], code: str
) -> None:
    job = upload(app, tenant, a_file(1))
    with pytest.raises(Invalid) as caught:
        confirm(app, tenant, job, {**BODY, "options": options})
    assert [error.code for error in caught.value.errors] == [code]


def test_an_agreement_is_for_one_file_and_no_saved_mapping_carries_it() -> None:
    match = Match({"sku": {"to": "sku"}}, (), (), 1)
    kept = {"absent": "deactivate", "absent_confirmed": True}
    body = merged({}, match, kept, "sku")
    assert body["options"] == {"absent": "deactivate"}
    assert merged({"options": kept}, match, {}, "sku")["options"] == kept
