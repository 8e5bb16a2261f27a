"""A check says what an import will come to, to the row, and changes nothing."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.imports import check, queries, runner, service
from pim.products.models import ChangeSet, Product, ProductChange
from pim.schema.queries import current_vocabulary
from tests.factories.checks import cells, checked, foreseen, import_checked
from tests.factories.identity import TestTenant
from tests.factories.imports import counts, fetch, run, upload
from tests.factories.products import make_product, make_vocabulary

MAPPING = {
    "sku": "sku",
    "name": "name",
    "n": {"to": "n", "type": "number"},
    "price": {"to": "price", "type": "price"},
    "tags": {"to": "tags", "type": "array"},
    "on": "active",
}


def test_a_check_tells_what_is_new_what_changes_and_what_does_not(
    app: Flask, tenant: TestTenant
) -> None:
    make_vocabulary(app, tenant, [("n", "number"), ("brand", "string")])
    make_product(app, tenant, "SAME", "Chair", n=1)
    make_product(app, tenant, "OTHER", "Lamp", n=2, brand="Fjord")
    body = {"mapping": {"sku": "sku", "name": "name", "n": "n"}}
    job = upload(app, tenant, "sku,name,n\nsame,Chair,1\nother,Desk lamp,3\nNEW,Shelf,9\nBAD,x,y\n")
    job = checked(app, tenant, job, body)
    assert (job.status, job.phase, job.error) == ("mapping", "", None)
    assert foreseen(job) == {"created": 1, "updated": 1, "unchanged": 1, "failed": 1}
    assert job.check_result is not None
    assert job.check_result["fields"] == {"name": 1, "n": 1}
    assert cells(app, tenant, job) == [
        (3, "update", "OTHER", "name", "Lamp", "Desk lamp"),
        (3, "update", "OTHER", "n", 2, 3),
        (4, "create", "NEW", "name", None, "Shelf"),
        (4, "create", "NEW", "n", None, 9),
    ]
    (group,) = job.check_result["errors"]
    assert (group["code"], group["column"], group["count"]) == ("not_a_number", "n", 1)
    assert group["sample"][0]["line"] == 5
    assert group["sample"][0]["value"] == "y"


def test_a_check_writes_nothing_but_what_it_found(app: Flask, tenant: TestTenant) -> None:
    make_product(app, tenant, "A", "Chair")

    def everything() -> tuple[Any, ...]:
        with app.app_context(), tenant_scope(tenant.id):
            products = db.session.execute(
                select(Product.sku, Product.name, Product.data, Product.version, Product.updated_at)
            ).all()
            told = [
                db.session.scalar(select(func.count()).select_from(table))
                for table in (ChangeSet, ProductChange)
            ]
            return list(map(tuple, products)), told, current_vocabulary()

    before = everything()
    job = upload(app, tenant, "sku,name,brand\na,Stool,Fjord\nB,Lamp,Lumo\n")
    job = checked(
        app, tenant, job, {"mapping": {"sku": "sku", "brand": {"to": "b", "type": "string"}}}
    )
    assert foreseen(job) == {"created": 1, "updated": 1}
    assert everything() == before
    assert (job.row_count, counts(job), job.started_at) == (2, {}, None)


@pytest.mark.parametrize("mode", ["upsert", "create_only", "update_only"])
@pytest.mark.parametrize("on_error", ["skip_row", "skip_value", "stop"])
@pytest.mark.parametrize("blank", ["keep", "clear"])
def test_the_import_gives_exactly_what_the_check_said(
    app: Flask,
    tenant: TestTenant,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
    on_error: str,
    blank: str,
) -> None:
    small = SimpleNamespace(import_chunk_rows=40)
    monkeypatch.setattr(runner, "settings", lambda: small)
    monkeypatch.setattr(check, "settings", lambda: small)
    dice = random.Random(f"{mode} {on_error} {blank}")
    fields = [("n", "number"), ("price", "price"), ("tags", "array"), ("brand", "string")]
    make_vocabulary(app, tenant, fields, required=["brand"] if dice.random() < 0.5 else [])
    for n in range(0, 60, 2):
        make_product(app, tenant, f"S{n}", f"Name {n % 7}", n=n % 5, brand="Fjord")
    body = {"mapping": MAPPING | {"brand": "brand"}}
    errors = 0.03 if on_error != "stop" else 0.002
    one, other = (a_random_file(dice, errors) for _ in range(2))
    for content in (one, other, other):
        job = upload(app, tenant, content)
        job = checked(app, tenant, job, body, mode=mode, on_error=on_error, blank=blank)
        expected = foreseen(job)
        assert job.check_result is not None
        stopped = job.check_result["stopped"]
        after = import_checked(app, tenant, job)
        assert counts(after) == expected
        assert after.status == ("failed" if stopped else "done")
        assert sum(expected.values()) == after.row_count or stopped


def a_random_file(dice: random.Random, errors: float) -> str:
    lines = ["sku,name,n,price,tags,on,brand"]
    for _ in range(dice.randint(100, 300)):
        if dice.random() < errors:
            lines.append(dice.choice(["X,too few", "Y,1,2,3,4,5,6,7,8", ",no sku,,,,,"]))
            continue
        number = dice.randint(0, 120)
        sku = dice.choice([f"S{number}", f"s{number}", f" S{number} "])
        n = "cheap" if dice.random() < errors else dice.choice(["", str(number % 5), "7"])
        price = dice.choice(["", "1.50", "2,00 €"]) if dice.random() > errors else "on request"
        tags = dice.choice(["", "oak;sage", "oak"])
        active = dice.choice(["", "yes", "no"])
        brand = dice.choice(["Fjord", "Lumo", ""])
        lines.append(f'{sku},Name {number % 7},{n},"{price}",{tags},{active},{brand}')
    return "\n".join(lines) + "\n"


def test_a_check_can_be_done_again_and_only_the_last_one_counts(
    app: Flask, tenant: TestTenant
) -> None:
    job = upload(app, tenant, "sku,name,n\nA,Chair,1\n")
    checked(app, tenant, job, {"mapping": {"sku": "sku", "name": "name"}})
    job = checked(app, tenant, job, {"mapping": {"sku": "sku"}})
    assert [cell[3] for cell in cells(app, tenant, job)] == ["name"]
    assert cells(app, tenant, job)[0][5] == ""


def test_confirming_something_else_forgets_what_the_check_said(
    app: Flask, tenant: TestTenant
) -> None:
    job = upload(app, tenant, "sku,name\nA,Chair\n")
    checked(app, tenant, job, {"mapping": {"sku": "sku", "name": "name"}})
    with app.app_context(), tenant_scope(tenant.id), transaction():
        confirmed = service.confirm_import(job.id, {"mapping": {"sku": "sku"}})
        assert confirmed.check_result is None
    assert cells(app, tenant, job) == []
    assert run(app, tenant, job).status == "done"


def test_the_file_breaks_in_the_middle_and_the_check_says_where(
    app: Flask, tenant: TestTenant
) -> None:
    job = upload(app, tenant, '{"sku":"A","name":"x"}\n{"sku":"B","name":"y"}\n', "x.jsonl")
    with app.app_context(), tenant_scope(tenant.id), transaction():
        service.start_check(job.id, {"mapping": {"sku": "sku"}})
        found = queries.get_import(job.id)
        found.headers = ["sku", "other"]
    with app.app_context():
        check.run_check(tenant.id, job.id)
    job = fetch(app, tenant, job)
    assert job.status == "mapping"
    assert job.check_result is not None
    assert job.check_result["state"] == "failed"
    assert "other columns" in job.check_result["error"]
