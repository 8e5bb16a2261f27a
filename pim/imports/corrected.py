"""A list of failed rows that comes back corrected: two columns more than the file it was made of.

Recognised by `_line` and `_error`. They go nowhere, and the apostrophe that kept a spreadsheet from
running a cell is taken off again, so that a row nobody touched is what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pim.core.formulas import unharmed
from pim.imports.readers.base import BATCH_ROWS, Batch, Reader
from pim.imports.suggestion import Suggestion

LINE, ERROR = "_line", "_error"
WHY = "It comes from the list of errors and isn't imported."


def is_corrected(headers: Sequence[str]) -> bool:
    """Whether a file was made from a list of failed rows."""
    return LINE in headers and ERROR in headers


def of_the_report(headers: Sequence[str], rules: Sequence[Suggestion]) -> Mapping[int, Suggestion]:
    """By their place, the columns that the list of errors has added: they go nowhere."""
    if not is_corrected(headers):
        return {}
    return {
        place: replace(rule, target=None, confidence=1.0, reason=WHY, new=False)
        for place, rule in enumerate(rules)
        if headers[place] in (LINE, ERROR)
    }


class Corrected:
    """The rows of a corrected list as they were before they were made harmless."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self.headers = reader.headers

    def batches(self, size: int = BATCH_ROWS) -> Iterator[Batch]:
        """Stream the records after the header."""
        for batch in self._reader.batches(size):
            yield replace(batch, rows=[_unharmed(row) for row in batch.rows])

    def close(self) -> None:
        """Give the file back."""
        self._reader.close()


def _unharmed(row: list[Any]) -> list[Any]:
    return [unharmed(cell) if isinstance(cell, str) else cell for cell in row]
