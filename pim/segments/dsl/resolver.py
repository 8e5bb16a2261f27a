"""What a parsed definition means for one tenant: its fields, its segments, values of the types.

Every condition is looked at; all that is wrong is reported, each at its place.
"""

from __future__ import annotations

from typing import Any

from pim.schema.types import FIELD_TYPES
from pim.segments.dsl.ast import Attribute, Group, InSegment, Node, Signal, Visibility
from pim.segments.dsl.errors import Problems, closest, listed, named
from pim.segments.dsl.operators import KIND_OPERATORS, OPERATORS, operator_of, operators_of
from pim.segments.dsl.parser import SIGNALS, parse_leniently
from pim.segments.dsl.properties import Kind, Property, properties_of
from pim.segments.dsl.reading import ValueReader, read_duration
from pim.segments.dsl.rule import (
    Combined,
    Comparison,
    Duration,
    Known,
    Member,
    Never,
    Part,
    Rule,
    SegmentRef,
    Signalled,
)

PRODUCT_ID = "product_id"
# Types whose values are compared alike; a condition may name the one for the other.
_ALIKE = ({"price", "multi_price"}, {"string", "url"})


def resolve(group: Group, known: Known) -> Rule:
    """The rule a tree of conditions means. Raises DefinitionInvalid with all that is wrong."""
    problems = Problems()
    rule = _Resolver(known, problems).rule(group)
    problems.raise_any()
    return rule


def read_rule(definition: Any, known: Known, *, path: str = "") -> Rule:
    """Parse and resolve at once, so that one look reports everything that is wrong.

    Raises DefinitionInvalid.
    """
    group, problems = parse_leniently(definition, path=path)
    resolver = _Resolver(known, problems)
    rule = None if group is None else resolver.rule(group)
    problems.raise_any()
    assert rule is not None
    return rule


class _Resolver:
    def __init__(self, known: Known, problems: Problems) -> None:
        self.known = known
        self.problems = problems
        self.properties = properties_of(known.vocabulary.fields)
        self.depends_on: set[int] = set()
        self.uses_signals = self.uses_clock = False

    def rule(self, group: Group) -> Rule:
        """The whole of it."""
        root = self.group(group)
        return Rule(root, frozenset(self.depends_on), self.uses_signals, self.uses_clock)

    def group(self, group: Group) -> Combined:
        """A group with those of its conditions that have a meaning."""
        parts = (self._node(node) for node in group.conditions)
        return Combined(group.logic, tuple(part for part in parts if part is not None), group.path)

    def _node(self, node: Node) -> Part | None:
        match node:
            case Group():
                return self.group(node)
            case Attribute():
                return self._attribute(node)
            case Signal():
                return self._signal(node)
            case InSegment():
                return self._member(node)
            case Visibility():
                return Never(node.path)

    def _attribute(self, node: Attribute) -> Comparison | None:
        prop = self._property(node)
        if prop is None or not self._agrees(node, prop):
            return None
        if node.operator not in {each.name for each in operators_of(prop)}:
            self._wrong_operator(node, prop)
            return None
        operator = operator_of(prop, node.operator)
        ctx = self.known.vocabulary.context("json")
        reader = ValueReader(node, prop, operator, ctx, self.problems)
        values = reader.read()
        if values is None:
            return None
        self.uses_clock |= operator.arity == "duration"
        return Comparison(prop, operator, values, reader.currency, node.path)

    def _property(self, node: Attribute) -> Property | None:
        prop = self.properties.get(node.property)
        if prop is None:
            hint = self._nearest(node.property)
            message = f"There is no field {named(node.property)}.{hint}"
            self.problems.add(f"{node.path}/property", "unknown_field", message)
        return prop

    def _nearest(self, written: str) -> str:
        by_label = {prop.label: key for key, prop in self.properties.items()}
        for label, key in by_label.items():
            if label.casefold() == written.casefold():
                return f" Did you mean “{key}”?"
        return closest(written, list(self.properties))

    def _agrees(self, node: Attribute, prop: Property) -> bool:
        """Whether the type the condition names is that of the field."""
        written = node.value_type
        if written is None or written == prop.kind:
            return True
        if any({written, prop.kind} <= types for types in _ALIKE):
            return True
        path = f"{node.path}/value_type"
        kinds: dict[Kind, Any] = dict.fromkeys(KIND_OPERATORS)
        if written not in kinds:
            message = (
                f"{named(written)} is not a type. Choose {listed(list(kinds))}, or leave it out."
            )
            self.problems.add(path, "unknown_type", message)
        else:
            message = (
                f"{prop.label} is of type {prop.kind}, not {written}. Change the condition to "
                f"{prop.kind}, or choose another field."
            )
            self.problems.add(path, "wrong_type", message)
        return False

    def _wrong_operator(self, node: Attribute, prop: Property) -> None:
        names = [each.name for each in operators_of(prop)]
        said = f"“{OPERATORS[node.operator].label}” ({node.operator})"
        kind = "A date" if prop.kind == "date" else f"The type {FIELD_TYPES[prop.kind].label}"
        message = f"{prop.label} can't be compared with {said}. {kind} has {listed(names, 'and')}."
        if node.operator in KIND_OPERATORS[prop.kind]:
            message = f"{prop.label} always has a value, so there is nothing to ask."
        self.problems.add(f"{node.path}/operator", "wrong_operator", message)

    def _signal(self, node: Signal) -> Signalled | None:
        within: Duration | None = None
        if node.within is not None:
            path = f"{node.path}/within"
            within = read_duration(
                node.within.amount,
                node.within.unit,
                self.problems,
                f"{path}/amount",
                f"{path}/unit",
            )
            if within is None:
                return None
            self.uses_clock = True
        self.uses_signals = True
        name = self.known.user_segments.get(node.segment_id)
        return Signalled(
            node.signal,
            node.segment_id,
            node.event_type or SIGNALS[node.signal],
            node.product_id_property or PRODUCT_ID,
            "" if name is None else name or node.segment_id,
            within,
            node.path,
        )

    def _member(self, node: InSegment) -> Member | None:
        path = f"{node.path}/segment_id"
        segment = self.known.segments.get(node.segment_id)
        own = self.known.own_id
        if own is not None and node.segment_id == own:
            self.problems.add(path, "cycle", "A segment can't be made of itself. Choose another.")
            return None
        if segment is None:
            message = "There is no such segment. Choose another, or remove the condition."
            self.problems.add(path, "unknown_segment", message)
            return None
        if own is not None and (through := _way_to(own, segment, self.known)) is not None:
            names = listed([f"“{each.name}”" for each in through], "and")
            message = f"{names} already ask whether a product is in this segment; the two can't "
            if len(through) == 1:
                message = (
                    f"{names} already asks whether a product is in this segment; the two can't "
                )
            self.problems.add(path, "cycle", f"{message}be made of each other. Choose another.")
            return None
        self.depends_on.add(segment.id)
        return Member(segment, node.operator == "not_in", node.path)


def _way_to(wanted: int, start: SegmentRef, known: Known) -> list[SegmentRef] | None:
    """The segments through which one depends on another, itself first; None: it doesn't."""
    seen = {start.id}
    ways: list[list[SegmentRef]] = [[start]]
    while ways:
        way = ways.pop()
        if wanted in way[-1].depends_on:
            return way
        for number in sorted(way[-1].depends_on - seen):
            seen.add(number)
            if (segment := known.segments.get(number)) is not None:
                ways.append([*way, segment])
    return None
