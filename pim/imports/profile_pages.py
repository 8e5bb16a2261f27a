"""What the pages of saved mappings show, and what the form of one means when it comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pim.core.errors import FieldError
from pim.identity.queries import actor_name, actor_names
from pim.imports import profiles, repeats
from pim.imports.models import ImportJob, MappingProfile
from pim.imports.profile_rules import Match
from pim.imports.step_forms import (
    StepForm,
    changed,
    step_forms,
    steps_as_sent,
    were_sent,
    with_error,
)
from pim.imports.suggestion import FIXED_LABELS, label_of, type_of
from pim.schema.fields import Vocabulary, pointer
from pim.schema.types import FIELD_TYPES
from pim.web.words import plural

LEFT_OUT = ""
OPTION_NAMES = ("blank", "on_error", "mode", "absent")
DIALECT_LABELS = {
    "format": "Format",
    "encoding": "Encoding",
    "delimiter": "Delimiter",
    "quote": "Values are quoted by",
    "header_row": "Row of the header",
    "sheet": "Sheet",
    "record_path": "Where the products are",
    "shape": "Layout",
}
NAMED = 6


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One saved mapping in the list of all."""

    profile: MappingProfile
    columns: str
    made_by: str
    changed_by: str
    used_by: str
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One column in the form of a saved mapping. gone: its field isn't in the schema any more.

    steps: what its values go through; opened: they are shown for editing.
    """

    place: int
    column: str
    to: str
    type: str
    gone: bool
    steps: tuple[StepForm, ...]
    opened: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class ProfileForm:
    """The form of one saved mapping, and what is wrong with it."""

    name: str
    rows: tuple[ProfileRow, ...]
    options: Mapping[str, Any]
    dialect: Mapping[str, str]
    version: int
    problems: list[tuple[str, str]] = field(default_factory=list)
    name_error: str = ""

    def body(self, profile: MappingProfile) -> dict[str, Any]:
        """The saved mapping as the API would send it; options the page doesn't show are kept."""
        return {
            "name": self.name,
            "headers": [row.column for row in self.rows],
            "mapping": {row.column: _rule(row) for row in self.rows},
            "options": {**_unshown(profile.options), **self.options},
            "dialect": {key: value for key, value in self.dialect.items() if value.strip()},
        }


@dataclass(frozen=True, slots=True)
class Choice:
    """The saved mappings to choose from for a file, and what the chosen one came to."""

    options: Sequence[tuple[str, str]]
    chosen: str
    name: str
    unknown: Sequence[str]
    missing: Sequence[str]


def profile_lines(found: Sequence[MappingProfile]) -> list[ProfileLine]:
    """The list of saved mappings with who made, changed and used them."""
    names = _names(found)
    return [
        ProfileLine(
            profile=each,
            columns=_columns(each),
            made_by=actor_name(each.created_by_id, each.created_by_api_key_id, names),
            changed_by=actor_name(each.updated_by_id, each.updated_by_api_key_id, names),
            used_by=actor_name(each.used_by_id, each.used_by_api_key_id, names),
            used_at=each.used_at,
        )
        for each in found
    ]


def form_of(profile: MappingProfile, vocabulary: Vocabulary) -> ProfileForm:
    """The form as it is first shown."""
    rows = []
    for place, column in enumerate(profile.headers):
        rule = profile.mapping.get(column) or {}
        steps = step_forms(rule.get("transform") or ())
        rows.append(_row(place, column, rule.get("to") or LEFT_OUT, steps, vocabulary))
    return ProfileForm(
        name=profile.name,
        rows=tuple(rows),
        options={name: profile.options.get(name, "") for name in OPTION_NAMES},
        dialect=profile.dialect,
        version=profile.version,
    )


def form_sent(
    profile: MappingProfile, vocabulary: Vocabulary, sent: Mapping[str, str]
) -> ProfileForm:
    """The form as it came back; what isn't in it is as it was."""
    first = form_of(profile, vocabulary)
    rows = []
    for row in first.rows:
        place = row.place
        steps = steps_as_sent(sent, place) if were_sent(sent, place) else row.steps
        made = _row(place, row.column, sent.get(f"to-{place}", row.to), steps, vocabulary)
        rows.append(replace(made, opened=f"open-{place}" in sent))
    version = sent.get("version", "")
    return replace(
        first,
        name=sent.get("name", first.name),
        rows=tuple(rows),
        options={name: sent[name] for name in OPTION_NAMES if sent.get(name)},
        dialect={name: sent.get(f"dialect-{name}", value) for name, value in first.dialect.items()},
        version=int(version) if version.isascii() and version.isdecimal() else first.version,
    )


def after_button(form: ProfileForm, sent: Mapping[str, str]) -> ProfileForm:
    """The form after a button of a column's steps: `add-3`, `up-3-1`, `open-3`, `close-3`."""
    verb, _, rest = sent.get("do", "").partition("-")
    place, _, number = rest.partition("-")
    known = place.isascii() and place.isdecimal() and len(place) < 6
    if not known or int(place) >= len(form.rows):
        return form
    row = form.rows[int(place)]
    which = int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else -1
    steps = changed(row.steps, verb, which, sent, row.place)
    row = replace(row, steps=steps, opened=verb != "close")
    return replace(form, rows=(*form.rows[: row.place], row, *form.rows[row.place + 1 :]))


