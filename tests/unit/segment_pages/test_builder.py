"""The builder's form: it says a rule in fields and back, and its buttons lose nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from pim.schema.fields import Field
from pim.schema.types import CoerceContext, notation_of_locale
from pim.segment_pages import moves
from pim.segment_pages.builder import (
    ROOT,
    ConditionForm,
    GroupForm,
    RuleForm,
    blank_rule,
    fields_of,
    read_sent,
)
from pim.segment_pages.opening import form_of
from pim.segment_pages.writing import People, is_finished, without_unfinished, write
from pim.segments.dsl.operators import UNITS, input_of, operators_of
from pim.segments.dsl.parser import parse
from pim.segments.dsl.properties import Property, properties_of

FIELDS = [
    Field(name=name, type=kind, required=False, description="")
    for name, kind in (
        ("brand", "string"),
        ("stock", "number"),
        ("organic", "boolean"),
        ("tags", "array"),
        ("page", "url"),
        ("price", "price"),
        ("prices", "multi_price"),
        ("name:x", "string"),
    )
]
PROPERTIES = properties_of(FIELDS)
GERMAN = notation_of_locale("de_DE")
PEOPLE = People(CoerceContext("EUR", "de_DE", GERMAN), GERMAN, "EUR")


def text(**more: Any) -> st.SearchStrategy[str]:
    letters = st.characters(blacklist_categories=("Cs", "Cc"), **more)
    return st.text(letters, min_size=1, max_size=20).filter(lambda t: t == t.strip())


numbers = st.one_of(
    st.integers(-(10**12), 10**12),
    st.decimals(-(10**6), 10**6, places=4).map(Decimal.normalize),
).map(lambda n: int(n) if n == int(n) else n)
days = st.dates().map(str)


def attribute(key: str, prop: Property) -> st.SearchStrategy[dict[str, Any]]:
    def of(name: str) -> st.SearchStrategy[dict[str, Any]]:
        operator = next(o for o in operators_of(prop) if o.name == name)
        asked = input_of(prop, operator)
        one = numbers if asked in ("number", "range", "numbers") else days
        value: dict[str, Any] = {}
        if asked in ("text", "texts"):
            one = text()
        if operator.arity in ("one", "two"):
            value["value"] = one
        if operator.arity == "two":
            value["value2"] = one
        if operator.arity == "many":
            value["value"] = st.lists(one, min_size=1, max_size=4, unique=True)
        if operator.arity == "duration":
            value |= {"value": st.integers(1, 10**6), "unit": st.sampled_from(UNITS)}
        if prop.kind in ("price", "multi_price"):
            value["currency"] = st.sampled_from(["EUR", "USD", "SEK"])
        fixed = {"type": "product_attribute", "property": key, "operator": name}
        return st.fixed_dictionaries(value).map(lambda found: {**fixed, **found})

    return st.sampled_from([o.name for o in operators_of(prop)]).flatmap(of)


signals = st.fixed_dictionaries(
    {
        "type": st.just("user_behavior_signal"),
        "signal": st.sampled_from(["purchased_by_segment", "viewed_by_segment"]),
        "segment_id": text(),
    },
    optional={
        "event_type": text(),
        "product_id_property": text(),
        "within": st.fixed_dictionaries(
            {"amount": st.integers(1, 999), "unit": st.sampled_from(UNITS)}
        ),
    },
)
members = st.fixed_dictionaries(
    {
        "type": st.just("in_segment"),
        "segment_id": st.integers(1, 2**40),
        "operator": st.sampled_from(["in", "not_in"]),
    }
)
visibility = st.dictionaries(
    text(), st.one_of(text(), numbers, st.lists(text(), max_size=2)), max_size=2
).map(lambda found: {**found, "type": "ai_visibility_metric"})
conditions = st.one_of(
    st.sampled_from(list(PROPERTIES.items())).flatmap(lambda item: attribute(*item)),
    signals,
    members,
    visibility,
)
logics = st.sampled_from(["and", "or"])


def group(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"logic": logics, "conditions": st.lists(inside, min_size=1, max_size=4)}
    )


rules = group(st.recursive(conditions, group, max_leaves=8))


def sent(form: RuleForm) -> RuleForm:
    """The form after it went to the browser and came back."""
    return read_sent(MultiDict(fields_of(form)))


def written(form: RuleForm) -> dict[str, Any]:
    return write(form, PROPERTIES, PEOPLE).definition


@given(rules)
def test_a_rule_comes_back_from_its_form_as_it_was(definition: dict[str, Any]) -> None:
    form = form_of(definition, PROPERTIES, PEOPLE)
    assert sent(form) == form
    assert written(sent(form)) == definition


@given(rules)
def test_what_the_form_writes_is_a_rule(definition: dict[str, Any]) -> None:
    form = form_of(definition, PROPERTIES, PEOPLE)
    assert all(is_finished(node) for node in form.nodes())
    parse(written(form))


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(
                    ["type", "logic", "conditions", "property", "operator", "value", "x"]
                ),
                inner
                | st.sampled_from(["product_attribute", "in_segment", "user_behavior_signal"]),
            )
        ),
    )
)
def test_whatever_is_stored_has_a_form(definition: Any) -> None:
    form = form_of(definition, PROPERTIES, PEOPLE)
    assert sent(form) == form
    written(form)


verbs = st.lists(
    st.tuples(
        st.sampled_from(["add", "group", "remove", "copy", "up", "down", "untag"]),
        st.integers(0, 40),
    ),
    max_size=12,
)


@given(rules, verbs)
def test_buttons_keep_keys_apart_and_the_tree_whole(
    definition: dict[str, Any], pressed: list[tuple[str, int]]
) -> None:
    form = form_of(definition, PROPERTIES, PEOPLE)
    for verb, at in pressed:
        keys = [node.key for node in form.nodes()]
        form, focus = moves.apply(form, f"{verb}:{keys[at % len(keys)]}:0")
        after = [node.key for node in form.nodes()]
        assert len(after) == len(set(after))
        assert focus == "" or focus in after
        assert sent(form) == form
        if verb in ("up", "down"):
            assert sorted(after) == sorted(keys)


def leaf(key: str) -> ConditionForm:
    return ConditionForm(key, "p:brand", "eq", (key,))


def shape(node: Any) -> Any:
    return [shape(c) for c in node.children] if isinstance(node, GroupForm) else node.key


def test_a_condition_moves_through_the_whole_tree_with_two_buttons() -> None:
    inner = GroupForm("k2", "or", (leaf("k3"),))
    form = RuleForm(GroupForm(ROOT, children=(leaf("k1"), inner, leaf("k4"))))
    shapes = [shape(form.root)]
    for _ in range(4):
        form, focus = moves.apply(form, "up:k4")
        assert focus == "k4"
        shapes.append(shape(form.root))
    assert shapes == [
        ["k1", ["k3"], "k4"],
        ["k1", ["k3", "k4"]],
        ["k1", ["k4", "k3"]],
        ["k1", "k4", ["k3"]],
        ["k4", "k1", ["k3"]],
    ]
    assert shape(moves.apply(form, "up:k4")[0].root) == ["k4", "k1", ["k3"]]


def test_a_new_group_is_the_other_kind_and_has_a_condition_to_fill_in() -> None:
    form, focus = moves.apply(blank_rule(), f"group:{ROOT}")
    made = form.root.children[-1]
    assert isinstance(made, GroupForm)
    assert (made.logic, [child.key for child in made.children]) == ("or", [focus])


def test_groups_end_at_depth_eight() -> None:
    form, key = blank_rule(), ROOT
    for _ in range(7):
        form, _ = moves.apply(form, f"group:{key}")
        key = next(n.key for n in reversed(list(form.nodes())) if isinstance(n, GroupForm))
    assert moves.depth_of(form, key) == 8
    assert moves.apply(form, f"group:{key}") == (form, "")


def test_what_is_not_filled_in_is_left_out_of_the_count_and_said() -> None:
    empty = GroupForm("k5", "or", (ConditionForm("k6"),))
    form = RuleForm(
        GroupForm(ROOT, children=(leaf("k1"), ConditionForm("k2", "p:stock", "lt"), empty))
    )
    assert shape(without_unfinished(form.root)) == ["k1"]
    assert write(form, PROPERTIES, PEOPLE).unfinished == ("k2", "k6")


def test_numbers_are_read_as_people_there_write_them() -> None:
    price = ConditionForm("k1", "p:price", "lt", ("1.249,50",), unit="EUR")
    (found,) = written(RuleForm(GroupForm(ROOT, children=(price,))))["conditions"]
    assert (found["value"], found["currency"]) == (1249.5, "EUR")


def test_what_is_no_number_is_handed_on_as_it_was_written() -> None:
    stock = ConditionForm("k1", "p:stock", "between", ("some",), "more")
    (found,) = written(RuleForm(GroupForm(ROOT, children=(stock,))))["conditions"]
    assert (found["value"], found["value2"]) == ("some", "more")


def test_a_price_that_names_its_currency_in_its_value_is_understood() -> None:
    value = {"amount": 20, "currency": "USD"}
    condition = {"type": "product_attribute", "property": "price", "operator": "lt", "value": value}
    form = form_of({"logic": "and", "conditions": [condition]}, PROPERTIES, PEOPLE)
    assert written(form)["conditions"] == [{**condition, "value": 20, "currency": "USD"}]


def test_nodes_that_hang_nowhere_are_left_out() -> None:
    form = read_sent(
        MultiDict([("node", "c:k1:k9"), ("node", "g:r:r"), ("node", "x"), ("node", "c:k2:r")])
    )
    assert shape(form.root) == ["k2"]
