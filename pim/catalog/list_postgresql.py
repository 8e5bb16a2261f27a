"""The list as PostgreSQL answers it: at once and exactly, the last edit included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, null, or_, select

from pim.catalog.in_segments import in_postgresql
from pim.catalog.keyset import Key, ListQuery, text_of_value, value_of_text
from pim.catalog.sql_postgresql import condition_sql, search_condition, sort_expression
from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.products.models import Product
from pim.products.queries import touched_by_import

_Keys = Select[Any, Any, Any]


def _conditions(query: ListQuery) -> list[ColumnElement[bool]]:
    found = [Product.tenant_id == current_tenant_id()]
    if query.words:
        found.append(search_condition(query.words))
    if query.import_id is not None:
        found.append(touched_by_import(query.import_id))
    found.extend(in_postgresql(query.segments))
    found.extend(condition_sql(condition) for condition in query.conditions)
    return found


def find_keys(query: ListQuery) -> list[Key]:
    """The page's rows, and one more if there is one; before its place, nearest first."""
    statement = _by_sku(query) if query.by_sku else _by_property(query)
    rows = db.session.execute(statement.limit(query.limit + 1))
    return [Key(row.id, text_of_value(row.value), row.sku_key) for row in rows]


def _by_sku(query: ListQuery) -> _Keys:
    key = Product.sku_key
    falling = query.descending is not query.backwards
    statement: _Keys = select(Product.id, null().label("value"), key)
    statement = statement.where(*_conditions(query))
    if query.place:
        statement = statement.where(
            key < query.place.sku_key if falling else key > query.place.sku_key
        )
    return statement.order_by(key.desc() if falling else key.asc())


def _by_property(query: ListQuery) -> _Keys:
    value, key = sort_expression(query.sort), Product.sku_key
    statement: _Keys = select(Product.id, value.label("value"), key)
    statement = statement.where(*_conditions(query))
    if query.place:
        statement = statement.where(_beyond(query, value))
    falling = query.descending is not query.backwards
    by_value = value.desc() if falling else value.asc()
    return statement.order_by(
        by_value.nulls_first() if query.backwards else by_value.nulls_last(),
        key.desc() if query.backwards else key.asc(),
    )


def _beyond(query: ListQuery, value: ColumnElement[Any]) -> ColumnElement[bool]:
    """The rows after the place in the order, or before it."""
    place = query.place
    assert place is not None  # the caller looked
    key = Product.sku_key
    here = value_of_text(query.sort, place.value)
    beside = key < place.sku_key if query.backwards else key > place.sku_key
    if here is None:
        without = and_(value.is_(None), beside)
        return or_(value.is_not(None), without) if query.backwards else without
    falling = query.descending is not query.backwards
    bound = literal(here)
    further = value < bound if falling else value > bound
    found = or_(further, and_(value == bound, beside))
    return found if query.backwards else or_(found, value.is_(None))


def every_product(query: ListQuery) -> Select[Product]:
    """All products of the list in its order, whatever page the query is of."""
    statement = select(Product).where(*_conditions(query))
    key = Product.sku_key
    if query.by_sku:
        return statement.order_by(key.desc() if query.descending else key.asc())
    value = sort_expression(query.sort)
    by_value = value.desc() if query.descending else value.asc()
    return statement.order_by(by_value.nulls_last(), key.asc())


def load_products(ids: Sequence[int]) -> dict[int, Product]:
    """The rows of a page as they are now; a product that is gone is missing."""
    statement = select(Product).where(
        Product.tenant_id == current_tenant_id(), Product.id.in_(list(ids))
    )
    fresh = statement.execution_options(populate_existing=True)
    return {product.id: product for product in db.session.scalars(fresh)}


def count_matching(query: ListQuery) -> int:
    """How many products the list has."""
    return db.session.scalar(select(func.count(Product.id)).where(*_conditions(query))) or 0


def count_up_to(limit: int) -> int:
    """How many products the tenant has, counted no further than `limit`."""
    some = select(Product.id).where(Product.tenant_id == current_tenant_id()).limit(limit)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0
