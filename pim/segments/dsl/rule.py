"""A rule that was understood: properties of a tenant's schema, values of the right type.

What `resolver` makes, and what `printer` and `words` work on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pim.schema.fields import Vocabulary
from pim.segments.dsl.ast import Logic
from pim.segments.dsl.operators import Operator
from pim.segments.dsl.properties import Property


@dataclass(frozen=True, slots=True)
class SegmentRef:
    """Another segment. depends_on: the segments its own rule asks."""

    id: int
    name: str
    depends_on: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What a definition may speak of: the tenant's fields, segments and segments of users.

    user_segments: id → name. own_id: the segment whose rule this is, once it has one.
    """

    vocabulary: Vocabulary
    segments: Mapping[int, SegmentRef] = field(default_factory=dict)
    user_segments: Mapping[str, str] = field(default_factory=dict)
    own_id: int | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time, or (is_day) the whole day that begins there."""

    at: datetime
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class Duration:
    """How long: so many minutes, hours, days, weeks or months."""

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A property compared. values: none, one, both ends of a range, or the entries of a list.

    They are texts, numbers, `Moment`s or one `Duration`. currency: that of prices; "" for any.
    """

    prop: Property
    operator: Operator
    values: tuple[Any, ...] = ()
    currency: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Signalled:
    """Products that people of a user segment bought or viewed. name: the segment's; "" if unknown.

    within: how long ago at most; None for ever.
    """

    signal: str
    segment_id: str
    event_type: str
    product_id_property: str
    name: str = ""
    within: Duration | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """Products that another segment holds; negative: those it doesn't."""

    segment: SegmentRef
    negative: bool = False
    path: str = ""


@dataclass(frozen=True, slots=True)
class Never:
    """A condition that nothing satisfies yet."""

    path: str = ""


@dataclass(frozen=True, slots=True)
class Combined:
    """Parts of which all (`and`) or any (`or`) have to hold."""

    logic: Logic
    parts: tuple[Part, ...]
    path: str = ""


Part = Comparison | Signalled | Member | Never | Combined


@dataclass(frozen=True, slots=True)
class Rule:
    """A whole rule, and what its answer depends on beside the products.

    depends_on: the segments it asks. uses_clock: it may answer differently as time passes.
    """

    root: Combined
    depends_on: frozenset[int] = frozenset()
    uses_signals: bool = False
    uses_clock: bool = False

    def conditions(self) -> Iterator[Part]:
        """Every condition, in the order of the definition."""
        return _conditions(self.root)

    @property
    def unknown_user_segments(self) -> tuple[str, ...]:
        """The segments of users nobody has sent yet, which hold nobody."""
        found = (each for each in self.conditions() if isinstance(each, Signalled))
        return tuple(dict.fromkeys(each.segment_id for each in found if not each.name))


def _conditions(part: Part) -> Iterator[Part]:
    if not isinstance(part, Combined):
        yield part
        return
    for inner in part.parts:
        yield from _conditions(inner)
