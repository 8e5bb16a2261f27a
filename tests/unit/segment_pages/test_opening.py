"""A rule of any origin is opened in the builder and saved, and means what it meant before."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from pim.jsontext import dumps, loads
from pim.schema.fields import Field, Vocabulary
from pim.schema.types import notation_of_locale
from pim.segment_pages import choices
from pim.segment_pages.builder import OTHER, ConditionForm, fields_of, packed, read_sent, unpacked
from pim.segment_pages.opening import form_of
from pim.segment_pages.writing import People, write
from pim.segments.dsl import read_rule
from pim.segments.dsl.properties import properties_of
from pim.segments.dsl.rule import Known, SegmentRef

TYPES = {
    **{"brand": "string", "link": "url", "stock": "number", "price": "price"},
    **{"prices": "multi_price", "tags": "array", "vegan": "boolean"},
}
LOCALES = ("en_US", "de_DE", "de_CH", "fr_FR", "en_IN")
IN_DOLLARS = {"amount": Decimal("19.99"), "currency": "USD"}


def attribute(name: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    found = {"type": "product_attribute", "property": name, "operator": operator, **more}
    return found if value is None else {**found, "value": value}


def viewed(segment: str, **more: Any) -> dict[str, Any]:
    found = {"type": "user_behavior_signal", "signal": "viewed_by_segment"}
    return {**found, "segment_id": segment, **more}


CONDITIONS: list[dict[str, Any]] = [
    # numbers that programs send as text, in a tenant that writes them otherwise
    attribute("stock", "eq", "1.234"),
    attribute("stock", "between", "1.234", value2="5.678"),
    attribute("stock", "in", ["1.5", "2.500"]),
    attribute("price", "lt", "1.500"),
    attribute("price", "lt", {"amount": "19.99", "currency": "EUR"}),
    attribute("stock", "eq", Decimal("12345678901234567890.123456")),
    attribute("stock", "eq", Decimal("1E-30")),
    attribute("stock", "gte", -1),
    # currencies in any place and case
    attribute("price", "lt", 20, currency="usd"),
    attribute("price", "lt", 20, currency=" USD "),
    attribute("price", "is_set", currency="usd"),
    attribute("price", "is_not_set"),
    attribute("price", "between", 10, value2={"amount": 20, "currency": "USD"}),
    attribute("prices", "between", {"amount": 5, "currency": "USD"}, value2=7),
    attribute("price", "in", [IN_DOLLARS, 3]),
    attribute("price", "is_set", {"amount": 1, "currency": "USD"}),
    attribute("price", "is_set", unit="days"),
    # numbers where texts are compared
    attribute("brand", "eq", Decimal("1.234")),
    attribute("brand", "contains", Decimal("1.50")),
    attribute("brand", "eq", Decimal("1E+3")),
    attribute("brand", "in", [Decimal("1.234"), 2]),
    attribute("tags", "contains", Decimal("1.234")),
    # words, blanks, ends of lines
    attribute("brand", "matches_any_word", "oak, beech"),
    attribute("brand", "matches_any_word", "oak,beech"),
    attribute("brand", "matches_any_word", ["oak tree"]),
    attribute("brand", "contains", "  oak "),
    attribute("brand", "starts_with", "\noak"),
    attribute("brand", "eq", "a\r\nb"),
    attribute("brand", "contains", "a\rb"),
    attribute("brand", "in", ["a,b", "c\nd", '"q"', "a;b", "x\r\ny"]),
    attribute("tags", "contains_any", [" x ", "x"]),
    # moments
    attribute("created_at", "gte", "2026-03-31T09:30:00+02:00"),
    attribute("created_at", "between", "2026-03-31", value2="2026-04-01T00:00:00Z"),
    attribute("created_at", "in_last", Decimal("30.0"), unit="days"),
    attribute("created_at", "in_last", "30", unit="months"),
    # what has fields for a part of it, or none
    attribute("active", "is_true", True),
    attribute("stock", "eq", 5, value_type="number"),
    {"type": "ai_visibility_metric", "logic": "and", "threshold": Decimal("0.5")},
    {"type": "ai_visibility_metric", "conditions": [attribute("brand", "eq", "x")]},
    viewed(" vip "),
    viewed("vip", event_type=" x", product_id_property="p "),
    viewed("vip", within={"amount": Decimal("30.0"), "unit": "days"}),
    {"type": "in_segment", "segment_id": 12, "operator": "not_in"},
]


def known_of(locale: str) -> tuple[Known, People, choices.Known]:
    fields = tuple(Field(name, kind) for name, kind in TYPES.items())
    vocabulary = Vocabulary(fields, "EUR", locale)
    notation = notation_of_locale(locale)
    segments = {12: SegmentRef(12, "Lamps", frozenset())}
    known = Known(vocabulary=vocabulary, segments=segments, user_segments={}, own_id=None)
    offered = choices.Known(properties=properties_of(vocabulary.fields), currency="EUR")
    return known, People(vocabulary.context(notation), notation, "EUR"), offered


def saved_again(definition: Any, locale: str) -> Any:
    """The definition after a browser has shown its form and sent it back."""
    _, people, offered = known_of(locale)
    form = choices.settled_rule(form_of(definition, offered.properties, people), offered)
    sent = [
        (name, value.replace("\r\n", "\n").replace("\r", "\n")) for name, value in fields_of(form)
    ]
    typed = MultiDict([(name, value.replace("\n", "\r\n")) for name, value in sent])
    return loads(dumps(write(read_sent(typed), offered.properties, people).definition))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("condition", CONDITIONS, ids=dumps)
def test_a_rule_means_the_same_after_it_was_opened_and_saved(
    condition: dict[str, Any], locale: str
) -> None:
    definition = loads(dumps({"logic": "and", "conditions": [condition]}))
    known = known_of(locale)[0]
    before = read_rule(definition, known)
    assert read_rule(saved_again(definition, locale), known) == before


@pytest.mark.parametrize("locale", LOCALES)
def test_a_rule_written_in_the_builder_is_saved_as_it_was(locale: str) -> None:
    price = attribute("price", "lt", Decimal("19.99"), currency="EUR")
    definition = {"logic": "or", "conditions": [price, attribute("brand", "eq", "Lumo")]}
    assert saved_again(definition, locale) == definition


def test_what_the_fields_can_not_say_is_shown_and_kept_as_it_is() -> None:
    _, people, offered = known_of("de_DE")
    condition = attribute("brand", "eq", "a\r\nb")
    form = form_of({"logic": "and", "conditions": [condition]}, offered.properties, people)
    (shown,) = form.root.children
    assert isinstance(shown, ConditionForm)
    assert (shown.about, loads(shown.kept)) == (OTHER, condition)


def test_a_form_is_brought_back_with_what_was_not_filled_in_yet() -> None:
    form = read_sent(
        MultiDict(
            [("node", "g:k1:r"), ("node", "c:k2:k1"), ("about-k2", "p:brand"), ("node", "c:k3:r")]
        )
    )
    assert unpacked(packed(form)) == form
    for broken in ("", "{", "[1]", "null", '[["node"]]', '{"a": 1}'):
        assert len(unpacked(broken).root.children) == 1


@pytest.mark.parametrize("depth", [50, 5_000])
def test_what_is_nested_without_end_is_opened_all_the_same(depth: int) -> None:
    _, people, offered = known_of("en_US")
    definition: Any = attribute("brand", "is_set")
    for _ in range(depth):
        definition = {"logic": "and", "conditions": [definition]}
    written = write(form_of(definition, offered.properties, people), offered.properties, people)
    assert written.definition
    nodes = [("node", "g:k0:r")] + [("node", f"g:k{n}:k{n - 1}") for n in range(1, 300)]
    assert write(read_sent(MultiDict(nodes)), offered.properties, people).definition
    wide = {"logic": "and", "conditions": [{}] * 110_000}
    assert len(list(form_of(wide, offered.properties, people).nodes())) <= 2_001
