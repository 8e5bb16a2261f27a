"""The catalog page, put together: everything its template shows, and nothing it has to work out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pim.catalog import columns as columns_of
from pim.catalog.columns import Column
from pim.catalog.filters import BadFilter, Condition, Value, operators_of, split_token
from pim.catalog.folding import IN_SEGMENT
from pim.catalog.keyset import Edges, InSegment
from pim.catalog.pictures import picture_fields
from pim.catalog.state import CatalogState
from pim.catalog.values import Shown, cell
from pim.products.models import Product
from pim.schema.fields import Vocabulary
from pim.schema.types import display
from pim.segments.dsl.operators import Operator
from pim.segments.dsl.properties import Property
from pim.web.pagination import encode_cursor
from pim.web.words import plural

SHOWN_VALUES = 3
_NO_CENTS = re.compile(r"[.,]00(?!\d)")


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force: what it says and the address without it."""

    label: str
    value: str
    remove_href: str
    works: bool = True


@dataclass(frozen=True, slots=True)
class Head:
    """A column's heading."""

    column: Column
    sort_href: str
    sort: str


@dataclass(frozen=True, slots=True)
class Row:
    """A product as the table shows it."""

    product: Product
    href: str
    image: str
    cells: tuple[tuple[Column, Shown], ...]


@dataclass(frozen=True, slots=True)
class Score:
    """The AI readability score in words a colour can say: good, middling, poor."""

    text: str
    tone: str


def score_of(value: float | None) -> Score | None:
    """A score as a tag."""
    if value is None:
        return None
    tone = "ok" if value > 75 else "warn" if value > 55 else "bad"
    return Score(f"{value:.0f}", tone)


def cursor_purpose(state: CatalogState) -> str:
    """A cursor is good for one order of one list."""
    return f"catalog:{'-' if state.descending else ''}{state.sort}"


def page_links(state: CatalogState, edges: Edges) -> tuple[str, str]:
    """The addresses of the pages before and after; empty where there is none."""
    links = []
    for place in (edges.before, edges.after):
        if place is None:
            links.append("")
        elif place is edges.before and edges.first_position == 1:
            links.append(state.at("").url())
        else:
            links.append(state.at(encode_cursor(cursor_purpose(state), place.parts())).url())
    return links[0], links[1]


def heads(state: CatalogState, shown: Sequence[Column]) -> list[Head]:
    """The headings, each with the address of the list sorted by it."""
    found = []
    for column in shown:
        sort = ""
        if state.sort == column.key:
            sort = "descending" if state.descending else "ascending"
        href = state.sorted_by(column.key).url() if column.is_sortable else ""
        found.append(Head(column, href, sort))
    return found


def rows(products: Sequence[Product], shown: Sequence[Column], vocabulary: Vocabulary) -> list[Row]:
    """The products as rows of these columns."""
    pictures = picture_fields(vocabulary)
    return [row(product, shown, vocabulary, pictures) for product in products]


def row(
    product: Product,
    shown: Sequence[Column],
    vocabulary: Vocabulary,
    pictures: Sequence[str],
) -> Row:
    """One product as a row."""
    locale = vocabulary.default_locale
    cells = tuple(
        (column, cell(column.kind, product.data.get(column.field.name), locale))
        for column in shown
        if column.field is not None
    )
    return Row(product, f"/pim/{product.id}", columns_of.image_of(product.data, pictures), cells)


def value_words(prop: Property, value: Value, locale: str) -> tuple[str, str]:
    """Both ends of a value as people read them."""
    return _end(prop, value.low, value.currency, locale), _end(
        prop, value.high, value.currency, locale
    )


def _end(prop: Property, end: object, currency: str, locale: str) -> str:
    if end is None:
        return ""
    if isinstance(end, datetime):
        return f"{end.day} {end:%b %Y}"
    if currency:
        text = display("price", {"amount": end, "currency": currency}, locale)
        return _NO_CENTS.sub("", text)
    if prop.kind in ("number", "price", "multi_price"):
        return display("number", end, locale)
    return str(end)


def words_of(condition: Condition, locale: str) -> str:
    """What a chip says after the name of the property."""
    operator = condition.operator
    if operator.arity == "none":
        currency = condition.values[0].currency
        return f"{operator.phrase} in {currency}" if currency else operator.phrase
    said = []
    for value in condition.values[:SHOWN_VALUES]:
        low, high = value_words(condition.prop, value, locale)
        said.append(f"{low} – {high}" if operator.arity == "two" else low)
    if len(condition.values) > SHOWN_VALUES:
        said.append(f"{len(condition.values) - SHOWN_VALUES} more")
    words = " or ".join(said)
    if operator.arity == "two":
        return f"not {words}" if operator.negative else words
    return operator.phrase.format(words)


