"""Prices as shops write them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pim.schema.types import CoerceContext, coerce, display, to_input
from pim.schema.types.currency import CURRENCIES, current_currencies
from tests.unit.schema.strategies import read

EURO = CoerceContext("EUR", "de_DE")


def price(value: Any, default: str = "EUR") -> Any:
    found = read("price", value, CoerceContext(default))
    return (found["amount"], found["currency"]) if isinstance(found, dict) else found


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("€ 19,99", "19.99", "EUR"),
        ("19,99 €", "19.99", "EUR"),
        ("19.99 EUR", "19.99", "EUR"),
        ("EUR 19.99", "19.99", "EUR"),
        ("eur19.99", "19.99", "EUR"),
        ("19,99 Euro", "19.99", "EUR"),
        ("$1,299.00", "1299", "USD"),
        ("1.299,00 €", "1299", "EUR"),
        ("1\u202f299,00\u00a0€", "1299", "EUR"),
        ("CHF 1'299.–", "1299", "CHF"),
        ("Fr. 12.50", "12.5", "CHF"),
        ("12,-", "12", "EUR"),
        ("1.299,–", "1299", "EUR"),
        ("1,299.-- €", "1299", "EUR"),
        ("US$ 12", "12", "USD"),
        ("R$ 5,90", "5.9", "BRL"),
        ("5 zł", "5", "PLN"),
        ("$ 5 CAD", "5", "CAD"),
        ("€ 5 EUR", "5", "EUR"),
        ("$.99", "0.99", "USD"),
        (".99 €", "0.99", "EUR"),
        ("¥1,234", "1234", "JPY"),
        ("19.99", "19.99", "EUR"),
        ("0", "0", "EUR"),
        ('{"amount": 19.99, "currency": "usd"}', "19.99", "USD"),
        ({"amount": "19.99", "currency": "USD"}, "19.99", "USD"),
        ({"amount": 5}, "5", "EUR"),
        (19.99, "19.99", "EUR"),
    ],
)
def test_a_price_is_an_amount_and_a_currency(text: Any, amount: str, currency: str) -> None:
    assert price(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("auf Anfrage", "not_a_price"),
        ("ab 19 €", "not_a_price"),
        ("19.99 - 29.99", "not_a_price"),
        ("5 EUR/kg", "not_a_price"),
        ("19€99", "not_a_price"),
        ("EUR", "not_a_price"),
        ("€ 12.345.6", "not_a_price"),
        (True, "not_a_price"),
        (["5 EUR"], "not_a_price"),
        ("-5 €", "negative_price"),
        ("€ -5", "negative_price"),
        ({"amount": -5, "currency": "EUR"}, "negative_price"),
        ("5 XYZ", "unknown_currency"),
        ("5 XAU", "unknown_currency"),
        ({"amount": 5, "currency": "EURO"}, "unknown_currency"),
        ("€ 5 USD", "two_currencies"),
        ("12 kr", "ambiguous_currency"),
        ("1,299 €", "ambiguous_number"),
        ({"currency": "EUR"}, "no_amount"),
        ({"amount": "", "currency": "EUR"}, "no_amount"),
        ({"amount": 5, "tax": 19}, "unknown_key"),
        ({"amount": "cheap", "currency": "EUR"}, "not_a_number"),
        ('{"amount": 5', "bad_json"),
        ("{}", "no_amount"),
    ],
)
def test_what_is_no_price_is_refused(value: Any, code: str) -> None:
    assert price(value) == code


def test_a_price_without_currency_needs_a_default() -> None:
    assert price("19.99", default="") == "no_currency"
    assert price(19.99, default="") == "no_currency"
    assert price("19.99 SEK", default="") == (Decimal("19.99"), "SEK")


def test_a_shared_symbol_is_the_default_currency_where_that_is_one_of_them() -> None:
    assert price("$5", default="CAD") == (5, "CAD")
    assert price("$5", default="EUR") == (5, "USD")
    assert price("5 kr", default="SEK") == (5, "SEK")
    assert price("¥5", default="CNY") == (5, "CNY")


def test_prices_are_shown_as_people_of_the_locale_write_them() -> None:
    value = {"amount": Decimal("1234.5"), "currency": "EUR"}
    assert display("price", value) == "€1,234.50"
    assert display("price", value, "de_DE") == "1.234,50\u00a0€"
    assert display("price", {"amount": Decimal("0.0042"), "currency": "EUR"}) == "€0.0042"
    assert to_input("price", value) == "1234.5 EUR"


def test_the_currencies_to_choose_from_are_those_in_use() -> None:
    assert {"EUR", "USD", "CHF", "XOF"} <= set(current_currencies()) <= CURRENCIES
    assert "DEM" not in current_currencies()


def multi(value: Any) -> Any:
    return read("multi_price", value, EURO)


def test_several_prices_are_read_from_text_lists_and_objects() -> None:
    both = [
        {"amount": Decimal("19.99"), "currency": "EUR"},
        {"amount": Decimal("21.5"), "currency": "USD"},
    ]
    for value in (
        "EUR 19.99; USD 21.50",
        "19,99 €|21,50 $",
        "EUR 19,99, USD 21,50",
        "19.99\n21.50 USD",
        {"EUR": 19.99, "usd": "21.50", "GBP": None},
        [{"amount": 19.99}, "USD 21.50"],
        '[{"amount": 19.99, "currency": "EUR"}, {"amount": 21.5, "currency": "USD"}]',
    ):
        assert multi(value) == both
    assert multi("19,99") == both[:1]


def test_a_price_may_be_for_one_locale() -> None:
    value = [
        {"amount": Decimal("19.99"), "currency": "EUR", "locale": "de_DE"},
        {"amount": 18, "currency": "EUR"},
    ]
    assert multi("de-de: 19.99 EUR; 18 EUR") == value
    assert display("multi_price", value) == "€19.99 (de_DE) · €18.00"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("5 EUR; 6 EUR", "price_twice"),
        ([{"amount": 5, "currency": "EUR", "locale": "nowhere at all"}], "unknown_locale"),
        ({"EUR": "cheap"}, "not_a_number"),
        ({"EURO": 5}, "unknown_currency"),
        ("5 EUR; cheap", "not_a_price"),
        ("[5", "bad_json"),
    ],
)
def test_what_is_no_list_of_prices_is_refused(value: Any, code: str) -> None:
    assert multi(value) == code


def test_the_same_price_twice_is_one() -> None:
    assert coerce("multi_price", "5 EUR; EUR 5.00", EURO) == [{"amount": 5, "currency": "EUR"}]
