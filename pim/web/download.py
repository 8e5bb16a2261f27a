"""A file that is made while it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from flask import Response

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def download(
    chunks: Iterator[bytes], filename: str, media_type: str, close: Callable[[], None]
) -> Response:
    """Send pieces of a file as they come; `close` is called at the end, also when nobody waits.

    An error in the middle breaks the connection off, so that no half a file passes for a whole.
    """
    response = Response(_closed_after(chunks, close), content_type=media_type)
    name = _UNSAFE.sub("-", filename).strip("-.") or "download"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # a proxy needn't wait for all of it either
    response.call_on_close(close)  # when nobody reads to the end, or at all
    return response


def _closed_after(chunks: Iterator[bytes], close: Callable[[], None]) -> Iterator[bytes]:
    """The pieces; what they are made from is given back with the last one, whoever reads them."""
    try:
        yield from chunks
    finally:
        close()
