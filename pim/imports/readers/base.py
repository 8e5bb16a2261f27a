"""What every file format has in common: a source of bytes in, batches of raw rows out.

A reader streams: it holds one batch at a time, whatever the size of the file. It never decides
what a value means; it only tells rows that can be read from rows that can't.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO, Protocol

BATCH_ROWS = 2_000
SAMPLE_ROWS = 5


class FileProblem(Exception):
    """The file as a whole can't be read; the message is meant for the person who sent it.

    code: stable word for programs; byte, line, column: where, as far as it is known.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str = "unreadable_file",
        field: str | None = None,
        byte: int | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field
        self.byte = byte
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Source:
    """A stored file: opened as often as needed, each time from its first byte."""

    filename: str
    size: int
    open: Callable[[], BinaryIO]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. The preview and the run read with the same one.

    header_row: the line number (from 1) of the header, or None when the file has none; then
    `columns` says how many cells a row has. quote: None when no character quotes values.
    """

    format: str
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str | None = '"'
    header_row: int | None = 1
    skip_initial_space: bool = False
    columns: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON shape, as stored and as the API shows it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Dialect:
        """The reverse of `as_dict`; unknown keys are an error."""
        return cls(**stored)


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the user corrected. None: find out. `header_row` 0 stands for a file without one."""

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None  # "" means: nothing quotes values
    header_row: int | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that can't be read as a row.

    line: where it starts; raw: its cells as far as they could be told apart; span: its lines.
    """

    line: int
    code: str
    message: str
    raw: list[str]


@dataclass(slots=True)
class Batch:
    """Some rows in file order, each exactly as wide as the header.

    lines[i] is the line on which rows[i] starts: it only rises and names the row for good.
    end_record counts records up to here, unreadable ones included; end_line is the last line
    read; end_byte how much of the file has been taken in (for progress, a little ahead).
    """

    rows: list[list[Any]]
    lines: Sequence[int]
    problems: list[RowProblem]
    end_record: int
    end_line: int
    end_byte: int

    def __len__(self) -> int:
        return len(self.rows) + len(self.problems)


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found out about a file, why, and what it looks like when read that way."""

    dialect: Dialect
    headers: list[str]
    sample_rows: list[list[str]]
    reasons: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


class Reader(Protocol):
    """An open file. `batches` may be walked once."""

    headers: list[str]

    def batches(self, size: int = BATCH_ROWS) -> Iterator[Batch]:
        """Stream the records after the header."""
        ...

    def close(self) -> None:
        """Give the file back."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """One entry of the registry: how to recognise, inspect and read one kind of file."""

    name: str
    label: str
    extensions: tuple[str, ...]
    detect: Callable[[Source, Overrides], Detection]
    open: Callable[[Source, Dialect], Reader]
