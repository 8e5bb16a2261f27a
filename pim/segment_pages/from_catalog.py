"""A list of the catalog as a rule: what its search and filters mean, and what can't be said. Pure.

Filters of one property and operator belong together: any of their values fits, or for a negative
operator none of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from pim.catalog.filters import Condition, Value
from pim.segment_pages.starters import Definition, compare, rule
from pim.segments.dsl.properties import field_key

_LISTS = {"eq": "in", "neq": "not_in"}
_OF_ARRAYS = {"contains": "contains_any", "does_not_contain": "contains_none"}
_PRICES = ("price", "multi_price")


@dataclass(frozen=True, slots=True)
class Saved:
    """The rule of a list. left_out: a sentence for each part of it that a rule can't say."""

    definition: Definition
    left_out: tuple[str, ...] = ()


def rule_of_list(
    words: str,
    conditions: Sequence[Condition],
    currency: str,
    *,
    segments: Sequence[int] = (),
    import_name: str = "",
) -> Saved:
    """The rule of a list. currency: the tenant's, which prices of no currency are compared in."""
    left_out = []
    found = [_word(word) for word in words.split()]
    found += [_member(each) for each in segments]
    for condition in conditions:
        found.append(_condition(condition, currency))
        if condition.prop.kind in _PRICES and _unnamed_currency(condition):
            left_out.append(
                f"The filter by {condition.prop.label} names no currency; a rule compares prices "
                f"in one. It is {currency} here."
            )
    if import_name:
        left_out.append(
            f"The list shows the products of the import “{import_name}”. A rule can't ask for an "
            "import, so that part is left out."
        )
    return Saved(rule("and", *found), tuple(left_out))


def _word(word: str) -> Definition:
    """What the search of the catalog does with each word."""
    parts = (compare(name, "contains", value=word) for name in ("sku", "name"))
    return rule("or", *parts)


def _member(segment_id: int) -> Definition:
    return {"type": "in_segment", "segment_id": segment_id, "operator": "in"}


def _unnamed_currency(condition: Condition) -> bool:
    asks_amount = condition.operator.arity != "none"
    return asks_amount and any(not value.currency for value in condition.values)


def _condition(condition: Condition, currency: str) -> Definition:
    prop, operator, values = condition.prop, condition.operator, condition.values
    name = prop.name if prop.fixed else field_key(prop.name)
    several = _list_operator(condition)
    if several:
        return compare(name, several, value=[_json(value.low) for value in values])
    each = [_comparison(name, condition, value, currency) for value in values]
    return each[0] if len(each) == 1 else rule("and" if operator.negative else "or", *each)


def _list_operator(condition: Condition) -> str:
    """The operator that takes all values at once, where there is one."""
    if len(condition.values) < 2:
        return ""
    if condition.prop.kind in ("string", "url", "number"):
        return _LISTS.get(condition.operator.name, "")
    return _OF_ARRAYS.get(condition.operator.name, "") if condition.prop.kind == "array" else ""


def _comparison(name: str, condition: Condition, value: Value, currency: str) -> Definition:
    more: dict[str, Any] = {}
    if condition.operator.arity != "none":
        more["value"] = _json(value.low)
    if condition.operator.arity == "two":
        more["value2"] = _json(value.high)
    if condition.prop.kind in _PRICES and (value.currency or more):
        more["currency"] = value.currency or currency
    return compare(name, condition.operator.name, **more)


def _json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
