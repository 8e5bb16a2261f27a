"""A stored upload, as readers want it: the one way from a storage key to rows.

The preview, the check and the run all open a file here, so that what one shows the others do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from flask import Response, send_file

from pim.core import settings
from pim.core.errors import NotFound
from pim.core.storage import storage
from pim.core.storage.base import GONE
from pim.imports.corrected import Corrected, is_corrected
from pim.imports.models import ImportJob
from pim.imports.readers.base import Dialect, Limits, Reader, Source
from pim.imports.readers.registry import READERS


@contextmanager
def stored_source(key: str, filename: str, size: int) -> Iterator[Source]:
    """A stored file to read from end to end, as long as the context lasts; NotFound."""
    with storage().local(key) as path:
        yield Source(filename, size, lambda: _opened(path), _limits())


def source_to_look_into(key: str, filename: str, size: int) -> Source:
    """A stored file to look into: only what is read of it is fetched. NotFound when opened."""
    store = storage()
    return Source(filename, size, lambda: store.open(key), _limits())


def open_reader(source: Source, dialect: Dialect) -> Reader:
    """The rows of a file, read by its dialect; close it."""
    reader = READERS[dialect.format].open(source, dialect)
    return Corrected(reader) if is_corrected(reader.headers) else reader


def sent_file(job: ImportJob) -> Response:
    """The original of an import as a download: nothing a browser would show or run. NotFound."""
    if job.storage_key is None:
        raise NotFound("The file of this import is no longer kept.")
    response = send_file(
        storage().open(job.storage_key),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=job.filename,
        conditional=False,
        etag=False,
        max_age=0,
    )
    response.content_length = job.file_size
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _opened(path: Path) -> BinaryIO:
    """The file, which may have been removed since it was last opened."""
    try:
        return path.open("rb")
    except FileNotFoundError as error:
        raise NotFound(GONE) from error


def _limits() -> Limits:
    found = settings()
    return Limits(unpacked_bytes=found.pim_max_unpacked_bytes, ratio=found.pim_max_unpacked_ratio)
