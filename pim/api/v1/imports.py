"""Imports over the API: `/api/pim/import/`. Upload a file, confirm its mapping, poll."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, request, stream_with_context
from werkzeug.datastructures import FileStorage

from pim.api import params
from pim.api.json import printable, read_object, reply
from pim.api.params import LIST_PARAMS, a_page_of, reply_page
from pim.api.routes import Answer, Body, Param, Resource
from pim.api.schemas import (
    COUNT,
    FLAG,
    ID,
    MOMENT,
    NULLABLE_TEXT,
    TEXT,
    WHOLE,
    add_shapes,
    array_of,
    record,
    ref,
)
from pim.api.v1.import_check import absent_json, check_json
from pim.core.clock import now
from pim.core.db import transaction
from pim.core.errors import FieldError, Invalid, UnsupportedMediaType
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.imports import fetching, profiles, queries, repeats, report, service, undoing
from pim.imports.files import sent_file
from pim.imports.models import ImportIssue, ImportJob
from pim.imports.progress import elapsed_seconds, eta_seconds, rows_per_second
from pim.imports.readers.base import FileProblem
from pim.imports.readers.registry import READERS
from pim.imports.retention import kept_until
from pim.imports.sniff import parse_overrides
from pim.imports.transforms.registry import TRANSFORMS
from pim.imports.transforms.steps import MAX_STEPS
from pim.schema.queries import current_vocabulary
from pim.schema.types import FIELD_TYPES
from pim.web.pagination import decode_cursor, encode_cursor

resource = Resource("imports", "/pim/import", "Files on their way into the catalog.")

PROBLEM = "application/problem+json"
MULTIPART = "multipart/form-data"
STATUSES = ["pending", "mapping", "checking", "importing", "paused", "done", "failed", "cancelled"]
CORRECTIONS = ("encoding", "delimiter", "quote", "header_row", "sheet", "record_path", "shape")
LIST, ISSUES = "imports:-id", "imports:issues"
TEXTS = {"type": "array", "items": TEXT}
NULLABLE_COUNT = {"type": ["integer", "null"], "minimum": 0}
NULLABLE_NUMBER = {"type": ["number", "null"]}
NULLABLE_MOMENT = {"type": ["string", "null"], "format": "date-time"}
TARGET = {"type": ["string", "null"], "description": "`sku`, `name`, `active`, a field, or null."}
_STEP = {"anyOf": [{"enum": list(TRANSFORMS)}, ref("ImportStep")]}
_STEPS = {"type": "array", "maxItems": MAX_STEPS, "items": _STEP}

add_shapes(
    Import=record(
        "id status filename row_count imported_count created_count updated_count unchanged_count "
        "superseded_count failed_count rows_per_second eta_seconds error change_set_ids "
        "created_at started_at finished_at profile warnings",
        id=ID,
        status={"enum": STATUSES},
        filename=TEXT,
        file_size=WHOLE,
        source_url={**NULLABLE_TEXT, "description": "Where it was fetched from, without query."},
        keep_file_until={
            **NULLABLE_MOMENT,
            "description": "When the file will be removed; null while it is needed, or gone.",
        },
        format=TEXT,
        row_count={**NULLABLE_COUNT, "description": "Records, not lines; null while unknown."},
        imported_count=COUNT,
        created_count=COUNT,
        updated_count=COUNT,
        unchanged_count=COUNT,
        superseded_count={**COUNT, "description": "Rows whose SKU comes again further down."},
        failed_count=COUNT,
        deactivated_count={**COUNT, "description": "Products that were not in the file."},
        absent={
            "anyOf": [ref("ImportAbsent"), {"type": "null"}],
            "description": "What it asks while `paused`; see `absent/`.",
        },
        phase={**NULLABLE_TEXT, "description": "What is done just now: `counting`, `writing`, …"},
        bytes_done={**WHOLE, "description": "How much of the file has been read in this phase."},
        worked_seconds={**NULLABLE_NUMBER, "description": "Without the time it was paused."},
        phase_seconds={"type": "object", "additionalProperties": {"type": "number"}},
        rows_per_second=NULLABLE_NUMBER,
        eta_seconds=NULLABLE_NUMBER,
        error={**NULLABLE_TEXT, "description": "Why it failed, as a sentence."},
        change_set_ids={"type": "array", "items": ID},
        created_at=MOMENT,
        started_at=NULLABLE_MOMENT,
        finished_at=NULLABLE_MOMENT,
        check={
            "anyOf": [ref("ImportCheck"), {"type": "null"}],
            "description": "What the last check found; null: none.",
        },
        profile={**NULLABLE_TEXT, "description": "The saved mapping it was mapped with."},
        warnings={"type": "array", "items": TEXT},
        undo={
            "anyOf": [ref("ImportUndo"), {"type": "null"}],
            "description": "The last time it was undone or done again; null: never.",
        },
    ),
    ImportUndo=record(
        "status redo change_sets change_sets_done deleted restored updated left_alone "
        "change_set_ids error started_at finished_at",
        status={"enum": ["running", "done", "failed"]},
        redo={**FLAG, "description": "It was done again, not undone."},
        change_sets=COUNT,
        change_sets_done=COUNT,
        deleted={**COUNT, "description": "Products that went."},
        restored={**COUNT, "description": "Products that came back."},
        updated={**COUNT, "description": "Products that got values back."},
        left_alone={**COUNT, "description": "What was changed since, and isn't touched."},
        change_set_ids={"type": "array", "items": ID},
        error=NULLABLE_TEXT,
        started_at=MOMENT,
        finished_at=NULLABLE_MOMENT,
    ),
    ImportSuggestion=record(
        "column target type confidence reason by",
        column=TEXT,
        target=TARGET,
        type={"enum": list(FIELD_TYPES)},
        confidence={"type": "number", "minimum": 0, "maximum": 1},
        reason=TEXT,
        by={"enum": ["memory", "ai", "heuristic"]},
        new={**FLAG, "description": "The target is not in the schema yet."},
        transform={**_STEPS, "description": "Steps that were chosen for this column before."},
    ),
    ImportPreview=record(
        "job_id status format dialect headers sample_rows suggested_schema suggested_mapping "
        "suggestions warnings",
        job_id=ID,
        status={"const": "mapping"},
        format=TEXT,
        dialect={"type": "object", "description": "How the file is read."},
        headers={"type": "array", "items": TEXT},
        sample_rows={"type": "array", "items": {"type": "array", "items": TEXT}},
        row_count=NULLABLE_COUNT,
        suggested_schema=ref("Schema"),
        suggested_mapping={"type": "object", "additionalProperties": TARGET},
        suggestions=array_of("ImportSuggestion"),
        offers={
            "type": "object",
            "additionalProperties": record("step reason", step=_STEP, reason=TEXT),
            "description": "By column, a step its values call for; none is taken by itself.",
        },
        suggested_by={"enum": ["memory", "ai", "heuristic"]},
        note={"type": "string", "description": "Who made the suggestions, and why not Claude."},
        warnings={"type": "array", "items": TEXT},
        profile={
            "anyOf": [ref("ImportProfileUse"), {"type": "null"}],
            "description": "The saved mapping that suggested, and how it fits.",
        },
        repeats={
            "anyOf": [ref("ImportRepeat"), {"type": "null"}],
            "description": "The earlier import of a file with exactly this content.",
        },
    ),
    ImportProfileUse=record(
        "name unknown missing",
        name=TEXT,
        unknown={**TEXTS, "description": "Columns of the file it doesn't know."},
        missing={**TEXTS, "description": "Columns it maps that the file doesn't have."},
    ),
    ImportRepeat=record(
        "job_id status filename finished_at counts",
        job_id=ID,
        status={"enum": STATUSES},
        filename=TEXT,
        finished_at=NULLABLE_MOMENT,
        counts=record(
            "created updated unchanged superseded failed",
            **dict.fromkeys(("created", "updated", "unchanged", "superseded", "failed"), COUNT),
        ),
    ),
    ImportRule={
        "anyOf": [
            {"type": ["string", "null"]},
            record(
                "to",
                to={"type": ["string", "null"]},
                type={"enum": list(FIELD_TYPES)},
                transform=_STEPS,
            ),
        ],
        "description": "A field, null to ignore the column, or a field with steps or its type.",
    },
    ImportStep=record(
        "op",
        op={"enum": list(TRANSFORMS)},
    )
    | {
        "additionalProperties": True,
        "description": "A step its values go through first, with its parameters.",
    },
    ImportConfirmation=record(
        "",
        profile={
            "type": "string",
            "description": "A saved mapping by its name; what else is sent comes before it.",
        },
        schema=ref("Schema"),
        mapping={"type": "object", "additionalProperties": ref("ImportRule")},
        options=record(
            "",
            blank={"enum": ["keep", "clear"], "default": "keep"},
            on_error={"enum": ["skip_row", "skip_value", "stop"], "default": "skip_row"},
            mode={"enum": ["upsert", "create_only", "update_only"], "default": "upsert"},
            absent={"enum": ["keep", "deactivate"], "default": "keep"},
            absent_threshold={"type": "integer", "minimum": 0, "maximum": 100, "default": 20},
            absent_confirmed={**FLAG, "default": False},
        ),
    ),
    ImportIssue=record(
        "line severity code column message row",
        line={**WHOLE, "description": "A workbook's row, or the number of a record."},
        severity={"enum": ["error", "warning", "info"]},
        code=TEXT,
        column=NULLABLE_TEXT,
        message=TEXT,
        row={"type": ["array", "null"], "items": TEXT},
    ),
)

ONE_IMPORT = Answer("The import as it is now.", "Import")
NOT_THERE = Answer("There is no such import.", "Problem", PROBLEM)
WRONG_STATE = Answer("The import isn't in a state that allows it.", "Problem", PROBLEM)


@resource.post(
    "/csv/",
    permission="import.run",
    summary="Upload a file",
    params=[Param("format", {"enum": list(READERS)}, "What the file is; found out by default.")],
    body=Body(
        {
            MULTIPART: record(
                "file",
                file={"type": "string", "contentMediaType": "application/octet-stream"},
                **dict.fromkeys((*CORRECTIONS, "profile"), TEXT),
            ),
            "application/json": record(
                "url", url=TEXT, **dict.fromkeys((*CORRECTIONS, "profile"), TEXT)
            ),
        },
        "The file, or the `https` address it is fetched from. `header_row` is a line number or "
        "`none`; what is left out is found out. `profile` names the saved mapping to suggest.",
    ),
    answers={
        201: Answer("The file as it is read, and where its columns should go.", "ImportPreview"),
        413: Answer("The file is too large.", "Problem", PROBLEM),
        415: Answer("Neither a multipart form nor JSON.", "Problem", PROBLEM),
        422: Answer("No table, and where; or the address gives no file.", "Problem", PROBLEM),
        429: Answer("Too many files are being fetched.", "Problem", PROBLEM),
        507: Answer("The disk is full; nothing was stored.", "Problem", PROBLEM),
    },
    upload=True,
)
def upload() -> Response:
    """Upload a file.

    CSV, TSV, Excel, JSON, JSON Lines or XML, despite the address; packed with gzip or zip too.
    Nothing is imported yet: the answer suggests schema and mapping, to be confirmed as they are
    or changed. Claude may take up to ten seconds for them; if it can't be had, built-in rules
    suggest, and `note` says so.

    An address is fetched before the answer, within a minute: it has to begin with `https://`, be
    on the public internet and need no sign-in. Send larger files yourself.
    """
    params.known_only("format")
    if request.mimetype not in (MULTIPART, "application/json"):
        raise UnsupportedMediaType("Send the file as multipart/form-data, or JSON with its url.")
    fetching_it = request.mimetype != MULTIPART
    given = read_object() if fetching_it else request.form
    profile = _text(given, "profile")
    with transaction():
        corrections = profiles.corrections_with(profile, _corrections(given))
        vocabulary = current_vocabulary()
    overrides = _overrides(corrections)
    if fetching_it:
        url = _url(given)
        examined = fetching.receive_from_address(url, vocabulary, overrides, profile)
    else:
        file = _file()
        name = printable(file.filename or "")
        examined = service.receive_file(file.stream, name, vocabulary, overrides, profile)
    with transaction():
        job = service.start_import(examined, corrections)
        return reply(_preview(job), 201)


def _file() -> FileStorage:
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid([FieldError("/file", "required", "Send the file in the form field “file”.")])
    file.stream.seek(0)  # after a deadlock the view runs again
    return file


def _text(given: Mapping[str, Any], name: str) -> str:
    found = given.get(name) or ""
    if not isinstance(found, str):
        raise Invalid([FieldError(f"/{name}", "not_a_text", "Send a text here.")])
    return found.strip()


def _url(given: Mapping[str, Any]) -> str:
    unknown = sorted(set(given) - {"url", "profile", *CORRECTIONS})
    if unknown:
        message = f"“{printable(unknown[0][:80])}” isn't one of url, {', '.join(CORRECTIONS)}."
        raise Invalid([FieldError(f"/{unknown[0][:80]}", "unknown_field", message)])
    url = given.get("url")
    if not isinstance(url, str) or not url.strip():
        raise Invalid([FieldError("/url", "required", "Give the address of the file.")])
    return url


def _corrections(sent: Mapping[str, Any]) -> dict[str, str]:
    given = {name: str(sent[name]) for name in CORRECTIONS if sent.get(name)}
    wanted = params.text("format", most=40)
    return given | ({"format": wanted} if wanted else {})


def _overrides(corrections: dict[str, str]) -> Any:
    try:
        return parse_overrides(corrections)
    except FileProblem as problem:
        raise service.as_invalid(problem) from problem


@resource.post(
    "/<int:import_id>/confirm/",
    permission="import.run",
    summary="Confirm the mapping and start",
    body=Body({"application/json": "ImportConfirmation"}),
    answers={
        202: Answer("It is handed to a worker; poll it.", "Import"),
        403: Answer("It would change the schema, which the role can't.", "Problem", PROBLEM),
        404: NOT_THERE,
        409: WRONG_STATE,
        422: Answer("Some of it isn't acceptable.", "Problem", PROBLEM),
    },
)
def confirm(import_id: int) -> Response:
    """Confirm the mapping and start.

    `mapping` names for each column a field of the schema, `sku`, `name`, `active`, or null;
    columns that aren't named are ignored. `{"to": …, "type": …}` makes a new field;
    `{"to": …, "transform": […]}` sends values through steps first. Fields in
    `schema` are added to the tenant's; an import never takes a field away.
    """
    params.known_only()
    body = read_object()
    with transaction():
        return reply(import_json(service.confirm_import(import_id, body)), 202)


@resource.get(
    "/<int:import_id>/",
    permission="import.read",
    summary="Look at an import",
    answers={200: ONE_IMPORT, 404: NOT_THERE},
)
def show(import_id: int) -> Response:
    """Look at an import.

    `done` means that every row is in the catalog and can be searched. Once it is done, created +
    updated + unchanged + superseded + failed is `row_count`.
    """
    params.known_only()
    job = queries.get_import(import_id)
    return reply(import_json(job) | {"check": check_json(job, with_cells=True)})


@resource.get(
    "/",
    permission="import.read",
    summary="List imports",
    params=LIST_PARAMS,
    answers={200: a_page_of("Import")},
)
def list_imports() -> Response:
    """List imports, the newest first."""
    params.known_only("limit", "after", "count")
    limit, after = params.limit(), params.text("after")
    before_id = int(decode_cursor(LIST, after)[0]) if after else None
    jobs = list(queries.list_imports(limit=limit + 1, before_id=before_id))
    page = jobs[:limit]
    more = encode_cursor(LIST, [page[-1].id]) if len(jobs) > limit else None
    count = queries.count_imports() if params.flag("count") else None
    return reply_page([import_json(job) for job in page], more, count)


@resource.post(
    "/<int:import_id>/cancel/",
    permission="import.run",
    summary="Stop an import",
    answers={200: ONE_IMPORT, 404: NOT_THERE, 409: WRONG_STATE},
)
def cancel(import_id: int) -> Response:
    """Stop an import.

    Rows that are in the catalog already stay there. An import that is cancelled already is
    answered as it is.
    """
    params.known_only()
    with transaction():
        return reply(import_json(service.cancel_import(import_id)))


@resource.get(
    "/<int:import_id>/errors/",
    permission="import.read",
    summary="What is reported about its rows",
    params=[
        *LIST_PARAMS,
        Param(
            "format",
            {"enum": ["json", "csv"], "default": "json"},
            "`csv`: the rows that failed as they came, with `_line` and `_error`, to be corrected "
            "and sent again.",
        ),
    ],
    answers={200: a_page_of("ImportIssue"), 404: NOT_THERE},
)
def list_issues(import_id: int) -> Response:
    """What is reported about its rows.

    Rows that failed, values that were left out, rows that a later one of the same SKU replaced.
    All errors and left out values are listed; of replaced rows, which are counted too, the first
    10,000.
    """
    params.known_only("limit", "after", "count", "format")
    job = queries.get_import(import_id)
    if params.choice("format", ("json", "csv"), "json") == "csv":
        return Response(_failed_rows(job), mimetype="text/csv")
    limit, after = params.limit(), params.text("after")
    after_id = int(decode_cursor(ISSUES, after)[0]) if after else 0
    found = list(queries.list_issues(import_id, limit=limit + 1, after_id=after_id))
    page = found[:limit]
    more = encode_cursor(ISSUES, [page[-1].id]) if len(found) > limit else None
    count = queries.count_issues(import_id) if params.flag("count") else None
    return reply_page([_issue_json(issue) for issue in page], more, count)


@resource.get(
    "/<int:import_id>/file/",
    permission="import.read",
    summary="Download the file of an import",
    answers={
        200: Answer("The file as it was sent.", {"type": "string"}, "application/octet-stream"),
        404: Answer("There is no such import, or its file is gone.", "Problem", PROBLEM),
    },
)
def download(import_id: int) -> Response:
    """Download the file of an import.

    As it was sent or fetched. It is kept for some days after the import is over: until
    `keep_file_until`.
    """
    params.known_only()
    return sent_file(queries.get_import(import_id))


def import_json(job: ImportJob) -> dict[str, Any]:
    """An import as the API shows it."""
    moment = now()
    rate, eta = rows_per_second(job, moment), eta_seconds(job, moment)
    worked = elapsed_seconds(job, moment)
    return {
        "id": job.id,
        "status": job.status,
        "filename": job.filename,
        "file_size": job.file_size,
        "source_url": job.source_url,
        "keep_file_until": kept_until(job),
        "format": job.format,
        "row_count": job.row_count,
        "imported_count": job.imported_count,
        "created_count": job.created_count,
        "updated_count": job.updated_count,
        "unchanged_count": job.unchanged_count,
        "superseded_count": job.superseded_count,
        "failed_count": job.failed_count,
        "deactivated_count": job.deactivated_count,
        "absent": absent_json(job),
        "phase": job.phase or None,
        "bytes_done": job.bytes_done,
        "worked_seconds": None if worked is None else round(worked, 1),
        "phase_seconds": job.phase_seconds,
        "rows_per_second": None if rate is None else round(rate, 1),
        "eta_seconds": None if eta is None else round(eta, 1),
        "error": job.error,
        "change_set_ids": queries.change_set_ids(job.id),
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
        "profile": job.profile_name,
        "warnings": job.warnings,
        "check": check_json(job),
        "undo": undoing.as_told(job),
    }


def _preview(job: ImportJob) -> dict[str, Any]:
    columns = job.suggestions["columns"]
    shown = ("column", "target", "type", "confidence", "reason", "by", "new", "transform")
    schema = service.suggested_schema(job, current_vocabulary())
    applied, earlier = job.suggestions.get("profile"), repeats.earlier_import(job)
    return {
        "job_id": job.id,
        "status": job.status,
        "format": job.format,
        "dialect": job.dialect,
        "headers": job.headers,
        "sample_rows": job.sample_rows,
        "row_count": job.row_count,
        "suggested_schema": schema.as_definition(),
        "suggested_mapping": {each["column"]: each["target"] for each in columns},
        "suggestions": [{name: each.get(name, []) for name in shown} for each in columns],
        "offers": job.suggestions.get("offers", {}),
        "suggested_by": job.suggestions["by"],
        "note": job.suggestions["note"],
        "warnings": [*job.warnings, *profiles.warnings_of(job), *repeats.warnings_of(earlier)],
        "profile": applied and {name: applied[name] for name in ("name", "unknown", "missing")},
        "repeats": repeats.as_told(earlier),
    }


def _failed_rows(job: ImportJob) -> Iterator[str]:
    """The rows that failed as CSV, read while they are sent."""
    tenant_id = current_tenant_id()

    def lines() -> Iterator[str]:
        with tenant_scope(tenant_id):
            yield from report.failed_rows_csv(job, queries.rows_to_correct(job.id), harmless=False)

    return stream_with_context(lines())


def _issue_json(issue: ImportIssue) -> dict[str, Any]:
    return {
        "line": issue.line,
        "severity": issue.severity,
        "code": issue.code,
        "column": issue.column,
        "message": issue.message,
        "row": issue.row,
    }
