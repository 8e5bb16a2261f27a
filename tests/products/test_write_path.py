"""Every change of products goes through one path; these are its promises."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.products import write
from pim.products.changes import ChangeSetMeta, Mode, Outcome, StagedProduct, WriteResult
from pim.products.history import product_history
from pim.products.identity import sku_key
from pim.products.models import ChangeSet, ChangeSetDelivery, Product, ProductChange
from tests.factories.identity import make_tenant

META = ChangeSetMeta("form", reason="a test")


@pytest.fixture
def in_tenant(app: Flask) -> Iterator[int]:
    """A tenant of this test alone, in force."""
    tenant = make_tenant(app)
    with app.app_context(), tenant_scope(tenant.id):
        yield tenant.id


def apply(*rows: StagedProduct, **how: Any) -> WriteResult:
    with transaction():
        return write.apply_change_set(META, rows, **how)


def products() -> dict[str, Product]:
    db.session.expire_all()
    return {product.sku: product for product in db.session.scalars(select(Product))}


def statuses(result: WriteResult) -> list[str]:
    return [outcome.status for outcome in result.outcomes]


def change_of(product_id: int, change_set_id: int) -> ProductChange:
    return db.session.execute(
        select(ProductChange).where(
            ProductChange.product_id == product_id, ProductChange.change_set_id == change_set_id
        )
    ).scalar_one()


def test_new_products_are_created_with_their_exact_values(in_tenant: int):
    tricky = 'tab\t, new line\n, backslash \\, quote ", \\N and ünïcödé 🛋️'
    data = {"amount": Decimal("19.990"), "big": 10**20, "text": tricky, "list": ["a\\b", "c\td"]}
    result = apply(StagedProduct("A-1", tricky, data=data, raw={"Spalte\t1": tricky}))
    assert (result.created, statuses(result)) == (1, ["created"])
    product = products()["A-1"]
    assert product.name == tricky
    assert product.data == data
    assert str(product.data["amount"]) == "19.990"
    assert product.raw_data == {"Spalte\t1": tricky}
    assert product.source == "form"
    assert product.active is True


def test_a_sku_is_the_same_whatever_its_case_and_is_kept_as_first_written(in_tenant: int):
    apply(StagedProduct("Ab-Straße", "one"))
    result = apply(StagedProduct("  aB-STRASSE ", "two"))
    assert statuses(result) == ["updated"]
    assert [(p.sku, p.name) for p in products().values()] == [("Ab-Straße", "two")]


def test_values_are_merged_and_fields_can_be_cleared(in_tenant: int):
    apply(StagedProduct("A", "n", data={"keep": 1, "change": 2, "drop": 3}))
    apply(StagedProduct("A", data={"change": 20, "add": 4}, clear=("drop", "never was")))
    assert products()["A"].data == {"keep": 1, "change": 20, "add": 4}
    assert products()["A"].name == "n"


def test_replacing_leaves_only_the_new_values(in_tenant: int):
    apply(StagedProduct("A", data={"old": 1, "both": 2}))
    apply(StagedProduct("A", data={"both": 2, "new": 3}, replace=True))
    assert products()["A"].data == {"both": 2, "new": 3}


def test_an_equal_row_touches_nothing(in_tenant: int):
    apply(StagedProduct("A", "n", data={"price": Decimal("1.10"), "tags": ["x"]}))
    before = products()["A"].version
    result = apply(StagedProduct("A", "n", data={"price": Decimal("1.1"), "tags": ["x"]}))
    assert (result.unchanged, statuses(result)) == (1, ["unchanged"])
    assert products()["A"].version == before
    deliveries = select(ChangeSetDelivery).where(
        ChangeSetDelivery.change_set_id == result.change_set_id
    )
    assert not db.session.scalars(deliveries).all()


def test_only_the_values_that_changed_are_kept_as_they_were(in_tenant: int):
    apply(StagedProduct("A", "old name", active=True, data={"a": 1, "b": [1], "c": 3}))
    result = apply(
        StagedProduct("A", "new name", active=False, data={"a": 1, "b": [2], "d": 4}, clear=("c",))
    )
    kept = change_of(products()["A"].id, result.change_set_id)
    assert kept.operation == "update"
    assert kept.before == {
        "name": "old name",
        "active": True,
        "data": {"b": [1], "c": 3, "d": None},
    }
    assert kept.version == products()["A"].version


def test_a_created_product_needs_no_history_row_and_is_found_by_its_change_set(in_tenant: int):
    result = apply(*(StagedProduct(f"S{i}") for i in range(5)))
    change_set = db.session.get_one(ChangeSet, (in_tenant, result.change_set_id))
    ids = sorted(p.id for p in products().values())
    assert (change_set.first_created_id, change_set.last_created_id) == (ids[0], ids[-1])
    assert all(p.created_change_set_id == result.change_set_id for p in products().values())
    assert db.session.scalar(text("SELECT count(*) FROM product_changes")) == 0


def test_products_get_their_ids_in_the_order_of_the_rows(in_tenant: int):
    apply(*(StagedProduct(sku) for sku in ("c", "a", "b")))
    by_id = sorted(products().values(), key=lambda p: p.id)
    assert [p.sku for p in by_id] == ["c", "a", "b"]


def test_the_last_row_of_a_sku_wins_and_the_others_are_named(in_tenant: int):
    result = apply(
        StagedProduct("A", "first", data={"x": 1}),
        StagedProduct("B"),
        StagedProduct("a", "last", data={"y": 2}),
    )
    assert statuses(result) == ["superseded", "created", "created"]
    assert (result.created, result.superseded) == (2, 1)
    assert products()["a"].data == {"y": 2}


@pytest.mark.parametrize(
    ("mode", "expected", "names"),
    [
        ("upsert", ["updated", "created"], {"old": "new", "fresh": "new"}),
        ("create_only", ["skipped", "created"], {"old": "old", "fresh": "new"}),
        ("update_only", ["updated", "skipped"], {"old": "new"}),
    ],
)
def test_a_mode_says_which_products_may_be_written(
    in_tenant: int, mode: Mode, expected: list[str], names: dict[str, str]
):
    apply(StagedProduct("old", "old"))
    result = apply(StagedProduct("old", "new"), StagedProduct("fresh", "new"), mode=mode)
    assert statuses(result) == expected
    assert result.created + result.updated + result.skipped == 2
    assert {p.sku: p.name for p in products().values()} == names


def test_an_edit_by_id_may_rename_the_sku_and_is_refused_when_stale(in_tenant: int):
    apply(StagedProduct("A"), StagedProduct("B"))
    a, b = products()["A"], products()["B"]
    result = apply(
        StagedProduct("A-new", product_id=a.id, expected_version=a.version),
        StagedProduct(name="x", product_id=b.id, expected_version=b.version - 1),
        StagedProduct(name="x", product_id=b.id + 1_000_000),
        match_by="id",
        mode="update_only",
    )
    assert statuses(result) == ["updated", "stale", "missing"]
    assert (result.updated, result.stale, result.skipped, result.unchanged) == (1, 1, 1, 0)
    assert set(products()) == {"A-new", "B"}
    assert change_of(a.id, result.change_set_id).before == {"sku": "A", "sku_key": "a"}


def test_renaming_to_a_sku_that_is_taken_writes_nothing(in_tenant: int):
    apply(StagedProduct("A"), StagedProduct("B"))
    with pytest.raises(IntegrityError):
        apply(StagedProduct("b", product_id=products()["A"].id), match_by="id")
    assert set(products()) == {"A", "B"}


def test_a_deleted_product_is_kept_whole_and_its_version_rises(in_tenant: int):
    apply(StagedProduct("A", "n", data={"x": Decimal("1.5")}, raw={"X": "1,5"}))
    product_id, version = products()["A"].id, products()["A"].version
    with transaction():
        result = write.delete_products(META, [product_id, product_id + 1_000_000])
    assert result.deleted == 1
    assert products() == {}
    kept = change_of(product_id, result.change_set_id)
    assert kept.operation == "delete"
    assert kept.version > version
    assert kept.before["sku"] == "A"
    assert kept.before["data"] == {"x": Decimal("1.5")}
    assert kept.before["raw_data"] == {"X": "1,5"}


def test_a_change_set_says_who_why_and_how_many(in_tenant: int):
    meta = ChangeSetMeta("api", reason="nightly", actor_api_key_id=7, failed_count=2)
    with transaction():
        result = write.apply_change_set(meta, [StagedProduct("A"), StagedProduct("B")])
    stored = db.session.get_one(ChangeSet, (in_tenant, result.change_set_id))
    assert (stored.source, stored.reason, stored.actor_api_key_id) == ("api", "nightly", 7)
    assert (stored.created_count, stored.updated_count, stored.failed_count) == (2, 0, 2)


def test_consumers_are_told_in_the_same_transaction(in_tenant: int):
    def write_and_fail() -> None:
        with transaction():
            write.apply_change_set(META, [StagedProduct("A")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert db.session.scalar(text("SELECT count(*) FROM change_set_deliveries")) == 0
    result = apply(StagedProduct("A"))
    waiting = db.session.scalars(select(ChangeSetDelivery)).all()
    assert [(d.change_set_id, d.consumer) for d in waiting] == [(result.change_set_id, "analytics")]


def test_history_tells_each_value_before_and_after(in_tenant: int):
    apply(StagedProduct("A", "one", data={"x": 1}))
    apply(StagedProduct("A", "two", data={"x": 2}))
    apply(StagedProduct("A", data={"y": 3}, clear=("x",)))
    entries = product_history(products()["A"])
    told = [{(c.field, c.before, c.after) for c in entry.changes} for entry in entries]
    assert told == [{("x", 2, None), ("y", None, 3)}, {("name", "one", "two"), ("x", 1, 2)}, set()]
    assert [entry.operation for entry in entries] == ["update", "update", "create"]


def test_two_change_sets_in_one_transaction_see_each_other(in_tenant: int):
    with transaction():
        first = write.apply_change_set(META, [StagedProduct("A", "one")])
        second = write.apply_change_set(META, [StagedProduct("a", "two")])
    assert (statuses(first), statuses(second)) == (["created"], ["updated"])
    assert products()["A"].name == "two"


values = st.dictionaries(
    st.sampled_from(["a", "b", "c"]),
    st.one_of(
        st.integers(-5, 5),
        st.decimals(-9, 9, places=2),
        st.booleans(),
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=5),
        st.lists(st.sampled_from("xyz"), max_size=3),
    ),
    max_size=3,
)
staged = st.builds(
    StagedProduct,
    sku=st.sampled_from(["P", "p", "Q", "R"]),
    name=st.none() | st.sampled_from(["", "n", "m"]),
    active=st.none() | st.booleans(),
    data=values,
    replace=st.booleans(),
)


class Model:
    """What the write path promises, in a dictionary."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}

    def apply(self, rows: list[StagedProduct], mode: Mode) -> list[str]:
        last = {sku_key(row.sku or ""): index for index, row in enumerate(rows)}
        return [
            self._one(sku_key(row.sku or ""), row, mode)
            if last[sku_key(row.sku or "")] == index
            else "superseded"
            for index, row in enumerate(rows)
        ]

    def _one(self, key: str, row: StagedProduct, mode: Mode) -> str:
        old = self.rows.get(key)
        if mode == ("create_only" if old else "update_only"):
            return "skipped"
        start = old or {"sku": row.sku, "name": "", "active": True, "data": {}}
        new = {
            "sku": start["sku"],
            "name": start["name"] if row.name is None else row.name,
            "active": start["active"] if row.active is None else row.active,
            "data": dict(row.data) if row.replace else {**start["data"], **row.data},
        }
        self.rows[key] = new
        if old is None:
            return "created"
        return "unchanged" if _exactly(new) == _exactly(old) else "updated"


