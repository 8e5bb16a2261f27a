"""An .xlsx workbook: a zip of XML parts. Finds the sheets and what their cells refer to.

Sheets are read as a stream with expat, as any XML here: python-calamine is twice as fast, but
takes a whole sheet into memory (1 GB for a large one), knows no number formats and hands errors
out as blanks; openpyxl reads 12,000 rows a second.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import IO, Any, BinaryIO
from xml.parsers import expat

from pim.imports.readers.base import FileProblem, Limits, Source
from pim.imports.readers.packed import UNPACK_ERRORS, seekable
from pim.imports.readers.xlsx_numbers import ToText, text_maker
from pim.imports.readers.xlsx_strings import SharedStrings

_CHUNK = 1 << 16
_MAX_TOKEN_BYTES = 32 * 1024 * 1024
_SMALL_PART = 64 * 1024 * 1024  # workbook, styles and the like are read into memory
_MAX_FORMATS = 70_000  # more than a workbook may have


@dataclass(frozen=True, slots=True)
class Sheet:
    """A worksheet: its name as people know it, where it is, and whether they see it."""

    name: str
    part: str
    visible: bool


class Part:
    """A part of the workbook being parsed. Subclass it, or set handlers on `parser`."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self.file = file
        self.name = name
        self.read = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.buffer_size = 1 << 16
        self.parser.StartDoctypeDeclHandler = self._refuse_doctype

    def steps(self) -> Iterator[None]:
        """Parse a block before each step."""
        try:
            while block := self.file.read(_CHUNK):
                self.read += len(block)
                self.parser.Parse(block)
                if self.read - self.parser.CurrentByteIndex > _MAX_TOKEN_BYTES:
                    raise self._damaged("a tag has no end")
                yield
            self.parser.Parse(b"", True)
            yield
        except expat.ExpatError as error:
            raise self._damaged(expat.ErrorString(error.code) or "no XML") from error
        except UNPACK_ERRORS as error:
            raise self._damaged("its data is cut off or broken") from error

    def _refuse_doctype(self, *_: object) -> None:
        raise FileProblem(
            f"The workbook's part “{self.name}” declares a document type, which no spreadsheet "
            "program does. It is not read.",
            code="dtd_refused",
        )

    def _damaged(self, what: str) -> FileProblem:
        line, column = self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1
        return FileProblem(
            f"The workbook is damaged: in its part “{self.name}” at line {line:,}, column "
            f"{column:,} (byte {self.parser.CurrentByteIndex:,}): {what}.",
            code="damaged_workbook",
            byte=self.parser.CurrentByteIndex,
            line=line,
            column=column,
        )


