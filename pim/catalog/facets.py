"""What the list can be narrowed down by, with counts: all of it from ClickHouse.

A facet counts the products that fit everything but the facet itself, so the other values of a
facet in use stay visible with what they would add.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pim.analytics.client import TENANT
from pim.analytics.columns import Parameters, TenantColumns
from pim.analytics.queries import FacetOf, Spread, Values, find_spreads, find_values
from pim.analytics.registry import tenant_columns
from pim.catalog.facet_choice import Choice, choose
from pim.catalog.filters import Condition, token_of
from pim.catalog.folding import stands_in
from pim.catalog.import_ranges import ranges_of_import
from pim.catalog.in_segments import in_clickhouse
from pim.catalog.keyset import ListQuery
from pim.catalog.sql_clickhouse import Printer, where_sql
from pim.catalog.state import CatalogState, range_name
from pim.core.errors import Unavailable
from pim.schema.fields import Vocabulary
from pim.schema.types import display
from pim.segments.dsl.properties import Property, field_key

SHOWN, EXPANDED = 8, 100
MOST_CURRENCIES = 2
_COSTLY = frozenset({"contains", "does_not_contain", "starts_with", "ends_with"})
ACTIVE = Property("active", "State", "boolean", fixed=True)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One line of a facet: the filter it stands for, and how many products have the value.

    count: None for a value in use that is not among the frequent ones.
    """

    token: str
    label: str
    count: int | None
    checked: bool


@dataclass(frozen=True, slots=True)
class ValuesFacet:
    """The frequent values of a property. total: how many different ones there are."""

    key: str
    legend: str
    values: tuple[FacetValue, ...]
    total: int
    more_href: str = ""

    @property
    def lines(self) -> list[tuple[str, str, int | None, bool]]:
        """The values as the component takes them."""
        return [(v.token, v.label, v.count, v.checked) for v in self.values]


@dataclass(frozen=True, slots=True)
class RangeFacet:
    """How the numbers of a property are spread. bars: (count, whether inside the range)."""

    key: str
    legend: str
    name: str
    unit: str
    low: str
    high: str
    bars: tuple[tuple[int, bool], ...]
    described: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """All facets of a list; not available while ClickHouse is away.

    why: said instead, where it isn't that ClickHouse is away. pending: they come in a request of
    their own, because counting a large catalog takes longer than finding a page of it.
    """

    available: bool
    items: Sequence[ValuesFacet | RangeFacet] = ()
    why: str = ""
    pending: bool = False

    def hidden(self, state: CatalogState) -> list[tuple[str, str]]:
        """The filters the form of the facets has to send besides those its own inputs say."""
        own: set[str] = set()
        for facet in self.items:
            if isinstance(facet, ValuesFacet):
                own.update(value.token for value in facet.values)
            else:
                own.update(facet.tokens)
        return [("f", token) for token in state.filters if token not in own]


class _Counting:
    """One look at ClickHouse: the printer of a statement and what narrows the list down.

    Looking for a part of a text in every product costs much more than counting, and each facet
    would do it again. So what all facets share of it is done once: as a set of products.
    """

    def __init__(
        self, query: ListQuery, import_sql: str, columns: TenantColumns, choice: Choice
    ) -> None:
        self.query = query
        self.parameters = Parameters()
        self.printer = Printer(columns, self.parameters)
        faceted = {*choice.values, *choice.ranges}
        self.shared = [
            each
            for each in query.conditions
            if each.operator.name in _COSTLY and field_key(each.prop.name) not in faceted
        ]
        self.always = [import_sql] if import_sql else []
        self.always += in_clickhouse(query.segments, self.parameters)
        if query.words or self.shared:
            found = where_sql(self.printer, query.words, self.shared)
            self.always.append(
                "bitmapContains((SELECT groupBitmapState(product_id) "  # noqa: S608
                f"FROM products FINAL WHERE {TENANT} AND {found}), product_id)"
            )

    def where(self, left_out: Sequence[Condition] = ()) -> str:
        """Everything that narrows the list down but these conditions."""
        done = [*left_out, *self.shared]
        kept = [each for each in self.query.conditions if each not in done]
        return " AND ".join([where_sql(self.printer, "", kept), *self.always])


def facets_of(
    vocabulary: Vocabulary,
    properties: Mapping[str, Property],
    query: ListQuery,
    state: CatalogState,
) -> Facets:
    """The facets of a list."""
    import_sql = ""
    if query.import_id is not None:
        found = ranges_of_import(query.import_id)
        if found is None:
            return Facets(False, why="Counts aren't shown for this import: it is too scattered.")
        import_sql = found
    try:
        columns = tenant_columns()
        choice = choose(vocabulary, columns)
        counting = _Counting(query, import_sql, columns, choice)
        return Facets(True, _facets(vocabulary, properties, choice, counting, state))
    except Unavailable:
        return Facets(False)


def _facets(
    vocabulary: Vocabulary,
    properties: Mapping[str, Property],
    choice: Choice,
    counting: _Counting,
    state: CatalogState,
) -> list[ValuesFacet | RangeFacet]:
    props = {key: properties[key] for key in choice.values if key in properties}
    props["active"] = ACTIVE
    counted = _count_values(props, choice, properties, counting, state)
    values = {key: _values_facet(key, prop, counted[key], state) for key, prop in props.items()}
    ranges = _range_facets(choice, properties, counted, counting, state, vocabulary)
    shown: list[ValuesFacet | RangeFacet] = []
    for key in properties:
        if key in values and key != "active" and values[key].values:
            shown.append(values[key])
        shown.extend(ranges.get(key, ()))
    return [*shown, values["active"]]


