"""The mapping table as a form: what it shows, and what it means when it comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pim.core.errors import FieldError
from pim.imports.mapping import Options, options_from_dict
from pim.imports.models import ImportJob
from pim.imports.preview import Preview, Sample
from pim.imports.step_forms import (
    StepForm,
    changed,
    step_forms,
    steps_as_sent,
    were_sent,
    with_error,
)
from pim.imports.suggestion import FIXED_TYPES, type_of
from pim.imports.transforms.registry import TRANSFORMS
from pim.schema.fields import Vocabulary, name_from_header, pointer
from pim.schema.types import FIELD_TYPES

IGNORE, NEW, FIELD = "", "new", "field:"
BY_WORDS = {"ai": "Claude", "heuristic": "rules", "memory": "memory", "you": "you"}
FIXED_LABELS = {"sku": "SKU", "name": "Name", "active": "Active"}
TYPE_CHOICES = [(name, known.label) for name, known in FIELD_TYPES.items()]

SAVE_AS = "save_as"
# Where on the page a problem is put right that is about no column.
ANCHORS = {"/schema/default_currency": "default_currency", f"/{SAVE_AS}": SAVE_AS}

BLANK_CHOICES = [
    ("keep", "Keeps the old value", "A product keeps what it has where the file says nothing."),
    ("clear", "Clears the value", "A product loses its value where the cell is empty."),
]
ERROR_CHOICES = [
    (
        "skip_row",
        "Skips the row",
        "The row is left out and listed, to be corrected and sent again.",
    ),
    ("skip_value", "Skips the value", "The row is imported without it; the value is listed."),
    ("stop", "Stops the import", "Rows before it stay imported; nothing after it is."),
]
ABSENT_CHOICES = [
    ("keep", "Stay as they are", "The file says nothing about them."),
    ("deactivate", "Are deactivated", "After the last row; if they are many, you are asked first."),
]
MODE_CHOICES = [
    ("upsert", "New and existing products", "Products are created or updated, by SKU."),
    ("create_only", "New products only", "Rows of products that exist are left out and listed."),
    ("update_only", "Existing products only", "Rows of products that don't exist are left out."),
]


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One line of the mapping table.

    to: the choice in the select. known: the type is the field's and can't be chosen here.
    steps: what its values go through; opened: they are shown for editing. offer: the label of a
    step that would do its values good, and why.
    """

    place: int
    column: str
    samples: tuple[Sample, ...]
    to: str
    new_name: str
    type: str
    known: bool
    confidence: float
    by: str
    reason: str
    new_suggested: bool = False
    error: str = ""
    steps: tuple[StepForm, ...] = ()
    opened: bool = False
    offer: Mapping[str, Any] | None = None

    @property
    def target(self) -> Any:
        """Where it goes, as the API has it, without its steps."""
        if self.to == NEW:
            return {"to": self.new_name, "type": self.type}
        return self.to.removeprefix(FIELD) or None

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
    save_as: str = ""

    @property
    def save_as_error(self) -> str:
        """What is wrong with the name to save the mapping under."""
        return next((message for anchor, message in self.problems if anchor == SAVE_AS), "")

    @property
    def has_amounts(self) -> bool:
        """Whether the currency that stands in matters."""
        return any(row.to and row.type in ("price", "multi_price") for row in self.rows)

    def body(self, vocabulary: Vocabulary) -> dict[str, Any]:
        """The confirmation as the API would send it."""
        mapping: dict[str, Any] = {}
        for row in self.rows:
            target = row.target
            if row.steps and target is not None:
                named = target if isinstance(target, dict) else {"to": target}
                target = {**named, "transform": [step.as_json() for step in row.steps]}
            mapping[row.column] = target
        options = {
            "blank": self.options.blank,
            "on_error": self.options.on_error,
            "mode": self.options.mode,
            "absent": self.options.absent,
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
                steps=step_forms(each.get("transform") or ()),
            )
        )
    applied = job.suggestions.get("profile") or {}
    options = options_from_dict(applied.get("options", {}))
    return MappingForm(tuple(rows), options, vocabulary.default_currency, may_add)


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
                steps=steps_as_sent(sent, row.place) if were_sent(sent, row.place) else row.steps,
                opened=f"open-{row.place}" in sent,
            )
        )
    chosen = {
        name: sent[name] for name in ("blank", "on_error", "mode", "absent") if sent.get(name)
    }
    return replace(
        first,
        rows=tuple(rows),
        options=Options(**chosen),  # type: ignore[arg-type]  # checked when it is confirmed
        currency=sent.get("default_currency") or vocabulary.default_currency,
        save_as=sent.get(SAVE_AS, ""),
    )


