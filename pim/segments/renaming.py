"""A field gets another name: the rules that speak of it follow, in the same transaction.

And the rules that would no longer hold without one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pim.core.clock import now
from pim.core.db import db
from pim.schema.signals import Need
from pim.segments.dsl.properties import field_key
from pim.segments.models import ProductSegment
from pim.segments.queries import segments_of_tenant, sort_key


def follow_renames(_tenant_id: int, *, renames: Mapping[str, str]) -> None:
    """Change the rules of the tenant in force. renames: old name by new name."""
    keys = {field_key(old): field_key(new) for new, old in renames.items()}
    in_order = segments_of_tenant().order_by(ProductSegment.id).with_for_update()
    for segment in db.session.scalars(in_order):
        renamed = with_names(segment.definition, keys)
        if renamed != segment.definition:
            segment.definition = renamed
            segment.version += 1
            segment.rule_version += 1
            segment.updated_at = now()
    db.session.flush()  # while the tenant is in force


def with_names(definition: Any, keys: Mapping[str, str]) -> Any:
    """A definition that calls properties by their new names; keys: new name by old name."""
    if not isinstance(definition, dict):
        return definition
    found = dict(definition)
    if isinstance(found.get("conditions"), list):
        found["conditions"] = [with_names(each, keys) for each in found["conditions"]]
    if found.get("type") == "product_attribute" and found.get("property") in keys:
        found["property"] = keys[found["property"]]
    return found


def needs(_tenant_id: int, *, name: str) -> list[Need]:
    """The segments of the tenant in force whose rules speak of a field."""
    key = field_key(name)
    return [
        Need("segment", each.name, f"/pim/segments/{each.id}")
        for each in db.session.scalars(segments_of_tenant().order_by(sort_key()))
        if _speaks_of(each.definition, key)
    ]


def _speaks_of(definition: Any, key: str) -> bool:
    if not isinstance(definition, dict):
        return False
    inside = definition.get("conditions")
    if isinstance(inside, list):
        return any(_speaks_of(each, key) for each in inside)
    return definition.get("type") == "product_attribute" and definition.get("property") == key
