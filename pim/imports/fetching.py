"""A file from a web address: fetched while the request waits, then looked at like any upload.

It waits for a minute at most, and only a few requests do at a time, so that slow sites don't keep
the server's threads from everybody else.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from pim.core import settings
from pim.core.errors import FieldError, Invalid, RateLimited
from pim.core.remote.fetch import Rules, fetched
from pim.core.remote.places import RemoteProblem, parse_allowed
from pim.core.storage import storage
from pim.imports.examining import Examined, examine_stored
from pim.imports.readers.base import Overrides
from pim.schema.fields import Vocabulary

AT_ONCE = 3
_places = threading.BoundedSemaphore(AT_ONCE)


def receive_from_address(
    url: str,
    vocabulary: Vocabulary,
    overrides: Overrides | None = None,
    mapping_profile: str = "",
) -> Examined:
    """Fetch a file, store it and look at it; see `receive_file`. Needs no transaction.

    Raises Invalid at `/url` saying why it can't be fetched, TooLarge, RateLimited while others
    are being fetched. What is kept of the address has no query, which may be a key.
    """
    try:
        with _a_place(), fetched(url, _rules()) as file:
            stored = storage().save(file, limit=settings().pim_max_upload_bytes)
            filename, shown = file.filename, file.shown
    except RemoteProblem as problem:
        raise Invalid([FieldError("/url", problem.code, problem.message)]) from problem
    examined = examine_stored(stored, filename, vocabulary, overrides, mapping_profile)
    return replace(examined, source_url=shown)


def _rules() -> Rules:
    found = settings()
    return Rules(
        max_bytes=min(found.import_url_bytes, found.pim_max_upload_bytes),
        seconds=found.import_url_seconds,
        allowed=parse_allowed(found.import_url_hosts),
    )


@contextmanager
def _a_place() -> Iterator[None]:
    if not _places.acquire(blocking=False):
        raise RateLimited(
            f"{AT_ONCE} files are being fetched already. Try again in a minute.", retry_after=60
        )
    try:
        yield
    finally:
        _places.release()
