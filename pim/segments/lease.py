"""Who computes a segment, and when it is due again: all of it in PostgreSQL.

Whoever claims a segment gets a token that is larger than all before. A result is kept only while
its token is the newest, so of two who compute at once one counts. A claim ends by itself: after
`lease_until` its holder counts as gone, and the segment, still due, is claimed by another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from pim.core import settings
from pim.core.db import db, transaction
from pim.core.tenancy import current_tenant_id, system_scope

_LONGEST_PAUSE = 3600
# One that waits for others which never are up to date is computed all the same.
_PATIENCE_SECONDS = 300

# What the members depend on. While it is the same, so are they.
_INPUTS = """jsonb_build_object(
    'rule', s.rule_version,
    'vocabulary', (SELECT version FROM product_schemas v WHERE v.tenant_id = s.tenant_id),
    'products', (SELECT products FROM analytics_revisions r WHERE r.tenant_id = s.tenant_id),
    'signals', CASE WHEN s.uses_signals THEN
        (SELECT signals FROM analytics_revisions r WHERE r.tenant_id = s.tenant_id) END,
    'segments', (SELECT jsonb_object_agg(d.id, d.generation) FROM product_segments d
        WHERE d.tenant_id = s.tenant_id AND d.id = ANY(s.depends_on)))"""
_FREE = "(s.lease_until IS NULL OR s.lease_until <= clock_timestamp())"
_DUE = f"s.due_at <= clock_timestamp() AND {_FREE}"
# Those a rule asks come first: their members are part of what is computed.
_ITS_TURN = f"""{_DUE} AND (s.due_at < clock_timestamp() - interval '{_PATIENCE_SECONDS} s'
    OR NOT EXISTS (
        SELECT FROM product_segments d WHERE d.tenant_id = s.tenant_id
        AND d.id = ANY(s.depends_on) AND d.due_at <= clock_timestamp()))"""
# By its interval, counted from when it was due; from now, when it is late by a whole one.
# Larger than all before, also after PostgreSQL was brought back from a copy: the sets of members
# that were made since are still in ClickHouse, under the tokens of then.
_NUMBER = "greatest(s.lease_token + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)"
_NEXT = """CASE WHEN s.is_active THEN greatest(
        s.due_at, clock_timestamp() - make_interval(secs => s.refresh_interval)
    ) + make_interval(secs => s.refresh_interval) END"""
_ASKED_SINCE = "s.requested_at > :began"

_TENANTS = f"""
SELECT s.tenant_id FROM product_segments s WHERE {_DUE}
GROUP BY s.tenant_id ORDER BY min(s.due_at)
"""  # noqa: S608  # constants, as below
# Those that somebody changes at the moment are left for the next time.
_SETTLE = f"""
WITH unchanged AS MATERIALIZED (
    SELECT s.id FROM product_segments s
    WHERE s.tenant_id = :tenant AND {_ITS_TURN} AND s.status = 'ready' AND s.requested_at IS NULL
      AND NOT s.uses_clock AND s.inputs = {_INPUTS}
    ORDER BY s.id FOR UPDATE SKIP LOCKED
)
UPDATE product_segments s SET due_at = {_NEXT}, checked_at = clock_timestamp()
FROM unchanged WHERE s.tenant_id = :tenant AND s.id = unchanged.id
"""  # noqa: S608
_CLAIM = f"""
WITH next AS MATERIALIZED (
    SELECT s.id FROM product_segments s
    WHERE s.tenant_id = :tenant AND (s.id = :only OR CAST(:only AS bigint) IS NULL AND {_ITS_TURN})
      AND {_FREE}
    ORDER BY s.requested_at, s.due_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
UPDATE product_segments s SET status = 'computing', lease_token = {_NUMBER},
    lease_until = clock_timestamp() + make_interval(secs => :lease)
FROM next WHERE s.tenant_id = :tenant AND s.id = next.id
RETURNING s.id, s.lease_token, s.rule_version, s.generation, s.definition, s.name,
    clock_timestamp() AS began, {_INPUTS} AS inputs,
    s.inputs -> 'vocabulary' IS DISTINCT FROM {_INPUTS} -> 'vocabulary' AS new_vocabulary
"""  # noqa: S608
_HOLD = """
UPDATE product_segments SET lease_until = clock_timestamp() + make_interval(secs => :lease)
WHERE tenant_id = :tenant AND id = :id AND lease_token = :token AND rule_version = :rule
RETURNING id
"""
_PUBLISH = text(
    f"""
UPDATE product_segments s SET
    status = CASE WHEN {_ASKED_SINCE} THEN 'queued' ELSE 'ready' END,
    error = NULL, error_path = NULL, attempts = 0, inputs = :inputs, generation = :generation,
    computed_count = :count, last_duration_ms = :duration, lease_until = NULL,
    last_computed_at = clock_timestamp(), checked_at = clock_timestamp(),
    due_at = CASE WHEN {_ASKED_SINCE} THEN s.due_at ELSE {_NEXT} END,
    requested_at = CASE WHEN {_ASKED_SINCE} THEN s.requested_at END
WHERE s.tenant_id = :tenant AND s.id = :id AND s.lease_token = :token AND s.rule_version = :rule
RETURNING s.last_computed_at
"""  # noqa: S608
).bindparams(bindparam("inputs", type_=JSONB))
# Twice as long each time; what isn't the segment's own doing is only tried again by its interval.
# One that rests is tried again when somebody asks.
_FAILED = f"""
UPDATE product_segments s SET
    status = CASE WHEN {_ASKED_SINCE} THEN 'queued' ELSE 'failed' END,
    error = :error, error_path = :path, attempts = s.attempts + :counts, lease_until = NULL,
    due_at = CASE WHEN {_ASKED_SINCE} THEN s.due_at WHEN s.is_active THEN clock_timestamp()
        + make_interval(secs => least(
            greatest({_LONGEST_PAUSE}, s.refresh_interval),
            s.refresh_interval * power(2, least(s.attempts * :counts, 20)))) END,
    requested_at = CASE WHEN {_ASKED_SINCE} THEN s.requested_at END
WHERE s.tenant_id = :tenant AND s.id = :id AND s.lease_token = :token AND s.rule_version = :rule
"""  # noqa: S608
# Whose members are lost is computed again, whether or not it rests and anything has changed.
_ASK_AGAIN = """
WITH lost AS MATERIALIZED (
    SELECT s.id FROM product_segments s
    JOIN unnest(CAST(:ids AS bigint[]), CAST(:generations AS bigint[])) AS set (id, generation)
        ON set.id = s.id AND set.generation = s.generation
    WHERE s.tenant_id = :tenant AND s.requested_at IS NULL
    ORDER BY s.id FOR UPDATE OF s SKIP LOCKED
)
UPDATE product_segments s SET requested_at = clock_timestamp(), due_at = clock_timestamp(),
    status = CASE WHEN s.status IN ('ready', 'failed') THEN 'queued' ELSE s.status END
FROM lost WHERE s.tenant_id = :tenant AND s.id = lost.id
"""
_GIVE_BACK = """
UPDATE product_segments SET lease_until = NULL,
    due_at = CASE WHEN :seconds > 0 THEN clock_timestamp() + make_interval(secs => :seconds)
        ELSE due_at END,
    status = CASE WHEN generation > 0 OR error IS NOT NULL THEN 'queued' ELSE 'new' END
WHERE tenant_id = :tenant AND id = :id AND lease_token = :token
"""


class LeaseLost(Exception):
    """Somebody else computes it by now, or its rule has changed, or it is gone."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to compute one segment of the tenant in force.

    generation: of the members that count now; 0 when there are none yet. inputs: what the new
    members are made from, noted before anything was read. new_vocabulary: the tenant's is another
    than the members that count were made with.
    """

    segment_id: int
    token: int
    rule_version: int
    generation: int
    definition: Any
    name: str
    began: datetime
    inputs: Mapping[str, Any]
    new_vocabulary: bool


def tenants_due() -> list[int]:
    """The tenants with segments that are due and nobody computes, the longest waiting first."""
    with system_scope(), transaction():
        return list(db.session.execute(text(_TENANTS)).scalars())


def settle_unchanged() -> int:
    """Put off the tenant's due segments whose members are still what their rules say."""
    with transaction():
        done = db.session.execute(text(_SETTLE), {"tenant": current_tenant_id()})
        return int(done.rowcount)  # type: ignore[attr-defined]


def claim(only: int | None = None) -> Claim | None:
    """Claim the tenant's segment whose turn it is; None when there is none that nobody has.

    Those somebody asked for come first. only: this one, due or not.
    """
    values = {"tenant": current_tenant_id(), "only": only, "lease": _lease_seconds()}
    with transaction():
        row = db.session.execute(text(_CLAIM), values).one_or_none()
    return None if row is None else Claim(*row)


def hold(claimed: Claim) -> None:
    """Keep a claim for another query's time. Raises LeaseLost."""
    with transaction():
        held = db.session.execute(text(_HOLD), {**_whose(claimed), "lease": _lease_seconds()})
        if held.scalar() is None:
            raise LeaseLost


def publish(claimed: Claim, *, generation: int, count: int, duration_ms: int) -> datetime:
    """Make a set of members the one that counts, from when the transaction in force commits.

    Raises LeaseLost; then nothing of this transaction may be committed.
    """
    values = {
        **_whose(claimed),
        "inputs": dict(claimed.inputs),
        "generation": generation,
        "count": count,
        "duration": duration_ms,
    }
    moment = db.session.execute(_PUBLISH, values).scalar()
    if moment is None:
        raise LeaseLost
    assert isinstance(moment, datetime)
    return moment


def fail(claimed: Claim, error: str, *, path: str | None = None, counts: bool = True) -> None:
    """Say what went wrong, and when to try again. counts: it waits longer each time.

    Of a rule that was changed meanwhile nothing is said: it is left due.
    """
    values = {**_whose(claimed), "error": error[:2_000], "path": path, "counts": int(counts)}
    with transaction():
        said = db.session.execute(text(_FAILED), values)
    if not said.rowcount:  # type: ignore[attr-defined]
        give_back(claimed)


def ask_again(lost: Mapping[int, int]) -> None:
    """Have segments computed whose sets are lost: segment → the set that counts."""
    values = {"ids": list(lost), "generations": list(lost.values())}
    with transaction():
        db.session.execute(text(_ASK_AGAIN), {"tenant": current_tenant_id(), **values})


def give_back(claimed: Claim, *, seconds: float = 0) -> None:
    """Leave a segment due, at once or in some seconds: it was nobody's fault."""
    with transaction():
        db.session.execute(text(_GIVE_BACK), {**_whose(claimed), "seconds": seconds})


def _whose(claimed: Claim) -> dict[str, Any]:
    return {
        "tenant": current_tenant_id(),
        "id": claimed.segment_id,
        "token": claimed.token,
        "rule": claimed.rule_version,
        "began": claimed.began,
    }


def _lease_seconds() -> int:
    """Somewhat longer than one query may take."""
    return settings().segment_query_seconds * 3 // 2 + 5
