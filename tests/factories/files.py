"""Uploaded files for tests, held in memory."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path

from pim.imports.readers.base import Detection, Overrides, RowProblem, Source
from pim.imports.readers.registry import READERS
from pim.imports.sniff import detect


def a_file(content: str | bytes, filename: str = "products.csv", encoding: str = "utf-8") -> Source:
    """A source with this content."""
    data = content.encode(encoding) if isinstance(content, str) else content
    return Source(filename, len(data), lambda: io.BytesIO(data))


def file_at(path: Path) -> Source:
    """A source that reads a file on disk."""
    return Source(path.name, path.stat().st_size, lambda: path.open("rb"))


@dataclass(slots=True)
class Read:
    """A file, detected and read to its end."""

    detection: Detection
    headers: list[str]
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    records: int = 0
    end_byte: int = 0


def read_file(source: Source, overrides: Overrides | None = None, size: int = 2_000) -> Read:
    """Detect a file and read it, as an import does: by the stored dialect."""
    detection = detect(source, overrides)
    dialect = type(detection.dialect).from_dict(detection.dialect.as_dict())
    reader = READERS[dialect.format].open(source, dialect)
    found = Read(detection, reader.headers)
    try:
        for batch in reader.batches(size):
            assert all(len(row) == len(found.headers) for row in batch.rows)
            assert all(type(cell) is str for row in batch.rows for cell in row)
            assert batch.end_byte >= found.end_byte
            found.rows += batch.rows
            found.lines += batch.lines
            found.problems += batch.problems
            found.records, found.end_byte = batch.end_record, batch.end_byte
    finally:
        reader.close()
    assert found.headers == detection.headers
    assert found.rows[: len(detection.sample_rows)] == detection.sample_rows
    assert found.records == len(found.rows) + len(found.problems)
    assert found.end_byte <= source.size
    return found
