"""Which fields are worth a facet: those whose values repeat, as a sample of the products shows.

A name field has as many values as there are products, a brand a few. What tells them apart is the
data, not the type, so a sample is looked at. The choice changes slowly and is kept for a while in
each process; the counts of a facet are always fresh.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from pim.analytics.client import TENANT, tenant_rows
from pim.analytics.columns import Parameters, Read, TenantColumns
from pim.catalog.columns import image_fields
from pim.core.tenancy import current_tenant_id
from pim.schema.fields import Field, Vocabulary
from pim.segments.dsl.properties import field_key

SAMPLE_ROWS = 10_000
KEPT_SECONDS = 60.0
MOST_VALUES, MOST_RANGES = 7, 3
MOST_DIFFERENT = 500
LONGEST_VALUE = 40
LEAST_FILLED = 0.01
# A number that names a thing isn't one to choose a range of.
_CODE_NAME = re.compile(
    r"(^|[^a-z])(id|ean|gtin|upc|isbn|code|nr|no|number|sku|year)([^a-z]|$)", re.I
)
_VALUE_TYPES = ("string", "array", "boolean")
_RANGE_TYPES = ("price", "multi_price", "number")


@dataclass(frozen=True, slots=True)
class Choice:
    """The keys of the properties that get a facet, in the order of the schema."""

    values: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sampled:
    """What a sample says of a field."""

    rows: int
    filled: int
    distinct: int
    length: float


_kept: dict[tuple[int, int], tuple[float, Choice]] = {}
_lock = Lock()


def choose(vocabulary: Vocabulary, columns: TenantColumns) -> Choice:
    """The facets of the tenant in force. Raises Unavailable."""
    key = (current_tenant_id(), vocabulary.version)
    with _lock:
        found = _kept.get(key)
    if found and found[0] > time.monotonic():
        return found[1]
    choice = _choose(vocabulary, columns)
    with _lock:
        if len(_kept) > 1000:
            _kept.clear()
        # A catalog that has only just begun to fill changes from one look to the next.
        if choice.values or choice.ranges:
            _kept[key] = (time.monotonic() + KEPT_SECONDS, choice)
    return choice


def _choose(vocabulary: Vocabulary, columns: TenantColumns) -> Choice:
    pictures = set(image_fields(vocabulary.fields))
    candidates = [
        field
        for field in vocabulary.fields
        if field.name not in pictures and field.type in _VALUE_TYPES + _RANGE_TYPES
    ]
    if not candidates:
        return Choice()
    sampled = _sample(candidates, columns)
    worth = [
        (field, found.filled / max(found.rows, 1))
        for field, found in zip(candidates, sampled, strict=True)
        if is_worth_it(field, found)
    ]
    return Choice(
        _best(worth, _VALUE_TYPES, MOST_VALUES, vocabulary),
        _best(worth, _RANGE_TYPES, MOST_RANGES, vocabulary),
    )


def _best(
    worth: Sequence[tuple[Field, float]],
    types: Sequence[str],
    most: int,
    vocabulary: Vocabulary,
) -> tuple[str, ...]:
    """The best filled ones, in the order of the schema; of equally filled ones the first."""
    order = {name: at for at, name in enumerate(vocabulary.names)}
    found = [(field, round(filled, 1)) for field, filled in worth if field.type in types]
    best = sorted(found, key=lambda each: (-each[1], order[each[0].name]))[:most]
    names = sorted((field.name for field, _ in best), key=lambda name: order[name])
    return tuple(field_key(name) for name in names)


def is_worth_it(field: Field, found: _Sampled) -> bool:
    """Whether choosing among its values narrows a list down."""
    if not found.filled or found.filled < found.rows * LEAST_FILLED:
        return False
    if field.type == "boolean":
        return True
    if field.type in _RANGE_TYPES:
        return found.distinct > 2 and not (
            field.type == "number" and _CODE_NAME.search(field.name.replace("_", " "))
        )
    repeats = found.distinct <= max(found.filled / 2, 8) or field.type == "array"
    return repeats and found.distinct <= MOST_DIFFERENT and found.length <= LONGEST_VALUE


def _sample(fields: Sequence[Field], columns: TenantColumns) -> list[_Sampled]:
    parameters = Parameters("s")
    reads = [columns.read(field.name, field.type, parameters) for field in fields]
    inner, outer = [], []
    for at, read in enumerate(reads):
        inner.append(f"{_as_list(read)} AS x{at:d}")
        outer.append(
            f"countIf(notEmpty(x{at:d})), uniqArray(x{at:d}), "
            f"avgArrayIf(arrayMap(v -> lengthUTF8(v), x{at:d}), notEmpty(x{at:d}))"
        )
    (row,) = tenant_rows(
        f"SELECT count(), {', '.join(outer)} FROM (SELECT {', '.join(inner)} "  # noqa: S608
        f"FROM products FINAL WHERE {TENANT} LIMIT {SAMPLE_ROWS:d})",
        parameters.values,
    )
    rows, *numbers = row
    return [
        _Sampled(rows, numbers[at], numbers[at + 1], numbers[at + 2])
        for at in range(0, len(numbers), 3)
    ]


def _as_list(read: Read) -> str:
    """The values of a product as texts: none, one or several."""
    if read.kind == "list":
        return f"CAST({read.value}, 'Array(String)')"
    if read.kind == "prices":
        return f"arrayMap(v -> toString(v), {read.value})"
    return f"if({read.is_set}, [ifNull(toString({read.value}), '')], [])"
