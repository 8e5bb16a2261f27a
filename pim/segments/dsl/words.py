"""A rule as a sentence: `Brand is “Lumo” and (Price is at most 20 EUR or Tags has “new”)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pim.schema.types.number import digits_of
from pim.segments.dsl.errors import listed
from pim.segments.dsl.rule import (
    Combined,
    Comparison,
    Duration,
    Member,
    Moment,
    Never,
    Part,
    Rule,
    Signalled,
)

# Longer lists are cut short, longer texts too: the sentence is there to be read.
_MOST_VALUES = 8
_LONGEST_VALUE = 80
NOTHING_YET = "its AI visibility fits (nothing is measured so far)"


def in_words(rule: Rule) -> str:
    """The rule in plain English, without a full stop."""
    return _combined(rule.root, outermost=True)


def condition_in_words(part: Part) -> str:
    """One condition or group in plain English."""
    match part:
        case Combined():
            return _combined(part)
        case Comparison():
            return _comparison(part)
        case Signalled():
            return _signalled(part)
        case Member():
            return (
                f"is {'not ' if part.negative else ''}in the segment {_quoted(part.segment.name)}"
            )
        case Never():
            return NOTHING_YET


def _combined(group: Combined, *, outermost: bool = False) -> str:
    if outermost and len(group.parts) == 1 and isinstance(group.parts[0], Combined):
        return _combined(group.parts[0], outermost=True)
    parts = [condition_in_words(part) for part in group.parts]
    joined = f" {group.logic} ".join(parts)
    return joined if outermost or len(parts) == 1 else f"({joined})"


def _comparison(part: Comparison) -> str:
    values = [_value(value, part.currency) for value in part.values]
    if part.operator.arity == "two":
        # A range is a chip's shorthand elsewhere; a sentence says the words.
        said = f"{part.operator.label} {' and '.join(values)}"
    else:
        shown = values[:_MOST_VALUES]
        if more := len(values) - len(shown):
            shown.append(f"{more:,} more")
        joint = "and" if part.operator.name == "contains_all" or more else "or"
        said = part.operator.phrase.replace("{}", listed(shown, joint))
    only = f" in {part.currency}" if part.operator.arity == "none" and part.currency else ""
    return f"{part.prop.label} {said}{only}"


def _value(value: Any, currency: str) -> str:
    read = _VALUES.get(type(value), str)
    said = read(value)
    return f"{said} {currency}" if currency else said


def _quoted(text: str) -> str:
    shown = " ".join(text.split())
    if len(shown) > _LONGEST_VALUE:
        shown = f"{shown[: _LONGEST_VALUE - 1]}…"
    return f"“{shown}”"


def _moment(moment: Moment) -> str:
    if moment.is_day:
        return moment.at.date().isoformat()
    return f"{moment.at:%Y-%m-%d %H:%M:%S} UTC".replace(":00 UTC", " UTC")


def _duration(duration: Duration) -> str:
    unit = duration.unit if duration.amount != 1 else duration.unit.removesuffix("s")
    return f"{duration.amount:,} {unit}"


_VALUES: Mapping[type, Callable[[Any], str]] = {
    str: _quoted,
    int: digits_of,
    Decimal: digits_of,
    Moment: _moment,
    Duration: _duration,
}
_DID: Mapping[str, str] = {"purchased_by_segment": "bought", "viewed_by_segment": "viewed"}
_USUAL = ("order_completed", "product_viewed")


def _signalled(part: Signalled) -> str:
    people = _quoted(part.name or part.segment_id)
    when = f" in the last {_duration(part.within)}" if part.within else ""
    event = "" if part.event_type in _USUAL else f" (event {_quoted(part.event_type)})"
    return f"was {_DID[part.signal]} by people in {people}{when}{event}"
