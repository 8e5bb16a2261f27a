"""Segments, and conditions of their rules, for tests."""

from __future__ import annotations

from typing import Any

from pim.core.db import transaction
from pim.core.tenancy import tenant_scope
from pim.segments import service
from pim.segments.models import ProductSegment


def attribute(name: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    """A condition on a property of the product."""
    written = {"type": "product_attribute", "property": name, "operator": operator, **more}
    return written if value is None else {**written, "value": value}


def in_segment(segment_id: int, operator: str = "in") -> dict[str, Any]:
    """A condition on the members of another segment."""
    return {"type": "in_segment", "segment_id": segment_id, "operator": operator}


def all_of(*conditions: dict[str, Any]) -> dict[str, Any]:
    """A rule all of whose conditions have to hold."""
    return {"logic": "and", "conditions": list(conditions)}


def any_of(*conditions: dict[str, Any]) -> dict[str, Any]:
    """A rule one of whose conditions has to hold."""
    return {"logic": "or", "conditions": list(conditions)}


def make_segment(
    tenant_id: int, name: str, definition: dict[str, Any] | None = None, **more: Any
) -> ProductSegment:
    """A segment of a tenant, committed; by default of all its products."""
    rule = (
        all_of(attribute("created_at", "gte", "2000-01-01")) if definition is None else definition
    )
    with tenant_scope(tenant_id), transaction():
        return service.create_segment(name, rule, **more)
