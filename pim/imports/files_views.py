"""The Files screen, and the change sets of one import."""

from __future__ import annotations

from flask import Response, request

from pim.core.clock import now
from pim.identity.access import can, requires
from pim.identity.queries import actor_name, actor_names
from pim.imports import pages, queries, undoing
from pim.imports.file_list import (
    STATE_LABELS,
    STATES,
    filter_of,
    page_of_files,
    who_uploaded,
)
from pim.imports.readers.registry import READERS
from pim.imports.views import blueprint
from pim.web.htmx import render
from pim.web.pagination import decode_cursor, encode_cursor

CHANGES, CHANGES_A_PAGE = "imports:changes", 100


@blueprint.get("/pim/imports")
@requires("import.read")
def list_files() -> Response:
    """Every file with its state, filtered and sorted."""
    wanted, after = filter_of(request.args), request.args.get("after", "")
    jobs, more = page_of_files(wanted, after)
    lines = pages.lines_of(jobs)
    return render(
        "imports/files.html",
        block="files",
        wanted=wanted,
        lines=lines,
        here=wanted.address(after),
        first_href=wanted.address() if after else "",
        next_href=wanted.address(more) if more else "",
        running=any(line.progress.running or undoing.is_undoing(line.job) for line in lines),
        states=[
            ("", "Any state"),
            *((state, STATE_LABELS[state].capitalize()) for state in STATES),
        ],
        people=[("", "Anybody"), *who_uploaded()],
        formats=[("", "Any format"), *((each.name, each.label) for each in READERS.values())],
        may_run=can("import.run"),
    )


@blueprint.get("/pim/import/<int:import_id>/changes")
@requires("import.read")
def list_changes(import_id: int) -> Response:
    """The change sets of an import and of its undo, in order."""
    job = queries.get_import(import_id)
    cursor = request.args.get("after")
    after = int(decode_cursor(CHANGES, cursor)[0]) if cursor else 0
    found = queries.change_sets_of(import_id, limit=CHANGES_A_PAGE + 1, after_id=after)
    page = found[:CHANGES_A_PAGE]
    names = actor_names(
        [each.actor_user_id for each in page], [each.actor_api_key_id for each in page]
    )
    address = f"/pim/import/{import_id}/changes"
    more = encode_cursor(CHANGES, [page[-1].id]) if len(found) > CHANGES_A_PAGE else ""
    return render(
        "imports/changes.html",
        block="changes",
        job=job,
        changes=[
            (each, actor_name(each.actor_user_id, each.actor_api_key_id, names)) for each in page
        ],
        first_href=address if cursor else "",
        next_href=f"{address}?after={more}" if more else "",
        now=now(),
    )
