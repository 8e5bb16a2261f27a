"""What users did and which groups they belong to, as it is taken in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from pim.analytics import revisions
from pim.analytics.client import tenant_rows
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.errors import Invalid
from pim.segments import ingest, queries, schedule, signals
from tests.factories.segments import all_of, make_segment

DAY = (now() - timedelta(days=30)).date().isoformat()


def an_event(number: int, **more: Any) -> dict[str, Any]:
    return {
        "event_id": f"e{number}",
        "event_type": "order_completed",
        "user_id": f"u{number}",
        "timestamp": f"{DAY}T09:30:00+02:00",
        "properties": {"product_id": f"p-{number:02}"},
        **more,
    }


def stored(columns: str = "event_id") -> list[tuple[Any, ...]]:
    rows = tenant_rows(
        f"SELECT {columns} FROM events FINAL WHERE tenant_id = {{tenant:UInt64}} ORDER BY event_id"
    )
    return [tuple(row) for row in rows]


def members(segment_id: str = "vip") -> set[str]:
    rows = tenant_rows(
        "SELECT user_id FROM segment_memberships FINAL "
        "WHERE tenant_id = {tenant:UInt64} AND segment_id = {segment:String}",
        {"segment": segment_id},
    )
    return {row[0] for row in rows}


def test_events_are_kept_once_however_often_they_come(in_tenant: int):
    for _ in range(2):
        with transaction():
            assert ingest.store_events([an_event(1), an_event(2), an_event(2)]) == 2
    found = stored("event_id, user_id, toString(timestamp), properties")
    assert found == [
        ("e1", "u1", f"{DAY} 07:30:00.000000", '{"product_id":"p-01"}'),
        ("e2", "u2", f"{DAY} 07:30:00.000000", '{"product_id":"p-02"}'),
    ]


def test_a_timestamp_without_a_zone_is_utc_and_ids_may_be_whole_numbers(in_tenant: int):
    with transaction():
        ingest.store_events([an_event(1, timestamp=f"{DAY} 09:30:00.5", user_id=77)])
    assert stored("toString(timestamp), user_id") == [(f"{DAY} 09:30:00.500000", "77")]


def test_every_problem_of_events_has_its_place_and_nothing_is_stored(in_tenant: int):
    wrong = [
        an_event(1),
        an_event(2, event_id="", timestamp="yesterday"),
        an_event(3, properties=[], colour="red", user_id=True),
        "no event",
        an_event(4, timestamp="1900-01-01T00:00:00Z", event_type="x" * 300, user_id="a\0b"),
        {},
    ]
    with pytest.raises(Invalid) as refused, transaction():
        ingest.store_events(wrong)
    assert [(error.path, error.code) for error in refused.value.errors] == [
        ("/events/1/event_id", "required"),
        ("/events/1/timestamp", "not_a_moment"),
        ("/events/2/colour", "unknown_key"),
        ("/events/2/user_id", "not_a_text"),
        ("/events/2/properties", "not_an_object"),
        ("/events/3", "not_an_object"),
        ("/events/4/event_type", "too_long"),
        ("/events/4/user_id", "invalid_text"),
        ("/events/4/timestamp", "out_of_range"),
        ("/events/5/event_id", "required"),
        ("/events/5/event_type", "required"),
        ("/events/5/user_id", "required"),
        ("/events/5/timestamp", "required"),
    ]
    assert stored() == []


@pytest.mark.parametrize("wrong", [None, {}, "x", [{}] * 10_001])
def test_what_is_no_list_of_events_is_refused_at_once(in_tenant: int, wrong: Any):
    with pytest.raises(Invalid) as refused:
        ingest.store_events(wrong)
    assert refused.value.errors[0].path == "/events"


def test_members_are_replaced_and_the_same_again_changes_nothing(in_tenant: int):
    with transaction():
        first = ingest.replace_user_segment("vip", ["a", "b", "b", "c"], "Very important")
        assert (first.added, first.removed, first.segment.member_count) == (3, 0, 3)
    with transaction():
        second = ingest.replace_user_segment("vip", ["b", "c", "d"])
        assert (second.added, second.removed, second.segment.name) == (1, 1, "Very important")
    with transaction():
        third = ingest.replace_user_segment("vip", ["d", "c", "b"])
        assert (third.added, third.removed) == (0, 0)
    assert members() == {"b", "c", "d"}
    with transaction():
        ingest.replace_user_segment("vip", ["a"])
        ingest.replace_user_segment("other", ["z"])
    assert (members(), members("other")) == ({"a"}, {"z"})
    assert [each[0] for each in queries.names_of_user_segments(10)] == ["other", "vip"]
    with transaction():
        ingest.replace_user_segment("vip", [])
    assert members() == set()


def test_segments_hear_of_what_was_stored_by_a_try_that_then_failed(in_tenant: int):
    changes: list[Callable[[], object]] = [
        lambda: ingest.replace_user_segment("vip", ["a"]),
        lambda: ingest.delete_user_segment("vip"),
    ]
    for change in changes:
        change()
        db.session.rollback()
        before = revisions.current_revision().signals
        with transaction():
            change()
        assert revisions.current_revision().signals > before


def test_wrong_members_are_refused_at_their_place(in_tenant: int):
    with pytest.raises(Invalid) as refused:
        ingest.replace_user_segment("vip", ["a", "", None, 3, 2.5])
    assert [error.path for error in refused.value.errors] == [
        "/user_ids/1",
        "/user_ids/2",
        "/user_ids/4",
    ]
    with pytest.raises(Invalid):
        ingest.replace_user_segment("", ["a"])
    db.session.rollback()


def test_many_members_are_one_insert(in_tenant: int):
    ids = [f"user-{number}" for number in range(50_000)]
    with transaction():
        ingest.replace_user_segment("vip", ids)
    parts = tenant_rows(
        "SELECT uniqExact(_part) FROM segment_memberships WHERE tenant_id = {tenant:UInt64}"
    )
    assert parts[0][0] == 1
    with transaction():
        found = ingest.replace_user_segment("vip", ids[1:])
    assert (found.added, found.removed) == (0, 1)


def test_signals_make_the_segments_that_ask_for_them_be_computed_again(shop: int):
    rule = all_of(
        {
            "type": "user_behavior_signal",
            "signal": "purchased_by_segment",
            "segment_id": "vip",
        }
    )
    segment_id = make_segment(shop, "Bought", rule).id
    schedule.compute_due()
    assert queries.get_segment(segment_id).computed_count == 0
    with transaction():
        ingest.store_events([an_event(1), an_event(2)])
        ingest.replace_user_segment("vip", ["u2"])
    with transaction():
        queries.get_segment(segment_id).due_at = now()
    schedule.compute_due()
    db.session.rollback()
    found = queries.get_segment(segment_id)
    assert found.computed_count == 1
    assert [product.sku for product in queries.members(found).products] == ["P-02"]


def test_no_more_problems_are_told_than_help(in_tenant: int):
    with pytest.raises(Invalid) as refused:
        ingest.store_events([{}] * 1_000)
    assert len(refused.value.errors) == signals.MOST_PROBLEMS
