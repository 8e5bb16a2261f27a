"""What a tenant chose for these headers before, and whether that still holds for this file.

Pure. What is remembered is a suggestion like any other: a field that went, values that can't be
read as its type and a SKU that repeats are said, and the column is looked at anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pim.imports.heuristics.columns import context_of
from pim.imports.heuristics.shapes import readable_share
from pim.imports.profile import ColumnProfile, Profile
from pim.imports.suggestion import SKU, Suggestion, label_of, type_of
from pim.schema.fields import Vocabulary
from pim.schema.types import shown

FITS = 0.8
SAME_FILE, OTHER_FILE, CONTRADICTED, BY_NAME = 0.98, 0.9, 0.55, 0.99
# A longer header isn't remembered; what stands there is no name.
MAX_HEADER = 300

MayBeSku = Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Remembered:
    """One choice of the past. target None: the column was left out.

    same_headers: in a file with exactly the headers of this one. other: what another file of the
    tenant used the same header for. profile: the name of the saved mapping it comes from.
    """

    target: str | None
    type: str | None
    when: date
    transform: tuple[Any, ...] = ()
    same_headers: bool = False
    other: str | None = None
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of this file's columns, by their place; today: to write dates shortly."""

    columns: Mapping[int, Remembered]
    today: date
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Recalled:
    """Suggestions that hold, and why others don't any more, by place."""

    suggestions: Mapping[int, Suggestion]
    refused: Mapping[int, str]


def header_keys(headers: Sequence[str]) -> list[str | None]:
    """What each header is remembered under: without case and blanks around it.

    Headers that differ in nothing else keep their case; None for one that isn't remembered.
    """
    found: list[str | None] = []
    taken: set[str] = set()
    for header in headers:
        plain = " ".join(header.split())
        key: str | None = plain.casefold() if plain.casefold() not in taken else plain
        if not key or len(key) > MAX_HEADER or key in taken:
            key = None
        else:
            taken.add(key)
        found.append(key)
    return found


def header_set(headers: Sequence[str]) -> str:
    """A short text that is the same for files with the same headers, in whatever order."""
    keys = sorted(" ".join(header.split()).casefold() for header in headers)
    return hashlib.sha256("\x00".join(keys).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def recall(
    memory: Memory,
    rules: Sequence[Suggestion],
    vocabulary: Vocabulary,
    profile: Profile,
    may_be_sku: MayBeSku,
) -> Recalled:
    """What of the memory still holds, one column per target; the rest with its reason."""
    suggestions: dict[int, Suggestion] = {}
    refused: dict[int, str] = {}
    taken: set[str] = set()
    for place, each in sorted(memory.columns.items(), key=lambda item: -_sure(item[1])):
        problem = _problem(each, place, vocabulary, profile, may_be_sku, taken)
        if problem:
            refused[place] = f"{_before(each, memory.today)}, but {problem}"
            continue
        suggestions[place] = _suggestion(each, rules[place], vocabulary, memory.today)
        if each.target is not None:
            taken.add(each.target.casefold())
    return Recalled(suggestions, refused)


def day(when: date, today: date) -> str:
    """`3 Nov`, with the year where it isn't this one."""
    return f"{when.day} {when:%b}" + ("" if when.year == today.year else f" {when.year}")


def _sure(each: Remembered) -> float:
    if each.profile:
        return BY_NAME
    if each.same_headers:
        return SAME_FILE
    return CONTRADICTED if each.other else OTHER_FILE


def _suggestion(
    each: Remembered, rule: Suggestion, vocabulary: Vocabulary, today: date
) -> Suggestion:
    known = type_of(vocabulary, each.target) if each.target else None
    reason = _before(each, today) + "."
    if each.other:
        reason = f"{reason[:-1]}; another file used it for {each.other}."
    return replace(
        rule,
        target=each.target,
        type=known or each.type or rule.type,
        confidence=_sure(each),
        reason=reason,
        by="memory",
        new=False,
        transform=each.transform,
    )


def _before(each: Remembered, today: date) -> str:
    if each.profile:
        what = f"to {label_of(each.target)}" if each.target else "nowhere"
        return f"The saved mapping “{each.profile}” takes it {what}"
    if each.target is None:
        return f"You left this column out on {day(each.when, today)}"
    return f"You mapped this column to {label_of(each.target)} on {day(each.when, today)}"


def _problem(
    each: Remembered,
    place: int,
    vocabulary: Vocabulary,
    profile: Profile,
    may_be_sku: MayBeSku,
    taken: set[str],
) -> str:
    """Why what was chosen doesn't hold for this file; empty if it does."""
    if each.target is None:
        return ""
    type_name = type_of(vocabulary, each.target)
    if type_name is None:
        return "that field is no longer in the schema"
    if each.target.casefold() in taken:
        return "another column goes there"
    if each.target == SKU and not may_be_sku(place):
        return "its values are not unique here"
    if not _fits(profile.columns[place], type_name, each, profile, vocabulary):
        return f"too few of its values can be read as {shown(type_name)} now"
    return ""


def _fits(
    column: ColumnProfile,
    type_name: str,
    each: Remembered,
    profile: Profile,
    vocabulary: Vocabulary,
) -> bool:
    """Whether the import could read most of the values; transforms are not looked through."""
    if each.transform or not column.examples:
        return True
    ctx = context_of(column, profile, vocabulary)
    return readable_share(column.examples, type_name, ctx) >= FITS
