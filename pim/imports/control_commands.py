"""`pim imports …`: look at imports and control them, from scripts too."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click
from flask.cli import with_appcontext

from pim.core.db import transaction
from pim.core.tenancy import tenant_scope
from pim.identity.queries import tenant_by_slug
from pim.imports import console as shown
from pim.imports import control, queries, service, undoing
from pim.imports.models import ImportJob

TENANT = click.option("--tenant", "slug", required=True, help="Slug of the tenant.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")


@click.group()
def imports() -> None:
    """Look at imports, pause, resume, cancel and undo them."""


@imports.command("list")
@TENANT
@AS_JSON
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
@with_appcontext
def list_imports(slug: str, as_json: bool, limit: int) -> None:
    """The newest imports, one a line."""
    with tenant_scope(tenant_by_slug(slug).id), transaction():
        jobs = queries.list_imports(limit=limit)
        if as_json:
            click.echo(json.dumps([_line(job) for job in jobs]))
            return
        for job in jobs:
            told = _line(job)
            done = ", ".join(f"{told[name]:,} {name}" for name in _COUNTS if told[name])
            state = " ".join(filter(None, (told["status"], told["undo"])))
            click.echo(f"{told['id']}\t{state}\t{told['filename']}\t{done or '—'}")


@imports.command()
@click.argument("import_id", type=int)
@TENANT
@with_appcontext
def show(import_id: int, slug: str) -> None:
    """One import, as JSON. Ends with the code its own `pim import` ends with."""
    with tenant_scope(tenant_by_slug(slug).id), transaction():
        job = queries.get_import(import_id)
        click.echo(json.dumps(shown.everything(job) | {"undo": undoing.state_words(job)}))
        sys.exit(shown.exit_code(job))


def _verb(name: str, words: str, act: Callable[[int], ImportJob]) -> None:
    """Add a command that does one thing with an import and prints its state."""

    @imports.command(name, help=words)
    @click.argument("import_id", type=int)
    @TENANT
    @with_appcontext
    def command(import_id: int, slug: str) -> None:
        with tenant_scope(tenant_by_slug(slug).id), transaction():
            job = act(import_id)
            click.echo(json.dumps(_line(job)))


_verb("pause", "Let an import rest at the row it has come to.", control.pause_import)
_verb("resume", "Go on with an import that is paused.", control.resume_import)
_verb("cancel", "Stop an import; what is in the catalog stays there.", service.cancel_import)


@imports.command()
@click.argument("import_id", type=int)
@TENANT
@click.option("--redo", is_flag=True, help="Do an import again that was undone.")
@click.option("--no-wait", is_flag=True, help="Don't wait until it is done.")
@with_appcontext
def undo(import_id: int, slug: str, redo: bool, no_wait: bool) -> None:
    """Undo an import: products it created go, values it changed come back.

    What somebody changed since is left alone; then it ends with 3.
    """
    console = shown.make_console(quiet=False)
    with tenant_scope(tenant_by_slug(slug).id):
        with transaction():
            job = undoing.start_undo(import_id, redo=redo)
        if not no_wait:
            job = shown.watch(console, import_id, lambda job: not undoing.is_undoing(job))
        state = dict(job.undo or {})
        click.echo(json.dumps(_line(job) | {"counts": state.get("counts", {})}))
    if state.get("status") == "failed":
        raise click.ClickException(state.get("error") or "The undo failed.")
    left = state.get("counts", {}).get("left_alone", 0)
    if left:
        click.echo(f"{left:,} products were changed since and left alone.", err=True)
        sys.exit(shown.ROWS_FAILED)


_COUNTS = ("created", "updated", "unchanged", "superseded", "failed")


def _line(job: ImportJob) -> dict[str, Any]:
    return shown.counts(job) | {
        "filename": job.filename,
        "created_at": job.created_at.isoformat(),
        "undo": undoing.state_words(job),
    }
