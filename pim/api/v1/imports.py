"""Imports over the API: `/api/pim/import/`. Upload a file, confirm its mapping, poll."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage

from pim.api import params
from pim.api.json import printable, read_object, reply
from pim.api.params import LIST_PARAMS, a_page_of, reply_list
from pim.api.routes import Answer, Body, Param, Resource
from pim.api.schemas import (
    TEXT,
    record,
)
from pim.api.v1.import_json import check_json, import_json, issue_json, preview_json
from pim.api.v1.import_shapes import (
    NOT_THERE,
    ONE_IMPORT,
    PROBLEM,
    WRONG_STATE,
)
from pim.core.db import transaction
from pim.core.errors import FieldError, Invalid, UnsupportedMediaType
from pim.imports import examining, fetching, profiles, queries, report, service
from pim.imports.files import sent_file
from pim.imports.readers.base import FileProblem
from pim.imports.readers.registry import READERS
from pim.imports.sniff import parse_overrides
from pim.schema.queries import current_vocabulary

resource = Resource("imports", "/pim/import", "Files on their way into the catalog.")

MULTIPART = "multipart/form-data"
CORRECTIONS = ("encoding", "delimiter", "quote", "header_row", "sheet", "record_path", "shape")
LIST, ISSUES = "imports:-id", "imports:issues"


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
        examined = examining.receive_file(file.stream, name, vocabulary, overrides, profile)
    with transaction():
        job = service.start_import(examined, corrections)
        return reply(preview_json(job), 201)


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
        raise examining.as_invalid(problem) from problem


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
    return reply_list(
        LIST,
        lambda limit, before_id: queries.list_imports(limit=limit, before_id=before_id),
        lambda job: job.id,
        lambda page: [import_json(job) for job in page],
        queries.count_imports,
    )


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
        return Response(report.failed_rows_of(job, harmless=False), mimetype="text/csv")
    return reply_list(
        ISSUES,
        lambda limit, place: queries.list_issues(import_id, limit=limit, after_id=place or 0),
        lambda issue: issue.id,
        lambda page: [issue_json(issue) for issue in page],
        lambda: queries.count_issues(import_id),
    )


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