def with_problems(form: MappingForm, errors: Iterable[FieldError]) -> MappingForm:
    """Put each problem beside its row or step, and all of them above the form."""
    places = {pointer("/mapping", row.column): row.place for row in form.rows}
    rows = list(form.rows)
    problems: list[tuple[str, str]] = []
    for error in errors:
        base, _, step = error.path.partition("/transform/")
        base = base.removesuffix("/type").removesuffix("/transform")
        place = places.get(error.path, places.get(base))
        if place is None:
            anchor = ANCHORS.get(error.path, "")
            problems.append((anchor, error.message))
            continue
        row = rows[place]
        if step:
            rows[place], anchor = _with_step_error(row, step, error.message)
        else:
            rows[place] = replace(row, error=f"{row.error} {error.message}".strip())
            anchor = f"to-{place}"
        problems.append((anchor, f"{row.column}: {error.message}"))
    return replace(form, rows=tuple(rows), problems=problems)


def with_preview(form: MappingForm, found: Preview) -> MappingForm:
    """Put the samples into their rows, and beside steps what is wrong with them.

    A parameter that is still missing is no news to who has just added the step.
    """
    wrong = [
        error for error in found.errors if "/transform/" in error.path and error.code != "required"
    ]
    form = replace(with_problems(form, wrong), problems=form.problems)
    rows = [replace(row, samples=found.samples[row.column]) for row in form.rows]
    return replace(form, rows=tuple(rows))


def after_button(form: MappingForm, pressed: str, sent: Mapping[str, str]) -> MappingForm:
    """The form after a button of a column's steps: `add-3`, `up-3-1`, `open-3`, `offer-3`."""
    verb, _, rest = pressed.partition("-")
    place, _, number = rest.partition("-")
    if not (place.isdecimal() and int(place) < len(form.rows)):
        return form
    row = form.rows[int(place)]
    if verb == "offer":
        steps = row.steps + step_forms([row.offer["step"]] if row.offer else [])
        counted = row.to == NEW and steps and steps[-1].op == "unit"
        type_name = "number" if counted else row.type
        row = replace(row, steps=steps, type=type_name, offer=None, opened=True)
    elif verb == "close":
        row = replace(row, opened=False)
    else:
        which = int(number) if number.isdecimal() else -1
        row = replace(row, steps=changed(row.steps, verb, which, sent, row.place), opened=True)
    return replace(form, rows=(*form.rows[: row.place], row, *form.rows[row.place + 1 :]))


def _with_step_error(row: ColumnRow, path: str, message: str) -> tuple[ColumnRow, str]:
    """The row with an error beside a step's parameter, and the id of its field."""
    number, _, param = path.partition("/")
    name = param.partition("/")[0]
    steps = with_error(row.steps, int(number), name, message)
    known = TRANSFORMS[row.steps[int(number)].op].param(name) is not None
    anchor = f"step-{row.place}-{number}"
    return replace(row, steps=steps, opened=True), f"{anchor}-{name}" if known else anchor


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
    steps: tuple[StepForm, ...],
    opened: bool = False,
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
        samples=(),
        to=to,
        new_name=new_name,
        type=known or (type_name if type_name in FIELD_TYPES else "string"),
        known=known is not None,
        confidence=suggested["confidence"] if taken else 1.0,
        by=BY_WORDS[suggested["by"] if taken else "you"],
        reason=suggested["reason"] if taken else "chosen by you",
        new_suggested=bool(suggested["new"]),
        steps=steps,
        opened=opened,
        offer=_offer(job, place, steps) if to != IGNORE else None,
    )


def _field_name(header: str, vocabulary: Vocabulary) -> str:
    return name_from_header(header, [*vocabulary.names, *FIXED_TYPES])


def _offer(job: ImportJob, place: int, steps: Sequence[StepForm]) -> Mapping[str, Any] | None:
    """A step the values call for that isn't among those of the column yet, and why."""
    found = job.suggestions.get("offers", {}).get(job.headers[place])
    if not found:
        return None
    (offered,) = step_forms([found["step"]])
    known = any(step.op == offered.op for step in steps)
    return None if known else {**found, "label": offered.transform.label}
