"""From JSON to a tree of conditions, with the place of each.

Looks at the shape alone: keys, kinds of values, depth, number. What is wrong is collected; the
conditions that are right are parsed all the same, so that `resolver` can say more about them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pim.schema.fields import pointer
from pim.segments.dsl.ast import (
    Attribute,
    Condition,
    Group,
    InSegment,
    Logic,
    Node,
    Signal,
    Visibility,
    Within,
)
from pim.segments.dsl.errors import Problems, closest, listed, mistaken, named
from pim.segments.dsl.operators import OPERATORS, UNITS

MAX_DEPTH = 8
MAX_CONDITIONS = 200
# A user segment's id and the names of events are others' words; longer ones are a mistake.
LONGEST_WORD = 200
SIGNALS = {"purchased_by_segment": "order_completed", "viewed_by_segment": "product_viewed"}
MEMBERSHIP_OPERATORS = ("in", "not_in")


def parse(definition: Any, *, path: str = "") -> Group:
    """The tree of a definition. path: JSON pointer of where the definition stands.

    Raises DefinitionInvalid with everything that is wrong.
    """
    group, problems = parse_leniently(definition, path=path)
    problems.raise_any()
    assert group is not None
    return group


def parse_leniently(definition: Any, *, path: str = "") -> tuple[Group | None, Problems]:
    """What of a definition can be understood, and what is wrong with the rest."""
    parser = _Parser()
    group = parser.group(definition, path, depth=1)
    if parser.conditions > MAX_CONDITIONS:
        message = (
            f"The rule has {parser.conditions:,} conditions. At most {MAX_CONDITIONS} are allowed."
        )
        parser.problems.add(parser.first_beyond, "too_many_conditions", message)
    return group, parser.problems


class _Parser:
    def __init__(self) -> None:
        self.problems = Problems()
        self.conditions = 0
        self.groups = 0
        self.first_beyond = ""

    def group(self, written: Any, path: str, depth: int) -> Group | None:
        """A group; None if nothing of it can be used."""
        if not isinstance(written, Mapping):
            message = "A rule is a group of conditions: an object with logic and conditions."
            self.problems.add(path, "not_an_object", message)
            return None
        if depth > MAX_DEPTH:
            message = f"Groups may lie {MAX_DEPTH} deep at most. Take this one apart."
            self.problems.add(path, "too_deep", message)
            return None
        self.problems.unknown_keys(written, ("logic", "conditions"), path)
        logic = self._logic(written.get("logic"), f"{path}/logic")
        conditions = written.get("conditions")
        if not isinstance(conditions, list):
            message = "Send the conditions of the group as a list."
            self.problems.add(f"{path}/conditions", "not_a_list", message)
            return None
        if not conditions:
            message = "This group is empty. Add a condition, or remove the group."
            if depth == 1:
                message = "The rule is empty. Add a condition."
            self.problems.add(path, "empty_group", message)
        parsed = [
            self._node(each, pointer(path, "conditions", index), depth)
            for index, each in enumerate(conditions)
        ]
        return Group(logic, tuple(node for node in parsed if node is not None), path)

    def _logic(self, written: Any, path: str) -> Logic:
        if written == "or":
            return "or"
        if written != "and":
            message = f"{named(written)} is no way to combine conditions. Choose “and” or “or”."
            if written is None:
                message = "Say how the conditions are combined: “and” or “or”."
            self.problems.add(path, "bad_logic", message)
        return "and"

    def _node(self, written: Any, path: str, depth: int) -> Node | None:
        if isinstance(written, Mapping) and "type" not in written and "conditions" in written:
            self.groups += 1
            few = self.groups <= MAX_CONDITIONS * MAX_DEPTH
            return self.group(written, path, depth + 1) if few else None
        self.conditions += 1
        if self.conditions == MAX_CONDITIONS + 1:
            self.first_beyond = path
        # A rule of a million conditions is counted, not read.
        return self._condition(written, path) if self.conditions <= MAX_CONDITIONS else None

    def _condition(self, written: Any, path: str) -> Condition | None:
        if not isinstance(written, Mapping):
            self.problems.add(path, "not_an_object", mistaken(written, "a condition"))
            return None
        type_name = written.get("type")
        read = _CONDITIONS.get(type_name) if isinstance(type_name, str) else None
        if read is None:
            message = f"{named(type_name)} is not a type of condition."
            if type_name is None:
                message = "Say which type of condition this is."
            hint = closest(str(type_name), list(_CONDITIONS)) or (
                f" Choose {listed(list(_CONDITIONS))}."
            )
            self.problems.add(f"{path}/type", "unknown_type", message + hint)
            return None
        return read(self, written, path)

    def attribute(self, written: Mapping[str, Any], path: str) -> Condition | None:
        """`product_attribute`."""
        self.problems.unknown_keys(written, _ATTRIBUTE_KEYS, path)
        name = self.word(written, "property", path, "Choose the field to compare.")
        operator = self.word(written, "operator", path, "Choose how to compare.")
        if operator and operator not in OPERATORS:
            hint = closest(operator, list(OPERATORS))
            message = f"{named(operator)} is not an operator.{hint}"
            self.problems.add(f"{path}/operator", "unknown_operator", message)
            operator = ""
        optional = {
            key: self.word(written, key, path) for key in ("value_type", "currency", "unit")
        }
        if not name or not operator or "" in optional.values():
            return None
        value, value2 = written.get("value"), written.get("value2")
        return Attribute(name, operator, value, value2, **optional, path=path)

    def signal(self, written: Mapping[str, Any], path: str) -> Condition | None:
        """`user_behavior_signal`."""
        self.problems.unknown_keys(written, _SIGNAL_KEYS, path)
        signal = self.word(written, "signal", path, "Say what people did: bought or viewed.")
        if signal and signal not in SIGNALS:
            hint = closest(signal, list(SIGNALS)) or f" Choose {listed(list(SIGNALS))}."
            message = f"{named(signal)} is not something people do.{hint}"
            self.problems.add(f"{path}/signal", "unknown_signal", message)
            signal = ""
        segment = self.word(written, "segment_id", path, "Say which segment of users it is.")
        event, prop = (
            self.word(written, key, path) for key in ("event_type", "product_id_property")
        )
        within, usable = self._within(written.get("within"), f"{path}/within")
        if not signal or not segment or event == "" or prop == "" or not usable:
            return None
        return Signal(signal, segment, event, prop, within, path)

    def _within(self, written: Any, path: str) -> tuple[Within | None, bool]:
        if written is None:
            return None, True
        if not isinstance(written, Mapping):
            message = 'Write how long ago it may be like {"amount": 30, "unit": "days"}.'
            self.problems.add(path, "not_an_object", message)
            return None, False
        self.problems.unknown_keys(written, ("amount", "unit"), path)
        unit = self.word(written, "unit", path, f"Choose {listed(UNITS)}.")
        return (Within(written.get("amount"), unit), True) if unit else (None, False)

    def visibility(self, written: Mapping[str, Any], path: str) -> Condition | None:
        """`ai_visibility_metric`: whatever else it says."""
        return Visibility({k: v for k, v in written.items() if k != "type"}, path)

    def in_segment(self, written: Mapping[str, Any], path: str) -> Condition | None:
        """`in_segment`."""
        self.problems.unknown_keys(written, ("type", "segment_id", "operator"), path)
        segment = written.get("segment_id")
        if isinstance(segment, bool) or not isinstance(segment, int):
            message = "Choose a segment."
            if isinstance(segment, Decimal):
                message = "There is no such segment. Choose another, or remove the condition."
            elif segment is not None:
                message = mistaken(segment, "the number of a segment")
            self.problems.add(f"{path}/segment_id", "not_a_segment", message)
            segment = None
        operator = self.word(written, "operator", path, "Say whether it is in the segment or not.")
        if operator and operator not in MEMBERSHIP_OPERATORS:
            message = f"{named(operator)} is not an operator here. Choose in or not_in."
            self.problems.add(f"{path}/operator", "unknown_operator", message)
            operator = ""
        if segment is None or not operator:
            return None
        return InSegment(segment, operator, path)

    def word(
        self, written: Mapping[str, Any], key: str, path: str, missing: str = ""
    ) -> str | None:
        """A short text. None: it isn't there, which `missing` says is wrong; "": it is wrong."""
        found = written.get(key)
        place = f"{path}/{key}"
        if found is None or found == "":
            if missing:
                self.problems.add(place, "required", missing)
            return None
        if not isinstance(found, str):
            self.problems.add(place, "not_text", mistaken(found, "text"))
        elif len(found) > LONGEST_WORD:
            self.problems.add(place, "too_long", f"{named(found)} is too long.")
        elif "\0" in found or not _is_encodable(found):
            message = f"{named(found)} contains a character that can't be stored."
            self.problems.add(place, "broken_character", message)
        else:
            return found
        return ""


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


_ATTRIBUTE_KEYS = (
    *("type", "property", "operator", "value", "value2", "value_type", "currency", "unit"),
)
_SIGNAL_KEYS = (*("type", "signal", "segment_id", "event_type", "product_id_property", "within"),)
_CONDITIONS: Mapping[str, Callable[[_Parser, Mapping[str, Any], str], Condition | None]] = {
    "product_attribute": _Parser.attribute,
    "user_behavior_signal": _Parser.signal,
    "ai_visibility_metric": _Parser.visibility,
    "in_segment": _Parser.in_segment,
}
