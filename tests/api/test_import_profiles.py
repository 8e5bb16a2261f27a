"""Saved mappings over the API, and files that were sent before."""

from __future__ import annotations

import io
from typing import Any

import pytest
from werkzeug.test import TestResponse

from pim.identity.permissions import Role
from pim.imports.models import ImportJob
from tests.api.conftest import Api
from tests.factories.identity import make_api_key, make_tenant
from tests.factories.imports import products, run
from tests.factories.products import make_vocabulary

IMPORT = "/api/pim/import/"
PROFILES = IMPORT + "profiles/"
FILE = "Artikel;Titel;Preis;Rest\nA;Sessel;149,00;x\nB;Lampe;39,90;y\n"
SUPPLIER: dict[str, Any] = {
    "name": "Fjord",
    "headers": ["Artikel", "Titel", "Preis", "Rest"],
    "mapping": {"Artikel": "sku", "Titel": "name", "Preis": "price", "Rest": None},
    "options": {"blank": "clear"},
}


@pytest.fixture
def shop(api: Api) -> Api:
    """A tenant with a schema."""
    make_vocabulary(api.app, api.tenant, [("price", "price"), ("cost", "price")])
    return api


def saved(api: Api, **changes: Any) -> dict[str, Any]:
    answer = api.post(PROFILES, {**SUPPLIER, **changes})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def sent(api: Api, content: str = FILE, name: str = "fjord.csv", **more: str) -> dict[str, Any]:
    answer = send(api, content, name, **more)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def send(api: Api, content: str, name: str = "fjord.csv", **more: str) -> TestResponse:
    return api.app.test_client().post(
        IMPORT + "csv/",
        data={"file": (io.BytesIO(content.encode()), name), **more},
        headers={"Authorization": f"Bearer {api.key}"},
    )


def problems(answer: TestResponse) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(each["path"], each["code"]) for each in answer.json["errors"]]


def test_a_mapping_is_saved_read_changed_and_deleted(shop: Api) -> None:
    made = shop.post(PROFILES, SUPPLIER)
    assert made.status_code == 201
    profile = made.json
    assert made.headers["Location"] == f"{PROFILES}{profile['id']}/"
    assert profile["mapping"] == {
        "Artikel": {"to": "sku", "type": "string"},
        "Titel": {"to": "name", "type": "string"},
        "Preis": {"to": "price", "type": "price"},
        "Rest": None,
    }
    assert profile["options"] == {"blank": "clear"}
    assert (profile["version"], profile["used_at"], profile["used_by"]) == (1, None, None)
    assert profile["created_by"] == profile["updated_by"]

    one = f"{PROFILES}{profile['id']}/"
    read = shop.get(one)
    assert (read.json, read.headers["ETag"]) == (profile, '"1"')
    changed = shop.send(
        "PUT", one, {**SUPPLIER, "name": "Fjord 2"}, headers={"If-Match": read.headers["ETag"]}
    )
    assert (changed.status_code, changed.json["name"], changed.json["version"]) == (
        200,
        "Fjord 2",
        2,
    )
    assert [each["name"] for each in shop.get(PROFILES).json["items"]] == ["Fjord 2"]
    assert shop.send("DELETE", one).status_code == 204
    assert shop.get(one).status_code == 404


def test_a_stale_change_is_refused(shop: Api) -> None:
    one = f"{PROFILES}{saved(shop)['id']}/"
    shop.send("PUT", one, {**SUPPLIER, "name": "Other"})
    for method in ("PUT", "DELETE"):
        answer = shop.send(method, one, SUPPLIER, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.json["code"]) == (412, "stale_version")
    assert shop.get(one).json["name"] == "Other"


def test_names_are_told_apart_without_case(shop: Api) -> None:
    saved(shop)
    assert problems(shop.post(PROFILES, {**SUPPLIER, "name": " fjord "})) == [
        ("/name", "name_taken")
    ]
    other = saved(shop, name="Lumo")
    answer = shop.send("PUT", f"{PROFILES}{other['id']}/", {**SUPPLIER, "name": "FJORD"})
    assert problems(answer) == [("/name", "name_taken")]


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"name": " "}, "/name", "required"),
        ({"name": 7}, "/name", "required"),
        ({"name": "n" * 81}, "/name", "too_long"),
        ({"name": "a\u0007b"}, "/name", "bad_name"),
        ({"mapping": {"Artikel": "sku", "Titel": "nowhere"}}, "/mapping/Titel", "unknown_field"),
        (
            {"mapping": {"Artikel": "sku", "Titel": {"to": "nowhere", "type": "number"}}},
            "/mapping/Titel",
            "unknown_field",
        ),
        ({"mapping": {"Titel": "name"}}, "/mapping", "sku_missing"),
        ({"mapping": {"Artikel": "sku", "A/B": "name"}}, "/mapping/A~1B", "unknown_column"),
        ({"headers": ["Artikel", "Artikel"]}, "/headers", "bad_headers"),
        ({"options": {"blank": "maybe"}}, "/options/blank", "unknown_choice"),
        ({"dialect": {"delimiter": ";", "colour": "red"}}, "/dialect/colour", "unknown_key"),
        ({"dialect": {"header_row": "first"}}, "/dialect/header_row", "bad_header_row"),
        ({"extra": 1}, "/extra", "unknown_key"),
    ],
)
def test_what_cannot_be_saved_is_named_with_its_place(
    shop: Api, change: dict[str, Any], path: str, code: str
) -> None:
    assert (path, code) in problems(shop.post(PROFILES, {**SUPPLIER, **change}))
    assert shop.get(PROFILES).json["items"] == []


