"""From a file to the catalog: what is written, what is reported, and that the counts add up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from pim.core.db import transaction
from pim.core.errors import Conflict, Invalid
from pim.core.storage import storage
from pim.core.tenancy import tenant_scope
from pim.imports import service
from pim.imports.models import ImportJob
from pim.imports.queries import change_set_ids
from pim.imports.readers.delimited import DelimitedReader
from pim.schema.queries import current_vocabulary
from tests.factories.identity import TestTenant
from tests.factories.imports import (
    confirm,
    counts,
    fetch,
    import_file,
    issues,
    products,
    run,
    stores_are_equal,
    suggested,
    upload,
)
from tests.factories.products import make_product, make_vocabulary
from tests.factories.shared_data import shared_data

CHAIRS = (
    "SKU;Name;Price;Stock;Tags;Active\n"
    "A-1;Oslo chair;149,00 €;12;oak, natural;yes\n"
    "A-2;Brass lamp;39,90 €;0;;no\n"
    "A-3;Hale shelf;1.299,00 €;244;sage;yes\n"
)


def adds_up(job: ImportJob) -> bool:
    return sum(counts(job).values()) == job.row_count


def test_a_file_becomes_products(app: Flask, tenant: TestTenant) -> None:
    job = import_file(app, tenant, CHAIRS)
    assert (job.status, job.error) == ("done", None)
    assert counts(job) == {"created": 3}
    assert job.row_count == job.imported_count == 3
    found = products(app, tenant)
    assert set(found) == {"A-1", "A-2", "A-3"}
    chair = found["A-1"]
    assert (chair.name, chair.active, chair.source) == ("Oslo chair", True, "import")
    assert chair.data == {
        "price": {"amount": 149, "currency": "EUR"},
        "quantity": 12,
        "tags": ["oak", "natural"],
    }
    assert chair.raw_data == {
        "SKU": "A-1",
        "Name": "Oslo chair",
        "Price": "149,00 €",
        "Stock": "12",
        "Tags": "oak, natural",
        "Active": "yes",
    }
    assert "tags" not in found["A-2"].data
    assert "Tags" not in (found["A-2"].raw_data or {})
    assert found["A-2"].active is False


def test_confirming_adds_the_new_fields_to_the_vocabulary(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, [("material", "string")])
    import_file(app, tenant, CHAIRS)
    with app.app_context(), tenant_scope(tenant.id):
        fields = current_vocabulary().fields
    assert [(f.name, f.type) for f in fields] == [
        ("material", "string"),
        ("price", "price"),
        ("quantity", "number"),
        ("tags", "array"),
    ]


def test_importing_the_same_file_again_changes_nothing(app: Flask, tenant: TestTenant) -> None:
    import_file(app, tenant, CHAIRS)
    versions = {sku: product.version for sku, product in products(app, tenant).items()}
    job = import_file(app, tenant, CHAIRS)
    assert counts(job) == {"unchanged": 3}
    assert {sku: product.version for sku, product in products(app, tenant).items()} == versions


def test_a_missing_column_and_a_blank_cell_leave_the_value_alone(
    app: Flask, tenant: TestTenant
) -> None:
    import_file(app, tenant, CHAIRS)
    job = import_file(app, tenant, "sku;price;tags\na-1;99,00 €;\n")
    assert counts(job) == {"updated": 1}
    chair = products(app, tenant)["A-1"]
    assert chair.name == "Oslo chair"
    assert chair.data["price"]["amount"] == 99
    assert chair.data["tags"] == ["oak", "natural"]


def test_a_blank_cell_clears_its_value_when_the_user_chose_so(
    app: Flask, tenant: TestTenant
) -> None:
    import_file(app, tenant, CHAIRS)
    body = {"mapping": {"sku": "sku", "price": "price", "tags": "tags"}}
    job = import_file(app, tenant, "sku;price;tags\nA-1;;\nA-3;5 €;\n", body, blank="clear")
    assert counts(job) == {"updated": 2}
    found = products(app, tenant)
    assert found["A-1"].data == {"quantity": 12}
    assert found["A-3"].data == {"price": {"amount": 5, "currency": "EUR"}, "quantity": 244}


def test_the_last_row_of_a_sku_wins_and_the_others_are_listed(
    app: Flask, tenant: TestTenant
) -> None:
    content = "sku,name\nA,one\nB,two\n a ,three\nA,four\nC,five\n"
    job = import_file(app, tenant, content, {"mapping": {"sku": "sku", "name": "name"}})
    assert counts(job) == {"created": 3, "superseded": 2}
    assert adds_up(job)
    assert products(app, tenant)["A"].name == "four"
    told = issues(app, tenant, job)
    assert [(i.line, i.code, i.severity, i.row) for i in told] == [
        (2, "superseded", "info", ["A", "one"]),
        (4, "superseded", "info", [" a ", "three"]),
    ]
    assert told[0].message == "Line 5 has the same SKU and counts instead."


def test_rows_that_cannot_be_read_are_listed_and_the_rest_is_imported(
    app: Flask, tenant: TestTenant
) -> None:
    content = (
        b"sku;name;price\n"
        b"A;Chair;12,50\n"
        b";No number;1,00\n"
        b"B;Lamp;auf Anfrage\n"
        b"C;Too few\n"
        b"D;Nul\x00;1,00\n"
        b'E;"Two\nlines";3,00\n'
        b"F;Too;4,00;many\n"
        b"G;Shelf;9,99\n"
    )
    job = import_file(app, tenant, content)
    assert job.status == "done"
    assert counts(job) == {"created": 3, "failed": 5}
    assert adds_up(job)
    assert set(products(app, tenant)) == {"A", "E", "G"}
    assert [(i.line, i.code, i.column) for i in issues(app, tenant, job)] == [
        (3, "no_sku", "sku"),
        (4, "not_a_price", "price"),
        (5, "too_few_cells", None),
        (6, "nul_byte", None),
        (9, "too_many_cells", None),
    ]
    lamp = issues(app, tenant, job)[1]
    assert "“auf Anfrage”" in lamp.message
    assert lamp.row == ["B", "Lamp", "auf Anfrage"]


def test_only_the_bad_value_is_skipped_when_the_user_chose_so(
    app: Flask, tenant: TestTenant
) -> None:
    body = {"mapping": {"sku": "sku", "price": {"to": "price", "type": "price"}}}
    job = import_file(app, tenant, "sku,price\nA,1.00\nB,cheap\n", body, on_error="skip_value")
    assert counts(job) == {"created": 2}
    assert products(app, tenant)["B"].data == {}
    (warning,) = issues(app, tenant, job)
    assert (warning.line, warning.severity) == (3, "warning")


def test_the_import_stops_at_the_first_error_when_the_user_chose_so(
    app: Flask, tenant: TestTenant
) -> None:
    body = {"mapping": {"sku": "sku", "price": {"to": "price", "type": "price"}}}
    job = import_file(app, tenant, "sku,price\nA,1\nB,cheap\nC,2\n", body, on_error="stop")
    assert job.status == "failed"
    assert job.error is not None
    assert job.error.startswith("Stopped at line 3 in “price”, as you chose: “cheap”")
    assert set(products(app, tenant)) == {"A"}
    assert job.failed_count == 1


def test_the_first_error_is_the_one_that_comes_first_in_the_file(
    app: Flask, tenant: TestTenant
) -> None:
    body = {"mapping": {"sku": "sku", "price": {"to": "price", "type": "price"}}}
    content = "sku,price\nTWICE,bad\nA,1\nB,cheap\nC\nTWICE,2\nD,x\n"
    job = import_file(app, tenant, content, body, on_error="stop")
    assert (job.error or "").startswith("Stopped at line 4 in “price”")
    assert set(products(app, tenant)) == {"A"}
    assert counts(job) == {"created": 1, "superseded": 1, "failed": 1}
    assert [i.line for i in issues(app, tenant, job)] == [2, 4]


@pytest.mark.parametrize(
    ("mode", "expected", "skus"),
    [
        ("upsert", {"created": 1, "updated": 1}, {"A-1", "NEW"}),
        ("create_only", {"created": 1, "unchanged": 1}, {"A-1", "NEW"}),
        ("update_only", {"updated": 1, "failed": 1}, {"A-1"}),
    ],
)
def test_an_import_may_only_create_or_only_update(
    app: Flask, tenant: TestTenant, mode: str, expected: dict[str, int], skus: set[str]
) -> None:
    make_product(app, tenant, "A-1", "Before")
    job = import_file(app, tenant, "sku,name\na-1,After\nNEW,Fresh\n", mode=mode)
    assert counts(job) == expected
    assert adds_up(job)
    assert set(products(app, tenant)) == skus
    assert products(app, tenant)["A-1"].name == ("Before" if mode == "create_only" else "After")
    if mode == "update_only":
        (missing,) = issues(app, tenant, job)
        assert (missing.line, missing.code) == (3, "no_such_product")


def test_only_new_products_need_what_is_required(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, [("brand", "string"), ("price", "price")], required=["brand"])
    make_product(app, tenant, "OLD", brand="Fjord")
    body = {"mapping": {"sku": "sku", "brand": "brand", "price": "price"}}
    content = "sku,brand,price\nold,,1.5\nNEW,,2.5\nBOTH,Lumo,3.5\n"
    job = import_file(app, tenant, content, body)
    assert counts(job) == {"created": 1, "updated": 1, "failed": 1}
    (missing,) = issues(app, tenant, job)
    assert (missing.line, missing.code) == (3, "required")
    assert missing.message == "A new product needs “brand”; this row has no value for it."
    assert set(products(app, tenant)) == {"OLD", "BOTH"}


def test_many_chunks_come_to_the_same_as_one(
    app: Flask, tenant: TestTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(DelimitedReader.batches, "__defaults__", (7,))
    small = SimpleNamespace(import_chunk_rows=20)
    monkeypatch.setattr("pim.imports.runner.settings", lambda: small)
    rows = [f"S{n % 190},Name {n},{n if n % 17 else 'x'}" for n in range(200)]
    body = {"mapping": {"sku": "sku", "name": "name", "n": {"to": "n", "type": "number"}}}
    job = import_file(app, tenant, "sku,name,n\n" + "\n".join(rows) + "\n", body)
    assert job.status == "done"
    assert adds_up(job)
    assert counts(job) == {"created": 179, "superseded": 10, "failed": 11}
    with app.app_context(), tenant_scope(tenant.id):
        assert len(change_set_ids(job.id)) == 10
    assert products(app, tenant)["S0"].name == "Name 190"


def test_a_file_without_rows_is_done_at_once(app: Flask, tenant: TestTenant) -> None:
    job = import_file(app, tenant, "sku,name\n", {"mapping": {"sku": "sku"}})
    assert (job.status, job.row_count, counts(job)) == ("done", 0, {})


def test_done_means_in_clickhouse_too(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, CHAIRS)
    confirm(app, tenant, job)
    job = run(app, tenant, job, synced=False)
    assert (job.status, job.phase) == ("importing", "syncing")
    assert len(products(app, tenant)) == 3
    assert run(app, tenant, job).status == "done"


def test_what_was_not_understood_keeps_no_file(app: Flask, tenant: TestTenant) -> None:
    with app.app_context():
        before = set(storage().folder.glob("*"))
    with pytest.raises(Invalid) as caught:
        upload(app, tenant, b"\x89PNG\r\n\x1a\n" + bytes(50), "x.png")
    assert caught.value.errors[0].path == "/file"
    assert caught.value.extra == {"byte": 0}
    with app.app_context():
        assert set(storage().folder.glob("*")) <= before | set()


def test_an_import_is_confirmed_once(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, CHAIRS)
    confirm(app, tenant, job)
    with pytest.raises(Conflict):
        confirm(app, tenant, job)


def test_a_cancelled_import_is_not_run(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, CHAIRS)
    confirm(app, tenant, job)
    with app.app_context(), tenant_scope(tenant.id), transaction():
        service.cancel_import(job.id)
    job = run(app, tenant, job)
    assert (job.status, counts(job)) == ("cancelled", {})
    assert products(app, tenant) == {}


def test_a_field_that_went_meanwhile_stops_the_import_with_a_sentence(
    app: Flask, tenant: TestTenant
) -> None:
    job = upload(app, tenant, CHAIRS)
    confirm(app, tenant, job)
    from pim.schema.service import delete_field

    with app.app_context(), tenant_scope(tenant.id), transaction():
        delete_field("tags", remove_values=False)
    job = run(app, tenant, job)
    assert job.status == "failed"
    assert "“Tags” goes to the field “tags”, which is not in the schema" in (job.error or "")


def test_a_file_that_is_gone_fails_with_a_sentence(app: Flask, tenant: TestTenant) -> None:
    job = upload(app, tenant, CHAIRS)
    confirm(app, tenant, job)
    with app.app_context():
        storage().delete(job.storage_key or "")
    job = run(app, tenant, job)
    assert (job.status, job.error) == (
        "failed",
        "The uploaded file is no longer there. Upload it again.",
    )


def test_the_imports_of_another_tenant_are_not_there(app: Flask, tenant: TestTenant) -> None:
    from pim.core.errors import NotFound
    from tests.factories.identity import make_tenant

    job = upload(app, tenant, CHAIRS)
    other = make_tenant(app)
    with pytest.raises(NotFound):
        confirm(app, other, job)
    with pytest.raises(NotFound):
        fetch(app, other, job)


def by_name(job: ImportJob) -> dict[str, Any]:
    return {each["column"]: each["target"] for each in job.suggestions["columns"]}


def test_the_akeneo_demo_catalog_imports_to_its_1239_products(
    app: Flask, tenant: TestTenant
) -> None:
    path = shared_data("akeneo_icecat", "products.csv")
    job = upload(app, tenant, path)
    assert (job.row_count, len(job.headers)) == (1239, 111)
    assert sum(1 for target in by_name(job).values() if target is None) == 58
    confirm(app, tenant, job)
    job = run(app, tenant, job)
    assert job.status == "done"
    assert adds_up(job)
    assert counts(job) == {"created": 1239}, [i.message for i in issues(app, tenant, job)[:5]]
    found = products(app, tenant)
    assert len(found) == 1239
    lexmark = found["13871461"]
    assert lexmark.name == "Lexmark X464de"
    assert stores_are_equal(app, tenant)
    assert lexmark.data["category"] == ["lexmark", "multifunctionals", "print_scan_sales"]
    assert lexmark.data["description"].startswith("<b>Streamlined Reliability</b>")
    multiline = [p for p in found.values() if any("\n" in str(v) for v in p.data.values())]
    assert len(multiline) == 39


def test_the_woocommerce_sample_imports_whole(app: Flask, tenant: TestTenant) -> None:
    job = import_file(app, tenant, shared_data("woocommerce", "sample_products.csv"))
    assert (job.status, counts(job)) == ("done", {"created": 24})
    assert adds_up(job)
    assert stores_are_equal(app, tenant)


def test_rows_without_a_sku_are_reported(app: Flask, tenant: TestTenant) -> None:
    path = shared_data("woocommerce", "importer_test_sample.csv")
    job = upload(app, tenant, path)
    body = suggested(job, SKU="sku")
    confirm(app, tenant, job, body, on_error="skip_value")
    job = run(app, tenant, job)
    assert job.status == "done"
    assert adds_up(job)
    assert counts(job) == {"created": 3, "failed": 4}
    assert [i.code for i in issues(app, tenant, job) if i.severity == "error"] == ["no_sku"] * 4


def test_the_spree_catalog_joins_the_currencies_of_a_product_and_reports_what_came_twice(
    app: Flask, tenant: TestTenant
) -> None:
    job = import_file(app, tenant, shared_data("spree", "products.csv"))
    assert job.status == "done"
    assert adds_up(job)
    assert counts(job) == {"created": 123, "superseded": 1}, "87 rows are a price in euros more"
    assert {i.code for i in issues(app, tenant, job)} == {"superseded"}
    assert stores_are_equal(app, tenant)
    found = products(app, tenant).values()
    assert all(product.data["price_usd"]["currency"] == "USD" for product in found)
    in_euros = [product for product in found if "price" in product.data]
    assert len(in_euros) == 87
    for product in in_euros:
        raw = product.raw_data or {}
        assert product.data["price"]["currency"] == raw["currency"] == "EUR"


def test_rows_that_lack_what_is_required_don_t_shift_the_lines_of_missing_products(
    app: Flask, tenant: TestTenant
) -> None:
    make_vocabulary(app, tenant, [("brand", "string")], required=["brand"])
    make_product(app, tenant, "OLD", brand="Fjord")
    body = {"mapping": {"sku": "sku", "brand": "brand"}}
    content = "sku,brand\nLACKS,\nOLD,Lumo\nNEW,Hale\n"
    job = import_file(app, tenant, content, body, mode="update_only")
    assert counts(job) == {"updated": 1, "failed": 2}
    assert [(i.line, i.code) for i in issues(app, tenant, job)] == [
        (2, "required"),
        (4, "no_such_product"),
    ]
