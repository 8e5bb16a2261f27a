"""What can be chosen in the builder, and how each condition asks for its value. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal
from urllib.parse import quote

from pim.schema.types import kind_label
from pim.segment_pages.builder import (
    AI,
    OTHER,
    PROPERTY,
    SEGMENT,
    SIGNAL,
    ConditionForm,
    GroupForm,
    Node,
    RuleForm,
)
from pim.segment_pages.marks import Mark, Marks
from pim.segment_pages.writing import NUMBERS, PRICES, Properties, operator_of
from pim.segments.dsl.operators import PRESENCE, UNITS, Input, Operator, input_of, operators_of
from pim.segments.dsl.properties import Property

Asked = Input | Literal["", "segment", "users", "ai", "other", "gone"]
Option = tuple[str, str]

SIGNALS: Mapping[str, str] = {
    "purchased_by_segment": "Bought by people in",
    "viewed_by_segment": "Viewed by people in",
}
SIGNAL_EVENTS: Mapping[str, str] = {
    "purchased_by_segment": "order_completed",
    "viewed_by_segment": "product_viewed",
}
MEMBERSHIP: tuple[Option, ...] = (("in", "is in"), ("not_in", "is not in"))
USUAL_CURRENCIES = (
    *("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "CAD", "AUD"),
)
_USUAL = ("in_last", "lt", "contains_any", "eq", "is_true")


@dataclass(frozen=True, slots=True)
class SegmentChoice:
    """A segment that a condition can ask for. count: its members, if they are known."""

    id: str
    name: str
    count: int | None = None


Finder = Callable[[str], SegmentChoice | None]


def _nothing(_: str) -> SegmentChoice | None:
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """What the tenant has to choose from.

    segments, users: the first of them by name; find_segment, find_users: one of the others by its
    id. values: property → some of its values, to show what it looks like. currencies: property →
    those its prices are in.
    """

    properties: Properties
    currency: str = "EUR"
    segments: Sequence[SegmentChoice] = ()
    users: Sequence[SegmentChoice] = ()
    find_segment: Finder = _nothing
    find_users: Finder = _nothing
    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    currencies: Mapping[str, Sequence[str]] = field(default_factory=dict)


def abouts(known: Known) -> list[tuple[str, list[Option]]]:
    """What a condition can look at: the groups of the picker."""
    fixed = [(PROPERTY + key, _named(p)) for key, p in known.properties.items() if p.fixed]
    own = [(PROPERTY + key, _named(p)) for key, p in known.properties.items() if not p.fixed]
    elsewhere = [(SIGNAL + name, label) for name, label in SIGNALS.items()]
    elsewhere += [(SEGMENT, "Another segment"), (AI, "AI visibility")]
    groups = [("Fields of your schema", own), ("Every product", fixed), ("Beyond", elsewhere)]
    return [(label, options) for label, options in groups if options]


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field, with what it looks like, for somebody who looks for one.

    values: some of its values, or how far its numbers go.
    """

    about: str
    label: str
    kind: str
    values: str


def field_lines(known: Known) -> list[FieldLine]:
    """Every property there is, those of the schema first."""
    lines = []
    for key, prop in sorted(known.properties.items(), key=lambda item: item[1].fixed):
        between = " – " if prop.kind in NUMBERS else ", "
        values = between.join(known.values.get(key, ()))
        lines.append(FieldLine(PROPERTY + key, prop.label, kind_words(prop), values))
    return lines


def kind_words(prop: Property) -> str:
    """The type in small print: `text`, `price`."""
    return kind_label(prop.kind)


def _named(prop: Property) -> str:
    return f"{prop.label} · {kind_words(prop)}"


def asked_of(condition: ConditionForm, properties: Properties) -> Asked:
    """What stands where the value goes."""
    if condition.about in (SEGMENT, AI, OTHER):
        return condition.about  # type: ignore[return-value]  # these three are among them
    if condition.signal_name:
        return "users"
    prop, operator = properties.get(condition.property_name), operator_of(condition)
    if not condition.about:
        return ""
    if prop is None:
        return "gone"
    return "none" if operator is None else input_of(prop, operator)


def settled(condition: ConditionForm, known: Known) -> ConditionForm:
    """A condition that hangs together: an operator its property has, a unit its value has.

    After something else was chosen, what was written for the former stays where it may fit.
    """
    fitted = _without_the_former(_with_operator(condition, known), known.properties)
    prop = known.properties.get(fitted.property_name)
    if prop is None:
        return fitted
    return replace(fitted, unit=_unit(fitted, prop, fitted.operator, known))