def test_the_list_goes_by_name_in_pages(shop: Api) -> None:
    for name in ("beta", "Alpha", "gamma"):
        saved(shop, name=name)
    first = shop.get(PROFILES + "?limit=2&count=true").json
    assert ([each["name"] for each in first["items"]], first["count"]) == (["Alpha", "beta"], 3)
    rest = shop.get(f"{PROFILES}?limit=2&after={first['next']}").json
    assert ([each["name"] for each in rest["items"]], rest["next"]) == (["gamma"], None)


def test_an_import_is_confirmed_with_a_saved_mapping(shop: Api) -> None:
    profile = saved(shop)
    job = sent(shop)
    answer = shop.post(f"{IMPORT}{job['job_id']}/confirm/", {"profile": "fjord"})
    assert (answer.status_code, answer.json["profile"]) == (202, "Fjord")
    run(shop.app, shop.tenant, ImportJob(id=job["job_id"]))
    found = products(shop.app, shop.tenant)
    assert {sku: each.name for sku, each in found.items()} == {"A": "Sessel", "B": "Lampe"}
    used = shop.get(f"{PROFILES}{profile['id']}/").json
    assert used["used_at"] is not None
    assert used["used_by"] == used["created_by"]


def test_what_the_body_says_comes_before_the_saved_mapping(shop: Api) -> None:
    saved(shop)
    job = sent(shop)
    body = {"profile": "Fjord", "mapping": {"Preis": "cost"}, "options": {"mode": "create_only"}}
    assert shop.post(f"{IMPORT}{job['job_id']}/confirm/", body).status_code == 202
    run(shop.app, shop.tenant, ImportJob(id=job["job_id"]))
    data = products(shop.app, shop.tenant)["A"].data
    assert set(data) == {"cost"}


def test_a_check_takes_a_saved_mapping_too(shop: Api) -> None:
    saved(shop)
    job = sent(shop)
    answer = shop.post(f"{IMPORT}{job['job_id']}/check/", {"profile": "Fjord"})
    assert (answer.status_code, answer.json["profile"]) == (202, "Fjord")


def test_columns_the_file_lacks_are_told_and_the_others_imported(shop: Api) -> None:
    saved(shop)
    job = sent(shop, "TITEL;artikel;Neu\nSessel;A;x\nLampe;B;y\n")
    answer = shop.post(f"{IMPORT}{job['job_id']}/confirm/", {"profile": "Fjord"})
    assert answer.status_code == 202
    assert answer.json["warnings"] == [
        "“Fjord” also maps a column this file doesn't have: “Preis”."
    ]
    run(shop.app, shop.tenant, ImportJob(id=job["job_id"]))
    assert products(shop.app, shop.tenant)["A"].name == "Sessel"


def test_a_file_without_the_sku_column_is_refused(shop: Api) -> None:
    saved(shop)
    job = sent(shop, "Nummer;Titel\nA;Sessel\n")
    confirm = f"{IMPORT}{job['job_id']}/confirm/"
    assert problems(shop.post(confirm, {"profile": "Fjord"})) == [
        ("/mapping/Artikel", "sku_column_missing")
    ]
    body = {"profile": "Fjord", "mapping": {"Nummer": "sku"}}
    assert shop.post(confirm, body).status_code == 202


def test_a_name_nobody_saved_is_refused(shop: Api) -> None:
    job = sent(shop)
    for name in ("Fjord", "", "\x00"):
        answer = shop.post(f"{IMPORT}{job['job_id']}/confirm/", {"profile": name})
        assert answer.status_code in (400, 422)
        assert answer.json["errors"][0]["path"] == "/profile"
    assert problems(shop.post(f"{IMPORT}{job['job_id']}/confirm/", {"profile": 3})) == [
        ("/profile", "not_a_text")
    ]
    assert problems(send(shop, FILE, profile="Fjord")) == [("/profile", "unknown_profile")]


def test_a_field_that_went_is_not_made_again(shop: Api) -> None:
    saved(shop)
    job = sent(shop)
    definition = shop.get("/api/pim/schema/").json
    definition["fields"] = [each for each in definition["fields"] if each["name"] != "price"]
    assert shop.send("PUT", "/api/pim/schema/", definition).status_code == 200
    answer = shop.post(f"{IMPORT}{job['job_id']}/confirm/", {"profile": "Fjord"})
    assert problems(answer) == [("/mapping/Preis", "unknown_field")]


