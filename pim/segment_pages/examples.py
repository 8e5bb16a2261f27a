"""A few values of each field, so that who chooses a field sees what is in it.

Taken from a sample of the products and kept for a while in each process: they show what a field
looks like, nothing is decided by them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from pim.analytics.client import TENANT, tenant_rows
from pim.analytics.columns import Parameters, Read, TenantColumns, read_fixed
from pim.analytics.registry import tenant_columns
from pim.core.errors import DomainError
from pim.core.tenancy import current_tenant_id
from pim.schema.fields import Vocabulary
from pim.segments.dsl.properties import Property, properties_of

SAMPLE_ROWS = 5_000
KEPT_SECONDS = 300.0
SHOWN, LONGEST = 3, 24
MOST_FIELDS = 200


@dataclass(frozen=True, slots=True)
class Examples:
    """values: property → some of its values. currencies: property → those its prices are in."""

    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    currencies: dict[str, tuple[str, ...]] = field(default_factory=dict)


_kept: dict[tuple[int, int], tuple[float, Examples]] = {}
_lock = Lock()


def examples_of(vocabulary: Vocabulary) -> Examples:
    """Values of the tenant in force; none while ClickHouse is away."""
    key = (current_tenant_id(), vocabulary.version)
    with _lock:
        found = _kept.get(key)
    if found and found[0] > time.monotonic():
        return found[1]
    try:
        examples = _sampled(vocabulary)
    except DomainError:
        return Examples()
    with _lock:
        if len(_kept) > 1000:
            _kept.clear()
        if any(examples.values.values()):
            _kept[key] = (time.monotonic() + KEPT_SECONDS, examples)
    return examples


def _sampled(vocabulary: Vocabulary) -> Examples:
    asked = [
        (key, prop)
        for key, prop in properties_of(vocabulary.fields).items()
        if prop.kind not in ("boolean", "date") and key not in ("sku", "name", "source")
    ][:MOST_FIELDS]
    if not asked:
        return Examples()
    columns, parameters = tenant_columns(), Parameters("e")
    inner: list[str] = []
    for at, (_, prop) in enumerate(asked):
        texts, currencies = _as_texts(_read(prop, columns, parameters))
        inner += [f"{texts} AS x{at:d}", f"{currencies} AS c{at:d}"]
    outer = ", ".join(
        f"{_summary(prop, at)}, {_currencies(at)}" for at, (_, prop) in enumerate(asked)
    )
    (row,) = tenant_rows(
        f"SELECT {outer} FROM (SELECT {', '.join(inner)} FROM products FINAL "  # noqa: S608
        f"WHERE {TENANT} LIMIT {SAMPLE_ROWS:d})",
        parameters.values,
    )
    values, found = {}, {}
    for at, (key, prop) in enumerate(asked):
        values[key] = _shown(row[2 * at])
        if prop.kind in ("price", "multi_price"):
            found[key] = tuple(row[2 * at + 1])
    return Examples(values, found)


def _read(prop: Property, columns: TenantColumns, parameters: Parameters) -> Read:
    return read_fixed(prop.name) if prop.fixed else columns.read(prop.name, prop.kind, parameters)


def _as_texts(read: Read) -> tuple[str, str]:
    """The values of a product as a list, and the currencies of its prices."""
    none = "CAST([], 'Array(String)')"
    if read.kind == "list":
        return f"CAST({read.value}, 'Array(String)')", none
    if read.kind == "prices":
        return f"CAST({read.value}, 'Array(Float64)')", f"CAST({read.currency}, 'Array(String)')"
    if read.kind == "price":
        amount = f"if({read.is_set}, [assumeNotNull({read.value})], CAST([], 'Array(Float64)'))"
        return amount, f"if({read.is_set}, [CAST({read.currency}, 'String')], {none})"
    if read.kind == "number":
        return f"if({read.is_set}, [assumeNotNull({read.value})], CAST([], 'Array(Float64)'))", none
    return f"if({read.is_set}, [CAST(assumeNotNull({read.value}), 'String')], {none})", none


def _summary(prop: Property, at: int) -> str:
    """The most frequent texts; of numbers the smallest and the largest."""
    if prop.kind in ("number", "price", "multi_price"):
        ends = f"[minArray(x{at:d}), maxArray(x{at:d})]"
        return f"if(notEmpty(groupArrayArray(1)(x{at:d})), arrayMap(v -> toString(v), {ends}), [])"
    return f"topKArray({SHOWN:d})(x{at:d})"


def _currencies(at: int) -> str:
    return f"topKArray({SHOWN:d})(c{at:d})"


def _shown(values: Sequence[str]) -> tuple[str, ...]:
    texts = (" ".join(str(value).split()) for value in values)
    return tuple(text for text in texts if text and len(text) <= LONGEST)
