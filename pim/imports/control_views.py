"""The buttons of an import's page: pause, resume, undo, do again; and what an undo left alone."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, request
from werkzeug.wrappers import Response as BaseResponse

from pim.core.db import transaction
from pim.core.errors import Conflict
from pim.identity.access import requires
from pim.imports import control, queries, undoing
from pim.imports.left_alone import shown_left
from pim.imports.views import blueprint
from pim.web.htmx import redirect, render
from pim.web.pagination import decode_cursor, encode_cursor

LEFT = "imports:left-alone"
LEFT_A_PAGE = 50


@blueprint.post("/pim/import/<int:import_id>/pause")
@requires("import.run")
def pause(import_id: int) -> BaseResponse:
    """Let it rest at the chunk it has come to."""
    return _told(import_id, lambda: control.pause_import(import_id))


@blueprint.post("/pim/import/<int:import_id>/resume")
@requires("import.run")
def resume(import_id: int) -> BaseResponse:
    """Go on after the last chunk."""
    return _told(import_id, lambda: control.resume_import(import_id))


@blueprint.get("/pim/import/<int:import_id>/undo")
@requires("import.run")
def ask_undo(import_id: int) -> BaseResponse:
    """Say what undoing it, or doing it again, would do, and ask."""
    job = queries.get_import(import_id)
    redo = undoing.is_undone(job)
    if refused := undoing.why_not(job, redo=redo):
        flash(refused[1], "warn")
        return redirect(f"/pim/import/{import_id}")
    return render(
        "imports/undo.html",
        block="undo",
        job=job,
        redo=redo,
        foreseen=undoing.preview(job, redo=redo),
        before=undoing.as_told(job),
    )


@blueprint.post("/pim/import/<int:import_id>/undo")
@requires("import.run")
def undo(import_id: int) -> BaseResponse:
    """Have a worker undo it, or do it again."""
    redo = request.form.get("redo") == "1"
    return _told(import_id, lambda: undoing.start_undo(import_id, redo=redo))


@blueprint.get("/pim/import/<int:import_id>/undo/left-alone")
@requires("import.read")
def list_left_alone(import_id: int) -> Response:
    """What an undo left alone, by pages."""
    job = queries.get_import(import_id)
    cursor = request.args.get("after")
    place = decode_cursor(LEFT, cursor) if cursor else None
    found, more = undoing.left_alone(
        import_id,
        after=(int(place[0]), int(place[1]), str(place[2])) if place else None,
        limit=LEFT_A_PAGE,
    )
    address = f"/pim/import/{import_id}/undo/left-alone"
    return render(
        "imports/left_alone.html",
        block="left",
        job=job,
        undo=undoing.as_told(job),
        left=shown_left(found),
        first_href="" if place is None else address,
        next_href=f"{address}?after={encode_cursor(LEFT, list(more))}" if more else "",
    )


def _told(import_id: int, verb: Callable[[], object]) -> BaseResponse:
    """Do it and show the import; where it can't be done, say why there."""
    try:
        with transaction():
            verb()
    except Conflict as conflict:
        flash(conflict.message, "warn")
    return redirect(f"/pim/import/{import_id}")
