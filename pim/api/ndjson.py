"""JSON Lines in and out, one at a time: a request of any size needs the memory of a few lines."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pim.jsontext import dumps_bytes
from pim.web.errors import describe

NDJSON = "application/x-ndjson"
BLOCK = 256 * 1024
MAX_LINE = 4 * 1024 * 1024
LINES_A_BLOCK = 200
log = logging.getLogger(__name__)


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; empty at the end."""
        ...


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that isn't even looked at."""

    code: str
    message: str


def lines_of(stream: Readable) -> Iterator[bytes | BadLine]:
    """The lines of a stream without their ends, blank ones left out; too long ones as BadLine."""
    rest = bytearray()
    skipping = False
    while block := stream.read(BLOCK):
        rest += block
        *whole, last = rest.split(b"\n")
        for line in whole:
            if skipping:
                skipping = False
            elif found := _line(bytes(line)):
                yield found
        rest = bytearray() if skipping else last
        if len(rest) > MAX_LINE:
            yield _too_long()
            rest, skipping = bytearray(), True
    if not skipping and (found := _line(bytes(rest))):
        yield found


def _line(line: bytes) -> bytes | BadLine | None:
    line = line.strip(b" \t\r")
    if not line:
        return None
    return _too_long() if len(line) > MAX_LINE else line


def _too_long() -> BadLine:
    return BadLine("line_too_long", f"A line has more than {MAX_LINE // 1024 // 1024} MB.")


def status_lines(statuses: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Documents as lines, some at a time. An error that comes midway becomes the last line.

    The answer's status has been sent by then, so a reader has to look at the last line:
    `{"error": {…}}` means that the lines that weren't answered may not have been written.
    """
    waiting: list[bytes] = []
    try:
        for status in statuses:
            waiting.append(dumps_bytes(status) + b"\n")
            if len(waiting) == LINES_A_BLOCK:
                yield b"".join(waiting)
                waiting.clear()
    except Exception as error:
        failure = describe(error)
        shown = {"status": failure.status, "code": failure.code, "detail": failure.detail}
        waiting.append(dumps_bytes({"error": shown | {"incident": failure.incident}}) + b"\n")
    yield b"".join(waiting)
