"""What every reader reads through: bytes that are counted, and text that marks what isn't text."""

from __future__ import annotations

import codecs
import io
from collections.abc import Sequence
from typing import Any, BinaryIO

from pim.imports.readers.base import MAX_RAW_CHARS

# Stands for bytes that aren't in the encoding. PostgreSQL refuses it, so it never gets further.
BAD_BYTE = "\udc80"
MARK_BAD_BYTES = "pim.mark_bad_bytes"
_bad_bytes_met = 0  # in this process; a reader compares it with what it was at the start


def _mark_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    global _bad_bytes_met
    _bad_bytes_met += 1
    return BAD_BYTE, error.end


codecs.register_error(MARK_BAD_BYTES, _mark_bad_bytes)


def bad_bytes_met() -> int:
    """How often bytes outside an encoding were met so far, in this process."""
    return _bad_bytes_met


class Tap(io.RawIOBase):
    """Passes bytes on; counts them and notes whether a NUL was among them.

    count: how much of the stored file was taken in; of a packed file, that is packed bytes.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._read = 0
        self.nul = False

    @property
    def count(self) -> int:
        """Bytes of the stored file read so far."""
        packed: int | None = getattr(self._file, "packed_bytes", None)
        return self._read if packed is None else packed

    @property
    def passed_on(self) -> int:
        """Bytes passed on so far; of a packed file, unpacked ones."""
        return self._read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._file.read(len(buffer))
        buffer[: len(block)] = block
        self._read += len(block)
        if not self.nul and b"\0" in block:
            self.nul = True
        return len(block)

    def close(self) -> None:
        self._file.close()
        super().close()


def open_text(tap: Tap, encoding: str, newline: str = "") -> io.TextIOWrapper:
    """The bytes as text; what isn't in the encoding comes as BAD_BYTE."""
    return io.TextIOWrapper(
        io.BufferedReader(tap, 1 << 18), encoding=encoding, errors=MARK_BAD_BYTES, newline=newline
    )


def legible(row: Sequence[str]) -> list[str]:
    """Cells as they can be stored and shown: no NUL, nothing unpaired or bad, not endless."""
    return [_storable(cell[:MAX_RAW_CHARS].replace("\0", "\u2400")) for cell in row]


def _storable(text: str) -> str:
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
