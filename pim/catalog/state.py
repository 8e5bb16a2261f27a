"""What a catalog address says, read and written again: search, filters, order, columns, page.

All that a person sees of the list follows from its address, so reload, Back, and a link sent to a
colleague show the same. Forms may write the address in other words (a range in two inputs, the
columns as checkboxes, a new filter in its parts); `read_state` folds those into the one way.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from werkzeug.datastructures import MultiDict

from pim.web.words import search_words

MAX_SEARCH = 200
MAX_SEGMENTS = 10
DEFAULT_SORT = "sku"


class Arguments(Protocol):
    """The part of werkzeug's MultiDict that is used here."""

    def get(self, key: str, default: str, /) -> str: ...
    def getlist(self, key: str, /) -> list[str]: ...
    def keys(self) -> Iterable[str]: ...


@dataclass(frozen=True, slots=True)
class CatalogState:
    """One address of the catalog. columns: None is the person's own choice or the default."""

    q: str = ""
    filters: tuple[str, ...] = ()
    sort: str = DEFAULT_SORT
    descending: bool = False
    columns: tuple[str, ...] | None = None
    import_id: int | None = None
    segments: tuple[int, ...] = ()
    cursor: str = ""
    adding: str | None = None
    more: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything leaves products out."""
        return bool(self.q or self.filters or self.import_id or self.segments)

    @property
    def products_key(self) -> str:
        """A name for the products that are left and the facets made of them, in whatever order."""
        alike = replace(self.at(""), sort=DEFAULT_SORT, descending=False, columns=None)
        return sha256(alike.url().encode()).hexdigest()[:16]

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The query of the address; what is as usual is left out."""
        if self.q:
            yield "q", self.q
        if self.import_id is not None:
            yield "import_id", str(self.import_id)
        for segment in self.segments:
            yield "segment", str(segment)
        for token in self.filters:
            yield "f", token
        if self.sort != DEFAULT_SORT or self.descending:
            yield "sort", ("-" if self.descending else "") + self.sort
        if self.columns is not None:
            yield "cols", ",".join(self.columns)
        if self.more:
            yield "more", self.more
        if self.adding is not None:
            yield "add", self.adding
        if self.cursor:
            yield "after", self.cursor

    def url(self, path: str = "/pim") -> str:
        """The address, in its one way of writing."""
        query = urlencode(list(self.pairs()), quote_via=quote, safe=":,")
        return f"{path}?{query}" if query else path

    def filters_url(self, path: str) -> str:
        """The filters alone, for what sends the rest of the address as inputs."""
        return CatalogState(filters=self.filters).url(path)

    def hidden(self, *without: str) -> list[tuple[str, str]]:
        """The query as hidden inputs of a form that brings the named keys itself."""
        left_out = {*without, "after", "add"}
        return [(key, value) for key, value in self.pairs() if key not in left_out]

    def with_filters(self, filters: Iterable[str]) -> CatalogState:
        """The same list, filtered otherwise, from its first page."""
        unique = tuple(dict.fromkeys(filters))
        return replace(self, filters=unique, cursor="", adding=None)

    def without_filters(self, *tokens: str) -> CatalogState:
        """The same list without these filters."""
        return self.with_filters(token for token in self.filters if token not in tokens)

    def without_search(self) -> CatalogState:
        """The same list, whatever the SKU and name."""
        return replace(self, q="", cursor="", adding=None)

    def without_import(self) -> CatalogState:
        """The same list, whatever import the products came with."""
        return replace(self, import_id=None, cursor="", adding=None)

    def with_segment(self, segment_id: int) -> CatalogState:
        """Of the same list, those in this segment."""
        segments = tuple(dict.fromkeys((*self.segments, segment_id)))
        return replace(self, segments=segments, cursor="", adding=None)

    def without_segment(self, segment_id: int) -> CatalogState:
        """The same list, whether in this segment or not."""
        segments = tuple(each for each in self.segments if each != segment_id)
        return replace(self, segments=segments, cursor="", adding=None)

    def sorted_by(self, name: str) -> CatalogState:
        """Sorted by this, ascending; descending if it is so already."""
        descending = self.sort == name and not self.descending
        return replace(self, sort=name, descending=descending, cursor="", adding=None)

    def at(self, cursor: str) -> CatalogState:
        """Another page of the same list."""
        return replace(self, cursor=cursor, adding=None)

    def expanding(self, facet: str) -> CatalogState:
        """The same list, with more values of one facet."""
        return replace(self, more=facet, adding=None)

    def cleared(self) -> CatalogState:
        """The whole catalog, with the order and columns as they are."""
        everything = CatalogState(sort=self.sort, descending=self.descending)
        return replace(everything, columns=self.columns)


def read_state(args: Arguments) -> CatalogState:
    """Read an address. What isn't understood is as if it weren't there; filters stay as text."""
    sort = args.get("sort", "").strip()
    descending = sort.startswith("-")
    import_id = args.get("import_id", "").strip()
    return CatalogState(
        q=search_words(args.get("q", ""), MAX_SEARCH),
        filters=tuple(dict.fromkeys(token for token in args.getlist("f") if token.strip())),
        sort=sort.removeprefix("-") or DEFAULT_SORT,
        descending=descending,
        columns=_read_columns(args),
        import_id=int(import_id) if import_id.isdecimal() and len(import_id) < 19 else None,
        segments=_read_segments(args),
        cursor=args.get("after", ""),
        more=args.get("more", ""),
        adding=args.get("add", "") if "add" in args.keys() else None,  # noqa: SIM118
    )


def _read_segments(args: Arguments) -> tuple[int, ...]:
    texts = args.getlist("segment")[:MAX_SEGMENTS]
    numbers = (int(text) for text in texts if text.isdecimal() and len(text) < 19)
    return tuple(dict.fromkeys(numbers))


def state_of_url(url: str) -> CatalogState:
    """The state an address of the catalog stands for."""
    return read_state(MultiDict(parse_qsl(urlsplit(url).query, keep_blank_values=True)))


def _read_columns(args: Arguments) -> tuple[str, ...] | None:
    """The chosen columns: as one list, or from the form with a checkbox for each."""
    if "columns_form" in args.keys():  # noqa: SIM118
        return tuple(dict.fromkeys(args.getlist("c"))) or None
    names = args.get("cols", "").split(",")
    return tuple(dict.fromkeys(name for name in names if name)) or None


@dataclass(frozen=True, slots=True)
class RangeInput:
    """Two inputs of a range facet: `range:EUR:price_min` and `range:EUR:price_max`."""

    field: str
    currency: str
    low: str
    high: str


def range_name(field: str, currency: str = "") -> str:
    """What the two inputs of a range facet are called, before `_min` and `_max`."""
    return f"range:{currency}:{field}"


def read_ranges(args: Arguments) -> list[RangeInput]:
    """The range inputs of the facets form."""
    found: dict[str, dict[str, str]] = {}
    for key in args.keys():  # noqa: SIM118
        if key.startswith("range:") and key[-4:] in ("_min", "_max"):
            found.setdefault(key[:-4], {})[key[-3:]] = args.get(key, "").strip()
    ranges = []
    for name, ends in found.items():
        _, currency, field = name.split(":", 2) if name.count(":") >= 2 else ("", "", "")
        if field:
            ranges.append(RangeInput(field, currency, ends.get("min", ""), ends.get("max", "")))
    return ranges
