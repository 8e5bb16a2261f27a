"""Undo, held to its promises over any sequence of changes and undos.

What is expected comes from looking at the whole catalog before and after each step, never from
the history that undo itself reads.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.products import undo, write
from pim.products.changes import ChangeSetMeta, StagedProduct
from pim.products.models import ChangeSet, Product
from pim.products.undo_report import LeftAlone
from tests.factories.identity import make_tenant

META = ChangeSetMeta("form")
SKUS = ("P", "p", "Q", "Straße")

State = dict[int, dict[str, Any]]
"""Product id → everything that has to come back."""

values = st.dictionaries(
    st.sampled_from(["a", "b", "/"]),
    st.sampled_from([1, 2, Decimal("1.50"), "x", [{"amount": 1, "locale": None}]]),
    max_size=2,
)
rows = st.builds(
    StagedProduct,
    sku=st.sampled_from(SKUS),
    name=st.none() | st.sampled_from(["", "n", "m"]),
    active=st.sampled_from([None, None, True, False]),
    data=values,
    clear=st.sampled_from([(), (), ("a",), ("a", "/")]),
    replace=st.sampled_from([False, False, True]),
)
# Which product is meant, as a place in their order; what it gets.
places = st.integers(0, 2)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "upsert": st.lists(rows, min_size=1, max_size=3),
    "edit": st.dictionaries(places, rows, min_size=1, max_size=2),
    # Two in one change set: the second may take the SKU that the first one leaves.
    "rename": st.dictionaries(
        places, st.sampled_from(["P", "Q", "R", "S", "s"]), min_size=1, max_size=3
    ),
    "delete": st.sets(places, min_size=1, max_size=2),
    # Which change set, counted from the last one.
    "undo": st.integers(0, 5),
}
Step = tuple[str, Any]
FIRST: Step = ("upsert", [StagedProduct("P", "n"), StagedProduct("Q", data={"a": 1})])


def steps(at_least: int, at_most: int, *often: str) -> st.SearchStrategy[list[Step]]:
    """A catalog of two products and what becomes of it. often: kinds, as often as named."""
    kind = st.sampled_from([*often, "upsert", "edit", "edit", "rename", "delete"])
    step = kind.flatmap(lambda kind: st.tuples(st.just(kind), KINDS[kind]))
    some = st.lists(step, min_size=at_least, max_size=at_most)
    return some.map(lambda found: [FIRST, *found])


slow = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@contextmanager
def new_tenant(app: Flask) -> Iterator[None]:
    with app.app_context(), tenant_scope(make_tenant(app).id):
        yield


def state() -> State:
    db.session.expire_all()
    return {
        p.id: {
            "sku": p.sku,
            "sku_key": p.sku_key,
            "name": p.name,
            "active": p.active,
            "created_at": p.created_at,
            "created_change_set_id": p.created_change_set_id,
            "data": {name: (type(value), str(value)) for name, value in p.data.items()},
        }
        for p in db.session.scalars(select(Product))
    }


def change(kind: str, what: Any) -> int | None:
    """Do one change; gives its change set, None where it was refused or nothing was there."""
    ids = sorted(state())
    if kind == "upsert":
        return _written(lambda: write.apply_change_set(META, what).change_set_id)
    if kind == "delete":
        wanted = [ids[place % len(ids)] for place in what if ids]
        return _written(lambda: write.delete_products(META, wanted).change_set_id)
    meant = {ids[place % len(ids)]: each for place, each in what.items() if ids}
    staged = [
        StagedProduct(sku=each, product_id=product_id)
        if kind == "rename"
        else dataclasses.replace(each, sku=None, product_id=product_id)
        for product_id, each in meant.items()
    ]
    return _written(
        lambda: (
            write.apply_change_set(META, staged, mode="update_only", match_by="id").change_set_id
        )
    )


def _written(action: Callable[[], int]) -> int | None:
    try:
        with transaction():
            return action()
    except IntegrityError:  # a rename met another product's SKU
        return None


def undo_one(change_set: int) -> undo.Undone:
    with transaction():
        return undo.undo_change_set(META, change_set)


@slow
@given(steps=steps(2, 8), back=st.integers(1, 8))
def test_undoing_the_last_changes_gives_the_earlier_state_and_undoing_that_the_later_one(
    app: Flask, steps: list[Step], back: int
) -> None:
    with new_tenant(app):
        states, done = [state()], list[int]()
        for step in steps:
            change_set = change(*step)
            if change_set is not None:
                done.append(change_set)
                states.append(state())
        undone = list[int]()
        for place in reversed(range(max(0, len(done) - back), len(done))):
            found = undo_one(done[place])
            undone.append(found.change_set_id)
            assert state() == states[place]
            assert found.counts.left_alone == 0
        for place, change_set in enumerate(reversed(undone), len(done) - len(undone)):
            assert undo_one(change_set).counts.left_alone == 0
            assert state() == states[place + 1]


def cells(product: dict[str, Any] | None) -> dict[str, Any]:
    """What a product holds, value by value."""
    if product is None:
        return {}
    fixed = {name: product[name] for name in ("sku", "name", "active")}
    return fixed | {f"/{name}": value for name, value in product["data"].items()}


class Watched:
    """Change sets with the states around them."""

    def __init__(self) -> None:
        self.around: dict[int, tuple[State, State]] = {}

    def holds(self, target: int, result: undo.Undone, before: State, after: State) -> None:
        """Check one undo against what was seen of the change set it undid."""
        was, became = self.around[target]
        left = {(each.product_id, each.field) for each in result.left}
        for product_id in {*was, *became, *before, *after}:
            first, then = was.get(product_id), became.get(product_id)
            now, later = before.get(product_id), after.get(product_id)
            if first == then:
                assert now == later, "a product it never touched"
            elif first is None:
                self._goes(then, now, later, (product_id, "") in left)
            elif then is None:
                self._comes_back(first, now, later, (product_id, "sku") in left)
            else:
                self._values(product_id, first, then, now, later, left)

    def _goes(self, then: Any, now: Any, later: Any, listed: bool) -> None:
        if now is None:
            assert later is None
        elif later is None:
            assert cells(now) == cells(then), "somebody changed it since"
        else:
            assert later == now
            assert listed

    def _comes_back(self, first: Any, now: Any, later: Any, listed: bool) -> None:
        if now is not None:
            assert later == now
        elif later is None:
            assert listed
        else:
            assert later == first

    def _values(
        self, product_id: int, first: Any, then: Any, now: Any, later: Any, left: set[Any]
    ) -> None:
        if now is None:
            assert later is None
            assert (product_id, "") in left
            return
        assert later is not None
        first, then, now, later = cells(first), cells(then), cells(now), cells(later)
        for field in {*first, *then, *now, *later}:
            wanted = first.get(field)
            if wanted == then.get(field):
                assert now.get(field) == later.get(field), "a value it never touched"
            elif now.get(field) != later.get(field):
                assert now.get(field) == then.get(field), "a value somebody changed since"
                assert later.get(field) == wanted
            elif later.get(field) != wanted:
                assert (product_id, field.removeprefix("/")) in left


@slow
@given(steps=steps(5, 14, "edit", "undo", "undo", "undo", "undo"))
def test_undo_in_any_order_brings_back_what_it_may_and_names_what_it_leaves(
    app: Flask, steps: list[Step]
) -> None:
    with new_tenant(app):
        watched, done = Watched(), list[int]()
        for kind, what in steps:
            before = state()
            if kind != "undo":
                change_set = change(kind, what)
            else:
                change_set = _undo_watched(watched, done[-1 - what % len(done)], before)
            if change_set is not None:
                done.append(change_set)
                watched.around[change_set] = (before, state())


def _undo_watched(watched: Watched, asked: int, before: State) -> int | None:
    foreseen = undo.preview_undo([asked], limit=1000)
    listed, _ = undo.list_left_alone([asked], limit=1000)
    db.session.rollback()
    try:
        result = undo_one(asked)
    except undo.AlreadyUndone:
        assert foreseen.change_sets == 0
        assert state() == before
        return None
    assert foreseen.counts == result.counts
    assert foreseen.left == listed
    assert _nameless(foreseen.left) == _nameless(result.left)
    chain = _undone_by(result.change_set_id)
    watched.holds(chain, result, before, state())
    return result.change_set_id


def _nameless(left: tuple[LeftAlone, ...]) -> list[LeftAlone]:
    """Without the product's name and SKU, which may just have come back."""
    return [dataclasses.replace(each, sku="", name="") for each in left]


def _undone_by(change_set: int) -> int:
    found = db.session.scalar(select(ChangeSet.undoes_id).where(ChangeSet.id == change_set))
    assert found is not None
    return found


@slow
@given(steps=steps(3, 8), which=st.sets(st.integers(0, 7), min_size=1))
def test_several_at_once_are_what_they_are_one_by_one_and_can_all_be_done_again(
    app: Flask, steps: list[Step], which: set[int]
) -> None:
    with new_tenant(app):
        done = [found for step in steps if (found := change(*step)) is not None]
        chosen = [done[place % len(done)] for place in which]
        before = state()
        progress = undo.undo_change_sets(META, chosen)
        assert progress.done == progress.total
        undone = state()
        again = undo.undo_change_sets(META, chosen)
        assert (again.total, again.done, again.counts) == (
            progress.total,
            progress.done,
            progress.counts,
        )
        assert state() == undone
        redone = undo.undo_change_sets(META, chosen, redo=True)
        assert redone.done == progress.done
        assert redone.counts.left_alone == 0
        assert state() == before
