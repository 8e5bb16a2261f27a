"""JSON is read exactly as RFC 8259 has it, and what is wrong is named with its place."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pim.api.json import NotJson, parse, unstorable_texts
from pim.api.jsonplace import find_fault
from pim.core.errors import TooLarge

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
TREES = st.recursive(
    st.none() | st.booleans() | TEXTS | st.integers(-(10**30), 10**30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


def refused(body: str | bytes) -> NotJson:
    """The error a body is refused with."""
    with pytest.raises(NotJson) as caught:
        parse(body if isinstance(body, bytes) else body.encode())
    return caught.value


@given(TREES, st.sampled_from([None, 0, 2]))
def test_what_any_json_library_writes_is_read_as_it_was(tree: Any, indent: int | None) -> None:
    assert parse(json.dumps(tree, indent=indent).encode()).value == tree
    assert parse(json.dumps(tree, ensure_ascii=False).encode()).value == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", Decimal("0.1")),
        ("1e400", Decimal("1e400")),
        ("19.990", Decimal("19.990")),
        ("-0", 0),
        ("9007199254740993", 9007199254740993),
        ("123456789012345678901234567890", Decimal("123456789012345678901234567890")),
        ("1E-900", Decimal("1E-900")),
    ],
)
def test_numbers_are_exact(text: str, value: object) -> None:
    read = parse(text.encode()).value
    assert read == value
    assert str(read) == str(value)
    assert not isinstance(read, float)


@pytest.mark.parametrize(
    ("body", "code", "pointer", "line", "column"),
    [
        ("NaN", "json_syntax", "", 1, 1),
        ('{"a": [1, -Infinity]}', "json_syntax", "/a/1", 1, 11),
        ('{"a": 1,}', "json_syntax", "", 1, 9),
        ("[1,]", "json_syntax", "/1", 1, 4),
        ("[1 2]", "json_syntax", "", 1, 4),
        ('{"a" 1}', "json_syntax", "/a", 1, 6),
        ("{'a': 1}", "json_syntax", "", 1, 2),
        ('{"a": 01}', "json_syntax", "", 1, 8),
        ("[1.]", "json_syntax", "", 1, 3),
        ("[.5]", "json_syntax", "/0", 1, 2),
        ("[+1]", "json_syntax", "/0", 1, 2),
        ("[0x10]", "json_syntax", "", 1, 3),
        ('["a\tb"]', "json_syntax", "/0", 1, 2),
        ('["a\nb"]', "json_syntax", "/0", 1, 2),
        (r'["\x41"]', "json_syntax", "/0", 1, 2),
        (r'["\u00g0"]', "json_syntax", "/0", 1, 2),
        ('["open', "json_syntax", "/0", 1, 2),
        ('{"a": {"b": 1', "json_syntax", "/a", 1, 14),
        ("[] []", "json_syntax", "", 1, 4),
        ("[1] // no", "json_syntax", "", 1, 5),
        ("tru", "json_syntax", "", 1, 1),
        ("[True]", "json_syntax", "/0", 1, 2),
        ("[nulll]", "json_syntax", "/0", 1, 2),
        ("\ufeff{}", "json_syntax", "", 1, 1),
        ("[\u00a01]", "json_syntax", "/0", 1, 2),
        ("[٣]", "json_syntax", "/0", 1, 2),
        ('{"products": [{"sku": 1,\n  "sku": 2}]}', "json_duplicate_key", "/products/0/sku", 2, 3),
        (r'{"a/b": {"~": 1, "\u007e": 2}}', "json_duplicate_key", "/a~1b/~0", 1, 18),
        ('{"": 1, "": 2}', "json_duplicate_key", "/", 1, 9),
        ('{"a": 1e1001}', "number_out_of_range", "/a", 1, 7),
        ('{"a": 1e-1001}', "number_out_of_range", "/a", 1, 7),
        ('{"a": 1e99999999999999999999}', "number_out_of_range", "/a", 1, 7),
        ('{"a": ' + "9" * 5000 + "}", "number_out_of_range", "/a", 1, 7),
        ("", "json_syntax", "", 1, 1),
        (" \n ", "json_syntax", "", 1, 1),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    body: str, code: str, pointer: str, line: int, column: int
) -> None:
    error = refused(body)
    assert (error.code, error.errors[0].path) == (code, pointer)
    assert (error.extra["line"], error.extra["column"]) == (line, column)
    assert error.status == 400


def test_bytes_that_are_not_utf8_are_named_by_their_offset() -> None:
    error = refused(b'{"a":\n "\xff"}')
    assert error.code == "json_encoding"
    assert error.extra == {"line": 2, "column": 3, "offset": 8}
    assert "0xff" in error.message
    assert refused(b'"\xed\xa0\x80"').code == "json_encoding"  # a surrogate as CESU-8 has it


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_depth_has_a_limit_and_no_depth_is_too_much_for_the_reader(opening: str) -> None:
    closing = "]" if opening == "[" else "}"
    assert parse((opening * 64 + "1" + closing * 64).encode()).value
    for depth in (65, 900, 100_000):
        error = refused(opening * depth + "1" + closing * depth)
        assert error.code == "json_too_deep"
        assert error.errors[0].path.count("/") == 64


def test_more_values_than_anyone_needs_are_refused_before_they_take_memory() -> None:
    with pytest.raises(TooLarge):
        parse(b"[" + b"[]," * 4_000_000 + b"1]")


def test_texts_that_postgresql_cannot_keep_are_found_with_their_pointer() -> None:
    parsed = parse(rb'{"a": ["ok", "\u0000"], "\ud800x": "\udc00", "fine": "\ud83d\ude00"}')
    assert parsed.suspicious
    assert [(e.path, e.code) for e in unstorable_texts(parsed.value)] == [
        ("/a/1", "invalid_text"),
        ("/\\ud800x", "invalid_text"),
        ("/\\ud800x", "invalid_text"),
    ]


def test_escaped_backslashes_are_not_taken_for_nul() -> None:
    parsed = parse(rb'["\\u0000", "\\ud800"]')
    assert list(unstorable_texts(parsed.value)) == []


JSON_LIKE = st.text(st.sampled_from('{}[]",:0123456789.eE+-truefalsn \n\\uad\x00é'), max_size=40)


@settings(max_examples=600)
@given(JSON_LIKE)
@example('{"a":1,"a":2}')
@example("1e5000")
@example("-")
@example('"\\ud800"')
def test_the_fast_and_the_exact_reader_agree_on_every_text(text: str) -> None:
    error = error_of(text)
    if error is None:
        assert find_fault(text) is None
        return
    assert not text.strip(" \t\r\n") or find_fault(text) is not None
    assert 0 <= error.extra["offset"] <= len(text)


def error_of(text: str) -> NotJson | None:
    """The error a text is refused with, if it is."""
    try:
        parse(text.encode())
    except NotJson as error:
        return error
    return None


@given(st.binary(max_size=60))
def test_no_body_whatsoever_breaks_the_reader(body: bytes) -> None:
    try:
        parse(body)
    except NotJson as error:
        error.errors[0].path.encode()
