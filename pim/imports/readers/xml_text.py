"""Walks through XML with expat: no DTD, so no entities; errors with their place; one record at a
time in memory.

Names stay as the file has them, prefix included (`g:id`): that is what people know them by.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, NoReturn
from xml.parsers import expat

from pim.imports.encodings import Encoding, file_encoding, known_encoding
from pim.imports.readers.base import MAX_VALUE_CHARS, FileProblem, Source
from pim.imports.readers.streams import Tap

_CHUNK = 1 << 17
_MAX_TOKEN_BYTES = 2 * MAX_VALUE_CHARS
MAX_DEPTH = 200
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z][\w.\-]*)[\"']")
_BY_EXPAT = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-16",
    "us-ascii": "us-ascii",
    "iso-8859-1": "iso-8859-1",
}


def _told(name: str) -> str:
    """What is lost without the declaration of a well-known kind of catalog: nothing."""
    return " (a BMEcat catalog reads the same without it)" if name.upper() == "BMECAT" else ""


class XmlWalk:
    """An XML file being parsed, a block at a time; subclasses say what is done with it."""

    def __init__(self, source: Source, encoding: str) -> None:
        self._tap = Tap(source.open())
        by_expat = _BY_EXPAT.get(encoding.lower())
        self._decoder = None if by_expat else codecs.getincrementaldecoder(encoding)("strict")
        self.parser = expat.ParserCreate(by_expat or "utf-8")
        self.parser.buffer_text = True
        self.parser.buffer_size = 1 << 16
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype
        self.open_elements: list[str] = []

    @property
    def bytes_read(self) -> int:
        """How much of the stored file has been taken in."""
        return self._tap.count

    def close(self) -> None:
        """Give the file back."""
        self._tap.close()

    def blocks(self) -> Iterator[None]:
        """Parse a block before each step, and the end of the file after the last."""
        fed = 0
        try:
            while block := self._tap.read(_CHUNK):
                text = self._as_utf8(block)
                fed += len(text)
                self.parser.Parse(text)
                if fed - self.parser.CurrentByteIndex > _MAX_TOKEN_BYTES:
                    self.refuse("value_too_long", "a tag or comment that begins here has no end")
                yield
            self.parser.Parse(self._as_utf8(b"", final=True), True)
            yield
        except expat.ExpatError as error:
            raise self._broken(error) from error

    def _as_utf8(self, block: bytes, *, final: bool = False) -> bytes:
        if self._decoder is None:
            return block
        try:
            return self._decoder.decode(block, final).encode()
        except UnicodeDecodeError as error:
            at = self._tap.count - len(block) + error.start
            raise FileProblem(
                f"Byte {at:,} doesn't belong to the encoding {error.encoding}. Choose another one.",
                code="bad_encoding",
                field="encoding",
                byte=at,
            ) from error

    def _refuse_doctype(self, name: str, *_: object) -> None:
        self.refuse(
            "dtd_refused",
            f"it declares a document type (<!DOCTYPE {name[:40]} …>). Such declarations can make "
            "a small file fill the memory or read other files, so none is accepted. Open the file "
            f"in a text editor, delete everything from <!DOCTYPE up to its >{_told(name)}, and "
            "upload it again",
        )

    def refuse(self, code: str, what: str) -> NoReturn:
        """Stop here, saying why."""
        parser = self.parser
        raise FileProblem(
            f"The XML can't be read at line {parser.CurrentLineNumber:,}, column "
            f"{parser.CurrentColumnNumber + 1:,}: {what}.",
            code=code,
            byte=parser.CurrentByteIndex,
            line=parser.CurrentLineNumber,
            column=parser.CurrentColumnNumber + 1,
        )

    def _broken(self, error: expat.ExpatError) -> FileProblem:
        line, column, byte = error.lineno, error.offset + 1, self.parser.ErrorByteIndex
        what = expat.ErrorString(error.code) or "it is not XML"
        if what in ("no element found", "unclosed token") and self.open_elements:
            what = f"the file ends before <{self.open_elements[0]}> is closed"
        elif what == "undefined entity":
            what = "an entity is used that XML doesn't know, such as &nbsp;. Write the character"
        elif what == "not well-formed (invalid token)":
            what += "; either a < or & isn't escaped here, or the encoding is another"
        return FileProblem(
            f"The XML breaks at line {line:,}, column {column:,} (byte {byte:,}): {what}.",
            code="bad_xml",
            byte=byte,
            line=line,
            column=column,
        )

    def enter(self, name: str) -> None:
        """Note that an element begins."""
        self.open_elements.append(name)
        if len(self.open_elements) > MAX_DEPTH:
            self.refuse("too_deep", f"elements are nested more than {MAX_DEPTH} deep")


def xml_encoding(source: Source, wanted: str | None) -> Encoding:
    """The encoding a person asked for, the one the file declares, or the one that is found."""
    if wanted:
        return file_encoding(source, wanted)
    with source.open() as file:
        start = file.read(1024)
    mark = start.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE))
    declared = None if mark else _DECLARED.match(start)
    name = declared[1].decode("ascii").lower() if declared else ""
    if not name or name.startswith(("utf-16", "utf-32", "ucs-")):  # it could not be read here
        return file_encoding(source, None)
    with source.open() as file:
        name = known_encoding(name, file)
    return Encoding(name, "The XML declaration says so.")


def markup(content: list[Any]) -> str:
    """Texts and elements, each (name, attributes, content), written as XML again."""
    parts = []
    for item in content:
        if isinstance(item, str):
            parts.append(_escaped(item))
        else:
            name, attributes, inner = item
            given = "".join(
                f' {key}="{_escaped(value, quote=True)}"' for key, value in attributes.items()
            )
            parts.append(f"<{name}{given}>{markup(inner)}</{name}>")
    return "".join(parts)


def _escaped(text: str, *, quote: bool = False) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if quote else text
