"""The order of the list and a place in it, the same in both databases.

The list is ordered by one property, products without a value last in either direction, and equal
ones by SKU. A place is the key of the row at a page's edge; the page beyond it is found by
comparing, never by counting rows, so page 10,000 costs what page 1 costs. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from pim.catalog.filters import Condition
from pim.segments.dsl.properties import Property

PAGE_ROWS = 50

SKU = Property("sku", "SKU", "string", fixed=True)


@dataclass(frozen=True, slots=True)
class Place:
    """Beside which row a page begins. backwards: the page is the one before it.

    value: the row's sort value as text, None if it has none. position: of the row, from 1; it is
    only shown ("51–100"), never used to find rows.
    """

    value: str | None
    sku_key: str
    backwards: bool = False
    position: int = 0

    def parts(self) -> list[Any]:
        """What a cursor keeps of it."""
        return [self.value, self.sku_key, self.backwards, self.position]


def place_of(parts: list[Any]) -> Place | None:
    """The place a cursor stands for; None if it doesn't have the parts of one."""
    if len(parts) != 4:
        return None
    value, sku_key, backwards, position = parts
    if not isinstance(sku_key, str) or not (value is None or isinstance(value, str)):
        return None
    if not isinstance(position, int):
        return None
    return Place(value, sku_key, bool(backwards), position)


@dataclass(frozen=True, slots=True)
class InSegment:
    """A segment whose members a list shows. generation: the set of them that counts."""

    id: int
    name: str
    generation: int


@dataclass(frozen=True, slots=True)
class ListQuery:
    """One page of the list: which products, in which order, from where."""

    words: str = ""
    conditions: tuple[Condition, ...] = ()
    import_id: int | None = None
    segments: tuple[InSegment, ...] = ()
    sort: Property = SKU
    descending: bool = False
    place: Place | None = None
    limit: int = PAGE_ROWS

    @property
    def is_narrowed(self) -> bool:
        """Whether any product is left out."""
        narrowed = self.words or self.conditions or self.segments
        return bool(narrowed or self.import_id is not None)

    @property
    def by_sku(self) -> bool:
        """Whether the order is that of the SKU index."""
        return self.sort.fixed and self.sort.name == "sku"

    @property
    def backwards(self) -> bool:
        """Whether the page lies before its place."""
        return self.place is not None and self.place.backwards


@dataclass(frozen=True, slots=True)
class Key:
    """What is found of a row: its id, and where it stands in the order."""

    product_id: int
    value: str | None
    sku_key: str


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Edges:
    """The places the pages before and after this one start from; None where there is none."""

    first_position: int
    before: Place | None
    after: Place | None


def cut_page(found: list[Key], query: ListQuery) -> tuple[list[Key], Edges]:
    """The rows of the page in reading order and its edges.

    found: up to one row more than the page has, in the order they were looked for.
    """
    more = len(found) > query.limit
    page = found[: query.limit]
    if query.backwards:
        page.reverse()
    has_before = more if query.backwards else query.place is not None
    has_after = query.place is not None if query.backwards else more
    first = _first_position(query, len(page), has_before)
    before = _edge(page[0], True, first) if page and has_before else None
    after = _edge(page[-1], False, first + len(page) - 1) if page and has_after else None
    return page, Edges(first, before, after)


def _edge(key: Key, backwards: bool, position: int) -> Place:
    return Place(key.value, key.sku_key, backwards, position)


def _first_position(query: ListQuery, rows: int, has_before: bool) -> int:
    """The position of the first row. Rows that came or went since make it a little wrong."""
    if not has_before or query.place is None:
        return 1
    if query.backwards:
        return max(query.place.position - rows, 1)
    return query.place.position + 1


def text_of_value(value: Any) -> str | None:
    """A sort value as a cursor keeps it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def value_of_text(prop: Property, text: str | None) -> Any:
    """The sort value of a cursor. Raises ValueError for what isn't one of this property."""
    if text is None:
        return None
    if prop.kind == "boolean":
        return text == "true"
    if prop.kind == "date":
        return datetime.fromisoformat(text)
    if prop.kind in ("number", "price", "multi_price"):
        try:
            return Decimal(text)
        except ArithmeticError as error:
            raise ValueError(text) from error
    return text
