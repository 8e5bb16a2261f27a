"""From a definition to a rule; and what a person reads when it can't be one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pim.segments.dsl import (
    DefinitionInvalid,
    Known,
    SegmentRef,
    as_definition,
    in_words,
    parse,
    read_rule,
)
from tests.unit.segments.rules import (
    KNOWN,
    SEGMENTS,
    VOCABULARY,
    attribute,
    both,
    either,
    rule_of,
)

WHOLE = both(
    attribute("brand", "in", ["Lumo", "Hale"]),
    either(
        attribute("price", "between", 10, value2=20, currency="USD"),
        attribute("tags", "contains_any", ["new", "sale"]),
        both(attribute("created_at", "in_last", 30, unit="days")),
    ),
    {
        "type": "user_behavior_signal",
        "signal": "purchased_by_segment",
        "segment_id": "vip",
        "within": {"amount": 2, "unit": "weeks"},
    },
    {"type": "ai_visibility_metric", "metric": "share", "above": 3},
    {"type": "in_segment", "segment_id": 2, "operator": "not_in"},
)


def problems(definition: Any, known: Known = KNOWN) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionInvalid) as caught:
        read_rule(definition, known)
    assert all(error.message.endswith((".", "?")) for error in caught.value.errors)
    return [(error.path, error.code) for error in caught.value.errors]


def message(*conditions: dict[str, Any]) -> str:
    with pytest.raises(DefinitionInvalid) as caught:
        rule_of(*conditions)
    (error,) = caught.value.errors
    return error.message


def test_a_parsed_definition_is_written_as_it_was() -> None:
    assert as_definition(parse(WHOLE)) == WHOLE


def test_a_rule_knows_what_its_answer_depends_on() -> None:
    rule = read_rule(WHOLE, KNOWN)
    assert (rule.depends_on, rule.uses_signals, rule.uses_clock) == ({2}, True, True)
    plain = rule_of(attribute("brand", "eq", "Lumo"))
    assert (plain.depends_on, plain.uses_signals, plain.uses_clock) == (set(), False, False)


def test_a_rule_reads_as_a_sentence() -> None:
    assert in_words(read_rule(WHOLE, KNOWN)) == (
        "Brand is one of “Lumo” or “Hale” and (Price is between 10 USD and 20 USD or "
        "Tags has any of “new” or “sale” or Created is in the last 30 days) and was bought by "
        "people in “Good customers” in the last 2 weeks and its AI visibility fits "
        "(nothing is measured so far) and is not in the segment “Chairs”"
    )
    either = {"logic": "or", "conditions": [attribute("brand", "eq", x) for x in ("a", "b")]}
    assert in_words(rule_of(either)) == "Brand is “a” or Brand is “b”"


def test_prices_are_compared_in_the_currency_of_the_schema_unless_another_is_said() -> None:
    assert in_words(rule_of(attribute("price", "lt", 5))) == "Price is less than 5 EUR"
    written = {"amount": Decimal("5.50"), "currency": "chf"}
    assert in_words(rule_of(attribute("prices", "gte", written))) == "Prices is at least 5.5 CHF"


def test_a_segment_of_users_nobody_has_sent_is_allowed_and_known_as_such() -> None:
    signal = {"type": "user_behavior_signal", "signal": "viewed_by_segment", "segment_id": "new"}
    assert rule_of(signal).unknown_user_segments == ("new",)


def test_a_field_called_like_a_column_is_asked_for_beside_it() -> None:
    rule = rule_of(attribute("data.source", "eq", "a"), attribute("source", "eq", "b"))
    found = [(part.prop.name, part.prop.fixed) for part in rule.root.parts]  # type: ignore[union-attr]
    assert found == [("source", False), ("source", True)]


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        (attribute("brnad", "eq", "x"), "There is no field “brnad”. Did you mean “brand”?"),
        (attribute("Brand", "eq", "x"), "Did you mean “brand”?"),
        (attribute("stock", "contains", 3), "The type Number has eq, neq"),
        (attribute("stock", "gt", "many"), "“many” is not a number"),
        (attribute("stock", "gt", True), "“true” is true or false, not a number."),
        (attribute("stock", "gt"), "Say which value to look for."),
        (attribute("stock", "between", 9, value2=3), "9 is more than 3. Write the lower end first"),
        (attribute("stock", "between", 9), "Say where the range ends."),
        (attribute("stock", "gt", 3, value_type="string"), "Stock is of type number, not string."),
        (attribute("stock", "gt", 3, value_type="txt"), "“txt” is not a type. Choose string"),
        (attribute("stock", "gt", 3, currency="EUR"), "Stock is no price, so it has no currency."),
        (attribute("stock", "contians", 3), "Did you mean “contains”?"),
        (attribute("brand", "eq", "  "), "Say which value to look for."),
        (attribute("brand", "eq", ["a"]), "This is a list, not text. Choose an operator for"),
        (attribute("brand", "in", "a"), "“a” is text, not a list of values."),
        (attribute("brand", "in", []), "Say which values to look for."),
        (attribute("brand", "eq", "a\0b"), "contains a NUL character"),
        (attribute("brand", "contains", "a\ud800"), "half a character"),
        (attribute("brand", "contains", "x" * 2000), "has 2,000 characters"),
        (attribute("brand", "matches_any_word", ["x" * 300]), "at most 200 are allowed"),
        (attribute("brand", "in", ["ΐ" * 500] * 50), "too long together"),
        (attribute("stock", "in", [10**37 + n for n in range(4_000)]), "too long together"),
        (attribute("price", "lt", 5, currency="QQQ"), "is not a currency"),
        (
            attribute("price", "lt", {"amount": 5, "currency": "USD"}, currency="EUR"),
            "USD and EUR can't be compared.",
        ),
        (attribute("created_at", "gte", "soon"), "is not a day like 2026-03-31"),
        (attribute("created_at", "gte", "20260331"), "is not a day like 2026-03-31"),
        (attribute("created_at", "gte", "2026-W14-2"), "is not a day like 2026-03-31"),
        (attribute("created_at", "gte", "2026-02-30"), "is not a day like 2026-03-31"),
        (attribute("created_at", "gte", "0001-01-01"), "too far away"),
        (attribute("created_at", "in_last", 3), "Choose minutes, hours, days, weeks or months."),
        (attribute("created_at", "in_last", 0, unit="days"), "is not a whole number from 1"),
        (attribute("created_at", "in_last", 10**9, unit="days"), "more than 100 years"),
        (attribute("stock", "gt", "many"), "“many” is not a number. Write it like 1234.5."),
        (attribute("stock", "gt", "5 kg"), "“5 kg” is more than a number. Write the number alone."),
        (attribute("stock", "gt", "9" * 39), "has more than 38 digits. Round it."),
        (attribute("created_at", "in_last", "few", unit="days"), "“few” is not a number."),
        (attribute("sku", "is_set"), "SKU always has a value"),
        (attribute("brand", "eq", "x", valeu=3), "is not known here"),
        ({"type": "product_atribute"}, "Did you mean “product_attribute”?"),
        ({"type": "in_segment", "segment_id": 9, "operator": "in"}, "There is no such segment."),
        (
            {"type": "user_behavior_signal", "signal": "bought", "segment_id": "a"},
            "“bought” is not something people do.",
        ),
    ],
)
def test_what_is_wrong_is_said_to_the_person_who_wrote_it(
    condition: dict[str, Any], says: str
) -> None:
    assert says in message(condition)


def test_everything_that_is_wrong_is_reported_each_at_its_place() -> None:
    definition = both(
        attribute("brnad", "eq", "x"),
        either(attribute("stock", "gt", "many"), {"type": "nothing"}, {}),
        {"logic": "xor", "conditions": []},
        "text",  # type: ignore[arg-type]
        attribute("price", "between", "a", value2="b"),
    )
    assert sorted(problems(definition)) == [
        ("/conditions/0/property", "unknown_field"),
        ("/conditions/1/conditions/0/value", "not_a_number"),
        ("/conditions/1/conditions/1/type", "unknown_type"),
        ("/conditions/1/conditions/2/type", "unknown_type"),
        ("/conditions/2", "empty_group"),
        ("/conditions/2/logic", "bad_logic"),
        ("/conditions/3", "not_an_object"),
        ("/conditions/4/value", "not_a_number"),
        ("/conditions/4/value2", "not_a_number"),
    ]


@pytest.mark.parametrize("definition", [None, [], "x", 3, {"logic": "and"}, {"conditions": {}}])
def test_what_is_no_group_is_refused(definition: Any) -> None:
    assert problems(definition)


def test_groups_lie_eight_deep_and_no_deeper() -> None:
    definition = both(attribute("brand", "is_set"))
    for _ in range(7):
        definition = both(definition)
    read_rule(definition, KNOWN)
    assert problems(both(definition)) == [("/conditions/0" * 8, "too_deep")]


def test_two_hundred_conditions_are_allowed_and_no_more() -> None:
    one = attribute("brand", "is_set")
    rule_of(*[one] * 200)
    first = "/conditions/150/conditions/50"
    assert problems(both(*[one] * 150, either(*[one] * 51))) == [(first, "too_many_conditions")]


def test_no_segment_is_made_of_itself_through_any_number_of_others() -> None:
    member = {"type": "in_segment", "operator": "in"}
    known = Known(VOCABULARY, {**SEGMENTS, 3: SegmentRef(3, "All", frozenset({2}))}, own_id=1)
    for segment in (1, 2, 3):
        found = problems(both({**member, "segment_id": segment}), known)
        assert found == [("/conditions/0/segment_id", "cycle")]
    fresh = Known(VOCABULARY, known.segments, own_id=4)
    assert read_rule(both({**member, "segment_id": 3}), fresh).depends_on == {3}


def test_pointers_begin_where_the_definition_stands() -> None:
    with pytest.raises(DefinitionInvalid) as caught:
        read_rule(both(attribute("nothing", "eq", 1)), KNOWN, path="/definition")
    assert caught.value.errors[0].path == "/definition/conditions/0/property"
