"""Where files of a form wait until they are stored: on the disk they will be stored on.

The usual place is the system's temporary folder, which on many machines is memory, or small. The
file there has no name, so nothing is left of it whatever happens.
"""

from __future__ import annotations

import tempfile
from typing import IO, Any

from flask import Request, current_app

from pim.core.storage.local import LocalStorage

IN_MEMORY = 512 * 1024


class UploadRequest(Request):
    """Flask's request, but for the place where its files wait."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: list[IO[bytes]] = []

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """What a part of a form is written to while it comes: in memory while it is small."""
        store = current_app.extensions.get("pim.storage")
        folder = None
        if isinstance(store, LocalStorage):
            store.folder.mkdir(parents=True, exist_ok=True)
            folder = str(store.folder)
        stream = tempfile.SpooledTemporaryFile(IN_MEMORY, "rb+", dir=folder)
        self._waiting.append(stream)
        return stream

    def close(self) -> None:
        """Flask calls it at the end of each request: give the room back, also after an error."""
        for stream in self._waiting:
            stream.close()
        super().close()
