"""What undo brings back, what it leaves alone, and how it says so."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from pim.core.db import db, transaction
from pim.core.errors import Conflict, NotFound
from pim.core.tenancy import tenant_scope
from pim.products import service, undo, write
from pim.products.changes import ChangeSetMeta, StagedProduct
from pim.products.history import product_history
from pim.products.models import ChangeSet, ChangeSetDelivery, Product, ProductChange
from pim.products.undo_report import Counts, LeftAlone
from pim.schema.fields import Field, Vocabulary
from pim.schema.service import save_schema
from tests.factories.identity import make_tenant

META = ChangeSetMeta("form", actor_user_id=1)
SOMEONE = ChangeSetMeta("inline", actor_user_id=2)


@pytest.fixture
def in_tenant(app: Flask) -> Iterator[int]:
    """A tenant of this test alone, in force."""
    tenant = make_tenant(app)
    with app.app_context(), tenant_scope(tenant.id):
        yield tenant.id


def apply(*rows: StagedProduct, meta: ChangeSetMeta = META, **how: Any) -> int:
    with transaction():
        return write.apply_change_set(meta, rows, **how).change_set_id


def rename(*pairs: tuple[str, str]) -> int:
    """Rename products, in this order."""
    rows = [StagedProduct(new, product_id=product(old).id) for old, new in pairs]
    return apply(*rows, mode="update_only", match_by="id")


def delete(*skus: str, meta: ChangeSetMeta = META) -> int:
    ids = [product(sku).id for sku in skus]
    with transaction():
        return write.delete_products(meta, ids).change_set_id


def take_back(change_set: int, meta: ChangeSetMeta = META) -> undo.Undone:
    with transaction():
        return undo.undo_change_set(meta, change_set)


def product(sku: str) -> Product:
    return products()[sku]


def products() -> dict[str, Product]:
    db.session.expire_all()
    return {found.sku: found for found in db.session.scalars(select(Product))}


def only(found: undo.Undone) -> LeftAlone:
    assert found.counts.left_alone == 1
    (left,) = found.left
    return left


def test_created_products_go_and_come_back_as_they_were(in_tenant: int) -> None:
    data = {"amount": Decimal("19.990"), "tags": ["x"], "prices": [{"amount": 1, "locale": None}]}
    made = apply(StagedProduct(" Straße ", "n", data=data, raw={"X": "1,5"}), StagedProduct("B"))
    before = product("Straße")
    kept = (before.id, before.created_at, before.created_change_set_id, before.sku_key)
    version = before.version

    gone = take_back(made)
    assert gone.counts == Counts(deleted=2)
    assert products() == {}

    back = take_back(gone.change_set_id)
    assert back.counts == Counts(restored=2)
    found = product("Straße")
    assert (found.id, found.created_at, found.created_change_set_id, found.sku_key) == kept
    assert (found.data, found.raw_data, found.name) == (data, {"X": "1,5"}, "n")
    assert str(found.data["amount"]) == "19.990"
    assert found.version > version
    with transaction():
        assert write.apply_change_set(META, [StagedProduct("STRASSE")]).unchanged == 1


def test_changed_values_come_back_and_set_ones_are_unset(in_tenant: int) -> None:
    apply(StagedProduct("A", "old", active=True, data={"a": 1, "b": [1], "c": 3}))
    changed = apply(
        StagedProduct("A", "new", active=False, data={"b": [2], "d": 4}, clear=("c",)),
        StagedProduct("A2"),
    )
    assert take_back(changed).counts == Counts(deleted=1, updated=1)
    found = product("A")
    assert (found.name, found.active, found.data) == ("old", True, {"a": 1, "b": [1], "c": 3})


def test_a_value_changed_since_is_left_alone_and_named_with_who_did_it(in_tenant: int) -> None:
    apply(StagedProduct("A", "one", data={"x": 1, "y": 1, "name": "of a field"}))
    changed = apply(StagedProduct("A", "two", data={"x": 2, "y": 2, "name": "two"}))
    since = apply(StagedProduct("A", data={"x": 3}, clear=("name",)), meta=SOMEONE)
    found = take_back(changed)
    assert product("A").data == {"x": 3, "y": 1}
    assert product("A").name == "one"
    named, x = found.left
    assert found.counts == Counts(updated=1, left_alone=2)
    assert (named.field, named.wanted, named.now) == ("name", "of a field", None)
    assert (x.field, x.wanted, x.now, x.reason) == ("x", 1, 3, "value_changed")
    assert (x.sku, x.product_id) == ("A", product("A").id)
    assert (x.change_set_id, x.source, x.actor_user_id) == (since, "inline", 2)
    stored = db.session.get_one(ChangeSet, (in_tenant, found.change_set_id))
    assert stored.failed_count == 2


def test_a_value_changed_to_what_it_was_is_no_conflict(in_tenant: int) -> None:
    apply(StagedProduct("A", data={"x": 1}))
    changed = apply(StagedProduct("A", data={"x": 2}))
    apply(StagedProduct("A", data={"x": 1}))
    assert take_back(changed).counts == Counts()
    assert product("A").data == {"x": 1}


def test_a_value_changed_there_and_back_since_is_left_alone(in_tenant: int) -> None:
    apply(StagedProduct("A", data={"x": 1}))
    changed = apply(StagedProduct("A", data={"x": 2}))
    apply(StagedProduct("A", data={"x": 3}))
    apply(StagedProduct("A", data={"x": 2}), meta=SOMEONE)
    assert only(take_back(changed)).actor_user_id == 2
    assert product("A").data == {"x": 2}


def test_a_change_that_was_undone_itself_does_not_count_as_one(in_tenant: int) -> None:
    made = apply(StagedProduct("A", data={"x": 1}))
    changed = apply(StagedProduct("A", data={"x": 2}))
    take_back(apply(StagedProduct("A", data={"x": 3})))
    assert take_back(changed).counts == Counts(updated=1)
    assert product("A").data == {"x": 1}
    assert take_back(made).counts == Counts(deleted=1)


def test_a_change_that_was_undone_and_done_again_does_count(in_tenant: int) -> None:
    apply(StagedProduct("A", data={"x": 1}))
    changed = apply(StagedProduct("A", data={"x": 2}))
    undone = take_back(apply(StagedProduct("A", data={"x": 3})))
    again = take_back(undone.change_set_id)
    assert only(take_back(changed)).change_set_id == again.change_set_id
    assert product("A").data == {"x": 3}


def test_a_created_product_that_someone_touched_stays(in_tenant: int) -> None:
    made = apply(StagedProduct("A"), StagedProduct("B"))
    since = apply(StagedProduct("A", "theirs"), meta=SOMEONE)
    found = take_back(made)
    left = only(found)
    assert set(products()) == {"A"}
    assert (left.field, left.reason, left.change_set_id) == ("", "product_changed", since)
    assert (left.sku, left.name, left.actor_user_id) == ("A", "theirs", 2)


def test_a_created_product_that_is_gone_already_is_no_conflict(in_tenant: int) -> None:
    made = apply(StagedProduct("A"), StagedProduct("B"))
    delete("A")
    assert take_back(made).counts == Counts(deleted=1)


def test_values_of_a_product_deleted_since_are_listed(in_tenant: int) -> None:
    apply(StagedProduct("A", "one", data={"x": 1}))
    changed = apply(StagedProduct("A", data={"x": 2, "y": 2}))
    gone = delete("A", meta=SOMEONE)
    left = only(take_back(changed))
    assert (left.reason, left.field, left.wanted) == (
        "product_deleted",
        "",
        {"data": {"x": 1, "y": None}},
    )
    assert (left.sku, left.name, left.change_set_id) == ("A", "one", gone)


def test_a_deleted_product_whose_sku_is_taken_is_left_out_and_the_holder_named(
    in_tenant: int,
) -> None:
    apply(StagedProduct("A", "one"), StagedProduct("B"))
    gone = delete("A", "B")
    taken = apply(StagedProduct("a", "theirs"), meta=SOMEONE)
    found = take_back(gone)
    left = only(found)
    assert found.counts == Counts(restored=1, left_alone=1)
    assert {sku: p.name for sku, p in products().items()} == {"a": "theirs", "B": ""}
    assert (left.reason, left.field, left.wanted, left.now) == ("sku_taken", "sku", "A", None)
    assert (left.holder_id, left.change_set_id, left.name) == (product("a").id, taken, "one")


def test_a_sku_that_another_product_was_renamed_to_is_left_alone(in_tenant: int) -> None:
    apply(StagedProduct("A", data={"x": 1}), StagedProduct("B"))
    renamed = apply(
        StagedProduct("A2", data={"x": 2}, product_id=product("A").id),
        mode="update_only",
        match_by="id",
    )
    taker = rename(("B", "A"))
    found = take_back(renamed)
    left = only(found)
    assert product("A2").data == {"x": 1}
    assert (left.wanted, left.now, left.change_set_id) == ("A", "A2", taker)


def test_skus_handed_on_within_one_change_set_come_back(in_tenant: int) -> None:
    apply(*(StagedProduct(sku, sku) for sku in "ABC"))
    handed_on = rename(("C", "D"), ("B", "C"), ("A", "B"))
    assert {p.name: sku for sku, p in products().items()} == {"A": "B", "B": "C", "C": "D"}
    undone = take_back(handed_on)
    assert undone.counts == Counts(updated=3)
    assert {p.name: sku for sku, p in products().items()} == {"A": "A", "B": "B", "C": "C"}
    assert take_back(undone.change_set_id).counts == Counts(updated=3)
    assert {p.name: sku for sku, p in products().items()} == {"A": "B", "B": "C", "C": "D"}


def test_a_product_that_keeps_its_sku_stands_in_the_way_of_all_behind_it(in_tenant: int) -> None:
    apply(*(StagedProduct(sku, sku) for sku in "ABC"))
    handed_on = rename(("C", "D"), ("B", "C"), ("A", "B"))
    rename(("B", "X"))
    rename(("X", "B"))
    before = products()
    found = take_back(handed_on)
    assert found.counts == Counts(left_alone=3)
    assert [left.reason for left in found.left] == ["value_changed", "sku_taken", "sku_taken"]
    holders = [left.holder_id for left in found.left]
    assert holders == [None, before["B"].id, before["C"].id]
    assert {p.name: sku for sku, p in products().items()} == {"A": "B", "B": "C", "C": "D"}


def test_a_case_of_a_sku_comes_back(in_tenant: int) -> None:
    apply(StagedProduct("abc"))
    assert take_back(rename(("abc", "ABC"))).counts == Counts(updated=1)
    assert set(products()) == {"abc"}


def test_it_is_a_change_set_of_its_own_that_says_what_it_undid(in_tenant: int) -> None:
    imported = ChangeSetMeta("import", import_id=77)
    made = apply(StagedProduct("A"), StagedProduct("B"), meta=imported)
    found = take_back(made, ChangeSetMeta("form", reason="a mistake", actor_user_id=5))
    stored = db.session.get_one(ChangeSet, (in_tenant, found.change_set_id))
    assert (stored.source, stored.reason, stored.actor_user_id) == ("undo", "a mistake", 5)
    assert (stored.undoes_id, stored.import_id, stored.deleted_count) == (made, 77, 2)
    told = select(ChangeSetDelivery).where(ChangeSetDelivery.change_set_id == stored.id)
    assert db.session.scalars(told).one().consumer == "analytics"
    again = take_back(found.change_set_id)
    stored = db.session.get_one(ChangeSet, (in_tenant, again.change_set_id))
    assert (stored.created_count, stored.restored_count, stored.import_id) == (0, 2, 77)
    assert undo.change_sets_of_import(77) == [made]


def test_it_is_not_undone_twice(in_tenant: int) -> None:
    made = apply(StagedProduct("A"))
    first = take_back(made)
    with pytest.raises(undo.AlreadyUndone):
        take_back(made)
    second = take_back(first.change_set_id)
    with pytest.raises(undo.AlreadyUndone):
        take_back(first.change_set_id)
    third = take_back(made)
    undone = db.session.get_one(ChangeSet, (in_tenant, third.change_set_id))
    assert undone.undoes_id == second.change_set_id
    assert products() == {}


def test_what_belongs_to_another_tenant_is_not_found(app: Flask) -> None:
    mine, theirs = make_tenant(app), make_tenant(app)
    with app.app_context(), tenant_scope(theirs.id):
        made = apply(StagedProduct("A"))
    with app.app_context(), tenant_scope(mine.id):
        with pytest.raises(NotFound):
            take_back(made)
        assert undo.preview_undo([made]).change_sets == 0
        assert undo.undo_change_sets(META, [made]).total == 0
    with app.app_context(), tenant_scope(theirs.id):
        assert set(products()) == {"A"}


def test_history_tells_of_a_product_that_went_and_came_back(in_tenant: int) -> None:
    apply(StagedProduct("A", "one", data={"x": 1}))
    apply(StagedProduct("A", "two", data={"x": 2}))
    take_back(delete("A"))
    apply(StagedProduct("A", "three"))
    entries = product_history(product("A"))
    told = [
        (entry.operation, {(c.field, c.before, c.after) for c in entry.changes})
        for entry in entries
    ]
    assert told == [
        ("update", {("name", "two", "three")}),
        ("restore", set()),
        ("delete", set()),
        ("update", {("name", "one", "two"), ("x", 1, 2)}),
        ("create", set()),
    ]


def test_versions_only_rise(in_tenant: int) -> None:
    made = apply(StagedProduct("A"))
    found = product("A")
    product_id, versions = found.id, [found.version]
    first = take_back(made)
    take_back(first.change_set_id)
    rows = select(ProductChange.version).where(ProductChange.product_id == product_id)
    versions += db.session.scalars(rows.order_by(ProductChange.change_set_id)).all()
    assert versions == sorted(set(versions))
    assert product("A").version == versions[-1]


def test_a_preview_tells_the_same_and_writes_nothing(in_tenant: int) -> None:
    apply(StagedProduct("A", data={"x": 1}), StagedProduct("B", data={"x": 1}))
    changed = apply(*(StagedProduct(sku, data={"x": 2}) for sku in "ABCD"))
    apply(StagedProduct("A", data={"x": 3}), StagedProduct("D", "theirs"))
    before = db.session.scalar(text("SELECT count(*) FROM change_sets"))
    foreseen = undo.preview_undo([changed])
    db.session.commit()
    assert foreseen.counts == Counts(deleted=1, updated=1, left_alone=2)
    assert [left.sku for left in foreseen.left] == ["A", "D"]
    assert db.session.scalar(text("SELECT count(*) FROM change_sets")) == before
    done = take_back(changed)
    assert (done.counts, done.left) == (foreseen.counts, foreseen.left)


def test_a_value_whose_field_has_another_type_by_now_is_left_alone(in_tenant: int) -> None:
    with transaction():
        save_schema(Vocabulary((Field("x", "number"),)))
    apply(StagedProduct("A", data={"x": 1, "y": 1}), StagedProduct("B", data={"x": 1, "y": 1}))
    changed = apply(StagedProduct("A", clear=("x", "y")))
    gone = delete("B")
    with transaction():
        save_schema(Vocabulary((Field("x", "array"),)))
    left = only(take_back(changed))
    assert (left.field, left.reason, left.wanted, left.now) == ("x", "type_changed", 1, None)
    assert product("A").data == {"y": 1}
    left = only(take_back(gone))
    assert (left.sku, left.field, left.reason) == ("B", "x", "type_changed")
    assert product("B").data == {"y": 1}


def test_an_edit_of_the_schema_that_keeps_the_type_changes_nothing(in_tenant: int) -> None:
    with transaction():
        save_schema(Vocabulary((Field("x", "url"),)))
    apply(StagedProduct("A", data={"x": "https://example.com/a"}))
    changed = apply(StagedProduct("A", clear=("x",)))
    with transaction():
        save_schema(Vocabulary((Field("x", "url", description="page"),)))
    assert take_back(changed).counts == Counts(updated=1)


def test_the_small_undo_raises_where_nothing_could_be_undone(in_tenant: int) -> None:
    apply(StagedProduct("A", "one"))
    changed = apply(StagedProduct("A", "two"))
    since = apply(StagedProduct("A", "three"))
    with pytest.raises(undo.NothingUndone) as refused, transaction():
        service.undo_change_set(changed)
    assert refused.value.left[0].now == "three"
    with transaction():
        assert service.undo_change_set(since).counts == Counts(updated=1)
    with transaction():  # nothing was kept of the refused one, so it can be tried again
        assert service.undo_change_set(changed).counts == Counts(updated=1)
    assert product("A").name == "one"


def test_the_small_undo_refuses_a_large_change_set(
    in_tenant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_UNDONE_AT_ONCE", 2)
    made = apply(*(StagedProduct(f"S{i}") for i in range(3)))
    with pytest.raises(Conflict, match="3 products"), transaction():
        service.undo_change_set(made)
