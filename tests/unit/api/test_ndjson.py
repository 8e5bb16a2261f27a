"""Lines come out of a stream as they were written, however it is cut into blocks."""

from __future__ import annotations

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from pim.api import ndjson
from pim.api.ndjson import BadLine, lines_of, status_lines


class Drip(io.BytesIO):
    """A stream that gives a few bytes at a time, as networks do."""

    def __init__(self, body: bytes, step: int) -> None:
        super().__init__(body)
        self.step = step

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self.step)


@given(
    st.lists(st.binary(max_size=12).map(lambda b: b.replace(b"\n", b""))),
    st.integers(1, 7),
    st.booleans(),
)
def test_lines_survive_any_cutting(lines: list[bytes], step: int, ends: bool) -> None:
    body = b"\n".join(lines) + (b"\n" if ends else b"")
    wanted = [line.strip(b" \t\r") for line in lines if line.strip(b" \t\r")]
    assert list(lines_of(Drip(body, step))) == wanted


def test_a_line_that_is_too_long_is_one_bad_line_and_the_next_is_read() -> None:
    long = b"x" * (ndjson.MAX_LINE + 1)
    found = list(lines_of(io.BytesIO(b"1\n" + long + b"\n2\n" + long * 3 + b"\n3")))
    assert [line.code if isinstance(line, BadLine) else line for line in found] == [
        b"1",
        "line_too_long",
        b"2",
        "line_too_long",
        b"3",
    ]


def test_statuses_are_written_one_a_line() -> None:
    statuses = [{"index": index} for index in range(450)]
    blocks = list(status_lines(statuses))
    assert len(blocks) == 3
    assert [json.loads(line) for line in b"".join(blocks).splitlines()] == statuses
