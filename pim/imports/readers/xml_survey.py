"""Which element of an XML file is a record: the one that repeats, is rich, and makes up the file.

Catalogs put other things around and inside their products: headers, groups, features, prices.
What speaks for an element is how much of the file's content lies in it, how many of it there are,
how many different things it holds, and its name when it is a word for a product.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from pim.imports.readers.base import FileProblem, Source
from pim.imports.readers.columns import escape
from pim.imports.readers.record_path import names_a_product
from pim.imports.readers.xml_text import XmlWalk

_SURVEYED_BYTES = 8 * 1024 * 1024
_MAX_PATHS = 20_000


@dataclass(slots=True)
class _Seen:
    """What was met at one path. values: texts and attributes in it or below."""

    count: int = 0
    values: int = 0
    kinds: set[str] = field(default_factory=set)
    inside: bool = False


def survey(source: Source, encoding: str) -> dict[str, float]:
    """The elements that could be records, by path, with how much speaks for each."""
    walk = _Survey(source, encoding)
    try:
        for _ in walk.blocks():
            if walk.bytes_read > _SURVEYED_BYTES:
                break
    finally:
        walk.close()
    if not walk.seen:
        raise FileProblem("The file is empty.", code="empty_file", byte=0, line=1)
    total = max(seen.values for seen in walk.seen.values()) or 1
    return {
        "/" + "/".join(map(escape, path)): _score(path, seen, walk.seen, total)
        for path, seen in walk.seen.items()
        if seen.inside or (len(walk.seen) == 1)
    }


class _Survey(XmlWalk):
    def __init__(self, source: Source, encoding: str) -> None:
        super().__init__(source, encoding)
        self.seen: dict[tuple[str, ...], _Seen] = {}
        self._has_text: list[bool] = []
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.enter(name)
        path = tuple(self.open_elements)
        seen = self.seen.get(path)
        if seen is None:
            if len(self.seen) >= _MAX_PATHS:
                self.refuse("too_many_columns", "there are too many different elements")
            seen = self.seen[path] = _Seen()
        seen.count += 1
        self._has_text.append(False)
        if len(path) > 1:
            self.seen[path[:-1]].inside = True
        if attributes:
            seen.inside = True
            self._count(path, len(attributes), [f"{name}@{each}" for each in attributes])

    def _text(self, text: str) -> None:
        if self._has_text and not self._has_text[-1] and not text.isspace():
            self._has_text[-1] = True

    def _end(self, name: str) -> None:
        if self._has_text.pop():
            self._count(tuple(self.open_elements), 1, [name])
        self.open_elements.pop()

    def _count(self, path: tuple[str, ...], values: int, kinds: list[str]) -> None:
        for length in range(1, len(path) + 1):
            seen = self.seen[path[:length]]
            seen.values += values
            seen.kinds.update(kinds)


def _score(
    path: tuple[str, ...],
    seen: _Seen,
    others: dict[tuple[str, ...], _Seen],
    total: int,
) -> float:
    share = seen.values / total
    richness = min(len(seen.kinds), 12) / 12
    score = share + richness + 0.1 * math.log10(max(seen.count, 1))
    if names_a_product(path[-1]):
        score += 1
    if seen.count == 1:
        score -= 1  # more likely the file's own frame
    repeated = [
        other
        for below, other in others.items()
        if below[:-1] == path and other.inside and other.count >= 3 * seen.count
    ]
    if any(other.values > 0.7 * seen.values for other in repeated):
        score -= 0.6  # a group of records
    return score
