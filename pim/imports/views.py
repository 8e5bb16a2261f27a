"""The wizard at /pim/import: where the columns go, begin, watch. Its first step: `upload_views`."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request
from werkzeug.wrappers import Response as BaseResponse

from pim.core.db import transaction
from pim.core.errors import Conflict, Forbidden, Invalid
from pim.identity.access import can, requires
from pim.imports import examining, pages, profiles, queries, service
from pim.imports.checked import form_checked
from pim.imports.control import is_check
from pim.imports.forms import after_button, form_as_sent, form_of_suggestions
from pim.imports.mapping_page import form_sent, mapping_page, refused_page
from pim.imports.progress_page import progress_page
from pim.imports.readers.base import FileProblem
from pim.imports.sniff import parse_overrides
from pim.schema.queries import current_vocabulary
from pim.web.htmx import redirect

blueprint = Blueprint("imports", __name__)


@blueprint.get("/pim/import/<int:import_id>")
@requires("import.read")
def show_import(import_id: int) -> BaseResponse:
    """Step 2 or 3, whichever the import has come to."""
    job = queries.get_import(import_id)
    if is_check(job):
        return redirect(f"/pim/import/{import_id}/check")
    if job.status != service.MAPPING:
        return progress_page(job)
    sent, vocabulary = form_checked(job), current_vocabulary()
    if sent is not None:  # back from a check, with all that was chosen
        form = form_as_sent(job, vocabulary, sent, may_add=can("schema.write"))
    else:
        form = form_of_suggestions(job, vocabulary, may_add=can("schema.write"))
    return mapping_page(job, form)


@blueprint.post("/pim/import/<int:import_id>/preview")
@requires("import.run")
def preview_mapping(import_id: int) -> Response:
    """The table as it stands, with what becomes of the sample by it; nothing is saved."""
    job = queries.get_import(import_id)
    if job.status != service.MAPPING:
        return progress_page(job)
    form = after_button(form_sent(job), request.form.get("do", ""), request.form)
    return mapping_page(job, form)


@blueprint.post("/pim/import/<int:import_id>/reading")
@requires("import.run")
def read_again(import_id: int) -> BaseResponse:
    """Read the file the way the user says it is written."""
    with transaction():
        stored, filename = service.stored_file(import_id)
        vocabulary = current_vocabulary()
        corrections = pages.corrections(queries.get_import(import_id), request.form)
    try:
        overrides = parse_overrides(corrections)
        examined = examining.examine(stored, filename, vocabulary, overrides)
    except FileProblem as problem:
        return _reading_failed(import_id, problem.field or "", problem.message)
    except Invalid as invalid:
        return _reading_failed(import_id, invalid.errors[0].path[1:], invalid.message)
    with transaction():
        service.redetect(import_id, examined, corrections)
    return redirect(f"/pim/import/{import_id}")


def _reading_failed(import_id: int, field: str, message: str) -> Response:
    job = queries.get_import(import_id)
    form = form_of_suggestions(job, current_vocabulary(), may_add=can("schema.write"))
    return mapping_page(job, form, block="reading", reading_error=(field, message), status=422)


@blueprint.post("/pim/import/<int:import_id>/confirm")
@requires("import.run")
def confirm(import_id: int) -> BaseResponse:
    """Save schema and mapping, and start."""
    job = queries.get_import(import_id)
    if job.status != service.MAPPING:
        return redirect(f"/pim/import/{import_id}")
    form = form_sent(job)
    try:
        with transaction():
            service.confirm_import(import_id, form.body(current_vocabulary()))
            profiles.save_as(import_id, request.form.get("save_as", ""))
    except (Invalid, Conflict, Forbidden) as problem:
        return refused_page(job, form, problem)
    return redirect(f"/pim/import/{import_id}")


@blueprint.post("/pim/import/<int:import_id>/cancel")
@requires("import.run")
def cancel(import_id: int) -> BaseResponse:
    """Stop an import, or forget a file that was never confirmed."""
    with transaction():
        job = service.cancel_import(import_id)
        never_begun = job.started_at is None
    if never_begun:
        flash("The import is cancelled. Nothing was changed.", "ok")
        return redirect("/pim/imports")
    return redirect(f"/pim/import/{import_id}")
