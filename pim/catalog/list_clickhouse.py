"""The list as ClickHouse answers it: which products, not what they hold."""

from __future__ import annotations

from pim.catalog.keyset import Key, ListQuery
from pim.core.errors import Unavailable


def find_keys(query: ListQuery) -> list[Key]:
    """The page's rows, and one more if there is one. Raises Unavailable."""
    raise Unavailable("not wired yet")


def count_matching(query: ListQuery) -> int:
    """How many products the list has. Raises Unavailable."""
    raise Unavailable("not wired yet")
