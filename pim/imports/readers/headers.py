"""Names for columns: trimmed, never empty, never twice."""

from __future__ import annotations

from collections.abc import Sequence

# Invisible at the edge of a header, and the reason a `sku` column is not found.
_PADDING = " \t\r\n\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff"
MAX_HEADER = 200


def name_columns(cells: Sequence[str]) -> list[str]:
    """The header's cells as column names.

    Padding is trimmed, inner line breaks become spaces, an empty header is named after its
    place (`column 7`), and a repeated one is told apart (`price`, `price (2)`).
    """
    taken: set[str] = set()
    names: list[str] = []
    trimmed = [_trim(cell) for cell in cells]
    reserved = set(trimmed)
    for place, wanted in enumerate(trimmed, start=1):
        name = wanted or f"column {place}"
        if name in taken:
            name = _tell_apart(name, taken | reserved)
        taken.add(name)
        names.append(name)
    return names


def number_columns(count: int) -> list[str]:
    """Names for a file without a header."""
    return [f"column {place}" for place in range(1, count + 1)]


def _trim(cell: str) -> str:
    return " ".join(cell.strip(_PADDING).split())[:MAX_HEADER]


def _tell_apart(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
