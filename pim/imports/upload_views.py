"""The wizard's first step, a file or its address, and the way back: the file as it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Response as BaseResponse

from pim.core import settings
from pim.core.db import transaction
from pim.core.errors import Invalid, NoRoom, RateLimited, TooLarge, Unavailable
from pim.identity.access import requires
from pim.imports import fetching, pages, queries, service
from pim.imports.files import sent_file
from pim.imports.readers.registry import READERS
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
    file, url = request.files.get("file"), request.form.get("url", "").strip()
    given = file is not None and bool(file.filename)
    if given == bool(url):
        message = "Choose a file or give its address"
        return _upload_page({"file": message + (", not both." if url else " first.")}, 422)
    with transaction():
        vocabulary = current_vocabulary()
    try:
        if given and file is not None:
            examined = service.receive_file(file.stream, file.filename or "", vocabulary)
        else:
            examined = fetching.receive_from_address(url, vocabulary)
    except (Invalid, TooLarge, NoRoom, RateLimited, Unavailable) as problem:
        return _upload_page({"url" if url else "file": problem.message}, problem.status)
    with transaction():
        job = service.start_import(examined)
    return redirect(f"/pim/import/{job.id}")


def _upload_page(errors: Mapping[str, str] | None = None, status: int = 200) -> Response:
    return render(
        "imports/upload.html",
        block="upload",
        status=status,
        errors=errors or {},
        url=request.form.get("url", ""),
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
