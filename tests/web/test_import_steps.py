"""The steps of a column on the mapping page: with buttons alone, and what the sample becomes."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from pim.imports.step_forms import step_forms
from pim.imports.transforms.registry import TRANSFORMS
from tests.factories.identity import TestTenant, client_of
from tests.factories.imports import fetch, products, run
from tests.factories.products import make_vocabulary
from tests.web.people import HTMX, Person, form_of, job_at
from tests.web.reading import Element, faults, read

LAMPS = (
    "nr;Brand;Bezeichnung;Gewicht;Beschreibung;Farbe\n"
    'NW-1;Muuto;oslo chair;1,5 kg;"<p>A <b>solid</b> chair &amp; more</p>";ROT\n'
    "NW-2;;brass lamp;0,9 kg;<p>Brass</p>;blau\n"
    "NW-3;Hay;hale shelf;12 kg;<div>Shelf</div>;grün\n"
)


@pytest.fixture
def person(app: Flask, tenant: TestTenant) -> Person:
    make_vocabulary(
        app, tenant, [("weight", "number"), ("description", "string"), ("color", "string")]
    )
    return Person(app, tenant, client_of(app, tenant))


def fields(page: Element) -> dict[str, str]:
    """What a browser would send: as `form_of`, with text areas and what is checked."""
    sent = form_of(page)
    for area in page.all("textarea"):
        sent[area.attrs["name"]] = area.text().removeprefix("\n")
    for box in page.all("input"):
        if box.attrs.get("type") in ("checkbox", "radio") and "checked" in box.attrs:
            sent[box.attrs["name"]] = box.attrs["value"]
    return sent


def press(person: Person, address: str, page: Element, do: str, **changes: str) -> Element:
    """Press a button of the form, as a browser without JavaScript does."""
    assert any(each.attrs.get("value") == do for each in page.all("button")), do
    answer = person.post(address + "/preview", {**fields(page), **changes, "do": do})
    assert answer.status_code == 200, answer.text[:2000]
    assert "<html" in answer.text
    found = read(answer.text)
    assert not faults(found)
    return found


def samples(page: Element, place: int) -> str:
    row = next(each for each in page.all("tr") if each.attrs.get("id") == f"column-{place}")
    cell = next(each for each in row.all("td") if each.attrs.get("data-label") == "Samples")
    return " ".join(cell.text().split())


def started(person: Person, address: str, page: Element, **changes: str) -> Any:
    answer = person.post(address + "/confirm", fields(page) | changes)
    assert answer.status_code == 303, read(answer.text).text()
    return run(person.app, person.tenant, fetch(person.app, person.tenant, job_at(address)))


def test_what_becomes_of_the_sample_is_shown_from_the_start(person: Person) -> None:
    rows = "".join(f"{sku};{place},00 €;{place}\n" for place, sku in enumerate("CDEFGHIJ"))
    content = f"sku;Price;Stock\nA;149,00 €;007\nB;much;1\n{rows}"
    page = person.get(person.upload(content, "p.csv"))
    assert samples(page, 0) == "A · B · C"
    assert "149,00 € becomes €149.00" in samples(page, 1)
    assert "“much” is not a price" in samples(page, 1)
    assert "007 becomes 7" in samples(page, 2)


def test_steps_are_added_ordered_removed_and_do_what_the_preview_shows(person: Person) -> None:
    address = person.upload(LAMPS, "lamps.csv")
    page = press(person, address, person.get(address), "open-2")
    page = press(person, address, page, "add-2", **{"add-2": "combine"})
    assert "missing" not in page.text(), "what was just added isn't wrong yet"
    change = {"step-2-0-template": "{Brand} {}", "add-2": "case"}
    page = press(person, address, page, "add-2", **change)
    page = press(person, address, page, "add-2", **{"step-2-1-to": "upper", "add-2": "trim"})
    assert samples(page, 2) == (
        "oslo chair becomes MUUTO OSLO CHAIR brass lamp becomes BRASS LAMP "
        "hale shelf becomes HAY HALE SHELF"
    )
    page = press(person, address, page, "up-2-1")
    assert "becomes Muuto OSLO CHAIR" in samples(page, 2)
    page = press(person, address, page, "remove-2-2")
    page = press(person, address, page, "down-2-0")
    page = press(person, address, page, "close-2")
    assert "2 steps" in page.text()
    done = started(person, address, page)
    assert [
        rule.get("transform") for rule in done.mapping["rules"] if rule["target"] == "name"
    ] == [[{"op": "combine", "template": "{Brand} {}"}, {"op": "case", "to": "upper"}]]
    found = products(person.app, person.tenant)
    assert [found[sku].name for sku in ("NW-1", "NW-2", "NW-3")] == [
        *("MUUTO OSLO CHAIR", "BRASS LAMP", "HAY HALE SHELF")
    ]


def test_what_values_call_for_is_offered_and_not_done_by_itself(person: Person) -> None:
    address = person.upload(LAMPS, "lamps.csv")
    page = person.get(address)
    assert "Strip HTML?" in page.text()
    assert "<p>Brass</p>" in samples(page, 4)
    assert "becomes" not in samples(page, 4)
    page = press(person, address, page, "offer-4")
    assert "becomes A solid chair & more" in samples(page, 4)
    assert "Strip HTML?" not in page.text()


def test_a_unit_is_offered_to_be_stripped_and_the_new_field_becomes_a_number(
    app: Flask, tenant: TestTenant
) -> None:
    make_vocabulary(app, tenant, ())
    person = Person(app, tenant, client_of(app, tenant))
    address = person.upload(LAMPS, "lamps.csv")
    page = press(person, address, person.get(address), "offer-3")
    assert "1,5 kg becomes 1.5" in samples(page, 3)
    sent = fields(page)
    assert (sent["type-3"], sent["step-3-0-to"]) == ("number", "kg")


def test_an_error_stands_at_its_cell_and_at_its_parameter(person: Person) -> None:
    address = person.upload(LAMPS, "lamps.csv")
    page = press(person, address, person.get(address), "open-5")
    page = press(person, address, page, "add-5", **{"add-5": "map"})
    table = {"step-5-0-values": "rot = red\nblau = blue", "step-5-0-others": "error"}
    page = press(person, address, page, "close-5", **table)
    assert "ROT becomes red" in samples(page, 5)
    assert "grün “grün” is not in the table of values." in samples(page, 5)
    page = press(person, address, page, "open-5")
    answer = person.post(
        address + "/confirm", {**fields(page), "step-5-0-values": "rot"}, headers=HTMX
    )
    assert answer.status_code == 422
    page = read(answer.text)
    assert "Farbe: Old = new: line 1, “rot”, isn't like old = new." in page.text()
    area = next(each for each in page.all("textarea") if "step-5-0-values" in each.attrs["name"])
    assert area.attrs["aria-invalid"] == "true"
    assert any(link.attrs.get("href") == "#step-5-0-values" for link in page.all("a"))


def test_a_pattern_that_cannot_be_is_said_while_it_is_typed(person: Person) -> None:
    address = person.upload(LAMPS, "lamps.csv")
    page = press(person, address, person.get(address), "open-5")
    page = press(person, address, page, "add-5", **{"add-5": "extract"})
    answer = person.post(
        address + "/preview", {**fields(page), "step-5-0-pattern": "(?=x)"}, headers=HTMX
    )
    assert answer.status_code == 200
    assert "is not a pattern that can be used" in read(answer.text).text()


@pytest.mark.parametrize(
    "do", ["", "open-99", "up-0-7", "remove-x", "add-0", "nonsense", "up--1-²"]
)
def test_buttons_that_are_not_there_change_nothing(person: Person, do: str) -> None:
    address = person.upload(LAMPS, "lamps.csv")
    sent = fields(person.get(address)) | {"do": do, "steps-1": "²", "steps-2": "9" * 50}
    answer = person.post(address + "/preview", sent)
    assert answer.status_code == 200


def test_every_step_keeps_its_parameters_on_the_way_through_the_form() -> None:
    steps = [
        {"op": "map", "values": {" a=b": 'x"y', "c": "", "": "d", "e\nf": "g"}, "others": "error"},
        {"op": "boolean", "yes": ["a, b", "c"], "no": ["[d]"], "others": "no"},
        {"op": "split", "separator": " ", "part": -1},
        {"op": "replace", "find": " a ", "with": "", "regex": True, "ignore_case": True},
        *({"op": each.op, **each.example} for each in TRANSFORMS.values() if each.example),
        {"op": "trim"},
    ]
    for before, form in zip(steps, step_forms(steps), strict=True):
        after = form.as_json()
        assert isinstance(after, dict)
        kept = {name: after[name] for name in before if name != "values"}
        assert kept == {name: value for name, value in before.items() if name != "values"}
