"""Proof that ClickHouse holds what PostgreSQL holds: counts and a hash of the content, per tenant.

Both databases hash the same text of each product: id, SKU, name, active, source, version and
data, the last as PostgreSQL writes it. The sum of the hashes doesn't depend on the order of rows.
Where sums differ, ranges of ids are compared, and in those that differ the products themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text

from pim.analytics import deliveries
from pim.analytics.client import LONG_READ_LIMITS, TENANT, tenant_rows
from pim.core.db import db, transaction
from pim.core.tenancy import current_tenant_id, tenant_scope

SAMPLES = 10
_IDS_A_RANGE = 10_000
_RANGES_LOOKED_INTO = 20
_MODULUS = 2**64

# The separator can't be typed by anyone; were it in a name, two products would have to conspire.
_HASH_POSTGRESQL = """('x' || left(md5(concat_ws(chr(31), id, sku, name, active::int, source,
    version, data::text)), 16))::bit(64)::bigint"""
_HASH_CLICKHOUSE = r"""reinterpretAsUInt64(reverse(substring(MD5(concat(toString(product_id),
    '\x1f', sku, '\x1f', name, '\x1f', toString(toUInt8(active)), '\x1f', source, '\x1f',
    toString(version), '\x1f', data)), 1, 8)))"""

_RANGES_POSTGRESQL = f"""
SELECT id / {_IDS_A_RANGE}, count(*), sum({_HASH_POSTGRESQL}) FROM products
WHERE tenant_id = :tenant GROUP BY 1
"""  # noqa: S608  # constants
_RANGES_CLICKHOUSE = f"""
SELECT intDiv(product_id, {_IDS_A_RANGE}) AS ids, count(), sumWithOverflow({_HASH_CLICKHOUSE})
FROM products FINAL WHERE {TENANT} GROUP BY ids
"""  # noqa: S608  # constants
_PRODUCTS_POSTGRESQL = f"""
SELECT id, {_HASH_POSTGRESQL} FROM products
WHERE tenant_id = :tenant AND id BETWEEN :low AND :high
"""  # noqa: S608  # constants
_PRODUCTS_CLICKHOUSE = f"""
SELECT product_id, {_HASH_CLICKHOUSE} FROM products FINAL
WHERE {TENANT} AND product_id BETWEEN {{low:UInt64}} AND {{high:UInt64}}
"""  # noqa: S608  # constants

Sums = dict[int, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One tenant in both databases. waiting: change sets that ClickHouse hasn't got yet."""

    tenant_id: int
    in_postgresql: int
    in_clickhouse: int
    waiting: int
    hash_postgresql: str
    hash_clickhouse: str
    samples: Mapping[str, Sequence[int]] = field(default_factory=dict)

    @property
    def equal(self) -> bool:
        """Whether both hold the same products."""
        return (
            self.in_postgresql == self.in_clickhouse
            and self.hash_postgresql == self.hash_clickhouse
        )


def compare(tenant_id: int) -> Comparison:
    """Compare one tenant as both databases have it now. Raises Unavailable."""
    with tenant_scope(tenant_id), transaction():
        ours, theirs = _sums_postgresql(), _sums_clickhouse()
        differing = sorted(
            ids for ids in ours.keys() | theirs.keys() if ours.get(ids) != theirs.get(ids)
        )
        return Comparison(
            tenant_id,
            in_postgresql=sum(count for count, _ in ours.values()),
            in_clickhouse=sum(count for count, _ in theirs.values()),
            waiting=deliveries.count_waiting(),
            hash_postgresql=_total(ours),
            hash_clickhouse=_total(theirs),
            samples=_samples(differing[:_RANGES_LOOKED_INTO]) if differing else {},
        )


def _total(sums: Sums) -> str:
    return f"{sum(value for _, value in sums.values()) % _MODULUS:016x}"


def _sums_postgresql() -> Sums:
    rows = db.session.execute(text(_RANGES_POSTGRESQL), {"tenant": current_tenant_id()})
    return {ids: (count, int(total) % _MODULUS) for ids, count, total in rows}


def _sums_clickhouse() -> Sums:
    rows = tenant_rows(_RANGES_CLICKHOUSE, limits=LONG_READ_LIMITS)
    return {ids: (count, total) for ids, count, total in rows}


def _samples(ranges: Sequence[int]) -> dict[str, list[int]]:
    """Ids of products that are missing in ClickHouse, too many there, or different."""
    found: dict[str, list[int]] = {"missing": [], "extra": [], "different": []}
    for kind, product_id in _differences(ranges):
        if len(found[kind]) < SAMPLES:
            found[kind].append(product_id)
    return {kind: ids for kind, ids in found.items() if ids}


def _differences(ranges: Sequence[int]) -> Iterator[tuple[str, int]]:
    for ids in ranges:
        limits = {"low": ids * _IDS_A_RANGE, "high": (ids + 1) * _IDS_A_RANGE - 1}
        rows = db.session.execute(
            text(_PRODUCTS_POSTGRESQL), {"tenant": current_tenant_id(), **limits}
        )
        ours = {product_id: value % _MODULUS for product_id, value in rows}
        theirs = {row[0]: row[1] for row in tenant_rows(_PRODUCTS_CLICKHOUSE, limits)}
        for product_id in sorted(ours.keys() | theirs.keys()):
            if product_id not in theirs:
                yield "missing", product_id
            elif product_id not in ours:
                yield "extra", product_id
            elif ours[product_id] != theirs[product_id]:
                yield "different", product_id
