"""`pim import FILE`: the wizard on the command line, same path, same workers."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from pim.core.clock import now
from pim.core.db import transaction
from pim.core.tenancy import tenant_scope
from pim.identity.queries import tenant_by_slug
from pim.imports import queries, service
from pim.imports.models import ImportJob
from pim.imports.progress import progress_of
from pim.imports.readers.base import FileProblem
from pim.imports.sniff import parse_overrides
from pim.imports.suggestion import type_of
from pim.schema.queries import current_vocabulary
from pim.schema.types import FIELD_TYPES

POLL_SECONDS = 0.3
PATIENCE_SECONDS = 15


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--tenant", "slug", required=True, help="Slug of the tenant.")
@click.option(
    "--map",
    "chosen",
    multiple=True,
    metavar="COL=FIELD[:TYPE]",
    help="Where a column goes; nothing after = ignores it. A new field has the type suggested for "
    "the column, or TYPE. The other columns go where is suggested.",
)
@click.option("--yes", is_flag=True, help="Start without asking.")
@click.option("--blank", type=click.Choice(["keep", "clear"]), default="keep", show_default=True)
@click.option(
    "--on-error",
    type=click.Choice(["skip_row", "skip_value", "stop"]),
    default="skip_row",
    show_default=True,
)
@click.option(
    "--mode",
    type=click.Choice(["upsert", "create_only", "update_only"]),
    default="upsert",
    show_default=True,
)
@click.option("--format", "format_name", default="", help="What the file is; found out by default.")
@click.option("--encoding", default="", help="Its encoding; found out by default.")
@click.option("--delimiter", default="", help="What separates its values; found out by default.")
@click.option("--header-row", default="", help="The line of its header, or none.")
@click.option(
    "--shape", default="", help="How its rows are laid out, or none; found out by default."
)
@with_appcontext
def import_file(
    file: Path,
    slug: str,
    chosen: Sequence[str],
    yes: bool,
    blank: str,
    on_error: str,
    mode: str,
    **reading: str,
) -> None:
    """Import FILE and wait until it is in the catalog.

    Shows how the file is read and where its columns go, asks, and hands it to the workers. Prints
    the counts as JSON; fails when the import does.
    """
    console = Console(stderr=True)
    options = {"blank": blank, "on_error": on_error, "mode": mode}
    with tenant_scope(tenant_by_slug(slug).id):
        job = _receive(file, reading)
        mapping = _mapping(job, chosen)
        _show(console, job, mapping)
        if not yes:
            _ask(job)
        with transaction():
            service.confirm_import(job.id, {"mapping": mapping, "options": options})
        done = _watch(console, job.id)
    click.echo(json.dumps(_counts(done)))
    if done.status != "done":
        console.print(done.error or f"The import is {done.status}.", style="red")
        sys.exit(1)


def _receive(file: Path, reading: dict[str, str]) -> ImportJob:
    given = {name.removesuffix("_name"): value for name, value in reading.items() if value}
    try:
        overrides = parse_overrides(given)
    except FileProblem as problem:
        raise click.BadParameter(problem.message) from problem
    with transaction():
        vocabulary = current_vocabulary()
    with file.open("rb") as stream:
        examined = service.receive_file(stream, file.name, vocabulary, overrides)
    with transaction():
        job = service.start_import(examined, given)
    return job


def _mapping(job: ImportJob, chosen: Sequence[str]) -> dict[str, Any]:
    """The suggestions, with what was chosen in their place."""
    wanted = dict(_pair(each, job.headers) for each in chosen)
    taken = {_target_and_type(given)[0].casefold() for given in wanted.values() if given}
    vocabulary = current_vocabulary()
    mapping: dict[str, Any] = {}
    for each in job.suggestions["columns"]:
        target, type_name = each["target"] or "", each["type"]
        if each["column"] in wanted:
            target, own = _target_and_type(wanted[each["column"]])
            type_name = own or type_name
        elif target.casefold() in taken:
            target = ""
        new = target and type_of(vocabulary, target) is None
        mapping[each["column"]] = {"to": target, "type": type_name} if new else (target or None)
    return mapping


def _target_and_type(given: str) -> tuple[str, str | None]:
    """`FIELD:TYPE`, or `FIELD`, which may hold a colon itself."""
    target, colon, type_name = given.rpartition(":")
    return (target, type_name) if colon and type_name in FIELD_TYPES else (given, None)


def _pair(text: str, headers: Sequence[str]) -> tuple[str, str]:
    """`COL=FIELD`; the column may hold a = itself."""
    for place, char in enumerate(text):
        if char == "=" and text[:place] in headers:
            return text[:place], text[place + 1 :].strip()
    column = text.partition("=")[0]
    raise click.BadParameter(
        f"The file has no column “{column}”. It has: {', '.join(headers)}.", param_hint="--map"
    )


def _show(console: Console, job: ImportJob, mapping: dict[str, Any]) -> None:
    dialect = ", ".join(f"{name} {value!r}" for name, value in job.dialect.items() if value)
    console.print(f"[bold]{job.filename}[/bold]: {dialect}", highlight=False)
    for warning in job.warnings:
        console.print(warning, style="yellow")
    table = Table("Column", "Goes to", "Type", "Sure", "Why", box=None, pad_edge=False)
    for each in job.suggestions["columns"]:
        target = mapping[each["column"]]
        named = target["to"] + " (new)" if isinstance(target, dict) else target or "—"
        table.add_row(
            each["column"], named, each["type"], f"{each['confidence']:.0%}", each["reason"]
        )
    console.print(table)
    console.print(job.suggestions["note"], style="dim")


def _ask(job: ImportJob) -> None:
    rows = "" if job.row_count is None else f"{job.row_count:,} rows "
    if not sys.stdin.isatty():
        _forget(job)
        raise click.UsageError("Nobody is there to be asked. Say --yes to start at once.")
    if not click.confirm(f"Import {rows}like this?", err=True):
        _forget(job)
        raise click.Abort


def _forget(job: ImportJob) -> None:
    with transaction():
        service.cancel_import(job.id)


def _watch(console: Console, import_id: int) -> ImportJob:
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
            if not progress.running:
                return job
            if job.status == "pending" and not told:
                told = time.monotonic() - began > PATIENCE_SECONDS
                if told:
                    console.print("No worker has taken it yet. Is `pim worker` running?")
            time.sleep(POLL_SECONDS)


def _counts(job: ImportJob) -> dict[str, Any]:
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
