"""Text, yes and no, lists and web addresses."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pim.schema.types import CoerceContext, CoercionError, coerce, is_blank, to_input
from pim.schema.types.boolean import FALSE_WORDS, TRUE_WORDS
from tests.unit.schema.strategies import read

CTX = CoerceContext("EUR")


@pytest.mark.parametrize("value", [None, "", "  ", "\u00a0\t", "\ufeff", "\u200b", [], {}, ()])
def test_nothing_is_blank(value: Any) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", [0, False, "0", "-", [None], " x "])
def test_a_value_is_not_blank(value: Any) -> None:
    assert not is_blank(value)


def test_text_is_kept_without_white_space_around_it() -> None:
    assert coerce("string", "  Größe  XL\n") == "Größe  XL"
    assert coerce("string", 12) == "12"
    assert coerce("string", Decimal("1.50")) == "1.50"
    assert coerce("string", True) == "true"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("a\0b", "nul_character"),
        ("a\ud800b", "broken_character"),
        (["a"], "not_text"),
        ({"a": 1}, "not_text"),
        ("x" * 1_000_001, "text_too_long"),
        (float("nan"), "not_a_number"),
    ],
)
def test_text_the_database_cannot_hold_is_refused(value: Any, code: str) -> None:
    assert read("string", value, CTX) == code


@pytest.mark.parametrize(
    ("words", "meaning"), [(TRUE_WORDS.split(), True), (FALSE_WORDS.split(), False)]
)
def test_the_words_for_yes_and_no_are_known_in_any_case(words: list[str], meaning: bool) -> None:
    for word in words:
        for text in (word, word.upper(), word.title(), f" {word} "):
            assert coerce("boolean", text) is meaning


def test_no_word_means_both() -> None:
    assert not set(TRUE_WORDS.split()) & set(FALSE_WORDS.split())


@pytest.mark.parametrize("value", ["maybe", "in stock", "2", 2, 0.5, [True], "yes no"])
def test_anything_else_is_neither_yes_nor_no(value: Any) -> None:
    assert read("boolean", value, CTX) == "not_a_boolean"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("oak, natural; black", ["oak, natural", "black"]),
        ("a|b;c", ["a", "b;c"]),
        ("a, b\nc", ["a, b", "c"]),
        ("red,,  blue , red", ["red", "blue"]),
        ('"oak, natural", black', ["oak, natural", "black"]),
        ('"a ""b"" c", d', ['a "b" c', "d"]),
        ('"a|b", c', ["a|b", "c"]),
        ('5" pipe, 6" pipe', ['5" pipe', '6" pipe']),
        ('"open, b', ['"open', "b"]),
        ('["a", 1, true, null, "b, c"]', ["a", "1", "true", "b, c"]),
        ("one", ["one"]),
        (", ,", []),
        (["a", 2, None], ["a", "2"]),
        (5, ["5"]),
    ],
)
def test_a_list_is_split_at_the_first_separator_that_occurs(text: Any, items: list[str]) -> None:
    assert coerce("array", text) == items


@pytest.mark.parametrize(
    ("value", "code", "place"),
    [
        ("[a, b]", "bad_json", ""),
        ({"a": 1}, "not_a_list", ""),
        (["a", ["b"]], "not_text", "/1"),
        ([f"item {n}" for n in range(10_001)], "too_many_items", ""),
    ],
)
def test_what_is_no_list_of_texts_is_refused(value: Any, code: str, place: str) -> None:
    with pytest.raises(CoercionError) as refused:
        coerce("array", value)
    assert (refused.value.code, refused.value.place) == (code, place)


def test_a_list_is_edited_as_one_line() -> None:
    assert to_input("array", ["oak, natural", "black", '"x"']) == '"oak, natural", black, """x"""'


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "http://müller.de/größe?a=1&b=ü#top",
        "https://cdn.example.com:8443/a,b/c_(1).jpg",
        "http://[2001:db8::1]/x",
        "http://intranet/pic.png",
        "HTTPS://EXAMPLE.COM/",
        "https://example.com/a?q=[1]|2",
    ],
)
def test_a_web_address_is_kept_as_it_was_written(url: str) -> None:
    assert coerce("url", f" {url}\n") == url


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("www.example.com", "url_without_scheme"),
        ("example.com:8080/x", "url_without_scheme"),
        ("//example.com/x", "url_without_scheme"),
        ("javascript:alert(1)", "not_a_url"),
        ("data:text/html,x", "not_a_url"),
        ("ftp://example.com/x", "not_a_url"),
        ("https://", "not_a_url"),
        ("https:///x", "not_a_url"),
        ("https://exa mple.com", "not_a_url"),
        ("https://example.com/a b.jpg", "not_a_url"),
        ("https://example.com\\@evil.example", "not_a_url"),
        ("https://-a.example", "not_a_url"),
        ("https://example.com:99999/", "not_a_url"),
        ("https://[::1/", "not_a_url"),
        ("https://example.com/<script>", "not_a_url"),
        ("https://a.example/1.jpg, https://a.example/2.jpg", "several_urls"),
        ("https://example.com/" + "x" * 9000, "not_a_url"),
        (5, "not_a_url"),
    ],
)
def test_what_is_no_web_address_is_refused(value: Any, code: str) -> None:
    assert read("url", value, CTX) == code


@pytest.mark.parametrize("type_name", ["string", "number", "boolean", "url", "price"])
def test_an_error_names_the_value_shortened_and_on_one_line(type_name: str) -> None:
    with pytest.raises(CoercionError) as refused:
        coerce(type_name, "a\nvery long value \0 that goes on and on and on and on and on")
    assert "“a very long value" in refused.value.message
    assert "…”" in refused.value.message
    assert refused.value.message.isprintable()
