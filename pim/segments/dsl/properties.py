"""What can be compared: the columns of every product, and the fields of a tenant's schema."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pim.schema.fields import Field

Kind = Literal["string", "number", "boolean", "array", "url", "price", "multi_price", "date"]


@dataclass(frozen=True, slots=True)
class Property:
    """Something to compare. name: of the column or field; fixed: a column of every product.

    always_set: a column that is never empty, which nobody has to ask for being so.
    """

    name: str
    label: str
    kind: Kind
    fixed: bool = False
    always_set: bool = False


FIXED_PROPERTIES: tuple[Property, ...] = (
    Property("sku", "SKU", "string", fixed=True, always_set=True),
    Property("name", "Name", "string", fixed=True),
    Property("active", "Active", "boolean", fixed=True, always_set=True),
    Property("source", "Source", "string", fixed=True, always_set=True),
    Property("ai_readability_score", "AI score", "number", fixed=True),
    Property("created_at", "Created", "date", fixed=True, always_set=True),
    Property("updated_at", "Updated", "date", fixed=True, always_set=True),
)
_FIXED_NAMES = frozenset(prop.name for prop in FIXED_PROPERTIES)


def label_of(name: str) -> str:
    """A field's name as people read it: `short_description` is `Short description`."""
    if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name):
        words = name.replace("_", " ")
        return words[:1].upper() + words[1:]
    return name


def field_key(name: str) -> str:
    """What a field is called in rules and addresses, also beside a fixed column's name."""
    return f"data.{name}" if name in _FIXED_NAMES or name.startswith("data.") else name


def properties_of(fields: Iterable[Field]) -> dict[str, Property]:
    """All that can be compared, by what rules call it; fixed columns first."""
    found = {prop.name: prop for prop in FIXED_PROPERTIES}
    for field in fields:
        key = field_key(field.name)
        found[key] = Property(field.name, label_of(field.name), field.type)  # type: ignore[arg-type]
    return found
