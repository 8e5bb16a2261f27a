"""What the schema page shows, ready for its templates."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import quote

from pim.schema.fields import Field, Vocabulary
from pim.schema.ports import field_values
from pim.schema.types import FIELD_TYPES, FieldType

# Up to so many products values are counted while the page is made; beyond, the page asks for it.
COUNTED_AT_ONCE = 20_000
MOST_STRAYS = 50


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field in the table. filled: how many products have a value, None if not counted."""

    id: str
    field: Field
    type: FieldType
    filled: int | None
    products: int
    is_first: bool
    is_last: bool

    @property
    def path(self) -> str:
        """The address of the field."""
        return path_of(self.field.name)

    @property
    def share(self) -> str:
        """The part of the products that have a value: `92%`; 100% is said of all alone."""
        if not self.filled or not self.products:
            return "0%"
        if self.filled == self.products:
            return "100%"
        percent = 100 * self.filled / self.products
        return "<1%" if percent < 1 else f"{min(int(percent), 99)}%"


@dataclass(frozen=True, slots=True)
class SchemaPage:
    """The fields with what they are filled with, and values that have no field."""

    rows: tuple[FieldRow, ...]
    products: int
    counted: bool
    strays: tuple[tuple[str, int], ...] = ()
    more_strays: int = 0


def schema_page(vocabulary: Vocabulary, *, count: bool) -> SchemaPage:
    """The page. count: count values however many products there are."""
    values = field_values()
    products = values.count_products()
    counted = count or products <= COUNTED_AT_ONCE
    filled = values.count_values() if counted and products else {}
    strays = sorted(
        ((name, n) for name, n in filled.items() if name not in vocabulary),
        key=lambda stray: (-stray[1], stray[0]),
    )
    last = len(vocabulary.fields) - 1
    rows = tuple(
        FieldRow(
            id=id_of(field.name),
            field=field,
            type=FIELD_TYPES[field.type],
            filled=filled.get(field.name, 0) if counted else None,
            products=products,
            is_first=index == 0,
            is_last=index == last,
        )
        for index, field in enumerate(vocabulary.fields)
    )
    shown, hidden = strays[:MOST_STRAYS], strays[MOST_STRAYS:]
    return SchemaPage(rows, products, counted, tuple(shown), len(hidden))


def path_of(name: str) -> str:
    """The address of a field."""
    return f"/pim/schema/fields/{quote(name, safe='')}"


def id_of(name: str) -> str:
    """An id for the row of a field, the same wherever the row stands."""
    return "field-" + hashlib.sha256(name.encode()).hexdigest()[:10]
