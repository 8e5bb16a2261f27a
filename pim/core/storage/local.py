"""Files in one folder of this machine: the default."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from pim.core.errors import NotFound
from pim.core.storage.base import (
    GONE,
    Measured,
    Readable,
    StoredFile,
    checked,
    is_key,
    new_key,
    no_room,
)

PART = ".part"


class LocalStorage:
    """See `Storage`. A file that is still being written ends with `.part`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, stream: Readable, *, limit: int) -> StoredFile:
        """Store a stream."""
        key = new_key()
        measured = Measured(stream, limit)
        part: Path | None = getattr(stream, "part", None)
        try:
            if part is None or part.parent != self.folder or not part.exists():
                part = self.folder / f"{key}{PART}"
                self._copy(measured, part)
            else:  # it is here already, see `spool`
                while measured.read():
                    pass
                _sync(part)
            part.rename(self.path(key))
        except BaseException as error:
            if part is not None:
                part.unlink(missing_ok=True)
            if full := no_room(error):
                raise full from error
            raise
        return measured.stored_as(key)

    def _copy(self, measured: Measured, part: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with part.open("xb") as out:
            while block := measured.read():
                out.write(block)
            out.flush()
            os.fsync(out.fileno())

    def path(self, key: str) -> Path:
        """Where a stored file lies."""
        return self.folder / checked(key)

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """The file itself."""
        path = self.path(key)
        if not path.exists():
            raise NotFound(GONE)
        yield path

    def open(self, key: str) -> BinaryIO:
        """The file, opened."""
        try:
            return self.path(key).open("rb")
        except FileNotFoundError as error:
            raise NotFound(GONE) from error

    def delete(self, key: str) -> None:
        """Remove a file."""
        self.path(key).unlink(missing_ok=True)

    def keys(self, before: datetime) -> Iterator[str]:
        """The files that were stored before a moment."""
        return (path.name for path in self._older(before) if is_key(path.name))

    def remove_unfinished(self, before: datetime) -> int:
        """Remove what uploads that were cut off have left."""
        parts = [path for path in self._older(before) if path.name.endswith(PART)]
        for path in parts:
            path.unlink(missing_ok=True)
        return len(parts)

    def check(self) -> None:
        """Raise unless files could be stored now."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if not os.access(self.folder, os.W_OK):
            raise PermissionError("uploads can't be stored")

    def _older(self, before: datetime) -> Iterator[Path]:
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            with suppress(FileNotFoundError):
                if datetime.fromtimestamp(path.stat().st_mtime, UTC) < before:
                    yield path


def _sync(path: Path) -> None:
    """What was written is on the disk when this returns."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
