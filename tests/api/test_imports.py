"""Imports over the API: upload, confirm, poll, cancel, and what was wrong with rows."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from flask import Flask

from pim.identity.permissions import Role
from tests.api.conftest import Api
from tests.api.sending import CHAIRS, IMPORT, send, sent, work
from tests.factories.identity import make_api_key, make_tenant
from tests.factories.imports import products, upload
from tests.factories.products import make_vocabulary


def test_rows_of_one_product_are_joined_unless_the_sender_says_otherwise(api: Api) -> None:
    text = "sku,lang,name\nA,en,Chair\nA,de,Stuhl\n"
    joined = sent(api, text)
    assert (joined["dialect"]["shape"], joined["row_count"]) == ("languages", 1)
    assert joined["headers"] == ["sku", "lang", "name", "name-de"]
    assert joined["sample_rows"] == [["A", "en", "Chair", "Stuhl"]]
    assert joined["suggested_mapping"]["lang"] is None
    plain = sent(api, text, shape="none")
    assert ("shape" in plain["dialect"], plain["row_count"]) == (False, 2)
    refused = send(api, text, shape="cube")
    assert (refused.status_code, refused.json["errors"][0]["path"]) == (422, "/shape")


def test_an_uploaded_file_is_answered_with_what_was_found_out(api: Api) -> None:
    found = sent(api)
    assert found["status"] == "mapping"
    assert (found["format"], found["row_count"], found["warnings"]) == ("csv", 2, [])
    assert found["dialect"]["delimiter"] == ";"
    assert found["headers"] == ["sku", "Name", "Price"]
    assert found["sample_rows"][0] == ["A", "Oslo chair", "149,00 €"]
    assert found["suggested_mapping"] == {"sku": "sku", "Name": "name", "Price": "price"}
    assert found["suggested_schema"]["fields"] == [
        {"name": "price", "type": "price", "required": False, "description": ""}
    ]
    assert found["suggestions"][2] == {
        "column": "Price",
        "target": "price",
        "type": "price",
        "confidence": 0.97,
        "reason": "the header says so",
        "by": "heuristic",
        "new": True,
        "transform": [],
    }
    assert found["suggested_by"] == "heuristic"
    assert "built-in rules" in found["note"]


def test_what_is_suggested_can_be_confirmed_as_it_is(api: Api) -> None:
    found = sent(api)
    body = {"schema": found["suggested_schema"], "mapping": found["suggested_mapping"]}
    answer = api.post(f"{IMPORT}{found['job_id']}/confirm/", body)
    assert answer.status_code == 202, answer.text
    assert answer.json["status"] == "pending"
    done = work(api, found["job_id"])
    assert done["status"] == "done"
    assert (done["row_count"], done["imported_count"], done["created_count"]) == (2, 2, 2)
    assert (done["failed_count"], done["superseded_count"], done["error"]) == (0, 0, None)
    assert len(done["change_set_ids"]) == 1
    assert done["finished_at"] >= done["started_at"] >= done["created_at"]
    chair = products(api.app, api.tenant)["A"]
    assert chair.data == {"price": {"amount": 149, "currency": "EUR"}}


def test_how_a_file_is_read_can_be_said(api: Api) -> None:
    found = sent(
        api,
        "title\nä|b\n1|2\n".encode("windows-1250"),
        encoding="windows-1250",
        delimiter="|",
        quote="none",
        header_row="2",
        query="?format=csv",
    )
    assert found["headers"] == ["ä", "b"]
    assert found["dialect"]["encoding"] == "windows-1250"
    assert found["dialect"]["quote"] is None


def test_json_and_xml_are_read_at_the_same_address(api: Api) -> None:
    found = sent(api, '{"items": [{"sku": "A", "size": {"w": 1.5}}]}', "shop.json")
    assert (found["format"], found["dialect"]["record_path"]) == ("json", "/items")
    assert found["headers"] == ["sku", "size.w"]


@pytest.mark.parametrize(
    ("content", "name", "more", "path", "code", "place"),
    [
        ("", "a.csv", {}, "/file", "empty_file", {"byte": 0, "line": 1}),
        ("a,b\n", "a.csv", {"header_row": "9"}, "/header_row", "no_header", {"line": 9}),
        ("a,b\n", "a.csv", {"encoding": "klingon"}, "/encoding", "unknown_encoding", {}),
        ("a,b\n", "a.csv", {"delimiter": "xy"}, "/delimiter", "bad_delimiter", {}),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(
    api: Api, content: str, name: str, more: dict[str, str], path: str, code: str, place: Any
) -> None:
    answer = send(api, content, name, **more)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    (error,) = answer.json["errors"]
    assert (error["path"], error["code"]) == (path, code)
    assert {name: answer.json[name] for name in place} == place


def test_a_request_without_a_file_is_refused(api: Api) -> None:
    assert api.post(IMPORT + "csv/", kind="text/csv", raw="a,b\n").status_code == 415
    answer = api.app.test_client().post(
        IMPORT + "csv/",
        data={"encoding": "utf-8"},
        content_type="multipart/form-data",
        headers={"Authorization": f"Bearer {api.key}"},
    )
    assert answer.status_code == 422
    assert answer.json["errors"][0]["path"] == "/file"


def test_what_is_wrong_with_a_confirmation_has_its_pointer(api: Api) -> None:
    job = sent(api)["job_id"]
    body = {
        "schema": {"fields": [{"name": "price", "type": "money"}]},
        "mapping": {"sku": "name", "Name": "name", "Nope": "x"},
        "options": {"mode": "maybe"},
    }
    answer = api.post(f"{IMPORT}{job}/confirm/", body)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json["errors"]] == [
        "/schema/fields/0/type",
        "/mapping/Name",
        "/mapping/Nope",
        "/options/mode",
    ]
    without = api.post(f"{IMPORT}{job}/confirm/", {"mapping": {"Name": "name"}})
    assert without.json["errors"][0]["code"] == "sku_missing"


def test_rows_with_errors_are_listed_and_come_back_exactly_as_csv(api: Api) -> None:
    content = 'sku,name,price\nA,"x, y",=1+1\n,z,1\nB,first,2\nB,second,3\n'
    found = sent(api, content)
    mapping = {"sku": "sku", "name": "name", "price": {"to": "price", "type": "price"}}
    api.post(f"{IMPORT}{found['job_id']}/confirm/", {"mapping": mapping})
    done = work(api, found["job_id"])
    assert (done["created_count"], done["failed_count"], done["superseded_count"]) == (1, 2, 1)
    errors = f"{IMPORT}{found['job_id']}/errors/"
    listed = api.get(errors + "?count=true").json
    assert listed["count"] == 3
    assert [(i["line"], i["severity"], i["code"]) for i in listed["items"]] == [
        (2, "error", "not_a_price"),
        (3, "error", "no_sku"),
        (4, "info", "superseded"),
    ]
    assert listed["items"][0]["row"] == ["A", "x, y", "=1+1"]
    first = api.get(errors + "?limit=1").json
    rest = api.get(errors + f"?limit=5&after={first['next']}").json
    assert [i["line"] for i in first["items"] + rest["items"]] == [2, 3, 4]
    answer = api.get(errors + "?format=csv")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["sku", "name", "price", "_line", "_error"]
    assert rows[1][:4] == ["A", "x, y", "=1+1", "2"]
    assert rows[2][:4] == ["", "z", "1", "3"]


def test_imports_are_listed_newest_first_page_by_page(api: Api) -> None:
    made = [sent(api)["job_id"] for _ in range(5)]
    page = api.get(IMPORT + "?limit=2&count=true").json
    assert page["count"] == 5
    seen = list(page["items"])
    while page["next"]:
        page = api.get(f"{IMPORT}?limit=2&after={page['next']}").json
        seen += page["items"]
    assert [item["id"] for item in seen] == made[::-1]
    assert api.get(IMPORT + "?after=nonsense").status_code == 400
    assert api.get(IMPORT + "?status=done").json["errors"][0]["code"] == "unknown_parameter"


def test_cancelling_twice_is_cancelling_once(api: Api) -> None:
    job = sent(api)["job_id"]
    for _ in range(2):
        answer = api.post(f"{IMPORT}{job}/cancel/")
        assert (answer.status_code, answer.json["status"]) == (200, "cancelled")
    late = api.post(f"{IMPORT}{job}/confirm/", {"mapping": {"sku": "sku"}})
    assert (late.status_code, late.json["code"]) == (409, "not_in_mapping")


def test_an_import_that_is_done_cannot_be_cancelled(api: Api) -> None:
    found = sent(api)
    api.post(f"{IMPORT}{found['job_id']}/confirm/", {"mapping": {"sku": "sku"}})
    work(api, found["job_id"])
    answer = api.post(f"{IMPORT}{found['job_id']}/cancel/")
    assert (answer.status_code, answer.json["code"]) == (409, "not_running")


def test_the_same_upload_with_the_same_key_is_one_import(api: Api) -> None:
    first = sent(api, headers={"Idempotency-Key": "summer"})
    assert sent(api, headers={"Idempotency-Key": "summer"})["job_id"] == first["job_id"]
    other = send(api, CHAIRS + "C;x;1\n", headers={"Idempotency-Key": "summer"})
    assert other.status_code == 422
    assert api.get(IMPORT + "?count=true").json["count"] == 1


def test_an_editors_key_imports_but_changes_no_schema(app: Flask, api: Api) -> None:
    make_vocabulary(app, api.tenant, [("brand", "string")])
    editor = Api(app, api.tenant, make_api_key(app, api.tenant, Role.EDITOR))
    job = sent(editor)["job_id"]
    adding = {"mapping": {"sku": "sku", "Price": {"to": "price", "type": "price"}}}
    assert editor.post(f"{IMPORT}{job}/confirm/", adding).status_code == 403
    fitting = {"mapping": {"sku": "sku", "Name": "brand"}}
    assert editor.post(f"{IMPORT}{job}/confirm/", fitting).status_code == 202


def test_another_tenants_import_is_not_there(app: Flask, api: Api) -> None:
    job = upload(app, make_tenant(app), CHAIRS)
    for method, path in (
        ("GET", f"{IMPORT}{job.id}/"),
        ("GET", f"{IMPORT}{job.id}/errors/"),
        ("POST", f"{IMPORT}{job.id}/cancel/"),
    ):
        assert api.send(method, path).status_code == 404
    confirming = api.post(f"{IMPORT}{job.id}/confirm/", {"mapping": {"sku": "sku"}})
    assert confirming.status_code == 404
    assert api.get(IMPORT).json["items"] == []


def test_a_file_beyond_the_limit_is_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    from pim.core import settings

    with api.app.app_context():
        small = settings().model_copy(update={"pim_max_upload_bytes": 2_000})
    monkeypatch.setattr("pim.imports.examining.settings", lambda: small)
    answer = send(api, "sku\n" + "A\n" * 2_000)
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")
