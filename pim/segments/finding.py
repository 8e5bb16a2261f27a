"""Finds products by a rule, page by page: ClickHouse names them, whoever asks shows them.

Pages are found by comparing with the last row of the one before, so each costs the same. What
ClickHouse names is what it knew: a product that was deleted since isn't there to be shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pim.analytics.client import READ_LIMITS, tenant_rows
from pim.analytics.columns import Parameters, any_at_once
from pim.analytics.folding import contains
from pim.products.identity import sku_key
from pim.segments.asked import require_members, require_sets
from pim.segments.compiling import compile_definition
from pim.segments.dsl import Where
from pim.segments.membership import members_sql
from pim.segments.models import ProductSegment

# All of a large catalog may take longer than a page of it; somebody waits all the same.
_ALL = {**READ_LIMITS, "max_execution_time": 60}
# property of the list: the column, and the type its values are bound as
ORDERS: Mapping[str, tuple[str, str]] = {
    "id": ("product_id", "UInt64"),
    "sku": ("sku_key", "String"),
    "name": ("name", "String"),
    "updated_at": ("updated_at", "DateTime64(6, 'UTC')"),
    "created_at": ("created_at", "DateTime64(6, 'UTC')"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """By what products are listed: a key of ORDERS, and the id where that is equal."""

    key: str = "id"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of a page. after: where the next page begins, None at the end."""

    product_ids: tuple[int, ...]
    after: tuple[Any, int] | None


def narrowed(
    definition: Any = None,
    *,
    segment: ProductSegment | None = None,
    text: str = "",
    active: bool | None = None,
    updated_since: datetime | None = None,
    path: str = "",
) -> Where:
    """What products have to satisfy: a rule, being members of a segment, and what lists ask.

    definition: None for no rule. text: part of the SKU or the name. path: where the definition
    stands. Raises DefinitionInvalid, Unavailable.
    """
    if definition is None:
        where = Where("1", Parameters())
    else:
        compiled = compile_definition(definition, path=path)
        require_members(compiled)
        where = compiled.where
    conditions, parameters = [where.rule], where.parameters
    if segment is not None:
        require_sets({segment.id: segment.generation})
        conditions.append(members_sql(segment.id, segment.generation, parameters))
    if text.strip():
        in_sku = f"position(sku_key, {parameters.bind(sku_key(text))}) > 0"
        in_name = contains("name", text.strip(), parameters, of_product=True)
        conditions.append(any_at_once(in_sku, in_name))
    if active is not None:
        conditions.append("active" if active else "NOT active")
    if updated_since is not None:
        since = parameters.bind(updated_since, "DateTime64(6, 'UTC')")
        conditions.append(f"updated_at >= {since}")
    return Where(" AND ".join(conditions), parameters)


def find_page(
    where: Where, order: Order, *, limit: int, after: tuple[Any, int] | None = None
) -> Found:
    """The products of one page that a rule lets through. Raises Unavailable, TooExpensive."""
    column, type_name = ORDERS[order.key]
    condition = where.sql
    if after is not None:
        value = where.parameters.bind(after[0], type_name)
        last = where.parameters.bind(after[1], "UInt64")
        sign = "<" if order.descending else ">"
        condition += f" AND ({column}, product_id) {sign} ({value}, {last})"
    way = "DESC" if order.descending else "ASC"
    rows = tenant_rows(
        f"SELECT product_id, {column} FROM products FINAL WHERE {condition} "  # noqa: S608
        f"ORDER BY {column} {way}, product_id {way} LIMIT {limit + 1:d}",
        where.parameters.values,
    )
    page = rows[:limit]
    more = len(rows) > limit
    place = (_aware(page[-1][1]), int(page[-1][0])) if more and page else None
    return Found(tuple(int(row[0]) for row in page), place)


def count_found(where: Where) -> int:
    """How many products a rule lets through. Raises Unavailable, TooExpensive."""
    statement = f"SELECT count() FROM products FINAL WHERE {where.sql}"  # noqa: S608
    return int(tenant_rows(statement, where.parameters.values)[0][0])


def find_every(where: Where) -> list[int]:
    """The ids of all products a rule lets through, in their order. Raises as `find_page`."""
    statement = f"SELECT arraySort(groupArray(product_id)) FROM products FINAL WHERE {where.sql}"  # noqa: S608
    return [
        int(each) for each in tenant_rows(statement, where.parameters.values, limits=_ALL)[0][0]
    ]


def find_versions(where: Where) -> dict[int, int]:
    """All products a rule lets through, with the versions that were looked at."""
    statement = (
        "WITH groupArray((product_id, version)) AS found "  # noqa: S608
        "SELECT arrayMap(x -> x.1, found), arrayMap(x -> x.2, found) "
        f"FROM products FINAL WHERE {where.sql}"
    )
    ids, versions = tenant_rows(statement, where.parameters.values, limits=_ALL)[0]
    return {int(each): int(version) for each, version in zip(ids, versions, strict=True)}


def _aware(value: Any) -> Any:
    """Moments come without their zone, which is UTC."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value