def _exactly(value: Any) -> Any:
    """Equality as JSON has it: true isn't 1, and 1.0 is 1."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, dict):
        return {key: _exactly(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_exactly(item) for item in value]
    return value


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    batches=st.lists(
        st.tuples(
            st.lists(staged, max_size=6), st.sampled_from(["upsert", "create_only", "update_only"])
        ),
        max_size=5,
    )
)
def test_any_sequence_of_change_sets_does_what_a_dictionary_would(
    app: Flask, batches: list[tuple[list[StagedProduct], Mode]]
):
    tenant, model = make_tenant(app), Model()
    with app.app_context(), tenant_scope(tenant.id):
        for rows, mode in batches:
            result = apply(*rows, mode=mode)
            assert statuses(result) == model.apply(rows, mode)
            counted = result.created + result.updated + result.unchanged
            assert counted + result.skipped + result.superseded == len(rows)
        found = {
            sku_key(p.sku): {"sku": p.sku, "name": p.name, "active": p.active, "data": p.data}
            for p in products().values()
        }
        assert _exactly(found) == _exactly(model.rows)


def test_an_outcome_names_the_product_and_its_version(in_tenant: int):
    result = apply(StagedProduct("A"))
    product = products()["A"]
    assert result.outcomes == (Outcome("created", product.id, product.version),)
