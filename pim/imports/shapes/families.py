"""A product with its variants in rows below each other, as Shopify writes them.

Only the first row has what all share. Rows that bring no more than a further picture are no
products: their pictures go to the products above.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pim.imports.readers.headers import name_columns
from pim.imports.shapes.shaping import Shaping

Row = list[Any]
Numbered = tuple[int, Row]


class Families:
    """Reads the rows of one handle together."""

    def __init__(self, headers: Sequence[str], shaping: Shaping) -> None:
        place = {name: number for number, name in enumerate(headers)}
        self.headers = list(headers)
        self._pictures = shaping.pictures is not None and shaping.picture is not None
        if self._pictures:
            self.headers = name_columns([*headers, str(shaping.pictures)])
        self._key = place[shaping.fill_by or ""]
        self._fill = [place[name] for name in shaping.fill]
        self._marks = [place[name] for name in shaping.marks]
        self._picture = place[shaping.picture] if shaping.picture else None

    def key(self, row: Row) -> str:
        """What the rows of a product have in common."""
        return str(row[self._key]).strip()

    def rows(self, group: Sequence[Numbered]) -> list[Numbered]:
        """The products among the rows, each complete."""
        first = group[0][1]
        shared = [(place, first[place]) for place in self._fill if first[place]]
        products = [group[0], *(each for each in group[1:] if self._is_product(each[1]))]
        for _, row in products[1:]:
            for place, value in shared:
                if not row[place]:
                    row[place] = value
        if not self._pictures:
            return products
        pictures = self._all_pictures(group)
        return [(line, [*row, pictures]) for line, row in products]

    def _is_product(self, row: Row) -> bool:
        return any(row[place] for place in self._marks)

    def _all_pictures(self, group: Sequence[Numbered]) -> str:
        assert self._picture is not None
        found = dict.fromkeys(row[self._picture].strip() for _, row in group)
        found.pop("", None)
        return json.dumps(list(found), ensure_ascii=False) if found else ""
