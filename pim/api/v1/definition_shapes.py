"""Definitions of segments as JSON Schema, their words taken from the rule language itself."""

from __future__ import annotations

from pim.api.schemas import ID, TEXT, add_shapes, record, ref
from pim.segments.dsl import FIXED_PROPERTIES, MAX_CONDITIONS, MAX_DEPTH, OPERATORS, SIGNALS, UNITS
from pim.segments.dsl.operators import KIND_OPERATORS
from pim.segments.dsl.parser import LONGEST_WORD, MEMBERSHIP_OPERATORS

_WORD = {"type": "string", "minLength": 1, "maxLength": LONGEST_WORD}
_UNIT = {"enum": list(UNITS)}
_FIXED = ", ".join(f"`{prop.name}`" for prop in FIXED_PROPERTIES)
_USUAL = ", ".join(f"`{event}` for `{signal}`" for signal, event in SIGNALS.items())

add_shapes(
    AttributeCondition=record(
        "type property operator",
        type={"const": "product_attribute"},
        property={**_WORD, "description": f"A field of the schema, or {_FIXED}."},
        operator={
            "enum": list(OPERATORS),
            "description": "Which there are depends on the type of the property.",
        },
        value={"description": "What to compare with: one value, or a list where there are many."},
        value2={"description": "The upper end of a range."},
        value_type={"enum": list(KIND_OPERATORS), "description": "To have the type checked."},
        currency={**TEXT, "description": "Of prices; the schema's default without it."},
        unit={**_UNIT, "description": "With `in_last` and `not_in_last`."},
    ),
    SignalCondition=record(
        "type signal segment_id",
        type={"const": "user_behavior_signal"},
        signal={"enum": list(SIGNALS)},
        segment_id={**_WORD, "description": "Of a user segment."},
        event_type={**_WORD, "description": f"Without it: {_USUAL}."},
        product_id_property={
            **_WORD,
            "default": "product_id",
            "description": "Where in an event's properties the SKU is.",
        },
        within=record("amount unit", amount={"type": "integer", "minimum": 1}, unit=_UNIT),
    ),
    VisibilityCondition=record("type", type={"const": "ai_visibility_metric"})
    | {"additionalProperties": True, "description": "Nothing satisfies it yet."},
    MembershipCondition=record(
        "type segment_id operator",
        type={"const": "in_segment"},
        segment_id={**ID, "description": "Another segment, as last computed."},
        operator={"enum": list(MEMBERSHIP_OPERATORS)},
    ),
    SegmentDefinition=record(
        "logic conditions",
        logic={"enum": ["and", "or"]},
        conditions={
            "type": "array",
            "minItems": 1,
            "items": {
                "oneOf": [
                    ref(name)
                    for name in (
                        *("AttributeCondition", "SignalCondition", "VisibilityCondition"),
                        *("MembershipCondition", "SegmentDefinition"),
                    )
                ]
            },
        },
    )
    | {
        "description": f"Groups up to {MAX_DEPTH} deep, at most {MAX_CONDITIONS} conditions in "
        "all; what a condition means is in the written documentation."
    },
)
