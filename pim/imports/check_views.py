"""The page between mapping and import: what the whole file would come to."""

from __future__ import annotations

from flask import Response, flash, request
from werkzeug.wrappers import Response as BaseResponse

from pim.core.db import transaction
from pim.core.errors import Conflict, Forbidden, Invalid
from pim.identity.access import can, requires
from pim.imports import absent, queries, service
from pim.imports.check_pages import STATUS_CHOICES, cells_page, check_page
from pim.imports.checked import Checked
from pim.imports.control import is_check
from pim.imports.mapping_page import form_sent, refused_page
from pim.imports.models import ImportJob
from pim.imports.readers.registry import READERS
from pim.imports.views import blueprint
from pim.schema.queries import current_vocabulary
from pim.web.htmx import redirect, render


@blueprint.post("/pim/import/<int:import_id>/check")
@requires("import.run")
def start_check(import_id: int) -> BaseResponse:
    """Look what the mapping as it stands would come to."""
    job = queries.get_import(import_id)
    if job.status != service.MAPPING:
        return redirect(f"/pim/import/{import_id}")
    form = form_sent(job)
    sent = {name: values for name, values in request.form.lists() if name != "csrf_token"}
    try:
        with transaction():
            service.start_check(import_id, form.body(current_vocabulary()), sent)
    except (Invalid, Conflict, Forbidden) as problem:
        return refused_page(job, form, problem)
    return redirect(f"/pim/import/{import_id}/check")


@blueprint.get("/pim/import/<int:import_id>/check")
@requires("import.read")
def show_check(import_id: int) -> BaseResponse:
    """What was found so far, or in the end."""
    job = queries.get_import(import_id)
    if job.status != service.MAPPING and not is_check(job):
        return redirect(f"/pim/import/{import_id}")
    return _check_page(job)


@blueprint.post("/pim/import/<int:import_id>/check/import")
@requires("import.run")
def confirm_checked(import_id: int) -> BaseResponse:
    """Import with exactly what was checked."""
    try:
        with transaction():
            service.confirm_checked(import_id)
    except (Invalid, Conflict, Forbidden) as problem:
        return _check_page(queries.get_import(import_id), error=problem.message, status=422)
    return redirect(f"/pim/import/{import_id}")


@blueprint.post("/pim/import/<int:import_id>/check/stop")
@requires("import.run")
def stop_check(import_id: int) -> BaseResponse:
    """Stop looking; the file waits for its mapping as before."""
    with transaction():
        service.stop_check(import_id)
    flash("The check is stopped. Nothing was changed.", "ok")
    return redirect(f"/pim/import/{import_id}")


@blueprint.post("/pim/import/<int:import_id>/absent")
@requires("import.run")
def answer_absent(import_id: int) -> BaseResponse:
    """Deactivate what is not in the file, or keep it, as an import has asked."""
    try:
        with transaction():
            absent.answer_absent(import_id, deactivate=request.form.get("deactivate") == "1")
    except Conflict as problem:
        flash(problem.message, "warn")
    return redirect(f"/pim/import/{import_id}")


def _check_page(job: ImportJob, *, error: str = "", status: int = 200) -> Response:
    running, checked = is_check(job), Checked.of(job)
    if checked is not None and checked.state == "running" and not running:
        checked = None  # it was stopped
    done = checked is not None and checked.state == "done"
    return render(
        "imports/check.html",
        block="check",
        status=status,
        job=job,
        running=running,
        paused=running and job.status == "paused",
        page=check_page(job, checked) if checked else None,
        cells=cells_page(job, checked, request.args) if checked and done else None,
        statuses=STATUS_CHOICES,
        counts_word=READERS[job.format].counts,
        error=error,
        may_run=can("import.run"),
    )
