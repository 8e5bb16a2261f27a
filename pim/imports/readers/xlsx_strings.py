"""A workbook's shared strings: few in memory, many in a temporary file."""

from __future__ import annotations

import mmap
import re
import tempfile
from array import array
from collections.abc import Iterable
from typing import IO, Any

from pim.imports.readers.base import MAX_VALUE_CHARS, FileProblem

_IN_MEMORY = 32 * 1024 * 1024
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class SharedStrings:
    """Texts by number. Beyond 32 MB they lie in a file that the system maps into memory."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._size = 0
        self._file: IO[bytes] | None = None
        self._ends = array("Q", [0])
        self._map: mmap.mmap | None = None

    def __len__(self) -> int:
        return len(self._ends) - 1 if self._file else len(self._texts)

    def __getitem__(self, number: int) -> str:
        if self._file is None:
            return self._texts[number]
        if self._map is None:
            self._file.flush()
            self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        if not 0 <= number < len(self):
            raise IndexError(number)
        return self._map[self._ends[number] : self._ends[number + 1]].decode("utf-8", "replace")

    def close(self) -> None:
        """Let go of the temporary file."""
        if self._map is not None:
            self._map.close()
        if self._file is not None:
            self._file.close()

    def add(self, text: str) -> None:
        """Put a text at the end."""
        if self._file is None:
            self._texts.append(text)
            self._size += len(text) + 50
            if self._size > _IN_MEMORY:
                self._move_to_file()
            return
        self._write(text)

    def read(self, parser: Any, steps: Iterable[None]) -> None:
        """Take all texts of the part being parsed."""
        pieces: list[str] = []
        length = 0
        wanted = phonetic = False

        def start(name: str, _: dict[str, str]) -> None:
            nonlocal wanted, phonetic, length
            name = name.rpartition(":")[2]
            if name == "si":
                pieces.clear()
                length = 0
            elif name == "rPh":  # how to pronounce the text: not a part of it
                phonetic = True
            wanted = name == "t" and not phonetic

        def text(data: str) -> None:
            nonlocal length
            if wanted:
                length += len(data)
                if length > MAX_VALUE_CHARS:
                    message = f"A text has more than {MAX_VALUE_CHARS:,} characters."
                    raise FileProblem(message, code="value_too_long")
                pieces.append(data)

        def end(name: str) -> None:
            nonlocal wanted, phonetic
            name = name.rpartition(":")[2]
            wanted = False
            if name == "rPh":
                phonetic = False
            elif name == "si":
                self.add(unescape("".join(pieces)))

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = text
        for _ in steps:
            pass

    def _move_to_file(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 – lives as long as the strings
        for text in self._texts:
            self._write(text)
        self._texts = []

    def _write(self, text: str) -> None:
        assert self._file is not None  # only called once it is there
        data = text.encode("utf-8", "replace")
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))


def unescape(text: str) -> str:
    """Characters that XML can't hold are written `_x000D_` in workbooks."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if code == 0 or 0xD800 <= code < 0xE000 else chr(code)
