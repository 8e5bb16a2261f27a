"""Confirming an import: what is accepted, and what is refused at which place."""

from __future__ import annotations

from typing import Any

import pytest

from pim.core.errors import Invalid
from pim.imports.mapping import (
    ColumnRule,
    Options,
    options_from_dict,
    parse_confirmation,
    rules_from_dict,
)
from pim.schema.fields import Field, Vocabulary

HEADERS = ["Art/Nr", "Title", "price-USD", "Tags", "~odd"]
SHOP = Vocabulary((Field("price", "price", required=True), Field("tags", "array")), "EUR", "de_DE")


def confirm(body: Any, current: Vocabulary = SHOP) -> Any:
    return parse_confirmation(body, HEADERS, current, {"price-USD": ","})


def problems(body: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        confirm(body)
    return [(error.path, error.code) for error in caught.value.errors]


def test_columns_go_to_fields_and_the_others_are_ignored() -> None:
    found = confirm(
        {"mapping": {"Tags": None, "price-USD": "price", "Art/Nr": "SKU", "Title": "name"}}
    )
    assert found.vocabulary == SHOP
    assert found.rules == (
        ColumnRule("Art/Nr", "sku", "string"),
        ColumnRule("Title", "name", "string"),
        ColumnRule("price-USD", "price", "price", ",", "USD"),
    )
    assert found.options == Options("keep", "skip_row", "upsert")


def test_new_fields_come_from_the_schema_or_from_the_mapping_itself() -> None:
    found = confirm(
        {
            "schema": {"fields": [{"name": "colour", "type": "string"}]},
            "mapping": {
                "Art/Nr": "sku",
                "Title": "colour",
                "~odd": {"to": "odd one", "type": "number"},
            },
        }
    )
    assert [(f.name, f.type) for f in found.vocabulary.fields] == [
        ("price", "price"),
        ("tags", "array"),
        ("colour", "string"),
        ("odd one", "number"),
    ]
    assert found.rules[-1] == ColumnRule("~odd", "odd one", "number")


def test_the_schema_of_an_import_takes_no_field_away_and_may_describe_those_there_are() -> None:
    body = {
        "schema": {
            "fields": [{"name": "tags", "type": "array", "description": "free"}],
            "default_currency": "USD",
        },
        "mapping": {"Art/Nr": "sku"},
    }
    found = confirm(body).vocabulary
    assert found.names == ("price", "tags")
    assert found.get("price") == SHOP.get("price")
    assert found.get("tags").description == "free"
    assert (found.default_currency, found.default_locale) == ("USD", "de_DE")


def test_another_type_for_a_field_there_is_is_read_as_the_wish_to_change_it() -> None:
    body = {
        "schema": {"fields": [{"name": "price", "type": "number"}]},
        "mapping": {"Art/Nr": "sku", "price-USD": "price"},
    }
    found = confirm(body)
    assert found.vocabulary.get("price").type == "number"
    assert found.rules[-1].type == "number"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], [("", "not_an_object")]),
        ({}, [("/mapping", "not_an_object")]),
        ({"mapping": {}}, [("/mapping", "sku_missing")]),
        ({"mapping": {"Art/Nr": "sku"}, "extra": 1}, [("/extra", "unknown_key")]),
        ({"mapping": {"Art/Nr": "sku", "SKU": "name"}}, [("/mapping/SKU", "unknown_column")]),
        (
            {"mapping": {"Art/Nr": "sku", "Title": "sku"}},
            [("/mapping/Title", "target_twice")],
        ),
        (
            {"mapping": {"Art/Nr": "nope", "~odd": "nope"}},
            [("/mapping/Art~1Nr", "unknown_field"), ("/mapping/~0odd", "unknown_field")],
        ),
        (
            {"mapping": {"Art/Nr": "sku", "Tags": {"to": "tags", "type": "string"}}},
            [("/mapping/Tags/type", "type_differs")],
        ),
        (
            {"mapping": {"Art/Nr": "sku", "Tags": {"to": "x", "type": "date"}}},
            [("/mapping/Tags/type", "unknown_type")],
        ),
        (
            {"mapping": {"Art/Nr": "sku", "Tags": {"to": "_", "type": "string"}}},
            [("/mapping/Tags", "bad_name")],
        ),
        ({"mapping": {"Art/Nr": "sku", "Tags": 5}}, [("/mapping/Tags", "bad_target")]),
        ({"mapping": {"Art/Nr": "sku", "Tags": ["a"]}}, [("/mapping/Tags", "bad_target")]),
        (
            {"mapping": {"Art/Nr": {"to": "sku", "how": 1, "transform": ["shout"]}}},
            [
                ("/mapping/Art~1Nr/how", "unknown_key"),
                ("/mapping/Art~1Nr/transform/0/op", "unknown_transform"),
            ],
        ),
        (
            {
                "schema": {"fields": [{"name": "price", "type": "number"}, {"name": "x"}]},
                "mapping": {"Art/Nr": "sku"},
            },
            [("/schema/fields/1/type", "unknown_type")],
        ),
        (
            {"mapping": {"Art/Nr": "sku"}, "options": {"blank": "maybe", "speed": 1}},
            [("/options/blank", "unknown_choice"), ("/options/speed", "unknown_key")],
        ),
        (
            {"mapping": {"Art/Nr": "sku"}, "options": {"mode": []}},
            [("/options/mode", "unknown_choice")],
        ),
        ({"mapping": {"Art/Nr": "sku"}, "options": "x"}, [("/options", "not_an_object")]),
    ],
)
def test_what_is_wrong_is_named_with_its_place(body: Any, expected: list[tuple[str, str]]) -> None:
    assert problems(body) == expected


def test_what_is_stored_comes_back() -> None:
    found = confirm({"mapping": {"Art/Nr": "sku", "price-USD": "price"}})
    assert rules_from_dict(found.mapping_as_dict()) == found.rules
    assert options_from_dict({"blank": "clear", "on_error": "stop", "mode": "upsert"}) == Options(
        "clear", "stop", "upsert"
    )