class Workbook:
    """An open workbook. Raises FileProblem when it isn't one that can be read."""

    def __init__(self, source: Source) -> None:
        self._limits = source.limits
        self.size = source.size
        self._file = seekable(source)
        try:
            self._zip = _opened(self._file, source)
            self._names = {name.lower(): name for name in self._zip.namelist()}
            self._book = self._find_book(source)
            self.sheets, self._since_1904 = self._read_book()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Give the file back."""
        if "strings" in self.__dict__:
            self.strings.close()
        self._zip.close()
        self._file.close()

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def size_of(self, sheet: Sheet) -> int:
        """The sheet's unpacked bytes."""
        return self._zip.getinfo(self._names[sheet.part.lower()]).file_size

    @contextmanager
    def open_sheet(self, sheet: Sheet) -> Iterator[Part]:
        """The XML of a sheet."""
        with self._open(sheet.part) as part:
            yield part

    @cached_property
    def formats(self) -> list[ToText]:
        """How the numbers of a cell become text, by the number of its style."""
        path = self._related("styles") or "xl/styles.xml"
        if path.lower() not in self._names:
            return []
        codes: dict[int, str] = {}
        styles: list[int] = []
        inside = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal inside
            name = name.rpartition(":")[2]
            if name == "numFmt":
                codes[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            elif name in ("cellXfs", "cellStyleXfs"):
                inside = name
            elif name == "xf" and inside == "cellXfs" and len(styles) < _MAX_FORMATS:
                styles.append(_number(attributes.get("numFmtId")))

        self._walk(path, start)
        makers: dict[int, ToText] = {}
        for each in set(styles):
            makers[each] = text_maker(each, codes.get(each), since_1904=self._since_1904)
        return [makers[each] for each in styles]

    @cached_property
    def strings(self) -> SharedStrings:
        """The texts that cells refer to by number."""
        strings = SharedStrings()
        path = self._related("sharedStrings") or "xl/sharedStrings.xml"
        if path.lower() in self._names:
            with self._open(path) as part:
                strings.read(part.parser, part.steps())
        return strings

    def _find_book(self, source: Source) -> str:
        for path in self._targets("_rels/.rels", "", "officeDocument"):
            if path.lower() in self._names:
                break
        else:
            path = "xl/workbook.xml"
        if path.lower().endswith(".bin"):
            raise _other_kind(source, "a binary workbook (.xlsb)")
        if path.lower() not in self._names or "workbook" not in path.lower():
            raise _other_kind(source, _kind_of_zip(self._names))
        return path

    def _read_book(self) -> tuple[list[Sheet], bool]:
        found: list[tuple[str, str, bool]] = []
        since_1904 = False

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal since_1904
            name = name.rpartition(":")[2]
            if name == "sheet":
                visible = attributes.get("state", "visible") == "visible"
                ids = [value for key, value in attributes.items() if key.endswith(":id")]
                found.append((attributes.get("name", ""), ids[0] if ids else "", visible))
            elif name == "workbookPr":
                since_1904 = attributes.get("date1904", "0") in ("1", "true")

        self._walk(self._book, start)
        parts = dict(self._relations(self._rels_path(), posixpath.dirname(self._book), "worksheet"))
        sheets = [
            Sheet(name, parts[rid], visible)
            for name, rid, visible in found
            if rid in parts and parts[rid].lower() in self._names
        ]
        if not sheets:
            raise FileProblem("The workbook has no worksheet.", code="no_such_sheet")
        return sheets, since_1904

    def _rels_path(self) -> str:
        folder, name = posixpath.split(self._book)
        return posixpath.join(folder, "_rels", f"{name}.rels")

    def _related(self, kind: str) -> str | None:
        found = self._targets(self._rels_path(), posixpath.dirname(self._book), kind)
        return found[0] if found else None

    def _targets(self, path: str, folder: str, kind: str) -> list[str]:
        return [target for _, target in self._relations(path, folder, kind)]

    def _relations(self, path: str, folder: str, kind: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []

        def start(name: str, attributes: dict[str, str]) -> None:
            if attributes.get("Type", "").endswith(f"/{kind}"):
                target = attributes.get("Target", "")
                whole = target[1:] if target[:1] == "/" else posixpath.join(folder, target)
                found.append((attributes.get("Id", ""), posixpath.normpath(whole)))

        if path.lower() in self._names:
            self._walk(path, start)
        return found

    def _walk(self, path: str, start: Callable[[str, dict[str, str]], None]) -> None:
        with self._open(path, limit=_SMALL_PART) as part:
            part.parser.StartElementHandler = start
            for _ in part.steps():
                pass

    def _opened_part(self, info: zipfile.ZipInfo) -> IO[bytes]:
        try:
            return self._zip.open(info)
        except ValueError as error:  # its place in the file is damaged and lies before the file
            raise zipfile.BadZipFile(str(error)) from error

    @contextmanager
    def _open(self, path: str, limit: int | None = None) -> Iterator[Part]:
        info = self._zip.getinfo(self._names[path.lower()])
        _check_size(info, self._limits, limit)
        try:
            with self._opened_part(info) as file:
                yield Part(file, info.filename)
        except (NotImplementedError, RuntimeError, zipfile.BadZipFile) as error:
            raise FileProblem(
                f"The workbook's part “{info.filename}” can't be unpacked: {error}.",
                code="damaged_workbook",
                byte=info.header_offset,
            ) from error


def _opened(file: BinaryIO, source: Source) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (*UNPACK_ERRORS, ValueError, OSError) as error:
        file.seek(0)
        start = file.read(8)
        if start.startswith(b"PK"):
            what = (
                "The workbook is cut off or damaged: its table of contents, at the end near byte "
                f"{source.size:,}, can't be read. Save it again."
            )
            problem = FileProblem(what, code="damaged_workbook", byte=source.size)
        else:
            what = f"“{source.filename}” is not an Excel workbook: it begins with other bytes."
            problem = FileProblem(what, code="not_a_workbook", byte=0)
        raise problem from error


def _check_size(info: zipfile.ZipInfo, limits: Limits, limit: int | None) -> None:
    """Refuse what would fill the disk or the memory. zipfile never gives more than it states."""
    most = min(limits.unpacked_bytes, limit or limits.unpacked_bytes)
    bomb = info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(
        info.compress_size, 1
    )
    if info.file_size > most or bomb:
        raise FileProblem(
            f"The workbook's part “{info.filename}” unpacks to {info.file_size:,} bytes, from "
            f"{info.compress_size:,}. That is more than we read; save it as CSV.",
            code="unpacked_too_large",
            byte=info.header_offset,
        )


def _kind_of_zip(names: dict[str, str]) -> str:
    if "content.xml" in names:
        return "an OpenDocument file (.ods)"
    if any(name.startswith("word/") for name in names):
        return "a Word document"
    if any(name.startswith("ppt/") for name in names):
        return "a PowerPoint presentation"
    return "a zip archive, not an Excel workbook"


def _other_kind(source: Source, what: str) -> FileProblem:
    return FileProblem(
        f"“{source.filename}” is {what}. Save it as .xlsx or CSV and upload that.",
        code="unsupported_format",
        byte=0,
    )


def _number(text: Any) -> int:
    return int(text) if text and text.isdigit() else 0
