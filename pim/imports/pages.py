"""What the import pages show, put together for their templates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pim.core.clock import now
from pim.identity.queries import actor_name, actor_names
from pim.imports import queries
from pim.imports.forms import MappingForm, target_choices
from pim.imports.models import ImportIssue, ImportJob
from pim.imports.progress import STATE_WORDS, Progress, progress_of
from pim.imports.readers.delimiters import NAMES
from pim.schema.fields import Vocabulary

FILES_A_PAGE = 50
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
DELIMITERS = [
    (",", "comma  ,"),
    (";", "semicolon  ;"),
    ("tab", "tab"),
    ("|", "vertical bar  |"),
    (":", "colon  :"),
]
QUOTES = [('"', 'double quote  "'), ("'", "single quote  '"), ("none", "nothing")]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read, as its form shows it."""

    summary: str
    encoding: str
    delimiter: str
    quote: str
    header_row: str
    reasons: dict[str, str]
    encodings: Sequence[tuple[str, str]]
    delimiters: Sequence[tuple[str, str]]
    quotes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file in the list of all imports."""

    job: ImportJob
    state: str
    tone: str
    who: str
    progress: Progress


def reading_of(job: ImportJob) -> Reading:
    """The dialect in words."""
    dialect = job.dialect
    encoding = str(dialect["encoding"]).removesuffix("-sig")
    delimiter = "tab" if dialect["delimiter"] == "\t" else dialect["delimiter"]
    quote = dialect["quote"] or "none"
    header_row = dialect["header_row"]
    named = NAMES.get(dialect["delimiter"], f"“{dialect['delimiter']}”")
    where = f"header on line {header_row}" if header_row else "no header"
    summary = f"{encoding}, {named}" + ("" if header_row == 1 else f", {where}")
    return Reading(
        summary=summary,
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        header_row="none" if header_row is None else str(header_row),
        reasons=job.suggestions.get("reasons", {}),
        encodings=_with([(name, name) for name in ENCODINGS], encoding),
        delimiters=_with(DELIMITERS, delimiter),
        quotes=_with(QUOTES, quote),
    )


def _with(choices: Sequence[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    """The choices and, should it not be among them, the one in force."""
    known = any(value == each for each, _ in choices)
    return list(choices) if known else [(value, value), *choices]


def choices_of(form: MappingForm, vocabulary: Vocabulary) -> list[list[object]]:
    """For each row, what its select offers."""
    return [target_choices(row, vocabulary, may_add=form.may_add) for row in form.rows]


def list_files(before_id: int | None) -> tuple[list[FileLine], int | None]:
    """A page of all files, newest first, and where the next one begins."""
    jobs = list(queries.list_imports(limit=FILES_A_PAGE + 1, before_id=before_id))
    more = len(jobs) > FILES_A_PAGE
    jobs = jobs[:FILES_A_PAGE]
    names = actor_names(
        (job.created_by_id for job in jobs), (job.created_by_api_key_id for job in jobs)
    )
    lines = []
    for job in jobs:
        state, tone = STATE_WORDS.get(job.status, (job.status, ""))
        who = actor_name(job.created_by_id, job.created_by_api_key_id, names)
        lines.append(FileLine(job, state, tone, who, progress_of(job, now())))
    return lines, jobs[-1].id if more else None


def who_sent(job: ImportJob) -> str:
    """Who uploaded a file."""
    names = actor_names([job.created_by_id], [job.created_by_api_key_id])
    return actor_name(job.created_by_id, job.created_by_api_key_id, names)


def issues_shown(job: ImportJob) -> Sequence[ImportIssue]:
    """The first of the report, errors before all."""
    found = list(queries.list_issues(job.id, limit=ISSUES_SHOWN, severities=("error", "warning")))
    if len(found) < ISSUES_SHOWN:
        found += queries.list_issues(job.id, limit=ISSUES_SHOWN - len(found), severities=("info",))
    return found
