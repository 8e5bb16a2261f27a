"""Undo: products that a change set created go, values come back, deleted products come back.

What somebody changed since is left alone and listed. An undo is a change set too: it is in the
products' history, reaches whoever listens, and can be undone in its turn, which does it again.

One change set is undone in one transaction. Many (an import has one for each chunk) are undone one
after the other, the last first, each in a transaction of its own; should that be interrupted, the
same call goes on where it ended, because every change set knows what it undid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from pim.core.db import db, transaction
from pim.core.dberrors import retrying
from pim.core.errors import Conflict, NotFound
from pim.core.tenancy import current_tenant_id
from pim.products import write
from pim.products.changes import ChangeSetMeta
from pim.products.models import ChangeSet
from pim.products.undo_plan import DELETES, RESTORES, Link, params_of, plan
from pim.products.undo_report import Counts, LeftAlone, count_left, count_planned, list_left
from pim.schema.queries import current_vocabulary

SAMPLES = 20
_TRIES = 3

# From each change set that was asked for up to the newest that undid the one before, and down to
# the one that didn't undo any.
_CHAINS = """
WITH RECURSIVE above AS (
    SELECT id AS asked, id, 0 AS place FROM change_sets
    WHERE tenant_id = :tenant AND id = ANY(:ids)
    UNION ALL
    SELECT a.asked, s.id, a.place + 1 FROM above a
    JOIN change_sets s ON s.tenant_id = :tenant AND s.undoes_id = a.id
), below AS (
    SELECT id AS asked, id FROM change_sets WHERE tenant_id = :tenant AND id = ANY(:ids)
    UNION ALL
    SELECT b.asked, s.undoes_id FROM below b
    JOIN change_sets s ON s.tenant_id = :tenant AND s.id = b.id AND s.undoes_id IS NOT NULL
)
SELECT a.asked, s.id, (SELECT min(b.id) FROM below b WHERE b.asked = a.asked) AS base,
       s.created_at, s.import_id, s.first_created_id, s.last_created_id,
       s.created_count + s.updated_count + s.deleted_count + s.restored_count AS touched,
       s.deleted_count, s.restored_count, s.updated_count, s.failed_count
