"""Files that are broken: an error that says what and where, never a fault of ours, never a hang."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pim.identity.permissions import Role
from tests.api.conftest import problem
from tests.factories.broken import WHOLE, Broken, damaged, refused
from tests.factories.identity import TestTenant, client_of, csrf_token, make_api_key, make_tenant
from tests.factories.imports import confirm, fetch, products, run, suggested
from tests.factories.imports import upload as stored
from tests.factories.workbooks import bare_workbook, workbook
from tests.web.reading import read

IMPORT = "/api/pim/import/"
SLOWEST_SECONDS = 20


@dataclass(frozen=True)
class Sender:
    """Somebody who uploads through the API and through the page."""

    app: Flask
    tenant: TestTenant
    key: str
    browser: FlaskClient

    def by_api(self, content: bytes, filename: str) -> TestResponse:
        began = time.monotonic()
        answer = self.app.test_client().post(
            IMPORT + "csv/",
            data={"file": (io.BytesIO(content), filename)},
            headers={"Authorization": f"Bearer {self.key}"},
        )
        assert time.monotonic() - began < SLOWEST_SECONDS
        return answer

    def by_page(self, content: bytes, filename: str) -> TestResponse:
        return self.browser.post(
            "/pim/import",
            data={
                "csrf_token": csrf_token(self.browser),
                "file": (io.BytesIO(content), filename),
            },
            content_type="multipart/form-data",
        )


@pytest.fixture(scope="module")
def sender(app: Flask) -> Sender:
    tenant = make_tenant(app)
    key = make_api_key(app, tenant, Role.ADMIN)
    return Sender(app, tenant, key, client_of(app, tenant, Role.ADMIN))


@pytest.mark.parametrize("broken", list(refused()), ids=lambda broken: broken.filename)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(
    sender: Sender, broken: Broken
) -> None:
    found = problem(sender.by_api(broken.content, broken.filename), 422)
    (error,) = found["errors"]
    assert error["code"] == broken.code, error
    assert all(isinstance(found[name], int) for name in broken.place), found
    page = sender.by_page(broken.content, broken.filename)
    assert page.status_code == 422
    assert error["message"] in read(page.text).text()


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_cut_off_anywhere_is_read_or_refused(sender: Sender, name: str) -> None:
    whole = WHOLE[name]
    for length in sorted({*range(0, 40, 5), *range(40, len(whole), max(1, len(whole) // 16))}):
        _is_read_or_refused(sender, whole[:length], name)


@pytest.mark.parametrize("name", WHOLE)
def test_a_file_with_wrong_bytes_is_read_or_refused(sender: Sender, name: str) -> None:
    for seed in range(16):
        _is_read_or_refused(sender, damaged(WHOLE[name], seed), name)


def _is_read_or_refused(sender: Sender, content: bytes, name: str) -> None:
    answer = sender.by_api(content, name)
    if answer.status_code == 201:
        assert answer.json["headers"]
        return
    found = problem(answer, 422)
    assert [error["path"].startswith("/") for error in found["errors"]] == [True]
    assert found["errors"][0]["message"].endswith((".", "”", "?"))


@pytest.mark.parametrize("name", WHOLE)
def test_the_import_of_a_damaged_file_comes_to_an_end(sender: Sender, name: str) -> None:
    app, tenant = sender.app, make_tenant(sender.app)
    begun = 0
    for seed in range(100, 140):
        answer = sender.by_api(damaged(WHOLE[name], seed), name)
        targets = answer.json.get("suggested_mapping", {}).values()
        if answer.status_code != 201 or "sku" not in targets:
            continue
        job = stored(app, tenant, damaged(WHOLE[name], seed), name)
        confirm(app, tenant, job, suggested(job))
        done = run(app, tenant, job)
        assert done.status in ("done", "failed"), done.status
        assert (done.status == "failed") == bool(done.error)
        assert fetch(app, tenant, job).lease_token
        begun += 1
        if begun == 3:
            return


@pytest.mark.parametrize(
    ("filename", "content", "headers"),
    [
        ("wrong.csv", WHOLE["a.xlsx"], ["sku", "name", "price", "tags"]),
        ("wrong.xlsx", WHOLE["a.csv"], ["sku", "name", "price", "tags"]),
        ("wrong.json", WHOLE["a.xml"], None),
        ("wide.csv", "sku;näme\nA;é\nB;ü\n".encode("utf-16-le"), ["sku", "näme"]),
        ("wide.csv", "sku;näme\nA;é\nB;ü\n".encode("utf-16-be"), ["sku", "näme"]),
        ("header.csv", b"sku;name\n", ["sku", "name"]),
        ("header.xlsx", None, ["sku", "name"]),
        ("mixed.csv", "sku;name\nA;Größe\n".encode() + b"B;Gr\xf6\xdfe\n", ["sku", "name"]),
    ],
)
def test_what_is_odd_but_readable_is_read(
    sender: Sender, filename: str, content: bytes | None, headers: list[str] | None
) -> None:
    data = workbook({"S": [["sku", "name"]]}) if content is None else content
    answer = sender.by_api(data, filename)
    assert answer.status_code == 201, answer.text
    assert headers is None or answer.json["headers"] == headers


def test_a_quote_that_is_never_closed_in_a_large_file_has_a_line(sender: Sender) -> None:
    lines = b"".join(b"SKU-%d;Some name;1,50\r\n" % n for n in range(1_000_000))
    content = b'sku;name;price\r\nX;"never closed;1\r\n' + lines
    answer = sender.by_api(content, "quote.csv")
    assert answer.status_code in (201, 422)
    assert "2" in (str(answer.json["warnings"]) if answer.status_code == 201 else answer.text)


def test_formula_cells_are_stored_as_they_are(app: Flask) -> None:
    tenant = make_tenant(app)
    job = stored(app, tenant, "sku,name\nA,=1+1\nB,@x\nC,'=2\n", "formulas.csv")
    confirm(app, tenant, job, {"mapping": {"sku": "sku", "name": "name"}})
    run(app, tenant, job, synced=False)
    sheet = (
        '<row r="1"><c t="str"><v>sku</v></c><c t="str"><v>name</v></c></row>'
        '<row r="2"><c t="str"><v>D</v></c><c t="str"><f>"a"&amp;"b"</f><v>ab</v></c></row>'
        '<row r="3"><c t="str"><v>E</v></c><c><f>SUM(1,2)</f><v>3</v></c></row>'
    )
    book = stored(app, tenant, bare_workbook(sheet), "formulas.xlsx")
    confirm(app, tenant, book, {"mapping": {"sku": "sku", "name": "name"}})
    run(app, tenant, book, synced=False)
    assert {sku: product.name for sku, product in products(app, tenant).items()} == {
        "A": "=1+1",
        "B": "@x",
        "C": "'=2",
        "D": "ab",
        "E": "3",
    }
