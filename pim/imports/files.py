"""A stored upload, as readers want it: the one way from a storage key to rows.

The preview, the check and the run all open a file here, so that what one shows the others do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pim.core.storage import storage
from pim.imports.readers.base import Dialect, Reader, Source
from pim.imports.readers.registry import READERS


@contextmanager
def stored_source(key: str, filename: str, size: int) -> Iterator[Source]:
    """A stored file to read from, as long as the context lasts; NotFound when it is gone."""
    with storage().local(key) as path:
        yield Source(filename, size, lambda: path.open("rb"))


def open_reader(source: Source, dialect: Dialect) -> Reader:
    """The rows of a file, read by its dialect; close it."""
    return READERS[dialect.format].open(source, dialect)
