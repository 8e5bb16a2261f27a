"""What the import pages show, put together for their templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pim.core.clock import now
from pim.identity.queries import actor_name, actor_names
from pim.imports import advice, queries, undoing
from pim.imports.forms import MappingForm, target_choices
from pim.imports.models import ImportIssue, ImportJob
from pim.imports.progress import STATE_WORDS, Progress, progress_of
from pim.imports.readers.delimiters import NAMES
from pim.imports.readers.registry import READERS
from pim.imports.shapes.known import SHAPES
from pim.imports.shapes.shaping import NONE
from pim.schema.fields import Vocabulary

ISSUES_SHOWN = 50
ENCODINGS = (
    "utf-8",
    "windows-1252",
    "utf-16",
    "iso-8859-1",
    "iso-8859-15",
    "windows-1250",
    "iso-8859-2",
    "windows-1251",
    "windows-1253",
    "windows-1254",
    "macintosh",
    "ibm850",
    "shift_jis",
    "gb18030",
    "big5",
)
DELIMITERS = (
    (",", "comma  ,"),
    (";", "semicolon  ;"),
    ("tab", "tab"),
    ("|", "vertical bar  |"),
    (":", "colon  :"),
)
QUOTES = (('"', 'double quote  "'), ("'", "single quote  '"), ("none", "nothing"))
# What can be corrected, by format; the shape in all of them.
CORRECTABLE: dict[str, tuple[str, ...]] = {
    "csv": ("encoding", "delimiter", "quote", "header_row"),
    "tsv": ("encoding", "delimiter", "quote", "header_row"),
    "xlsx": ("sheet", "header_row"),
    "json": ("record_path",),
    "jsonl": ("encoding",),
    "xml": ("record_path",),
}
LABELS = {
    "format": "Format",
    "encoding": "Encoding",
    "delimiter": "Delimiter",
    "quote": "Values are quoted by",
    "header_row": "{place} of the header",
    "sheet": "Sheet",
    "record_path": "Where the products are",
    "shape": "Layout of the rows",
}


@dataclass(frozen=True, slots=True)
class ReadingField:
    """One thing about a file that can be corrected. choices: None for a text to be written."""

    name: str
    label: str
    value: str
    why: str
    choices: Sequence[tuple[str, str]] | None


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read, in one line and as a form."""

    summary: str
    fields: Sequence[ReadingField]


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file in the list of all imports. undo: "" or what became of its undo; advice: what to do
    about one that failed.
    """

    job: ImportJob
    state: str
    tone: str
    who: str
    progress: Progress
    undo: str
    advice: str
    may_undo: bool
    may_redo: bool


def reading_of(job: ImportJob) -> Reading:
    """The dialect in words, and as fields to correct it."""
    values = _values(job)
    reasons = job.suggestions.get("reasons", {})
    names = ("format", *CORRECTABLE.get(job.format, ()), "shape")
    place = READERS[job.format].counts.capitalize()
    return Reading(
        summary=_summary(job, values),
        fields=[
            ReadingField(
                name=name,
                label=LABELS[name].format(place=place),
                value=values[name],
                why=_why(name, reasons),
                choices=_offered(name, values[name], job),
            )
            for name in names
        ],
    )


def corrections(job: ImportJob, sent: Mapping[str, str]) -> dict[str, str]:
    """What the user has corrected, now or before: fields left as they were stay found."""
    values, before = _values(job), job.suggestions.get("corrections", {})
    changed = {
        name: sent[name]
        for name in LABELS
        if name in sent and sent[name].strip() != values.get(name, "")
    }
    if "format" in changed:
        return {"format": changed["format"]}  # the rest was about another format
    return {**before, **changed}


def _values(job: ImportJob) -> dict[str, str]:
    """The dialect as the form writes it."""
    dialect = job.dialect
    header_row = dialect.get("header_row")
    return {
        "format": job.format,
        "encoding": str(dialect.get("encoding") or "utf-8").removesuffix("-sig"),
        "delimiter": "tab" if dialect.get("delimiter") == "\t" else dialect.get("delimiter", ""),
        "quote": dialect.get("quote") or "none",
        "header_row": "none" if header_row is None else str(header_row),
        "sheet": dialect.get("sheet") or "",
        "record_path": dialect.get("record_path") or "",
        "shape": dialect.get("shape") or NONE,
    }


def _summary(job: ImportJob, values: Mapping[str, str]) -> str:
    parts = []
    if job.format in ("csv", "tsv"):
        delimiter = job.dialect["delimiter"]
        parts = [values["encoding"], NAMES.get(delimiter, f"“{delimiter}”")]
    else:
        parts = [READERS[job.format].label]
        parts += [f"sheet “{values['sheet']}”"] if values["sheet"] else []
        parts += [f"products in {values['record_path']}"] if values["record_path"] else []
    if "header_row" in job.dialect and values["header_row"] != "1":
        row = values["header_row"]
        where = READERS[job.format].counts
        parts.append("no header" if row == "none" else f"header on {where} {row}")
    if job.dialect.get("shape"):
        parts.append(f"layout: {SHAPES[values['shape']].label}")
    if job.dialect.get("packed"):
        parts.append(f"unpacked from {job.dialect['packed']}")
    return ", ".join(parts)


def _why(name: str, reasons: Mapping[str, str]) -> str:
    more = " Write none if there is no header." if name == "header_row" else ""
    return reasons.get(name, "") + more


def _offered(name: str, value: str, job: ImportJob) -> Sequence[tuple[str, str]] | None:
    found: Sequence[tuple[str, str]]
    if name == "format":
        return [(entry.name, entry.label) for entry in READERS.values()]
    if name == "shape":
        return [
            (NONE, "A row is a product"),
            *((each.name, each.label) for each in SHAPES.values()),
        ]
    if name == "encoding":
        found = [(each, each) for each in ENCODINGS]
    elif name == "delimiter":
        found = DELIMITERS
    elif name == "quote":
        found = QUOTES
    else:
        found = [(each, each) for each in job.suggestions.get("choices", {}).get(name, ())]
        if not found:
            return None
    known = any(value == each for each, _ in found)
    return list(found) if known else [(value, value or "the whole file"), *found]


def choices_of(form: MappingForm, vocabulary: Vocabulary) -> list[list[object]]:
    """For each row, what its select offers."""
    return [target_choices(row, vocabulary, may_add=form.may_add) for row in form.rows]


def lines_of(jobs: Sequence[ImportJob]) -> list[FileLine]:
    """Files as lists of them show them."""
    moment = now()
    names = actor_names(
        (job.created_by_id for job in jobs), (job.created_by_api_key_id for job in jobs)
    )
    lines = []
    for job in jobs:
        state, tone = STATE_WORDS.get(job.status, (job.status, ""))
        lines.append(
            FileLine(
                job=job,
                state=state,
                tone=tone,
                who=actor_name(job.created_by_id, job.created_by_api_key_id, names),
                progress=progress_of(job, moment),
                undo=undoing.state_words(job),
                advice=advice.what_to_do(job),
                may_undo=undoing.why_not(job) is None,
                may_redo=undoing.why_not(job, redo=True) is None,
            )
        )
    return lines


def newest_files(count: int) -> list[FileLine]:
    """The files that were uploaded last."""
    return lines_of(queries.list_imports(limit=count))


def who_sent(job: ImportJob) -> str:
    """Who uploaded a file."""
    names = actor_names([job.created_by_id], [job.created_by_api_key_id])
    return actor_name(job.created_by_id, job.created_by_api_key_id, names)


def who_undid(job: ImportJob) -> str:
    """Who had it undone, or done again; "" when nobody had."""
    if not job.undo:
        return ""
    user_id, api_key_id = job.undo.get("user_id"), job.undo.get("api_key_id")
    return actor_name(user_id, api_key_id, actor_names([user_id], [api_key_id]))


def issues_shown(job: ImportJob) -> Sequence[ImportIssue]:
    """The first of the report, errors before all."""
    found = list(queries.list_issues(job.id, limit=ISSUES_SHOWN, severities=("error", "warning")))
    if len(found) < ISSUES_SHOWN:
        found += queries.list_issues(job.id, limit=ISSUES_SHOWN - len(found), severities=("info",))
    return found
