"""Which text is which number, and which is refused because it could be two."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.schema.types import (
    CoerceContext,
    CoercionError,
    Notation,
    coerce,
    detect_notation,
    display,
    notation_of_locale,
    to_input,
)
from tests.unit.schema.strategies import read


def number(text: object, notation: Notation | None = None) -> object:
    return read("number", text, CoerceContext(decimal=notation))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234.56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1’234’567", "1234567"),
        ("12,34,567.8", "1234567.8"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("12,5", "12.5"),
        ("1234,567", "1234.567"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        (".5", "0.5"),
        ("007", "7"),
        ("-3", "-3"),
        ("−3", "-3"),
        ("- 3", "-3"),
        ("3-", "-3"),
        ("+3", "3"),
        ("1e3", "1000"),
        ("1,5E-3", "0.0015"),
        ("٣٤", "34"),
        ("１２．５", "12.5"),
        ("1.50", "1.5"),
        ("-0.00", "0"),
    ],
)
def test_a_text_with_one_reading_means_that_number_in_any_notation(text: str, value: str) -> None:
    for notation in (None, ".", ",", "json"):
        assert number(text, notation) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "by_dot", "by_comma"),
    [("1,234", "1234", "1.234"), ("1.234", "1.234", "1234"), ("-12.345", "-12.345", "-12345")],
)
def test_a_text_with_two_readings_takes_the_notation_of_its_column(
    text: str, by_dot: str, by_comma: str
) -> None:
    assert number(text, ".") == Decimal(by_dot)
    assert number(text, ",") == Decimal(by_comma)
    with pytest.raises(CoercionError) as refused:
        coerce("number", text)
    assert refused.value.code == "ambiguous_number"
    assert text in refused.value.message
    assert f"{by_dot} or {by_comma}" in refused.value.message


def test_text_from_a_program_reads_as_json_where_it_is_json() -> None:
    assert number("1.234", "json") == Decimal("1.234")
    assert number("1,234", "json") == "ambiguous_number"
    assert read("price", "1.234 €", CoerceContext("EUR", decimal="json")) == "ambiguous_number"


@pytest.mark.parametrize(
    "text",
    [
        "twelve",
        "(12.50)",
        "1.2.3",
        "1,23,4",
        "12 34",
        "1 2345",
        "--3",
        "5.",
        "0x10",
        "1_000",
        "NaN",
        "Infinity",
        "1e",
        "e3",
        "½",
        "10²",
        "1.234,56.7",
        "+-3",
        "3--",
        ",",
        "-",
        "1,,2",
    ],
)
def test_what_is_no_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(CoercionError) as refused:
        coerce("number", text)
    assert refused.value.code in ("not_a_number", "number_with_unit")
    assert text in refused.value.message


def test_a_unit_is_named_in_the_error() -> None:
    with pytest.raises(CoercionError, match=r"“12 kg” is a number with “kg”") as refused:
        coerce("number", "12 kg")
    assert refused.value.code == "number_with_unit"
    assert number("50 %") == number("3.5\u00a0cm") == "number_with_unit"


def test_json_numbers_are_exact() -> None:
    assert number(0.1) == Decimal("0.1")
    assert number(1e22) == 10**22
    assert number(12.0) == 12
    assert isinstance(number(12.0), int)
    assert number(2**63) == Decimal(2**63)
    assert isinstance(number(2**63), Decimal)


@pytest.mark.parametrize("value", [True, None, [1], {"a": 1}, float("nan"), Decimal("Infinity")])
def test_json_of_another_kind_is_no_number(value: object) -> None:
    assert number(value) == "not_a_number"


@pytest.mark.parametrize("value", ["1" * 39, "1e99999", "1e-40", 10**38, Decimal("1e38"), 5e-324])
def test_more_than_38_digits_are_refused(value: object) -> None:
    assert number(value) == "number_too_long"


def test_38_digits_are_kept() -> None:
    text = "1234567890123456789.0123456789012345678"
    assert str(number(text)) == text
    assert number("9" * 38) == 10**38 - 1


@given(st.integers(1000, 10**15), st.integers(0, 99), st.sampled_from([" ", "'", "\u202f"]))
def test_every_notation_of_an_amount_is_the_same_number(whole: int, cents: int, space: str) -> None:
    expected = Decimal(f"{whole}.{cents:02d}")
    english = f"{whole:,}.{cents:02d}"
    swapped = english.translate(str.maketrans(".,", ",."))
    for text in (english, swapped, english.replace(",", space), swapped.replace(".", space)):
        assert number(text) == expected


@pytest.mark.parametrize(
    ("values", "notation"),
    [
        (["1.299", "12,50"], ","),
        (["1,299", "12.5 kg"], "."),
        (["€ 1.234,56"], ","),
        (["1,234,567"], "."),
        (["1.234.567"], ","),
        (["1 234,5"], ","),
        (["0.125", "1.250"], "."),
        (["EUR 19.99; USD 21.50"], "."),
        (["19,–"], None),
        (["1.299", "2.499", "899"], None),
        (["12.5", "12,5"], None),
        (["1", "red", "", None, 5], None),
        ([], None),
    ],
)
def test_a_column_tells_its_decimal_sign(values: list[object], notation: Notation | None) -> None:
    assert detect_notation(values) == notation


@given(st.lists(st.decimals(0, 10**9, places=2), min_size=1))
def test_a_column_written_in_one_notation_is_recognised_and_read_back(
    amounts: list[Decimal],
) -> None:
    for notation in (".", ","):
        texts = [f"{a:,.2f}" for a in amounts]
        if notation == ",":
            texts = [t.translate(str.maketrans(".,", ",.")) for t in texts]
        assert detect_notation(texts) == notation
        assert [number(t, notation) for t in texts] == amounts


def test_a_locale_tells_its_decimal_sign() -> None:
    assert notation_of_locale("de_DE") == ","
    assert notation_of_locale("en_US") == "."
    assert notation_of_locale("nowhere") is None


def test_a_number_for_a_form_never_has_two_readings() -> None:
    assert to_input("number", Decimal("1.234")) == "1.2340"
    assert to_input("number", Decimal("1.234"), ",") == "1,234"
    assert to_input("number", Decimal("0.0000001")) == "0.0000001"


def test_numbers_are_shown_as_people_of_the_locale_write_them() -> None:
    assert display("number", Decimal("1234567.891")) == "1,234,567.891"
    assert display("number", Decimal("1234567.891"), "de_DE") == "1.234.567,891"
    assert display("number", None) == ""
