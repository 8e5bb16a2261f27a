"""Rows of a file become what the write path stages; what can't be read is told per cell."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.imports.mapping import ColumnRule, Options
from pim.imports.rows import MAX_SKU, ReadRows, RowCompiler
from pim.jsontext import loads
from pim.schema.fields import Field, Vocabulary
from pim.schema.types import CoerceContext, CoercionError, coerce, is_blank

HEADERS = ["nr", "title", "on", "price", "tags", "note", "weight"]
RULES = (
    ColumnRule("nr", "sku", "string"),
    ColumnRule("title", "name", "string"),
    ColumnRule("on", "active", "boolean"),
    ColumnRule("price", "price", "price", ","),
    ColumnRule("tags", "tags", "array"),
    ColumnRule("note", "note", "string"),
    ColumnRule("weight", "weight", "number"),
)
SHOP = Vocabulary(
    (
        Field("price", "price"),
        Field("tags", "array"),
        Field("note", "string"),
        Field("weight", "number"),
    ),
    "EUR",
    "en_US",
)
GOOD = ["A-1", "Chair", "yes", "1.299,00", "oak, natural", 'say "hi"\nthere', "12"]


def read(
    *rows: list[str],
    options: Options | None = None,
    rules: tuple[ColumnRule, ...] = RULES,
    vocabulary: Vocabulary = SHOP,
    headers: list[str] = HEADERS,
) -> ReadRows:
    return RowCompiler(headers, rules, options or Options(), vocabulary).read(rows)


def with_cell(place: int, value: str) -> list[str]:
    return [value if index == place else cell for index, cell in enumerate(GOOD)]


def test_a_row_becomes_canonical_values() -> None:
    found = read(GOOD)
    assert (found.skus, found.names, found.actives) == (["A-1"], ["Chair"], [True])
    assert loads(found.data[0]) == {
        "price": {"amount": 1299, "currency": "EUR"},
        "tags": ["oak", "natural"],
        "note": 'say "hi"\nthere',
        "weight": 12,
    }
    assert not found.problems
    assert not found.failed


def test_blank_cells_say_nothing() -> None:
    found = read(["A-1", " ", "", "", " ,", "  ", "\u00a0"])
    assert (found.names, found.actives, found.data) == ([None], [None], ["{}"])
    assert not found.problems


def test_blank_cells_clear_their_field_when_the_user_chose_so() -> None:
    found = read(["A-1", " ", "", "", " ,", "x", ""], GOOD, options=Options(blank="clear"))
    assert found.names == ["", "Chair"]
    assert found.actives == [None, True]
    assert found.cleared == {0: ("price", "tags", "weight")}


def test_a_value_that_cannot_be_read_fails_its_row_and_is_named() -> None:
    found = read(GOOD, with_cell(3, "auf Anfrage"), GOOD)
    assert found.failed == {1}
    (problem,) = found.problems[1]
    assert problem.column == "price"
    assert "“auf Anfrage”" in problem.message


def test_every_problem_of_a_row_is_told() -> None:
    found = read(["", "x", "perhaps", "n/a", "a", "b", "heavy"])
    assert [p.column for p in found.problems[0]] == ["nr", "on", "price", "weight"]
    assert found.problems[0][0].code == "no_sku"


def test_only_the_value_is_left_out_when_the_user_chose_so() -> None:
    options = Options(on_error="skip_value", blank="clear")
    found = read(with_cell(6, "heavy"), ["", "x", "", "", "", "", "1"], options=options)
    assert found.failed == {1}, "without a SKU there is no product to write to"
    assert [p.code for p in found.problems[0]] == ["not_a_number"]
    assert "weight" not in loads(found.data[0])
    assert 0 not in found.cleared, "a value that can't be read is no blank"


def test_a_sku_that_is_too_long_fails_its_row() -> None:
    found = read(with_cell(0, "x" * (MAX_SKU + 1)), with_cell(0, "x" * MAX_SKU))
    assert found.failed == {0}
    assert found.problems[0][0].code == "too_long"


def test_the_currency_of_a_header_stands_in_for_amounts_without_one() -> None:
    rules = (ColumnRule("nr", "sku", "string"), ColumnRule("price", "p", "price", ".", "USD"))
    vocabulary = Vocabulary((Field("p", "price"),), "EUR")
    found = read(with_cell(3, "19.99"), with_cell(3, "5 EUR"), rules=rules, vocabulary=vocabulary)
    assert [loads(data)["p"]["currency"] for data in found.data] == ["USD", "EUR"]


def test_the_currency_of_a_row_stands_in_for_its_amounts() -> None:
    headers = ["sku", "price", "Währung"]
    rules = (
        ColumnRule("sku", "sku", "string"),
        ColumnRule("price", "price", "price", "."),
        ColumnRule("Währung", "currency", "string"),
    )
    vocabulary = Vocabulary((Field("price", "price"), Field("currency", "string")), "EUR")
    found = read(
        ["A", "1.50", "usd"],
        ["B", "1.50", ""],
        ["C", "1.50", "Taler"],
        ["D", "", "Taler"],
        ["E", "2 CHF", "USD"],
        headers=headers,
        rules=rules,
        vocabulary=vocabulary,
    )
    prices = [loads(data).get("price", {}).get("currency") for data in found.data]
    assert prices == ["USD", "EUR", None, None, "CHF"]
    assert found.failed == {2}
    assert found.problems[2][0].code == "unknown_currency"


def test_rows_that_lack_a_required_field_are_told_apart_from_failed_ones() -> None:
    vocabulary = Vocabulary(
        (Field("price", "price", required=True), Field("brand", "string", required=True)), "EUR"
    )
    rules = RULES[:1] + RULES[3:4]
    found = read(GOOD, with_cell(3, ""), rules=rules, vocabulary=vocabulary)
    assert found.lacking == {0: ["brand"], 1: ["brand", "price"]}
    assert not found.failed


def test_a_file_that_maps_nothing_but_the_sku_has_empty_data() -> None:
    assert read(GOOD, rules=RULES[:1]).data == ["{}"]


@pytest.mark.parametrize("count", [0, 1])
def test_no_rows_are_no_problem(count: int) -> None:
    assert len(read(*[GOOD] * count).data) == count


cells = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=10),
    st.sampled_from(["", " ", "12", "1,5", "1.5", "yes", "5 €", "a;b", "[1]", "x", "-", "12 kg"]),
)


@given(st.lists(st.lists(cells, min_size=7, max_size=7), max_size=6))
def test_reading_by_columns_is_reading_cell_by_cell(rows: list[list[str]]) -> None:
    found = read(*rows)
    for position, row in enumerate(rows):
        expected: dict[str, Any] = {}
        wrong = set()
        for rule, cell in list(zip(RULES, row, strict=True))[3:]:
            if is_blank(cell):
                continue
            try:
                value = coerce(rule.type, cell, CoerceContext("EUR", "en_US", rule.decimal))
            except CoercionError:
                wrong.add(rule.column)
            else:
                if not is_blank(value):
                    expected[rule.target] = value
        assert loads(found.data[position]) == expected
        told = {p.column for p in found.problems.get(position, [])}
        assert told - {"nr", "on", "title"} == wrong
