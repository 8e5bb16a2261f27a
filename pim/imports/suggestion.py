"""What a suggestion is, whoever made it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from pim.schema.fields import Vocabulary

By = Literal["memory", "ai", "heuristic"]

SKU, NAME, ACTIVE = "sku", "name", "active"
FIXED_TYPES = {SKU: "string", NAME: "string", ACTIVE: "boolean"}
FIXED_LABELS = {SKU: "SKU", NAME: "Name", ACTIVE: "Active"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Where one column should go.

    target: `sku`, `name`, `active`, a field, or None for ignoring the column. new: the field
    isn't in the vocabulary yet. confidence: 0 to 1. transform: what is done with values on the way,
    as a confirmation has it.
    """

    column: str
    target: str | None
    type: str
    confidence: float
    reason: str
    by: By = "heuristic"
    new: bool = False
    transform: tuple[Any, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """JSON shape, as stored and as the API shows it."""
        return {**asdict(self), "transform": list(self.transform)}


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


def label_of(target: str | None) -> str:
    """A target in people's words."""
    return "nothing" if target is None else FIXED_LABELS.get(target, target)


def type_of(vocabulary: Vocabulary, target: str) -> str | None:
    """The type of a target; None when it would be a new field."""
    if target in FIXED_TYPES:
        return FIXED_TYPES[target]
    known = vocabulary.get(target)
    return known.type if known else None
