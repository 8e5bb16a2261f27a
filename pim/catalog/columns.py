"""Which columns the table shows: all there are, a sensible few of them, or those a person chose.

A vocabulary of sixty fields can't all stand side by side, and its first eight are seldom the ones
people look for. Without a choice the table shows the fields whose name or type says that they
tell products apart (brand, category, price, stock), in the order of the schema. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pim.schema.fields import Field
from pim.schema.types import kind_label
from pim.segments.dsl.properties import FIXED_PROPERTIES, Kind, field_key, label_of

DEFAULT_FIELDS = 6
MAX_COLUMNS = 60
# From this share of products on, a field counts as filled; below that one it isn't a column.
WELL_FILLED, HARDLY_FILLED = 0.4, 0.2
# Columns of every product that can be shown or hidden; SKU and name always are.
OPTIONAL_FIXED = ("ai_readability_score", "active", "updated_at", "created_at", "source")
DEFAULT_FIXED = ("ai_readability_score", "active", "updated_at")
_BEFORE_FIELDS = ("sku", "name")

SORTABLE: frozenset[Kind] = frozenset({"string", "number", "boolean", "price", "date"})
_NUMERIC: frozenset[Kind] = frozenset({"number", "price", "multi_price"})

_IMAGE_NAME = re.compile(
    r"(^|[^a-z])(image|images|img|picture|pictures|photo|photos|thumb|thumbnail|bild|bilder|foto|"
    r"fotos|obrazek|imgurl)([^a-z]|$)|image",
    re.IGNORECASE,
)
_IMAGE_FILE = re.compile(r"\.(jpe?g|png|webp|gif|avif|svg)(\?|$)", re.IGNORECASE)
_LONG_NAME = re.compile(
    r"desc|beschreib|text|html|body|content|meta|seo|note|comment|remark|instruction|summary|"
    r"keyword|json|raw|id$|uuid|guid|hash|slug|gtin|ean|upc|isbn",
    re.IGNORECASE,
)
_WANTED_NAMES = (
    re.compile(r"brand|marke|manufacturer|hersteller|vendor|maker|marque", re.IGNORECASE),
    re.compile(r"categor|kategori|famil|product_?type|^type$|collection|group", re.IGNORECASE),
    re.compile(r"price|preis|prix|precio|cost|rrp|msrp", re.IGNORECASE),
    re.compile(r"stock|quantity|qty|inventory|bestand|lager|avail", re.IGNORECASE),
    re.compile(r"tag|label|badge", re.IGNORECASE),
    re.compile(r"colou?r|farbe|size|gr(ö|oe?)(ß|ss)e|material", re.IGNORECASE),
)
_TYPE_WORTH: Mapping[str, int] = {
    "price": 6,
    "boolean": 3,
    "number": 4,
    "string": 4,
    "array": 3,
    "multi_price": 4,
    "url": 0,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table. key: as in the address; kind: of its values."""

    key: str
    label: str
    kind: Kind
    field: Field | None = None
    description: str = ""

    @property
    def kind_label(self) -> str:
        """The type in small print; fixed columns need none."""
        return kind_label(self.kind) if self.field else ""

    @property
    def is_numeric(self) -> bool:
        """Whether figures stand below each other: aligned right."""
        return self.kind in _NUMERIC

    @property
    def is_sortable(self) -> bool:
        """Whether the list can be ordered by it."""
        return self.kind in SORTABLE


def all_columns(fields: Iterable[Field]) -> dict[str, Column]:
    """Every column there is, by key, in the order the table has them."""
    fixed = {p.name: Column(p.name, p.label, p.kind) for p in FIXED_PROPERTIES}
    found = {name: fixed[name] for name in _BEFORE_FIELDS}
    for field in fields:
        key = field_key(field.name)
        found[key] = Column(
            key,
            label_of(field.name),
            field.type,  # type: ignore[arg-type]  # a field type's name is a kind
            field,
            field.description,
        )
    found.update((name, fixed[name]) for name in OPTIONAL_FIXED)
    return found


def shown_columns(
    columns: Mapping[str, Column],
    chosen: Sequence[str] | None,
    shares: Mapping[str, float] | None = None,
) -> list[Column]:
    """The columns to show, in the table's order: those chosen, or else the usual ones.

    A chosen column that no longer exists is passed over. shares: see `default_columns`.
    """
    wanted = [name for name in chosen or () if name in columns and name not in _BEFORE_FIELDS]
    if not wanted:
        wanted = default_columns(columns, shares)
    keep = {*_BEFORE_FIELDS, *wanted[:MAX_COLUMNS]}
    return [column for key, column in columns.items() if key in keep]


def default_columns(
    columns: Mapping[str, Column], shares: Mapping[str, float] | None = None
) -> list[str]:
    """The keys shown to someone who hasn't chosen.

    shares: field → the share of products that have a value of it, where that is known.
    """
    fields = [column for column in columns.values() if column.field is not None]
    order = {column.key: at for at, column in enumerate(fields)}

    def worth(column: Column) -> float:
        known = shares.get(column.field.name, 0.0) if shares and column.field else 1.0
        return 0 if known < HARDLY_FILLED else _worth(column) * min(known / WELL_FILLED, 1.0) ** 2

    ranked = sorted(fields, key=lambda column: (-worth(column), order[column.key]))
    best = [column for column in ranked if worth(column) > 0][:DEFAULT_FIELDS]
    fixed = [name for name in DEFAULT_FIXED if name in columns]
    return [c.key for c in sorted(best, key=lambda c: order[c.key])] + fixed


def _worth(column: Column) -> int:
    """How much a column helps to tell products apart, from its name and type alone."""
    field = column.field
    assert field is not None
    if is_image_field(field):
        return 0
    worth = _TYPE_WORTH.get(field.type, 1)
    if field.type == "string" and _LONG_NAME.search(field.name):
        return 0
    for place, pattern in enumerate(_WANTED_NAMES):
        if pattern.search(field.name):
            # `brand` rather than `brand_story_en_US`: the shorter name says it best.
            worth += 12 - place - min(len(field.name) // 12, 4)
            break
    return worth + (2 if field.required else 0)


def is_image_field(field: Field) -> bool:
    """Whether a field's name and type say that it holds pictures."""
    return field.type in ("url", "array", "string") and bool(_IMAGE_NAME.search(field.name))


def image_fields(fields: Iterable[Field]) -> list[str]:
    """The fields to look for a picture in: those named so, then other addresses."""
    fields = list(fields)
    named = [field.name for field in fields if is_image_field(field)]
    return named + [f.name for f in fields if f.type == "url" and f.name not in named]


def image_of(data: Mapping[str, object], names: Sequence[str]) -> str:
    """The address of a product's picture, or "": the first that can be one."""
    for name in names:
        value = data.get(name)
        first = value[0] if isinstance(value, list) and value else value
        if not isinstance(first, str) or not first.startswith("https://"):
            continue
        if _IMAGE_FILE.search(first) or _IMAGE_NAME.search(name):
            return first
    return ""
