"""A file from a web address: through the wizard and the API, from a site that speaks https."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pim.core import EXTENSION
from pim.core.storage import LocalStorage, storage
from pim.identity.permissions import Role
from pim.imports import fetching
from pim.imports.models import ImportJob
from tests.api.conftest import Api, problem
from tests.factories.https_peer import Peer, answer, https_peer
from tests.factories.identity import TestTenant, client_of, csrf_token, make_api_key
from tests.factories.imports import fetch
from tests.web.reading import read

CSV = "/api/pim/import/csv/"
CHAIRS = b"sku;Name\nA;Oslo chair\nB;Brass lamp\n"


@pytest.fixture
def site(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Peer]:
    """A site the operator allows, with a feed at /feed.csv."""
    with https_peer(tmp_path) as peer:
        monkeypatch.setenv("SSL_CERT_FILE", str(peer.authority))
        peer.answers["/feed.csv"] = answer(CHAIRS)
        allow(app, monkeypatch, import_url_hosts=f"localhost:{peer.port}")
        yield peer


def allow(app: Flask, monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    settings = app.extensions[EXTENSION].model_copy(update=changed)
    monkeypatch.setitem(app.extensions, EXTENSION, settings)


@pytest.fixture
def api(app: Flask, tenant: TestTenant) -> Api:
    return Api(app, tenant, make_api_key(app, tenant, Role.ADMIN))


def stored(app: Flask) -> set[str]:
    with app.app_context():
        store = storage()
        assert isinstance(store, LocalStorage)
        return {path.name for path in store.folder.glob("*")}


def test_the_api_fetches_a_file_and_answers_as_to_an_upload(api: Api, site: Peer) -> None:
    sent = api.post(CSV, {"url": site.url("/feed.csv?key=secret")})
    assert sent.status_code == 201, sent.text
    assert sent.json["headers"] == ["sku", "Name"]
    one = f"/api/pim/import/{sent.json['job_id']}/"
    found = api.get(one).json
    assert (found["filename"], found["file_size"]) == ("feed.csv", len(CHAIRS))
    assert found["source_url"] == site.url() + "?…"
    assert api.get(one + "file/").data == CHAIRS


def test_how_a_fetched_file_is_read_can_be_said(api: Api, site: Peer) -> None:
    body = {"url": site.url(), "header_row": "none", "encoding": "windows-1250"}
    found = api.post(CSV + "?format=csv", body).json
    assert found["dialect"]["encoding"] == "windows-1250"
    assert found["dialect"]["header_row"] is None
    assert api.post(CSV, {"url": site.url(), "header_row": 1}).status_code == 201
    wrong = api.post(CSV, {"url": site.url(), "delimiter": "xy"})
    assert problem(wrong, 422)["errors"][0]["path"] == "/delimiter"


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({}, "/url", "required"),
        ({"url": 7}, "/url", "required"),
        ({"url": "http://shop.example/feed.csv"}, "/url", "not_https"),
        ({"url": "https://127.0.0.1/feed.csv"}, "/url", "address_refused"),
        ({"url": "https://[::ffff:169.254.169.254]/"}, "/url", "address_refused"),
        ({"url": "https://me:secret@shop.example/"}, "/url", "url_with_password"),
        ({"url": "https://shop.example/", "sheets": "1"}, "/sheets", "unknown_field"),
    ],
)
def test_what_cannot_be_fetched_is_refused_at_its_place(
    api: Api, body: dict[str, Any], path: str, code: str
) -> None:
    found = problem(api.post(CSV, body), 422)
    assert (found["errors"][0]["path"], found["errors"][0]["code"]) == (path, code)
    assert "secret" not in str(found)


def test_what_is_fetched_and_no_table_is_not_kept(app: Flask, api: Api, site: Peer) -> None:
    before = stored(app)
    site.answers["/logo.png"] = answer(b"\x89PNG\r\n\x1a\n" + bytes(50))
    problem(api.post(CSV, {"url": site.url("/logo.png")}), 422)
    problem(api.post(CSV, {"url": site.url("/nothing.csv")}), 422)
    site.answers["/half.csv"] = answer(CHAIRS, Content_Length="9999")
    problem(api.post(CSV, {"url": site.url("/half.csv")}), 422)
    assert stored(app) == before


def test_a_file_beyond_the_limit_is_refused(
    app: Flask, api: Api, site: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(app, monkeypatch, import_url_bytes=2_000, import_url_hosts=f"localhost:{site.port}")
    site.answers["/large.csv"] = answer(b"sku\n" + b"A\n" * 2_000)
    before = stored(app)
    problem(api.post(CSV, {"url": site.url("/large.csv")}), 413, "too_large")
    assert stored(app) == before


def test_only_a_few_files_are_fetched_at_once(api: Api, site: Peer) -> None:
    for _ in range(fetching.AT_ONCE):
        fetching._places.acquire()
    try:
        busy = api.post(CSV, {"url": site.url()})
    finally:
        for _ in range(fetching.AT_ONCE):
            fetching._places.release()
    problem(busy, 429)
    assert busy.headers["Retry-After"] == "60"
    assert api.post(CSV, {"url": site.url()}).status_code == 201


def test_a_body_of_json_may_not_be_as_large_as_a_file(api: Api) -> None:
    problem(api.post(CSV, {"url": "https://shop.example/" + "a" * 3_000_000}), 413)


def test_the_wizard_takes_an_address_instead_of_a_file(
    app: Flask, tenant: TestTenant, site: Peer
) -> None:
    client = client_of(app, tenant)
    token = {"csrf_token": csrf_token(client)}
    sent = client.post("/pim/import", data={"url": site.url(), **token})
    assert sent.status_code == 303, sent.text[:2000]
    assert "Oslo chair" in client.get(sent.location).text
    for data, words in (
        ({"url": "https://10.0.0.1/feed.csv"}, "is not on the public internet"),
        ({"url": site.url("/gone.csv")}, "answered 404 Not Found"),
        ({"url": ""}, "Choose a file or give its address first."),
    ):
        refused = client.post("/pim/import", data={**data, **token})
        assert refused.status_code == 422
        assert words in refused.text
        assert data["url"] in refused.text  # it needn't be typed again


def test_how_a_file_is_written_can_be_said_in_the_first_step(
    app: Flask, tenant: TestTenant
) -> None:
    client = client_of(app, tenant)
    token = {"csrf_token": csrf_token(client)}
    rows = "made by us\nsku|name\nA|käse\n".encode("windows-1250")

    def send(**said: str) -> TestResponse:
        data = {**token, "file": (io.BytesIO(rows), "rows.csv"), **said}
        return client.post("/pim/import", data=data)

    refused = send(header_row="9", delimiter="|")
    assert refused.status_code == 422
    fields = {each.attrs["name"]: each for each in read(refused.text).all("input", "select")}
    assert fields["header_row"].attrs["value"] == "9"
    assert "header_row-error" in fields["header_row"].attrs["aria-describedby"]
    (chosen,) = [o for o in fields["delimiter"].all("option") if "selected" in o.attrs]
    assert chosen.attrs["value"] == "|"
    taken = send(header_row="2", delimiter="|", encoding="windows-1250", quote="none")
    assert taken.status_code == 303
    job = fetch(app, tenant, ImportJob(id=int(taken.location.rpartition("/")[2])))
    assert (job.headers, job.sample_rows) == (["sku", "name"], [["A", "käse"]])
    assert job.suggestions["corrections"]["header_row"] == "2"
    wrong = send(delimiter="ab")
    assert wrong.status_code == 422
    assert "“ab”" in wrong.text
