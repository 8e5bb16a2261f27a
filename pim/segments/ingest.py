"""What users did, and which groups they belong to: taken in for rules that ask for it.

Both go to ClickHouse alone and are acknowledged when it has them. Sending them again changes
nothing. Segments whose rules ask for them are computed again after the commit, by their interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from pim.analytics import revisions
from pim.analytics.client import READ_LIMITS, TENANT, clickhouse, tenant_rows
from pim.core.clock import now
from pim.core.db import db
from pim.core.errors import FieldError, Invalid, NotFound
from pim.core.tenancy import current_tenant_id
from pim.segments.fields import parse_name
from pim.segments.models import UserSegment
from pim.segments.signals import columns_of, is_id, parse_events, parse_id, parse_user_ids

_EVENT_TYPES: Mapping[str, str] = {
    "tenant_id": "UInt64",
    "event_id": "String",
    "event_type": "LowCardinality(String)",
    "user_id": "String",
    "timestamp": "DateTime64(6, 'UTC')",
    "properties": "String",
}
_MEMBER_TYPES: Mapping[str, str] = {
    "tenant_id": "UInt64",
    "segment_id": "String",
    "user_id": "String",
    "version": "UInt64",
    "deleted": "UInt8",
}
_MEMBERS = f"""
SELECT user_id FROM segment_memberships FINAL WHERE {TENANT} AND segment_id = {{segment:String}}
"""  # noqa: S608  # a constant
_NEWEST = f"""
SELECT max(version) FROM segment_memberships WHERE {TENANT} AND segment_id = {{segment:String}}
"""  # noqa: S608
_LIMITS = {**READ_LIMITS, "max_execution_time": 60}


@dataclass(frozen=True, slots=True)
class Replaced:
    """A user segment after its members were replaced, and how many came and went."""

    segment: UserSegment
    added: int
    removed: int


def store_events(events: Any, *, path: str = "/events") -> int:
    """Store events, each once by its type, user and id; how many different ones these were.

    Raises Invalid with the JSON pointer of each problem, and stores none then; Unavailable.
    """
    found = parse_events(events, path, at=now())
    if found:
        columns = columns_of(found)
        tenant = [current_tenant_id()] * len(found)
        clickhouse().insert("events", {"tenant_id": tenant, **columns}, _EVENT_TYPES)
        revisions.signals_changed()
    return len(found)


def replace_user_segment(
    segment_id: Any, user_ids: Any, name: Any = None, *, path: str = ""
) -> Replaced:
    """Make these the members of a user segment, which is made if it isn't there.

    name: what people call it; None leaves it. Two who replace the same one wait for each other.
    Raises Invalid, Unavailable.
    """
    wanted = parse_user_ids(user_ids, f"{path}/user_ids")
    own_id = parse_id(segment_id, f"{path}/user_segment_id")
    errors: list[FieldError] = []
    values = {} if name is None else {"name": parse_name(name, errors, f"{path}/name")}
    if errors:
        raise Invalid(errors)
    segment = _claimed(own_id, len(wanted), values)
    there = _members_of(own_id)
    members = set(wanted)
    added = [user_id for user_id in wanted if user_id not in there]
    removed = sorted(there - members)
    if added or removed:
        _store(segment, added, removed)
    # Also where nothing is left to do: an earlier try may have failed after it was stored.
    revisions.signals_changed()
    return Replaced(segment, len(added), len(removed))


def delete_user_segment(segment_id: str) -> None:
    """Forget a user segment. Rules that name it find nobody from then on.

    Raises NotFound, Unavailable.
    """
    statement = select(UserSegment).where(
        UserSegment.tenant_id == current_tenant_id(), UserSegment.id == segment_id
    )
    possible = is_id(segment_id)
    segment = db.session.scalars(statement.with_for_update()).one_or_none() if possible else None
    if segment is None:
        raise NotFound("There is no such user segment.")
    members = _members_of(segment_id)
    if members:
        _store(segment, [], sorted(members))
    revisions.signals_changed()  # as above
    db.session.delete(segment)
    db.session.flush()


def _members_of(segment_id: str) -> set[str]:
    rows = tenant_rows(_MEMBERS, {"segment": segment_id}, limits=_LIMITS)
    return {str(row[0]) for row in rows}


def _claimed(segment_id: str, members: int, values: Mapping[str, Any]) -> UserSegment:
    """The row of a user segment, locked until the transaction ends."""
    statement = insert(UserSegment).values(
        tenant_id=current_tenant_id(),
        id=segment_id,
        member_count=members,
        updated_at=now(),
        **values,
    )
    changes = {**values, "member_count": members}
    claimed = statement.on_conflict_do_update(
        index_elements=[UserSegment.tenant_id, UserSegment.id],
        set_={**changes, "updated_at": statement.excluded.updated_at},
    ).returning(UserSegment)
    found = db.session.scalars(claimed.execution_options(populate_existing=True)).one()
    return found


def _store(segment: UserSegment, added: Sequence[str], removed: Sequence[str]) -> None:
    """In one insert, so that readers see the members of before or these."""
    count = len(added) + len(removed)
    version = int(tenant_rows(_NEWEST, {"segment": segment.id}, limits=_LIMITS)[0][0]) + 1
    clickhouse().insert(
        "segment_memberships",
        {
            "tenant_id": [current_tenant_id()] * count,
            "segment_id": [segment.id] * count,
            "user_id": [*added, *removed],
            "version": [version] * count,
            "deleted": [0] * len(added) + [1] * len(removed),
        },
        _MEMBER_TYPES,
    )