FROM above a JOIN change_sets s ON s.tenant_id = :tenant AND s.id = a.id
ORDER BY a.asked, a.place
"""


class AlreadyUndone(Conflict):
    """It was undone before; that undo can be undone instead."""

    code = "already_undone"


class NothingUndone(Conflict):
    """Everything it changed has been changed since. `left` names some of it."""

    code = "changed_since"

    def __init__(self, message: str, left: tuple[LeftAlone, ...]) -> None:
        super().__init__(message)
        self.left = left


@dataclass(frozen=True, slots=True)
class Undone:
    """One change set that was undone. left: some of what was left alone."""

    change_set_id: int
    counts: Counts
    left: tuple[LeftAlone, ...]


@dataclass(frozen=True, slots=True)
class UndoProgress:
    """How far the undo of several change sets is. counts: of those that are done."""

    total: int
    done: int
    counts: Counts


Place = tuple[int, int, str]
"""Where a page of what is left alone ends: change set, product, field."""


@dataclass(frozen=True, slots=True)
class UndoPreview:
    """What an undo would do now, and the first things it would leave alone.

    after: where the next page of those begins (see `list_left_alone`); None at the end.
    """

    change_sets: int
    counts: Counts
    left: tuple[LeftAlone, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class _Chain:
    """A change set and those on top of it, each of which undid the one before it."""

    links: tuple[Link, ...]
    counts: Counts

    @property
    def head(self) -> Link:
        return self.links[-1]

    @property
    def undone(self) -> bool:
        return len(self.links) % 2 == 0

    def waits_for(self, *, redo: bool) -> bool:
        """Whether undoing its head is a step towards what is wanted."""
        return self.undone == redo and self.links[0].touched > 0

    def is_at(self, *, redo: bool) -> bool:
        """Whether it has got there before."""
        return len(self.links) > 1 and self.undone != redo and self.links[0].touched > 0


def change_sets_of_import(import_id: int) -> list[int]:
    """The change sets of an import itself, without those that undid one of them."""
    found = db.session.scalars(
        select(ChangeSet.id)
        .where(
            ChangeSet.tenant_id == current_tenant_id(),
            ChangeSet.import_id == import_id,
            ChangeSet.undoes_id.is_(None),
        )
        .order_by(ChangeSet.id)
    )
    return list(found)


def undo_change_set(meta: ChangeSetMeta, change_set_id: int, *, most: int | None = None) -> Undone:
    """Undo one change set in the caller's transaction.

    Where it was undone and that was undone, the latter is what is undone. most: how many products
    it may have touched. Raises NotFound, AlreadyUndone or Conflict.
    """
    chains = _chains([change_set_id])
    if not chains:
        raise NotFound("There is no such change.")
    if chains[0].undone:
        raise AlreadyUndone("This was undone already.")
    head = chains[0].head
    if most is not None and head.touched > most:
        raise Conflict(
            f"This changed {head.touched:,} products; at most {most:,} are undone at once.",
            code="too_many",
        )
    return _undo(meta, head)


def undo_change_sets(
    meta: ChangeSetMeta,
    change_set_ids: Sequence[int],
    *,
    redo: bool = False,
    on_chunk: Callable[[UndoProgress], None] | None = None,
) -> UndoProgress:
    """Undo many change sets, the last first, and commit after each; how far it came.

    redo: undo what undid them instead. Those that are so already are passed over, so the same
    call resumes one that was interrupted.
    """
    with transaction():
        waiting = _in_reverse(_chains(change_set_ids), redo=redo)
        progress = undo_progress(change_set_ids, redo=redo)
    for head in waiting:
        counts = _retrying(partial(_undo_and_commit, meta, head))
        progress = replace(progress, done=progress.done + 1, counts=progress.counts + counts)
        if on_chunk is not None:
            on_chunk(progress)
    return progress


def undo_progress(change_set_ids: Sequence[int], *, redo: bool = False) -> UndoProgress:
    """How far the undo of these change sets is, whoever works on it."""
    chains = _chains(change_set_ids)
    done = [chain for chain in chains if chain.is_at(redo=redo)]
    waiting = sum(chain.waits_for(redo=redo) for chain in chains)
    counts = sum((chain.counts for chain in done), Counts())
    return UndoProgress(waiting + len(done), len(done), counts)


def preview_undo(
    change_set_ids: Sequence[int], *, redo: bool = False, limit: int = SAMPLES
) -> UndoPreview:
    """What undoing these change sets would do now. Nothing is locked and nothing is written.

    Exact for one change set. Several are looked at one by one, as if those after them were
    undone; SKUs that they free or take among each other are not foreseen.
    """
    heads = _in_reverse(_chains(change_set_ids), redo=redo)
    together = [head.base for head in heads]
    counts, found = Counts(), list[tuple[Place, LeftAlone]]()
    for head in heads:
        plan(head, together=together, lock=False)
        counts += count_planned(head)
        if len(found) <= limit:
            found += _left_of(head, (0, ""), limit + 1 - len(found))
    left, after = _page(found, limit)
    return UndoPreview(len(heads), counts, left, after)


def list_left_alone(
    change_set_ids: Sequence[int], *, after: Place | None = None, limit: int = 100
) -> tuple[tuple[LeftAlone, ...], Place | None]:
    """A page of what undoing these change sets would leave alone now or, where they are undone,
    has left alone and still stands; and where the next page begins."""
    links = [chain.links[-2] if chain.undone else chain.head for chain in _chains(change_set_ids)]
    links = _latest_first(link for link in links if link.touched)
    together = [link.base for link in links]
    if after is not None:
        begin = next((place for place, link in enumerate(links) if link.id == after[0]), len(links))
        links = links[begin:]
    found: list[tuple[Place, LeftAlone]] = []
    for link in links:
        if len(found) > limit:
            break
        plan(link, together=together, lock=False)
        begin_in = after[1:] if after is not None and link.id == after[0] else (0, "")
        found += _left_of(link, begin_in, limit + 1 - len(found))
    return _page(found, limit)


def _left_of(link: Link, after: tuple[int, str], limit: int) -> list[tuple[Place, LeftAlone]]:
    return [((link.id, *place), each) for place, each in list_left(link, after=after, limit=limit)]


def _page(
    found: Sequence[tuple[Place, LeftAlone]], limit: int
) -> tuple[tuple[LeftAlone, ...], Place | None]:
    left = tuple(each for _, each in found[:limit])
    return left, found[limit - 1][0] if len(found) > limit else None


def _chains(change_set_ids: Sequence[int]) -> list[_Chain]:
    params = {"tenant": current_tenant_id(), "ids": list(change_set_ids)}
    by_asked: dict[int, list[Any]] = {}
    for row in db.session.execute(text(_CHAINS), params):
        by_asked.setdefault(row.asked, []).append(row)
    return [_chain(rows) for rows in by_asked.values()]


def _chain(rows: Sequence[Any]) -> _Chain:
    links = tuple(
        Link(
            row.id,
            row.base,
            row.created_at,
            row.import_id,
            row.first_created_id,
            row.last_created_id,
            row.touched,
        )
        for row in rows
    )
    last = rows[-1]
    return _Chain(
        links,
        Counts(last.deleted_count, last.restored_count, last.updated_count, last.failed_count),
    )


def _in_reverse(chains: Iterable[_Chain], *, redo: bool) -> list[Link]:
    return _latest_first(chain.head for chain in chains if chain.waits_for(redo=redo))


def _latest_first(links: Iterable[Link]) -> list[Link]:
    """The moment is taken when all products are locked, so it tells who was later; ids don't."""
    return sorted(links, key=lambda link: (link.created_at, link.id), reverse=True)


