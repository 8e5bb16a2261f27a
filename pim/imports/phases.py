"""Where the time of an import goes, phase by phase, across all workers that had a part in it.

`counting`: which rows count. `writing`: all of the time in which chunks are written, of which
`reading` (in a thread beside it) and `storing` (PostgreSQL) are the two sides. `syncing`: after the
last row, until ClickHouse has it too.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import SupportsFloat, TypeVar

Item = TypeVar("Item")


class Phases:
    """Seconds by phase, added to those of earlier workers."""

    def __init__(self, before: Mapping[str, SupportsFloat]) -> None:
        self.seconds = {phase: float(seconds) for phase, seconds in before.items()}

    @contextmanager
    def timed(self, phase: str) -> Iterator[None]:
        """Count the time spent inside."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self._add(phase, time.perf_counter() - started)

    def each(self, phase: str, items: Iterable[Item]) -> Iterator[Item]:
        """Count the time it takes to come by each item."""
        waiting = iter(items)
        while True:
            with self.timed(phase):
                item = next(waiting, None)
            if item is None:
                return
            yield item

    def rounded(self) -> dict[str, float]:
        """As it is stored."""
        return {phase: round(seconds, 3) for phase, seconds in self.seconds.items()}

    def _add(self, phase: str, seconds: float) -> None:
        self.seconds[phase] = self.seconds.get(phase, 0.0) + seconds
