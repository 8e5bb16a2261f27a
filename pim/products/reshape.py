"""The values of one field in all products: counted, tried, converted, moved, removed.

The schema room asks for this when the vocabulary changes (see `pim.schema.ports`). Products are
read by a server-side cursor and written through the one write path, some ten thousand at a time,
all in the caller's transaction; each of those is a change set, so it is in every product's
history and reaches whoever listens. Values that are in their new type already aren't written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Row, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.jsontext import dumps_bytes
from pim.products import write
from pim.products.changes import ChangeSetMeta, StagedProduct
from pim.products.models import Product
from pim.products.queries import count_products
from pim.products.service import actor_meta
from pim.products.staging import staged_blocks
from pim.schema.changes import Misfit, TypeTrial
from pim.schema.convert import converter
from pim.schema.types import CoerceContext, CoercionError, Notation, detect_notation
from pim.schema.types.base import shown

__all__ = [
    "change_type",
    "count_both",
    "count_products",
    "count_values",
    "remove",
    "rename",
    "try_type",
]

ROWS_AT_ONCE = 20_000
LOOKED_AT_FOR_NOTATION = 50_000
SAMPLES = 5
DIFFERENT_MISFITS = 1_000
_NUMERIC = frozenset({"number", "price", "multi_price"})

_COUNT = """
SELECT key, count(*) AS products FROM products, jsonb_object_keys(data) AS key
WHERE tenant_id = :tenant {among} GROUP BY key
"""
_AMONG = "AND data ?| CAST(:names AS text[]) AND key = ANY(CAST(:names AS text[]))"


def count_values(names: Collection[str] | None = None) -> dict[str, int]:
    """How many products have a value, by name; of these names, or of all there are."""
    params: dict[str, Any] = {"tenant": current_tenant_id()}
    if names is not None:
        params["names"] = list(names)
    statement = text(_COUNT.format(among="" if names is None else _AMONG))
    return {row.key: row.products for row in db.session.execute(statement, params)}


def count_both(one: str, other: str) -> int:
    """How many products have a value under both names."""
    both = Product.data.has_all(literal([one, other], ARRAY(TEXT)))
    statement = select(func.count()).select_from(Product)
    statement = statement.where(Product.tenant_id == current_tenant_id(), both)
    return db.session.scalar(statement) or 0


def try_type(name: str, old_type: str | None, new_type: str, ctx: CoerceContext) -> TypeTrial:
    """How the values would take to another type."""
    ctx = _with_notation(name, new_type, ctx)
    fits = misfits = ambiguous = 0
    found: dict[str, Misfit] = {}
    read = converter(old_type, new_type, ctx)
    for row in _rows(name):
        try:
            read(row.value)
        except CoercionError as error:
            misfits += 1
            ambiguous += error.code == "ambiguous_number"
            value = shown(row.value)[1:-1]
            if value in found:
                found[value] = replace(found[value], count=found[value].count + 1)
            elif len(found) < DIFFERENT_MISFITS:
                found[value] = Misfit(row.sku, value, error.message)
        else:
            fits += 1
    samples = sorted(found.values(), key=lambda misfit: -misfit.count)[:SAMPLES]
    return TypeTrial(fits, misfits, ambiguous, ctx.decimal, tuple(samples))


def change_type(
    name: str, old_type: str | None, new_type: str, ctx: CoerceContext, reason: str
) -> tuple[int, int]:
    """Write every value in its new type, and remove those that don't fit: how many of each."""
    ctx = _with_notation(name, new_type, ctx)
    kept = removed = 0
    read = converter(old_type, new_type, ctx)

    def converted(row: Row[Any]) -> StagedProduct | None:
        nonlocal kept, removed
        try:
            found = read(row.value)
        except CoercionError:
            removed += 1
            return StagedProduct(product_id=row.id, clear=(name,))
        if _is_same(found, row.value):
            kept += 1
            return None
        return StagedProduct(product_id=row.id, data={name: found})

    written = _write(_rows(name), converted, reason)
    return kept + written - removed, removed


def rename(old: str, new: str, reason: str) -> int:
    """Move every value to another name, over what may stand there: how many there were."""

    def moved(row: Row[Any]) -> StagedProduct:
        return StagedProduct(product_id=row.id, data={new: row.value}, clear=(old,))

    return _write(_rows(old), moved, reason)


def remove(name: str, reason: str) -> int:
    """Remove every value: how many there were."""
    return _write(_rows(name), lambda row: StagedProduct(product_id=row.id, clear=(name,)), reason)


def _is_same(found: Any, value: Any) -> bool:
    """Whether a converted value is the one that is stored; `1` isn't `true`, nor `"1"`."""
    if isinstance(found, str):
        return isinstance(value, str) and found == value
    return dumps_bytes(found) == dumps_bytes(value)


def _with_notation(name: str, new_type: str, ctx: CoerceContext) -> CoerceContext:
    """Find out how numbers in texts are written, unless that was said."""
    if ctx.decimal is not None or new_type not in _NUMERIC:
        return ctx
    value: ColumnElement[str] = Product.data[name].astext
    is_text = func.jsonb_typeof(Product.data[name]) == "string"
    statement = select(value).where(Product.tenant_id == current_tenant_id(), is_text)
    notation: Notation | None = detect_notation(
        db.session.scalars(statement.limit(LOOKED_AT_FOR_NOTATION))
    )
    return replace(ctx, decimal=notation)


def _rows(name: str) -> Iterator[Row[Any]]:
    """id, SKU and value of each product that has one."""
    statement = select(Product.id, Product.sku, Product.data[name].label("value")).where(
        Product.tenant_id == current_tenant_id(), Product.data.has_key(name)
    )
    yield from db.session.execute(statement, execution_options={"yield_per": 5_000})


def _write(
    rows: Iterable[Row[Any]], staged: Callable[[Row[Any]], StagedProduct | None], reason: str
) -> int:
    """Write what the rows become, but for those that stay as they are: how many were written."""
    meta: ChangeSetMeta = actor_meta("schema", reason)
    products = filter(None, map(staged, rows))
    count = 0
    while chunk := list(islice(products, ROWS_AT_ONCE)):
        count += len(chunk)
        write.write_staged(meta, staged_blocks(chunk), mode="update_only", match_by="id")
    return count
