"""A value of one type read as another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim.schema.convert import convert
from pim.schema.types import FIELD_TYPES, CoerceContext, CoercionError, is_canonical
from tests.unit.schema.strategies import ANYTHING, CANONICAL

CTX = CoerceContext("EUR")
PRICE = {"amount": Decimal("19.9"), "currency": "EUR"}


@pytest.mark.parametrize(
    ("old", "value", "new", "found"),
    [
        ("string", "12,5", "number", Decimal("12.5")),
        ("string", "19,90 €", "price", PRICE),
        ("string", "oak; black", "array", ["oak", "black"]),
        ("number", Decimal("19.9"), "price", PRICE),
        ("number", 1, "boolean", True),
        ("number", Decimal("1.5"), "string", "1.5"),
        ("boolean", True, "string", "true"),
        ("array", ["oak", "natural, light"], "string", 'oak, "natural, light"'),
        ("array", ["https://example.com/a.jpg"], "url", "https://example.com/a.jpg"),
        ("url", "https://example.com/a.jpg", "array", ["https://example.com/a.jpg"]),
        ("price", PRICE, "number", Decimal("19.9")),
        ("price", PRICE, "string", "19.9 EUR"),
        ("price", PRICE, "multi_price", [PRICE]),
        ("multi_price", [PRICE], "price", PRICE),
        (None, ["a", "b"], "string", "a, b"),
        (None, {"amount": 5, "currency": "USD"}, "string", "5 USD"),
    ],
)
def test_a_value_takes_the_shape_of_its_new_type(
    old: str | None, value: Any, new: str, found: Any
) -> None:
    assert convert(value, old, new, CTX) == found


@pytest.mark.parametrize(
    ("old", "value", "new", "code"),
    [
        ("price", {"amount": 5, "currency": "USD"}, "number", "number_with_unit"),
        ("multi_price", [PRICE, {"amount": 5, "currency": "USD"}], "price", "not_a_price"),
        ("array", ["https://a.example", "https://b.example"], "url", "several_urls"),
        ("boolean", True, "number", "not_a_number"),
        ("number", 7, "boolean", "not_a_boolean"),
        ("string", "1,234", "number", "ambiguous_number"),
        ("array", "not a list at all", "number", "not_a_number"),
        (None, {"a": 1}, "string", "unsupported_value"),
    ],
)
def test_what_would_lose_its_meaning_is_refused(
    old: str | None, value: Any, new: str, code: str
) -> None:
    with pytest.raises(CoercionError) as refused:
        convert(value, old, new, CTX)
    assert refused.value.code == code


@settings(max_examples=200, deadline=None)
@given(
    old=st.none() | st.sampled_from(list(FIELD_TYPES)),
    new=st.sampled_from(list(FIELD_TYPES)),
    data=st.data(),
)
def test_any_value_becomes_canonical_or_is_refused(
    old: str | None, new: str, data: st.DataObject
) -> None:
    value = data.draw(ANYTHING if old is None else CANONICAL[old] | ANYTHING)
    try:
        found = convert(value, old, new, CTX)
    except CoercionError:
        return
    assert is_canonical(new, found)