def _undo(meta: ChangeSetMeta, head: Link) -> Undone:
    current_vocabulary(hold=True)
    _claim(head)
    staged = plan(head, lock=True)
    left = count_left()
    meta = replace(
        meta, source="undo", undoes_id=head.id, import_id=head.import_id, failed_count=left
    )
    result = write.write_planned(
        meta, deletes=DELETES, staged=staged, restores=RESTORES, params=params_of(head)
    )
    sample = tuple(each for _, each in list_left(head, limit=SAMPLES)) if left else ()
    counts = Counts(result.deleted, result.restored, result.updated, left)
    return Undone(result.change_set_id, counts, sample)


def _claim(head: Link) -> None:
    """Be the only one to undo it; raises AlreadyUndone where somebody else was first."""
    tenant = current_tenant_id()
    claimed = (
        select(ChangeSet.id)
        .where(ChangeSet.tenant_id == tenant, ChangeSet.id == head.id)
        .with_for_update(key_share=True)
    )
    db.session.execute(claimed)
    undone = select(ChangeSet.id).where(
        ChangeSet.tenant_id == tenant, ChangeSet.undoes_id == head.id
    )
    if db.session.scalar(undone) is not None:
        raise AlreadyUndone("This was undone already.")


def _undo_and_commit(meta: ChangeSetMeta, head: Link) -> Counts:
    try:
        with transaction():
            return _undo(meta, head).counts
    except AlreadyUndone:
        return Counts()  # somebody else works on the same change sets; theirs counts


def _retrying(action: Callable[[], Counts]) -> Counts:
    """Deadlocks are retried, and so is meeting a SKU that was taken this very moment."""
    for _ in range(_TRIES - 1):
        try:
            return retrying(action)
        except IntegrityError:
            continue
    return retrying(action)
