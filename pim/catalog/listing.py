"""Which store answers a page of the list, and the page.

PostgreSQL shows every row, so what a person just edited is what they see. It also finds the rows
where that costs little: in the order of the SKU, and all there is in a small catalog. Searching,
filtering and sorting a large catalog is ClickHouse's work: it names the products, PostgreSQL
shows them. While ClickHouse is away PostgreSQL does that too, slower and with a limit on time.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from pim.catalog import list_clickhouse, list_postgresql
from pim.catalog.keyset import Edges, Key, ListQuery, cut_page
from pim.core.db import db
from pim.core.errors import Unavailable
from pim.products.models import Product

SMALL_CATALOG = 20_000
SLOWEST_MS = 8_000

Store = Literal["postgresql", "clickhouse"]

log = logging.getLogger(__name__)


class TooSlow(Unavailable):
    """The list can't be found in time without ClickHouse."""

    code = "too_slow"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list.

    total: how many products the list has; `at_least` says that there are more than that.
    in_catalog: how many the tenant has, narrowed or not; `capped` says that there are more.
    degraded: ClickHouse was asked in vain.
    """

    products: Sequence[Product]
    edges: Edges
    total: int
    at_least: bool
    in_catalog: int
    store: Store
    capped: bool = False
    degraded: bool = False


def find_page(query: ListQuery) -> Listing:
    """One page of the list. Raises TooSlow."""
    in_catalog = list_postgresql.count_up_to(SMALL_CATALOG + 1)
    if in_catalog <= SMALL_CATALOG:
        return _from_postgresql(query, in_catalog)
    if query.import_id is not None:
        return _of_an_import(query, in_catalog)
    if query.by_sku and not query.is_narrowed:
        return _unfiltered(query, in_catalog)
    try:
        keys = list_clickhouse.find_keys(query)
        total = list_clickhouse.count_matching(query)
        everything = list_clickhouse.count_matching(ListQuery())
    except Unavailable:
        return _without_clickhouse(query, in_catalog)
    return _listing(query, keys, total, everything, "clickhouse")


def _from_postgresql(query: ListQuery, in_catalog: int) -> Listing:
    keys = list_postgresql.find_keys(query)
    total = list_postgresql.count_matching(query) if query.is_narrowed else in_catalog
    return _listing(query, keys, total, in_catalog, "postgresql")


def _of_an_import(query: ListQuery, at_least: int) -> Listing:
    """PostgreSQL knows what an import touched; how many products there are, ClickHouse."""
    try:
        everything = list_clickhouse.count_matching(ListQuery())
    except Unavailable:
        return replace(_from_postgresql(query, at_least), capped=True)
    return _from_postgresql(query, everything)


def _unfiltered(query: ListQuery, at_least: int) -> Listing:
    """The whole of a large catalog by SKU: rows from the index, their number from ClickHouse."""
    keys = list_postgresql.find_keys(query)
    try:
        total = list_clickhouse.count_matching(query)
    except Unavailable:
        listing = _listing(query, keys, at_least, at_least, "postgresql")
        return replace(listing, at_least=True, degraded=True)
    return _listing(query, keys, total, total, "postgresql")


def _without_clickhouse(query: ListQuery, at_least: int) -> Listing:
    try:
        # The limit holds for the rest of this request's transaction, which only reads.
        db.session.execute(text(f"SET LOCAL statement_timeout = {SLOWEST_MS}"))
        keys = list_postgresql.find_keys(query)
        total = list_postgresql.count_matching(query)
    except OperationalError as error:
        db.session.rollback()
        log.warning("catalog_list_too_slow", exc_info=error)
        raise TooSlow(
            "The index for searching and filtering is away, and without it this list takes too "
            "long. Narrow it down further, or try again in a moment."
        ) from error
    listing = _listing(query, keys, total, at_least, "postgresql")
    return replace(listing, capped=True, degraded=True)


def _listing(
    query: ListQuery, keys: list[Key], total: int, in_catalog: int, store: Store
) -> Listing:
    page, edges = cut_page(keys, query)
    found = list_postgresql.load_products([key.product_id for key in page])
    products = [found[key.product_id] for key in page if key.product_id in found]
    return Listing(products, edges, total, False, in_catalog, store)
