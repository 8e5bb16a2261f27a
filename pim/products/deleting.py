"""Deletes many products as a job: chosen when it is asked for, gone piece by piece.

Each piece is one change set, which can be undone like any other, in the transaction that notes how
far it has come. Whoever works on a piece holds the deletion's row, so two workers never do one
twice, and one that dies leaves nothing behind but work for the next.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Select, any_, bindparam, delete, func, or_, select, update

from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.dberrors import retrying
from pim.core.errors import NotFound, Unavailable
from pim.core.queue import enqueue
from pim.core.tenancy import current_tenant_id, system_scope, tenant_scope
from pim.identity.access import current_actor
from pim.products import write
from pim.products.changes import ChangeSetMeta
from pim.products.identity import sku_key
from pim.products.models import Product, ProductDeletion

PIECE = 5_000  # as many as one undo takes
KEPT_FOR = timedelta(days=30)
SILENT_AFTER = timedelta(seconds=15)
MOST_ATTEMPTS = 5
RUN = "jobs.products.run_deletion"
# Long work is done where imports are, so that no edit waits for it.
QUEUE = "imports"
PENDING, DELETING, DONE, FAILED = "pending", "deleting", "done", "failed"

log = logging.getLogger(__name__)


def delete_all() -> ProductDeletion:
    """Begin to delete every product there is now."""
    return _begin(select(Product.id).where(Product.tenant_id == current_tenant_id()))


def delete_skus(skus: Sequence[str]) -> ProductDeletion:
    """Begin to delete the products with these SKUs; those that aren't there are counted."""
    keys = list(dict.fromkeys(map(sku_key, skus)))
    wanted = bindparam("keys", keys, type_=ARRAY(Product.sku_key.type))
    chosen = select(Product.id).where(
        Product.tenant_id == current_tenant_id(), Product.sku_key == any_(wanted)
    )
    deletion = _begin(chosen)
    deletion.missing_count = len(keys) - deletion.total
    return deletion


def delete_found(versions: Mapping[int, int]) -> ProductDeletion:
    """Begin to delete these products, unless they have changed: id → the version they had."""
    ids = sorted(versions)
    return _store(product_ids=ids, versions=[versions[each] for each in ids], total=len(ids))


def _begin(chosen: Select[Any]) -> ProductDeletion:
    ids = chosen.order_by(Product.id).scalar_subquery()
    array = func.array(ids, type_=ARRAY(BigInteger))
    deletion = _store(product_ids=array)
    deletion.total = (
        db.session.scalar(
            select(func.cardinality(ProductDeletion.product_ids)).where(*_is(deletion.id))
        )
        or 0
    )
    return deletion


def _store(**values: Any) -> ProductDeletion:
    actor = current_actor()
    _forget_old()
    deletion = ProductDeletion(
        tenant_id=current_tenant_id(),
        created_by_id=actor.user_id,
        created_by_api_key_id=actor.api_key_id,
        **values,
    )
    db.session.add(deletion)
    db.session.flush()  # its id is what the worker is told
    enqueue(RUN, [deletion.tenant_id, deletion.id], queue_name=QUEUE)
    return deletion


def _forget_old() -> None:
    db.session.execute(
        delete(ProductDeletion).where(
            ProductDeletion.tenant_id == current_tenant_id(),
            ProductDeletion.finished_at < now() - KEPT_FOR,
        )
    )


def _is(deletion_id: int) -> tuple[Any, ...]:
    return (
        ProductDeletion.tenant_id == current_tenant_id(),
        ProductDeletion.id == deletion_id,
    )


def get_deletion(deletion_id: int) -> ProductDeletion:
    """One deletion as it is now; raises NotFound."""
    statement = select(ProductDeletion).where(*_is(deletion_id))
    found = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound("There is no such deletion.")
    return found


