"""Saved mappings and repeated files on the pages, with and without htmx."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from pim.core.db import transaction
from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from pim.imports import profiles
from pim.imports.check import run_check
from pim.imports.profile_rules import parse_draft
from pim.schema import service as schema
from pim.schema.queries import current_vocabulary
from tests.factories.identity import TestTenant, client_of, csrf_token, make_tenant
from tests.factories.imports import confirm, fetch, run, upload
from tests.factories.products import make_vocabulary
from tests.web.reading import Element, faults, read

PAGE = "/pim/import/profiles"
FILE = "Artikel;Titel;Preis;Rest\nA;Sessel;149,00;x\nB;Lampe;39,90;y\n"
MAPPING = {"Artikel": "sku", "Titel": "name", "Preis": "price", "Rest": None}


@pytest.fixture
def shop(app: Flask, tenant: TestTenant) -> TestTenant:
    make_vocabulary(app, tenant, [("price", "price"), ("cost", "price")])
    return tenant


def save(app: Flask, tenant: TestTenant, name: str = "Fjord", **more: Any) -> int:
    """A saved mapping nobody in particular made."""
    with app.app_context(), tenant_scope(tenant.id), transaction():
        body = {"name": name, "mapping": MAPPING, **more}
        return profiles.create_profile(parse_draft(body, current_vocabulary())).id


def page(client: FlaskClient, path: str, status: int = 200) -> Element:
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:2000]
    found = read(answer.text)
    assert faults(found) == []
    return found


def post(client: FlaskClient, path: str, data: dict[str, Any] | None = None) -> Any:
    return client.post(path, data={"csrf_token": csrf_token(client), **(data or {})})


def edited(**changes: str) -> dict[str, str]:
    """What the browser sends of the form of a saved mapping."""
    form = {"name": "Fjord", "version": "1", "to-0": "sku", "to-1": "name", "to-2": "price"}
    return {**form, "to-3": "", **changes}


# The steps of the second column, as their form sends them.
TRIMMED = {"steps-1": "1", "step-1-0": "trim"}


def wizard(client: FlaskClient, **more: str) -> dict[str, str]:
    """What the browser sends of the mapping form."""
    form = {"to-0": "sku", "to-1": "name", "to-2": "field:price", "to-3": ""}
    return {**form, "blank": "keep", "on_error": "skip_row", "mode": "upsert", **more}


def test_an_import_is_saved_under_a_name_and_found_again(app: Flask, shop: TestTenant) -> None:
    client = client_of(app, shop)
    job = upload(app, shop, FILE)
    assert "Save this mapping as…" in page(client, f"/pim/import/{job.id}").text()
    answer = post(client, f"/pim/import/{job.id}/confirm", wizard(client, save_as=" Fjord  AS "))
    assert answer.status_code == 303, answer.text[:3000]
    listed = page(client, PAGE)
    assert "Fjord AS" in listed.text()
    assert "Artikel → SKU, Titel → Name, Preis → price" in listed.text()
    assert fetch(app, shop, job).profile_name == "Fjord AS"


def test_a_name_that_is_taken_starts_nothing_and_keeps_the_choices(
    app: Flask, shop: TestTenant
) -> None:
    save(app, shop)
    client = client_of(app, shop)
    job = upload(app, shop, FILE)
    answer = post(
        client, f"/pim/import/{job.id}/confirm", wizard(client, save_as="fjord", **{"to-2": ""})
    )
    assert answer.status_code == 422
    shown = read(answer.text)
    assert "There is a saved mapping called “fjord” already" in shown.text()
    name = next(f for f in shown.all("input") if f.attrs.get("name") == "save_as")
    assert name.attrs["value"] == "fjord"
    assert fetch(app, shop, job).status == "mapping"


def test_the_best_fitting_mapping_is_offered_first(app: Flask, shop: TestTenant) -> None:
    save(app, shop, "Other", mapping={"Artikel": "sku", "Farbe": None, "Kosten": "cost"})
    save(app, shop, "Stranger", mapping={"id": "sku"})
    exact = save(app, shop)
    client = client_of(app, shop)
    job = upload(app, shop, FILE)
    shown = page(client, f"/pim/import/{job.id}")
    select = next(s for s in shown.all("select") if s.attrs.get("name") == "profile")
    options = [(o.attrs["value"], o.text()) for o in select.all("option")]
    assert options[:2] == [("", "— none —"), (str(exact), "Fjord (all columns)")]
    assert options[2][1] == "Other (knows 1 of 4 columns)"
    assert len(options) == 3


def test_a_mapping_is_applied_and_what_does_not_fit_is_said(app: Flask, shop: TestTenant) -> None:
    chosen = save(app, shop, mapping={**MAPPING, "Preis": "cost", "Marke": "price"})
    client = client_of(app, shop)
    job = upload(app, shop, FILE.replace("Rest", "Neu"))
    answer = post(client, f"/pim/import/{job.id}/profile", {"profile": str(chosen)})
    assert answer.status_code == 303
    shown = page(client, f"/pim/import/{job.id}")
    words = shown.text()
    assert "The saved mapping “Fjord” takes it to cost." in words
    assert "It doesn't know this column, which is suggested anew: Neu." in words
    assert "It maps a column this file doesn't have: Marke." in words
    select = next(s for s in shown.all("select") if s.attrs.get("name") == "to-2")
    (option,) = [o for o in select.all("option") if "selected" in o.attrs]
    assert option.attrs["value"] == "field:cost"
    post(client, f"/pim/import/{job.id}/profile", {"profile": ""})
    assert "takes it to cost" not in page(client, f"/pim/import/{job.id}").text()


def test_options_come_with_the_mapping(app: Flask, shop: TestTenant) -> None:
    chosen = save(app, shop, options={"blank": "clear", "mode": "update_only"})
    client = client_of(app, shop)
    job = upload(app, shop, FILE)
    post(client, f"/pim/import/{job.id}/profile", {"profile": str(chosen)})
    shown = page(client, f"/pim/import/{job.id}")
    checked = {
        each.attrs["name"]: each.attrs["value"]
        for each in shown.all("input")
        if each.attrs.get("type") == "radio" and "checked" in each.attrs
    }
    assert (checked["blank"], checked["mode"]) == ("clear", "update_only")


@pytest.mark.parametrize("chosen", ["x", "²", "99999999999999999999", "-1"])
def test_a_choice_that_is_none_is_refused(app: Flask, shop: TestTenant, chosen: str) -> None:
    job = upload(app, shop, FILE)
    answer = post(client_of(app, shop), f"/pim/import/{job.id}/profile", {"profile": chosen})
    assert answer.status_code == 422


def test_a_saved_mapping_is_changed(app: Flask, shop: TestTenant) -> None:
    one = f"{PAGE}/{save(app, shop)}"
    client = client_of(app, shop)
    assert "Preis" in page(client, one).text()
    sent = edited(name="Fjord AS", blank="clear", **{"to-2": "cost", **TRIMMED})
    assert post(client, one, sent).status_code == 303
    with app.app_context(), tenant_scope(shop.id):
        profile = profiles.profile_named("fjord as")
        assert profile.mapping["Preis"] == {"to": "cost", "type": "price"}
        assert profile.mapping["Titel"] == {"to": "name", "type": "string", "transform": ["trim"]}
        assert profile.options == {"blank": "clear"}
        assert profile.version == 2


def test_steps_are_added_and_removed_without_saving(app: Flask, shop: TestTenant) -> None:
    one = f"{PAGE}/{save(app, shop)}"
    client = client_of(app, shop)
    opened = post(client, f"{one}/form", edited(do="open-1", **{"steps-1": "0"}))
    assert opened.status_code == 200
    assert "What happens to the values of “Titel”" in read(opened.text).text()
    sent = edited(do="add-1", **{"steps-1": "0", "add-1": "trim", "open-1": "1"})
    added = read(post(client, f"{one}/form", sent).text)
    fields = {each.attrs.get("name"): each.attrs.get("value") for each in added.all("input")}
    assert (fields["steps-1"], fields["step-1-0"]) == ("1", "trim")
    removed = post(client, f"{one}/form", edited(do="remove-1-0", **TRIMMED))
    assert 'name="step-1-0"' not in removed.text
    for nonsense in ("", "add", "add-99", "up-1-²", "fly-1"):
        assert post(client, f"{one}/form", edited(do=nonsense)).status_code == 200
    with app.app_context(), tenant_scope(shop.id):
        assert profiles.profile_named("fjord").version == 1


def test_what_cannot_be_saved_stands_beside_its_column(app: Flask, shop: TestTenant) -> None:
    save(app, shop, "Taken")
    one = f"{PAGE}/{save(app, shop)}"
    client = client_of(app, shop)
    for changes, words in (
        ({"to-0": ""}, "Choose the column that holds the SKU"),
        ({"to-2": "name"}, "Preis: "),
        ({"steps-1": "1", "step-1-0": "replace"}, "Titel: "),
        ({"name": "taken"}, "There is a saved mapping called “taken” already"),
        ({"name": ""}, "Give the mapping a name."),
    ):
        answer = post(client, one, edited(**changes))
        assert answer.status_code == 422, changes
        assert words in read(answer.text).text(), changes


def test_a_stale_edit_is_refused_and_keeps_what_was_typed(app: Flask, shop: TestTenant) -> None:
    one = f"{PAGE}/{save(app, shop)}"
    client = client_of(app, shop)
    assert post(client, one, edited(name="First")).status_code == 303
    answer = post(client, one, edited(name="Second"))
    assert answer.status_code == 409
    shown = read(answer.text)
    assert "Somebody changed this mapping since you opened it" in shown.text()
    name = next(f for f in shown.all("input") if f.attrs.get("name") == "name")
    assert name.attrs["value"] == "Second"


def test_a_field_that_went_is_shown_as_gone(app: Flask, shop: TestTenant) -> None:
    one = f"{PAGE}/{save(app, shop)}"
    with app.app_context(), tenant_scope(shop.id), transaction():
        schema.delete_field("price", remove_values=False)
    client = client_of(app, shop)
    assert "price (no longer in the schema)" in page(client, one).text()
    assert post(client, one, edited()).status_code == 422


def test_deleting_asks_first(app: Flask, shop: TestTenant) -> None:
    one = f"{PAGE}/{save(app, shop)}"
    client = client_of(app, shop)
    assert "Delete the saved mapping Fjord?" in page(client, f"{one}/delete").text()
    assert post(client, f"{one}/delete").status_code == 303
    assert "No saved mappings yet" in page(client, PAGE).text()


def test_an_editor_deletes_only_their_own(app: Flask, shop: TestTenant) -> None:
    others = f"{PAGE}/{save(app, shop)}"
    client = client_of(app, shop, Role.EDITOR)
    assert "Delete" not in page(client, others).text()
    assert post(client, f"{others}/delete").status_code == 403
    job = upload(app, shop, FILE)
    post(client, f"/pim/import/{job.id}/confirm", wizard(client, save_as="Mine"))
    with app.app_context(), tenant_scope(shop.id):
        mine = profiles.profile_named("Mine").id
    assert post(client, f"{PAGE}/{mine}/delete").status_code == 303


def test_a_viewer_looks_and_changes_nothing(app: Flask, shop: TestTenant) -> None:
    one = f"{PAGE}/{save(app, shop)}"
    client = client_of(app, shop, Role.VIEWER)
    assert [b for b in page(client, one).all("button") if b.text() == "Save"] == []
    page(client, PAGE)
    assert post(client, one, edited()).status_code == 403


def test_another_tenants_mapping_is_neither_listed_nor_used(app: Flask, shop: TestTenant) -> None:
    one = save(app, shop)
    other = make_tenant(app)
    client = client_of(app, other)
    assert "Fjord" not in page(client, PAGE).text()
    assert client.get(f"{PAGE}/{one}").status_code == 404
    job = upload(app, other, FILE)
    assert "Fjord" not in page(client, f"/pim/import/{job.id}").text()
    answer = post(client, f"/pim/import/{job.id}/profile", {"profile": str(one)})
    assert answer.status_code == 404


def test_names_and_headers_are_shown_as_they_are(app: Flask, shop: TestTenant) -> None:
    evil = "<script>alert(1)</script>"
    one = save(app, shop, evil, mapping={evil: "sku"})
    client = client_of(app, shop)
    for path in (PAGE, f"{PAGE}/{one}", f"{PAGE}/{one}/delete"):
        shown = page(client, path)
        assert evil in shown.text()
        assert all("alert(1)" not in script.text() for script in shown.all("script"))


def test_a_file_sent_before_is_said_to_be_one_with_its_result(app: Flask, shop: TestTenant) -> None:
    client = client_of(app, shop)
    first = upload(app, shop, FILE, "fjord.csv")
    confirm(app, shop, first, {"mapping": {"Artikel": "sku"}})
    run(app, shop, first)
    answer = post(client, "/pim/import", {"file": (io.BytesIO(FILE.encode()), "again.csv")})
    shown = page(client, answer.location)
    assert "The same file was imported just now as “fjord.csv”: 2 new." in shown.text()
    assert f"/pim/import/{first.id}" in [a.attrs.get("href") for a in shown.all("a")]


def test_the_files_screen_leads_to_the_saved_mappings(app: Flask, shop: TestTenant) -> None:
    shown = page(client_of(app, shop), "/pim/imports")
    assert PAGE in [a.attrs.get("href") for a in shown.all("a")]


def test_a_name_given_before_a_check_is_used_when_it_is_imported(
    app: Flask, shop: TestTenant
) -> None:
    client = client_of(app, shop)
    job = upload(app, shop, FILE)
    address = f"/pim/import/{job.id}"
    assert post(client, f"{address}/check", wizard(client, save_as="Fjord")).status_code == 303
    with app.app_context():
        run_check(shop.id, job.id)
    shown = page(client, address)
    name = next(f for f in shown.all("input") if f.attrs.get("name") == "save_as")
    assert name.attrs["value"] == "Fjord"
    assert post(client, f"{address}/check/import").status_code == 303
    assert "Fjord" in page(client, PAGE).text()
