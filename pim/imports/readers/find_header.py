"""Tells a table's header from what stands above it, and from data."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(r"[-+]?[€$£¥]?\s?\d[\d.,'\s]*\s?(%|€|\$|£|[A-Z]{3})?")
_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T]\d{1,2}:.*)?")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+\.\S+")


def could_be_header(cells: Sequence[str], width: int) -> bool:
    """Whether a row has a name for most columns of a table that is so wide."""
    filled = sum(1 for cell in cells if cell.strip())
    if len(cells) == width:
        return filled >= max(1, 0.5 * width) or width == 1
    return len(cells) > 1 and filled >= 0.7 * width  # rows with a cell too many or too few


def looks_like_data(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """A header cell is a number, date or address only if it isn't a header."""
    if not below:
        return False
    alike = 0
    for place, cell in enumerate(cells):
        kind = _kind(cell)
        if kind:
            others = [_kind(row[place]) for row in below if place < len(row) and row[place]]
            alike += bool(others) and others.count(kind) >= 0.6 * len(others)
    return alike >= max(1, 0.2 * len(cells))


def about_names(headers: Sequence[str]) -> list[str]:
    """A warning about columns that got their name from us, if there are any."""
    renamed = [name for name in headers if re.fullmatch(r"(column \d+|.* \(\d+\))", name)]
    if not renamed:
        return []
    shown = ", ".join(f"“{name}”" for name in renamed[:5])
    more = f" and {len(renamed) - 5} more" if len(renamed) > 5 else ""
    return [f"Columns without a name, or with one that occurs twice, are called {shown}{more}."]


def _kind(cell: str) -> str:
    value = cell.strip()
    for name, pattern in (("date", _DATE), ("number", _NUMBER), ("address", _ADDRESS)):
        if pattern.fullmatch(value):
            return name
    return ""
