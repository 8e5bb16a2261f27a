"""Batches of a file's rows: put together, cut to what lies between two lines, narrowed. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from pim.imports.marks import OTHER
from pim.imports.readers.base import BATCH_CHARACTERS, Batch
from pim.products.copytext import NULL


@dataclass(slots=True)
class Rows:
    """Rows of a file with their lines, SKU keys, hashes, and what the catalog knows of them."""

    rows: list[list[Any]]
    lines: Sequence[int]
    keys: list[str]
    hashes: list[str] = field(default_factory=list)
    marks: str = ""

    def __post_init__(self) -> None:
        self.hashes = self.hashes or [NULL] * len(self.rows)
        self.marks = self.marks or OTHER * len(self.rows)

    def only(self, places: Sequence[int]) -> Rows:
        """Those at these places."""
        return Rows(
            [self.rows[place] for place in places],
            [self.lines[place] for place in places],
            [self.keys[place] for place in places],
            [self.hashes[place] for place in places],
            "".join([self.marks[place] for place in places]),
        )


def larger(batches: Iterable[Batch], rows: int) -> Iterator[Batch]:
    """The same rows in fewer batches: asking the catalog has its price each time."""
    waiting: list[Batch] = []
    characters = 0
    for batch in batches:
        waiting.append(batch)
        characters += _about_so_long(batch)
        if sum(len(each.rows) for each in waiting) >= rows or characters >= BATCH_CHARACTERS:
            yield _joined(waiting)
            waiting, characters = [], 0
    if waiting:
        yield _joined(waiting)


def between(batch: Batch, after: int, before: int | None = None) -> Batch:
    """What of a batch lies after one line and before another."""
    if not after and before is None:
        return batch
    within = (after, before if before is not None else batch.end_line + 1)
    places = [place for place, line in enumerate(batch.lines) if within[0] < line < within[1]]
    return Batch(
        rows=[batch.rows[place] for place in places],
        lines=[batch.lines[place] for place in places],
        problems=[each for each in batch.problems if within[0] < each.line < within[1]],
        end_record=batch.end_record,
        end_line=batch.end_line,
        end_byte=batch.end_byte,
    )


def _about_so_long(batch: Batch) -> int:
    """How many characters the rows hold, by those of every twentieth."""
    return 20 * sum(len(cell) for row in batch.rows[::20] for cell in row)


def _joined(batches: list[Batch]) -> Batch:
    last = batches[-1]
    return Batch(
        rows=list(chain.from_iterable(batch.rows for batch in batches)),
        lines=list(chain.from_iterable(batch.lines for batch in batches)),
        problems=list(chain.from_iterable(batch.problems for batch in batches)),
        end_record=last.end_record,
        end_line=last.end_line,
        end_byte=last.end_byte,
    )
