"""Rows that failed: by reason, by line, and as a file that is corrected and uploaded again."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask import Flask

from tests.factories.identity import TestTenant, client_of, make_tenant
from tests.factories.imports import (
    confirm,
    counts,
    fetch,
    import_file,
    products,
    run,
    suggested,
    upload,
)
from tests.factories.products import make_product
from tests.web.people import Person

BODY = {
    "mapping": {
        "Nr": "sku",
        "Title": "name",
        "Cost": {"to": "cost", "type": "number"},
        "Page": {"to": "page", "type": "url"},
    }
}
FILE = (
    "Nr;Title;Cost;Page\n"
    "A;Chair;1;https://example.com\n"
    "B;=Lamp;cheap;nowhere\n"
    ";No number;2;\n"
    "C;Few\n"
    "D;+Shelf;dear;\n"
    "A;Chair again;3;\n"
)


@pytest.fixture
def person(app: Flask, tenant: TestTenant) -> Person:
    return Person(app, tenant, client_of(app, tenant))


def as_csv(person: Person, job: Any, query: str = "") -> list[list[str]]:
    answer = person.client.get(f"/pim/import/{job.id}/errors.csv{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))


def words(page: Any) -> str:
    return " ".join(page.text().split())


def test_reasons_are_grouped_and_rows_are_listed(person: Person) -> None:
    job = import_file(person.app, person.tenant, FILE, BODY)
    assert counts(job) == {"created": 1, "superseded": 1, "failed": 4}
    text = words(person.get(f"/pim/import/{job.id}/errors"))
    assert "4 rows of 6 failed" in text
    assert "not a number Cost not imported 2" in text
    assert "a web address without https:// Page not imported 1" in text
    assert "replaced by a later row the row replaced 1" in text
    assert "Line 7 has the same SKU and counts instead." in text


def test_rows_are_filtered_by_reason_and_column(person: Person) -> None:
    job = import_file(person.app, person.tenant, FILE, BODY)
    page = person.get(f"/pim/import/{job.id}/errors?reason=not_a_number&column=Cost")
    rows = [row for row in page.all("tr") if "cheap" in row.text() or "dear" in row.text()]
    assert len(rows) == 2
    assert "has the same SKU" not in page.text()
    nothing = person.get(f"/pim/import/{job.id}/errors?reason=no_sku&column=Cost")
    assert "No such rows" in nothing.text()


def test_an_import_without_errors_says_so(person: Person) -> None:
    job = import_file(person.app, person.tenant, "sku,name\nA,one\n")
    assert "Nothing to look at" in person.get(f"/pim/import/{job.id}/errors").text()


def test_what_failed_is_corrected_uploaded_again_and_fine(person: Person) -> None:
    first = import_file(person.app, person.tenant, FILE, BODY)
    rows = as_csv(person, first)
    assert rows[0] == ["Nr", "Title", "Cost", "Page", "_line", "_error"]
    assert [row[4] for row in rows[1:]] == ["3", "4", "5", "6"]
    assert rows[1][1] == "'=Lamp", "a spreadsheet must not run it"
    assert "Cost: " in rows[1][5]
    assert "Page: " in rows[1][5]
    rows[1][2:4] = ["10", "https://example.com/b"]
    rows[2][0] = "E"
    rows[3][2] = "4"
    rows[4][2] = "5"
    again = io.StringIO()
    csv.writer(again, delimiter=";").writerows(rows)
    second = upload(person.app, person.tenant, again.getvalue(), "corrected.csv")
    targets = {each["column"]: each["target"] for each in second.suggestions["columns"]}
    assert targets == {
        "Nr": "sku",
        "Title": "name",
        "Cost": "cost",
        "Page": "page",
        "_line": None,
        "_error": None,
    }
    confirm(person.app, person.tenant, second, suggested(second))
    done = run(person.app, person.tenant, second)
    assert counts(done) == {"created": 4}
    assert done.failed_count == 0
    found = products(person.app, person.tenant)
    assert sorted(found) == ["A", "B", "C", "D", "E"]
    assert (found["B"].name, found["D"].name) == ("=Lamp", "+Shelf")


def test_the_errors_of_a_corrected_file_have_the_two_columns_once(person: Person) -> None:
    job = import_file(person.app, person.tenant, FILE, BODY)
    text = person.client.get(f"/pim/import/{job.id}/errors.csv").text
    done = import_file(person.app, person.tenant, text, BODY)
    assert counts(done) == {"created": 1, "failed": 3}, "a row with too few cells has got them"
    assert as_csv(person, done)[0] == ["Nr", "Title", "Cost", "Page", "_line", "_error"]


def test_every_failed_row_is_in_the_file_however_many(person: Person) -> None:
    content = "sku,n\n" + "".join(f"S{n},no{n}\n" for n in range(12_345))
    body = {"mapping": {"sku": "sku", "n": {"to": "n", "type": "number"}}}
    job = import_file(person.app, person.tenant, content, body)
    assert counts(job) == {"failed": 12_345}
    answer = person.client.get(f"/pim/import/{job.id}/errors.csv")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row[:3] for row in rows[1:]] == [[f"S{n}", f"no{n}", str(n + 2)] for n in range(12_345)]
    page = person.get(f"/pim/import/{job.id}/errors")
    assert "12,345" in page.text()
    lines = list[str]()
    address = f"/pim/import/{job.id}/errors?reason=not_a_number"
    for _ in range(3):
        page = person.get(address)
        lines += [row.all("td")[0].text() for row in page.all("table")[1].all("tr")[1:]]
        address = next(
            a.attrs["href"] for a in page.all("a") if "after=" in a.attrs.get("href", "")
        )
    assert lines == [f"{n:,}" for n in range(2, 302)]


def test_rows_of_products_that_are_not_there_are_in_the_file_as_they_came(
    app: Flask, person: Person
) -> None:
    make_product(app, person.tenant, "OLD", "Before")
    body = {"mapping": {"Nr": "sku", "Title": "name"}}
    job = import_file(
        app, person.tenant, "Nr;Title\nOLD;After\nNEW;Fresh\n", body, mode="update_only"
    )
    assert as_csv(person, job)[1][:3] == ["NEW", "Fresh", "3"]


def test_rows_of_which_a_value_was_left_out_can_be_had_too(person: Person) -> None:
    job = import_file(person.app, person.tenant, FILE, BODY, on_error="skip_value")
    assert [row[4] for row in as_csv(person, job)[1:]] == ["4", "5"]
    assert [row[4] for row in as_csv(person, job, "?left_out=1")[1:]] == ["3", "4", "5", "6"]
    text = words(person.get(f"/pim/import/{job.id}/errors"))
    assert "value left out" in text


def test_another_tenants_errors_are_not_there(person: Person) -> None:
    job = import_file(person.app, person.tenant, FILE, BODY)
    other = make_tenant(person.app)
    stranger = Person(person.app, other, client_of(person.app, other))
    assert stranger.client.get(f"/pim/import/{job.id}/errors").status_code == 404
    assert stranger.client.get(f"/pim/import/{job.id}/errors.csv").status_code == 404
    assert fetch(person.app, person.tenant, job).failed_count == 4
