"""Which products a list, an export or a deletion is about: the parameters they share.

A rule (`filter`) and membership (`segment`) are ClickHouse's to answer; everything else is asked
of PostgreSQL, so that it works without.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from pim.analytics.client import TooExpensive
from pim.api import params
from pim.api.json import NotJson, parse, unstorable_texts
from pim.api.params import BadParameter
from pim.api.routes import Param
from pim.core.errors import Invalid, Unavailable
from pim.products.queries import ProductFilter
from pim.segments import finding
from pim.segments.asked import MembersMissing
from pim.segments.dsl import Where
from pim.segments.queries import get_segment

LONGEST_FILTER = 100_000
LISTS_NEED_IT = (
    "Finding products by a rule or a segment needs ClickHouse, which doesn't answer at the moment. "
    "Try again shortly; lists without `filter` and `segment` work."
)
SORTS = tuple(
    sign + key for key in ("id", "sku", "name", "updated_at", "created_at") for sign in ("", "-")
)
NARROWING = (
    Param("q", {"type": "string"}, "Text that the SKU or the name contains."),
    Param("active", {"type": "boolean"}, "Only active ones, or only the others."),
    Param("import_id", {"type": "integer"}, "Only what this import created or changed."),
    Param(
        "updated_since",
        {"type": "string", "format": "date-time"},
        "Only what was changed at this moment or later.",
    ),
    Param("filter", {"type": "string"}, "A segment definition as JSON: only what it lets through."),
    Param("segment", {"type": "integer"}, "Only members of this segment, as last computed."),
)
WHICH = (
    *NARROWING,
    Param("sort", {"enum": list(SORTS), "default": "id"}, "The order; `-` turns it around."),
)
NAMES = tuple(param.name for param in WHICH)


@dataclass(frozen=True, slots=True)
class Selection:
    """Products as they were asked for.

    plain: all that PostgreSQL can tell. where: the whole of it for ClickHouse, but for the import;
    None where PostgreSQL needs no help.
    """

    plain: ProductFilter
    where: Where | None = None

    def resolved(self) -> ProductFilter:
        """The selection for PostgreSQL alone: what ClickHouse says as the ids of products.

        Costs what reading all those ids costs. Raises Unavailable.
        """
        if self.where is None:
            return self.plain
        with said_clearly():
            return replace(self.plain, ids=finding.find_every(self.where))

    @property
    def is_paged_by_clickhouse(self) -> bool:
        """Whether ClickHouse can name the products of one page; it knows nothing of imports."""
        return self.where is not None and self.plain.import_id is None


def which_products() -> Selection:
    """The products that the parameters let through. Raises Invalid at `filter`, and NotFound."""
    plain = ProductFilter(
        text=params.text("q") or "",
        active=params.flag("active"),
        import_id=params.whole("import_id", 0) or None,
        updated_since=params.moment("updated_since"),
    )
    definition, segment_id = _filter(), params.whole("segment", 0)
    if definition is None and not segment_id:
        return Selection(plain)
    with said_clearly():
        where = finding.narrowed(
            definition,
            segment=get_segment(segment_id) if segment_id else None,
            text=plain.text,
            active=plain.active,
            updated_since=plain.updated_since,
            path="filter",
        )
    return Selection(plain, where)


def _filter() -> Any:
    """The definition in `filter`; None without it."""
    text = params.text("filter", most=LONGEST_FILTER)
    if text is None:
        return None
    try:
        parsed = parse(text.encode())
    except NotJson as error:
        raise BadParameter("filter", f"“filter” has to be JSON. {error.message}") from error
    if parsed.suspicious and (errors := list(unstorable_texts(parsed.value, "filter"))):
        raise Invalid(errors)
    # `null` is no rule either, but somebody asked for one.
    return {} if parsed.value is None else parsed.value


@contextmanager
def said_clearly(sentence: str = LISTS_NEED_IT) -> Iterator[None]:
    """Say what can't be done while ClickHouse is away, and what can."""
    try:
        yield
    except (TooExpensive, MembersMissing):
        raise
    except Unavailable as error:
        raise Unavailable(sentence) from error


def known_parameters(*others: str) -> None:
    """Refuse what is neither one of the parameters here nor of the others."""
    params.known_only(*NAMES, *others)


def sort_of_request() -> tuple[str, bool]:
    """By what to sort, and whether falling."""
    sort = params.choice("sort", SORTS, "id")
    return sort.removeprefix("-"), sort.startswith("-")
