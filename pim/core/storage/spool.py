"""Where files of a form wait until they are stored: in the folder they will be stored in.

The usual place is the system's temporary folder, which on many machines is memory, or small. From
here a large file needs no second copy: it only gets another name.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import IO, Any

from flask import Request, current_app

from pim.core.storage.base import new_key
from pim.core.storage.local import PART, LocalStorage

IN_MEMORY = 512 * 1024


class Spooled:
    """A file that comes: in memory while it is small, then on disk as `part`. Goes when closed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: IO[bytes] = io.BytesIO()
        self.part: Path | None = None

    def write(self, data: bytes) -> int:
        """Take in some more."""
        if self.part is None and self._file.tell() + len(data) > IN_MEMORY:
            self._to_disk()
        return self._file.write(data)

    def _to_disk(self) -> None:
        held, place = self._file, self._file.tell()
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{new_key()}{PART}"
        self._file = part.open("x+b")
        self.part = part
        held.seek(0)
        self._file.write(held.read())
        self._file.seek(place)

    def close(self) -> None:
        """Forget it, unless it has become a stored file meanwhile."""
        try:
            self._file.close()  # writes what is buffered still, for which there may be no room
        except OSError:
            pass
        finally:
            if self.part is not None:
                self.part.unlink(missing_ok=True)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class UploadRequest(Request):
    """Flask's request, but for the place where its files wait."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: list[Spooled] = []

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """What a file in a form is written to while it comes."""
        store = current_app.extensions.get("pim.storage")
        if not isinstance(store, LocalStorage):
            return super()._get_file_stream(
                total_content_length, content_type, filename, content_length
            )
        stream = Spooled(store.folder)
        self._waiting.append(stream)
        return stream  # type: ignore[return-value]

    def close(self) -> None:
        """Flask calls it at the end of each request: give the room back, also after an error."""
        for stream in self._waiting:
            stream.close()
        super().close()
