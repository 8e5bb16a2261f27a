"""Uploaded files for tests, held in memory."""

from __future__ import annotations

import io
from pathlib import Path

from pim.imports.readers.base import Source


def a_file(content: str | bytes, filename: str = "products.csv", encoding: str = "utf-8") -> Source:
    """A source with this content."""
    data = content.encode(encoding) if isinstance(content, str) else content
    return Source(filename, len(data), lambda: io.BytesIO(data))


def file_at(path: Path) -> Source:
    """A source that reads a file on disk."""
    return Source(path.name, path.stat().st_size, lambda: path.open("rb"))
