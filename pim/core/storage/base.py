"""What every storage has in common: keys of ours, a digest on the way in, words."""

from __future__ import annotations

import errno
import hashlib
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from pim.core.errors import NoRoom, NotFound, TooLarge

BLOCK = 1024 * 1024
GONE = "The uploaded file is no longer there. Upload it again."
FULL = (
    "There is no room left on the disk that files are kept on, so nothing was stored. "
    "Make room there, then upload the file again."
)
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_KEY_CHARS = frozenset("0123456789abcdef")
_KEY_LENGTH = 32


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


class Storage(Protocol):
    """Where files are kept. Each verb raises Unavailable while the place can't be reached."""

    def save(self, stream: Readable, *, limit: int) -> StoredFile:
        """Store a stream at flat memory; TooLarge beyond `limit` bytes, NoRoom on a full disk.

        Whatever goes wrong on the way, nothing of it is kept.
        """
        ...

    def local(self, key: str) -> AbstractContextManager[Path]:
        """The file as one of this machine, to be read from end to end; NotFound when it is gone."""
        ...

    def open(self, key: str) -> BinaryIO:
        """The file to look into, any place of it, without fetching all; NotFound. Close it."""
        ...

    def delete(self, key: str) -> None:
        """Remove a file; one that is gone already is fine."""
        ...

    def keys(self, before: datetime) -> Iterator[str]:
        """The files that were stored before a moment."""
        ...

    def remove_unfinished(self, before: datetime) -> int:
        """Remove what uploads that were cut off before a moment have left; gives how many."""
        ...

    def check(self) -> None:
        """Raise unless files could be stored now."""
        ...


class Measured:
    """A stream that is measured while it is read: size, digest, and never more than a limit."""

    def __init__(self, stream: Readable, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = BLOCK) -> bytes:
        """The next block; raises TooLarge as soon as there is a byte too many."""
        block = self._stream.read(size if size and size > 0 else BLOCK)
        self.size += len(block)
        if self.size > self._limit:
            raise TooLarge(f"The file is larger than {self._limit // 10**6:,} MB.")
        self._digest.update(block)
        return block

    def stored_as(self, key: str) -> StoredFile:
        """What has been read, under its key."""
        return StoredFile(key, self.size, self._digest.hexdigest())


def new_key() -> str:
    """A key nobody can guess."""
    return secrets.token_hex(_KEY_LENGTH // 2)


def is_key(text: str) -> bool:
    """Whether a name is one of ours."""
    return len(text) == _KEY_LENGTH and _KEY_CHARS.issuperset(text)


def checked(key: str) -> str:
    """The key, when it is one; it can't lead elsewhere then. Raises NotFound."""
    if not is_key(key):
        raise NotFound("There is no such file.")
    return key


def no_room(error: BaseException) -> NoRoom | None:
    """The domain error a full disk stands for; None when the disk isn't what is wrong."""
    full = isinstance(error, OSError) and error.errno in _FULL
    return NoRoom(FULL) if full else None
