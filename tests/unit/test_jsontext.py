"""JSON text keeps every digit, whoever wrote it and however long it is."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.jsontext import dumps, dumps_bytes, loads

NUMBERS = st.integers(-(10**38), 10**38) | st.decimals(
    allow_nan=False, allow_infinity=False, places=12, min_value=-(10**25), max_value=10**25
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.text(st.characters(exclude_categories=["Cs"])) | NUMBERS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text("ab/~é"), inner),
)


@given(VALUES)
def test_values_come_back_as_they_were(value: object) -> None:
    assert loads(dumps(value)) == value


@pytest.mark.parametrize(
    "text", ["0.1", "19.990", "123456789012345678901234567890", "-9223372036854775809", "0.00"]
)
def test_a_number_is_written_with_the_digits_it_was_read_with(text: str) -> None:
    assert dumps_bytes({"n": loads(text)}) == b'{"n":' + text.encode() + b"}"


def test_a_number_with_an_exponent_is_written_out() -> None:
    assert dumps([Decimal("1E+20"), Decimal("1E-7")]) == "[100000000000000000000,0.0000001]"


def test_what_json_has_no_form_for_is_refused() -> None:
    with pytest.raises(TypeError):
        dumps({"n": Decimal("NaN")})
    with pytest.raises(TypeError):
        dumps({"n": object()})
