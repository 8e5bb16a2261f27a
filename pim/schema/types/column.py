"""A whole column at once: what an import does half a million times a second.

Tries the column as one list expression; only a column in which a value fails is walked value by
value, to know which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pim.schema.types.base import (
    MAX_TEXT,
    CoerceContext,
    CoercionError,
    FieldType,
    is_blank,
    trim,
)


@dataclass(slots=True)
class ColumnResult:
    """values: canonical, in order; None where there was no value or it couldn't be read.

    errors: (position, error) of those that couldn't.
    """

    values: list[Any]
    errors: list[tuple[int, CoercionError]] = field(default_factory=list)


ColumnReader = Callable[[Sequence[str | None]], ColumnResult]


def column_reader(field_type: FieldType, ctx: CoerceContext) -> ColumnReader:
    """A reader for the texts of one column; keep it for all chunks, it remembers values."""
    read = field_type.coercer(ctx)

    def read_column(texts: Sequence[str | None]) -> ColumnResult:
        try:
            return ColumnResult([read(text) if text else None for text in texts])
        except CoercionError:
            return _one_by_one(read, texts)

    def read_column_with_empties(texts: Sequence[str | None]) -> ColumnResult:
        try:
            return ColumnResult([(read(text) or None) if text else None for text in texts])
        except CoercionError:
            return _one_by_one(read, texts)

    def read_texts(texts: Sequence[str | None]) -> ColumnResult:
        if _harmless(texts):
            return ColumnResult([(trim(text) or None) if text else None for text in texts])
        return read_column_with_empties(texts)

    if field_type.name == "string":
        return read_texts
    # Only these types read white space or separators alone as an empty value.
    return read_column_with_empties if field_type.name in ("array", "multi_price") else read_column


def _harmless(texts: Sequence[str | None]) -> bool:
    """Whether no text of the column holds what the database refuses: one look for all."""
    everything = "".join(text for text in texts if text)
    if "\0" in everything:
        return False
    if len(everything) > MAX_TEXT and max(map(len, filter(None, texts))) > MAX_TEXT:
        return False
    if not everything.isascii():
        try:
            everything.encode()
        except UnicodeEncodeError:
            return False
    return True


def _one_by_one(read: Callable[[str], Any], texts: Sequence[str | None]) -> ColumnResult:
    result = ColumnResult([])
    for position, text in enumerate(texts):
        value = None
        if text is not None and not is_blank(text):
            try:
                value = read(text)
            except CoercionError as error:
                result.errors.append((position, error))
        result.values.append(None if is_blank(value) else value)
    return result