def test_an_upload_can_ask_a_saved_mapping(shop: Api) -> None:
    saved(shop, mapping={"Artikel": "sku", "Titel": None, "Preis": "cost"})
    found = sent(shop, FILE.replace("Rest", "Neu"), profile="fjord")
    assert {each["column"]: (each["target"], each["by"]) for each in found["suggestions"][:3]} == {
        "Artikel": ("sku", "memory"),
        "Titel": (None, "memory"),
        "Preis": ("cost", "memory"),
    }
    assert found["suggestions"][2]["reason"] == "The saved mapping “Fjord” takes it to cost."
    assert found["profile"] == {"name": "Fjord", "unknown": ["Neu"], "missing": []}


def test_a_saved_mapping_brings_how_its_files_are_read(shop: Api) -> None:
    saved(shop, dialect={"header_row": "2"})
    found = sent(shop, "Fjord AS;;;\n" + FILE, profile="Fjord")
    assert found["headers"] == ["Artikel", "Titel", "Preis", "Rest"]
    assert found["dialect"]["header_row"] == 2


def test_the_mapping_of_an_import_is_saved(shop: Api) -> None:
    job = sent(shop)
    body = {"name": "From a file", "import_id": job["job_id"]}
    assert shop.post(PROFILES, body).json["code"] == "no_mapping_yet"
    mapping = {
        "Artikel": "sku",
        "Titel": {"to": "name", "transform": ["trim"]},
        "Preis": {"to": "gross", "type": "price"},
    }
    options = {"on_error": "skip_value"}
    confirm = f"{IMPORT}{job['job_id']}/confirm/"
    assert shop.post(confirm, {"mapping": mapping, "options": options}).status_code == 202
    made = shop.post(PROFILES, body)
    assert made.status_code == 201, made.text
    assert made.json["mapping"]["Preis"] == {"to": "gross", "type": "price"}
    assert made.json["mapping"]["Rest"] is None
    assert made.json["mapping"]["Titel"]["transform"] == ["trim"]
    assert made.json["options"]["on_error"] == "skip_value"
    assert problems(shop.post(PROFILES, {**body, "name": "Two", "mapping": {}})) == [
        ("/mapping", "not_with_import_id")
    ]


def test_only_its_maker_or_a_manager_deletes_a_saved_mapping(shop: Api) -> None:
    one = f"{PROFILES}{saved(shop)['id']}/"
    editor = Api(shop.app, shop.tenant, make_api_key(shop.app, shop.tenant, Role.EDITOR))
    assert editor.send("PUT", one, {**SUPPLIER, "name": "Ours"}).status_code == 200
    assert editor.send("DELETE", one).status_code == 403
    own = f"{PROFILES}{saved(editor, name='Mine')['id']}/"
    assert editor.send("DELETE", own).status_code == 204
    manager = Api(shop.app, shop.tenant, make_api_key(shop.app, shop.tenant, Role.MANAGER))
    assert manager.send("DELETE", one).status_code == 204
    viewer = Api(shop.app, shop.tenant, make_api_key(shop.app, shop.tenant, Role.VIEWER))
    assert viewer.get(PROFILES).status_code == 200
    assert viewer.post(PROFILES, SUPPLIER).status_code == 403


def test_another_tenants_saved_mappings_are_not_there(shop: Api) -> None:
    one = f"{PROFILES}{saved(shop)['id']}/"
    tenant = make_tenant(shop.app)
    make_vocabulary(shop.app, tenant, [("price", "price")])
    other = Api(shop.app, tenant, make_api_key(shop.app, tenant, Role.ADMIN))
    assert other.get(PROFILES).json["items"] == []
    assert other.get(one).status_code == 404
    assert other.send("PUT", one, SUPPLIER).status_code == 404
    assert other.send("DELETE", one).status_code == 404
    job = sent(other)
    answer = other.post(f"{IMPORT}{job['job_id']}/confirm/", {"profile": "Fjord"})
    assert problems(answer) == [("/profile", "unknown_profile")]
    saved(other)  # the same name is free here


def test_a_file_sent_before_is_said_to_be_one(shop: Api) -> None:
    first = sent(shop)
    assert first["repeats"] is None
    shop.post(f"{IMPORT}{first['job_id']}/confirm/", {"mapping": {"Artikel": "sku"}})
    run(shop.app, shop.tenant, ImportJob(id=first["job_id"]))
    sent(shop)  # never confirmed: the one that was done tells more
    again = sent(shop, name="renamed.csv")
    assert again["repeats"]["job_id"] == first["job_id"]
    assert (again["repeats"]["status"], again["repeats"]["filename"]) == ("done", "fjord.csv")
    assert again["repeats"]["counts"] == {
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "superseded": 0,
        "failed": 0,
    }
    assert again["repeats"]["finished_at"] is not None
    assert again["warnings"] == ["The same file was imported just now as “fjord.csv”: 2 new."]
    answer = shop.post(f"{IMPORT}{again['job_id']}/confirm/", {"mapping": {"Artikel": "sku"}})
    assert answer.status_code == 202  # nothing is refused


def test_another_tenants_same_file_is_not_told(shop: Api) -> None:
    sent(shop)
    other = make_tenant(shop.app)
    found = sent(Api(shop.app, other, make_api_key(shop.app, other, Role.ADMIN)))
    assert (found["repeats"], found["warnings"]) == (None, [])
