"""What people do with segments: make, change, copy, switch, compute at once, delete.

Callers commit. Whatever changes the rule has it computed at once; a worker is asked for after the
commit. Two who change rules of one tenant wait for each other, so that no two segments can come to
depend on one another.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import chain, count
from typing import Any

from sqlalchemy import func, select, text

from pim.core.clock import now
from pim.core.db import db
from pim.core.errors import Conflict, FieldError, Invalid, StaleVersion
from pim.core.tenancy import current_tenant_id
from pim.identity.access import current_actor
from pim.schema.queries import current_vocabulary
from pim.schema.types import shown
from pim.segments import nudge
from pim.segments.compiling import resolve_definition
from pim.segments.dsl.rule import Rule
from pim.segments.fields import (
    DEFAULT_INTERVAL,
    LONGEST_NAME,
    parse_active,
    parse_description,
    parse_interval,
    parse_name,
)
from pim.segments.models import COMPUTING, FAILED, NEW, QUEUED, READY, ProductSegment
from pim.segments.queries import get_segment, sort_key, users_of

_LOCK = 0x0A13 << 48
_DEFINITION = "/definition"


def create_segment(
    name: Any,
    definition: Any,
    *,
    description: Any = "",
    is_active: Any = True,
    refresh_interval: Any = DEFAULT_INTERVAL,
) -> ProductSegment:
    """Make a segment; its members are computed soon.

    Raises Invalid with every problem at its place (`/name`, `/definition/conditions/0/value`),
    Conflict when the name is taken.
    """
    _one_at_a_time()
    errors: list[FieldError] = []
    values = {
        "name": parse_name(name, errors),
        "description": parse_description(description, errors),
        "is_active": parse_active(is_active, errors),
        "refresh_interval": parse_interval(refresh_interval, errors),
        **_rule_values(definition, None, errors),
    }
    if errors:
        raise Invalid(errors)
    _refuse_taken(values["name"])
    actor = current_actor()
    segment = ProductSegment(
        tenant_id=current_tenant_id(),
        **values,
        due_at=now(),
        created_by_id=actor.user_id,
        created_by_api_key_id=actor.api_key_id,
        updated_by_id=actor.user_id,
        updated_by_api_key_id=actor.api_key_id,
    )
    db.session.add(segment)
    db.session.flush()  # for its id
    nudge.soon()
    return segment


def change_segment(
    segment_id: int, *, expected_version: int | None = None, **changes: Any
) -> ProductSegment:
    """Change what is given of name, description, definition, is_active, refresh_interval.

    expected_version: what was read before; None insists on nothing. Raises NotFound, StaleVersion,
    Invalid with every problem at its place, Conflict when the name is taken.
    """
    if unknown := changes.keys() - _PARSERS.keys() - {"definition"}:
        raise TypeError(f"a segment has no {min(unknown)} to be changed")
    _one_at_a_time()
    segment = get_segment(segment_id, lock=True)
    _refuse_stale(segment, expected_version)
    errors: list[FieldError] = []
    values: dict[str, Any] = {
        key: parse(changes[key], errors) for key, parse in _PARSERS.items() if key in changes
    }
    if "definition" in changes:
        values.update(_rule_values(changes["definition"], segment_id, errors))
    if errors:
        raise Invalid(errors)
    if "name" in values:
        _refuse_taken(values["name"], segment_id)
    _apply(segment, values)
    return segment


def duplicate_segment(segment_id: int, name: str | None = None) -> ProductSegment:
    """Make another with the same rule, under a name that is free; it begins without members."""
    _one_at_a_time()  # before a name is chosen
    original = get_segment(segment_id)
    return create_segment(
        free_name(original.name) if name is None else name,
        original.definition,
        description=original.description,
        is_active=original.is_active,
        refresh_interval=original.refresh_interval,
    )


def set_active(segment_id: int, active: bool) -> ProductSegment:
    """Keep a segment up to date from now on, or leave it as it is."""
    segment = get_segment(segment_id, lock=True)
    _apply(segment, {"is_active": active})
    return segment


def request_recompute(segment_id: int) -> ProductSegment:
    """Have a segment computed now, also one that rests or whose products haven't changed."""
    segment = get_segment(segment_id, lock=True)
    # PostgreSQL's clock, by which computations begin: a wish during one isn't taken for an older.
    segment.requested_at = segment.due_at = db.session.scalar(select(func.clock_timestamp()))
    segment.attempts = 0
    _waits(segment)
    nudge.soon()
    return segment


