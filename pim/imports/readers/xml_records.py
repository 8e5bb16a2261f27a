"""XML: the elements of one kind, each a record; what is inside becomes columns.

An attribute is a column like an element. An element that repeats inside a record is a list. Text
with markup in it (`a <b>great</b> chair`) stays one text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pim.imports.readers.base import (
    MAX_VALUE_CHARS,
    Detection,
    Dialect,
    FileProblem,
    Overrides,
    RowProblem,
    Source,
)
from pim.imports.readers.columns import TEXT, split_path
from pim.imports.readers.record_path import choose_path
from pim.imports.readers.records import Record, RecordReader, detect_records
from pim.imports.readers.xml_survey import survey
from pim.imports.readers.xml_text import MAX_DEPTH, XmlWalk, markup, xml_encoding

# Attributes that say how to read the file, not what is in it.
_TECHNICAL = ("xmlns", "xmlns:", "xsi:")


def open_reader(source: Source, dialect: Dialect) -> RecordReader:
    """Open a file whose dialect is known."""
    return RecordReader(XmlRecords(source, dialect), dialect)


def detect(source: Source, overrides: Overrides) -> Detection:
    """Inspect an XML file: its encoding, which element is a record, and the columns."""
    encoding = xml_encoding(source, overrides.encoding)
    candidates = survey(source, encoding.name)
    path, reason = choose_path(candidates, overrides.record_path, "element")
    dialect = Dialect("xml", encoding=encoding.name, record_path=path)
    reasons = {"encoding": encoding.reason, "record_path": reason}
    found = detect_records(source, dialect, XmlRecords, reasons, repeats=True)
    found.warnings.extend(encoding.warnings)
    found.choices["record_path"] = sorted(candidates, key=lambda each: -candidates[each])[:20]
    return found


class XmlRecords(XmlWalk):
    """The elements at a path, one after the other, numbered from 1."""

    def __init__(self, source: Source, dialect: Dialect) -> None:
        super().__init__(source, dialect.encoding)
        self._path = split_path(dialect.record_path or "")
        self._ready: list[tuple[int, Record]] = []
        self._number = 0
        self._began: int | None = None  # at which byte the open record begins
        self._content: list[Any] = []
        self._too_long = False
        self._outside()

    def __iter__(self) -> Iterator[tuple[int, Record]]:
        for _ in self.blocks():
            yield from self._ready
            self._ready.clear()
            if self._began is not None:
                self._check_length(self._began)
        if not self._number:
            raise FileProblem(
                f"There is no element “/{'/'.join(self._path)}” in this file.",
                code="no_such_path",
                field="record_path",
            )

    def _outside(self) -> None:
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.enter(name)
        if len(self.open_elements) == len(self._path) and self.open_elements == self._path:
            self._inside(attributes)

    def _end(self, _: str) -> None:
        self.open_elements.pop()

    def _inside(self, attributes: dict[str, str]) -> None:
        """Collect a record, with handlers that do no more than that: they are called for each
        tag and text of the file.
        """
        content: list[Any] = []
        above: list[list[Any]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal content
            if len(above) > MAX_DEPTH:
                self.refuse("too_deep", f"elements are nested more than {MAX_DEPTH} deep")
            inner: list[Any] = []
            content.append((name, attributes, inner))
            above.append(content)
            content = inner

        def text(data: str) -> None:
            content.append(data)

        def end(_: str) -> None:
            nonlocal content
            if above:
                content = above.pop()
            else:
                self._finish(attributes, content)

        self._began, self._content = self.parser.CurrentByteIndex, content
        self.parser.StartElementHandler = start
        self.parser.EndElementHandler = end
        self.parser.CharacterDataHandler = text

    def _finish(self, attributes: dict[str, str], content: list[Any]) -> None:
        self._number += 1
        if self._too_long:
            message = f"This record has more than {MAX_VALUE_CHARS:,} bytes."
            problem = RowProblem(self._number, "value_too_long", message, [])
            self._ready.append((self._number, problem))
        else:
            value = as_value(attributes, content)
            record = value if isinstance(value, dict) else {TEXT: value}
            self._ready.append((self._number, record))
        self._began, self._too_long = None, False
        self.open_elements.pop()
        self._outside()

    def _check_length(self, began: int) -> None:
        """Forget what is collected of a record that is endless."""
        if self._too_long or self.parser.CurrentByteIndex - began > MAX_VALUE_CHARS:
            self._too_long = True
            _empty(self._content)


def _empty(content: list[Any]) -> None:
    """Drop what closed elements hold; the open one, always the last, has to stay."""
    while content:
        del content[:-1]
        last = content[0]
        if isinstance(last, str):
            content.clear()
            return
        content = last[2]


def as_value(attributes: dict[str, str], content: list[Any]) -> str | dict[str, Any]:
    """What an element holds: a text, or an object when it has attributes or elements inside.

    content: texts and elements in their order, an element being (name, attributes, content).
    """
    found: dict[str, Any] = {}
    for name, value in attributes.items():
        if name != _TECHNICAL[0] and not name.startswith(_TECHNICAL[1:]):
            found["@" + name] = value
    texts = [item for item in content if type(item) is str]
    if len(texts) == len(content):
        text = "".join(texts)
        return text if not found else found | {TEXT: text} if text.strip() else found
    if not all(map(str.isspace, texts)):
        return found | {TEXT: markup(content)} if found else markup(content)
    for item in content:
        if type(item) is not str:
            _add(found, item)
    return found


def _add(found: dict[str, Any], element: tuple[str, dict[str, str], list[Any]]) -> None:
    name, attributes, content = element
    value: Any
    if not attributes and len(content) == 1 and type(content[0]) is str:
        value = content[0]
    else:
        value = as_value(attributes, content)
    if name not in found:
        found[name] = value
    elif type(found[name]) is list:
        found[name].append(value)
    else:
        found[name] = [found[name], value]
