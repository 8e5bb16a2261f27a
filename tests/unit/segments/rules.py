"""A vocabulary and short ways to write rules, for the tests of the rule language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pim.analytics.columns import TenantColumns
from pim.schema.fields import Field, Vocabulary
from pim.segments.dsl import Known, PrintScope, Rule, SegmentRef, Where, print_where, read_rule

VOCABULARY = Vocabulary(
    (
        Field("brand", "string"),
        Field("description", "string"),
        Field("page", "url"),
        Field("stock", "number"),
        Field("organic", "boolean"),
        Field("tags", "array"),
        Field("price", "price"),
        Field("prices", "multi_price"),
        Field("source", "string"),
    )
)
COLUMNS = TenantColumns(
    {
        ("brand", "text"): 0,
        ("description", "text"): 1,
        ("page", "text"): 2,
        ("stock", "number"): 0,
        ("organic", "flag"): 0,
        ("tags", "list"): 0,
        ("price", "price"): 0,
        ("prices", "prices"): 0,
    }
)
NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
SEGMENTS = {1: SegmentRef(1, "Lamps"), 2: SegmentRef(2, "Chairs", frozenset({1}))}
KNOWN = Known(VOCABULARY, SEGMENTS, {"vip": "Good customers"})


def attribute(name: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    """One `product_attribute`."""
    found = {"type": "product_attribute", "property": name, "operator": operator, **more}
    return found if value is None else {**found, "value": value}


def both(*conditions: dict[str, Any]) -> dict[str, Any]:
    """All of these."""
    return {"logic": "and", "conditions": list(conditions)}


def either(*conditions: dict[str, Any]) -> dict[str, Any]:
    """Any of these."""
    return {"logic": "or", "conditions": list(conditions)}


def rule_of(*conditions: dict[str, Any], known: Known = KNOWN) -> Rule:
    """The rule of all these conditions."""
    return read_rule(both(*conditions), known)


def where_of(*conditions: dict[str, Any], generations: dict[int, int] | None = None) -> Where:
    """Their SQL for tenant 7."""
    return print_where(rule_of(*conditions), COLUMNS, PrintScope(7, NOW, generations or {}))
