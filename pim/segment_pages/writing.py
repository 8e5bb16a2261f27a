"""From the builder's form to the definition it stands for; `opening` goes the other way. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pim.jsontext import dumps, loads
from pim.schema.types import CoerceContext, CoercionError, Notation, coerce
from pim.segment_pages.builder import (
    AI,
    OTHER,
    SEGMENT,
    ConditionForm,
    GroupForm,
    Node,
    RuleForm,
    as_mapping,
)
from pim.segments.dsl.operators import OPERATORS, Operator
from pim.segments.dsl.properties import Property

Properties = Mapping[str, Property]
NUMBERS = ("number", "price", "multi_price")
PRICES = ("price", "multi_price")


@dataclass(frozen=True, slots=True)
class People:
    """How the people of a tenant write: numbers (`notation`), and which currency goes unsaid."""

    context: CoerceContext = field(default_factory=CoerceContext)
    notation: Notation | None = None
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Written:
    """A definition, and where its nodes come from.

    places: JSON pointer of each condition and group → the key of its form. unfinished: the keys of
    those in which something is still to be filled in; they are in the definition all the same.
    """

    definition: dict[str, Any]
    places: Mapping[str, str]
    unfinished: tuple[str, ...]


def operator_of(condition: ConditionForm) -> Operator | None:
    """The operator that was chosen, if there is such a one."""
    return OPERATORS.get(condition.operator)


def is_finished(node: Node) -> bool:
    """Whether everything a condition needs is filled in; of a group, whether it has anything."""
    if isinstance(node, GroupForm):
        return bool(node.children)
    if not node.about or node.about in (AI, OTHER):
        return bool(node.about)
    if node.about == SEGMENT or node.signal_name:
        return bool(node.value.strip())
    operator = operator_of(node)
    if operator is None:
        return False
    if operator.arity == "none":
        return True
    has_value = any(value.strip() for value in node.values)
    return has_value and (operator.arity != "two" or bool(node.value2.strip()))


def without_unfinished(group: GroupForm) -> GroupForm:
    """The group without what is still to be filled in, nor groups that are empty then."""
    kept: list[Node] = []
    for child in group.children:
        rest = without_unfinished(child) if isinstance(child, GroupForm) else child
        if is_finished(rest):
            kept.append(rest)
    return GroupForm(group.key, group.logic, tuple(kept))


def write(form: RuleForm, properties: Properties, people: People) -> Written:
    """The definition a form stands for."""
    places: dict[str, str] = {}
    unfinished: list[str] = []

    def node(item: Node, path: str) -> dict[str, Any]:
        places[path] = item.key
        if not is_finished(item):
            unfinished.append(item.key)
        if isinstance(item, ConditionForm):
            return condition_of(item, properties, people)
        children = [node(c, f"{path}/conditions/{at}") for at, c in enumerate(item.children)]
        return {"logic": item.logic, "conditions": children}

    definition = node(form.root, "")
    return Written(definition, places, tuple(unfinished))


def condition_of(form: ConditionForm, properties: Properties, people: People) -> dict[str, Any]:
    """The JSON of one condition; what isn't filled in is left out of it."""
    if form.about in (AI, OTHER):
        kept = as_mapping(parsed(form.kept))
        return {**kept, "type": "ai_visibility_metric"} if form.about == AI else dict(kept)
    if form.about == SEGMENT:
        chosen = _whole(form.value)
        found = {"type": "in_segment", "operator": form.operator or "in"}
        return found | ({"segment_id": chosen} if chosen != "" else {})
    if form.signal_name:
        return _signal(form)
    return _attribute(form, properties.get(form.property_name), people)


def _signal(form: ConditionForm) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "user_behavior_signal", "signal": form.signal_name}
    for key, value in (
        ("segment_id", form.value.strip()),
        ("event_type", form.event_type.strip()),
        ("product_id_property", form.product_id_property.strip()),
    ):
        if value:
            found[key] = value
    if form.value2.strip():
        found["within"] = {"amount": _whole(form.value2), "unit": form.unit or "days"}
    return found


def _attribute(form: ConditionForm, prop: Property | None, people: People) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "product_attribute", "property": form.property_name}
    if form.operator:
        found["operator"] = form.operator
    operator = operator_of(form)
    kind = prop.kind if prop else "string"
    if operator is not None and operator.arity != "none":
        read = _reader(kind, operator, people)
        values = [read(value) for value in form.values if value.strip()]
        if operator.arity == "many":
            found["value"] = values
        elif values:
            found["value"] = values[0]
        if operator.arity == "two" and form.value2.strip():
            found["value2"] = read(form.value2)
        if operator.arity == "duration":
            found["unit"] = form.unit or "days"
    if kind in PRICES and form.unit:
        found["currency"] = form.unit
    return found


def _reader(kind: str, operator: Operator, people: People) -> Callable[[str], Any]:
    """How one value is read. What can't be read stays as it was written."""
    if operator.arity == "duration":
        return _whole
    if kind in NUMBERS:
        return lambda text: _number(text, people)
    if kind == "date" or operator.name in ("eq", "neq", "in", "not_in"):
        return str.strip
    return str


def _number(text: str, people: People) -> Any:
    try:
        number = coerce("number", text.strip(), people.context)
    except CoercionError:
        return text.strip()
    if isinstance(number, Decimal):
        return int(number) if number == number.to_integral_value() else number
    return number


def _whole(text: str) -> int | str:
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else digits


def parsed(text: str) -> Any:
    """JSON that a hidden field kept; None if it isn't any, or none that can be stored."""
    try:
        value = loads(text)
        dumps(value)
    except (ValueError, TypeError, RecursionError):
        return None
    return None if "\\u0000" in text else value
