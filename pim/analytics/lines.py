"""Lines of PostgreSQL's COPY, when they have to be looked at after all: as columns. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pim.analytics.extract import LINE

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# As COPY writes them; any other character after a backslash is itself.
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_DATA = len(LINE) - 1


def blocks_of(lines: bytes, tenant_id: int, at_most: int) -> Iterator[dict[str, Sequence[Any]]]:
    """The lines as blocks of columns, each of so many products at most."""
    rows = lines.split(b"\n")
    rows.pop()  # nothing follows the last line's end
    for start in range(0, len(rows), at_most):
        part = [row.decode().split("\t") for row in rows[start : start + at_most]]
        fields = zip(*part, strict=True)
        block: dict[str, Sequence[Any]] = {
            name: [_VALUE[type_name](text) for text in texts]
            for (name, type_name), texts in zip(LINE.items(), fields, strict=True)
        }
        block["tenant_id"] = [tenant_id] * len(part)
        yield block


def first_documents(lines: bytes, count: int) -> list[str]:
    """`data` of the first products."""
    end = 0
    for _ in range(count):
        end = lines.find(b"\n", end) + 1 or len(lines)
    rows = lines[:end].split(b"\n")[:-1]
    return [_text(row.decode().split("\t")[_DATA]) for row in rows]


def _text(text: str) -> str:
    if "\\" not in text:
        return text
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), text)


def _number_or_nothing(text: str) -> float | None:
    return None if text == r"\N" else float(text)


_VALUE: Mapping[str, Callable[[str], Any]] = {
    "String": _text,
    "UInt64": int,
    "Int64": int,
    "UInt8": int,
    "Bool": "t".__eq__,
    "Nullable(Float64)": _number_or_nothing,
}
