"""`GET /api/pim/products/export/`: which products, in which order, in which form."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from flask import Flask

from pim.core.db import db
from pim.identity.permissions import Role
from pim.products.changes import StagedProduct
from pim.products.export import service, workbook
from tests.api.conftest import BULK, PRODUCTS, Api, problem
from tests.export.test_round_trip import EXPORT
from tests.factories.files import a_file, read_file
from tests.factories.identity import make_api_key, make_tenant
from tests.factories.products import make_product, make_products, make_vocabulary


def rows(api: Api, query: str = "") -> list[list[str]]:
    answer = api.get(EXPORT + query)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(answer.data.decode(), newline="")))


def skus(api: Api, query: str = "") -> list[str]:
    return [row[0] for row in rows(api, query)[1:]]


@pytest.fixture
def shop(app: Flask, api: Api) -> Api:
    make_vocabulary(app, api.tenant, [("brand", "string"), ("stock", "number")])
    make_product(app, api.tenant, "C-1", "Chair", brand="Hay", stock=3)
    make_product(app, api.tenant, "A-1", "Armchair", active=False, brand="=cmd|' /C calc'!A0")
    make_product(app, api.tenant, "B-1", "Bench", colour="red", stock=Decimal("-0.5"))
    return api


def test_a_csv_has_the_fields_of_the_schema_and_then_all_others(shop: Api) -> None:
    assert rows(shop) == [
        ["sku", "name", "active", "brand", "stock", "colour"],
        ["C-1", "Chair", "yes", "Hay", "3", ""],
        ["A-1", "Armchair", "no", "=cmd|' /C calc'!A0", "", ""],
        ["B-1", "Bench", "yes", "", "-0.5", "red"],
    ]


def test_a_csv_for_spreadsheets_runs_nothing(shop: Api) -> None:
    found = rows(shop, "?harmless=true")
    assert [row[3] for row in found] == ["brand", "Hay", "'=cmd|' /C calc'!A0", ""]
    assert found[3][4] == "-0.5"


def test_the_order_and_the_products_are_those_of_the_list(shop: Api) -> None:
    assert skus(shop, "?sort=sku") == ["A-1", "B-1", "C-1"]
    assert skus(shop, "?sort=-name") == ["C-1", "B-1", "A-1"]
    assert skus(shop, "?q=CHAIR&sort=sku") == ["A-1", "C-1"]
    assert skus(shop, "?active=false") == ["A-1"]
    assert skus(shop, f"?updated_since={datetime.now(UTC).isoformat()[:-6]}Z") == []


def test_fields_are_the_columns_in_their_order(shop: Api) -> None:
    assert rows(shop, "?fields=colour,brand,nothing&sort=-sku")[:2] == [
        ["sku", "name", "active", "colour", "brand", "nothing"],
        ["C-1", "Chair", "yes", "", "Hay", ""],
    ]
    lines = shop.get(EXPORT + "?format=jsonl&fields=colour&sort=sku").text.splitlines()
    assert json.loads(lines[1]) == {"sku": "B-1", "name": "Bench", "active": True, "colour": "red"}
    assert json.loads(lines[0]) == {"sku": "A-1", "name": "Armchair", "active": False}


def test_nothing_to_export_is_a_file_without_products(shop: Api) -> None:
    assert len(rows(shop, "?q=nothing-like-this")) == 1
    assert shop.get(EXPORT + "?format=jsonl&q=nothing-like-this").data == b""
    empty = shop.get(EXPORT + "?format=xlsx&q=nothing-like-this").data
    assert workbook_rows(empty) == []


def test_json_lines_can_be_sent_to_the_bulk_endpoint_as_they_are(app: Flask, shop: Api) -> None:
    answer = shop.get(EXPORT + "?format=jsonl")
    assert answer.content_type == "application/x-ndjson"
    sent = shop.post(BULK, raw=answer.data, kind="application/x-ndjson")
    told = [json.loads(line) for line in sent.text.splitlines()]
    assert [each["status"] for each in told] == ["unchanged"] * 3


def test_a_workbook_keeps_zeros_long_digits_and_formulas_as_text(app: Flask, api: Api) -> None:
    make_vocabulary(app, api.tenant, [("gtin", "string"), ("weight", "number")])
    make_product(app, api.tenant, "007", "=1+1", gtin="04006381333931", weight=Decimal("12.5"))
    make_product(app, api.tenant, "008", weight=1234567890123456)
    answer = api.get(EXPORT + "?format=xlsx&sort=sku")
    assert workbook_rows(answer.data) == [
        ["007", "=1+1", "TRUE", "04006381333931", "12.5"],
        ["008", "", "TRUE", "", "1234567890123456"],
    ]
    openpyxl = pytest.importorskip("openpyxl")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert [type(cell.value) for cell in sheet[2]] == [str, str, bool, str, float]
    assert sheet["B2"].data_type == "s"
    assert sheet["E3"].value == "1234567890123456"


def workbook_rows(content: bytes) -> list[list[str]]:
    return read_file(a_file(content, "x.xlsx")).rows


@pytest.mark.parametrize(
    ("limit", "code"),
    [((service, "MAX_ROWS", 3), "too_many_rows"), ((service, "MAX_BYTES", 10), "too_many_bytes")],
)
def test_what_a_workbook_cannot_hold_is_said_before_anything_is_sent(
    shop: Api, monkeypatch: pytest.MonkeyPatch, limit: tuple[object, str, int], code: str
) -> None:
    monkeypatch.setattr(*limit)  # a million products would take a minute
    found = problem(shop.get(EXPORT + "?format=xlsx"), 422, "invalid")
    assert found["errors"][0]["code"] == code
    assert "CSV or JSON Lines" in found["detail"]


def test_a_value_longer_than_a_cell_names_its_product_and_field(app: Flask, api: Api) -> None:
    make_product(app, api.tenant, "LONG", text="🪑" * (workbook.MAX_CHARACTERS // 2 + 1))
    found = problem(api.get(EXPORT + "?format=xlsx"), 422, "invalid")
    assert found["errors"][0]["code"] == "value_too_long"
    assert "“text” of LONG has 32,768 characters" in found["detail"]
    assert api.get(EXPORT + "?format=xlsx&fields=other").status_code == 200
    assert api.get(EXPORT).status_code == 200


def test_a_text_as_long_as_a_cell_goes_into_it(app: Flask, api: Api) -> None:
    text = "<" * workbook.MAX_CHARACTERS
    make_product(app, api.tenant, "LONG", text=text, other=text)
    assert workbook_rows(api.get(EXPORT + "?format=xlsx").data) == [
        ["LONG", "", "TRUE", text, text]
    ]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("?format=pdf", 400, "bad_parameter"),
        ("?limit=5", 400, "bad_parameter"),
        ("?active=perhaps", 400, "bad_parameter"),
        ("?filter={}", 422, "invalid"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(shop: Api, query: str, status: int, code: str) -> None:
    problem(shop.get(EXPORT + query), status, code)


def test_whoever_may_read_the_catalog_may_export_it(api_as, app: Flask, api: Api) -> None:  # type: ignore[no-untyped-def]
    make_product(app, api.tenant, "A")
    assert skus(api_as(Role.VIEWER)) == ["A"]


def test_another_tenant_s_products_stay_where_they_are(app: Flask, shop: Api) -> None:
    other = make_tenant(app)
    make_product(app, other, "OTHER")
    theirs = Api(app, other, make_api_key(app, other, Role.VIEWER))
    assert skus(theirs) == ["OTHER"]
    assert "OTHER" not in skus(shop)


def test_the_file_is_of_one_moment_and_read_as_it_is_asked_for(app: Flask, api: Api) -> None:
    make_products(app, api.tenant, [StagedProduct(f"S-{n:05}", "before") for n in range(9_000)])
    answer = app.test_client().get(
        EXPORT + "?format=jsonl", headers={"Authorization": f"Bearer {api.key}"}, buffered=False
    )
    pieces = iter(answer.response)
    first = next(pieces).splitlines()
    assert 0 < len(first) < 9_000
    api.send("PATCH", PRODUCTS + str(api.get(PRODUCTS + "by-sku/S-08999/").json["id"]) + "/",
             {"name": "after"})  # fmt: skip
    make_product(app, api.tenant, "S-99999", "after")
    lines = [*first, *(line for piece in pieces for line in piece.splitlines())]
    assert len(lines) == 9_000
    assert {json.loads(line)["name"] for line in lines} == {"before"}
    answer.close()


def test_a_reader_who_leaves_gives_the_connection_back(app: Flask, api: Api) -> None:
    make_products(app, api.tenant, [StagedProduct(f"S-{n}") for n in range(5_000)])
    with app.app_context():
        in_use = db.engine.pool.checkedout()  # type: ignore[attr-defined]
    for _ in range(30):  # more than there are connections
        answer = app.test_client().get(
            EXPORT, headers={"Authorization": f"Bearer {api.key}"}, buffered=False
        )
        next(iter(answer.response))
        answer.close()
    with app.app_context():
        assert db.engine.pool.checkedout() == in_use  # type: ignore[attr-defined]


def test_the_last_piece_gives_the_connection_back(app: Flask, api: Api) -> None:
    make_products(app, api.tenant, [StagedProduct("S-1")])
    with app.app_context():
        in_use = db.engine.pool.checkedout()  # type: ignore[attr-defined]
    answer = api.get(EXPORT)
    assert answer.data
    with app.app_context():
        assert db.engine.pool.checkedout() == in_use  # type: ignore[attr-defined]
