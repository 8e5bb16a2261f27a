"""Looks at rows of one product side by side: do they differ, in which columns, and between whom."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from pim.imports.readers.base import Reader
from pim.imports.shapes.labels import labels_of
from pim.imports.shapes.look import Look, Walk
from pim.imports.shapes.shaping import Variant
from pim.products.identity import sku_key

MOST_VARIANTS = 1_000
# So many products are compared; rows of theirs are looked for as long as there is time.
MOST_PRODUCTS = 5_000
MOST_ROWS = 20_000
SECONDS, SECONDS_IF_CHOSEN = 3.0, 20.0
_ENOUGH = 0.3

Kind = tuple[str, ...]
# Of each cell only a hash is kept, 0 for a blank one: all that is asked is whether two are equal.
Row: TypeAlias = "array[int]"


@dataclass(slots=True)
class Survey:
    """What was seen. shared: how many products had rows of several kinds, of how many."""

    headers: list[str]
    products: int = 0
    shared: int = 0
    scattered: bool = False
    complete: bool = True
    filled: Counter[Kind] = field(default_factory=Counter)
    seen: Counter[Kind] = field(default_factory=Counter)
    groups: list[dict[Kind, Row]] = field(default_factory=list)

    def telling(self, look: Look) -> bool:
        """Whether rows of one product really come in several kinds here."""
        least = 0.0 if look.chosen else _ENOUGH * self.products
        return self.shared > 0 and self.shared >= least

    def main(self, look: Look) -> Kind:
        """The rows that fill the plain columns: those of no kind, the tenant's own, the fullest."""
        blank = [kind for kind in self.seen if not any(kind)]
        if blank:
            return blank[0]
        most = max(self.seen.values())
        often = [kind for kind in self.seen if self.seen[kind] >= 0.5 * most]
        return max(often, key=lambda kind: (_at_home(kind, look), self.filled[kind]))


def survey(
    open_rows: Callable[[], Reader], identity: str, by: Sequence[str], seconds: float = SECONDS
) -> Survey:
    """Read a file's first part by product."""
    walk = Walk(open_rows, seconds)
    found, groups = Survey([]), dict[str, dict[Kind, Row]]()
    before, kept = "", 0
    at: list[int] = []
    for row in walk:
        if not at:
            found.headers = walk.headers
            at = [walk.headers.index(name) for name in by]
            key_at = walk.headers.index(identity)
        key = sku_key(row[key_at])
        if not key:
            before = ""
            continue
        kind = tuple(row[place].strip() for place in at)
        found.seen[kind] += 1
        found.filled[kind] += sum(map(bool, row))
        known = groups.get(key)
        if known is None:
            if len(groups) < MOST_PRODUCTS:
                groups[key] = {kind: _hashed(row)}
        else:
            found.scattered = found.scattered or key != before
            if kept < MOST_ROWS:
                known[kind] = _hashed(row)
                kept += 1
        before = key
    found.complete = walk.complete
    found.groups = list(groups.values())
    found.products = len(groups)
    found.shared = sum(1 for group in found.groups if len(group) > 1)
    return found


def _hashed(row: list[Any]) -> Row:
    return array("q", map(hash, row))


def variants_of(
    found: Survey, main: Kind, skipped: Sequence[str], bound: Sequence[str]
) -> tuple[Variant, ...]:
    """The columns in which rows of several kinds differ, with one more for each other kind."""
    fixed = set(skipped)
    made: list[Variant] = []
    for place, header in enumerate(found.headers):
        if header in fixed:
            continue
        for label in _labels(found, place, main, always=header in bound, only=bool(bound)):
            made.append(Variant(header, label))
    return tuple(made[:MOST_VARIANTS])


def _labels(found: Survey, place: int, main: Kind, *, always: bool, only: bool) -> list[str]:
    """What the kinds are called whose values in a column differ from the main row's."""
    differs = [False] * len(main)
    some, usual = dict[Kind, None](), False
    for group in found.groups:
        values = {kind: row[place] for kind, row in group.items() if row[place]}
        usual = usual or main in values
        some.update(dict.fromkeys(kind for kind in values if kind != main))
        if len(set(values.values())) > 1:
            _compare(values, differs)
    if not some or (only and not always):
        return []
    if not any(differs):
        if usual and not always:
            return []
        differs = [any(kind[part] != main[part] for kind in some) for part in range(len(main))]
    labels: dict[str, None] = {}
    for kind in some:
        labels.update(dict.fromkeys(_called(kind, main, differs)))
    return list(labels)


def _compare(values: dict[Kind, int], differs: list[bool]) -> None:
    """Note by which part of their kinds values differ: language, channel, or both."""
    kinds = list(values)
    for number, one in enumerate(kinds):
        for other in kinds[number + 1 :]:
            if values[one] != values[other]:
                parts = [part for part in range(len(one)) if one[part] != other[part]]
                if len(parts) == 1:
                    differs[parts[0]] = True
    if not any(differs):
        differs[:] = [True] * len(differs)


def _called(kind: Kind, main: Kind, differs: Sequence[bool]) -> list[str]:
    told = tuple(value if part else "" for value, part in zip(kind, differs, strict=True))
    usual = tuple(value if part else "" for value, part in zip(main, differs, strict=True))
    if told == usual:
        return []
    return labels_of(told, usual)[-1:]


def _at_home(kind: Kind, look: Look) -> int:
    """How near to the tenant's own language or currency."""
    locale, currency = (look.home_locale or "").replace("-", "_"), look.home_currency
    best = 0
    for value in kind:
        plain = value.replace("-", "_")
        if value and (plain.casefold() == locale.casefold() or value == currency):
            best = max(best, 2)
        elif plain and locale and plain[:2].casefold() == locale[:2].casefold() and len(plain) < 6:
            best = max(best, 1)
    return best
