"""Sets of members in ClickHouse: made in one insert, compared, and tidied away.

A set is one row, a bitmap of the ids of products. So a reader sees a set whole or not at all, two
sets are compared without listing either, and 300,000 members take a few hundred kilobytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pim.analytics.client import READ_LIMITS, TENANT, clickhouse, tenant_rows
from pim.core import settings
from pim.core.tenancy import current_tenant_id
from pim.segments.dsl.printer import Where
from pim.segments.membership import SETS

CHANGES = "product_membership_changes"
# Products of one event. Receivers get them in pieces that a small server can take.
EVENT_PRODUCTS = 1_000

_OF_SEGMENT = f"{TENANT} AND segment_id = {{segment:UInt64}}"
_SET = f"(SELECT groupBitmapMergeState(members) FROM {SETS} WHERE {_OF_SEGMENT} AND generation = "  # noqa: S608
_OLD, _NEW = f"{_SET}{{old:UInt64}})", f"{_SET}{{new:UInt64}})"
_ROWS = f"(SELECT count() FROM {SETS} WHERE {_OF_SEGMENT} AND generation = "  # noqa: S608

_MAKE = (
    f"INSERT INTO {SETS} (tenant_id, segment_id, generation, members) "  # noqa: S608
    "SELECT {tenant:UInt64}, {segment:UInt64}, {new:UInt64}, groupBitmapState(product_id) "
    "FROM products FINAL WHERE "
)
_DIFFERENCE = (
    f"WITH {_OLD} AS old, {_NEW} AS new SELECT {_ROWS}{{old:UInt64}}), {_ROWS}{{new:UInt64}}), "
    "bitmapCardinality(new), bitmapAndnotCardinality(new, old), bitmapAndnotCardinality(old, new)"
)
_PROBE = (
    f"WITH {_OLD} AS old SELECT {_ROWS}{{old:UInt64}}), bitmapCardinality(now), "  # noqa: S608
    "bitmapAndnotCardinality(now, old), bitmapAndnotCardinality(old, now) "
    "FROM (SELECT groupBitmapState(product_id) AS now FROM products FINAL WHERE "
)
_NOTE_CHANGES = (
    f"INSERT INTO {CHANGES} (tenant_id, segment_id, generation, product_id, entered) "  # noqa: S608
    f"WITH {_OLD} AS old, {_NEW} AS new "
    "SELECT {tenant:UInt64}, {segment:UInt64}, {new:UInt64}, change.1, change.2 FROM ("
    "SELECT arrayJoin(arrayConcat("
    "arrayMap(x -> (x, 1), bitmapToArray(bitmapAndnot(new, old))), "
    "arrayMap(x -> (x, 0), bitmapToArray(bitmapAndnot(old, new))))) AS change)"
)
_THERE = (
    f"SELECT segment_id, generation FROM {SETS} WHERE {TENANT} AND (segment_id, generation) IN "  # noqa: S608
    "arrayZip({segments:Array(UInt64)}, {generations:Array(UInt64)})"
)
# ClickHouse writes the JSON: listing a million products in Python takes several times as long.
_CHANGED = (
    f"WITH {_OLD} AS old, {_NEW} AS new, "  # noqa: S608
    "if({entered:UInt8} = 1, bitmapAndnot(new, old), bitmapAndnot(old, new)) AS changed, "
    "bitmapToArray(changed) AS ids, "
    "concat('{\"id\":', toString(c.product_id), ',\"sku\":', "
    "if(empty(p.sku), 'null', toJSONString(p.sku)), '}') AS product "
    "SELECT countIf(empty(p.sku)), concat('[', "
    "arrayStringConcat(arraySort(groupArray((c.product_id, product))).2, ','), ']') "
    "FROM (SELECT pair.1 AS product_id, intDiv(pair.2 - 1, {each:UInt64}) AS piece "
    "FROM (SELECT arrayJoin(arrayZip(ids, arrayEnumerate(ids))) AS pair)) AS c "
    f"LEFT ANY JOIN (SELECT product_id, sku FROM products FINAL WHERE {TENANT} "
    "AND bitmapContains(changed, product_id)) AS p ON p.product_id = c.product_id "
    "GROUP BY c.piece ORDER BY c.piece"
)


@dataclass(frozen=True, slots=True)
class Difference:
    """How a set differs from the one that counts. known: whether ClickHouse still has that one."""

    known: bool
    count: int
    entered: int
    left: int

    @property
    def changed(self) -> bool:
        """Whether the members are others."""
        return self.entered > 0 or self.left > 0


class SetDoubled(Exception):
    """The insert was sent twice: the two rows may differ, so the set isn't used."""


def probe(segment_id: int, old: int, where: Where) -> Difference:
    """How the members would differ now, without keeping them."""
    values = {**where.parameters.values, "segment": segment_id, "old": old}
    known, *counts = tenant_rows(f"{_PROBE}{where.sql})", values, limits=limits())[0]
    return Difference(known > 0, *map(int, counts))


def make(segment_id: int, new: int, where: Where) -> None:
    """Keep the members of now as the set of this number."""
    values = {**where.parameters.values, "segment": segment_id, "new": new}
    _write(f"{_MAKE}{where.sql}", values)


def compare(segment_id: int, old: int, new: int) -> Difference:
    """How one kept set differs from another. Raises SetDoubled."""
    values = {"segment": segment_id, "old": old, "new": new}
    known, rows, *counts = tenant_rows(_DIFFERENCE, values, limits=limits())[0]
    if rows != 1:
        raise SetDoubled
    return Difference(known > 0, *map(int, counts))


def note_changes(segment_id: int, old: int, new: int) -> None:
    """Keep who came and who went from one set to another."""
    _write(_NOTE_CHANGES, {"segment": segment_id, "old": old, "new": new})


@dataclass(frozen=True, slots=True)
class Piece:
    """Some products that came or went. products: JSON, a list of objects with `id` and `sku`.

    unknown: how many of them have null as their SKU, because they were deleted.
    """

    unknown: int
    products: str


def changed(segment_id: int, old: int, new: int, *, entered: bool) -> Iterator[Piece]:
    """The products that came (or went), in pieces of `EVENT_PRODUCTS`."""
    values = {"segment": segment_id, "old": old, "new": new, "entered": int(entered)}
    values["each"] = EVENT_PRODUCTS
    for unknown, products in tenant_rows(_CHANGED, values, limits=limits()):
        yield Piece(int(unknown), str(products))


def missing(generations: Mapping[int, int]) -> dict[int, int]:
    """Those of these sets, one of a segment, that ClickHouse doesn't have. Raises Unavailable."""
    if not generations:
        return {}
    values = {"segments": list(generations), "generations": list(generations.values())}
    there = {(int(segment), int(generation)) for segment, generation in tenant_rows(_THERE, values)}
    return dict(generations.items() - there)


def limits() -> Mapping[str, Any]:
    """What one reading query of a computation may take."""
    return {**READ_LIMITS, "max_execution_time": settings().segment_query_seconds}


def _write(statement: str, values: Mapping[str, Any]) -> None:
    writing = {name: value for name, value in limits().items() if name != "readonly"}
    clickhouse().command(
        statement,
        {**values, "tenant": current_tenant_id()},
        settings={**writing, "insert_deduplicate": 0},
    )
