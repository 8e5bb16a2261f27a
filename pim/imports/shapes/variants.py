"""Rows of one product that differ by language, store view, channel or currency, made one.

The main row fills the plain columns. What others say stands in columns of their own, or in the
plain one where the main row says nothing and no such column was made.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pim.imports.readers.columns import REST
from pim.imports.readers.headers import name_columns
from pim.imports.shapes.labels import labels_of
from pim.imports.shapes.shaping import Shaping
from pim.products.identity import sku_key

Row = list[Any]
Numbered = tuple[int, Row]
Kind = tuple[str, ...]


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
        self._made: dict[int, dict[str, int]] = {}
        for number, variant in enumerate(shaping.variants, start=len(headers)):
            self._made.setdefault(place[variant.column], {})[variant.label] = number

    def key(self, row: Row) -> str:
        """What the rows of a product have in common."""
        return sku_key(row[self._identity])

    def kind(self, row: Row) -> Kind:
        """What tells the rows of a product apart."""
        return tuple(row[place].strip() for place in self._by)

    def rows(self, group: Sequence[Numbered]) -> list[Numbered]:
        """One row of all kinds; of several of one kind the last, the others beside it.

        The joined row stands on a line below theirs, so that it is the one that counts.
        """
        last = {self.kind(row): line for line, row in group}
        kept = [each for each in group if last[self.kind(each[1])] == each[0]]
        others = [each for each in group if last[self.kind(each[1])] != each[0]]
        below = others[-1][0] if others else 0
        line = min(each[0] for each in kept if each[0] > below)
        joined = (line, self._join([row for _, row in kept]))
        return sorted([*((line, self._join([row])) for line, row in others), joined])

    def _join(self, rows: Sequence[Row]) -> Row:
        joined: Row = [""] * len(self.headers)
        left: dict[str, str] = {}
        for row in sorted(rows, key=lambda row: self.kind(row) != self._main):
            kind = self.kind(row)
            main = kind == self._main
            labels = labels_of(kind, self._main)
            for place, value in enumerate(row):
                if not value or (not main and place in self._by and self._bound):
                    continue
                target = place if main else self._target(place, labels)
                if target is None:
                    left[f"{self._given[place]}-{labels[-1]}"] = value
                elif not joined[target]:
                    joined[target] = value
                elif joined[target] != value and target not in (self._identity, *self._by):
                    left[f"{self._given[place]}-{labels[-1]}"] = value
        if left and self._rest:
            joined[-1] = json.dumps(left, ensure_ascii=False)
        return joined

    def _target(self, place: int, labels: Sequence[str]) -> int | None:
        made = self._made.get(place, {})
        plain = None if place in self._bound else place
        return next((made[label] for label in labels if label in made), plain)
