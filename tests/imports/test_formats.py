"""The same catalog in every format becomes the same products, and broken files say where."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from pim.core.errors import Invalid
from pim.imports.models import ImportJob
from tests.factories.identity import TestTenant
from tests.factories.imports import confirm, counts, issues, products, run, suggested, upload
from tests.factories.products import make_vocabulary
from tests.factories.shared_data import shared_data
from tests.factories.workbooks import bare_workbook, workbook

FIELDS = [
    ("price", "price"),
    ("weight", "number"),
    ("gtin", "string"),
    ("tags", "array"),
    ("in_stock", "boolean"),
]
CSV = (
    "sku,name,price,weight,gtin,tags,in_stock\n"
    'A-1,Stuhl Öl,19.99,1.234,4006381333931,"oak, natural",true\n'
    "A-2,Lamp,5,0.5,4006381333948,brass,false\n"
)
RECORDS: list[dict[str, Any]] = [
    {
        "sku": "A-1",
        "name": "Stuhl Öl",
        "price": 19.99,
        "weight": 1.234,
        "gtin": "4006381333931",
        "tags": ["oak", "natural"],
        "in_stock": True,
    },
    {
        "sku": "A-2",
        "name": "Lamp",
        "price": 5,
        "weight": 0.5,
        "gtin": "4006381333948",
        "tags": ["brass"],
        "in_stock": False,
    },
]


def as_xml() -> str:
    items = []
    for record in RECORDS:
        fields = {key: value for key, value in record.items() if key not in ("tags", "in_stock")}
        parts = [f"<{key}>{value}</{key}>" for key, value in fields.items()]
        parts += [f"<tags>{tag}</tags>" for tag in record["tags"]]
        parts.append(f"<in_stock>{str(record['in_stock']).lower()}</in_stock>")
        items.append(f"<product>{''.join(parts)}</product>")
    return f"<?xml version='1.0' encoding='utf-8'?><catalog>{''.join(items)}</catalog>"


def as_xlsx() -> bytes:
    rows = [[int(v) if k == "gtin" else v for k, v in record.items()] for record in RECORDS]
    texts = [[", ".join(v) if isinstance(v, list) else v for v in row] for row in rows]
    return workbook({"Notes": [["Prices in EUR"]], "Products": [list(RECORDS[0]), *texts]})


def zipped(name: str, content: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


FILES: dict[str, str | bytes] = {
    "c.csv": CSV,
    "c.tsv": CSV.replace('"oak, natural"', "oak; natural").replace(",", "\t"),
    "c.xlsx": as_xlsx(),
    "c.json": json.dumps({"count": 2, "products": RECORDS}),
    "c.jsonl": "".join(json.dumps(record) + "\n" for record in RECORDS),
    "c.xml": as_xml(),
    "c.json.gz": gzip.compress(json.dumps(RECORDS).encode()),
    "c.zip": zipped("export/c.csv", CSV),
}


def catalog(app: Flask, tenant: TestTenant, content: str | bytes | Path, name: str) -> ImportJob:
    job = upload(app, tenant, content, name)
    confirm(app, tenant, job, suggested(job))
    return run(app, tenant, job)


@pytest.mark.parametrize("name", FILES)
def test_the_same_catalog_in_any_format_is_the_same_catalog(
    app: Flask, tenant: TestTenant, name: str
) -> None:
    make_vocabulary(app, tenant, FIELDS)
    job = catalog(app, tenant, FILES[name], name)
    assert (job.status, job.error, counts(job)) == ("done", None, {"created": 2})
    found = products(app, tenant)
    assert {sku: product.name for sku, product in found.items()} == {
        "A-1": "Stuhl Öl",
        "A-2": "Lamp",
    }
    data = found["A-1"].data
    assert data["price"] == {"amount": Decimal("19.99"), "currency": "EUR"}
    assert str(data["weight"]) == "1.234"
    assert data["gtin"] == "4006381333931"
    assert data["tags"] == ["oak", "natural"]
    assert data["in_stock"] is True


@pytest.mark.parametrize(
    ("path", "filename", "rows"),
    [
        (("dummyjson", "products.json"), "products.json", 194),
        (("heureka_cz", "heureka.xml"), "heureka.xml", 20),
    ],
)
def test_real_catalogs_come_in_whole(
    app: Flask, tenant: TestTenant, path: tuple[str, str], filename: str, rows: int
) -> None:
    job = catalog(app, tenant, shared_data(*path), filename)
    assert (job.status, job.error) == ("done", None)
    assert job.row_count == rows
    assert counts(job) == {"created": rows}


def test_rows_that_cannot_be_read_are_listed_by_their_place(app: Flask, tenant: TestTenant) -> None:
    good = ['{"sku": "A", "name": "x"}', '{"sku": "C", "name": "y"}']
    lines = "\n".join([good[0], '{"sku": "B", "name": NaN}', "oops", good[1]])
    job = catalog(app, tenant, lines, "c.jsonl")
    assert counts(job) == {"created": 2, "failed": 2}
    assert [(issue.line, issue.code) for issue in issues(app, tenant, job)] == [
        (2, "bad_number"),
        (3, "bad_json"),
    ]


def test_an_error_in_a_cell_fails_its_row_alone(app: Flask, tenant: TestTenant) -> None:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="str"><v>{sku}</v></c>{cell}</row>'
        for number, sku, cell in (
            (1, "sku", '<c r="B1" t="str"><v>name</v></c>'),
            (2, "A", '<c r="B2" t="str"><v>x</v></c>'),
            (3, "B", '<c r="B3" t="e"><v>#N/A</v></c>'),
            (4, "C", '<c r="B4" t="str"><v>y</v></c>'),
        )
    )
    job = catalog(app, tenant, bare_workbook(rows), "c.xlsx")
    assert counts(job) == {"created": 2, "failed": 1}
    (issue,) = issues(app, tenant, job)
    assert (issue.line, issue.code) == (3, "cell_error")
    assert issue.message == "The cell B3 holds #N/A."


@pytest.mark.parametrize("name", ["c.json", "c.xml", "c.xlsx", "c.json.gz"])
def test_a_file_that_was_cut_off_is_refused_with_its_place(
    app: Flask, tenant: TestTenant, name: str
) -> None:
    content = FILES[name]
    data = content.encode() if isinstance(content, str) else content
    with pytest.raises(Invalid) as caught:
        upload(app, tenant, data[: int(len(data) * 0.7)], name)
    assert "byte" in caught.value.extra


def test_a_document_type_is_refused(app: Flask, tenant: TestTenant) -> None:
    with pytest.raises(Invalid) as caught:
        upload(app, tenant, '<!DOCTYPE a [<!ENTITY b "c">]><a><i><b>&b;</b></i></a>', "c.xml")
    assert caught.value.errors[0].code == "dtd_refused"
    assert caught.value.extra["line"] == 1
