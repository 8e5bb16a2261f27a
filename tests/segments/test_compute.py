"""Computing segments: who is in, who came and who went, and what may go wrong in between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from pim.analytics import sync
from pim.analytics.client import tenant_rows
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.errors import Unavailable
from pim.core.tenancy import tenant_scope
from pim.schema.fields import Field, Vocabulary
from pim.schema.service import change_schema, edited_field, save_schema
from pim.segments import compute, lease, queries, schedule, service, sets, tidying
from pim.segments.models import ProductSegment
from pim.webhooks.models import OutboxEvent
from tests.factories.segments import all_of, any_of, attribute, in_segment, make_segment
from tests.jobs.catalogs import delete
from tests.segments.shop import FIELDS, a_product, fill, put

LUMO = all_of(attribute("brand", "eq", "Lumo"))
MANY = all_of(attribute("stock", "gte", 15))


def fresh(segment_id: int) -> ProductSegment:
    db.session.rollback()
    return queries.get_segment(segment_id)


def skus(segment_id: int) -> list[str]:
    page = queries.members(fresh(segment_id), limit=1000)
    return [product.sku for product in page.products]


def skus_for_other_readers(segment_id: int) -> list[str]:
    rows = tenant_rows(
        "SELECT sku FROM product_memberships WHERE tenant_id = {tenant:UInt64} "
        "AND segment_id = {segment:UInt64} ORDER BY sku",
        {"segment": segment_id},
    )
    return [row[0] for row in rows]


def events(kind: str) -> list[dict[str, Any]]:
    statement = select(OutboxEvent.payload).where(OutboxEvent.event_type == f"segment.{kind}")
    return list(db.session.scalars(statement.order_by(OutboxEvent.id)))


def told(kind: str) -> list[list[str]]:
    return [[product["sku"] for product in event["products"]] for event in events(kind)]


def make_due(segment_id: int) -> None:
    with transaction():
        queries.get_segment(segment_id).due_at = now()


def test_a_computed_segment_has_its_members_and_says_so(shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    assert compute.compute_segment(segment_id) == "computed"
    segment = fresh(segment_id)
    assert (segment.state, segment.computed_count, segment.error) == ("ready", 10, None)
    assert segment.last_computed_at is not None
    assert segment.generation > 0
    assert skus(segment_id) == [f"P-{number:02}" for number in range(0, 20, 2)]
    point = queries.history(segment_id)[0]
    assert (point.count, point.entered, point.left) == (10, 10, 0)
    assert queries.trends([segment_id])[segment_id] == [(segment.last_computed_at, 10)]
    assert events("entered")[0]["segment"] == {"id": segment_id, "name": "Lumo"}
    assert len(told("entered")[0]) == 10
    assert told("left") == []


def test_exactly_those_who_came_and_went_are_told(shop: int):
    segment_id = make_segment(shop, "Many", MANY).id
    compute.compute_segment(segment_id)
    put(a_product(3, stock=99), a_product(16, stock=0), a_product(17, brand="X"))
    assert compute.compute_segment(segment_id) == "computed"
    assert skus(segment_id) == ["P-03", "P-15", "P-17", "P-18", "P-19"]
    point = queries.history(segment_id)[0]
    assert (point.count, point.entered, point.left) == (5, 1, 1)
    assert told("entered")[1:] == [["P-03"]]
    assert told("left") == [["P-16"]]
    came = queries.latest_changes(fresh(segment_id), entered=True)
    gone = queries.latest_changes(fresh(segment_id), entered=False)
    assert [change.sku for change in came.changes] == ["P-03"]
    assert [change.sku for change in gone.changes] == ["P-16"]
    assert came.last == gone.last == point


def test_a_deleted_product_leaves_with_the_sku_it_had(shop: int):
    segment_id = make_segment(shop, "Many", MANY).id
    compute.compute_segment(segment_id)
    page = queries.members(fresh(segment_id), limit=1)
    delete(page.products[0].id)
    sync.sync_tenant(shop)
    compute.compute_segment(segment_id)
    assert told("left") == [["P-15"]]
    gone = queries.latest_changes(fresh(segment_id), entered=False).changes[0]
    assert (gone.sku, gone.name) == (None, None)


def test_many_changes_are_told_in_parts(shop: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sets, "EVENT_PRODUCTS", 4)
    compute.compute_segment(make_segment(shop, "Lumo", LUMO).id)
    parts = events("entered")
    assert [(each["part"], each["parts"], each["total"]) for each in parts] == [
        (1, 3, 10),
        (2, 3, 10),
        (3, 3, 10),
    ]
    assert sum(len(each["products"]) for each in parts) == 10


def test_the_same_members_keep_their_set_and_tell_nobody(shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    compute.compute_segment(segment_id)
    before = fresh(segment_id).generation
    put(a_product(2, stock=77))
    assert compute.compute_segment(segment_id) == "unchanged"
    assert fresh(segment_id).generation == before
    assert len(queries.history(segment_id)) == 1
    assert len(events("entered")) == 1


def test_members_are_read_page_by_page_and_searched(shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    compute.compute_segment(segment_id)
    segment, found, after = fresh(segment_id), [], None
    while True:
        page = queries.members(segment, limit=4, after=after)
        found += [product.sku for product in page.products]
        after = page.after
        if after is None:
            break
    assert found == [f"P-{number:02}" for number in range(0, 20, 2)]
    assert queries.count_members(segment) == 10
    assert queries.count_members(segment, "product 1") == 5
    held = queries.members(segment, words="p-18").products[0].id
    assert [each.id for each in queries.segments_with(held)] == [segment_id]


def test_a_segment_whose_inputs_are_the_same_is_not_computed_again(shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    schedule.compute_due()
    token = fresh(segment_id).lease_token
    make_due(segment_id)
    schedule.compute_due()
    settled = fresh(segment_id)
    assert settled.lease_token == token
    assert settled.due_at is not None
    assert settled.due_at > now()
    put(a_product(30))
    make_due(segment_id)
    schedule.compute_due()
    assert fresh(segment_id).lease_token > token
    assert fresh(segment_id).computed_count == 11


def test_a_rule_of_days_is_computed_again_as_time_passes(shop: int):
    recent = all_of(attribute("created_at", "in_last", 3, unit="days"))
    segment_id = make_segment(shop, "New", recent).id
    schedule.compute_due()
    assert fresh(segment_id).computed_count == 20
    token = fresh(segment_id).lease_token
    make_due(segment_id)
    schedule.compute_due()
    assert fresh(segment_id).lease_token > token


def test_a_change_of_the_rule_tells_who_came_and_went_by_it(shop: int):
    segment_id = make_segment(shop, "S", LUMO).id
    schedule.compute_due()
    with transaction():
        service.change_segment(segment_id, definition=MANY)
    assert skus(segment_id)[0] == "P-00"
    schedule.compute_due()
    assert skus(segment_id) == [f"P-{number}" for number in range(15, 20)]
    assert told("entered")[1:] == [["P-15", "P-17", "P-19"]]


def test_segments_are_computed_after_those_they_ask(shop: int):
    base = make_segment(shop, "Base", LUMO).id
    upon = make_segment(shop, "Upon", all_of(in_segment(base), attribute("stock", "gte", 10))).id
    top = make_segment(shop, "Top", all_of(in_segment(upon, "not_in"))).id
    with transaction():
        for number, segment_id in enumerate((top, upon, base)):
            found = queries.get_segment(segment_id)
            found.due_at = now() - timedelta(seconds=30 - number)
    schedule.compute_due()
    assert skus(upon) == ["P-10", "P-12", "P-14", "P-16", "P-18"]
    assert fresh(top).computed_count == 15
    put(a_product(12, brand="X"))
    for segment_id in (top, upon, base):
        make_due(segment_id)
    schedule.compute_due()
    assert fresh(upon).computed_count == 4
    assert "P-12" in skus(top)


def test_a_deleted_field_is_said_and_the_members_stay_until_it_is_back(shop: int):
    rule = all_of(any_of(attribute("brand", "eq", "Lumo")))
    segment_id = make_segment(shop, "Lumo", rule).id
    schedule.compute_due()
    with transaction():
        save_schema(Vocabulary(FIELDS[1:]), force=True)
    make_due(segment_id)
    schedule.compute_due()
    broken = fresh(segment_id)
    assert broken.state == "failed"
    assert "no field “brand”" in (broken.error or "")
    assert broken.error_path == "/conditions/0/conditions/0/property"
    assert broken.computed_count == 10
    with transaction():
        save_schema(Vocabulary((*FIELDS[1:], Field("brand", "string"))), force=True)
    make_due(segment_id)
    schedule.compute_due()
    back = fresh(segment_id)
    assert (back.state, back.error, back.error_path) == ("ready", None, None)


def test_a_retyped_field_is_said_at_its_condition(shop: int):
    segment_id = make_segment(shop, "Many", MANY).id
    schedule.compute_due()
    with transaction():
        fields = (FIELDS[0], Field("stock", "boolean"), FIELDS[2])
        save_schema(Vocabulary(fields), force=True)
    make_due(segment_id)
    schedule.compute_due()
    assert fresh(segment_id).error_path == "/conditions/0/operator"


def test_a_failing_segment_waits_longer_each_time_and_blocks_no_other(
    shop: int, monkeypatch: pytest.MonkeyPatch
):
    bad = make_segment(shop, "Bad", LUMO).id
    good = make_segment(shop, "Good", MANY).id
    real = sets.make

    def broken(segment_id: int, new: int, where: Any) -> None:
        if segment_id == bad:
            raise RuntimeError("on purpose")
        real(segment_id, new, where)

    monkeypatch.setattr(sets, "make", broken)
    pauses = []
    for _ in range(4):
        make_due(bad)
        schedule.compute_due()
        segment = fresh(bad)
        assert segment.due_at is not None
        pauses.append(round((segment.due_at - now()).total_seconds() / 60))
    assert pauses == [1, 2, 4, 8]
    assert fresh(bad).state == "failed"
    assert "on purpose" not in (fresh(bad).error or "")
    assert fresh(good).state == "ready"
    monkeypatch.setattr(sets, "make", real)
    with transaction():
        service.request_recompute(bad)
    schedule.compute_due()
    assert (fresh(bad).state, fresh(bad).attempts) == ("ready", 0)


def test_a_failing_segment_keeps_its_members(shop: int, monkeypatch: pytest.MonkeyPatch):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    schedule.compute_due()
    put(a_product(40))
    monkeypatch.setattr(sets, "note_changes", lambda *_: 1 / 0)
    make_due(segment_id)
    schedule.compute_due()
    assert fresh(segment_id).state == "failed"
    assert len(skus(segment_id)) == 10
    assert len(events("entered")) == 1
    monkeypatch.undo()
    make_due(segment_id)
    schedule.compute_due()
    assert len(skus(segment_id)) == 11
    assert told("entered")[1:] == [["P-40"]]


def test_while_clickhouse_is_away_a_segment_stays_due(
    shop: int, clickhouse_away: Callable[[], AbstractContextManager[None]]
):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    with clickhouse_away(), pytest.raises(Unavailable):
        schedule.compute_due()
    waiting = fresh(segment_id)
    assert (waiting.state, waiting.attempts, waiting.lease_until) == ("new", 0, None)
    make_due(segment_id)
    schedule.compute_due()
    assert fresh(segment_id).state == "ready"


def test_one_that_clickhouse_does_not_survive_lets_others_go_first(
    shop: int, monkeypatch: pytest.MonkeyPatch
):
    poison = make_segment(shop, "Poison", LUMO).id
    other = make_segment(shop, "Other", MANY).id
    real = sets.make

    def make(segment_id: int, *rest: Any) -> None:
        if segment_id == poison:
            raise Unavailable("ClickHouse does not answer.")
        real(segment_id, *rest)

    monkeypatch.setattr(sets, "make", make)
    with pytest.raises(Unavailable):
        schedule.compute_due()
    schedule.compute_due()
    assert (fresh(poison).state, fresh(other).state) == ("new", "ready")


def test_of_two_who_compute_at_once_one_counts(shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    slow = lease.claim(segment_id)
    assert slow is not None
    assert lease.claim(segment_id) is None
    expire(segment_id)
    assert compute.compute_segment(segment_id) == "computed"
    put(a_product(50))
    assert compute.compute_claimed(slow) == "lost"
    segment = fresh(segment_id)
    assert segment.generation > slow.token
    assert segment.state == "ready"
    assert len(events("entered")) == 1


def test_a_result_for_a_rule_that_changed_meanwhile_is_thrown_away(shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    claimed = lease.claim(segment_id)
    assert claimed is not None
    with transaction():
        service.change_segment(segment_id, definition=MANY)
    assert compute.compute_claimed(claimed) == "lost"
    assert fresh(segment_id).generation == 0
    schedule.compute_due()
    assert len(skus(segment_id)) == 5


def test_a_wish_that_comes_while_it_is_computed_is_heard(shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    claimed = lease.claim(segment_id)
    assert claimed is not None
    with transaction():
        service.request_recompute(segment_id)
    assert compute.compute_claimed(claimed) == "computed"
    asked = fresh(segment_id)
    assert (asked.state, asked.requested_at is not None) == ("queued", True)
    schedule.compute_due()
    assert fresh(segment_id).requested_at is None
    assert fresh(segment_id).lease_token > claimed.token


def test_a_claim_whose_holder_is_gone_ends_by_itself(shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    assert lease.claim(segment_id) is not None
    assert fresh(segment_id).state == "computing"
    assert schedule.compute_due() is False
    expire(segment_id)
    assert fresh(segment_id).state == "queued"
    schedule.compute_due()
    assert fresh(segment_id).state == "ready"


def expire(segment_id: int) -> None:
    with transaction():
        db.session.execute(
            text("UPDATE product_segments SET lease_until = now() WHERE id = :id"),
            {"id": segment_id},
        )


def test_readers_see_the_members_of_before_or_of_after_and_never_a_part(app: Flask, in_tenant: int):
    fill(2_000)
    segment_id = make_segment(in_tenant, "S", all_of(attribute("stock", "lt", 1_000))).id
    compute.compute_segment(segment_id)
    rules = [all_of(attribute("stock", "gte", 500)), all_of(attribute("stock", "lt", 1_000))]
    sizes: set[int] = set()
    ended = threading.Event()

    def read() -> None:
        with app.app_context(), tenant_scope(in_tenant):
            while not ended.is_set():
                segment = fresh(segment_id)
                seen = queries.count_members(segment)
                assert seen == segment.computed_count
                sizes.add(seen)

    failures: list[BaseException] = []

    def reading() -> None:
        try:
            read()
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=reading) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(8):
        with transaction():
            service.change_segment(segment_id, definition=rules[number % 2])
        assert compute.compute_segment(segment_id) == "computed"
    ended.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert sizes <= {1_000, 1_500}


def test_two_who_work_at_once_compute_each_segment_once(app: Flask, shop: int):
    made = [make_segment(shop, f"S{number}", LUMO).id for number in range(12)]
    barrier = threading.Barrier(2)

    def work() -> None:
        with app.app_context():
            barrier.wait()
            schedule.compute_due()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [len(queries.history(each)) for each in made] == [1] * 12
    assert {fresh(each).state for each in made} == {"ready"}
    assert sorted(event["segment"]["id"] for event in events("entered")) == sorted(made)


def test_tenants_are_looked_after_in_turn(app: Flask, shop: int, monkeypatch: pytest.MonkeyPatch):
    from tests.factories.identity import make_tenant

    for number in range(4):
        make_segment(shop, f"S{number}", LUMO)
    other = make_tenant(app)
    make_segment(other.id, "Theirs", all_of(attribute("name", "is_set")))
    order: list[int] = []
    real = compute.compute_claimed

    def noted(claimed: lease.Claim) -> Any:
        from pim.core.tenancy import current_tenant_id

        order.append(current_tenant_id())
        return real(claimed)

    monkeypatch.setattr(compute, "compute_claimed", noted)
    schedule.compute_due(seconds=60)
    ours: Sequence[int] = [each for each in order if each in (shop, other.id)]
    assert ours[:2] == [shop, other.id]


def test_a_set_that_never_came_to_count_is_not_read(shop: int, monkeypatch: pytest.MonkeyPatch):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    compute.compute_segment(segment_id)
    put(a_product(60))
    claimed = lease.claim(segment_id)
    assert claimed is not None
    monkeypatch.setattr(lease, "publish", lambda *_, **__: 1 / 0)
    assert compute.compute_claimed(claimed) == "failed"
    monkeypatch.undo()
    rows = tenant_rows(
        "SELECT count() FROM product_membership_sets WHERE tenant_id = {tenant:UInt64}"
    )
    assert rows[0][0] == 2
    assert len(skus(segment_id)) == 10
    assert len(queries.latest_changes(fresh(segment_id), entered=True).changes) == 10
    tidying.tidy_tenant(shop)
    assert len(skus_for_other_readers(segment_id)) == 11  # for all anybody knows, it may yet count
    another = lease.claim(segment_id)
    assert another is not None
    tidying.tidy_tenant(shop)
    assert skus_for_other_readers(segment_id) == skus(segment_id)
    lease.give_back(another)
    compute.compute_segment(segment_id)
    assert len(skus(segment_id)) == 11
    came = queries.latest_changes(fresh(segment_id), entered=True)
    assert [change.sku for change in came.changes] == ["P-60"]


def test_a_changed_rule_of_a_segment_that_then_rests_is_still_computed(shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    compute.compute_segment(segment_id)
    with transaction():
        service.change_segment(segment_id, definition=MANY)
        service.set_active(segment_id, False)
    assert fresh(segment_id).due_at is not None
    schedule.compute_due(seconds=60)
    segment = fresh(segment_id)
    assert (segment.state, segment.due_at) == ("ready", None)
    assert skus(segment_id) == [f"P-{number:02}" for number in range(15, 20)]


def test_a_resting_segment_that_fails_is_not_tried_again_by_itself(shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO, is_active=False).id
    with transaction():
        save_schema(Vocabulary(FIELDS[1:]), force=True)
    assert compute.compute_segment(segment_id) == "failed"
    assert fresh(segment_id).due_at is None
    with transaction():
        service.set_active(segment_id, True)
    assert fresh(segment_id).due_at is not None


def test_a_renamed_field_takes_its_rules_along_and_nobody_leaves_meanwhile(shop: int):
    rule = all_of(any_of(attribute("brand", "eq", "Lumo")), attribute("stock", "gte", 0))
    segment_id = make_segment(shop, "Lumo", rule).id
    schedule.compute_due()
    with transaction():
        change = edited_field("brand", {"name": "maker", "type": "string"})
        change_schema(change, force=True)
    renamed = fresh(segment_id)
    assert renamed.definition["conditions"][0]["conditions"][0]["property"] == "maker"
    assert (renamed.version, renamed.rule_version) == (2, 2)
    make_due(segment_id)
    schedule.compute_due()
    # ClickHouse hasn't got the values under their new name yet.
    waiting = fresh(segment_id)
    assert (waiting.state, waiting.computed_count, len(told("left"))) == ("queued", 10, 0)
    assert waiting.due_at is not None
    assert waiting.due_at > now()
    # Nor after it was away for long.
    for table, moment in (("product_schemas", "updated_at"), ("change_sets", "created_at")):
        with transaction():
            earlier = f"UPDATE {table} SET {moment} = {moment} - interval '1 hour'"
            db.session.execute(text(earlier))
    make_due(segment_id)
    schedule.compute_due()
    assert fresh(segment_id).state == "queued"
    sync.sync_tenant(shop)
    make_due(segment_id)
    schedule.compute_due()
    assert (fresh(segment_id).state, fresh(segment_id).computed_count) == ("ready", 10)
    assert len(queries.history(segment_id)) == 1
    assert told("left") == []


def test_a_vocabulary_that_changes_after_the_claim_is_waited_for_too(shop: int):
    segment_id = make_segment(shop, "Fifteen", all_of(attribute("stock", "eq", 15))).id
    compute.compute_segment(segment_id)
    claimed = lease.claim(segment_id)
    assert claimed is not None
    with transaction():
        fields = (FIELDS[0], Field("stock", "string"), FIELDS[2])
        save_schema(Vocabulary(fields), force=True)
    assert compute.compute_claimed(claimed) == "postponed"
    sync.sync_tenant(shop)
    compute.compute_segment(segment_id)
    assert (fresh(segment_id).computed_count, told("left")) == (1, [])


def test_what_fails_by_a_rule_that_was_changed_meanwhile_is_left_due(shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    claimed = lease.claim(segment_id)
    assert claimed is not None
    with transaction():
        service.change_segment(segment_id, definition=MANY)
        save_schema(Vocabulary(FIELDS[1:]), force=True)
    assert compute.compute_claimed(claimed) == "failed"
    waiting = fresh(segment_id)
    assert (waiting.error, waiting.lease_until) == (None, None)
    schedule.compute_due()
    assert (fresh(segment_id).state, fresh(segment_id).computed_count) == ("ready", 5)
