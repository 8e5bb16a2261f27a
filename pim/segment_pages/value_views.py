"""The values there are, for an input of the builder somebody types in."""

from __future__ import annotations

from flask import Response, request

from pim.analytics.columns import Parameters, read_fixed
from pim.analytics.queries import search_values
from pim.analytics.registry import tenant_columns
from pim.core.errors import DomainError
from pim.identity.access import requires
from pim.schema.queries import current_vocabulary
from pim.segment_pages.views import blueprint
from pim.segments.dsl.properties import properties_of
from pim.web.htmx import render

OFFERED = 12
LONGEST = 200
KINDS = ("string", "url", "array")


@blueprint.get("/pim/segments/values")
@requires("segment.read")
def offer_values() -> Response:
    """Options of a list: values of one property that have what was typed in them."""
    found = _values(request.args.get("property", ""), _typed())
    return render("segments/values.html", values=found)


def _typed() -> str:
    """What stands in the input, whatever it is called."""
    names = (name for name in request.args if name.startswith("value-"))
    return next((request.args.getlist(name)[-1] for name in names), "").strip()[:LONGEST]


def _values(name: str, typed: str) -> list[tuple[str, int | None]]:
    """The values with how many products have them, where all were looked at.

    None while ClickHouse is away.
    """
    prop = properties_of(current_vocabulary().fields).get(name)
    if prop is None or prop.kind not in KINDS:
        return []
    parameters = Parameters()
    read = (
        read_fixed(prop.name)
        if prop.fixed
        else tenant_columns().read(prop.name, prop.kind, parameters)
    )
    try:
        found = search_values(read, typed, parameters, limit=OFFERED)
    except DomainError:
        return []
    short = [each for each in found.values if len(str(each.value)) <= LONGEST]
    return [(str(each.value), each.count if found.complete else None) for each in short]
