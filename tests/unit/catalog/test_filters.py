from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.catalog.filters import (
    FilterError,
    Value,
    operators_of,
    read_filters,
    read_value,
    split_token,
    token_of,
    write_value,
)
from pim.schema.fields import Field
from pim.schema.types import FIELD_TYPES, CoerceContext
from pim.segments.dsl.operators import KIND_OPERATORS, OPERATORS
from pim.segments.dsl.properties import properties_of

FIELDS = [
    Field("brand", "string"),
    Field("stock", "number"),
    Field("price", "price"),
    Field("prices", "multi_price"),
    Field("tags", "array"),
    Field("organic", "boolean"),
    Field("page", "url"),
    Field("size: EU", "string"),
    Field("source", "string"),
]
PROPERTIES = properties_of(FIELDS)
PLAIN = CoerceContext("EUR", "en_US", "json")


def test_every_type_of_field_has_operators_and_every_operator_exists() -> None:
    assert FIELD_TYPES.keys() <= KIND_OPERATORS.keys()
    for names in KIND_OPERATORS.values():
        assert set(names) <= OPERATORS.keys()


def test_values_of_one_field_and_operator_are_one_condition() -> None:
    tokens = ["brand:eq:Lumo", "stock:gte:3", "brand:eq:Hale"]
    conditions, bad = read_filters(tokens, PROPERTIES, PLAIN)
    assert bad == []
    assert [(c.prop.name, [v.low for v in c.values]) for c in conditions] == [
        ("brand", ["Lumo", "Hale"]),
        ("stock", [3]),
    ]


@pytest.mark.parametrize(
    ("token", "says"),
    [
        ("brand", "isn't a filter"),
        ("nothing:eq:1", "no field “nothing”"),
        ("brand:gt:1", "can't be filtered with “gt”"),
        ("stock:eq:many", "Stock: “many” is not a number"),
        ("stock:between:3", "a lower and an upper end"),
        ("stock:between:9..3", "9 is more than 3"),
        ("updated_at:gte:yesterday", "is not a day"),
        ("updated_at:between:2026-01-01..9999-12-31", "is too far away"),
        ("brand:contains:", "which value"),
    ],
)
def test_a_filter_that_cannot_be_used_says_why_and_takes_no_other_down(
    token: str, says: str
) -> None:
    conditions, bad = read_filters([token, "stock:gte:1"], PROPERTIES, PLAIN)
    assert [(b.token, says in b.message) for b in bad] == [(token, True)]
    assert [c.prop.name for c in conditions] == ["stock"]


def test_a_price_filter_keeps_its_currency() -> None:
    (condition,), _ = read_filters(["price:between:100..300 EUR"], PROPERTIES, PLAIN)
    assert condition.values == (Value(100, 300, "EUR"),)
    assert condition.tokens == ("price:between:100..300 EUR",)


def test_numbers_in_an_address_are_plain_whatever_the_locale() -> None:
    (condition,), _ = read_filters(["stock:gte:1.234"], PROPERTIES, PLAIN)
    assert condition.values[0].low == Decimal("1.234")


def test_people_write_numbers_in_the_notation_of_their_locale() -> None:
    prop = PROPERTIES["stock"]
    between = OPERATORS["between"]
    value = read_value(prop, between, "1,5..2.000", CoerceContext("EUR", "de_DE", ","))
    assert write_value(prop, between, value) == "1.5..2000"


def test_what_is_never_empty_cannot_be_asked_for_being_empty() -> None:
    assert "is_not_set" not in [o.name for o in operators_of(PROPERTIES["sku"])]
    assert "is_not_set" in [o.name for o in operators_of(PROPERTIES["name"])]


def test_a_field_called_like_a_column_has_an_address_of_its_own() -> None:
    tokens = ["data.source:eq:shop", "source:eq:import"]
    conditions, bad = read_filters(tokens, PROPERTIES, PLAIN)
    assert bad == []
    assert [(c.prop.name, c.prop.fixed) for c in conditions] == [
        ("source", False),
        ("source", True),
    ]


def test_too_many_filters_are_refused_not_executed() -> None:
    conditions, bad = read_filters([f"stock:eq:{i}" for i in range(60)], PROPERTIES, PLAIN)
    assert len(conditions[0].values) == 50
    assert len(bad) == 10


@given(st.text(min_size=1), st.sampled_from(sorted(OPERATORS)), st.text())
def test_a_token_reads_as_what_it_was_made_of(field: str, operator: str, value: str) -> None:
    assert split_token(token_of(field, operator, value)) == (field, operator, value)


@given(
    st.sampled_from(["stock", "price", "prices"]),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=0, max_value=10**9),
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=0, max_value=10**9),
    st.sampled_from(["", "EUR", "USD"]),
)
def test_a_range_in_an_address_reads_as_the_same_range(
    name: str, low: Decimal, high: Decimal, currency: str
) -> None:
    if name == "stock":
        currency = ""
    prop, between = PROPERTIES[name], OPERATORS["between"]
    value = Value(min(low, high), max(low, high), currency)
    again = read_value(prop, between, write_value(prop, between, value), PLAIN)
    assert again == value


@given(st.text(max_size=300))
def test_any_text_is_a_filter_or_an_error_never_a_crash(text: str) -> None:
    conditions, bad = read_filters([text], PROPERTIES, PLAIN)
    assert len(conditions) + len(bad) == 1


def test_a_value_of_absurd_length_is_refused() -> None:
    with pytest.raises(FilterError, match="too long"):
        read_value(PROPERTIES["brand"], OPERATORS["eq"], "x" * 5000, PLAIN)