def delete_segment(segment_id: int, *, expected_version: int | None = None) -> ProductSegment:
    """Remove a segment and its history; its members in ClickHouse go with the next tidying.

    Raises Conflict while another segment's rule names it.
    """
    _one_at_a_time()
    segment = get_segment(segment_id, lock=True)
    _refuse_stale(segment, expected_version)
    if users := users_of(segment_id):
        names = ", ".join(shown(each.name) for each in users[:5])
        more = f" and {len(users) - 5} more" if len(users) > 5 else ""
        message = f"{shown(segment.name)} is used by {names}{more}. " + (
            "Take it out of its rule first, or delete that one first."
            if len(users) == 1
            else "Take it out of their rules first, or delete them first."
        )
        raise Conflict(message, code="segment_in_use", segments=[each.id for each in users])
    db.session.delete(segment)
    db.session.flush()  # so that a name just freed can be taken in the same transaction
    return segment


_PARSERS = {
    "name": parse_name,
    "description": parse_description,
    "is_active": parse_active,
    "refresh_interval": parse_interval,
}


def _rule_values(definition: Any, own_id: int | None, errors: list[FieldError]) -> dict[str, Any]:
    """A rule and what has to be known of it; its problems join the others."""
    try:
        rule = resolve_definition(definition, own_id, path=_DEFINITION)
    except Invalid as invalid:
        errors.extend(invalid.errors)
        return {}
    return {"definition": definition, **facts_of(rule)}


def facts_of(rule: Rule) -> dict[str, Any]:
    """What decides when a rule has to be computed again."""
    return {
        "depends_on": sorted(rule.depends_on),
        "uses_signals": rule.uses_signals,
        "uses_clock": rule.uses_clock,
    }


def _apply(segment: ProductSegment, values: dict[str, Any]) -> None:
    changed = {key: new for key, new in values.items() if getattr(segment, key) != new}
    if not changed:
        return
    for key, value in changed.items():
        setattr(segment, key, value)
    actor = current_actor()
    segment.version += 1
    segment.updated_by_id, segment.updated_by_api_key_id = actor.user_id, actor.api_key_id
    segment.updated_at = now()
    if "definition" in changed:
        segment.rule_version += 1
        segment.due_at, segment.attempts = now(), 0
        segment.error = segment.error_path = None
        _waits(segment)
        nudge.soon()
    elif changed.keys() & {"is_active", "refresh_interval"}:
        _plan(segment)
    db.session.flush()  # so that what is read next in this transaction knows of it


def _plan(segment: ProductSegment) -> None:
    """When it is due by its interval; one that has rested is due at once.

    One that rests is still computed when it waits: its rule was changed, or somebody asked.
    """
    if segment.is_active:
        latest = now() + timedelta(seconds=segment.refresh_interval)
        segment.due_at = min(segment.due_at or now(), latest)
        nudge.soon()
    elif segment.status in (READY, FAILED):
        segment.due_at = None


def _waits(segment: ProductSegment) -> None:
    if segment.status not in (NEW, COMPUTING):
        segment.status = QUEUED


def _refuse_taken(name: str, own_id: int | None = None) -> None:
    """Raises Conflict when another segment has the name; nobody takes it until this commits."""
    if _is_taken(name, own_id):
        message = f"There is a segment called {shown(name)} already. Choose another name."
        raise Conflict(message, code="name_taken", field="name")


def _is_taken(name: str, own_id: int | None = None) -> bool:
    taken = select(ProductSegment.id).where(
        ProductSegment.tenant_id == current_tenant_id(),
        sort_key() == func.lower(name),
        ProductSegment.id != (own_id or 0),
    )
    return bool(db.session.scalar(select(taken.exists())))


def free_name(original: str) -> str:
    """A name for a copy: `Copy of …`, with a number if need be."""
    base = f"Copy of {original}"[: LONGEST_NAME - 6].rstrip()
    candidates = chain([base], (f"{base} ({number})" for number in count(2)))
    return next(name for name in candidates if not _is_taken(name))


def _refuse_stale(segment: ProductSegment, expected: int | None) -> None:
    if expected is not None and expected != segment.version:
        message = "Somebody changed this segment since you opened it. Look at it again first."
        raise StaleVersion(message)


def _one_at_a_time() -> None:
    """Whoever changes segments waits for another who does, and for a change of the vocabulary.

    That renames fields in the rules there are; one stored meanwhile would keep the old names.
    """
    db.session.execute(
        text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK | current_tenant_id()}
    )
    current_vocabulary(hold=True)
