"""What a suggestion is, whoever made it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from pim.schema.fields import Vocabulary

By = Literal["memory", "ai", "heuristic"]

SKU, NAME, ACTIVE = "sku", "name", "active"
FIXED_TYPES = {SKU: "string", NAME: "string", ACTIVE: "boolean"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where one column should go.

    target: `sku`, `name`, `active`, a field, or None for ignoring the column. new: the field
    isn't in the vocabulary yet. confidence: 0 to 1. decimal: the column's decimal sign.
    """

    column: str
    target: str | None
    type: str
    confidence: float
    reason: str
    by: By = "heuristic"
    new: bool = False

    def as_dict(self) -> dict[str, Any]:
        """JSON shape, as stored and as the API shows it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """All columns' suggestions in file order, who made them, and a sentence about that."""

    columns: tuple[Suggestion, ...]
    by: By
    note: str
    model: str | None = None

    @property
    def unsure(self) -> int:
        """How many need a person's eye."""
        return sum(1 for each in self.columns if each.confidence < 0.6)


def type_of(vocabulary: Vocabulary, target: str) -> str | None:
    """The type of a target; None when it would be a new field."""
    if target in FIXED_TYPES:
        return FIXED_TYPES[target]
    known = vocabulary.get(target)
    return known.type if known else None
