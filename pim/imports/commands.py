"""`pim import FILE` and `pim imports …`: the wizard on the command line, same path, same workers.

Messages go to stderr, data to stdout, and the exit code says how it ended (`console`).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext
from rich.console import Console

from pim.core.db import transaction
from pim.core.errors import Conflict
from pim.core.tenancy import tenant_scope
from pim.identity.queries import tenant_by_slug
from pim.imports import console as shown
from pim.imports import control, examining, profiles, queries, service
from pim.imports.checked import Checked
from pim.imports.console import NOT_OVER, ROWS_FAILED
from pim.imports.models import ImportJob
from pim.imports.progress import RUNNING
from pim.imports.readers.base import FileProblem
from pim.imports.sniff import parse_overrides
from pim.imports.suggestion import type_of
from pim.schema.queries import current_vocabulary
from pim.schema.types import FIELD_TYPES


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--tenant", "slug", required=True, help="Slug of the tenant.")
@click.option("--profile", default="", help="Name of a saved mapping that says where columns go.")
@click.option(
    "--map",
    "chosen",
    multiple=True,
    metavar="COL=FIELD[:TYPE]",
    help="Where a column goes; nothing after = ignores it. A new field has the type suggested for "
    "the column, or TYPE. The other columns go where is suggested.",
)
@click.option("--check", is_flag=True, help="Only look what would happen; nothing is imported.")
@click.option("--yes", is_flag=True, help="Start without asking.")
@click.option(
    "--json", "as_json", is_flag=True, help="All there is to tell on stdout, no messages."
)
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the rows with errors to this CSV, to be corrected and imported again.",
)
@click.option("--blank", type=click.Choice(["keep", "clear"]), help="What a blank cell does: keep.")
@click.option(
    "--on-error",
    type=click.Choice(["skip_row", "skip_value", "stop"]),
    help="What a value that can't be read does: skip_row.",
)
@click.option(
    "--mode",
    type=click.Choice(["upsert", "create_only", "update_only"]),
    help="Which products are written: upsert.",
)
@click.option(
    "--option", "further", multiple=True, metavar="NAME=VALUE", help="Any option of an import."
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
    profile: str,
    chosen: Sequence[str],
    check: bool,
    yes: bool,
    as_json: bool,
    errors: Path | None,
    further: Sequence[str],
    **given: str | None,
) -> None:
    """Import FILE and wait until it is in the catalog.

    Shows how the file is read and where its columns go, asks, and hands it to the workers. Prints
    the counts as JSON.

    Ends with 0 when all rows are in, 1 when the import is refused or fails, 2 when the command
    makes no sense, 3 when it is done but rows have errors, 4 when it is paused or cancelled.
    Ctrl-C pauses it.
    """
    if check and errors:
        raise click.UsageError("--check imports nothing, so there is no file of --errors yet.")
    options = {name: given.pop(name) for name in ("blank", "on_error", "mode")}
    console = shown.make_console(quiet=as_json)
    with tenant_scope(tenant_by_slug(slug).id):
        job = _receive(file, given, profile)
        try:
            body = _body(job, chosen, profile, _options(options, further))
            shown.show_mapping(console, job, _mapping(job, chosen))
            if check:
                _check(console, job, body, as_json)
            if not yes:
                _ask(job)
            with transaction():
                service.confirm_import(job.id, body)
        except BaseException as error:
            _forget(job)
            if not isinstance(error, KeyboardInterrupt):
                raise
            console.print("Nothing was imported.")
            sys.exit(NOT_OVER)
        _end(console, _until_it_is_over(console, job.id, slug), as_json, errors)


def _end(console: Console, job: ImportJob, as_json: bool, errors: Path | None) -> NoReturn:
    with transaction():
        if errors and job.failed_count:
            shown.write_errors(console, job, errors)
        click.echo(json.dumps(shown.everything(job) if as_json else shown.counts(job)))
    if job.status != "done":
        console.print(job.error or f"The import is {job.status}.", style="red")
    elif job.failed_count:
        console.print(f"{job.failed_count:,} rows with errors were not imported.", style="yellow")
    sys.exit(shown.exit_code(job))


def _until_it_is_over(console: Console, import_id: int, slug: str) -> ImportJob:
    """Wait for an import. Ctrl-C lets it rest, so that it is clear what state it is in."""
    try:
        return shown.watch(console, import_id, lambda job: job.status not in RUNNING)
    except KeyboardInterrupt:
        try:
            with transaction():
                control.pause_import(import_id)
            where = f"{import_id} --tenant {slug}"
            console.print(
                f"Paused. Go on with `pim imports resume {where}`, or stop it for good with "
                f"`pim imports cancel {where}`."
            )
        except Conflict as refused:
            console.print(refused.message)
        with transaction():
            return queries.get_import(import_id)


def _check(console: Console, job: ImportJob, body: dict[str, Any], as_json: bool) -> NoReturn:
    """Look what the import would come to, tell, and leave nothing behind."""
    with transaction():
        service.start_check(job.id, body)
    over = shown.watch(console, job.id, lambda job: job.status not in RUNNING)
    found = Checked.of(over)
    if found is None or found.state != "done":
        message = found.error if found and found.error else f"The check is {over.status}."
        raise click.ClickException(message)
    with transaction():
        told = shown.check_found(over, found)
    shown.show_check(console, told)
    _forget(job)
    figures = {"id": job.id, "status": "checked", "row_count": over.row_count}
    parts = told if as_json else {name: told[name] for name in shown.CHECK_COUNTS}
    click.echo(json.dumps(figures | parts))
    sys.exit(ROWS_FAILED if told["failed"] or told["stopped"] else shown.ALL_IN)


def _receive(file: Path, reading: dict[str, str | None], profile: str) -> ImportJob:
    given = {name.removesuffix("_name"): value for name, value in reading.items() if value}
    with transaction():
        given = profiles.corrections_with(profile, given)
    try:
        overrides = parse_overrides(given)
    except FileProblem as problem:
        raise click.BadParameter(problem.message) from problem
    with transaction():
        vocabulary = current_vocabulary()
    with file.open("rb") as stream:
        examined = examining.receive_file(stream, file.name, vocabulary, overrides, profile)
    with transaction():
        job = service.start_import(examined, given)
    return job


def _body(
    job: ImportJob, chosen: Sequence[str], profile: str, options: dict[str, Any]
) -> dict[str, Any]:
    """The confirmation. A saved mapping says all that isn't said here."""
    if not profile:
        return {"mapping": _mapping(job, chosen), "options": options}
    wanted = {_pair(each, job.headers)[0] for each in chosen}
    whole = _mapping(job, chosen)
    mapping = {column: target for column, target in whole.items() if column in wanted}
    return {"profile": profile, "mapping": mapping, "options": options}


def _options(named: dict[str, str | None], further: Sequence[str]) -> dict[str, Any]:
    """The options that were given. `true`, `false` and numbers are those, not texts."""
    options: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
    for each in further:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise click.BadParameter(
                f"“{each}” has to be NAME=VALUE, such as blank=clear.", param_hint="--option"
            )
        options[name.strip()] = _WORDS.get(value, int(value) if value.isdecimal() else value)
    return options


_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


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
        rule = {"to": target, **({"type": type_name} if new else {})}
        if target == each["target"] and each.get("transform"):
            rule["transform"] = each["transform"]
        mapping[each["column"]] = rule if len(rule) > 1 else (target or None)
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


def _ask(job: ImportJob) -> None:
    rows = "" if job.row_count is None else f"{job.row_count:,} rows "
    if not sys.stdin.isatty():
        raise click.UsageError("Nobody is there to be asked. Say --yes to start at once.")
    if not click.confirm(f"Import {rows}like this?", err=True):
        raise KeyboardInterrupt


def _forget(job: ImportJob) -> None:
    """Leave nothing behind of an import that doesn't begin."""
    with suppress(Conflict), transaction():
        service.cancel_import(job.id)
