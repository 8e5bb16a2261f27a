from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.catalog.values import cell, plain_text, shortened, unknown, whole
from pim.schema.types import FIELD_TYPES

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


def test_markup_is_taken_off_in_a_cell_and_kept_on_the_page() -> None:
    html = "<p>Warm &amp; <b>quiet</b></p><script>alert(1)</script><ul><li>oak</ul>"
    assert cell("string", html, "en_US").text == "Warm & quiet oak"
    assert whole("string", html, "en_US").text == html


def test_a_less_than_sign_is_not_markup() -> None:
    assert plain_text("width < 30 cm, height > 5") == "width < 30 cm, height > 5"


def test_a_long_text_is_cut_at_a_word_and_told_in_full_when_pointed_at() -> None:
    text = "word " * 100
    shown = cell("string", text, "en_US")
    assert shown.text.endswith("word…")
    assert len(shown.text) <= 120
    assert len(shown.title) > len(shown.text)


def test_a_word_without_blanks_is_cut_too() -> None:
    assert shortened("x" * 500, 20) == "x" * 19 + "…"


def test_a_list_shows_a_few_items_and_how_many_more() -> None:
    shown = cell("array", ["a", "b", "c", "d", "e"], "en_US")
    assert (shown.items, shown.more) == (("a", "b", "c"), 2)
    assert whole("array", ["a", "b", "c", "d", "e"], "en_US").items == ("a", "b", "c", "d", "e")


def test_money_and_numbers_are_written_as_the_locale_has_them() -> None:
    price = {"amount": Decimal("1299.5"), "currency": "EUR"}
    assert cell("price", price, "en_US").text == "€1,299.50"
    assert cell("price", price, "de_DE").text == "1.299,50\xa0€"
    assert cell("number", Decimal("0.25"), "de_DE").text == "0,25"


def test_several_prices_show_the_first_and_their_number() -> None:
    prices = [
        {"amount": 10, "currency": "EUR", "locale": "de_DE"},
        {"amount": 12, "currency": "USD"},
    ]
    shown = cell("multi_price", prices, "en_US")
    assert (shown.text, shown.more) == ("€10.00 · de_DE", 1)
    assert whole("multi_price", prices, "en_US").items == ("€10.00 · de_DE", "$12.00")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x.example", "x"])
def test_only_web_addresses_become_links(url: str) -> None:
    assert cell("url", url, "en_US").form == "text"
    assert whole("url", url, "en_US").href == ""


def test_a_value_that_is_not_there_is_blank_and_zero_and_no_are_not() -> None:
    assert cell("string", None, "en_US").form == "blank"
    assert cell("array", [], "en_US").form == "blank"
    assert cell("number", 0, "en_US").text == "0"
    assert cell("boolean", False, "en_US").text == "No"


@given(st.sampled_from(sorted(FIELD_TYPES)), json_values)
def test_whatever_is_stored_can_be_shown(type_name: str, value: Any) -> None:
    cell(type_name, value, "en_US")
    whole(type_name, value, "en_US")
    unknown(value)
