"""From an address to the catalog page: read it, find the rows, put the page together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pim.catalog import columns as columns_of
from pim.catalog import facets, in_segments, list_postgresql, listing, page
from pim.catalog.columns import Column
from pim.catalog.detail import import_name
from pim.catalog.exporting import Choice, links
from pim.catalog.fill import shares_of_fields
from pim.catalog.filters import BadFilter, Condition, FilterError, read_filters
from pim.catalog.folding import fold
from pim.catalog.keyset import SKU, Edges, InSegment, ListQuery, Place, place_of, value_of_text
from pim.catalog.state import DEFAULT_SORT, Arguments, CatalogState, read_state
from pim.catalog.undo import Deleted
from pim.core.errors import Unavailable
from pim.schema.fields import Vocabulary
from pim.schema.types import notation_of_locale
from pim.segments.dsl.properties import Property, properties_of
from pim.web.pagination import InvalidCursor, decode_cursor


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no list, and what to do about it."""

    title: str
    text: str
    ways_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A line of the form that chooses columns."""

    key: str
    label: str
    kind: str
    shown: bool


@dataclass(frozen=True, slots=True)
class CatalogPage:
    """All that the catalog's template shows."""

    state: CatalogState
    in_catalog: int
    summary: str
    chips: Sequence[page.Chip]
    heads: Sequence[page.Head]
    rows: Sequence[page.Row]
    facets: facets.Facets
    facets_hidden: Sequence[tuple[str, str]]
    column_choices: Sequence[ColumnChoice]
    range: str = ""
    of: str = ""
    prev_href: str = ""
    next_href: str = ""
    filter_form: page.FilterForm | None = None
    problem: Problem | None = None
    nothing: str = ""
    slow: bool = False
    large: bool = False
    undo: Deleted | None = None

    @property
    def add_href(self) -> str:
        """The address with the form that adds a filter."""
        return replace(self.state, adding="").url() + "#filter-form"

    @property
    def no_form_href(self) -> str:
        """The address without that form."""
        return replace(self.state, adding=None).url()

    @property
    def facets_href(self) -> str:
        """The address with the facets in the page, for a browser without script."""
        url = self.state.url()
        return f"{url}{'&' if '?' in url else '?'}facets=1"

    @property
    def columns_href(self) -> str:
        """The page that chooses columns."""
        return self.state.url("/pim/columns")

    @property
    def usual_columns_href(self) -> str:
        """The address with the columns nobody chose."""
        return replace(self.state, columns=("default",)).url()

    @property
    def exports(self) -> Sequence[tuple[Choice, str]]:
        """The forms in which all products of the list can be taken along, and their addresses."""
        return tuple(links(self.state))


@dataclass(frozen=True, slots=True)
class RowPage:
    """The page as far as a single row of it needs it."""

    state: CatalogState
    heads: Sequence[page.Head]


@dataclass(frozen=True, slots=True)
class FacetsPage:
    """What the facets by themselves show."""

    state: CatalogState
    facets: facets.Facets
    facets_hidden: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ColumnsPage:
    """What the page that chooses columns shows."""

    state: CatalogState
    column_choices: Sequence[ColumnChoice]
    usual_columns_href: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An address, read against the tenant's vocabulary."""

    state: CatalogState
    vocabulary: Vocabulary
    properties: dict[str, Property]
    columns: dict[str, Column]
    conditions: tuple[Condition, ...]
    bad: tuple[BadFilter, ...]
    form_error: str = ""
    chosen: tuple[str, ...] | None = None
    segments: tuple[InSegment, ...] = ()

    @property
    def shown(self) -> list[Column]:
        """The columns of the table."""
        shares = None if self.chosen else shares_of_fields(self.vocabulary.version)
        return columns_of.shown_columns(self.columns, self.chosen, shares)


def asked_of(state: CatalogState, vocabulary: Vocabulary) -> Asked:
    """A state that was kept, read against the tenant's vocabulary."""
    properties = properties_of(vocabulary.fields)
    columns = columns_of.all_columns(vocabulary.fields)
    sort = columns.get(state.sort)
    if sort is None or not sort.is_sortable:
        state = replace(state, sort=DEFAULT_SORT, descending=False, cursor="")
    conditions, bad = read_filters(state.filters, properties, vocabulary.context("json"))
    segments = in_segments.named(state.segments)
    gone = [each for each in state.segments if each not in segments]
    bad += [BadFilter(f"segment {each}", "There is no such segment any more.") for each in gone]
    return Asked(
        state,
        vocabulary,
        properties,
        columns,
        tuple(conditions),
        tuple(bad),
        segments=tuple(segments[each] for each in state.segments if each in segments),
    )


def read_request(args: Arguments, vocabulary: Vocabulary) -> Asked:
    """Read an address, forms folded in."""
    properties = properties_of(vocabulary.fields)
    state, form_error = read_state(args), ""
    people = vocabulary.context(notation_of_locale(vocabulary.default_locale))
    try:
        state = fold(args, state, properties, people)
    except FilterError as error:
        form_error = error.message
    return replace(asked_of(state, vocabulary), form_error=form_error)


def query_of(asked: Asked) -> ListQuery:
    """The page of the list the address asks for. A place that can't be read is the beginning."""
    sort = asked.properties.get(asked.state.sort, SKU)
    return ListQuery(
        words=asked.state.q,
        conditions=asked.conditions,
        import_id=asked.state.import_id,
        segments=asked.segments,
        sort=sort,
        descending=asked.state.descending,
        place=_place(asked.state, sort),
    )