def _with_operator(condition: ConditionForm, known: Known) -> ConditionForm:
    if condition.about == SEGMENT:
        operator = condition.operator if condition.operator in dict(MEMBERSHIP) else "in"
        return replace(condition, operator=operator)
    prop = known.properties.get(condition.property_name)
    if prop is None or condition.operator in [each.name for each in operators_of(prop)]:
        return condition
    return replace(condition, operator=usual_operator(prop))


# Questions whose answers are written alike.
_ALIKE = {"texts": "text", "numbers": "number", "range": "number", "days": "day"}


def _without_the_former(condition: ConditionForm, properties: Properties) -> ConditionForm:
    """Without a value that answered another question. One whose field is gone is to be mended."""
    about, _, before = condition.shown.rpartition("|")
    asked = asked_of(condition, properties)
    if before in ("", "gone") or "none" in (before, asked):
        return condition
    if _ALIKE.get(before, before) != _ALIKE.get(asked, asked):
        return replace(condition, values=(), value2="", unit="")
    return condition if about == condition.about else replace(condition, unit="")


def usual_operator(prop: Property) -> str:
    """What a condition starts with."""
    offered = [operator.name for operator in operators_of(prop)]
    return next((name for name in _USUAL if name in offered), offered[0])


def _unit(condition: ConditionForm, prop: Property, operator: str, known: Known) -> str:
    if prop.kind in PRICES:
        is_currency = len(condition.unit) == 3 and condition.unit.isupper()
        any_is_fine = operator in PRESENCE and not condition.unit
        return condition.unit if is_currency or any_is_fine else _currency(condition, known)
    if operator in ("in_last", "not_in_last"):
        return condition.unit if condition.unit in UNITS else "days"
    return ""


def _currency(condition: ConditionForm, known: Known) -> str:
    """The tenant's currency, unless this field has prices in others alone."""
    found = known.currencies.get(condition.property_name, ())
    return found[0] if found and known.currency not in found else known.currency


def settled_rule(form: RuleForm, known: Known) -> RuleForm:
    """The rule with every condition settled."""

    def visit(node: Node) -> Node:
        if isinstance(node, GroupForm):
            return replace(node, children=tuple(visit(child) for child in node.children))
        return settled(node, known)

    root = visit(form.root)
    assert isinstance(root, GroupForm)
    return RuleForm(root)


