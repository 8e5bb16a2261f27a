"""From what PostgreSQL holds of products to columns for ClickHouse. Pure.

Works on a block of products at a time, field by field, because a list comprehension over a field
costs a tenth of a loop over a product's fields.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from pim.analytics.kinds import KINDS, kind_of, kind_of_all

# (field, kind's name): the values of a block's products, None where one has none.
Attributes = dict[tuple[str, str], list[Any]]

# So many decoded products stay in the processor's cache; ten times as many take twice the time.
_AT_ONCE = 2_000
# Longer whole numbers don't fit 64 bits.
_WHOLE_DIGITS = 18


def attributes_of(documents: Sequence[str]) -> Attributes:
    """The values of every field in these products' `data`, told apart by kind.

    documents: JSON objects as text. A field that holds text here and a number there appears
    twice. What has no kind (nested objects, mixed lists) appears nowhere; it stays in `data`.
    """
    found: Attributes = {}
    done = 0
    for start in range(0, len(documents), _AT_ONCE):
        part = documents[start : start + _AT_ONCE]
        values_of_part = _attributes_of_part(part)
        for key, values in values_of_part.items():
            found.setdefault(key, [None] * done).extend(values)
        done += len(part)
        for key in found.keys() - values_of_part.keys():
            found[key].extend([None] * len(part))
    return found


def _attributes_of_part(documents: Sequence[str]) -> Attributes:
    decoded = _decoded(documents)
    found: Attributes = {}
    for field in sorted(set().union(*decoded)):
        values = [document.get(field) for document in decoded]
        kind = kind_of_all(values)
        if kind is not None:
            found[field, kind.name] = values
        else:
            _tell_apart(field, values, found)
    return found


def _decoded(documents: Sequence[str]) -> list[dict[str, Any]]:
    try:
        return list(map(orjson.loads, documents))
    except orjson.JSONDecodeError:
        # A number too large for a float, which jsonb may hold; infinite is as near as one gets.
        return [json.loads(document, parse_int=_float_if_large) for document in documents]


def _float_if_large(digits: str) -> int | float:
    return float(digits) if len(digits) > _WHOLE_DIGITS else int(digits)


def _tell_apart(field: str, values: list[Any], found: Attributes) -> None:
    kinds = [kind_of(value) for value in values]
    for kind in {kind.name: kind for kind in kinds if kind is not None}.values():
        found[field, kind.name] = [
            value if its is kind else None for value, its in zip(values, kinds, strict=True)
        ]


def columns_of(
    attributes: Attributes, numbers: Mapping[tuple[str, str], int | None]
) -> dict[str, Sequence[Any]]:
    """The attribute columns of a block: name of the column → value of each product.

    numbers: of the columns, by field and kind; None for a field that has no column.
    """
    columns: dict[str, Sequence[Any]] = {}
    for key, values in attributes.items():
        number = numbers[key]
        if number is not None:
            kind = KINDS[key[1]]
            columns.update(zip(kind.columns(number), kind.split(values), strict=True))
    return columns
