"""What the vocabulary needs of the products' values, without knowing products.

Rooms further up know this one, not the other way round; so whoever keeps values hands this in
when the application is put together (see `pim.create_app`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from flask import current_app

from pim.schema.changes import TypeTrial
from pim.schema.types import CoerceContext

EXTENSION = "pim.schema.values"


class FieldValues(Protocol):
    """The values of one field in all products of the tenant in force."""

    def count_products(self) -> int:
        """How many products there are."""
        ...

    def count_values(self, names: Collection[str] | None = None) -> dict[str, int]:
        """How many products have a value, by name; of these names, or of all there are."""
        ...

    def count_both(self, one: str, other: str) -> int:
        """How many products have a value under both names."""
        ...

    def try_type(
        self, name: str, old_type: str | None, new_type: str, ctx: CoerceContext
    ) -> TypeTrial:
        """How the values would take to another type."""
        ...

    def change_type(
        self, name: str, old_type: str | None, new_type: str, ctx: CoerceContext, reason: str
    ) -> tuple[int, int]:
        """Write every value in its new type, and remove those that don't fit: how many of each."""
        ...

    def rename(self, old: str, new: str, reason: str) -> int:
        """Move every value to another name, over what may stand there: how many there were."""
        ...

    def remove(self, name: str, reason: str) -> int:
        """Remove every value: how many there were."""
        ...


def field_values() -> FieldValues:
    """What the application was put together with."""
    found: FieldValues = current_app.extensions[EXTENSION]
    return found
