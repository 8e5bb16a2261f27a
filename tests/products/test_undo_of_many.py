"""Undo of an import: many change sets, the last first, interrupted and gone on with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.products import undo, write
from pim.products.changes import ChangeSetMeta, StagedProduct
from pim.products.models import ChangeSet, Product
from pim.products.undo_report import Counts, LeftAlone
from tests.factories.identity import make_tenant

META = ChangeSetMeta("form", actor_user_id=1)
IMPORT = ChangeSetMeta("import", import_id=9)


@pytest.fixture
def in_tenant(app: Flask) -> Iterator[int]:
    """A tenant of this test alone, in force."""
    tenant = make_tenant(app)
    with app.app_context(), tenant_scope(tenant.id):
        yield tenant.id


def write_chunk(names: dict[str, str], meta: ChangeSetMeta = IMPORT) -> int:
    """Give products names; a chunk of an import unless said otherwise."""
    rows = [StagedProduct(sku, name) for sku, name in names.items()]
    with transaction():
        return write.apply_change_set(meta, rows).change_set_id


def names() -> dict[str, str]:
    db.session.expire_all()
    return {product.sku: product.name for product in db.session.scalars(select(Product))}


def undos() -> list[ChangeSet]:
    found = select(ChangeSet).where(ChangeSet.undoes_id.is_not(None)).order_by(ChangeSet.id)
    return list(db.session.scalars(found))


def test_chunks_that_touched_the_same_product_are_undone_together(in_tenant: int) -> None:
    write_chunk({"A": "a0", "B": "b0"}, META)
    before = names()
    for chunk in ({"A": "a1", "C": "c1"}, {"A": "a2", "B": "b2", "C": "c2"}, {"C": "c3"}):
        write_chunk(chunk)
    after = names()
    chunks = undo.change_sets_of_import(9)
    foreseen = undo.preview_undo(chunks)
    done = undo.undo_change_sets(META, chunks)
    assert names() == before
    assert done == undo.UndoProgress(3, 3, Counts(deleted=1, updated=5))
    assert (foreseen.change_sets, foreseen.counts, foreseen.left) == (3, done.counts, ())
    assert [each.undoes_id for each in undos()] == chunks[::-1]
    assert {each.import_id for each in undos()} == {9}

    redone = undo.undo_change_sets(META, chunks, redo=True)
    assert names() == after
    assert redone == undo.UndoProgress(3, 3, Counts(restored=1, updated=5))


def test_a_change_between_two_chunks_keeps_the_older_value_away(in_tenant: int) -> None:
    write_chunk({"A": "a0", "B": "b0"}, META)
    write_chunk({"A": "a1", "B": "b1"})
    between = write_chunk({"A": "theirs"}, META)
    write_chunk({"A": "a2", "B": "b2"})
    chunks = undo.change_sets_of_import(9)
    foreseen = undo.preview_undo(chunks)
    done = undo.undo_change_sets(META, chunks)
    assert names() == {"A": "theirs", "B": "b0"}
    assert done.counts == Counts(updated=3, left_alone=1)
    assert foreseen.counts == done.counts
    (left,) = foreseen.left
    assert (left.sku, left.wanted, left.change_set_id) == ("A", "a0", between)


def test_what_was_interrupted_goes_on_where_it_ended(in_tenant: int) -> None:
    for chunk in ("ABC", "DE", "F"):
        write_chunk(dict.fromkeys(chunk, ""))
    chunks = undo.change_sets_of_import(9)

    def stop(_: undo.UndoProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undo.undo_change_sets(META, chunks, on_chunk=stop)
    assert set(names()) == set("ABCDE")
    assert undo.undo_progress(chunks) == undo.UndoProgress(3, 1, Counts(deleted=1))
    assert undo.preview_undo(chunks).counts == Counts(deleted=5)

    seen: list[undo.UndoProgress] = []
    undo.undo_change_sets(META, chunks, on_chunk=seen.append)
    assert seen == [
        undo.UndoProgress(3, 2, Counts(deleted=3)),
        undo.UndoProgress(3, 3, Counts(deleted=6)),
    ]
    assert names() == {}
    assert len(undos()) == 3


def test_doing_again_what_was_undone_in_part_goes_back_to_the_import(in_tenant: int) -> None:
    for chunk in ("AB", "C"):
        write_chunk(dict.fromkeys(chunk, ""))
    chunks = undo.change_sets_of_import(9)
    undo.undo_change_sets(META, chunks[1:])
    redone = undo.undo_change_sets(META, chunks, redo=True)
    assert redone == undo.UndoProgress(1, 1, Counts(restored=1))
    assert set(names()) == set("ABC")
    assert undo.undo_change_sets(META, chunks).counts == Counts(deleted=3)


def test_chunks_that_changed_nothing_leave_no_trace(in_tenant: int) -> None:
    write_chunk({"A": "a"})
    write_chunk({"A": "a"})
    done = undo.undo_change_sets(META, undo.change_sets_of_import(9))
    assert done == undo.UndoProgress(1, 1, Counts(deleted=1))
    assert len(undos()) == 1


def _pages(change_sets: Sequence[int], limit: int) -> list[list[LeftAlone]]:
    pages, after = [], None
    while True:
        page, after = undo.list_left_alone(change_sets, after=after, limit=limit)
        pages.append(list(page))
        if after is None:
            return pages


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_what_is_left_alone_is_listed_page_by_page(in_tenant: int, limit: int) -> None:
    for chunk in ("ABC", "DEF", "G", "HIJ"):
        write_chunk(dict.fromkeys(chunk, "old"), META)
        write_chunk(dict.fromkeys(chunk, "new"))
    write_chunk(dict.fromkeys("ACDEFHJ", "theirs"), META)
    chunks = undo.change_sets_of_import(9)
    pages = _pages(chunks, limit)
    assert [left.sku for page in pages for left in page] == list("HJDEFAC")
    assert all(len(page) == limit for page in pages[:-1])
    first = undo.preview_undo(chunks, limit=limit)
    assert list(first.left) == pages[0]
    assert (first.after is None) == (len(pages) == 1)
    undo.undo_change_sets(META, chunks)
    # Asked afterwards, and after somebody has changed a value that did come back.
    write_chunk({"B": "theirs too"}, META)
    assert _pages(chunks, limit) == pages


def test_of_several_the_one_that_wrote_last_is_undone_first_whatever_its_number(
    app: Flask,
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from tests.products.test_write_path_concurrently import (
        wait_until_somebody_waits_for_a_lock,
        write_in_background,
    )

    tenant = make_tenant(app)
    with ThreadPoolExecutor(1) as pool, app.app_context(), tenant_scope(tenant.id):
        write_chunk({"A": "old"}, META)
        with transaction():
            db.session.execute(select(Product).with_for_update())
            waiting = write_in_background(pool, app, tenant, StagedProduct("A", "last"))
            wait_until_somebody_waits_for_a_lock()
            first = write.apply_change_set(META, [StagedProduct("A", "first")]).change_set_id
        last = waiting.result(timeout=20).change_set_id
        assert last < first
        assert names() == {"A": "last"}
        done = undo.undo_change_sets(META, [last, first])
        assert done.counts == Counts(updated=2)
        assert names() == {"A": "old"}
