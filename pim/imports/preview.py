"""What an import makes of the rows of the sample: the run's own reading, shown cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pim.core.errors import FieldError
from pim.imports.mapping import Confirmation, read_confirmation
from pim.imports.rows import ReadRows, RowCompiler
from pim.imports.suggestion import ACTIVE, NAME, SKU
from pim.jsontext import loads
from pim.schema.fields import Vocabulary
from pim.schema.types import Notation, display

SHOWN_SAMPLES = 3
_SHOWN_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Sample:
    """One cell: as the file has it, and as the product's page would show it, or what is wrong."""

    raw: str
    value: str = ""
    error: str = ""

    @property
    def changes(self) -> bool:
        """Whether there is anything to say beyond the cell itself."""
        return bool(self.error) or self.value != self.raw


@dataclass(frozen=True, slots=True)
class Preview:
    """Samples by column, ignored ones as they are; and what is wrong with the mapping so far."""

    samples: Mapping[str, tuple[Sample, ...]]
    errors: tuple[FieldError, ...]


def preview(
    body: Any,
    headers: Sequence[str],
    rows: Sequence[Sequence[str]],
    current: Vocabulary,
    notations: Mapping[str, Notation | None],
) -> Preview:
    """Read the sample rows by a confirmation, as far as it can be read already."""
    confirmation, errors = read_confirmation(body, headers, current, notations)
    outcomes = _outcomes(confirmation, headers, rows)
    samples = {}
    for place, header in enumerate(headers):
        cells = [row[place] for row in rows]
        samples[header] = _different(cells, outcomes.get(header))
    return Preview(samples, tuple(errors))


def _outcomes(
    confirmation: Confirmation, headers: Sequence[str], rows: Sequence[Sequence[str]]
) -> dict[str, list[tuple[str, str]]]:
    """By column, for each row what is shown of its value and what is wrong."""
    vocabulary = confirmation.vocabulary
    compiler = RowCompiler(headers, confirmation.rules, confirmation.options, vocabulary)
    read = compiler.read(rows)
    data = [loads(text) for text in read.data]
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in confirmation.rules:
        found[rule.column] = [
            (
                display(
                    rule.type, _value(read, data, rule.target, position), vocabulary.default_locale
                ),
                _problem(read, rule.column, position),
            )
            for position in range(len(rows))
        ]
    return found


def _value(read: ReadRows, data: Sequence[Any], target: str, position: int) -> Any:
    fixed: dict[str, Sequence[Any]] = {SKU: read.skus, NAME: read.names, ACTIVE: read.actives}
    return fixed[target][position] if target in fixed else data[position].get(target)


def _problem(read: ReadRows, column: str, position: int) -> str:
    problems = read.problems.get(position, ())
    return next((each.message for each in problems if each.column == column), "")


def _different(
    cells: Sequence[str], outcomes: Sequence[tuple[str, str]] | None
) -> tuple[Sample, ...]:
    """A few samples that differ; those of columns that go nowhere have nothing but their cell."""
    found: dict[Sample, None] = {}
    for position, cell in enumerate(cells):
        raw = _short(cell)
        value, error = outcomes[position] if outcomes else (raw, "")
        if raw or error or value:
            found.setdefault(Sample(raw, "" if error else _short(value), error))
    return tuple(found)[:SHOWN_SAMPLES]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN_LENGTH else line[: _SHOWN_LENGTH - 1].rstrip() + "…"