def _own_conditions(prop: Property, conditions: Sequence[Condition]) -> list[Condition]:
    return [
        each for each in conditions if each.prop.name == prop.name and each.prop.fixed == prop.fixed
    ]


def _count_values(
    props: Mapping[str, Property],
    choice: Choice,
    properties: Mapping[str, Property],
    counting: _Counting,
    state: CatalogState,
) -> dict[str, Values]:
    """The frequent values of the value facets, and the currencies of the price facets."""
    wanted = dict(props)
    wanted |= {
        key: properties[key]
        for key in choice.ranges
        if key in properties and properties[key].kind in ("price", "multi_price")
    }
    facets = [
        FacetOf(
            counting.printer.read(prop),
            counting.where(_own_conditions(prop, counting.query.conditions)),
        )
        for prop in wanted.values()
    ]
    top = EXPANDED if state.more else SHOWN
    found = find_values(facets, counting.parameters, top=top)
    return dict(zip(wanted, found, strict=True))


def _values_facet(key: str, prop: Property, found: Values, state: CatalogState) -> ValuesFacet:
    expanded = state.more == key
    lines = [
        _line(key, prop, counted.value, counted.count, state)
        for counted in found.top[: EXPANDED if expanded else SHOWN]
    ]
    here = {line.token for line in lines}
    lines += [
        FacetValue(token, token.split(":", 2)[2], None, True)
        for token in state.filters
        if token not in here and token.startswith(token_of(key, _operator(prop)))
    ]
    more = found.distinct > SHOWN and not expanded
    href = state.expanding(key).url() if more else ""
    return ValuesFacet(key, prop.label, tuple(lines), found.distinct, href)


def _operator(prop: Property) -> str:
    return "contains" if prop.kind == "array" else "eq"


def _line(key: str, prop: Property, value: Any, count: int, state: CatalogState) -> FacetValue:
    if prop.kind == "boolean":
        token = token_of(key, "is_true" if value else "is_false")
        words = ("Active", "Inactive") if prop == ACTIVE else ("Yes", "No")
        label = words[0] if value else words[1]
    else:
        token, label = token_of(key, _operator(prop), value), str(value)
    return FacetValue(token, label, count, token in state.filters)


def _range_facets(
    choice: Choice,
    properties: Mapping[str, Property],
    counted: Mapping[str, Values],
    counting: _Counting,
    state: CatalogState,
    vocabulary: Vocabulary,
) -> dict[str, list[RangeFacet]]:
    """The range facets by the key of their property: for prices one for each usual currency."""
    wanted: list[tuple[str, Property, str]] = []
    for key in choice.ranges:
        prop = properties.get(key)
        if prop is None:
            continue
        currencies = [str(each.value) for each in counted[key].top] if key in counted else [""]
        wanted += [(key, prop, currency) for currency in currencies[:MOST_CURRENCIES]]
    facets = [
        FacetOf(
            counting.printer.read(prop),
            counting.where(_own_conditions(prop, counting.query.conditions)),
            currency,
        )
        for _, prop, currency in wanted
    ]
    found: dict[str, list[RangeFacet]] = {}
    for (key, prop, currency), spread in zip(
        wanted, find_spreads(facets, counting.parameters), strict=True
    ):
        if spread.count:
            facet = _range_facet(key, prop, currency, spread, counting, state, vocabulary)
            found.setdefault(key, []).append(facet)
    return found


def _range_facet(
    key: str,
    prop: Property,
    currency: str,
    spread: Spread,
    counting: _Counting,
    state: CatalogState,
    vocabulary: Vocabulary,
) -> RangeFacet:
    tokens = tuple(token for token in state.filters if stands_in(token, key, currency))
    low, high = _ends(tokens, counting.query.conditions)
    bars = tuple(
        (bucket.count, _inside(bucket.low, bucket.high, low, high)) for bucket in spread.buckets
    )
    return RangeFacet(
        key=key,
        legend=prop.label,
        name=range_name(key, currency),
        unit=currency,
        low=_plain(low),
        high=_plain(high),
        bars=bars,
        described=_described(prop, currency, spread, vocabulary.default_locale),
        tokens=tokens,
    )


def _ends(tokens: Sequence[str], conditions: Sequence[Condition]) -> tuple[Any, Any]:
    """The ends of the range that is set, None where it is open."""
    low = high = None
    for condition in conditions:
        for token, value in zip(condition.tokens, condition.values, strict=True):
            if token in tokens:
                name = condition.operator.name
                low = value.low if name in ("between", "gte") else low
                high = value.high if name == "between" else value.low if name == "lte" else high
    return low, high


def _inside(start: float, end: float, low: Any, high: Any) -> bool:
    """Whether a bar is part of the range; none is marked where no range is set."""
    if low is None and high is None:
        return False
    return (low is None or end >= float(low)) and (high is None or start <= float(high))


def _plain(end: Any) -> str:
    if end is None:
        return ""
    return format(end, "f") if isinstance(end, Decimal) else str(end)


def _described(prop: Property, currency: str, spread: Spread, locale: str) -> str:
    """What the drawing shows, for who doesn't see it."""

    def written(number: float | None) -> str:
        amount = Decimal(f"{number or 0:.2f}")
        if currency:
            return display("price", {"amount": amount, "currency": currency}, locale)
        return display("number", amount.normalize() + 0, locale)

    fullest = max(spread.buckets, key=lambda bucket: bucket.count)
    return (
        f"{prop.label} from {written(spread.low)} to {written(spread.high)}, "
        f"most between {written(fullest.low)} and {written(fullest.high)}"
    )
