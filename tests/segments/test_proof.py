"""ClickHouse is thrown away and comes back: members are made anew, and nobody is told lies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, text

from pim.analytics import ddl
from pim.analytics.client import clickhouse, tenant_rows
from pim.cli import cli
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.identity.models import Tenant
from pim.segments import compute, ingest, proof, queries, schedule, service, tidying
from pim.segments.models import SegmentHistory
from pim.webhooks.models import OutboxEvent
from tests.factories.segments import all_of, attribute, make_segment
from tests.segments.shop import a_product, put

LUMO = all_of(attribute("brand", "eq", "Lumo"))


def lose_clickhouse(tenant_id: int) -> None:
    """As if the tables had been made anew, empty; other tenants keep theirs."""
    for table in ddl.TENANT_TABLES:
        clickhouse().command(
            f"DELETE FROM {table} WHERE tenant_id = {{tenant:UInt64}}", {"tenant": tenant_id}
        )
    with transaction():
        db.session.execute(text("UPDATE analytics_revisions SET incarnation = 'before'"))


def slug_of(tenant_id: int) -> str:
    return db.session.scalars(select(Tenant.slug).where(Tenant.id == tenant_id)).one()


def events() -> int:
    return db.session.scalar(select(func.count()).select_from(OutboxEvent)) or 0


@pytest.fixture
def computed(shop: int) -> Iterator[int]:
    """A segment of ten members."""
    segment_id = make_segment(shop, "Lumo", LUMO).id
    assert compute.compute_segment(segment_id) == "computed"
    yield segment_id
    db.session.rollback()


def test_members_that_are_there_are_no_problem(shop: int, computed: int):
    make_segment(shop, "Not computed yet", LUMO)
    assert proof.find_problems(shop) == []


def test_members_that_are_missing_or_others_are_named(shop: int, computed: int):
    with transaction():
        queries.get_segment(computed).computed_count = 11
    assert proof.find_problems(shop) == [
        f"segment {computed} (“Lumo”): 11 members, 10 in ClickHouse"
    ]
    lose_clickhouse(shop)
    assert proof.find_problems(shop) == [
        f"segment {computed} (“Lumo”): its 11 members are missing in ClickHouse"
    ]


def test_user_segments_that_are_missing_have_to_be_sent_again(shop: int):
    with transaction():
        ingest.replace_user_segment("vip", ["a", "b"])
    assert proof.find_problems(shop) == []
    lose_clickhouse(shop)
    assert proof.find_problems(shop) == [
        "user segment “vip”: 2 members were sent, 0 are in ClickHouse; they have to be sent again"
    ]
    with transaction():
        ingest.replace_user_segment("vip", ["a", "b"])
    assert proof.find_problems(shop) == []


def test_between_losing_and_rebuilding_nothing_is_computed_from_what_is_there(
    shop: int, computed: int
):
    lose_clickhouse(shop)
    with transaction():
        service.request_recompute(computed)
    schedule.compute_due()
    db.session.rollback()
    waiting = queries.get_segment(computed)
    assert waiting.state == "failed"
    assert "pim analytics rebuild" in (waiting.error or "")
    assert (waiting.computed_count, waiting.attempts) == (10, 0)


def test_a_rebuild_makes_the_members_anew_and_tells_nobody(app: Flask, shop: int, computed: int):
    resting = make_segment(shop, "Resting", LUMO, is_active=False).id
    compute.compute_segment(resting)
    before, slug = events(), slug_of(shop)
    lose_clickhouse(shop)
    put(a_product(99))
    runner = CliRunner()
    seen = runner.invoke(cli, ["analytics", "verify", "--tenant", slug, "--wait", "0"])
    assert seen.exit_code == 1
    assert "members are missing in ClickHouse" in seen.output
    done = runner.invoke(cli, ["analytics", "rebuild", "--tenant", slug])
    assert done.exit_code == 0, done.output
    seen = runner.invoke(cli, ["analytics", "verify", "--tenant", slug])
    assert seen.exit_code == 0, seen.output
    with tenant_scope(shop):
        db.session.rollback()
        for each in (computed, resting):
            again = queries.get_segment(each)
            assert (again.state, again.error, again.computed_count) == ("ready", None, 10)
            assert queries.count_members(again) == 10
        point = queries.history(computed)[0]
        assert (point.count, point.entered, point.left) == (10, 0, 0)
        assert events() == before
        put(a_product(98))
        compute.compute_segment(computed)
        assert events() == before + 1


def test_sets_nobody_reads_are_removed_and_the_last_ones_stay(shop: int, computed: int):
    for number in range(40, 46):
        put(a_product(number))
        compute.compute_segment(computed)
    gone = make_segment(shop, "Gone", LUMO).id
    compute.compute_segment(gone)
    with transaction():
        service.delete_segment(gone)
    assert len(sets_of(computed)) == 4
    tidying.tidy_tenant(shop)
    kept = sets_of(computed)
    assert len(kept) == tidying.KEPT_SETS
    assert queries.get_segment(computed).generation == max(kept)
    # It might be one whose making isn't committed yet.
    assert len(sets_of(gone)) == 1
    clickhouse().command(
        "ALTER TABLE product_membership_sets UPDATE computed_at = now() - INTERVAL 2 HOUR "
        "WHERE tenant_id = {tenant:UInt64} SETTINGS mutations_sync = 2",
        {"tenant": shop},
    )
    tidying.tidy_tenant(shop)
    assert sets_of(gone) == []
    assert proof.find_problems(shop) == []


def sets_of(segment_id: int) -> list[int]:
    rows = tenant_rows(
        "SELECT generation FROM product_membership_sets WHERE tenant_id = {tenant:UInt64} "
        "AND segment_id = {segment:UInt64}",
        {"segment": segment_id},
    )
    return [row[0] for row in rows]


def test_old_history_is_thinned_to_a_point_an_hour_and_then_goes(shop: int, computed: int):
    moment = (now() - timedelta(days=10)).replace(minute=5)
    ages = [timedelta(0), timedelta(minutes=10), timedelta(minutes=20), timedelta(hours=-1)]
    with transaction():
        for number, age in enumerate(ages):
            db.session.add(a_point(shop, computed, number, moment + age))
        db.session.add(a_point(shop, computed, 77, now() - timedelta(days=500)))
    tidying.tidy_tenant(shop)
    left = {point.generation for point in queries.history(computed)}
    assert left == {2, 3, queries.get_segment(computed).generation}


def a_point(tenant_id: int, segment_id: int, generation: int, moment: object) -> SegmentHistory:
    return SegmentHistory(
        tenant_id=tenant_id,
        segment_id=segment_id,
        generation=generation,
        count=1,
        entered=1,
        left=0,
        computed_at=moment,
        duration_ms=1,
    )


def test_old_events_go(shop: int, computed: int):
    assert events() == 1
    with transaction():
        old = now() - timedelta(days=31)
        db.session.execute(text("UPDATE outbox_events SET created_at = :old"), {"old": old})
    tidying.tidy_tenant(shop)
    assert events() == 0
