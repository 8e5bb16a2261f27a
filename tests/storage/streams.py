"""Streams as they come from the network."""

from __future__ import annotations


class Endless:
    """`size` bytes, made as they are read, then whatever should go wrong."""

    def __init__(self, size: int, error: BaseException | None = None) -> None:
        self.left, self.error = size, error
        self.largest = 0

    def read(self, size: int = -1, /) -> bytes:
        self.largest = max(self.largest, size)
        if not self.left:
            if self.error:
                raise self.error
            return b""
        block = b"x" * min(self.left, size if size > 0 else self.left)
        self.left -= len(block)
        return block