def _place(state: CatalogState, sort: Property) -> Place | None:
    if not state.cursor:
        return None
    try:
        place = place_of(decode_cursor(page.cursor_purpose(state), state.cursor))
        if place is not None:
            value_of_text(sort, place.value)
    except (InvalidCursor, ValueError):
        return None
    return place


def row_page(asked: Asked) -> RowPage:
    """What the template of a single row needs of the page around it."""
    return RowPage(asked.state, page.heads(asked.state, asked.shown))


def columns_page(asked: Asked) -> ColumnsPage:
    """The page that chooses columns."""
    usual = replace(asked.state, columns=("default",)).url()
    return ColumnsPage(asked.state, _choices(asked.columns, asked.shown), usual)


def build(asked: Asked, args: Arguments) -> CatalogPage:
    """The page for an address."""
    problem, found = None, None
    if asked.bad:
        problem = _bad_filters(asked)
    else:
        try:
            found = listing.find_page(query_of(asked))
        except Unavailable as error:
            cleared = asked.state.cleared().url()
            again = (("Try again", asked.state.url()), ("Clear search and filters", cleared))
            slow = isinstance(error, listing.TooSlow)
            title = "This takes too long right now" if slow else "Segments are resting"
            problem = Problem(title, error.message, again)
    return _page(asked, args, found, problem)


def _page(
    asked: Asked,
    args: Arguments,
    found: listing.Listing | None,
    problem: Problem | None,
) -> CatalogPage:
    state, shown = asked.state, asked.shown
    in_catalog = found.in_catalog if found else list_postgresql.count_up_to(2)
    products = found.products if found else ()
    edges = found.edges if found else Edges(1, None, None)
    total, at_least = (found.total, found.at_least) if found else (0, False)
    span, of = page.range_text(edges, len(products), total, at_least)
    before, after = page.page_links(state, edges)
    large = in_catalog > listing.SMALL_CATALOG
    side = facets.Facets(False, pending=True) if large and _may_wait(args) else facets_for(asked)
    more = found is not None and (at_least or found.capped)
    summary = page.summary(total, in_catalog, state.is_narrowed, more) if found else ""
    return CatalogPage(
        state=state,
        in_catalog=in_catalog,
        summary=summary,
        chips=_chips(asked),
        heads=page.heads(state, shown),
        rows=page.rows(products, shown, asked.vocabulary),
        facets=side,
        facets_hidden=side.hidden(state),
        column_choices=_choices(asked.columns, shown),
        range=span,
        of=of,
        prev_href=before,
        next_href=after,
        filter_form=_filter_form(asked, args),
        problem=problem,
        nothing=_nothing(state),
        slow=found.degraded if found else False,
        large=side.pending,
    )


def _may_wait(args: Arguments) -> bool:
    """Whether facets may come later: a browser without script asks for them with `facets=1`."""
    return not args.get("facets", "")


def facets_for(asked: Asked) -> facets.Facets:
    """The facets of the list the address asks for."""
    if asked.bad:
        return facets.Facets(False, why="Counts are shown for filters that can be used.")
    return facets.facets_of(asked.vocabulary, asked.properties, query_of(asked), asked.state)


def facets_page(asked: Asked) -> FacetsPage:
    """The facets alone, for the request that brings them."""
    found = facets_for(asked)
    return FacetsPage(asked.state, found, found.hidden(asked.state))


def _chips(asked: Asked) -> list[page.Chip]:
    import_id = asked.state.import_id
    return page.chips(
        asked.state,
        asked.conditions,
        asked.bad,
        asked.vocabulary.default_locale,
        import_name(import_id) if import_id is not None else "",
        asked.segments,
    )


def _choices(columns: Mapping[str, Column], shown: Sequence[Column]) -> list[ColumnChoice]:
    keys = {column.key for column in shown}
    return [
        ColumnChoice(key, column.label, column.kind if column.field else "", key in keys)
        for key, column in columns.items()
        if key not in ("sku", "name")
    ]


def _filter_form(asked: Asked, args: Arguments) -> page.FilterForm | None:
    if asked.state.adding is None:
        return None
    keys: list[str] = ["fo", "fv", "fv2", "fc"]
    given = {key: args.get(key, "") for key in keys if key in set(args.keys())}
    return page.filter_form(
        asked.properties,
        asked.state.adding,
        given,
        asked.form_error,
        asked.vocabulary.default_currency,
        in_segments.choices(),
    )


def _bad_filters(asked: Asked) -> Problem:
    working = asked.state.without_filters(*(bad.token for bad in asked.bad))
    working = replace(working, segments=tuple(each.id for each in asked.segments))
    text = " ".join(dict.fromkeys(bad.message for bad in asked.bad))
    return Problem(
        "This filter can't be used",
        f"{text} So nothing is shown rather than the wrong products.",
        (("Leave it out", working.url()),),
    )


def _nothing(state: CatalogState) -> str:
    if state.segments and not state.filters and not state.q:
        return "No product is in the segment right now."
    if state.q and not state.filters:
        where = "To look into another field, add a filter."
        return f"No product has “{state.q}” in its SKU or name. {where}"
    if state.import_id is not None and not state.filters and not state.q:
        return "This import left no product behind: nothing was new or changed, or it was deleted."
    return "No product fits the search and all filters together."
