"""What people do with segments."""

from __future__ import annotations

import pytest

from pim.core.db import db, transaction
from pim.core.errors import Conflict, Invalid, NotFound, StaleVersion
from pim.core.tenancy import tenant_scope
from pim.segments import queries, service
from pim.segments.preview import preview
from tests.factories.segments import all_of, any_of, attribute, in_segment, make_segment

LUMO = all_of(attribute("brand", "eq", "Lumo"))


def test_a_new_segment_waits_to_be_computed(shop: int):
    segment = make_segment(shop, "  Lamps   by Lumo ", LUMO, description="All of them")
    assert segment.name == "Lamps by Lumo"
    assert (segment.status, segment.generation, segment.computed_count) == ("new", 0, None)
    assert segment.due_at is not None
    assert (segment.is_active, segment.refresh_interval, segment.version) == (True, 60, 1)


def test_everything_wrong_with_a_segment_is_said_at_once(shop: int):
    wrong = all_of(attribute("colour", "eq", "red"), attribute("stock", "gt", "many"))
    with pytest.raises(Invalid) as refused, transaction():
        service.create_segment(" ", wrong, refresh_interval=1, is_active="yes", description=3)
    assert {error.path for error in refused.value.errors} >= {
        "/name",
        "/description",
        "/is_active",
        "/refresh_interval",
        "/definition/conditions/0/property",
        "/definition/conditions/1/value",
    }


def test_a_name_is_taken_once_whatever_its_case(shop: int):
    make_segment(shop, "Lamps", LUMO)
    with pytest.raises(Conflict, match="“LAMPS” already") as refused, transaction():
        service.create_segment("LAMPS", LUMO)
    assert refused.value.code == "name_taken"
    other = make_segment(shop, "Others", LUMO)
    with pytest.raises(Conflict, match="already"), transaction():
        service.change_segment(other.id, name="lamps")
    assert queries.get_segment(other.id).name == "Others"


def test_a_stale_change_is_refused_and_a_change_counts_up(shop: int):
    segment = make_segment(shop, "Lamps", LUMO)
    with transaction():
        changed = service.change_segment(segment.id, expected_version=1, description="New")
    assert (changed.version, changed.rule_version) == (2, 1)
    with pytest.raises(StaleVersion), transaction():
        service.change_segment(segment.id, expected_version=1, description="Newer")
    with transaction():
        again = service.change_segment(segment.id, description="New")
    assert again.version == 2


def test_a_changed_rule_is_computed_at_once(shop: int):
    segment = make_segment(shop, "Lamps", LUMO)
    with transaction():
        queries.get_segment(segment.id).due_at = None
    with transaction():
        changed = service.change_segment(segment.id, definition=any_of(attribute("stock", "gt", 3)))
    assert changed.due_at is not None
    assert changed.rule_version == 2


def test_a_copy_has_the_rule_under_a_free_name(shop: int):
    segment = make_segment(shop, "Lamps", LUMO, description="All")
    with transaction():
        names = [service.duplicate_segment(segment.id).name for _ in range(3)]
    assert names == ["Copy of Lamps", "Copy of Lamps (2)", "Copy of Lamps (3)"]
    awkward = ["50\\% off", "İstanbul ΣΑΣ", "x" * 184 + " y" * 8]
    with transaction():
        for name in awkward:
            original = make_segment(shop, name, LUMO)
            copies = [service.duplicate_segment(original.id).name for _ in range(2)]
            assert copies[1] == f"{copies[0]} (2)"
    copy = next(each for each, _ in queries.list_segments(limit=50) if each.name == names[0])
    assert (copy.definition, copy.description) == (segment.definition, "All")


def test_a_segment_that_is_used_stays(shop: int):
    base = make_segment(shop, "Base", LUMO)
    make_segment(shop, "Upon it", all_of(in_segment(base.id)))
    with pytest.raises(Conflict, match="“Base” is used by “Upon it”") as refused, transaction():
        service.delete_segment(base.id)
    assert refused.value.code == "segment_in_use"
    with transaction():
        service.delete_segment(queries.users_of(base.id)[0].id)
        service.delete_segment(base.id)
    with pytest.raises(NotFound):
        queries.get_segment(base.id)


def test_segments_cannot_be_made_of_each_other(shop: int):
    first = make_segment(shop, "First", LUMO)
    second = make_segment(shop, "Second", all_of(in_segment(first.id)))
    third = make_segment(shop, "Third", all_of(in_segment(second.id)))
    with pytest.raises(Invalid, match="made of each other") as refused, transaction():
        service.change_segment(first.id, definition=all_of(in_segment(third.id)))
    assert refused.value.errors[0].path == "/definition/conditions/0/segment_id"


def test_another_tenant_s_segments_are_not_there(shop: int, app):
    from tests.factories.identity import make_tenant

    segment_id = make_segment(shop, "Lamps", LUMO).id
    other = make_tenant(app)
    with tenant_scope(other.id):
        with pytest.raises(NotFound):
            queries.get_segment(segment_id)
        with pytest.raises(Invalid, match="no such segment"):
            service.create_segment("Mine", all_of(in_segment(segment_id)))
        db.session.rollback()
        assert queries.list_segments(limit=10) == []


def test_a_segment_rests_and_wakes(shop: int):
    segment = make_segment(shop, "Lamps", LUMO)
    with transaction():
        found = queries.get_segment(segment.id)
        found.status = "ready"
        resting = service.set_active(segment.id, False)
    assert (resting.is_active, resting.due_at) == (False, None)
    with transaction():
        asked = service.request_recompute(segment.id)
    assert asked.due_at is not None
    assert asked.is_active is False
    with transaction():
        assert service.set_active(segment.id, True).due_at is not None


def test_segments_are_listed_by_name_page_by_page(shop: int):
    for name in ("beta", "Alpha", "Gamma"):
        make_segment(shop, name, LUMO)
    first = queries.list_segments(limit=2)
    assert [segment.name for segment, _ in first] == ["Alpha", "beta"]
    rest = queries.list_segments(limit=2, after=first[-1][1])
    assert [segment.name for segment, _ in rest] == ["Gamma"]
    assert [segment.name for segment, _ in queries.list_segments(limit=9, search="AM")] == ["Gamma"]
    assert (queries.count_segments(), queries.count_segments("a"), queries.count_segments("x")) == (
        3,
        3,
        0,
    )


def test_a_preview_counts_and_shows_the_first_by_sku(shop: int):
    found = preview(LUMO, sample=3)
    assert (found.count, found.total) == (10, 20)
    assert len(found.product_ids) == 3
    assert preview(all_of(attribute("stock", "gt", 1000))).product_ids == ()


def test_a_preview_counts_the_opposite_of_one_condition_however_it_is_joined(shop: int):
    others = attribute("brand", "neq", "Lumo")
    assert preview(any_of(others)).count == preview(all_of(others)).count == 10
    assert preview(any_of(others, attribute("brand", "eq", "Lumo"))).count == 20
