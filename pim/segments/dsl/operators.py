"""The operators: which there are, what people call them, and which of them a type has.

The one place for it. The rule language, its builder and the filters of the catalog all read this
table; adding an operator is a line here and its meaning in `comparing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pim.segments.dsl.properties import Kind, Property

Arity = Literal["none", "one", "two", "many", "duration"]
# What is asked for beside an operator: see `input_of`.
Input = Literal["none", "text", "texts", "number", "range", "numbers", "day", "days", "duration"]


@dataclass(frozen=True, slots=True)
class Operator:
    """One way to compare. phrase: how a sentence says it, `{}` being the value.

    arity: what it is compared with: nothing, `value`, `value` and `value2`, a list in `value`, or
    `value` units of time. negative: what a product without a value satisfies.
    """

    name: str
    label: str
    phrase: str
    arity: Arity = "one"
    negative: bool = False


_OPERATORS = (
    Operator("eq", "is", "is {}"),
    Operator("neq", "is not", "is not {}", negative=True),
    Operator("contains", "contains", "contains {}"),
    Operator("does_not_contain", "does not contain", "does not contain {}", negative=True),
    Operator("starts_with", "starts with", "starts with {}"),
    Operator("ends_with", "ends with", "ends with {}"),
    Operator("matches_any_word", "has any of the words", "has any of the words {}", "many"),
    Operator("in", "is one of", "is one of {}", "many"),
    Operator("not_in", "is none of", "is none of {}", "many", negative=True),
    Operator("gt", "is more than", "is more than {}"),
    Operator("gte", "is at least", "is at least {}"),
    Operator("lt", "is less than", "is less than {}"),
    Operator("lte", "is at most", "is at most {}"),
    Operator("between", "is between", "{} – {}", "two"),
    Operator("not_between", "is not between", "not {} – {}", "two", negative=True),
    Operator("contains_any", "has any of", "has any of {}", "many"),
    Operator("contains_all", "has all of", "has all of {}", "many"),
    Operator("contains_none", "has none of", "has none of {}", "many", negative=True),
    Operator("in_last", "is in the last", "is in the last {}", "duration"),
    Operator("not_in_last", "is not in the last", "is not in the last {}", "duration", True),
    Operator("is_true", "is yes", "is yes", "none"),
    Operator("is_false", "is no", "is no", "none"),
    Operator("is_set", "has a value", "has a value", "none"),
    Operator("is_not_set", "is empty", "is empty", "none", negative=True),
)
OPERATORS: Mapping[str, Operator] = {operator.name: operator for operator in _OPERATORS}

PRESENCE = ("is_set", "is_not_set")
_LISTED = ("in", "not_in")
_TEXT = ("eq", "neq", "contains", "does_not_contain", "starts_with", "ends_with")
_TEXTS = (*_TEXT, "matches_any_word", *_LISTED, *PRESENCE)
_RANGES = ("between", "not_between")
_NUMBERS = ("eq", "neq", "gt", "gte", "lt", "lte", *_RANGES, *_LISTED, *PRESENCE)
_ARRAYS = ("contains", "does_not_contain", "contains_any", "contains_all", "contains_none")
KIND_OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    "string": _TEXTS,
    "url": _TEXTS,
    "number": _NUMBERS,
    "price": _NUMBERS,
    "multi_price": _NUMBERS,
    "boolean": ("is_true", "is_false", *PRESENCE),
    "array": (*_ARRAYS, *PRESENCE),
    "date": ("gte", "lt", *_RANGES, "in_last", "not_in_last"),
}
# What the same operator is called where the general word would be odd: label and phrase.
_KIND_WORDS: Mapping[tuple[Kind, str], tuple[str, str]] = {
    ("array", "contains"): ("has", "has {}"),
    ("array", "does_not_contain"): ("does not have", "does not have {}"),
    ("date", "gte"): ("since", "since {}"),
    ("date", "lt"): ("before", "before {}"),
}
UNITS = ("minutes", "hours", "days", "weeks", "months")


def operators_of(prop: Property) -> list[Operator]:
    """The operators a property has, in the words of its kind."""
    return [
        operator_of(prop, name)
        for name in KIND_OPERATORS[prop.kind]
        if not (name in PRESENCE and prop.always_set)
    ]


def operator_of(prop: Property, name: str) -> Operator:
    """One operator in the words of a property's kind."""
    operator = OPERATORS[name]
    label, phrase = _KIND_WORDS.get((prop.kind, name), (operator.label, operator.phrase))
    return Operator(name, label, phrase, operator.arity, operator.negative)


_INPUTS: Mapping[tuple[str, Arity], Input] = {
    ("number", "one"): "number",
    ("number", "two"): "range",
    ("number", "many"): "numbers",
    ("date", "one"): "day",
    ("date", "two"): "days",
    ("text", "one"): "text",
    ("text", "many"): "texts",
}
_ASKED_AS: Mapping[Kind, str] = {
    "number": "number",
    "price": "number",
    "multi_price": "number",
    "date": "date",
}


def input_of(prop: Property, operator: Operator) -> Input:
    """What a form asks for beside this operator; for prices a currency comes on top."""
    if operator.arity == "none":
        return "none"
    if operator.arity == "duration":
        return "duration"
    return _INPUTS[_ASKED_AS.get(prop.kind, "text"), operator.arity]
