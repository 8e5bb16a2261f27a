"""Definitions of a vocabulary: what is accepted, and where each mistake is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.core.errors import FieldError, Invalid
from pim.schema.fields import (
    Field,
    Vocabulary,
    name_from_header,
    name_problem,
    parse_definition,
    pointer,
)
from tests.unit.schema.strategies import ANYTHING


def problems(definition: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        parse_definition(definition)
    return [(error.path, error.code) for error in refused.value.errors]


def fields(*names: str, type_name: str = "string") -> dict[str, Any]:
    return {"fields": [{"name": name, "type": type_name} for name in names]}


def test_a_definition_is_read_and_answered_in_the_same_shape() -> None:
    definition = {
        "fields": [
            {"name": "price", "type": "price", "required": True, "description": "gross"},
            {"name": "tags", "type": "array", "required": False, "description": ""},
        ],
        "default_currency": "CHF",
        "default_locale": "de_CH",
    }
    vocabulary = parse_definition(definition)
    assert vocabulary.as_definition() == definition
    assert vocabulary.get("price") == Field("price", "price", True, "gross")
    assert vocabulary.get("Price") is None
    assert vocabulary.has_required


def test_defaults_that_are_left_out_stay_as_they_were() -> None:
    current = Vocabulary((), "CHF", "de_CH", 7)
    vocabulary = parse_definition(fields("a"), current=current)
    assert (vocabulary.default_currency, vocabulary.default_locale) == ("CHF", "de_CH")
    assert vocabulary.version == 7


def test_codes_are_brought_into_their_usual_spelling() -> None:
    found = parse_definition({"fields": [], "default_currency": "eur", "default_locale": "de-at"})
    assert (found.default_currency, found.default_locale) == ("EUR", "de_AT")


def test_every_mistake_is_reported_with_its_place() -> None:
    assert problems(
        {
            "fields": [
                {"name": "a", "type": "text"},
                {"name": "Sku", "type": "string"},
                {"name": "b", "type": "string", "required": "yes", "label": "B"},
                "c",
                {"name": "d", "type": "string"},
                {"name": "D", "type": "number"},
                {"name": "e/f", "type": "string"},
                {"type": "string", "name": ""},
                {"name": "active", "type": "string"},
                {"name": "g", "type": "url", "description": 5},
            ],
            "default_currency": "EURO",
            "default_locale": "qq_QQ",
            "colour": "red",
        }
    ) == [
        ("/colour", "unknown_key"),
        ("/fields/0/type", "unknown_type"),
        ("/fields/1/name", "reserved_name"),
        ("/fields/2/label", "unknown_key"),
        ("/fields/2/required", "not_a_boolean"),
        ("/fields/3", "not_an_object"),
        ("/fields/5/name", "name_twice"),
        ("/fields/6/name", "bad_name"),
        ("/fields/7/name", "required"),
        ("/fields/8/type", "reserved_name"),
        ("/fields/9/description", "not_text"),
        ("/default_currency", "unknown_currency"),
        ("/default_locale", "unknown_locale"),
    ]


def test_the_active_switch_may_be_listed_but_is_no_field_of_its_own() -> None:
    assert parse_definition(fields("active", type_name="boolean")).fields == ()


@pytest.mark.parametrize("definition", [None, [], "x", {}, {"fields": None}, {"fields": {}}])
def test_what_is_no_definition_is_refused(definition: Any) -> None:
    assert problems(definition)


@pytest.mark.parametrize(
    "name",
    [
        "price",
        "price-EUR",
        "description-en_US-mobile",
        "g:price",
        "Weight (kg)",
        "Größe",
        "品牌",
        "Attribute 1 name",
        "a.b",
        "_id",
        "2nd image",
        "हिन्दी",
        "x" * 63,
        "Net+",
        "VAT %",
    ],
)
def test_names_of_any_script_are_welcome(name: str) -> None:
    assert name_problem(name) is None
    assert parse_definition(fields(name)).names == (name,)


@pytest.mark.parametrize(
    "name",
    [
        None,
        5,
        "",
        " ",
        "a/b",
        "a~b",
        "-a",
        "a-",
        "a  b",
        "a\nb",
        'a"b',
        "a'b",
        "a`b",
        "<b>",
        "x" * 64,
        "sku",
        "Name",
        "__",
        "a\0b",
        "a\ud800",
        "$price",
        "a\\b",
        "{a}",
        "%",
    ],
)
def test_names_that_would_break_something_are_refused(name: Any) -> None:
    assert name_problem(name)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("description-en_US", "description-en_US"),
        ("Regular price (€)", "regular_price"),
        (" Größe ", "Größe"),
        ("Name", "name_field"),
        ("", "field"),
        ("€", "field"),
        ("Meta: _x/y", "meta:__x_y"),
        ("\u0301\u0301 Preis", "preis"),
        ("\U000e0100", "field"),
    ],
)
def test_a_header_becomes_a_name(header: str, name: str) -> None:
    assert name_from_header(header) == name


def test_a_header_never_takes_a_name_that_is_taken() -> None:
    assert name_from_header("Size", ["size", "Size_2"]) == "Size_3"


@given(st.text(max_size=100), st.sets(st.text(max_size=5)))
def test_any_header_gives_a_valid_name_of_its_own(header: str, taken: set[str]) -> None:
    name = name_from_header(header, taken)
    assert name_problem(name) is None
    assert name.casefold() not in {other.casefold() for other in taken}
    assert parse_definition(fields(name)) or name.casefold() == "active"


@given(ANYTHING | st.fixed_dictionaries({"fields": st.lists(ANYTHING)}))
def test_no_definition_crashes_the_reader(definition: Any) -> None:
    errors: list[FieldError] = []
    try:
        vocabulary = parse_definition(definition)
    except Invalid as refused:
        errors = refused.errors
    else:
        assert parse_definition(vocabulary.as_definition()) == vocabulary
    assert all(e.path == "" or e.path.startswith("/") for e in errors)


def test_a_pointer_escapes_what_json_pointers_escape() -> None:
    assert pointer("/products/3", "a/b~c", 0) == "/products/3/a~1b~0c/0"
