"""What is remembered is believed as far as it still holds for the file at hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pim.imports.memory import Memory, Remembered, header_keys, header_set
from pim.imports.profile import profile_rows
from pim.imports.suggest import NO_KEY, suggest
from pim.imports.suggestion import Suggestion, Suggestions
from pim.schema.fields import Field, Vocabulary
from tests.factories.messages_api import MessagesApi, messages_api

SHOP = Vocabulary((Field("brand", "string"), Field("price", "price"), Field("stock", "number")))
HEADERS = ["Nr", "Was", "Wert", "Menge"]
ROWS = [["A1", "Sessel", "149,00 €", "3"], ["A2", "Lampe", "39,90 €", "0"]]
TODAY, THEN = date(2026, 11, 20), date(2026, 11, 3)


def chose(target: str | None, **more: Any) -> Remembered:
    return Remembered(target, None, THEN, **{"same_headers": True, **more})


def look(remembered: dict[str, Remembered], rows: list[list[str]] = ROWS, ai: Any = None) -> Any:
    places = {HEADERS.index(column): each for column, each in remembered.items()}
    return suggest(HEADERS, rows, SHOP, profile_rows(HEADERS, rows), ai, Memory(places, TODAY))


def column(found: Suggestions, name: str) -> Suggestion:
    return found.columns[HEADERS.index(name)]


ALL = {"Nr": chose("sku"), "Was": chose("name"), "Wert": chose("price"), "Menge": chose(None)}


def test_a_file_that_is_known_is_mapped_as_before() -> None:
    found = look(ALL)
    assert found.by == "memory"
    assert found.note == "All 4 columns go as you mapped them before."
    assert [each.target for each in found.columns] == ["sku", "name", "price", None]
    assert {each.by for each in found.columns} == {"memory"}
    assert column(found, "Wert").reason == "You mapped this column to price on 3 Nov."
    assert column(found, "Nr").reason == "You mapped this column to SKU on 3 Nov."
    assert column(found, "Menge").reason == "You left this column out on 3 Nov."
    assert all(each.confidence > 0.9 for each in found.columns)


def test_the_year_is_told_when_it_is_not_this_one() -> None:
    old = Remembered("price", None, date(2024, 2, 29), same_headers=True)
    found = look({"Wert": old})
    assert column(found, "Wert").reason == "You mapped this column to price on 29 Feb 2024."


def test_the_rules_answer_for_what_is_not_remembered() -> None:
    found = look({"Wert": chose("price")})
    assert found.by == "heuristic"
    assert found.note == f"1 column of 4 goes as you mapped it before. {OTHERS}"
    assert column(found, "Wert").by == "memory"
    assert column(found, "Nr").by == "heuristic"


OTHERS = NO_KEY.replace("so these are", "so the others are")


def test_a_field_that_went_is_said_and_the_column_looked_at_anew() -> None:
    found = column(look({"Wert": chose("old_price")}), "Wert")
    assert found.by == "heuristic"
    assert found.reason.startswith(
        "You mapped this column to old_price on 3 Nov, but that field is no longer in the schema. "
        "Now: "
    )


def test_values_that_cannot_be_read_any_more_are_said() -> None:
    rows = [["A1", "Sessel", "on request", "3"], ["A2", "Lampe", "see shop", "0"]]
    found = column(look({"Wert": chose("price")}, rows), "Wert")
    assert found.target != "price"
    assert "on 3 Nov, but too few of its values can be read as “price” now" in found.reason


def test_a_column_that_repeats_is_never_the_sku_whatever_is_remembered() -> None:
    rows = [*ROWS, ["A1", "Regal", "9,00 €", "1"]]
    found = look(ALL, rows)
    assert column(found, "Nr").target != "sku"
    assert "its values are not unique here" in column(found, "Nr").reason
    assert found.by != "memory"


def test_two_columns_never_go_to_one_target() -> None:
    found = look({"Wert": chose("price", same_headers=False), "Menge": chose("price")})
    targets = [each.target for each in found.columns if each.target]
    assert len(targets) == len(set(targets))


def test_headers_two_files_use_differently_need_an_eye() -> None:
    found = column(look({"Wert": chose("price", same_headers=False, other="stock")}), "Wert")
    assert found.target == "price"
    assert found.confidence < 0.6
    assert found.reason.endswith("on 3 Nov; another file used it for stock.")


def test_what_was_done_with_values_comes_along() -> None:
    steps = ({"op": "trim"},)
    assert column(look({"Was": chose("name", transform=steps)}), "Was").transform == steps


def test_headers_are_the_same_without_case_and_blanks() -> None:
    assert header_keys(["  Preis ", "STOCK", "Ärmel  lang"]) == ["preis", "stock", "ärmel lang"]
    assert header_set(["A", "b"]) == header_set([" B", "a"])
    assert header_set(["a", "b"]) != header_set(["a", "b", "c"])
    assert header_set(["a b"]) != header_set(["a", "b"])


def test_headers_that_differ_in_case_alone_are_told_apart() -> None:
    assert header_keys(["Price", "PRICE", "price", ""]) == ["price", "PRICE", None, None]
    assert header_keys(["x" * 301]) == [None]


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    with messages_api() as server:
        yield server


def test_claude_is_not_asked_about_a_file_that_is_known(api: MessagesApi) -> None:
    found = look(ALL, ai=api.settings())
    assert found.by == "memory"
    assert api.requests == []


def test_claude_is_asked_only_about_columns_nothing_is_remembered_of(api: MessagesApi) -> None:
    api.will_map({"Was": ("name", "string", 0.9), "Menge": ("stock", "number", 0.9)})
    found = look({"Nr": chose("sku"), "Wert": chose("price")}, ai=api.settings())
    (request,) = api.requests
    assert request.question == {
        "targets": ["name", "active", "brand", "stock"],
        "columns": [
            {"column": 1, "header": "Was", "samples": ["Sessel", "Lampe"]},
            {"column": 3, "header": "Menge", "samples": ["3", "0"]},
        ],
        "all_headers": HEADERS,
        "settled": {"Nr": "sku", "Wert": "price"},
    }
    assert [each.by for each in found.columns] == ["memory", "ai", "memory", "ai"]
    assert found.note == (
        "2 columns of 4 go as you mapped them before. Claude suggested 2 of 2 targets from the "
        "headers and 2 sample rows."
    )


def test_claude_cannot_take_a_target_that_is_remembered(api: MessagesApi) -> None:
    api.will_map({"Was": ("price", "price", 0.99), "Menge": ("sku", "string", 0.99)})
    found = look({"Nr": chose("sku"), "Wert": chose("price")}, ai=api.settings())
    assert column(found, "Nr").target == "sku"
    assert column(found, "Wert").target == "price"
    assert column(found, "Was").target != "price"
    assert column(found, "Menge").target != "sku"


def test_an_answer_about_a_remembered_column_is_not_heard(api: MessagesApi) -> None:
    from tests.factories.messages_api import a_message

    api.will(
        a_message(
            '{"columns": [{"column": 2, "target": "brand", "type": "string", "confidence": 1, '
            '"reason": "x"}]}'
        )
    )
    found = look({"Wert": chose("price")}, ai=api.settings())
    assert column(found, "Wert").target == "price"
