"""The rows that were not imported, as a file to be corrected and uploaded again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from flask import stream_with_context

from pim.core.formulas import harmless as made_harmless
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.imports import queries
from pim.imports.corrected import ERROR, LINE, is_corrected
from pim.imports.models import ImportIssue, ImportJob


def failed_rows_of(
    job: ImportJob, severities: Sequence[str] = ("error",), *, harmless: bool, begin: str = ""
) -> Iterator[bytes]:
    """The file as an answer, its rows read while they are sent. begin: what comes before them."""
    tenant_id = current_tenant_id()

    def pieces() -> Iterator[bytes]:
        with tenant_scope(tenant_id):
            yield begin.encode()
            issues = queries.rows_to_correct(job.id, severities)
            for piece in failed_rows_csv(job, issues, harmless=harmless):
                yield piece.encode("utf-8", "surrogatepass")

    return stream_with_context(pieces())


def failed_rows_csv(
    job: ImportJob, issues: Iterable[ImportIssue], *, harmless: bool
) -> Iterator[str]:
    """Lines of CSV: the columns of the file, its line and what was wrong with it.

    issues: in the order of their lines. harmless: a cell that a spreadsheet would run as a
    formula gets an apostrophe in front; else the cells are exactly as they came.
    """
    delimiter = str(job.dialect.get("delimiter", ","))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    places = [
        place
        for place, header in enumerate(job.headers)
        if header not in (LINE, ERROR) or not is_corrected(job.headers)
    ]
    writer.writerow([*(job.headers[place] for place in places), LINE, ERROR])
    for line, group in groupby(issues, key=lambda issue: issue.line):
        found = list(group)
        cells = next((list(issue.row) for issue in found if issue.row), [])
        cells += [""] * (len(job.headers) - len(cells))
        told = " ".join(_told(issue) for issue in found)
        row = [str(cells[place]) for place in places] + [str(line), told]
        writer.writerow([made_harmless(cell) for cell in row] if harmless else row)
        if buffer.tell() > 1 << 16:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _told(issue: ImportIssue) -> str:
    return f"{issue.column}: {issue.message}" if issue.column else issue.message
