"""What a change of the vocabulary means for the products there are. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from pim.core.errors import Conflict, FieldError
from pim.schema.fields import Field, Vocabulary
from pim.schema.types import FIELD_TYPES, Notation, shown


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """The vocabulary that is wanted, and what can't be told from it alone.

    renames: old name by new name. remove_values: names of fields that go, whose values go too;
    otherwise they stay with the products, as values without a field. notations: how the numbers
    in a field's texts are written, where that has to be said.
    """

    wanted: Vocabulary
    renames: Mapping[str, str] = field(default_factory=dict)
    remove_values: frozenset[str] = frozenset()
    notations: Mapping[str, Notation] = field(default_factory=dict)

    def before(self, current: Vocabulary, name: str) -> Field | None:
        """What the wanted field of this name was until now; None if it is new."""
        return current.get(self.renames.get(name, name))


@dataclass(frozen=True, slots=True)
class Misfit:
    """A value that can't be read as its field's new type; how many products have it, and one."""

    sku: str
    value: str
    message: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class TypeTrial:
    """How the values of a field took to another type. notation: how their numbers are written.

    ambiguous: misfits that would fit if that were said. samples: the most frequent misfits.
    """

    fits: int = 0
    misfits: int = 0
    ambiguous: int = 0
    notation: Notation | None = None
    samples: tuple[Misfit, ...] = ()

    @property
    def values(self) -> int:
        """How many products have a value."""
        return self.fits + self.misfits


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to products that they wouldn't satisfy.

    `type`: values don't fit the type; forced, they are removed. `required`: products have no
    value; forced, they stay as they are. `taken`: products have a value under the new name
    already; forced, it is replaced. of: how many products or values there are in all. ambiguous:
    how many of the values would fit if their decimal sign were said.
    """

    kind: Literal["type", "required", "taken"]
    name: str
    count: int
    of: int
    type: str = ""
    ambiguous: int = 0
    samples: tuple[Misfit, ...] = ()

    @property
    def message(self) -> str:
        """The effect in a sentence, with an example."""
        count, of = f"{self.count:,}", f"{self.of:,}"
        if self.kind == "required":
            return f"{count} of {of} products have no value for {shown(self.name)}."
        if self.kind == "taken":
            return f"{count} of {of} products have another value under {shown(self.name)} already."
        label = FIELD_TYPES[self.type].label.lower()
        example = f" For example: {self.samples[0].message}" if self.samples else ""
        return f"{count} of {of} values of {shown(self.name)} don't fit the type {label}.{example}"

    def as_dict(self) -> dict[str, object]:
        """The effect as the API answers it."""
        return {
            "field": self.name,
            "kind": self.kind,
            "count": self.count,
            "of": self.of,
            "samples": [
                {
                    "value": each.value,
                    "count": each.count,
                    "sku": each.sku,
                    "message": each.message,
                }
                for each in self.samples
            ],
        }


@dataclass(frozen=True, slots=True)
class Saved:
    """The vocabulary as it is now, and how many values of products changed for it."""

    vocabulary: Vocabulary
    converted: int = 0
    removed: int = 0
    moved: int = 0


def fingerprint(effects: Iterable[Effect]) -> str:
    """What somebody accepts: these effects with these counts, no others."""
    said = "|".join(f"{e.kind}:{e.name}:{e.type}:{e.count}:{e.of}" for e in effects)
    return sha256(said.encode()).hexdigest()[:16]


class ProductsDontFit(Conflict):
    """A change that products there are wouldn't satisfy; `effects` says how many and why."""

    code = "products_dont_fit"

    def __init__(self, effects: Collection[Effect], wanted: Vocabulary) -> None:
        super().__init__(
            " ".join(effect.message for effect in effects),
            misfits=[effect.as_dict() for effect in effects],
        )
        self.effects = tuple(effects)
        self.errors = [
            FieldError(_place(effect, wanted), f"products_{effect.kind}", effect.message)
            for effect in effects
        ]


def _place(effect: Effect, wanted: Vocabulary) -> str:
    key = {"type": "type", "required": "required", "taken": "name"}[effect.kind]
    return f"/fields/{wanted.names.index(effect.name)}/{key}"


def newly_required(change: SchemaChange, current: Vocabulary) -> list[Field]:
    """Fields that were not required until now."""
    return [
        wanted
        for wanted in change.wanted.fields
        if wanted.required and not _was_required(change.before(current, wanted.name))
    ]


def _was_required(before: Field | None) -> bool:
    return before is not None and before.required


def retyped(change: SchemaChange, current: Vocabulary) -> list[tuple[Field, Field]]:
    """(before, after) of the fields whose type changes."""
    found = []
    for wanted in change.wanted.fields:
        before = change.before(current, wanted.name)
        if before is not None and before.type != wanted.type:
            found.append((before, wanted))
    return found


def added(change: SchemaChange, current: Vocabulary) -> list[Field]:
    """Fields that are new; products may have values under their names all the same."""
    return [
        wanted for wanted in change.wanted.fields if change.before(current, wanted.name) is None
    ]
