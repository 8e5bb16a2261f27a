"""The first part of a file, as recognising its shape needs it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pim.imports.heuristics.words import slug
from pim.imports.readers.base import Reader

FIRST_ROWS = 300
SECONDS = 2.0


@dataclass
class Look:
    """Headers and first rows of a file, and more of them for who needs more. Headers decide
    mostly, so rows are read only when they are asked for: opening a large workbook takes a while.

    home_locale, home_currency: the tenant's own; they are the main ones where there are several.
    home_prices: the tenant's field for prices in several currencies.
    chosen: somebody says that the file has the shape, so it is worth a longer look.
    """

    open_raw: Callable[[], Reader]
    headers: list[str]
    home_locale: str | None = None
    home_currency: str | None = None
    home_prices: str | None = None
    chosen: bool = False
    slugs: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.slugs = {}
        for header in self.headers:
            self.slugs.setdefault(slug(header), header)

    @cached_property
    def rows(self) -> list[list[Any]]:
        """The first rows."""
        with closing(self.open_raw()) as reader:
            return first_rows(reader)

    def column(self, *names: str) -> str | None:
        """The header of the first of these names (as `variant_sku`) that the file has."""
        return next((self.slugs[name] for name in names if name in self.slugs), None)

    def has(self, *names: str) -> int:
        """How many of these names the file has."""
        return sum(1 for name in names if name in self.slugs)

    def place(self, header: str) -> int:
        """Where a column is."""
        return self.headers.index(header)

    def values(self, header: str) -> list[str]:
        """The texts of a column in the first rows, blanks left out."""
        place = self.place(header)
        return [row[place].strip() for row in self.rows if row[place].strip()]

    @cached_property
    def from_report(self) -> bool:
        """A report of failed rows: it is shaped already."""
        return {"_line", "_error"} <= set(self.headers)


class Walk:
    """Rows of a file from its beginning, for a short while. complete: that was all of them."""

    def __init__(self, open_rows: Callable[[], Reader], seconds: float = SECONDS) -> None:
        self._open = open_rows
        self._seconds = seconds
        self.complete = True
        self.headers: list[str] = []

    def __iter__(self) -> Iterator[list[Any]]:
        until = time.monotonic() + self._seconds
        with closing(self._open()) as reader:
            self.headers = reader.headers
            for batch in reader.batches():
                yield from batch.rows
                if time.monotonic() > until:
                    self.complete = next(iter(reader.batches(1)), None) is None
                    return


def first_rows(reader: Reader, most: int = FIRST_ROWS) -> list[list[Any]]:
    """The first rows of an open reader."""
    batch = next(reader.batches(most), None)
    return batch.rows if batch else []
