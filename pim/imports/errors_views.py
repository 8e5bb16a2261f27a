"""What was wrong with the rows of an import: by reason, by line, and as a file to be corrected."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from pim.identity.access import can, requires
from pim.imports import queries, report
from pim.imports.issues import TOLD_KEPT
from pim.imports.models import ImportJob
from pim.imports.progress import issue_words
from pim.imports.readers.registry import READERS
from pim.imports.views import blueprint
from pim.web.download import download
from pim.web.htmx import render
from pim.web.pagination import decode_cursor, encode_cursor

ISSUES = "imports:issues-page"
A_PAGE = 100
WHAT = {"error": "not imported", "warning": "value left out", "info": "replaced"}


@blueprint.get("/pim/import/<int:import_id>/errors")
@requires("import.read")
def list_errors(import_id: int) -> Response:
    """By reason and by line, filtered by reason and column."""
    job = queries.get_import(import_id)
    code, column = request.args.get("reason", ""), request.args.get("column")
    cursor = request.args.get("after")
    after_id = int(decode_cursor(ISSUES, cursor)[0]) if cursor else 0
    found = queries.issues_like(
        import_id, limit=A_PAGE + 1, after_id=after_id, code=code, column=column
    )
    page = found[:A_PAGE]
    counts = _counts(job)
    return render(
        "imports/errors.html",
        block="errors",
        job=job,
        counts=counts,
        groups_failed=sum(each["count"] for each in counts if each["severity"] == "error"),
        values_left_out=sum(each["count"] for each in counts if each["severity"] == "warning"),
        not_listed=_not_listed(job, counts),
        issues=page,
        reason=code,
        column=column,
        what=WHAT,
        issue_words=issue_words,
        counts_word=READERS[job.format].counts,
        first_href=_address(import_id, code, column) if cursor else "",
        next_href=_address(import_id, code, column, page[-1].id) if len(found) > A_PAGE else "",
        address_of=lambda each: _address(import_id, each["code"], each["column"] or ""),
        all_href=_address(import_id),
        may_run=can("import.run"),
    )


def _counts(job: ImportJob) -> list[dict[str, Any]]:
    """How often each reason is listed; of replaced rows, how many there are."""
    counts = queries.issue_counts(job.id)
    for each in counts:
        if each["code"] == "superseded":
            each["count"] = max(each["count"], job.superseded_count)
    return counts


def _not_listed(job: ImportJob, counts: list[dict[str, Any]]) -> int:
    """Rows that are counted and not listed, because a later one replaced them."""
    told = any(each["code"] == "superseded" for each in counts)
    return max(0, job.superseded_count - TOLD_KEPT) if told else 0


def _address(
    import_id: int, code: str = "", column: str | None = None, after: int | None = None
) -> str:
    said: dict[str, str] = {"reason": code} if code else {}
    if column is not None:
        said["column"] = column
    if after is not None:
        said["after"] = encode_cursor(ISSUES, [after])
    return f"/pim/import/{import_id}/errors" + (f"?{urlencode(said)}" if said else "")


@blueprint.get("/pim/import/<int:import_id>/errors.csv")
@requires("import.read")
def failed_rows(import_id: int) -> Response:
    """Every row that failed, ready to be corrected in a spreadsheet; on wish, also those of which
    a value was left out."""
    job = queries.get_import(import_id)
    severities = ("error", "warning") if request.args.get("left_out") else ("error",)
    # The mark lets spreadsheets see that it is UTF-8.
    lines = report.failed_rows_of(job, severities, harmless=True, begin="\ufeff")
    name = f"import-{import_id}-errors.csv"
    return download(lines, name, "text/csv; charset=utf-8", lambda: None)
