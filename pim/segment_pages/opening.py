"""From a definition to the builder's form, so that saving what was opened changes nothing.

A definition that was written in the builder comes back as the same form. One from elsewhere comes
back as a form that means the same; where the fields can't say what it says, the condition is shown
and kept as it is (`other`). Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any

from pim.jsontext import dumps
from pim.schema.types import CoercionError, Notation, coerce, to_input
from pim.schema.types.currency import known_currency
from pim.schema.types.text import text_of_scalar
from pim.segment_pages.builder import (
    AI,
    DEEPEST,
    MAX_NODES,
    OTHER,
    PROPERTY,
    ROOT,
    SEGMENT,
    SIGNAL,
    ConditionForm,
    GroupForm,
    Node,
    RuleForm,
    as_mapping,
)
from pim.segment_pages.writing import NUMBERS, PRICES, People, Properties, condition_of
from pim.segments.dsl.ast import Attribute
from pim.segments.dsl.operators import KIND_OPERATORS, OPERATORS, PRESENCE, operator_of
from pim.segments.dsl.parser import parse_leniently
from pim.segments.dsl.properties import Property
from pim.segments.dsl.reading import ValueReader, words_of

_ATTRIBUTE_KEYS = frozenset(
    ("type", "property", "operator", "value", "value2", "value_type", "currency", "unit")
)


def form_of(definition: Any, properties: Properties, people: People) -> RuleForm:
    """The form of a definition that was stored, suggested or made from filters."""
    keys = (f"k{number}" for number in count(1))
    left = count(MAX_NODES, -1)

    def node(written: Any, depth: int) -> Node:
        found, key = as_mapping(written), next(keys)
        if "type" not in found and "conditions" in found and depth < DEEPEST:
            return group(found, key, depth)
        return condition_form(found, key, properties, people)

    def group(found: Mapping[str, Any], key: str, depth: int) -> GroupForm:
        inside = found.get("conditions")
        written = inside if isinstance(inside, list) else []
        children = tuple(node(each, depth + 1) for each in written if next(left) > 0)
        return GroupForm(key, "or" if found.get("logic") == "or" else "and", children)

    return RuleForm(group(as_mapping(definition), ROOT, 1))


def condition_form(
    found: Mapping[str, Any], key: str, properties: Properties, people: People
) -> ConditionForm:
    """The form of one condition."""
    form = _form(found, key, properties, people)
    if form is None:
        return ConditionForm(key, OTHER, kept=_json(dict(found)))
    prop = properties.get(form.property_name)
    meaning = _meaning(found, prop, people)
    if meaning is None or meaning == _meaning(condition_of(form, properties, people), prop, people):
        return form
    return ConditionForm(key, OTHER, kept=_json(dict(found)))


def _form(
    found: Mapping[str, Any], key: str, properties: Properties, people: People
) -> ConditionForm | None:
    """The fields that say as much of it as they can; None where there are none for it."""
    match found.get("type"):
        case "ai_visibility_metric":
            rest = {name: value for name, value in found.items() if name != "type"}
            return ConditionForm(key, AI, kept=_json(rest) if rest else "")
        case "in_segment":
            values = _texts([found.get("segment_id")])
            return ConditionForm(key, SEGMENT, str(found.get("operator") or "in"), values)
        case "user_behavior_signal":
            return _signal_form(found, key)
        case "product_attribute" if _fits(found):
            return _attribute_form(found, key, properties, people)
    return None


def _meaning(written: Mapping[str, Any], prop: Property | None, people: People) -> Any:
    """What a condition asks, to be compared; None where it can't be asked."""
    group, problems = parse_leniently({"logic": "and", "conditions": [written]})
    if problems.found or group is None:
        return None
    (node,) = group.conditions
    if not isinstance(node, Attribute):
        return node
    if prop is None or node.operator not in KIND_OPERATORS[prop.kind]:
        return None
    as_json = replace(people.context, decimal="json")
    reader = ValueReader(node, prop, operator_of(prop, node.operator), as_json, problems)
    values = reader.read()
    return None if values is None else (node.operator, values, reader.currency)


def _fits(found: Mapping[str, Any]) -> bool:
    """Whether the form may have a field for everything a comparison says."""
    value = found.get("value")
    values = value if isinstance(value, list) else [value]
    nested = isinstance(value, list) and any(isinstance(each, (dict, list)) for each in value)
    # Browsers send every end of a line as one and the same.
    ends_lines = any(isinstance(each, str) and "\r" in each for each in values)
    named = isinstance(found.get("property"), str) and isinstance(found.get("operator"), str)
    return named and not nested and not ends_lines and _ATTRIBUTE_KEYS.issuperset(found)


def _signal_form(found: Mapping[str, Any], key: str) -> ConditionForm:
    within = as_mapping(found.get("within"))
    return ConditionForm(
        key,
        SIGNAL + str(found.get("signal") or ""),
        values=_texts([found.get("segment_id")]),
        value2="".join(_texts([within.get("amount")])),
        unit=str(within.get("unit") or ""),
        event_type=str(found.get("event_type") or ""),
        product_id_property=str(found.get("product_id_property") or ""),
    )


def _attribute_form(
    found: Mapping[str, Any], key: str, properties: Properties, people: People
) -> ConditionForm:
    name, operator = found["property"], found["operator"]
    prop = properties.get(name)
    kind = prop.kind if prop else "string"
    asks_nothing = operator in OPERATORS and OPERATORS[operator].arity == "none"
    value, value2 = (None, None) if asks_nothing else (found.get("value"), found.get("value2"))
    unit = str(found.get("unit") or "")
    if kind in PRICES:
        unit = _currency([found, value, value2])
        if not unit and operator not in PRESENCE:
            unit = people.currency
    if isinstance(value, str) and operator == "matches_any_word":
        value = list(words_of(value))
    values = [_amount(each) for each in (value if isinstance(value, list) else [value])]
    texts = _numbers if kind in NUMBERS else _texts
    return ConditionForm(
        key,
        PROPERTY + name,
        operator,
        texts(values, people),
        "".join(texts([_amount(value2)], people)),
        unit=unit,
    )


def _amount(value: Any) -> Any:
    return value.get("amount") if isinstance(value, Mapping) else value


def _currency(places: list[Any]) -> str:
    """The first currency that is named, in capitals where it is one."""
    codes: Iterator[Any] = (as_mapping(place).get("currency") for place in places)
    code = next((each for each in codes if each), "")
    try:
        return known_currency(code)
    except CoercionError:
        return str(code)


def _numbers(values: list[Any], people: People) -> tuple[str, ...]:
    """Numbers as people write them; as text they come in the notation of programs."""
    return _texts([_number(value, people) for value in values], notation=people.notation)


def _number(value: Any, people: People) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return coerce("number", value, replace(people.context, decimal="json"))
    except CoercionError:
        return value


def _texts(
    values: list[Any], _: People | None = None, *, notation: Notation | None = None
) -> tuple[str, ...]:
    """Values as their fields show them; read back they are the same."""
    found = []
    for value in values:
        if value is None or isinstance(value, str):
            found.append(value or "")
        elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            found.append("true" if value is True else "false" if value is False else _json(value))
        elif notation is None:
            found.append(text_of_scalar(value))
        else:
            found.append(to_input("number", Decimal(str(value)), notation))
    return tuple(dict.fromkeys(text for text in found if text))


def _json(value: Any) -> str:
    """JSON to be kept; nothing of what is too deep for any."""
    try:
        return dumps(value)
    except (TypeError, RecursionError):
        return ""