def run_deletion(tenant_id: int, deletion_id: int) -> None:
    """Delete what is left to delete, piece by piece, until it is done or another works on it."""
    with tenant_scope(tenant_id):
        try:
            while retrying(lambda: delete_piece(deletion_id)):
                pass
        except Unavailable:
            raise
        except Exception:
            log.exception("deletion_failed", extra={"deletion": deletion_id})
            _note_failure(deletion_id)


def delete_piece(deletion_id: int) -> bool:
    """Delete the next products in one transaction; whether there may be more."""
    with transaction():
        deletion = db.session.scalars(
            select(ProductDeletion)
            .where(*_is(deletion_id), ProductDeletion.finished_at.is_(None))
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if deletion is None:
            return False
        ids, versions = _piece_of(deletion)
        if ids:
            _delete(deletion, dict(zip(ids, versions, strict=True)) if versions else None, ids)
        deletion.position += len(ids)
        deletion.worked_at, deletion.attempts = now(), 0
        finished = deletion.position >= deletion.total
        deletion.status = DONE if finished else DELETING
        if finished:
            deletion.finished_at = now()
            deletion.product_ids, deletion.versions = [], []
        return not finished


def _piece_of(deletion: ProductDeletion) -> tuple[list[int], list[int]]:
    """The next ids, and the versions they are to have if that matters."""
    first, last = deletion.position + 1, deletion.position + PIECE
    ids, versions = db.session.execute(
        select(ProductDeletion.product_ids[first:last], ProductDeletion.versions[first:last]).where(
            *_is(deletion.id)
        )
    ).one()
    return list(ids), list(versions)


def _delete(
    deletion: ProductDeletion, versions: Mapping[int, int] | None, ids: Sequence[int]
) -> None:
    """Delete those of a piece that are there and are what they were."""
    wanted = bindparam("ids", list(ids), type_=ARRAY(BigInteger))
    rows = db.session.execute(
        select(Product.id, Product.version)
        .where(Product.tenant_id == current_tenant_id(), Product.id == any_(wanted))
        .order_by(Product.id)
        .with_for_update()
    ).all()
    same = [row.id for row in rows if versions is None or versions[row.id] == row.version]
    deletion.missing_count += len(ids) - len(rows)
    deletion.changed_count += len(rows) - len(same)
    if not same:
        return
    meta = ChangeSetMeta(
        source="api",
        reason="bulk delete",
        actor_user_id=deletion.created_by_id,
        actor_api_key_id=deletion.created_by_api_key_id,
    )
    result = write.delete_products(meta, same)
    deletion.deleted_count += result.deleted
    deletion.change_set_ids = [*deletion.change_set_ids, result.change_set_id]


def _note_failure(deletion_id: int) -> None:
    """Try again later, but not for ever."""
    with transaction():
        attempts = db.session.scalar(
            update(ProductDeletion)
            .where(*_is(deletion_id))
            .values(attempts=ProductDeletion.attempts + 1, worked_at=now())
            .returning(ProductDeletion.attempts)
        )
        if attempts is not None and attempts >= MOST_ATTEMPTS:
            message = "Something went wrong on our side; what was deleted stays deleted."
            db.session.execute(
                update(ProductDeletion)
                .where(*_is(deletion_id))
                .values(status=FAILED, error=message, finished_at=now())
            )


def resume_deletions() -> int:
    """Hand deletions nobody has worked on for a while to a worker; how many these were."""
    latest = now() - SILENT_AFTER
    with system_scope(), transaction():
        silent = db.session.execute(
            select(ProductDeletion.tenant_id, ProductDeletion.id).where(
                ProductDeletion.finished_at.is_(None),
                ProductDeletion.created_at < latest,
                or_(ProductDeletion.worked_at.is_(None), ProductDeletion.worked_at < latest),
            )
        ).all()
        for row in silent:
            enqueue(RUN, [row.tenant_id, row.id], queue_name=QUEUE)
    return len(silent)
