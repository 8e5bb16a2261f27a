"""Where a JSON text is wrong, and why: a slow, exact reader that is only asked after a fast one.

It knows RFC 8259 and the limits of `pim.api.json`, follows the JSON pointer as it reads, and stops
at the first fault. Iterative, so that depth can't hurt it; bounded, so that nobody can make it
read for minutes. Pure.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

MAX_DEPTH = 64
MAX_DIGITS = 1000
MAX_TOKENS = 400_000

_BLANK = re.compile(r"[ \t\n\r]*+")
_STRING = re.compile(
    r'"((?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+)"',
)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?")
_WORD = re.compile(r"-?[A-Za-z]+")
_LITERALS = frozenset({"true", "false", "null"})


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong and where. offset: characters before it; pointer: RFC 6901."""

    code: str
    message: str
    offset: int
    pointer: str


@dataclass(slots=True)
class _Level:
    """An object or array that is being read."""

    is_object: bool
    keys: set[str] = field(default_factory=set)
    step: str | None = None  # the member or element that is being read
    count: int = 0


class _Stop(Exception):
    def __init__(self, code: str, message: str, offset: int) -> None:
        self.code, self.message, self.offset = code, message, offset


def number_fits(text: str) -> bool:
    """Whether a JSON number can be stored with all its digits written out."""
    if len(text) > MAX_DIGITS:
        return False
    try:
        value = Decimal(text)
    except InvalidOperation:
        return False
    return not value or abs(value.adjusted()) <= MAX_DIGITS


def escape_step(key: str) -> str:
    """A key or index as one step of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a character, both counted from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def find_fault(text: str) -> Fault | None:
    """The first fault of a text; None where there is none or it lies too far in to be found."""
    reader = _Reader(text)
    try:
        reader.read()
    except _Stop as stop:
        return Fault(stop.code, stop.message, stop.offset, reader.pointer())
    return None


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.levels: list[_Level] = []

    def pointer(self) -> str:
        return "".join("/" + level.step for level in self.levels if level.step is not None)

    def read(self) -> None:
        self._value()
        for _ in range(MAX_TOKENS):
            if not self.levels:
                self._end()
                return
            level = self.levels[-1]
            if level.is_object:
                self._member(level)
            else:
                self._element(level)

    def _blank(self) -> str:
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def _syntax(self, expected: str) -> _Stop:
        found = self.text[self.at : self.at + 1]
        what = f"found {found!r}" if found else "the text ends"
        return _Stop("json_syntax", f"Expected {expected}, but {what}.", self.at)

    def _end(self) -> None:
        if self._blank():
            raise self._syntax("the end")

    def _value(self) -> None:
        char = self._blank()
        if char in ("{", "["):
            if len(self.levels) >= MAX_DEPTH:
                message = f"Nested more than {MAX_DEPTH} levels deep."
                raise _Stop("json_too_deep", message, self.at)
            self.levels.append(_Level(char == "{"))
            self.at += 1
        elif char == '"':
            self._string()
        elif found := _NUMBER.match(self.text, self.at):
            if not number_fits(found.group()):
                message = f"This number has more than {MAX_DIGITS} digits."
                raise _Stop("number_out_of_range", message, self.at)
            self.at = found.end()
        else:
            self._literal()

    def _literal(self) -> None:
        found = _WORD.match(self.text, self.at)
        word = found.group() if found else ""
        if word not in _LITERALS:
            if word.lstrip("-") in ("NaN", "Infinity"):
                raise _Stop("json_syntax", f"{word} is not a JSON value.", self.at)
            raise self._syntax("a value")
        self.at += len(word)

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if not found:
            message = "This text isn't closed, or has a control character or a wrong escape in it."
            raise _Stop("json_syntax", message, self.at)
        self.at = found.end()
        inner = found.group(1)
        return _unescape(inner) if "\\" in inner else inner

    def _close(self) -> None:
        self.at += 1
        self.levels.pop()

    def _another(self, level: _Level, closing: str) -> bool:
        """Whether a member or element follows; past its comma, or past the closing bracket."""
        char = self._blank()
        level.step = None
        if level.count and char == ",":
            self.at += 1
            return True
        if char == closing:
            self.at += 1
            self.levels.pop()
            return False
        if level.count:
            raise self._syntax(f'"," or "{closing}"')
        return True

    def _member(self, level: _Level) -> None:
        if not self._another(level, "}"):
            return
        if self._blank() != '"':
            raise self._syntax("a name in double quotes")
        start = self.at
        key = self._string()
        level.step = escape_step(key)
        if key in level.keys:
            raise _Stop("json_duplicate_key", f'"{key[:60]}" appears twice in an object.', start)
        level.keys.add(key)
        level.count += 1
        if self._blank() != ":":
            raise self._syntax('":"')
        self.at += 1
        self._value()

    def _element(self, level: _Level) -> None:
        if self._another(level, "]"):
            level.step = str(level.count)
            level.count += 1
            self._value()


def _unescape(inner: str) -> str:
    return str(json.loads(f'"{inner}"'))
