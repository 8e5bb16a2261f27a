"""Steps on the way into the catalog: in the run, in its report, and for the SKU itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Flask

from tests.factories.identity import TestTenant
from tests.factories.imports import confirm, counts, issues, products, run, upload
from tests.factories.products import make_vocabulary

LAMPS = (
    "nr,brand,title,weight,html,colour,price\n"
    'AB 1, Muuto ,oslo lamp,"1,5 kg",<p>Big &amp; bold</p>,ROT,"1.234,50 €"\n'
    "ab 2,,brass lamp,900 g,,blau,12\n"
    "AB-1,Muuto,oslo lamp,2 m,<b>new</b>,grün,3\n"
    "AB 3,Hay,shelf,2 m,x,rot,3\n"
)
STEPS: dict[str, Any] = {
    "nr": {
        "to": "sku",
        "transform": [{"op": "replace", "find": " ", "with": "-"}, {"op": "case", "to": "upper"}],
    },
    "title": {"to": "name", "transform": [{"op": "combine", "template": "{brand} {}"}]},
    "weight": {"to": "weight", "type": "number", "transform": [{"op": "unit", "to": "kg"}]},
    "html": {"to": "description", "type": "string", "transform": ["strip_html"]},
    "colour": {
        "to": "colour",
        "type": "string",
        "transform": [{"op": "map", "values": {"rot": "red"}, "others": "blank"}],
    },
    "price": {"to": "price", "type": "price", "transform": [{"op": "number", "decimal": ","}]},
}


def imported(app: Flask, tenant: TestTenant, content: str, mapping: Any, **options: str) -> Any:
    job = upload(app, tenant, content)
    confirm(app, tenant, job, {"mapping": mapping}, **options)
    return run(app, tenant, job)


def test_values_go_through_their_steps_before_they_are_read(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, ())
    job = imported(app, tenant, LAMPS, STEPS, on_error="skip_value")
    assert counts(job) == {"created": 3, "superseded": 1}
    found = products(app, tenant)
    assert set(found) == {"AB-1", "AB-2", "AB-3"}
    assert found["AB-1"].name == "Muuto oslo lamp"
    assert found["AB-2"].name == "brass lamp"
    assert found["AB-1"].data == {
        "description": "new",
        "price": {"amount": 3, "currency": "EUR"},
    }
    assert found["AB-2"].data == {
        "weight": Decimal("0.9"),
        "price": {"amount": 12, "currency": "EUR"},
    }
    assert found["AB-3"].data["colour"] == "red"


def test_rows_are_the_same_when_their_skus_are_after_the_steps(
    app: Flask, tenant: TestTenant
) -> None:
    job = imported(app, tenant, "nr\nA-1\na 1\nA1\n", {
        "nr": {"to": "sku", "transform": [{"op": "replace", "find": "[- ]", "regex": True}]}
    })  # fmt: skip
    assert counts(job) == {"created": 1, "superseded": 2}
    assert set(products(app, tenant)) == {"A1"}


def test_a_step_that_fails_is_reported_as_any_bad_value(app: Flask, tenant: TestTenant) -> None:
    job = imported(app, tenant, LAMPS, STEPS)
    assert counts(job) == {"created": 1, "superseded": 1, "failed": 2}
    (first, *_) = [each for each in issues(app, tenant, job) if each.severity == "error"]
    assert (first.line, first.column, first.code) == (4, "weight", "other_unit")
    assert first.message == "“2 m” can't be converted to kg."
    assert first.row[0] == "AB-1"


def test_a_sku_whose_step_fails_costs_its_row(app: Flask, tenant: TestTenant) -> None:
    steps = [{"op": "extract", "pattern": r"^\d+$", "others": "error"}]
    job = imported(
        app,
        tenant,
        "nr\n12\nx\ny\n\n13\n",
        {"nr": {"to": "sku", "transform": steps}},
        on_error="skip_value",
    )
    assert counts(job) == {"created": 2, "failed": 2}
    assert [each.code for each in issues(app, tenant, job)] == ["no_match", "no_match"]


def test_a_value_whose_step_fails_is_not_taken_for_a_blank_one(
    app: Flask, tenant: TestTenant
) -> None:
    mapping = {"nr": "sku", "w": {"to": "w", "type": "string", "transform": ["unit"]}}
    imported(app, tenant, "nr,w\nA,1 kg\nB,2 kg\n", mapping, blank="clear")
    imported(app, tenant, "nr,w\nA,heavy\nB,\n", mapping, blank="clear", on_error="skip_value")
    found = products(app, tenant)
    assert (found["A"].data, found["B"].data) == ({"w": "1"}, {})
