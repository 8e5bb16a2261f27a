"""A definition as it was written, taken apart: groups and conditions with their places.

Whether a field exists and what a value means is not known here; see `resolver`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Logic = Literal["and", "or"]


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all (`and`) or any (`or`) have to hold. path: its JSON pointer."""

    logic: Logic
    conditions: tuple[Node, ...]
    path: str = ""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A property of the product compared with something. None: not written."""

    property: str
    operator: str
    value: Any = None
    value2: Any = None
    value_type: str | None = None
    currency: str | None = None
    unit: str | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Within:
    """How long ago at most: `{"amount": 30, "unit": "days"}`."""

    amount: Any
    unit: str


@dataclass(frozen=True, slots=True)
class Signal:
    """Products in the events of people of a user segment."""

    signal: str
    segment_id: str
    event_type: str | None = None
    product_id_property: str | None = None
    within: Within | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Visibility:
    """A condition on how assistants see a product, kept as written until they are measured."""

    written: Mapping[str, Any]
    path: str = ""


@dataclass(frozen=True, slots=True)
class InSegment:
    """Products that another segment holds, or doesn't."""

    segment_id: int
    operator: str
    path: str = ""


Condition = Attribute | Signal | Visibility | InSegment
Node = Group | Condition


def as_definition(node: Node) -> dict[str, Any]:
    """The JSON that parses as this node."""
    match node:
        case Group():
            return {"logic": node.logic, "conditions": [as_definition(n) for n in node.conditions]}
        case Attribute():
            found = {"type": "product_attribute", **_written(node, _ATTRIBUTE)}
        case Signal():
            found = {"type": "user_behavior_signal", **_written(node, _SIGNAL)}
            if node.within is not None:
                found["within"] = {"amount": node.within.amount, "unit": node.within.unit}
        case Visibility():
            found = {**node.written, "type": "ai_visibility_metric"}
        case InSegment():
            found = {"type": "in_segment", **_written(node, ("segment_id", "operator"))}
    return found


_ATTRIBUTE = ("property", "operator", "value", "value2", "value_type", "currency", "unit")
_SIGNAL = ("signal", "segment_id", "event_type", "product_id_property")


def _written(node: object, names: tuple[str, ...]) -> dict[str, Any]:
    found = {name: getattr(node, name) for name in names}
    return {name: value for name, value in found.items() if value is not None}