@dataclass(frozen=True, slots=True)
class ConditionView:
    """One condition as the page shows it.

    hint: a quiet line below it; wrong: what stands against it. values: examples of the property.
    """

    form: ConditionForm
    title: str
    asked: Asked
    operators: Sequence[Option] = ()
    units: Sequence[Option] = ()
    choices: Sequence[Option] = ()
    examples: Sequence[str] = ()
    hint: str = ""
    wrong: Sequence[Mark] = ()
    first: bool = False
    last: bool = False
    is_group: bool = False

    @property
    def marked(self) -> frozenset[str]:
        """The parts of its form in which something is wrong."""
        return frozenset(mark.field for mark in self.wrong)

    @property
    def asking(self) -> dict[str, str]:
        """Attributes of an input that is offered the values there are, while somebody types."""
        return {
            "list": f"known-{self.form.key}",
            "hx-get": f"/pim/segments/values?property={quote(self.form.property_name, safe='')}",
            "hx-trigger": "focus once, input changed delay:100ms",
            "hx-target": f"#known-{self.form.key}",
            "hx-swap": "innerHTML",
            "hx-sync": "this:replace",
            "maxlength": "1000",
            "dir": "auto",
        }


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group as the page shows it. deeper: whether a group fits into it."""

    form: GroupForm
    title: str
    children: Sequence[ConditionView | GroupView]
    deeper: bool
    depth: int
    wrong: Sequence[Mark] = ()
    first: bool = False
    last: bool = False
    is_group: bool = True


def view_of(form: RuleForm, known: Known, wrong: Marks) -> GroupView:
    """The rule as the page shows it. wrong: key → what stands against that node."""
    return _group_view(form.root, "", 1, known, wrong, first=True, last=True)


def _group_view(
    group: GroupForm,
    place: str,
    depth: int,
    known: Known,
    wrong: Marks,
    *,
    first: bool,
    last: bool,
) -> GroupView:
    children: list[ConditionView | GroupView] = []
    end = len(group.children) - 1
    for at, child in enumerate(group.children):
        number = f"{place}.{at + 1}" if place else str(at + 1)
        # A node at the end of the rule's own group has nowhere further to go.
        top, bottom = depth == 1 and at == 0, depth == 1 and at == end
        if isinstance(child, GroupForm):
            inner = _group_view(child, number, depth + 1, known, wrong, first=top, last=bottom)
            children.append(inner)
        else:
            shown = condition_view(child, number, known, wrong.get(child.key, ()))
            children.append(replace(shown, first=top, last=bottom))
    return GroupView(
        form=group,
        title=f"Group {place}" if place else "The rule",
        children=children,
        deeper=depth < 8,
        depth=depth,
        wrong=tuple(wrong.get(group.key, ())),
        first=first,
        last=last,
    )


def condition_view(
    condition: ConditionForm, number: str, known: Known, wrong: Sequence[Mark] = ()
) -> ConditionView:
    """One condition as the page shows it."""
    prop = known.properties.get(condition.property_name)
    asked = asked_of(condition, known.properties)
    return ConditionView(
        form=condition,
        title=f"Condition {number}",
        asked=asked,
        operators=_operator_options(condition, prop),
        units=_unit_options(condition, prop, known),
        choices=_choices(condition, asked, known),
        examples=tuple(known.values.get(condition.property_name, ())),
        hint=_hint(condition, asked, known),
        wrong=tuple(wrong),
    )


def _operator_options(condition: ConditionForm, prop: Property | None) -> list[Option]:
    if condition.about == SEGMENT:
        return list(MEMBERSHIP)
    if prop is None:
        # A field that is gone: how it was compared stays for the one that takes its place.
        operator = operator_of(condition) if condition.property_name else None
        return [(operator.name, operator.label)] if operator else []
    return [(operator.name, operator.label) for operator in operators_of(prop)]


def _unit_options(condition: ConditionForm, prop: Property | None, known: Known) -> list[Option]:
    operator = operator_of(condition)
    if condition.signal_name or (operator and operator.arity == "duration"):
        return [(unit, unit) for unit in UNITS]
    if prop is None or prop.kind not in PRICES:
        return []
    found = (known.currency, *known.currencies.get(condition.property_name, ()), *USUAL_CURRENCIES)
    own = (condition.unit,) if condition.unit else ()
    options = [(code, code) for code in dict.fromkeys((*own, *found))]
    return [("", "any currency"), *options] if _asks_presence(operator) else options


def _asks_presence(operator: Operator | None) -> bool:
    return operator is not None and operator.name in PRESENCE


def _choices(condition: ConditionForm, asked: Asked, known: Known) -> list[Option]:
    if asked == "segment":
        offered, chosen, words = known.segments, _chosen_segment(condition, known), ("product", "")
    elif asked == "users":
        offered, chosen, words = known.users, _chosen_users(condition, known), ("person", "people")
    else:
        return []
    options = [(each.id, _counted(each, *words)) for each in offered]
    if condition.value and all(value != condition.value for value, _ in options):
        label = _counted(chosen, *words) if chosen else f"{condition.value} (unknown)"
        options.append((condition.value, label))
    return options


def _chosen_segment(condition: ConditionForm, known: Known) -> SegmentChoice | None:
    return _chosen(condition.value, known.segments, known.find_segment)


def _chosen_users(condition: ConditionForm, known: Known) -> SegmentChoice | None:
    return _chosen(condition.value, known.users, known.find_users)


def _chosen(value: str, offered: Sequence[SegmentChoice], find: Finder) -> SegmentChoice | None:
    if not value:
        return None
    return next((each for each in offered if each.id == value), None) or find(value)


def _counted(choice: SegmentChoice, one: str, many: str = "") -> str:
    if choice.count is None:
        return choice.name
    counted = one if choice.count == 1 else many or one + "s"
    return f"{choice.name} · {choice.count:,} {counted}"


def _hint(condition: ConditionForm, asked: Asked, known: Known) -> str:
    if asked == "ai":
        return "Matches nothing yet: how assistants see a product isn't measured so far."
    if asked == "gone":
        return "This field isn't in the schema any more. Choose another, or remove the condition."
    if asked == "other":
        return "Written by a program in a way this page has no fields for. It is kept as it is."
    if asked == "segment":
        return _hint_on_segment(condition, known)
    return _hint_on_users(condition, known) if asked == "users" else ""


def _hint_on_segment(condition: ConditionForm, known: Known) -> str:
    if not known.segments:
        return "There is no other segment yet."
    chosen = _chosen_segment(condition, known)
    if chosen is not None and chosen.count is None:
        return "That segment has no members yet; this one is computed after it."
    return ""


def _hint_on_users(condition: ConditionForm, known: Known) -> str:
    if not known.users:
        return "Nobody has sent a segment of users yet, so this matches nothing for now."
    if condition.value and _chosen_users(condition, known) is None:
        return "This segment of users was never sent, or was deleted; it matches nothing for now."
    return ""


def is_day(text: str) -> bool:
    """Whether a date input can show it."""
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
