"""Walks through JSON of any length with a window on its text, strictly as RFC 8259 has it.

The standard library's scanner reads the values (it alone hands out numbers with their digits);
this module moves the window, so that only one value is in memory at a time, and knows where in
the file everything is. ijson was considered: it is as fast, but takes the last of two equal keys,
replaces unpaired surrogates, and can't say where a value stands.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from pim.imports.readers.base import MAX_VALUE_CHARS, FileProblem, Source
from pim.imports.readers.columns import Digits
from pim.imports.readers.streams import BAD_BYTE, MARK_BAD_BYTES, Tap

_CHUNK = 1 << 18
_SPACE = re.compile(r"[ \t\n\r]*")
_STRUCTURE = re.compile(r'[\[\]{}"]')
_STRING_PART = re.compile(r'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)  # whole escapes only
_DOUBTFUL = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")  # NUL; half of a pair, or of two
_MARKS = {"utf-8-sig": 3, "utf-16": 2, "utf-32": 4}  # bytes of a byte-order mark
_NEARLY = 12  # an error this close to the end of the window may be a value that goes on


class ValueTooLong(Exception):
    """The value the window is at has more than MAX_VALUE_CHARS characters."""


class JsonDecoder:
    """Decodes values and remembers what was wrong with the last one though it could be read."""

    def __init__(self) -> None:
        self.fault: tuple[str, str] | None = None
        self._decode = json.JSONDecoder(
            parse_int=Digits,
            parse_float=Digits,
            parse_constant=self._refuse_constant,
            object_pairs_hook=self._object,
        ).raw_decode

    def read(self, text: str, start: int) -> tuple[Any, int]:
        """The value at a place, and where it ends; raises json.JSONDecodeError."""
        self.fault = None
        value, end = self._decode(text, start)
        doubtful = text.find("\\u", start, end) >= 0 and _DOUBTFUL.search(text, start, end)
        if self.fault is None and (doubtful or text.find(BAD_BYTE, start, end) >= 0):
            self.fault = _unstorable(value)
        return value, end

    def _object(self, members: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(members)
        if len(found) != len(members):
            seen: set[str] = set()
            twice = next(key for key, _ in members if key in seen or seen.add(key))  # type: ignore[func-returns-value]
            self.fault = "duplicate_key", f"This record has the key “{twice[:80]}” twice."
        return found

    def _refuse_constant(self, name: str) -> None:
        self.fault = "bad_number", f"{name} is not a JSON value. Leave it out or write null."


class JsonWindow:
    """A JSON file being read from front to back."""

    def __init__(self, source: Source, encoding: str) -> None:
        self.decoder = JsonDecoder()
        self._tap = Tap(source.open())
        self._encoding = "utf-8" if encoding == "utf-8-sig" else encoding
        self._to_text = codecs.getincrementaldecoder(encoding)(MARK_BAD_BYTES)
        self._buffer, self._at = "", 0
        self._ended = False
        self._bytes = _MARKS.get(encoding, 0)  # these three: before the window
        self._lines = self._columns = 0

    @property
    def bytes_read(self) -> int:
        """How much of the stored file has been taken in."""
        return self._tap.count

    def close(self) -> None:
        """Give the file back."""
        self._tap.close()

    def peek(self) -> str:
        """The next character that isn't white space, "" at the end of the file."""
        while True:
            match = _SPACE.match(self._buffer, self._at)
            assert match is not None  # it matches nothing, too
            self._at = match.end()
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def members(self) -> Iterator[str]:
        """The keys of the object the window is at; the caller takes each value, or skips it."""
        self._take("{")
        if self.peek() == "}":
            self._at += 1
            return
        while True:
            if self.peek() != '"':
                raise self.problem("expecting a key in double quotes")
            key = self.value()
            self.peek()
            self._take(":")
            yield str(key)
            if self._closed_by("}"):
                return

    def elements(self) -> Iterator[None]:
        """The elements of the list the window is at; the caller takes each, or skips it."""
        self._take("[")
        if self.peek() == "]":
            self._at += 1
            return
        while True:
            yield
            if self._closed_by("]"):
                return

    def value(self) -> Any:
        """Take the value the window is at; `decoder.fault` says what is wrong with it.

        Raises FileProblem, ValueTooLong, or RecursionError; after the last two it can be skipped.
        """
        self.peek()
        while True:
            try:
                value, end = self.decoder.read(self._buffer, self._at)
            except json.JSONDecodeError as error:
                self._read_on_or_raise(error)
                continue
            complete = end < len(self._buffer) or self._buffer[end - 1] in '"}]'
            if complete or not self._more():
                self._at = end if complete else len(self._buffer)
                return value

    def skip(self) -> None:
        """Pass over a value of any length."""
        if self.peek() not in ("{", "["):
            self.value()
            return
        depth, in_string = 0, False
        while True:
            if in_string:
                self._at = _STRING_PART.match(self._buffer, self._at).end()  # type: ignore[union-attr]
                found = self._buffer[self._at : self._at + 1].replace("\\", "")
            else:
                match = _STRUCTURE.search(self._buffer, self._at)
                self._at = match.start() if match else len(self._buffer)
                found = match.group() if match else ""
            if not found:
                if not self._more():
                    raise self.problem("the file ends before its last bracket is closed")
                continue
            self._at += 1
            if found == '"':
                in_string = not in_string
                continue
            depth += 1 if found in "{[" else -1
            if not depth:
                return

    def problem(self, what: str, at: int | None = None) -> FileProblem:
        """An error about a place in the window; the one it is at by default."""
        before = self._buffer[: self._at if at is None else at]
        line = self._lines + before.count("\n") + 1
        column = len(before) - before.rfind("\n") - 1
        column = column + 1 if "\n" in before else self._columns + len(before) + 1
        byte = self._bytes + self._length(before)
        return FileProblem(
            f"The JSON breaks at line {line:,}, column {column:,} (byte {byte:,}): {what}.",
            code="bad_json",
            byte=byte,
            line=line,
            column=column,
        )

    def _take(self, char: str) -> None:
        if self.peek() != char:
            raise self.problem(self._instead_of(f"“{char}”"))
        self._at += 1

    def _closed_by(self, bracket: str) -> bool:
        """Whether the object or list ends here; if not, there must be a comma."""
        char = self.peek()
        if char not in (",", bracket) or not char:
            raise self.problem(self._instead_of(f"“,” or “{bracket}”"))
        self._at += 1
        return char == bracket

    def _instead_of(self, wanted: str) -> str:
        found = self.peek()
        return f"expecting {wanted}" + ("" if found else ", but the file ends")

    def _read_on_or_raise(self, error: json.JSONDecodeError) -> None:
        goes_on = error.pos >= len(self._buffer) - _NEARLY or error.msg.startswith("Untermin")
        if not goes_on:
            raise self.problem(in_words(error.msg), error.pos) from None
        if len(self._buffer) - self._at > MAX_VALUE_CHARS:
            raise ValueTooLong from None
        pos = error.pos - self._at
        if not self._more():
            at = min(self._at + pos, len(self._buffer))
            raise self.problem(f"{in_words(error.msg)}, but the file ends", at) from None

    def _more(self) -> bool:
        """Move the window on, keeping what is not read yet; False at the end of the file."""
        if self._ended:
            return False
        done, rest = self._buffer[: self._at], self._buffer[self._at :]
        block = self._tap.read(max(_CHUNK, len(rest)))
        self._ended = not block
        self._bytes += self._length(done)
        if "\n" in done:
            self._lines += done.count("\n")
            self._columns = len(done) - done.rfind("\n") - 1
        else:
            self._columns += len(done)
        added = self._to_text.decode(block or b"", final=self._ended)
        self._buffer, self._at = rest + added, 0
        return bool(added) or not self._ended

    def _length(self, text: str) -> int:
        encoding = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(self._encoding)
        return len(text.encode(encoding or self._encoding, "replace"))


def text_fault(text: str) -> tuple[str, str] | None:
    """Why a text can't be stored, as code and message; None when it can."""
    if "\0" in text:
        return "nul_byte", "This record holds a NUL character, which can't be stored."
    if BAD_BYTE in text:
        return "bad_encoding", "This record holds bytes that don't belong to the file's encoding."
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return "bad_text", "This record holds half of a surrogate pair, which is no character."
    return None


def _unstorable(value: Any) -> tuple[str, str] | None:
    if isinstance(value, str):
        return text_fault(value)
    if isinstance(value, dict):
        return next(filter(None, map(_unstorable, [*value, *value.values()])), None)
    if isinstance(value, list):
        return next(filter(None, map(_unstorable, value)), None)
    return None


def in_words(message: str) -> str:
    """The scanner's message, as part of a sentence."""
    return message[:1].lower() + message[1:].removesuffix(" at").removesuffix(" starting")
