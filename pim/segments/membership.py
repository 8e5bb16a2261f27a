"""A segment's members in ClickHouse: one row is a whole set, told apart by its generation. Pure."""

from __future__ import annotations

from pim.analytics.columns import TENANT, Parameters

SETS = "product_membership_sets"


def members_sql(segment_id: int, generation: int, parameters: Parameters) -> str:
    """The condition that a product belongs to one set of members; to none of generation 0."""
    segment = parameters.bind(segment_id, "UInt64")
    number = parameters.bind(generation, "UInt64")
    return (
        f"product_id IN (SELECT arrayJoin(bitmapToArray(members)) FROM {SETS} WHERE {TENANT} "  # noqa: S608
        f"AND segment_id = {segment} AND generation = {number})"
    )
