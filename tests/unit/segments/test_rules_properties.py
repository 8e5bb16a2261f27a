"""Whatever somebody writes: a rule or a sentence about it, and nothing of it in the SQL text."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim.analytics.columns import Parameters, TenantColumns
from pim.analytics.kinds import KIND_OF_TYPE
from pim.schema.fields import Field, Vocabulary
from pim.segments.dsl import (
    DefinitionInvalid,
    Known,
    PrintScope,
    SegmentRef,
    as_definition,
    field_key,
    in_words,
    parse,
    print_where,
    read_rule,
)
from tests.segments.random_rules import NOW, SEGMENTS, TYPES, a_definition

# All that the SQL of a rule may consist of.
OURS = re.compile(r"[A-Za-z0-9_ '(),{}:<>=\-\[\].!\\\"^?$|+]*")
KNOWN = Known(
    Vocabulary(tuple(Field(name, kind) for name, kind in TYPES.items())),
    {number: SegmentRef(number, f"Segment {number}") for number in SEGMENTS},
)
NUMBERS = TenantColumns({(name, KIND_OF_TYPE[kind].name): 3 for name, kind in TYPES.items()})

texts = st.text(st.characters(codec=None), max_size=12) | st.sampled_from(
    ["'", '"', "\\", "`", "\0", "\ud800", "{tenant:UInt64}", "'; DROP TABLE products; --", "\\'"]
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.just(10**400)
    | st.just(Decimal("1e400"))
    | texts
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
seeds = st.integers(0, 2**32)


def read_or_refuse(definition: Any, known: Known = KNOWN) -> Any:
    """The rule, or None where the definition is refused with sentences that can be sent."""
    try:
        return read_rule(definition, known)
    except DefinitionInvalid as error:
        errors = error.errors
    assert errors
    for each in errors:
        assert each.message.encode()
        assert f".{each.path}".encode()
    return None


def spoiled(definition: Any, wrong: Any, pick: random.Random) -> Any:
    """The definition with one part of it replaced."""
    if pick.random() < 0.3 or not isinstance(definition, (dict, list)) or not definition:
        return wrong
    keys = list(definition) if isinstance(definition, dict) else range(len(definition))
    key = pick.choice(list(keys))
    copy = definition.copy()
    copy[key] = spoiled(definition[key], wrong, pick)
    return copy


@given(anything)
def test_anything_is_a_rule_or_refused_with_a_sentence(definition: Any) -> None:
    read_or_refuse(definition)


@settings(max_examples=300)
@given(seeds, anything)
def test_a_rule_with_one_wrong_part_is_a_rule_or_refused_with_a_sentence(
    seed: int, wrong: Any
) -> None:
    pick = random.Random(seed)
    rule = read_or_refuse(spoiled(a_definition(pick), wrong, pick))
    if rule is not None:
        assert in_words(rule).encode()
        assert OURS.fullmatch(print_where(rule, NUMBERS, PrintScope(7, NOW)).sql)


@given(seeds)
def test_a_definition_is_parsed_written_and_parsed_as_the_same(seed: int) -> None:
    definition = a_definition(random.Random(seed))
    parsed = parse(definition)
    assert parse(as_definition(parsed)) == parsed
    assert in_words(read_rule(as_definition(parsed), KNOWN)) == in_words(
        read_rule(definition, KNOWN)
    )


@given(texts.filter(bool), texts, st.sampled_from(sorted(KIND_OF_TYPE)), st.sampled_from([7, None]))
def test_names_and_values_are_bound_and_never_in_the_text(
    name: str, value: str, kind: str, number: int | None
) -> None:
    name, value = f"⟦{name}", f"⟦{value}"
    known = Known(Vocabulary((Field(name, kind),)))
    columns = TenantColumns({(name, KIND_OF_TYPE[kind].name): number})
    for operator in ("eq", "contains", "matches_any_word", "contains_any", "in", "gt", "is_set"):
        written = [value] if operator in ("contains_any", "in") else value
        written = 3 if operator == "gt" else written
        condition = {"type": "product_attribute", "property": field_key(name)}
        condition |= {"operator": operator, "value": written}
        rule = read_or_refuse({"logic": "and", "conditions": [condition]}, known)
        if rule is not None:
            where = print_where(rule, columns, PrintScope(7, NOW))
            assert OURS.fullmatch(where.sql)
            assert "⟦" not in where.sql


@given(texts, texts, texts)
def test_words_of_others_systems_are_bound_too(segment: str, event: str, prop: str) -> None:
    condition = {
        "type": "user_behavior_signal",
        "signal": "viewed_by_segment",
        "segment_id": f"⟦{segment}",
        "event_type": f"⟦{event}",
        "product_id_property": f"⟦{prop}",
    }
    rule = read_or_refuse({"logic": "or", "conditions": [condition]})
    if rule is not None:
        assert OURS.fullmatch(print_where(rule, NUMBERS, PrintScope(7, NOW)).sql)
        assert in_words(rule)


@given(seeds)
def test_every_subquery_and_the_whole_ask_for_the_tenant(seed: int) -> None:
    rule = read_rule(a_definition(random.Random(seed)), KNOWN)
    where = print_where(rule, NUMBERS, PrintScope(7, NOW, {1: 1, 2: 5}))
    assert where.sql.count("tenant_id = {tenant:UInt64}") == 1 + where.sql.count(" FROM ")
    assert where.parameters.values["tenant"] == 7


@given(seeds)
def test_parameters_of_a_statement_are_added_to_and_never_replaced(seed: int) -> None:
    parameters = Parameters()
    mine = parameters.bind("mine")
    rule = read_rule(a_definition(random.Random(seed)), KNOWN)
    where = print_where(rule, NUMBERS, PrintScope(7, NOW), parameters)
    assert where.parameters is parameters
    assert parameters.values["p0"] == "mine"
    assert mine not in where.sql


@pytest.mark.parametrize("depth", [100, 5_000])
def test_what_is_nested_without_end_is_refused(depth: int) -> None:
    definition: Any = {"logic": "and", "conditions": []}
    value: Any = []
    for _ in range(depth):
        definition = {"logic": "and", "conditions": [definition]}
        value = [value]
    assert read_or_refuse(definition) is None
    condition = {"type": "product_attribute", "property": "brand", "operator": "in"}
    assert read_or_refuse({"logic": "and", "conditions": [{**condition, "value": value}]}) is None


def test_a_million_conditions_are_refused_without_being_read() -> None:
    condition = {"type": "product_attribute", "property": "x", "operator": "eq"}
    assert read_or_refuse({"logic": "and", "conditions": [condition] * 1_000_000}) is None
    groups = [{"logic": "and", "conditions": []}] * 100_000
    assert read_or_refuse({"logic": "and", "conditions": groups}) is None


def test_moments_are_understood_to_the_end_of_time() -> None:
    ends = datetime(2199, 12, 31, tzinfo=UTC).date().isoformat()
    condition = {"type": "product_attribute", "property": "created_at", "operator": "between"}
    condition |= {"value": "1900-01-01", "value2": ends}
    rule = read_or_refuse({"logic": "and", "conditions": [condition]})
    assert print_where(rule, NUMBERS, PrintScope(7, NOW)).parameters.values["p1"].startswith("2200")
