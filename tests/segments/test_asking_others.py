"""Segments whose rules ask other segments, whatever happens to the members of those."""

from __future__ import annotations

import pytest

from pim.analytics.client import clickhouse
from pim.core.db import transaction
from pim.schema.fields import Vocabulary
from pim.schema.service import save_schema
from pim.segments import compute, lease, schedule, tidying
from tests.factories.segments import all_of, attribute, in_segment, make_segment
from tests.segments.shop import FIELDS, a_product, put
from tests.segments.test_compute import LUMO, MANY, events, fresh, make_due, told


def lose_sets_of(tenant_id: int, segment_id: int) -> None:
    clickhouse().command(
        "DELETE FROM product_membership_sets WHERE tenant_id = {tenant:UInt64} "
        "AND segment_id = {segment:UInt64}",
        {"tenant": tenant_id, "segment": segment_id},
        settings={"lightweight_deletes_sync": 2},
    )


def test_where_the_members_of_another_are_lost_they_are_made_first(shop: int):
    asked = make_segment(shop, "Lumo", LUMO, is_active=False).id
    asking = make_segment(shop, "In Lumo", all_of(in_segment(asked))).id
    schedule.compute_due()
    lose_sets_of(shop, asked)
    put(a_product(1, stock=3))
    make_due(asking)
    schedule.compute_due()
    assert (fresh(asked).state, fresh(asked).computed_count) == ("ready", 10)
    assert (fresh(asking).state, fresh(asking).computed_count) == ("queued", 10)
    make_due(asking)
    schedule.compute_due()
    assert (fresh(asking).state, fresh(asking).computed_count) == ("ready", 10)
    assert told("left") == []


def test_a_set_that_is_tidied_away_while_it_is_asked_is_not_taken_for_an_empty_one(
    shop: int, monkeypatch: pytest.MonkeyPatch
):
    asked = make_segment(shop, "Many", MANY).id
    asking = make_segment(shop, "In many", all_of(in_segment(asked))).id
    schedule.compute_due()
    make_due(asking)
    claimed = lease.claim(asking)
    assert claimed is not None
    compiled = compute._compiled(claimed)
    for number in range(tidying.KEPT_SETS + 1):
        put(a_product(0, stock=99 if number % 2 == 0 else 0))
        compute.compute_segment(asked)
    tidying.tidy_tenant(shop)
    monkeypatch.setattr(compute, "_compiled", lambda _: compiled)
    assert compute.compute_claimed(claimed) == "postponed"
    monkeypatch.undo()
    assert compute.compute_segment(asking) in ("computed", "unchanged")
    assert fresh(asking).computed_count == fresh(asked).computed_count


def test_while_another_was_never_computed_nobody_is_taken_for_not_in_it(shop: int):
    asked = make_segment(shop, "Lumo", LUMO).id
    asking = make_segment(shop, "Not Lumo", all_of(in_segment(asked, "not_in"))).id
    assert compute.compute_segment(asking) == "postponed"
    with transaction():
        save_schema(Vocabulary(FIELDS[1:]), force=True)
    schedule.compute_due()
    make_due(asking)
    schedule.compute_due()
    assert "Lumo" in (fresh(asking).error or "")
    assert (fresh(asking).state, fresh(asking).computed_count) == ("failed", None)
    assert events("entered") == []
    with transaction():
        save_schema(Vocabulary(FIELDS), force=True)
    for each in (asked, asking):
        make_due(each)
    schedule.compute_due()
    assert fresh(asking).computed_count == 20 - (fresh(asked).computed_count or 0)


def test_both_may_ask_for_what_there_is(shop: int):
    asked = make_segment(shop, "Lumo", LUMO).id
    rule = all_of(in_segment(asked, "not_in"), attribute("stock", "gte", 15))
    asking = make_segment(shop, "Many others", rule).id
    schedule.compute_due()
    assert fresh(asking).computed_count == 3
