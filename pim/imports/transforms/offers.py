"""Steps that the values of a column call for: offered to the user, never applied by themselves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pim.imports.profile import ColumnProfile, Profile
from pim.imports.suggestion import SKU, Suggestion
from pim.imports.transforms.units import unit_named
from pim.schema.types import shown

_MARKUP = re.compile(
    r"<(?:p|br|div|span|b|strong|i|em|u|ul|ol|li|h[1-6]|table|tr|td|a|img)(?:\s[^<>]*)?/?>", re.I
)
_MEASURE = re.compile(r"\s*[-+]?\d[\d.,' ]{0,20}\s*([^\W\d_][^\W\d_]{0,11}[23²³]?\.?|[\"″])\s*")
_MARKED_UP, _MEASURED = 0.2, 0.95


def offers(profile: Profile, columns: Sequence[Suggestion]) -> dict[str, dict[str, Any]]:
    """By column, one step (as JSON) and why: `{"step": "strip_html", "reason": "…"}`."""
    found = {}
    for column, suggested in zip(profile.columns, columns, strict=True):
        if suggested.target in (None, SKU) or suggested.transform or not column.examples:
            continue
        offer = _unit(column, suggested) or _html(column, suggested)
        if offer:
            found[column.name] = offer
    return found


def _html(column: ColumnProfile, suggested: Suggestion) -> dict[str, Any] | None:
    if suggested.type != "string":
        return None
    marked = [value for value in column.examples if _MARKUP.search(value)]
    if len(marked) < _MARKED_UP * len(column.examples):
        return None
    seen = f"{len(marked):,} of {len(column.examples):,} different values seen hold HTML."
    return {"step": "strip_html", "reason": seen}


def _unit(column: ColumnProfile, suggested: Suggestion) -> dict[str, Any] | None:
    """Numbers with units we know, for a number or for a field that doesn't exist yet."""
    if suggested.type != "number" and not (suggested.type == "string" and suggested.new):
        return None
    units: Counter[str] = Counter()
    for value in column.examples:
        measure = _MEASURE.fullmatch(value)
        unit = unit_named(measure[1]) if measure else None
        if unit:
            units[unit] += 1
    if units.total() < max(2, _MEASURED * len(column.examples)):
        return None
    ((unit, _),) = units.most_common(1)
    reason = f"Values are numbers with a unit, like {shown(column.examples[0])}."
    return {"step": {"op": "unit", "to": unit}, "reason": reason}
