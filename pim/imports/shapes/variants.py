"""Rows of one product that differ by language, store view, channel or currency, made one.

The main row fills the plain columns. What others say stands in columns of their own, or in the
plain one where the main row says nothing and no such column was made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from typing import Any

from pim.imports.readers.columns import REST
from pim.imports.readers.headers import name_columns
from pim.imports.shapes.labels import labels_of
from pim.imports.shapes.shaping import Shaping
from pim.products.identity import sku_key

Row = list[Any]
Numbered = tuple[int, Row]
Kind = tuple[str, ...]

_NOWHERE, _LEFT = -1, -2
_REMEMBERED = 1_000


class Fold:
    """Reads the rows of one SKU together."""

    def __init__(self, headers: Sequence[str], shaping: Shaping) -> None:
        place = {name: number for number, name in enumerate(headers)}
        added = [variant.header for variant in shaping.variants]
        self.headers = name_columns([*headers, *added, *([REST] if shaping.rest else [])])
        self._given = list(headers)
        self._identity = place[shaping.identity or ""]
        self._by = [place[name] for name in shaping.by]
        self._bound = {place[name] for name in shaping.bound}
        self._main = shaping.main
        self._rest = shaping.rest
        self._same = {self._identity, *self._by}
        spoken = [column for column, _ in shaping.listed] + [*chain(*shaping.pairs)]
        self._spoken = {place[name] for name in spoken if shaping.listed or shaping.pair_names}
        self._targets: dict[Kind, list[int]] = {}
        self._made: dict[int, dict[str, int]] = {}
        for number, variant in enumerate(shaping.variants, start=len(headers)):
            self._made.setdefault(place[variant.column], {})[variant.label] = number

    def key(self, row: Row) -> str:
        """What the rows of a product have in common."""
        return sku_key(row[self._identity])

    def kind(self, row: Row) -> Kind:
        """What tells the rows of a product apart."""
        if len(self._by) == 1:
            return (row[self._by[0]].strip(),)
        return tuple([row[place].strip() for place in self._by])

    def rows(self, group: Sequence[Numbered]) -> list[Numbered]:
        """One row of all kinds; of several of one kind the last, the others beside it.

        The joined row stands on a line below theirs, so that it is the one that counts.
        """
        if len(group) == 1:
            line, row = group[0]
            return [(line, self._join([(self.kind(row), row)]))]
        kinds = [self.kind(row) for _, row in group]
        last = {kind: place for place, kind in enumerate(kinds)}
        kept = sorted(last.values())
        others = [place for place in range(len(group)) if last[kinds[place]] != place]
        below = group[others[-1]][0] if others else 0
        line = next(group[place][0] for place in kept if group[place][0] > below)
        joined = (line, self._join([(kinds[place], group[place][1]) for place in kept]))
        if not others:
            return [joined]
        alone = [
            (group[place][0], self._join([(kinds[place], group[place][1])])) for place in others
        ]
        return sorted([*alone, joined])

    def _join(self, rows: Sequence[tuple[Kind, Row]]) -> Row:
        joined: Row = [""] * len(self.headers)
        left: dict[str, str] = {}
        for kind, row in _main_first(rows, self._main):
            for place, (value, target) in enumerate(zip(row, self._targets_of(kind), strict=True)):
                if not value or target == _NOWHERE:
                    continue
                if target == _LEFT or (joined[target] and joined[target] != value):
                    if target not in self._same:
                        label = labels_of(kind, self._main)[-1]
                        left[f"{self._given[place]}-{label}"] = value
                else:
                    joined[target] = value
        if left and self._rest:
            joined[-1] = json.dumps(left, ensure_ascii=False)
        return joined

    def _targets_of(self, kind: Kind) -> list[int]:
        """Where each cell of a row of this kind goes."""
        known = self._targets.get(kind)
        if known is None:
            known = [self._target(place, kind) for place in range(len(self._given))]
            if len(self._targets) < _REMEMBERED:
                self._targets[kind] = known
        return known

    def _target(self, place: int, kind: Kind) -> int:
        if kind == self._main:
            return place
        if place in self._spoken or (self._bound and place in self._by):
            return _NOWHERE  # said in other columns, or true of the main row alone
        made = self._made.get(place, {})
        found = next((made[label] for label in labels_of(kind, self._main) if label in made), None)
        if found is not None:
            return found
        return _LEFT if place in self._bound else place


def _main_first(rows: Sequence[tuple[Kind, Row]], main: Kind) -> Sequence[tuple[Kind, Row]]:
    if len(rows) == 1 or rows[0][0] == main:
        return rows
    return sorted(rows, key=lambda each: each[0] != main)
