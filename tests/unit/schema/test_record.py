"""A product's values read by a vocabulary."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim.schema.fields import Field, Vocabulary, pointer
from pim.schema.record import coerce_record
from pim.schema.types import dumps, loads
from tests.unit.schema.strategies import ANYTHING

VOCABULARY = Vocabulary(
    (
        Field("price", "price", required=True),
        Field("stock", "number"),
        Field("tags", "array"),
        Field("prices", "multi_price"),
    ),
    "CHF",
)


def errors(values: dict[str, Any], **options: Any) -> list[tuple[str, str]]:
    result = coerce_record(VOCABULARY, values, path_prefix="/products/3", **options)
    return [(error.path, error.code) for error in result.errors]


def test_values_become_canonical_by_the_type_of_their_field() -> None:
    result = coerce_record(VOCABULARY, {"price": "19.90", "stock": "12", "tags": "a, b"})
    assert result.data == {
        "price": {"amount": Decimal("19.9"), "currency": "CHF"},
        "stock": 12,
        "tags": ["a", "b"],
    }
    assert not result.errors
    assert not result.unknown_fields


def test_a_blank_value_clears_its_field() -> None:
    result = coerce_record(VOCABULARY, {"stock": None, "price": " ", "tags": [""], "x": []})
    assert result.cleared == ["stock", "price", "tags", "x"]
    assert result.data == {}


def test_values_without_a_field_are_kept_and_reported() -> None:
    values = {
        "colour": " red ",
        "height": 1.5,
        "new": True,
        "sizes": ["S", 40],
        "rrp": {"amount": "5", "currency": "EUR"},
        "a/b": "x",
    }
    result = coerce_record(VOCABULARY, values)
    assert result.unknown_fields == list(values)
    assert result.data == {
        "colour": "red",
        "height": Decimal("1.5"),
        "new": True,
        "sizes": ["S", "40"],
        "rrp": {"amount": 5, "currency": "EUR"},
        "a/b": "x",
    }


@pytest.mark.parametrize(
    ("name", "value", "path", "code"),
    [
        ("price", {"amount": "abc"}, "/products/3/price/amount", "not_a_number"),
        ("price", {"amount": 1, "currency": "?"}, "/products/3/price/currency", "unknown_currency"),
        ("tags", ["a", None, {"b": 1}], "/products/3/tags/2", "not_text"),
        ("prices", [{"amount": "x"}], "/products/3/prices/0/amount", "not_a_number"),
        ("stock", "1,234", "/products/3/stock", "ambiguous_number"),
        ("a/b", {"c": 1}, "/products/3/a~1b", "unsupported_value"),
        ("Name", "x", "/products/3/Name", "bad_name"),
        ("x\n", "x", "/products/3/x\n", "bad_name"),
    ],
)
def test_an_error_has_the_place_of_the_value(name: str, value: Any, path: str, code: str) -> None:
    assert errors({name: value}) == [(path, code)]


def test_a_new_product_needs_its_required_fields() -> None:
    assert errors({"stock": 1}, creating=True) == [("/products/3/price", "required")]
    assert errors({"price": None}, creating=True) == [("/products/3/price", "required")]
    assert errors({"price": "cheap"}, creating=True) == [("/products/3/price", "not_a_price")]
    assert errors({"stock": 1}) == []


def test_numbers_in_text_are_read_in_the_notation_given() -> None:
    assert coerce_record(VOCABULARY, {"stock": "1.234"}).data == {"stock": Decimal("1.234")}
    assert coerce_record(VOCABULARY, {"stock": "1.234"}, notation=",").data == {"stock": 1234}


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(VOCABULARY.names) | st.text(max_size=8), ANYTHING))
def test_any_values_are_read_or_refused(values: dict[str, Any]) -> None:
    result = coerce_record(VOCABULARY, values, creating=True)
    assert loads(dumps(result.data)) == result.data
    again = coerce_record(VOCABULARY, result.data)
    assert (again.data, again.errors) == (result.data, [])
    failed = tuple(error.path + "/" for error in result.errors)
    for name in values:
        place = pointer("", name) + "/"
        was_read = name in result.data or name in result.cleared
        assert was_read or any(path.startswith(place) for path in failed)
