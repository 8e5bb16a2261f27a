"""Counts, facets and values of a tenant's products, for whoever has a condition in SQL.

`where` is a condition made by a printer; its values are in `parameters`. The tenant is added here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pim.analytics import folding
from pim.analytics.client import TENANT, tenant_rows
from pim.analytics.columns import Parameters, Read

EVERY_PRODUCT = "1"
BUCKETS = 20
MOST_FOUND = 20_000

_FROM = f"FROM products FINAL WHERE {TENANT}"


@dataclass(frozen=True, slots=True)
class Counted:
    """A value and how many products have it."""

    value: Any
    count: int


@dataclass(frozen=True, slots=True)
class Values:
    """The most frequent values of a property. distinct: how many different ones there are."""

    top: tuple[Counted, ...]
    distinct: int
    without: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many products lie from `low` up to, but not with, `high` (the last one: with it)."""

    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How the numbers of a property are spread; low and high are None where there are none."""

    low: float | None
    high: float | None
    count: int
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class FacetOf:
    """What to count: a property, over the products that satisfy `where`.

    currency: for prices, which amounts count.
    """

    read: Read
    where: str = EVERY_PRODUCT
    currency: str = ""


def count_products(where: str, parameters: Parameters) -> int:
    """How many products satisfy a condition."""
    rows = tenant_rows(f"SELECT count() {_FROM} AND ({where})", parameters.values)
    return int(rows[0][0])


def find_values(
    facets: Sequence[FacetOf], parameters: Parameters, *, top: int = 10
) -> list[Values]:
    """The most frequent values of each property with their counts, in one round trip."""
    if not facets:
        return []
    selects = [_values_sql(index, facet, top) for index, facet in enumerate(facets)]
    rows = tenant_rows(" UNION ALL ".join(selects), parameters.values)
    found: list[list[Counted]] = [[] for _ in facets]
    totals = [(0, 0)] * len(facets)
    for index, value, count, distinct, without in rows:
        totals[index] = (distinct, without)
        if value != "":
            found[index].append(Counted(_value_of(facets[index].read, value), count))
    return [
        Values(tuple(sorted(counted, key=_most_first)[:top]), *total)
        for counted, total in zip(found, totals, strict=True)
    ]


def _most_first(counted: Counted) -> tuple[int, str]:
    return -counted.count, str(counted.value)


def _value_of(read: Read, text: str) -> Any:
    return text == "true" if read.kind == "flag" else text


def _values_sql(index: int, facet: FacetOf, top: int) -> str:
    """Rows (index, value, count, distinct, without); products without a value have the value ''."""
    counted = (
        f"SELECT {_as_text(facet.read)} AS v, count() AS c {_FROM} AND ({facet.where}) GROUP BY v"
    )
    return (
        f"SELECT toUInt16({index:d}) AS facet, v, c, countIf(v != '') OVER () AS d, "  # noqa: S608
        f"sumIf(c, v = '') OVER () AS w FROM ({counted}) ORDER BY v = '', c DESC, v "
        f"LIMIT {top + 1:d}"
    )


def _as_text(read: Read) -> str:
    """The value as text; a product counts once for each different entry of a list."""
    if read.kind in ("list", "prices"):
        entries = read.value if read.kind == "list" else read.currency
        return f"arrayJoin(emptyArrayToSingle(arrayDistinct(CAST({entries}, 'Array(String)'))))"
    if read.kind == "price":
        return f"if({read.is_set}, toString({read.currency}), '')"
    return f"ifNull(toString({read.value}), '')"


def find_spreads(facets: Sequence[FacetOf], parameters: Parameters) -> list[Spread]:
    """How the numbers of each property are spread, in two round trips."""
    if not facets:
        return []
    numbers = [_numbers(facet, parameters) for facet in facets]
    ends = _ends(facets, numbers, parameters)
    counts = _bucket_counts(facets, numbers, ends, parameters)
    return [
        Spread(low, high, count, _buckets(low, high, counts[index]))
        for index, (low, high, count) in enumerate(ends)
    ]


def _numbers(facet: FacetOf, parameters: Parameters) -> str:
    """The numbers of a property: one per product, of a price list one per different amount."""
    read = facet.read
    if not facet.currency or read.kind not in ("price", "prices"):
        return f"arrayJoin(arrayDistinct({read.value}))" if read.kind == "prices" else read.value
    currency = parameters.bind(facet.currency)
    if read.kind == "price":
        return f"if({read.currency} = {currency}, {read.value}, NULL)"
    amounts = f"arrayFilter((a, c) -> c = {currency}, {read.value}, {read.currency})"
    return f"arrayJoin(arrayDistinct({amounts}))"


def _ends(
    facets: Sequence[FacetOf], numbers: Sequence[str], parameters: Parameters
) -> list[tuple[float | None, float | None, int]]:
    selects = [
        f"SELECT toUInt16({index:d}) AS facet, minOrNull(v), maxOrNull(v), count(v) "  # noqa: S608
        f"FROM (SELECT {number} AS v {_FROM} AND ({facet.where}))"
        for index, (facet, number) in enumerate(zip(facets, numbers, strict=True))
    ]
    rows = tenant_rows(" UNION ALL ".join(selects), parameters.values)
    return [(low, high, count) for _, low, high, count in sorted(rows, key=lambda row: row[0])]


def _bucket_counts(
    facets: Sequence[FacetOf],
    numbers: Sequence[str],
    ends: Sequence[tuple[float | None, float | None, int]],
    parameters: Parameters,
) -> list[dict[int, int]]:
    """Bucket → how many, per property."""
    counts: list[dict[int, int]] = [{} for _ in facets]
    selects = []
    for index, (facet, number, (low, high, _)) in enumerate(
        zip(facets, numbers, ends, strict=True)
    ):
        if low is None or high is None:
            continue
        start, width = parameters.bind(low, "Float64"), parameters.bind(high - low, "Float64")
        bucket = (
            f"if({width} <= 0, 0, least(toInt32(floor((v - {start}) * {BUCKETS:d} / {width})), "
            f"{BUCKETS - 1:d}))"
        )
        selects.append(
            f"SELECT toUInt16({index:d}) AS facet, {bucket} AS b, count() AS c "  # noqa: S608
            f"FROM (SELECT {number} AS v {_FROM} AND ({facet.where})) "
            "WHERE v IS NOT NULL GROUP BY b"
        )
    if selects:
        for index, bucket_number, count in tenant_rows(
            " UNION ALL ".join(selects), parameters.values
        ):
            counts[index][bucket_number] = count
    return counts


def _buckets(low: float | None, high: float | None, counts: dict[int, int]) -> tuple[Bucket, ...]:
    if low is None or high is None:
        return ()
    if low == high:
        return (Bucket(low, high, counts.get(0, 0)),)
    width = (high - low) / BUCKETS
    return tuple(
        Bucket(low + number * width, low + (number + 1) * width, counts.get(number, 0))
        for number in range(BUCKETS)
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """Values to choose from. complete: all products were looked at, so the counts are of all."""

    values: tuple[Counted, ...]
    complete: bool


def search_values(
    read: Read,
    typed: str,
    parameters: Parameters,
    *,
    where: str = EVERY_PRODUCT,
    limit: int = 10,
    most: int = MOST_FOUND,
) -> Offered:
    """Values that contain what was typed, case aside: those that start with it first.

    Somebody waits for it at every letter, so it stops after `most` products that fit.
    """
    has_it = folding.contains("v", typed, parameters)
    begins = folding.starts_with("v", typed, parameters)

    def look(condition: str) -> Offered:
        found = (
            "SELECT v, count() AS c, sum(count()) OVER () AS n FROM ("  # noqa: S608
            f"SELECT v FROM (SELECT {_as_text(read)} AS v {_FROM} AND ({where})) "
            f"WHERE v != '' AND {condition} LIMIT {most:d}) GROUP BY v "
            f"ORDER BY {begins} DESC, c DESC, v LIMIT {limit:d}"
        )
        rows = tenant_rows(found, parameters.values)
        counted = tuple(Counted(_value_of(read, value), count) for value, count, _ in rows)
        return Offered(counted, not rows or rows[0][2] < most)

    offered = look(has_it)
    if offered.complete or not typed:
        return offered
    first = look(begins).values
    others = (each for each in offered.values if each.value not in {one.value for one in first})
    return Offered((*first, *others)[:limit], complete=False)
