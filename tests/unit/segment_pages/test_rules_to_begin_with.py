"""Rules made of a schema, or of a list of the catalog; drawings of counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pim.catalog.filters import read_filters
from pim.schema.fields import Field, Vocabulary
from pim.segment_pages import choices
from pim.segment_pages.builder import ConditionForm
from pim.segment_pages.charts import line_of, spark_of
from pim.segment_pages.from_catalog import rule_of_list
from pim.segment_pages.starters import starter, starters
from pim.segments.dsl import Known, properties_of, read_rule


def vocabulary(*fields: tuple[str, str]) -> Vocabulary:
    made = (Field(name=name, type=kind, required=False, description="") for name, kind in fields)
    return Vocabulary(fields=tuple(made))


SHOP = vocabulary(
    ("Preis", "price"),
    ("Lagerbestand", "number"),
    ("Beschreibung", "string"),
    ("image_url", "url"),
    ("tags", "array"),
    ("prices", "multi_price"),
    ("brand", "string"),
)


@pytest.mark.parametrize("tenant", [SHOP, Vocabulary()])
def test_every_starter_is_a_rule_of_its_schema(tenant: Vocabulary) -> None:
    offered = starters(tenant)
    assert offered
    for each in offered:
        read_rule(each.definition, Known(tenant))
        assert starter(each.slug, tenant) == each


def test_starters_find_their_fields_in_other_languages() -> None:
    low = starter("running-low", SHOP)
    assert low is not None
    assert low.definition["conditions"][1]["property"] == "Lagerbestand"
    missing = starter("not-ready", SHOP)
    assert missing is not None
    asked = [each["property"] for each in missing.definition["conditions"][1]["conditions"]]
    assert asked == ["Preis", "Beschreibung", "image_url"]


def listed(*tokens: str, words: str = "", **more: Any) -> Any:
    properties = properties_of(SHOP.fields)
    conditions, bad = read_filters(tokens, properties, SHOP.context("json"))
    assert bad == []
    saved = rule_of_list(words, conditions, "EUR", **more)
    read_rule(saved.definition, Known(SHOP))
    return saved


def test_values_of_one_filter_become_a_list() -> None:
    saved = listed(
        "brand:eq:Lumo", "brand:eq:Hale", "tags:does_not_contain:a", "tags:does_not_contain:b"
    )
    brand, tags = saved.definition["conditions"]
    assert (brand["operator"], brand["value"]) == ("in", ["Lumo", "Hale"])
    assert (tags["operator"], tags["value"]) == ("contains_none", ["a", "b"])


def test_parts_of_a_text_become_a_group_any_of_which_fits() -> None:
    (group,) = listed("brand:contains:lu", "brand:contains:ha").definition["conditions"]
    assert (group["logic"], len(group["conditions"])) == ("or", 2)
    (group,) = listed("brand:does_not_contain:lu", "brand:does_not_contain:ha").definition[
        "conditions"
    ]
    assert group["logic"] == "and"


def test_days_and_prices_keep_their_ends_and_currency() -> None:
    saved = listed("created_at:between:2026-01-01..2026-02-01", "Preis:between:1.5..3 USD")
    days, price = saved.definition["conditions"]
    assert (days["value"], days["value2"]) == ("2026-01-01", "2026-02-01")
    assert (price["value"], price["value2"], price["currency"]) == (1.5, 3, "USD")
    assert saved.left_out == ()


def test_what_can_not_be_said_is_named() -> None:
    saved = listed("Preis:lt:10", words="oslo chair", import_name="sommer.csv")
    assert [each.split()[0:3] for each in saved.left_out] == [
        ["The", "filter", "by"],
        ["The", "list", "shows"],
    ]
    assert len(saved.definition["conditions"]) == 3


def test_a_price_starts_in_the_currency_its_field_has() -> None:
    known = choices.Known(properties_of(SHOP.fields), "EUR", currencies={"Preis": ("USD",)})
    settled = choices.settled(ConditionForm("k1", "p:Preis"), known)
    assert (settled.operator, settled.unit) == ("lt", "USD")
    assert choices.settled(ConditionForm("k1", "p:prices"), known).unit == "EUR"


def test_another_property_keeps_what_was_written_and_finds_an_operator() -> None:
    known = choices.Known(properties_of(SHOP.fields))
    before = ConditionForm("k1", "p:brand", "starts_with", ("5",))
    assert choices.settled(before, known) == before
    changed = ConditionForm("k1", "p:Lagerbestand", "starts_with", ("5",))
    settled = choices.settled(changed, known)
    assert (settled.operator, settled.values) == ("lt", ("5",))


def test_a_line_goes_through_counts_from_left_to_right() -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    line = line_of(
        [(began, 10), (began + timedelta(hours=1), 30), (began + timedelta(hours=2), 20)], 100, 40
    )
    assert line is not None
    assert line.points == "0.0,37.0 50.0,37.0 50.0,3.0 100.0,3.0 100.0,20.0"
    assert line.said == "rising from 10 to 20"
    assert (line.low, line.high) == (10, 30)
    assert line_of([(began, 10)], 100, 40) is None


def test_a_small_line_of_equal_counts_is_flat() -> None:
    line = spark_of([5, 5, 5], 90, 20)
    assert line is not None
    assert line.points == "0.0,10.0 45.0,10.0 90.0,10.0"
    assert line.said == "steady at 5"
