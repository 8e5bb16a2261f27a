"""The mapping table as a form: what it shows, and what it means when it comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pim.core.errors import FieldError
from pim.imports.mapping import Options
from pim.imports.models import ImportJob
from pim.imports.suggestion import FIXED_TYPES, type_of
from pim.schema.fields import Vocabulary, name_from_header, pointer
from pim.schema.types import FIELD_TYPES

IGNORE, NEW, FIELD = "", "new", "field:"
SHOWN_SAMPLES = 3
BY_WORDS = {"ai": "Claude", "heuristic": "rules", "memory": "memory", "you": "you"}
FIXED_LABELS = {"sku": "SKU", "name": "Name", "active": "Active"}
TYPE_CHOICES = [(name, known.label) for name, known in FIELD_TYPES.items()]

BLANK_CHOICES = [("keep", "keeps the old value"), ("clear", "clears the value")]
ERROR_CHOICES = [
    ("skip_row", "is skipped and listed"),
    ("skip_value", "is imported without that value"),
    ("stop", "stops the import"),
]
MODE_CHOICES = [
    ("upsert", "new and existing products"),
    ("create_only", "new products only"),
    ("update_only", "existing products only"),
]


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One line of the mapping table.

    to: the choice in the select. known: the type is the field's and can't be chosen here.
    """

    place: int
    column: str
    samples: tuple[str, ...]
    to: str
    new_name: str
    type: str
    known: bool
    confidence: float
    by: str
    reason: str
    new_suggested: bool = False
    error: str = ""

    @property
    def percent(self) -> str:
        """How sure, in print."""
        return f"{self.confidence:.0%}"

    @property
    def tone(self) -> str:
        """The colour of that."""
        return "ok" if self.confidence >= 0.85 else "warn" if self.confidence >= 0.6 else "bad"


@dataclass(frozen=True, slots=True)
class MappingForm:
    """The whole form: rows, options and what is wrong with it."""

    rows: tuple[ColumnRow, ...]
    options: Options
    currency: str
    may_add: bool
    problems: list[tuple[str, str]] = field(default_factory=list)

    @property
    def has_amounts(self) -> bool:
        """Whether the currency that stands in matters."""
        return any(row.to and row.type in ("price", "multi_price") for row in self.rows)

    def body(self, vocabulary: Vocabulary) -> dict[str, Any]:
        """The confirmation as the API would send it."""
        mapping: dict[str, Any] = {}
        for row in self.rows:
            if row.to == NEW:
                mapping[row.column] = {"to": row.new_name, "type": row.type}
            else:
                mapping[row.column] = row.to.removeprefix(FIELD) or None
        options = {
            "blank": self.options.blank,
            "on_error": self.options.on_error,
            "mode": self.options.mode,
        }
        body: dict[str, Any] = {"mapping": mapping, "options": options}
        if self.currency != vocabulary.default_currency:
            body["schema"] = {"fields": [], "default_currency": self.currency}
        return body


def form_of_suggestions(job: ImportJob, vocabulary: Vocabulary, *, may_add: bool) -> MappingForm:
    """The form as it is first shown: every suggestion taken, as far as the person may."""
    rows = []
    for place, each in enumerate(job.suggestions["columns"]):
        target, new = each["target"], each["new"] and each["target"] not in vocabulary
        to = IGNORE if target is None or (new and not may_add) else NEW if new else _choice(target)
        rows.append(
            _row(
                job,
                place,
                vocabulary,
                to=to,
                new_name=target if new else "",
                type_name=each["type"],
            )
        )
    return MappingForm(tuple(rows), Options(), vocabulary.default_currency, may_add)


def form_as_sent(
    job: ImportJob, vocabulary: Vocabulary, sent: Mapping[str, str], *, may_add: bool
) -> MappingForm:
    """The form as it came back; what isn't in it is as it was suggested."""
    first = form_of_suggestions(job, vocabulary, may_add=may_add)
    rows = []
    for row in first.rows:
        rows.append(
            _row(
                job,
                row.place,
                vocabulary,
                to=sent.get(f"to-{row.place}", row.to),
                new_name=sent.get(f"new-{row.place}", row.new_name).strip(),
                type_name=sent.get(f"type-{row.place}", row.type),
            )
        )
    chosen = {name: sent[name] for name in ("blank", "on_error", "mode") if sent.get(name)}
    return replace(
        first,
        rows=tuple(rows),
        options=Options(**chosen),  # type: ignore[arg-type]  # checked when it is confirmed
        currency=sent.get("default_currency") or vocabulary.default_currency,
    )


def with_problems(form: MappingForm, errors: Iterable[FieldError]) -> MappingForm:
    """Put each problem beside its row, and all of them above the form."""
    places = {pointer("/mapping", row.column): row.place for row in form.rows}
    by_place: dict[int, list[str]] = {}
    problems: list[tuple[str, str]] = []
    for error in errors:
        place = places.get(error.path, places.get(error.path.removesuffix("/type")))
        if place is None:
            anchor = "default_currency" if error.path == "/schema/default_currency" else ""
            problems.append((anchor, error.message))
        else:
            by_place.setdefault(place, []).append(error.message)
            problems.append((f"to-{place}", f"{form.rows[place].column}: {error.message}"))
    rows = tuple(
        replace(row, error=" ".join(by_place[row.place])) if row.place in by_place else row
        for row in form.rows
    )
    return replace(form, rows=rows, problems=problems)


def target_choices(row: ColumnRow, vocabulary: Vocabulary, *, may_add: bool) -> list[Any]:
    """What a column can go to, for the select."""
    fields = [(FIELD + known.name, known.name) for known in vocabulary.fields]
    choices: list[Any] = [(IGNORE, "— ignore —")]
    choices.append(("Every product", list(FIXED_LABELS.items())))
    if fields:
        choices.append(("Fields", fields))
    if may_add:
        label = f"+ new field: {row.new_name}" if row.new_name else "+ new field…"
        choices.append((NEW, label))
    return choices


def _choice(target: str) -> str:
    return target if target in FIXED_TYPES else FIELD + target


def _row(
    job: ImportJob,
    place: int,
    vocabulary: Vocabulary,
    *,
    to: str,
    new_name: str,
    type_name: str,
) -> ColumnRow:
    suggested = job.suggestions["columns"][place]
    known = type_of(vocabulary, to.removeprefix(FIELD)) if to not in (IGNORE, NEW) else None
    if to not in (IGNORE, NEW) and known is None:
        to = IGNORE  # a field that went meanwhile
    wanted = suggested["target"]
    taken = (to == IGNORE and wanted is None) or (
        wanted is not None and wanted in (to.removeprefix(FIELD), new_name if to == NEW else None)
    )
    if to == NEW and not new_name:
        new_name = _field_name(job.headers[place], vocabulary)
    return ColumnRow(
        place=place,
        column=job.headers[place],
        samples=_samples(job.sample_rows, place),
        to=to,
        new_name=new_name,
        type=known or (type_name if type_name in FIELD_TYPES else "string"),
        known=known is not None,
        confidence=suggested["confidence"] if taken else 1.0,
        by=BY_WORDS[suggested["by"] if taken else "you"],
        reason=suggested["reason"] if taken else "chosen by you",
        new_suggested=bool(suggested["new"]),
    )


def _field_name(header: str, vocabulary: Vocabulary) -> str:
    return name_from_header(header, [*vocabulary.names, *FIXED_TYPES])


def _samples(rows: Sequence[Sequence[str]], place: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for row in rows:
        value = " ".join(str(row[place]).split())
        if value:
            found.setdefault(value[:80])
    return tuple(found)[:SHOWN_SAMPLES]
