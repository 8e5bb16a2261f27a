"""Imports, their previews, checks and issues as the API tells them."""

from __future__ import annotations

from typing import Any

from pim.core.clock import now
from pim.imports import absent, profiles, queries, repeats, service, undoing
from pim.imports.check_queries import CellFilter, list_cells
from pim.imports.checked import Checked
from pim.imports.models import ImportCheckRow, ImportIssue, ImportJob
from pim.imports.progress import elapsed_seconds, eta_seconds, rows_per_second
from pim.imports.retention import kept_until
from pim.schema.queries import current_vocabulary

CELLS_WITH_IT = 50


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


def preview_json(job: ImportJob) -> dict[str, Any]:
    """A file that waits for its mapping, with what is suggested."""
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


def issue_json(issue: ImportIssue) -> dict[str, Any]:
    """What is reported about a row."""
    return {
        "line": issue.line,
        "severity": issue.severity,
        "code": issue.code,
        "column": issue.column,
        "message": issue.message,
        "row": issue.row,
    }


def absent_json(job: ImportJob) -> dict[str, Any] | None:
    """What an import that rests asks; None when it doesn't ask."""
    found = absent.asked(job)
    if found is None:
        return None
    return {
        "count": found.count,
        "active": found.active,
        "unseen": found.unseen,
        "threshold": found.threshold,
    }


def check_json(job: ImportJob, *, with_cells: bool = False) -> dict[str, Any] | None:
    """What the last check of an import found; None if there was none."""
    found = Checked.of(job)
    if found is None:
        return None
    findings = found.findings
    told: dict[str, Any] = {
        "state": found.state,
        "create": findings.created,
        "update": findings.updated,
        "unchanged": findings.unchanged,
        "failed": findings.failed,
        "superseded": findings.superseded,
        "fields": findings.fields,
        "errors": [group.as_dict() for group in findings.errors],
        "diff_complete": found.all_cells,
        "deactivate": found.absent.count if found.absent else None,
        "stopped": findings.stopped,
        "error": found.error,
        "seconds": found.seconds,
    }
    if with_cells:
        cells = list_cells(job.id, CellFilter(), limit=CELLS_WITH_IT)
        told["diff"] = [cell_json(cell) for cell in cells]
    return told


def cell_json(cell: ImportCheckRow) -> dict[str, Any]:
    """A value that would change."""
    return {
        "line": cell.line,
        "status": cell.status,
        "sku": cell.sku,
        "field": cell.field,
        "before": cell.before,
        "after": cell.after,
    }
