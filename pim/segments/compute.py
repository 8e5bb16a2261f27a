"""Computing one segment: from its rule to the set of members that counts.

The rule is put together with what the tenant has now, ClickHouse makes the set, and one transaction
in PostgreSQL makes it count: with the number of members, a point of the history, and the events
of those who came and went. Until then readers see the members of before. A set that never came to
count is never read; the next attempt makes another, under a number of its own.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import insert, select

from pim.analytics import deliveries, revisions
from pim.analytics.client import ClickHouseFailed, TooExpensive
from pim.core.db import db, transaction
from pim.core.errors import DomainError, Unavailable
from pim.core.tenancy import current_tenant_id
from pim.schema.models import ProductSchema
from pim.schema.types import shown
from pim.segments import asked, events, lease, sets
from pim.segments.compiling import Compiled, compile_definition
from pim.segments.dsl.errors import DefinitionInvalid
from pim.segments.dsl.printer import Where
from pim.segments.lease import Claim, LeaseLost
from pim.segments.models import SegmentHistory
from pim.segments.sets import Difference, SetDoubled

log = logging.getLogger(__name__)

Outcome = Literal["computed", "unchanged", "failed", "lost", "postponed"]
_BEHIND_SECONDS, _AWAY_SECONDS, _CLOCKS_DIFFER_SECONDS = 2, 5, 5
_OURS = "Something went wrong in computing this segment. It is tried again, and the log says more."
_INCOMPLETE = (
    "ClickHouse doesn't have all products at the moment: it was set up anew. "
    "It goes on once `pim analytics rebuild` has been run."
)


class Behind(Exception):
    """What the rule asks is still on its way to ClickHouse: values, or a segment's members."""


class AsksFailed(Exception):
    """The rule asks a segment that never had members, because it fails."""


class Incomplete(Exception):
    """This ClickHouse hasn't been given all of the tenant's products yet."""


@dataclass(frozen=True, slots=True)
class Made:
    """A set of members, ready to count. events: whether to tell who came and went."""

    generation: int
    difference: Difference
    events: bool = False


def compute_segment(segment_id: int) -> Outcome | None:
    """Compute one segment of the tenant in force now, due or not; None while another does.

    Raises Unavailable when ClickHouse doesn't answer; then the segment stays due.
    """
    claimed = lease.claim(segment_id)
    return None if claimed is None else compute_claimed(claimed)


def compute_claimed(claimed: Claim) -> Outcome:
    """Compute what was claimed. Whatever is wrong with it is kept with it.

    Raises Unavailable when ClickHouse doesn't answer; then the segment stays due.
    """
    try:
        return _compute(claimed)
    except LeaseLost:
        lease.give_back(claimed)
        return "lost"
    except Behind:
        lease.give_back(claimed, seconds=_BEHIND_SECONDS)
        return "postponed"
    except DefinitionInvalid as invalid:
        first = invalid.errors[0]
        # Looking again costs little, and the field may be back.
        lease.fail(claimed, first.message, path=first.path, counts=False)
    except AsksFailed as asks:
        lease.fail(claimed, str(asks), counts=False)
    except Incomplete:
        lease.fail(claimed, _INCOMPLETE, counts=False)
    except TooExpensive:
        lease.fail(claimed, "The rule takes too long to compute. Make it simpler.")
    except Unavailable:
        # Others first, should it be this one's query that ClickHouse doesn't survive.
        lease.give_back(claimed, seconds=_AWAY_SECONDS)
        raise
    except (ClickHouseFailed, DomainError, SetDoubled) as error:
        log.exception("segment_failed", extra=_named(claimed))
        lease.fail(claimed, error.message if isinstance(error, DomainError) else _OURS)
    except Exception:
        db.session.rollback()
        log.exception("segment_failed", extra=_named(claimed))
        lease.fail(claimed, _OURS)
    return "failed"


def _compute(claimed: Claim) -> Outcome:
    began = time.monotonic()
    compiled = _compiled(claimed)
    made = _make(claimed, compiled.where)
    _make_sure_of_sets(compiled)
    duration = round((time.monotonic() - began) * 1000)
    with transaction():
        moment = lease.publish(
            claimed,
            generation=made.generation,
            count=made.difference.count,
            duration_ms=duration,
        )
        if made.generation != claimed.generation:
            db.session.execute(insert(SegmentHistory), [_point(claimed, made, moment, duration)])
        if made.events:
            events.record(claimed, made.generation, made.difference)
    return "computed" if made.generation != claimed.generation else "unchanged"


def _compiled(claimed: Claim) -> Compiled:
    with transaction():
        if not revisions.has_all_products(revisions.current_revision()):
            raise Incomplete
        compiled = compile_definition(claimed.definition, claimed.segment_id)
        changed = compiled.vocabulary != claimed.inputs["vocabulary"]
        if (claimed.new_vocabulary or changed) and _is_behind():
            raise Behind
        _make_sure_of_members(compiled)
    return compiled


def _is_behind() -> bool:
    """Whether products lie in ClickHouse as they were before the vocabulary was changed.

    They would be found to have no values, and to come back a moment later.
    """
    changed = db.session.scalar(
        select(ProductSchema.updated_at).where(ProductSchema.tenant_id == current_tenant_id())
    )
    if changed is None:
        return False
    return deliveries.waits_from_before(changed + timedelta(seconds=_CLOCKS_DIFFER_SECONDS))


def _make_sure_of_members(compiled: Compiled) -> None:
    """Raises Behind or AsksFailed where a segment it asks has never been computed."""
    if not compiled.without_members:
        return
    failed = asked.failed_without_members(compiled)
    if failed is None:
        raise Behind
    message = f"The rule asks {shown(failed)}, which has no members yet. Look at that one first."
    raise AsksFailed(message)


def _make_sure_of_sets(compiled: Compiled) -> None:
    """Raises Behind where ClickHouse has lost the members of a segment it asks.

    Looked at afterwards: sets only ever go, so what is there now was there meanwhile.
    """
    if lost := sets.missing(compiled.generations):
        lease.ask_again(lost)
        raise Behind


def _make(claimed: Claim, where: Where) -> Made:
    """The new members: those of before, where nobody came or went."""
    segment, old = claimed.segment_id, claimed.generation
    if old:
        found = sets.probe(segment, old, where)
        if found.known and not found.changed:
            return Made(old, found)
    lease.hold(claimed)
    sets.make(segment, claimed.token, where)
    lease.hold(claimed)
    found = sets.compare(segment, old, claimed.token)
    lost = old > 0 and not found.known
    if lost:
        # ClickHouse was thrown away: who came and went since can't be told.
        return Made(claimed.token, Difference(False, found.count, 0, 0))
    lease.hold(claimed)
    sets.note_changes(segment, old, claimed.token)
    return Made(claimed.token, found, events=found.changed)


def _point(claimed: Claim, made: Made, moment: Any, duration: int) -> dict[str, Any]:
    return {
        "tenant_id": current_tenant_id(),
        "segment_id": claimed.segment_id,
        "generation": made.generation,
        "count": made.difference.count,
        "entered": made.difference.entered,
        "left": made.difference.left,
        "computed_at": moment,
        "duration_ms": duration,
    }


def _named(claimed: Claim) -> dict[str, Any]:
    return {"tenant": current_tenant_id(), "segment": claimed.segment_id}
