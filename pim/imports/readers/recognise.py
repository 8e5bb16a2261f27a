"""Which format a file has: told by how it begins, and by its name only where that leaves it open.

People rename files, and programs write tables into files called .xls: what is in it counts.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable
from pathlib import PurePath

from pim.imports.readers.base import FileProblem, Format, Source

_START = 65_536
_NOT_TABLES = (
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls), or one with a password"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x7fELF", "a program"),
    (b"\x1f\x8b", "a gzip archive inside another archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"PAR1", "a Parquet file"),
)
_XML = re.compile(r"<(\?xml\b|!--|!DOCTYPE\s+(?!html)|[A-Za-z_][\w.:\-]*[\s/>])", re.IGNORECASE)
_HTML = re.compile(r"<(!DOCTYPE\s+html|html|head|body|table|div)\b", re.IGNORECASE)
_BEGINS_LIST = re.compile(r"\[\s*[{\[\]]")
_BEGINS_OBJECT = re.compile(r'\{\s*("|\})')


def recognise(source: Source, formats: Iterable[Format]) -> tuple[str, str]:
    """The name of the format and why. Raises FileProblem, saying what it is, for no table."""
    with source.open() as file:
        start = file.read(_START)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "xlsx", "The file is an Excel workbook."
    for magic, what in _NOT_TABLES:
        if start.startswith(magic):
            instead = "Save it as .xlsx or CSV and upload that."
            if what in ("a picture", "a program"):
                instead = "Upload a file with a row per product, such as .xlsx or CSV."
            raise FileProblem(
                f"“{source.filename}” is {what}. {instead}",
                code="unsupported_format",
                byte=0,
            )
    text = _as_text(start).lstrip("\ufeff \t\r\n")
    suffix = PurePath(source.filename.lower()).suffix
    named = next((entry.name for entry in formats if suffix in entry.extensions), None)
    if _HTML.match(text):
        raise FileProblem(
            f"“{source.filename}” is a web page (HTML). Save it as .xlsx or CSV and upload that.",
            code="unsupported_format",
            byte=0,
        )
    return _by_content(text, named) or _by_name(text, named, suffix, source)


def _by_content(text: str, named: str | None) -> tuple[str, str] | None:
    if text.startswith("<?xml") or (_XML.match(text) and named not in ("csv", "tsv")):
        return "xml", "The file begins with an XML tag."
    if _BEGINS_OBJECT.match(text):
        first, _, rest = text.partition("\n")
        if named == "jsonl" or (_is_object(first) and rest.lstrip()[:1] == "{"):
            return "jsonl", "Each line is an object of its own."
        return "json", "The file begins with a {."
    if _BEGINS_LIST.match(text):
        return "json", "The file begins with a [."
    return None


def _by_name(text: str, named: str | None, suffix: str, source: Source) -> tuple[str, str]:
    if named in ("csv", "tsv"):
        return named, f"The file is text, and its name ends with {suffix}."
    if "\0" in text[:4096]:
        raise FileProblem(
            f"“{source.filename}” is not text, and no workbook either. Save it as .xlsx or CSV and "
            "upload that.",
            code="unsupported_format",
            byte=0,
        )
    lines = [line for line in text.splitlines()[:3] if line.strip()]
    table = len(lines) > 1 and any(all(sign in line for line in lines) for sign in ",;\t|")
    if named in (None, "xlsx") or table:
        return "csv", "The file is text with values separated."
    return named, f"The file's name ends with {suffix}."


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def _as_text(start: bytes) -> str:
    """The beginning as text, well enough to see brackets in it."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if start.startswith(mark):
            return start.decode(encoding, "replace")
    if start[1:2] == b"\0" and start[:1] != b"\0":
        return start.decode("utf-16-le", "replace")
    if start[:1] == b"\0" and start[1:2] != b"\0":
        return start.decode("utf-16-be", "replace")
    return start.decode("latin-1")
