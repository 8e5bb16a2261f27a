from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from pim.catalog.inputs import (
    FieldInput,
    PriceRow,
    coerced,
    input_of,
    read_input,
    with_one_more_row,
)
from pim.core.errors import Invalid
from pim.schema.types import CoerceContext

ENGLISH = CoerceContext("EUR", "en_US", ".")
GERMAN = CoerceContext("EUR", "de_DE", ",")


def sent(given: FieldInput) -> MultiDict[str, str]:
    """What a browser sends for a form that shows this."""
    if not given.prices:
        return MultiDict([("v", given.text.replace("\n", "\r\n"))])
    pairs = []
    for row in given.prices:
        pairs += [("v.amount", row.amount), ("v.currency", row.currency)]
        if given.type == "multi_price":
            pairs.append(("v.locale", row.locale))
    return MultiDict(pairs)


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("string", "a lamp"),
        ("string", "two\nlines, and a comma"),
        ("number", Decimal("1234.125")),
        ("number", -3),
        ("boolean", True),
        ("boolean", False),
        ("array", ["oak, natural", "black"]),
        ("array", ["just one, with a comma", "b"]),
        ("array", ["a"]),
        ("url", "https://x.example/a?b=c"),
        ("price", {"amount": Decimal("19.99"), "currency": "USD"}),
        (
            "multi_price",
            [
                {"amount": Decimal("1234.5"), "currency": "EUR", "locale": "de_DE"},
                {"amount": 7, "currency": "USD"},
            ],
        ),
    ],
)
@pytest.mark.parametrize("ctx", [ENGLISH, GERMAN], ids=["en_US", "de_DE"])
def test_a_form_that_is_sent_unchanged_changes_nothing(
    type_name: str, value: Any, ctx: CoerceContext
) -> None:
    shown = input_of(type_name, value, ctx.decimal, "EUR")
    assert coerced(read_input(type_name, sent(shown), "v"), ctx, "/data/v") == value


@pytest.mark.parametrize(
    "type_name", ["string", "number", "boolean", "array", "url", "price", "multi_price"]
)
def test_an_empty_form_unsets_the_field(type_name: str) -> None:
    empty = input_of(type_name, None, ".", "EUR")
    assert coerced(read_input(type_name, sent(empty), "v"), ENGLISH, "/data/v") == ""


def test_one_line_with_commas_is_a_list_and_several_lines_are_its_items() -> None:
    one = read_input("array", MultiDict({"v": "oak, black"}), "v")
    several = read_input("array", MultiDict({"v": "oak, black\r\nsage\r\n\r\n"}), "v")
    assert coerced(one, ENGLISH, "") == ["oak", "black"]
    assert coerced(several, ENGLISH, "") == ["oak, black", "sage"]


def test_an_amount_may_bring_its_currency_when_the_box_beside_it_is_empty() -> None:
    given = FieldInput("price", prices=(PriceRow("€ 1.299,00", ""),))
    assert coerced(given, GERMAN, "") == {"amount": 1299, "currency": "EUR"}


def test_what_cannot_be_read_is_an_error_that_names_it() -> None:
    with pytest.raises(Invalid) as refused:
        coerced(FieldInput("number", "twelve"), ENGLISH, "/data/stock")
    (problem,) = refused.value.errors
    assert problem.path == "/data/stock"
    assert "“twelve”" in problem.message


def test_a_currency_nobody_has_is_refused() -> None:
    with pytest.raises(Invalid, match="ZZZ"):
        coerced(FieldInput("price", prices=(PriceRow("5", "zzz"),)), ENGLISH, "")


def test_another_row_keeps_what_was_written() -> None:
    given = FieldInput("multi_price", prices=(PriceRow("5", "USD", "en_US"),))
    assert with_one_more_row(given, "EUR").prices == (
        PriceRow("5", "USD", "en_US"),
        PriceRow("", "EUR"),
    )


def test_what_was_written_is_shown_again_as_it_was_written() -> None:
    assert read_input("number", MultiDict({"v": " 12,x "}), "v").text == " 12,x "
