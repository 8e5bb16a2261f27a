"""What the catalog can know of a row before it is read, and the two questions that tell. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

# Its product isn't there; is just what the row would make of it; is there, and may change.
NEW, SAME, OTHER = "n", "s", "o"

# SKU keys and hashes of rows → one mark for each.
LookUp = Callable[[Sequence[str], Sequence[int]], str]
RowHash = Callable[[Sequence[Any]], int]
