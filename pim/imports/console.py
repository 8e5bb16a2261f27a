"""What `pim import` shows: messages and progress on stderr, data as JSON on stdout."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from pim.core.clock import now
from pim.core.db import transaction
from pim.imports import check_queries, pages, profiles, queries, repeats, report
from pim.imports.check_queries import CellFilter
from pim.imports.checked import Checked
from pim.imports.models import ImportJob
from pim.imports.progress import issue_words, progress_of
from pim.schema.types import dumps

# What a script can rely on: see docs/command-line.md.
ALL_IN, REFUSED, USAGE, ROWS_FAILED, NOT_OVER = 0, 1, 2, 3, 4

POLL_SECONDS = 0.3
PATIENCE_SECONDS = 15
DIFF_SHOWN = 20
CHECK_COUNTS = ("create", "update", "unchanged", "failed", "superseded")


def make_console(*, quiet: bool) -> Console:
    """For people: on stderr, what files hold never read as markup."""
    return Console(stderr=True, markup=False, highlight=False, quiet=quiet)


def exit_code(job: ImportJob) -> int:
    """What an import came to."""
    if job.status == "done":
        return ROWS_FAILED if job.failed_count else ALL_IN
    return REFUSED if job.status == "failed" else NOT_OVER


def counts(job: ImportJob) -> dict[str, Any]:
    """An import in figures."""
    return {
        "id": job.id,
        "status": job.status,
        "row_count": job.row_count,
        "created": job.created_count,
        "updated": job.updated_count,
        "unchanged": job.unchanged_count,
        "superseded": job.superseded_count,
        "failed": job.failed_count,
    }


def everything(job: ImportJob) -> dict[str, Any]:
    """All a program may want to know of an import."""
    progress = progress_of(job, now())
    return counts(job) | {
        "filename": job.filename,
        "format": job.format,
        "dialect": job.dialect,
        "warnings": list(job.warnings),
        "error": job.error,
        "errors": queries.issue_counts(job.id),
        "rows_per_second": progress.rate,
        "seconds": progress.elapsed,
        "profile": job.profile_name,
    }


def check_found(job: ImportJob, found: Checked) -> dict[str, Any]:
    """A check, as the API names its parts."""
    told = found.findings
    cells = check_queries.list_cells(job.id, CellFilter(), limit=DIFF_SHOWN)
    return {
        "create": told.created,
        "update": told.updated,
        "unchanged": told.unchanged,
        "failed": told.failed,
        "superseded": told.superseded,
        "stopped": told.stopped,
        "errors": [group.as_dict() for group in told.errors],
        "diff": [
            {"sku": cell.sku, "field": cell.field, "before": cell.before, "after": cell.after}
            for cell in cells
        ],
    }


def show_mapping(console: Console, job: ImportJob, mapping: Mapping[str, Any]) -> None:
    """How the file is read and where its columns go."""
    console.print(f"{job.filename}: {pages.reading_of(job).summary}", style="bold")
    with transaction():
        repeated = repeats.warnings_of(repeats.earlier_import(job))
    for warning in (*job.warnings, *profiles.warnings_of(job), *repeated):
        console.print(warning, style="yellow")
    table = Table("Column", "Goes to", "Type", "Sure", "Why", box=None, pad_edge=False)
    for each in job.suggestions["columns"]:
        target = mapping.get(each["column"])
        named = target["to"] if isinstance(target, Mapping) else target or "—"
        if isinstance(target, Mapping) and "type" in target:
            named += " (new)"
        table.add_row(
            each["column"], named, each["type"], f"{each['confidence']:.0%}", each["reason"]
        )
    console.print(table)
    console.print(job.suggestions["note"], style="dim")


def show_check(console: Console, found: dict[str, Any]) -> None:
    """What an import would come to."""
    console.print(
        "{create:,} new, {update:,} changed, {unchanged:,} unchanged, {failed:,} with errors, "
        "{superseded:,} replaced by a later row".format(**found),
        style="bold",
    )
    if found["stopped"]:
        console.print(found["stopped"], style="red")
    if found["errors"]:
        errors = Table("Rows", "Column", "Problem", "For example", box=None, pad_edge=False)
        for group in found["errors"]:
            example = group["sample"][0] if group["sample"] else {}
            errors.add_row(
                f"{group['count']:,}",
                group["column"] or "",
                issue_words(group["code"]),
                f"line {example['line']:,}: {example.get('message', '')}" if example else "",
            )
        console.print(errors)
    if found["diff"]:
        cells = Table("SKU", "Field", "Now", "After", box=None, pad_edge=False)
        for cell in found["diff"]:
            cells.add_row(cell["sku"], cell["field"], _short(cell["before"]), _short(cell["after"]))
        console.print(cells)


def _short(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping) and {*value} == {"amount", "currency"}:
        return f"{value['amount']} {value['currency']}"
    text = value if isinstance(value, str) else dumps(value)
    return text if len(text) <= 60 else text[:59] + "…"


def watch(console: Console, import_id: int, over: Callable[[ImportJob], bool]) -> ImportJob:
    """Show how far it is until it is over."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    began = time.monotonic()
    told = False
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("Waiting for a worker", total=None)
        while True:
            with transaction():
                job = queries.get_import(import_id)
            progress = progress_of(job, now())
            bar.update(
                task,
                description=progress.headline,
                completed=progress.processed,
                total=progress.total,
            )
            if over(job):
                return job
            if job.status == "pending" and not told:
                told = time.monotonic() - began > PATIENCE_SECONDS
                if told:
                    console.print("No worker has taken it yet. Is `pim worker` running?")
            time.sleep(POLL_SECONDS)


def write_errors(console: Console, job: ImportJob, path: Path) -> None:
    """The rows that failed, as a file to be corrected and imported again."""
    lines = report.failed_rows_csv(job, queries.rows_to_correct(job.id), harmless=False)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)
    console.print(f"Rows with errors are in {path}.")
