"""Whether the segments that are asked for have members, where ClickHouse looks for them.

One that was never computed, or whose set ClickHouse has lost, is not an empty one: who asks for
everything that is not in it must not get the whole catalog.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Select, select

from pim.core.db import db
from pim.core.errors import Unavailable
from pim.core.tenancy import current_tenant_id
from pim.schema.types import shown
from pim.segments import sets
from pim.segments.compiling import Compiled
from pim.segments.models import FAILED, ProductSegment


class MembersMissing(Unavailable):
    """A segment that is asked for has no members to look at."""

    code = "members_missing"


def require_members(compiled: Compiled) -> None:
    """Make sure of the members of every segment a rule asks. Raises MembersMissing, Unavailable."""
    if compiled.without_members:
        name = _name(compiled.without_members)
        message = f"{name} has no members yet. Try again when it has been computed."
        raise MembersMissing(message)
    require_sets(compiled.generations)


def require_sets(generations: Mapping[int, int]) -> None:
    """Make sure of these sets; segment → set, 0 for none. Raises MembersMissing, Unavailable."""
    computed = {segment: number for segment, number in generations.items() if number}
    if lost := sets.missing(computed):
        message = f"ClickHouse has lost the members of {_name(lost)}. Recompute it."
        raise MembersMissing(message)


def failed_without_members(compiled: Compiled) -> str | None:
    """The name of a segment a rule asks that has no members because it fails; None: none does."""
    failed = _names(compiled.without_members).where(ProductSegment.status == FAILED)
    return db.session.scalars(failed).first()


def _name(segments: Collection[int]) -> str:
    found = db.session.scalars(_names(segments)).first()
    return "A segment" if found is None else shown(found)


def _names(segments: Collection[int]) -> Select[str]:
    return (
        select(ProductSegment.name)
        .where(ProductSegment.tenant_id == current_tenant_id(), ProductSegment.id.in_(segments))
        .order_by(ProductSegment.id)
    )