def with_errors(form: ProfileForm, errors: Iterable[FieldError]) -> ProfileForm:
    """Put each problem beside what it is about, and all of them above the form."""
    places = {pointer("/mapping", row.column): row.place for row in form.rows}
    rows, problems, name_error = list(form.rows), list[tuple[str, str]](), ""
    for error in errors:
        base, _, step = error.path.partition("/transform")
        place = places.get(base, places.get(base.removesuffix("/type")))
        if place is not None:
            rows[place], anchor = _with_error(rows[place], step, error.message)
            problems.append((anchor, f"{rows[place].column}: {error.message}"))
        elif error.path == "/name":
            name_error = error.message
            problems.append(("name", error.message))
        else:
            _, _, rest = error.path.partition("/dialect/")
            problems.append((f"dialect-{rest}" if rest in form.dialect else "", error.message))
    return replace(form, rows=tuple(rows), problems=problems, name_error=name_error)


def _with_error(row: ProfileRow, step: str, message: str) -> tuple[ProfileRow, str]:
    """The row with an error beside a step of it or its target, and the id of that."""
    number, _, param = step.removeprefix("/").partition("/")
    if not number.isdecimal() or int(number) >= len(row.steps):
        return replace(row, error=f"{row.error} {message}".strip()), f"to-{row.place}"
    name = param.partition("/")[0]
    known = row.steps[int(number)].transform.param(name) is not None
    steps = with_error(row.steps, int(number), name, message)
    anchor = f"step-{row.place}-{number}"
    return replace(row, steps=steps, opened=True), f"{anchor}-{name}" if known else anchor


def target_choices(vocabulary: Vocabulary, row: ProfileRow) -> list[Any]:
    """What a column can go to; a field that went is shown as long as it is chosen."""
    choices: list[Any] = [(LEFT_OUT, "— left out —")]
    if row.gone:
        choices.append((row.to, f"{row.to} (no longer in the schema)"))
    choices.append(("Every product", list(FIXED_LABELS.items())))
    fields = [(known.name, known.name) for known in vocabulary.fields]
    return [*choices, ("Fields", fields)] if fields else choices


def choice_for(job: ImportJob) -> Choice | None:
    """What a file's columns can be mapped with; None when nothing fits."""
    found = profiles.matching_profiles(job.headers)
    applied = job.suggestions.get("profile") or {}
    if not found and not applied:
        return None
    options = [("", "— none —")]
    options += [(str(each.id), f"{each.name} ({_fit(match)})") for each, match in found]
    return Choice(
        options,
        chosen=str(applied.get("id", "")),
        name=applied.get("name", ""),
        unknown=applied.get("unknown", ()),
        missing=applied.get("missing", ()),
    )


def known_before(job: ImportJob) -> dict[str, Any]:
    """What the mapping page says of earlier imports and saved mappings."""
    earlier = repeats.earlier_import(job)
    return {
        "repeats": earlier,
        "repeats_text": repeats.in_words(earlier) if earlier else "",
        "saved_mappings": choice_for(job),
    }


def _fit(found: Match) -> str:
    if found.exact:
        return "all columns" if found.of != 1 else "its column"
    return (
        f"knows {len(found.rules):,} of {plural(len(found.rules) + len(found.unknown), 'column')}"
    )


def _row(
    place: int, column: str, to: str, steps: tuple[StepForm, ...], vocabulary: Vocabulary
) -> ProfileRow:
    known = type_of(vocabulary, to) if to else None
    return ProfileRow(
        place=place,
        column=column,
        to=to,
        type=FIELD_TYPES[known].label if known else "",
        gone=bool(to) and known is None,
        steps=steps,
    )


def _rule(row: ProfileRow) -> Any:
    if not row.to:
        return None
    steps = [step.as_json() for step in row.steps]
    return {"to": row.to, "transform": steps} if steps else row.to


def _unshown(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name not in OPTION_NAMES}


def _columns(profile: MappingProfile) -> str:
    mapped = [f"{column} → {label_of(rule['to'])}" for column, rule in _mapped(profile)]
    rest = len(mapped) - NAMED
    return ", ".join(mapped[:NAMED]) + (f" and {rest:,} more" if rest > 0 else "")


def _mapped(profile: MappingProfile) -> list[tuple[str, Any]]:
    return [
        (column, profile.mapping[column])
        for column in profile.headers
        if profile.mapping.get(column)
    ]


def _names(found: Sequence[MappingProfile]) -> Mapping[tuple[str, int], str]:
    users = [
        each for row in found for each in (row.created_by_id, row.updated_by_id, row.used_by_id)
    ]
    keys = [
        each
        for row in found
        for each in (
            row.created_by_api_key_id,
            row.updated_by_api_key_id,
            row.used_by_api_key_id,
        )
    ]
    return actor_names(users, keys)
