"""What every file format has in common: a source of bytes in, batches of raw rows out.

A reader streams: it holds one batch at a time, whatever the size of the file. It never decides
what a value means; it only tells rows that can be read from rows that can't.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, BinaryIO, Literal, Protocol

BATCH_ROWS = 2_000
# Fewer rows make a batch when they hold so many characters, so that memory stays flat.
BATCH_CHARACTERS = 2_000_000
SAMPLE_ROWS = 5
MAX_COLUMNS = 5_000
# Python's csv stops at 131,072 characters, which product descriptions do reach.
MAX_VALUE_CHARS = 16 * 1024 * 1024
MAX_RAW_CHARS = 2_000


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
class Limits:
    """How much a packed file may turn out to hold, in bytes, and how many times its own size.

    The ratio counts from `ratio_from` bytes on: a small file may well be all blanks.
    """

    unpacked_bytes: int = 16 * 1024**3
    ratio: int = 200
    ratio_from: int = 64 * 1024**2


@dataclass(frozen=True, slots=True)
class Source:
    """A stored file: opened as often as needed, each time from its first byte."""

    filename: str
    size: int
    open: Callable[[], BinaryIO]
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. The preview and the run read with the same one.

    header_row: the line number (from 1) of the header, or None when the file has none; then
    `columns` says how many cells a row has. quote: None when no character quotes values.
    packed: `gzip` or `zip` when the file is one. sheet: the name of a workbook's. record_path:
    where the records of JSON or XML are, as `/data/products`. keys: where in a record each column
    is, written the same way; lists: those that hold a list in every record. rest: a last column
    holds what stands anywhere else. shape: the well-known layout its rows have, and `shaping` what
    that means here (see imports/shapes).
    """

    format: str
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str | None = '"'
    header_row: int | None = 1
    skip_initial_space: bool = False
    columns: int | None = None
    packed: str | None = None
    sheet: str | None = None
    record_path: str | None = None
    keys: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    rest: bool = False
    shape: str | None = None
    shaping: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON shape, as stored and as the API shows it: what matters in this format."""
        shown = {"format", *_SHOWN.get(self.format, _SHOWN["csv"])}
        if self.packed:
            shown.add("packed")
        if self.shape:
            shown.update(("shape", "shaping"))
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if name in shown
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Dialect:
        """The reverse of `as_dict`; unknown keys are an error."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in stored.items()
        }
        return cls(**values)


_SHOWN = {
    "csv": ("encoding", "delimiter", "quote", "header_row", "skip_initial_space", "columns"),
    "xlsx": ("sheet", "header_row", "columns"),
    "json": ("encoding", "record_path", "keys", "rest"),
    "jsonl": ("encoding", "keys", "rest"),
    "xml": ("encoding", "record_path", "keys", "lists", "rest"),
}


@dataclass(frozen=True, slots=True)
class Overrides:
    """What the user corrected. None: find out. `header_row` 0 stands for a file without one.

    home_locale, home_currency: the tenant's own, which come first where a file has several.
    home_prices: the tenant's field for prices in several currencies, if there is one.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None  # "" means: nothing quotes values
    header_row: int | None = None
    sheet: str | None = None  # its name, or its number from 1
    record_path: str | None = None
    shape: str | None = None  # "none" means: rows are products as they stand
    home_locale: str | None = None
    home_currency: str | None = None
    home_prices: str | None = None


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

    lines[i] is the line on which rows[i] starts (a workbook's row, the number of a JSON or XML
    record: see Format.counts): it only rises and names the row for good.
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
    """What was found out about a file, why, and what it looks like when read that way.

    choices: what else an override could say, such as the names of a workbook's sheets.
    """

    dialect: Dialect
    headers: list[str]
    sample_rows: list[list[str]]
    reasons: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    choices: dict[str, list[str]] = field(default_factory=dict)


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
    """One entry of the registry: how to recognise, inspect and read one kind of file.

    counts: what `Batch.lines` counts. by_program: numbers in it are as programs write them.
    """

    name: str
    label: str
    extensions: tuple[str, ...]
    detect: Callable[[Source, Overrides], Detection]
    open: Callable[[Source, Dialect], Reader]
    counts: Literal["line", "row", "record"] = "line"
    by_program: bool = False