def chips(
    state: CatalogState,
    conditions: Sequence[Condition],
    bad: Sequence[BadFilter],
    locale: str,
    import_label: str,
    segments: Sequence[InSegment] = (),
) -> list[Chip]:
    """What narrows the list down, each removable."""
    found = []
    if state.q:
        found.append(Chip("Search", f"“{state.q}”", state.without_search().url()))
    if state.import_id is not None:
        found.append(Chip("Import", import_label, state.without_import().url()))
    for segment in segments:
        found.append(Chip("Segment", segment.name, state.without_segment(segment.id).url()))
    for condition in conditions:
        found.append(
            Chip(
                condition.prop.label,
                words_of(condition, locale),
                state.without_filters(*_tokens_in(state, condition)).url(),
            )
        )
    for problem in bad:
        href = _without(state, problem.token).url()
        found.append(Chip("Filter", problem.token[:60], href, works=False))
    return found


def _without(state: CatalogState, token: str) -> CatalogState:
    """The list without a filter that can't be used, or without a segment that is gone."""
    number = token.removeprefix("segment ")
    if number != token and number.isdecimal() and token not in state.filters:
        return state.without_segment(int(number))
    return state.without_filters(token)


def _tokens_in(state: CatalogState, condition: Condition) -> list[str]:
    """The tokens of the address that make up a condition, however they are written there."""
    wanted = split_token(condition.tokens[0])[:2]
    return [
        token
        for token in state.filters
        if token.count(":") > 1 and split_token(token)[:2] == wanted
    ]


def range_text(edges: Edges, shown: int, total: int, at_least: bool) -> tuple[str, str]:
    """`51–100` and `1,204`: which rows of how many."""
    if not shown:
        return "0", f"{total:,}"
    first, last = edges.first_position, edges.first_position + shown - 1
    of = max(total, last)
    return f"{first:,}–{last:,}", f"more than {of:,}" if at_least else f"{of:,}"


@dataclass(frozen=True, slots=True)
class FilterForm:
    """The form that adds a filter: first what by, then how and with which value."""

    groups: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    chosen: str
    prop: Property | None
    operators: tuple[Operator, ...]
    operator: Operator | None
    value: str = ""
    value2: str = ""
    currency: str = ""
    currencies: tuple[str, ...] = ()
    segments: tuple[tuple[str, str], ...] = ()
    error: str = ""


def filter_form(
    properties: dict[str, Property],
    chosen: str,
    given: dict[str, str],
    error: str,
    currency: str,
    segments: Sequence[tuple[str, str]] = (),
) -> FilterForm:
    """The form as far as it is filled in."""
    fixed = tuple((key, prop.label) for key, prop in properties.items() if prop.fixed)
    own = tuple((key, prop.label) for key, prop in properties.items() if not prop.fixed)
    groups = (("Every product", fixed),) + ((("Fields", own),) if own else ())
    if segments:
        groups += (("Elsewhere", ((IN_SEGMENT, "Segment"),)),)
    prop = properties.get(chosen)
    operators = tuple(operators_of(prop)) if prop else ()
    operator = next((o for o in operators if o.name == given.get("fo")), None)
    is_price = prop is not None and prop.kind in ("price", "multi_price")
    return FilterForm(
        groups=groups,
        chosen=chosen if prop or chosen == IN_SEGMENT else "",
        prop=prop,
        operators=operators,
        operator=operator or _usual_operator(operators),
        value=given.get("fv", ""),
        value2=given.get("fv2", ""),
        currency=given.get("fc", currency if is_price else ""),
        segments=tuple(segments) if chosen == IN_SEGMENT else (),
        error=error,
    )


def _usual_operator(operators: Sequence[Operator]) -> Operator | None:
    """What a form starts with: a range for numbers, a part of it for text."""
    by_name = {operator.name: operator for operator in operators}
    usual = by_name.get("between") or by_name.get("contains")
    return usual or (operators[0] if operators else None)


def summary(total: int, in_catalog: int, narrowed: bool, at_least: bool) -> str:
    """The line below the heading: how many products, of how many."""
    more = "more than " if at_least else ""
    if not narrowed:
        return f"{more}{plural(total, 'product')}"
    return f"{total:,} of {more}{plural(in_catalog, 'product')}"
