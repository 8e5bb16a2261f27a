"""Copies of stored files for as long as they are read, and none left by processes that died.

Each copy is locked by whoever reads it. Locks end with their process, kill -9 included, so copies
that aren't locked are nobody's, and go when the next one is made.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_PREFIX = "pim-copy-"


@contextmanager
def temporary_copy() -> Iterator[tuple[Path, BinaryIO]]:
    """An empty file to be filled: its path, and itself open for writing. Gone in the end."""
    folder = Path(tempfile.gettempdir())
    _remove_abandoned(folder)
    number, name = tempfile.mkstemp(prefix=f"{_PREFIX}{os.getuid()}-", dir=folder)
    path = Path(name)
    try:
        with open(number, "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield path, file
    finally:
        path.unlink(missing_ok=True)


def _remove_abandoned(folder: Path) -> None:
    for path in folder.glob(f"{_PREFIX}{os.getuid()}-*"):
        with suppress(OSError), path.open("rb") as file:  # locked, or gone meanwhile
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
