"""What holds for every field type and every value, tried with many of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim.schema.types import (
    FIELD_TYPES,
    CoerceContext,
    CoercionError,
    Notation,
    coerce,
    coercer,
    column_coercer,
    display,
    dumps,
    is_blank,
    is_canonical,
    loads,
    to_input,
)
from tests.unit.schema.strategies import (
    ALMOST,
    ANYTHING,
    CANONICAL,
    CONTEXTS,
    NOTATIONS,
    attempt,
    read,
)

TYPES = list(FIELD_TYPES)
MANY = settings(max_examples=150, deadline=None)

pytestmark = pytest.mark.parametrize("type_name", TYPES)


def _is_json_shape(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_json_shape(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(k, str) and _is_json_shape(v) for k, v in value.items())
    if isinstance(value, Decimal):
        return value.is_finite()
    return type(value) in (str, int, bool)


@MANY
@given(value=ANYTHING | ALMOST, ctx=CONTEXTS)
def test_anything_is_read_or_refused_with_a_reason(
    type_name: str, value: Any, ctx: CoerceContext
) -> None:
    found, error = attempt(type_name, value, ctx)
    if error is not None:
        assert error.code
        assert error.message.endswith((".", "]", "}"))
        assert error.message.isprintable()
        assert len(error.message) < 400
        return
    assert _is_json_shape(found)
    again = coerce(type_name, found, ctx)
    assert (again, type(again)) == (found, type(found))
    assert loads(dumps(found)) == found


@MANY
@given(data=st.data())
def test_a_canonical_value_stays_as_it_is(type_name: str, data: st.DataObject) -> None:
    value = data.draw(CANONICAL[type_name])
    ctx = data.draw(CONTEXTS)
    assert coerce(type_name, value, ctx) == value
    assert is_canonical(type_name, value)


@MANY
@given(data=st.data(), notation=NOTATIONS)
def test_what_a_form_shows_is_read_as_the_same_value(
    type_name: str, data: st.DataObject, notation: Notation | None
) -> None:
    value = data.draw(CANONICAL[type_name])
    ctx = CoerceContext("USD", "en_US", notation)
    assert coerce(type_name, to_input(type_name, value, notation), ctx) == value


@MANY
@given(data=st.data())
def test_json_keeps_every_digit(type_name: str, data: st.DataObject) -> None:
    value = data.draw(CANONICAL[type_name])
    assert loads(dumps({"value": value})) == {"value": value}


@MANY
@given(data=st.data())
def test_every_value_can_be_shown(type_name: str, data: st.DataObject) -> None:
    value = data.draw(CANONICAL[type_name] | ANYTHING)
    locale = data.draw(st.sampled_from(["en_US", "de_DE", "fr_CH", "nonsense"]))
    assert isinstance(display(type_name, value, locale), str)


@MANY
@given(texts=st.lists(st.none() | ALMOST | st.text(max_size=12), max_size=12), ctx=CONTEXTS)
def test_a_column_reads_as_its_values_one_by_one(
    type_name: str, texts: list[str | None], ctx: CoerceContext
) -> None:
    result = column_coercer(type_name, ctx)(texts)
    expected = [None if is_blank(text) else read(type_name, text, ctx) for text in texts]
    failed = dict(result.errors)
    for position, (found, wanted) in enumerate(zip(result.values, expected, strict=True)):
        if position in failed:
            assert (found, failed[position].code) == (None, wanted)
        else:
            assert found == (None if is_blank(wanted) else wanted)
            assert type(found) is type(wanted) or found is None


@MANY
@given(data=st.data(), ctx=CONTEXTS)
def test_a_prepared_reader_reads_as_the_plain_one(
    type_name: str, data: st.DataObject, ctx: CoerceContext
) -> None:
    canonical = CANONICAL[type_name].map(lambda value: to_input(type_name, value))
    text = data.draw(canonical | ALMOST)
    if is_blank(text):
        return
    prepared = coercer(type_name, ctx)
    expected, refused = attempt(type_name, text, ctx)
    if refused is not None:
        with pytest.raises(CoercionError) as error:
            prepared(text)
        assert error.value.code == refused.code
        return
    found = [prepared(text), prepared(text)]
    assert found == [expected, expected]
    assert found[0] is not found[1] or not isinstance(expected, (list, dict))


@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_white_space_around_a_value_means_nothing(type_name: str, data: st.DataObject) -> None:
    value = data.draw(CANONICAL[type_name])
    text = to_input(type_name, value)
    for around in (" ", "\u00a0", "\ufeff", "\u200b", "\t\n"):
        assert coerce(type_name, around + text + around, CoerceContext("EUR")) == value
