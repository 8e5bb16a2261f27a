"""Reading products and their history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from pim.core.db import db
from pim.core.errors import NotFound
from pim.core.tenancy import current_tenant_id
from pim.products.identity import sku_key
from pim.products.models import ChangeSet, Product, ProductChange

SortKey = Literal["id", "sku", "name", "updated_at", "created_at"]
SORT_COLUMNS: dict[str, ColumnElement[Any]] = {
    "id": Product.id.expression,
    "sku": Product.sku_key.expression,
    "name": Product.name.expression,
    "updated_at": Product.updated_at.expression,
    "created_at": Product.created_at.expression,
}


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """Which products: every condition that is given has to hold."""

    text: str = ""
    active: bool | None = None
    import_id: int | None = None
    updated_since: datetime | None = None
    ids: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of products. `after` is the position of the last one, None at the end."""

    products: Sequence[Product]
    after: tuple[Any, int] | None


def products_of_tenant() -> Select[Product]:
    """All products of the tenant in force; raises NoTenant without one."""
    return select(Product).where(Product.tenant_id == current_tenant_id())


def get_product(product_id: int, *, lock: bool = False) -> Product:
    """One product; raises NotFound. lock: nobody else changes it until the transaction ends."""
    statement = products_of_tenant().where(Product.id == product_id)
    if lock:
        statement = statement.with_for_update()
    product = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if product is None:
        raise NotFound("There is no such product.")
    return product


def get_product_by_sku(sku: str) -> Product:
    """One product by its SKU, whatever its case; raises NotFound."""
    statement = products_of_tenant().where(Product.sku_key == sku_key(sku))
    product = db.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if product is None:
        raise NotFound(f"There is no product with the SKU {sku!r}.")
    return product


def products_by_id(product_ids: Sequence[int]) -> list[Product]:
    """These products in this order, without those that aren't there (any more)."""
    found = db.session.scalars(products_of_tenant().where(Product.id.in_(product_ids)))
    by_id = {product.id: product for product in found}
    return [by_id[each] for each in product_ids if each in by_id]


def existing_sku_keys(keys: Collection[str]) -> set[str]:
    """Which of these SKU keys (see `sku_key`) belong to a product already."""
    statement = select(Product.sku_key).where(
        Product.tenant_id == current_tenant_id(), Product.sku_key == func.any(list(keys))
    )
    return set(db.session.scalars(statement))


def touched_by_import(import_id: int) -> ColumnElement[bool]:
    """The condition that an import created or changed a product."""
    tenant = current_tenant_id()
    sets = select(ChangeSet.id).where(
        ChangeSet.tenant_id == tenant, ChangeSet.import_id == import_id
    )
    bounds = select(
        func.min(ChangeSet.first_created_id), func.max(ChangeSet.last_created_id)
    ).where(ChangeSet.tenant_id == tenant, ChangeSet.import_id == import_id)
    low, high = db.session.execute(bounds).one()
    created = and_(Product.id.between(low or 0, high or 0), Product.created_change_set_id.in_(sets))
    changed = Product.id.in_(
        select(ProductChange.product_id).where(
            ProductChange.tenant_id == tenant, ProductChange.change_set_id.in_(sets)
        )
    )
    return or_(created, changed)


def _contains(text: str) -> ColumnElement[bool]:
    return or_(
        Product.sku_key.contains(sku_key(text), autoescape=True),
        Product.name.icontains(text.strip(), autoescape=True),
    )


def matching(wanted: ProductFilter) -> Select[Product]:
    """The products a filter lets through, unordered."""
    statement = products_of_tenant()
    if wanted.text.strip():
        statement = statement.where(_contains(wanted.text))
    if wanted.active is not None:
        statement = statement.where(Product.active.is_(wanted.active))
    if wanted.updated_since is not None:
        statement = statement.where(Product.updated_at >= wanted.updated_since)
    if wanted.import_id is not None:
        statement = statement.where(touched_by_import(wanted.import_id))
    if wanted.ids is not None:
        # One value, however many there are: a list of parameters ends at 65,535.
        ids = bindparam("ids", list(wanted.ids), type_=ARRAY(BigInteger))
        statement = statement.where(Product.id == func.any(ids))
    return statement


def count_products(wanted: ProductFilter | None = None) -> int:
    """How many products a filter lets through."""
    inner = matching(wanted or ProductFilter()).with_only_columns(Product.id).subquery()
    return db.session.scalar(select(func.count()).select_from(inner)) or 0


def in_order(statement: Select[Product], sort: SortKey, *, descending: bool) -> Select[Product]:
    """The products of a statement in the order of a list, which no two of them share."""
    column = SORT_COLUMNS[sort]
    order = [column, Product.id] if sort != "id" else [column]
    return statement.order_by(*(c.desc() if descending else c.asc() for c in order))


def list_products(
    wanted: ProductFilter,
    *,
    sort: SortKey = "id",
    descending: bool = False,
    after: tuple[Any, int] | None = None,
    limit: int = 50,
) -> Page:
    """A page of products by keyset: any page costs what the first one costs.

    after: the position a previous page ended with, made of the sort value and the id.
    """
    column = SORT_COLUMNS[sort]
    statement = matching(wanted)
    if after is not None:
        here, there = tuple_(column, Product.id), tuple_(literal(after[0]), literal(after[1]))
        statement = statement.where(here < there if descending else here > there)
    statement = in_order(statement, sort, descending=descending)
    found = db.session.scalars(statement.limit(limit + 1)).all()
    page, more = found[:limit], len(found) > limit
    if not more or not page:
        return Page(page, None)
    last = page[-1]
    value = last.sku_key if sort == "sku" else getattr(last, sort)
    return Page(page, (value, last.id))
