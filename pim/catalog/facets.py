"""What the list can be narrowed down by, with counts: all of it from ClickHouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pim.catalog.filters import Property
from pim.catalog.keyset import ListQuery
from pim.catalog.state import CatalogState
from pim.schema.fields import Vocabulary


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One line of a facet: the filter it stands for, and how many products it would leave."""

    token: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True, slots=True)
class ValuesFacet:
    """The frequent values of a property. total: how many different ones there are."""

    legend: str
    values: tuple[FacetValue, ...]
    total: int
    more_href: str = ""
    open: bool = True


@dataclass(frozen=True, slots=True)
class RangeFacet:
    """How the numbers of a property are spread. bars: (count, whether inside the range)."""

    legend: str
    name: str
    unit: str
    low: str
    high: str
    bars: tuple[tuple[int, bool], ...]
    described: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """All facets of a list; not available while ClickHouse is away."""

    available: bool
    items: Sequence[ValuesFacet | RangeFacet] = ()

    def hidden(self, state: CatalogState) -> list[tuple[str, str]]:
        """What the form of the facets has to send besides what its own inputs say."""
        shown = {
            value.token
            for facet in self.items
            if isinstance(facet, ValuesFacet)
            for value in facet.values
        }
        return [(k, v) for k, v in state.hidden() if not (k == "f" and v in shown)]


def facets_of(
    vocabulary: Vocabulary,
    properties: Mapping[str, Property],
    query: ListQuery,
    state: CatalogState,
) -> Facets:
    """The facets of a list."""
    return Facets(False)
