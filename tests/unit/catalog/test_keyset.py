from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from pim.catalog.keyset import (
    Key,
    ListQuery,
    Place,
    cut_page,
    place_of,
    text_of_value,
    value_of_text,
)
from pim.segments.dsl.properties import Property


def key(number: int) -> Key:
    return Key(number, str(number), f"sku-{number}")


def test_the_first_page_has_nothing_before_it() -> None:
    page, edges = cut_page([key(1), key(2), key(3)], ListQuery(limit=2))
    assert [k.product_id for k in page] == [1, 2]
    assert edges.before is None
    assert edges.after == Place("2", "sku-2", False, 2)
    assert edges.first_position == 1


def test_the_last_page_has_nothing_after_it() -> None:
    place = Place("2", "sku-2", False, 2)
    _, edges = cut_page([key(3)], ListQuery(limit=2, place=place))
    assert edges.after is None
    assert edges.before == Place("3", "sku-3", True, 3)
    assert edges.first_position == 3


def test_going_back_reads_the_rows_nearest_first_and_shows_them_in_order() -> None:
    place = Place("5", "sku-5", True, 5)
    page, edges = cut_page([key(4), key(3), key(2)], ListQuery(limit=2, place=place))
    assert [k.product_id for k in page] == [3, 4]
    assert edges.first_position == 3
    assert edges.before == Place("3", "sku-3", True, 3)
    assert edges.after == Place("4", "sku-4", False, 4)


def test_back_at_the_start_the_count_begins_at_one_whatever_the_address_said() -> None:
    place = Place("3", "sku-3", True, 900)
    _, edges = cut_page([key(2), key(1)], ListQuery(limit=2, place=place))
    assert (edges.first_position, edges.before) == (1, None)


def test_a_page_whose_rows_are_gone_is_empty_without_a_crash() -> None:
    page, edges = cut_page([], ListQuery(limit=2, place=Place("9", "sku-9")))
    assert page == []
    assert edges.before is None


def test_a_place_survives_its_cursor() -> None:
    place = Place(None, "sku-1", True, 51)
    assert place_of(place.parts()) == place


@pytest.mark.parametrize("parts", [[], [1, 2, 3, 4], ["a", "b", False, "x"], ["a"] * 5])
def test_a_cursor_of_another_make_is_no_place(parts: list[object]) -> None:
    assert place_of(parts) is None


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", "ärmel"),
        ("number", Decimal("0.10")),
        ("price", Decimal("19.99")),
        ("boolean", True),
        ("boolean", False),
        ("date", datetime(2026, 3, 31, 12, 30, 1, 250, tzinfo=UTC)),
        ("number", None),
    ],
)
def test_a_sort_value_comes_back_from_a_cursor_as_it_was(kind: str, value: object) -> None:
    prop = Property("x", "X", kind)  # type: ignore[arg-type]
    assert value_of_text(prop, text_of_value(value)) == value


def test_a_sort_value_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="lamp"):
        value_of_text(Property("x", "X", "number"), "lamp")
