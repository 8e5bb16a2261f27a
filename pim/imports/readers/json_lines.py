"""JSON Lines: an object on each line. A line that isn't one costs no more than itself."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pim.imports.encodings import file_encoding
from pim.imports.readers.base import (
    MAX_VALUE_CHARS,
    Detection,
    Dialect,
    Overrides,
    RowProblem,
    Source,
)
from pim.imports.readers.json_records import as_record
from pim.imports.readers.json_text import JsonDecoder, in_words
from pim.imports.readers.records import Record, RecordReader, detect_records, too_deep
from pim.imports.readers.streams import Tap, legible, open_text


def open_reader(source: Source, dialect: Dialect) -> RecordReader:
    """Open a file whose dialect is known."""
    return RecordReader(JsonLines(source, dialect), dialect)


def detect(source: Source, overrides: Overrides) -> Detection:
    """Inspect a JSON Lines file: its encoding and its columns."""
    encoding = file_encoding(source, overrides.encoding)
    dialect = Dialect("jsonl", encoding=encoding.name)
    found = detect_records(source, dialect, JsonLines, {"encoding": encoding.reason})
    found.warnings.extend(encoding.warnings)
    return found


class JsonLines:
    """The objects of a file, each with its line."""

    def __init__(self, source: Source, dialect: Dialect) -> None:
        self._tap = Tap(source.open())
        self._text = open_text(self._tap, dialect.encoding, newline="\n")
        self._decoder = JsonDecoder()

    @property
    def bytes_read(self) -> int:
        """How much of the stored file has been taken in."""
        return self._tap.count

    def close(self) -> None:
        """Give the file back."""
        self._text.close()

    def __iter__(self) -> Iterator[tuple[int, Record]]:
        read_line, number = self._text.readline, 0
        while text := read_line(MAX_VALUE_CHARS):
            number += 1
            if len(text) == MAX_VALUE_CHARS and not text.endswith("\n"):
                self._pass_over_the_rest()
                message = f"This line has more than {MAX_VALUE_CHARS:,} characters."
                yield number, RowProblem(number, "value_too_long", message, [])
            elif trimmed := text.strip(" \t\r\n"):
                yield number, self._record(number, trimmed)

    def _record(self, number: int, text: str) -> Record:
        try:
            value, end = self._decoder.read(text, 0)
        except json.JSONDecodeError as error:
            what = in_words(error.msg)
            return _not_json(number, text, f"{what} at column {error.pos + 1:,}")
        except RecursionError:
            return too_deep(number)
        if end < len(text):
            return _not_json(number, text, f"there is more after column {end:,}")
        return as_record(number, value, self._decoder.fault)

    def _pass_over_the_rest(self) -> None:
        while (text := self._text.readline(MAX_VALUE_CHARS)) and not text.endswith("\n"):
            pass


def _not_json(number: int, text: str, what: str) -> RowProblem:
    return RowProblem(
        number, "bad_json", f"This line is not a JSON object: {what}.", legible([text])
    )
