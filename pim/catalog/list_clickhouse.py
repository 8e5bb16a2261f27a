"""The list as ClickHouse answers it: which products and how many, not what they hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from pim.analytics.client import TENANT, tenant_rows
from pim.analytics.columns import Parameters
from pim.analytics.queries import count_products
from pim.analytics.registry import tenant_columns
from pim.catalog.in_segments import in_clickhouse
from pim.catalog.keyset import Key, ListQuery, text_of_value, value_of_text
from pim.catalog.sql_clickhouse import Printer, where_sql


def _printer() -> Printer:
    return Printer(tenant_columns(), Parameters())


def find_keys(query: ListQuery) -> list[Key]:
    """The page's rows, and one more if there is one. Raises Unavailable."""
    printer = _printer()
    where = _where(printer, query)
    value = "NULL" if query.by_sku else printer.sort_value(query.sort)
    if query.place:
        where += f" AND ({_beyond(query, value, printer)})"
    rows = tenant_rows(
        f"SELECT product_id, {value} AS sort_value, sku_key FROM products FINAL "  # noqa: S608
        f"WHERE {TENANT} AND {where} ORDER BY {_order(query)} LIMIT {query.limit + 1:d}",
        printer.parameters.values,
    )
    return [Key(product, text_of_value(_aware(found)), sku) for product, found, sku in rows]


def _where(printer: Printer, query: ListQuery) -> str:
    members = in_clickhouse(query.segments, printer.parameters)
    return " AND ".join([where_sql(printer, query.words, query.conditions), *members])


def _order(query: ListQuery) -> str:
    falling = "DESC" if query.descending is not query.backwards else "ASC"
    if query.by_sku:
        return f"sku_key {falling}"
    nulls, ties = ("FIRST", "DESC") if query.backwards else ("LAST", "ASC")
    return f"sort_value {falling} NULLS {nulls}, sku_key {ties}"


def _beyond(query: ListQuery, value: str, printer: Printer) -> str:
    """The rows after the place in the order, or before it; see `list_postgresql`."""
    place = query.place
    assert place is not None  # the caller looked
    falling = query.descending is not query.backwards
    key = printer.parameters.bind(place.sku_key)
    if query.by_sku:
        return f"sku_key {'<' if falling else '>'} {key}"
    beside = f"sku_key {'<' if query.backwards else '>'} {key}"
    here = value_of_text(query.sort, place.value)
    if here is None:
        without = f"isNull({value}) AND {beside}"
        return f"isNotNull({value}) OR ({without})" if query.backwards else without
    bound = printer.bind_sort_value(query.sort, here)
    further = f"ifNull({value} {'<' if falling else '>'} {bound}, false)"
    found = f"{further} OR (ifNull({value} = {bound}, false) AND {beside})"
    return found if query.backwards else f"{found} OR isNull({value})"


def _aware(value: Any) -> Any:
    """Moments come without their zone, which is UTC."""
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)
    return value


def count_matching(query: ListQuery) -> int:
    """How many products the list has. Raises Unavailable."""
    printer = _printer()
    where = _where(printer, query)
    return count_products(where, printer.parameters)
