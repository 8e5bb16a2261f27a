"""The wizard's first step, a file or its address, and the way back: the file as it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from pim.core import settings
from pim.core.db import transaction
from pim.core.errors import Invalid, NoRoom, RateLimited, TooLarge, Unavailable
from pim.identity.access import requires
from pim.imports import examining, fetching, pages, queries, service
from pim.imports.files import sent_file
from pim.imports.readers.base import FileProblem
from pim.imports.readers.registry import READERS
from pim.imports.sniff import parse_overrides
from pim.imports.upload_form import UploadForm, form_sent, placed
from pim.imports.views import blueprint
from pim.schema.queries import current_vocabulary
from pim.web.htmx import redirect, render

ACCEPT = ",".join(
    (*(suffix for entry in READERS.values() for suffix in entry.extensions), ".gz", ".zip")
)


@blueprint.url_value_preprocessor
def _allow_large_files(endpoint: str | None, _: dict[str, Any] | None) -> None:
    """Before the form token is looked for, which reads the body."""
    if endpoint == "imports.upload" and request.method == "POST":
        request.max_content_length = settings().pim_max_upload_bytes + 1024 * 1024


@blueprint.get("/pim/import")
@requires("import.run")
def show_upload() -> Response:
    """Step 1: choose a file."""
    return _upload_page()


@blueprint.post("/pim/import")
@requires("import.run")
def upload() -> BaseResponse:
    """Take a file, or fetch it, look at it, and go on to its columns."""
    file, form = request.files.get("file"), form_sent(request.form)
    given = file is not None and bool(file.filename)
    if given == bool(form.url):
        what = "Choose a file or give its address"
        return _upload_page({"file": f"{what}, not both." if given else f"{what} first."}, 422)
    place = "url" if form.url else "file"
    try:
        examined = _receive(file if given else None, form)
    except FileProblem as problem:
        return _upload_page(placed(problem.field or "", problem.message, place), 422)
    except Invalid as invalid:
        return _upload_page(placed(invalid.errors[0].path, invalid.message, place), 422)
    except (TooLarge, NoRoom, RateLimited, Unavailable) as refused:
        return _upload_page({place: refused.message}, refused.status)
    with transaction():
        job = service.start_import(examined, form.reading)
    return redirect(f"/pim/import/{job.id}")


def _receive(file: FileStorage | None, form: UploadForm) -> examining.Examined:
    overrides = parse_overrides(form.reading)
    with transaction():
        vocabulary = current_vocabulary()
    if file is None:
        return fetching.receive_from_address(form.url, vocabulary, overrides)
    return examining.receive_file(file.stream, file.filename or "", vocabulary, overrides)


def _upload_page(errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    return render(
        "imports/upload.html",
        block="upload",
        status=status,
        form=form_sent(request.form, errors),
        accept=ACCEPT,
        limit=settings().pim_max_upload_bytes,
        fetch_limit=min(settings().import_url_bytes, settings().pim_max_upload_bytes),
        fetch_seconds=settings().import_url_seconds,
        formats=[entry.label for entry in READERS.values()],
        recent=pages.newest_files(5),
    )


@blueprint.get("/pim/import/<int:import_id>/file")
@requires("import.read")
def download_file(import_id: int) -> Response:
    """The file as it was sent, as long as it is kept."""
    return sent_file(queries.get_import(import_id))
