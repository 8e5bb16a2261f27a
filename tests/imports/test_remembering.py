"""What was confirmed for a header is suggested for the next file, by the tenant that did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select, update

from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.imports.models import ImportJob, MappingMemory
from pim.imports.remembering import MOST_FILES
from tests.factories.identity import TestTenant, make_tenant
from tests.factories.imports import confirm, upload

FILE = "Nr;Titel;Wert;Rest\nA1;Sessel;149,00;x\nA2;Lampe;39,90;y\n"
CHOICE: dict[str, Any] = {
    "mapping": {
        "Nr": "sku",
        "Titel": "name",
        "Wert": {"to": "cost", "type": "price"},
        "Rest": None,
    }
}


def suggested(job: ImportJob) -> dict[str, tuple[str | None, str]]:
    return {each["column"]: (each["target"], each["by"]) for each in job.suggestions["columns"]}


def reason(job: ImportJob, column: str) -> str:
    found = next(each for each in job.suggestions["columns"] if each["column"] == column)
    return str(found["reason"])


def days_pass(app: Flask, tenant: TestTenant, days: int) -> None:
    """All that is remembered happened longer ago."""
    with app.app_context(), tenant_scope(tenant.id), transaction():
        db.session.execute(
            update(MappingMemory)
            .where(MappingMemory.tenant_id == tenant.id)
            .values(used_at=MappingMemory.used_at - timedelta(days=days))
        )


def test_the_next_file_with_these_headers_is_mapped_as_the_last(
    app: Flask, tenant: TestTenant
) -> None:
    confirm(app, tenant, upload(app, tenant, FILE), CHOICE)
    again = upload(app, tenant, FILE.replace("149,00", "99,00"))
    assert again.suggestions["by"] == "memory"
    assert suggested(again) == {
        "Nr": ("sku", "memory"),
        "Titel": ("name", "memory"),
        "Wert": ("cost", "memory"),
        "Rest": (None, "memory"),
    }
    today = now()
    assert reason(again, "Wert") == f"You mapped this column to cost on {today.day} {today:%b}."


def test_case_order_and_blanks_of_headers_do_not_matter(app: Flask, tenant: TestTenant) -> None:
    confirm(app, tenant, upload(app, tenant, FILE), CHOICE)
    again = upload(app, tenant, "REST;wert; TITEL ;nr\nx;1,00;Sessel;A1\ny;2,00;Lampe;A2\n")
    assert suggested(again)["wert"] == ("cost", "memory")
    assert again.suggestions["by"] == "memory"


def test_nothing_is_remembered_of_a_file_that_was_not_confirmed(
    app: Flask, tenant: TestTenant
) -> None:
    upload(app, tenant, FILE)
    assert "memory" not in {by for _, by in suggested(upload(app, tenant, FILE)).values()}


def test_another_tenant_remembers_nothing_of_it(app: Flask, tenant: TestTenant) -> None:
    confirm(app, tenant, upload(app, tenant, FILE), CHOICE)
    other = make_tenant(app)
    assert "memory" not in {by for _, by in suggested(upload(app, other, FILE)).values()}


def test_two_suppliers_headers_of_one_name_do_not_fight(app: Flask, tenant: TestTenant) -> None:
    first = "Code,Title,Price\nA1,Sessel,149.00\nA2,Lampe,39.90\n"
    second = "Code,Title,Price,Colour\nB1,Tisch,149.00,red\nB2,Bank,39.90,blue\n"
    confirm(app, tenant, upload(app, tenant, first), mapped(Price="price"))
    days_pass(app, tenant, 3)
    confirm(app, tenant, upload(app, tenant, second), mapped(Price="cost", Colour=None))
    assert suggested(upload(app, tenant, first))["Price"] == ("price", "memory")
    assert suggested(upload(app, tenant, second))["Price"] == ("cost", "memory")


def test_headers_that_were_used_differently_are_shown_as_unsure(
    app: Flask, tenant: TestTenant
) -> None:
    first = "Code,Title,Price,A\nA1,Sessel,149.00,u\nA2,Lampe,39.90,v\n"
    confirm(app, tenant, upload(app, tenant, first), mapped(Price="price"))
    days_pass(app, tenant, 3)
    second = first.replace("Price,A", "Price,B")
    confirm(app, tenant, upload(app, tenant, second), mapped(Price="cost"))
    third = upload(app, tenant, first.replace("Price,A", "Price,C"))
    assert suggested(third)["Price"] == ("cost", "memory")
    assert reason(third, "Price").endswith("; another file used it for price.")
    (price,) = [each for each in third.suggestions["columns"] if each["column"] == "Price"]
    assert price["confidence"] < 0.6


def mapped(**more: str | None) -> dict[str, Any]:
    """A confirmation of the suppliers' files; a field that is new is a price."""
    mapping: dict[str, Any] = {"Code": "sku", "Title": "name"}
    for column, target in more.items():
        mapping[column] = {"to": target, "type": "price"} if target else None
    return {"mapping": mapping}


def test_only_the_last_files_of_a_header_are_remembered(app: Flask, tenant: TestTenant) -> None:
    for number in range(MOST_FILES + 3):
        content = f"sku,name,extra {number}\nA1,Sessel,x\n"
        confirm(app, tenant, upload(app, tenant, content), {"mapping": {"sku": "sku"}})
    with app.app_context(), tenant_scope(tenant.id), transaction():
        count = db.session.scalar(
            select(func.count())
            .select_from(MappingMemory)
            .where(MappingMemory.tenant_id == tenant.id, MappingMemory.header_key == "sku")
        )
    assert count == MOST_FILES


def test_a_header_as_long_as_a_page_is_no_trouble(app: Flask, tenant: TestTenant) -> None:
    content = f"sku,name,{'long ' * 3000}\nA1,Sessel,x\n"
    confirm(app, tenant, upload(app, tenant, content), {"mapping": {"sku": "sku"}})
    assert suggested(upload(app, tenant, content))["sku"] == ("sku", "memory")
