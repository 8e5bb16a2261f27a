"""The page of a check, as a person uses it: with and without htmx."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from pim.imports import check, check_pages
from pim.imports.models import ImportJob
from pim.schema.queries import current_vocabulary
from tests.factories.identity import TestTenant, client_of
from tests.factories.imports import fetch, products, run
from tests.factories.products import make_product, make_vocabulary
from tests.web.people import HTMX, Person
from tests.web.reading import Element, faults

CHAIRS = "sku,name,n\nA,Oslo chair,1\nB,<b>Brass</b> lamp,2\nC,Hale shelf,many\nC2,Shelf,many\n"


@pytest.fixture
def person(app: Flask, tenant: TestTenant) -> Person:
    make_vocabulary(app, tenant, [("n", "number")])
    make_product(app, tenant, "A", "Chair", n=1)
    return Person(app, tenant, client_of(app, tenant))


def job_of(address: str) -> ImportJob:
    return ImportJob(id=int(address.rsplit("/", 1)[1]))


def checked(person: Person, content: str = CHAIRS, **form: Any) -> str:
    """Upload a file and check it as it is mapped; the address of the check."""
    address = person.upload(content)
    chosen = {"to-2": "field:n"} if content is CHAIRS else {}
    answer = person.post(f"{address}/check", chosen | form)
    assert answer.status_code == 303, answer.text[:2000]
    assert answer.location == f"{address}/check"
    with person.app.app_context():
        check.run_check(person.tenant.id, job_of(address).id)
    return f"{address}/check"


def words(page: Element) -> str:
    return page.text()


def test_the_page_says_what_would_become_of_each_row(person: Person) -> None:
    address = checked(person)
    page = person.get(address)
    assert not faults(page)
    told = words(page)
    assert "Ready to import" in told
    assert "What is wrong with rows" in told
    assert "not a number" in told
    assert "many" in told
    assert "Oslo chair" in told
    assert "<b>Brass</b> lamp" in told, "shown as it is, not run"
    assert products(person.app, person.tenant).keys() == {"A"}


def test_import_now_imports_what_was_checked_with_the_same_options(person: Person) -> None:
    address = checked(person, on_error="skip_value")
    answer = person.post(f"{address}/import")
    assert answer.status_code == 303
    done = run(person.app, person.tenant, job_of(address.removesuffix("/check")))
    assert done.status == "done"
    assert done.options["on_error"] == "skip_value"
    assert (done.created_count, done.updated_count, done.failed_count) == (3, 1, 0)
    assert person.client.get(address).status_code == 303, "there is nothing to check any more"


def test_going_back_to_the_mapping_keeps_every_choice(person: Person) -> None:
    address = checked(person, **{"to-2": "", "mode": "create_only"})
    page = person.get(address.removesuffix("/check"))
    chosen = {
        select.attrs["name"]: option.attrs.get("value", "")
        for select in page.all("select")
        for option in select.all("option")
        if "selected" in option.attrs
    }
    chosen |= {
        radio.attrs["name"]: radio.attrs["value"]
        for radio in page.all("input")
        if radio.attrs.get("type") == "radio" and "checked" in radio.attrs
    }
    assert chosen["mode"] == "create_only"
    assert chosen.get("to-2", "") == ""
    assert chosen["to-0"] == "sku"


def test_the_values_are_filtered_by_sku_field_and_kind_and_the_address_holds_it(
    person: Person,
) -> None:
    address = checked(person, on_error="skip_value")
    assert "Brass" not in words(person.get(f"{address}?sku=a&status=update"))
    only_n = words(person.get(f"{address}?field=n"))
    assert "Brass" not in only_n
    assert "No value like that would change" in words(person.get(f"{address}?sku=nothing"))
    part = person.client.get(f"{address}?sku=b", headers=HTMX)
    assert "<html" not in part.text
    assert 'value="b"' in part.text


def test_many_values_are_shown_in_pages(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_pages, "CELLS_A_PAGE", 2)
    address = checked(person, on_error="skip_value")
    seen, here = "", address
    for _ in range(10):
        page = person.get(here)
        seen += words(page)
        following = [a.attrs["href"] for a in page.all("a") if a.attrs.get("rel") == "next"]
        if not following:
            break
        here = following[0]
    assert here != address
    assert all(name in seen for name in ("Oslo chair", "Brass", "Hale shelf"))
    person.get(f"{address}?after=nonsense", status=400)


def test_a_check_that_runs_shows_how_far_it_is_and_can_be_stopped(person: Person) -> None:
    mapping = person.upload(CHAIRS)
    address = f"{mapping}/check"
    person.post(address)
    assert person.client.get(mapping).location == address
    page = person.get(address)
    assert not faults(page)
    assert "Waiting for a worker" in words(page)
    assert 'hx-trigger="every 1s"' in person.client.get(address).text
    answer = person.post(f"{address}/stop")
    assert (answer.status_code, answer.location) == (303, mapping)
    with person.app.app_context():
        check.run_check(person.tenant.id, job_of(mapping).id)
    assert "hasn't been checked" in words(person.get(address))


def test_a_mapping_that_can_t_be_imported_is_refused_where_it_stands(person: Person) -> None:
    mapping = person.upload(CHAIRS)
    answer = person.post(f"{mapping}/check", {"to-0": ""})
    assert answer.status_code == 422
    assert "Choose the column that holds the SKU" in answer.text
    assert fetch(person.app, person.tenant, job_of(mapping)).status == "mapping"


def test_a_file_that_changes_nothing_says_so(person: Person) -> None:
    page = person.get(checked(person, "sku,name,n\na,Chair,1\n"))
    assert "Nothing would change" in words(page)
    assert "No value would change" in words(page)


def test_who_may_only_look_sees_no_button(app: Flask, person: Person) -> None:
    address = checked(person)
    viewer = Person(app, person.tenant, client_of(app, person.tenant, Role.VIEWER))
    page = viewer.get(address)
    assert "Import now" not in words(page)
    assert viewer.post(f"{address}/import").status_code == 403


def test_checking_adds_no_field(app: Flask, person: Person) -> None:
    checked(person, "sku,brand\nA,Fjord\n", **{"to-1": "new", "new-1": "brand", "type-1": "string"})
    with app.app_context(), tenant_scope(person.tenant.id):
        assert current_vocabulary().names == ("n",)


def test_what_would_be_deactivated_is_said_before_and_asked_after(person: Person) -> None:
    make_product(person.app, person.tenant, "GONE", "Old lamp")
    page = person.get(checked(person, "sku,name\na,Chair\n", absent="deactivate"))
    assert "1 active product of 2 is not in the file" in words(page)
    assert not faults(page)
    address = person.upload("sku,name\na,Chair\n")
    answer = person.post(f"{address}/confirm", {"absent": "deactivate"})
    assert answer.status_code == 303, answer.text
    run(person.app, person.tenant, job_of(address))
    page = person.get(address)
    assert not faults(page)
    assert "Deactivate 1 product?" in words(page)
    assert person.post(f"{address}/absent", {"deactivate": "1"}).status_code == 303
    assert run(person.app, person.tenant, job_of(address)).deactivated_count == 1
    assert "deactivated, not in the file" in words(person.get(address))
    assert person.post(f"{address}/absent").status_code == 303, "it asks no more"


def test_reading_the_file_another_way_forgets_the_check(person: Person) -> None:
    address = checked(person)
    mapping = address.removesuffix("/check")
    assert person.post(f"{mapping}/reading", {"delimiter": "tab"}).status_code == 303
    job = fetch(person.app, person.tenant, job_of(mapping))
    assert job.check_result is None
    assert "hasn't been checked" in words(person.get(address))
    person.get(mapping)
