"""Files people upload. A key is ours, never a name somebody sent."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from flask import Flask, current_app

from pim.core.errors import NotFound, TooLarge

EXTENSION = "pim.storage"
BLOCK = 1024 * 1024


class Readable(Protocol):
    """Anything a file can be read from, block by block."""

    def read(self, size: int = ..., /) -> bytes:
        """At most `size` bytes; empty at the end."""
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a file once it is stored. size in bytes, sha256 in hex."""

    key: str
    size: int
    sha256: str


class LocalStorage:
    """Files in one folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, stream: Readable, *, limit: int) -> StoredFile:
        """Store a stream without holding it in memory; raises TooLarge beyond `limit` bytes."""
        self.folder.mkdir(parents=True, exist_ok=True)
        key = secrets.token_hex(16)
        part = self.folder / f"{key}.part"
        digest, size = hashlib.sha256(), 0
        try:
            with part.open("xb") as out:
                while block := stream.read(BLOCK):
                    size += len(block)
                    if size > limit:
                        raise TooLarge(f"The file is larger than {limit // BLOCK:,} MB.")
                    digest.update(block)
                    out.write(block)
                out.flush()
                os.fsync(out.fileno())
            part.rename(self.path(key))
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return StoredFile(key, size, digest.hexdigest())

    def path(self, key: str) -> Path:
        """Where a stored file lies; the key is checked, so it can't lead elsewhere."""
        if not key or not all(c in "0123456789abcdef" for c in key):
            raise NotFound("There is no such file.")
        return self.folder / key

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """A path on this machine where a stored file can be read; NotFound when it is gone."""
        path = self.path(key)
        if not path.exists():
            raise NotFound("The uploaded file is no longer there. Upload it again.")
        yield path

    @contextmanager
    def open(self, key: str) -> Iterator[BinaryIO]:
        """Read a stored file; raises NotFound when it is gone."""
        try:
            with self.path(key).open("rb") as stream:
                yield stream
        except FileNotFoundError as error:
            raise NotFound("The uploaded file is no longer there.") from error

    def delete(self, key: str) -> None:
        """Remove a file; one that is gone already is fine."""
        self.path(key).unlink(missing_ok=True)


def init_app(app: Flask, folder: Path) -> None:
    """Make the storage known to the application."""
    app.extensions[EXTENSION] = LocalStorage(folder.resolve())


def storage() -> LocalStorage:
    """The application's storage."""
    store: LocalStorage = current_app.extensions[EXTENSION]
    return store
