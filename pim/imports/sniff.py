"""From an unknown file to a dialect: which format it is, then how that format is written here.

Everything found can be corrected by the user, and what the preview shows is what the run does:
both read with the same reader and the same dialect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pim.imports.readers.base import Detection, FileProblem, Overrides, Source
from pim.imports.readers.packed import packing_of, unpacked
from pim.imports.readers.recognise import recognise
from pim.imports.readers.registry import READERS
from pim.imports.shapes.known import SHAPES
from pim.imports.shapes.shaping import NONE

CHOSEN = "Chosen by you."
_SPELLED = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "\\t": "\t",
    "pipe": "|",
    "bar": "|",
    "colon": ":",
    "space": " ",
}
_QUOTES = {"none": "", "double": '"', "single": "'"}


def detect(source: Source, overrides: Overrides | None = None) -> Detection:
    """Find out how a file is written; raises FileProblem when it can't be read as a table."""
    overrides = overrides or Overrides()
    packing = packing_of(source)
    inside = unpacked(source, packing)
    if overrides.format:
        name, reason = overrides.format, CHOSEN
    else:
        name, reason = recognise(inside, READERS.values())
    found = READERS[name].detect(inside, overrides)
    reasons = {"format": reason} | found.reasons
    if packing:
        reasons["packed"] = f"“{inside.filename}”, unpacked from {packing}."
    return replace(found, dialect=replace(found.dialect, packed=packing), reasons=reasons)


def parse_overrides(given: Mapping[str, str | None]) -> Overrides:
    """What a form or an API call says about the file. Blank means: find out.

    Keys: format, encoding, delimiter (a character or its name), quote (a character or `none`),
    header_row (a line number or `none`), sheet (its name or number), record_path, shape (a name or
    `none`). Raises FileProblem that names the bad one.
    """
    values = {key: (value or "") for key, value in given.items()}
    overrides = Overrides(
        format=_known_format(values.get("format", "")),
        encoding=values.get("encoding", "").strip() or None,
        delimiter=_delimiter(values.get("delimiter", "")),
        quote=_quote(values.get("quote", "")),
        header_row=_header_row(values.get("header_row", "").strip()),
        sheet=values.get("sheet", "").strip() or None,
        record_path=values.get("record_path", "").strip() or None,
        shape=_known_shape(values.get("shape", "")),
    )
    if overrides.delimiter and overrides.delimiter == overrides.quote:
        raise FileProblem(
            f"“{overrides.quote}” is the same character for both: it can't separate values and"
            " quote them.",
            code="bad_quote",
            field="quote",
        )
    return overrides


def _known_format(name: str) -> str | None:
    name = name.strip().lower()
    if name and name not in READERS:
        known = ", ".join(READERS)
        raise FileProblem(
            f"“{name}” is not a format we read. Formats: {known}.",
            code="unsupported_format",
            field="format",
        )
    return name or None


def _known_shape(name: str) -> str | None:
    name = name.strip().lower()
    if name and name != NONE and name not in SHAPES:
        known = ", ".join((NONE, *SHAPES))
        raise FileProblem(
            f"“{name}” is not a shape we know. Shapes: {known}.", code="bad_shape", field="shape"
        )
    return name or None


def _delimiter(value: str) -> str | None:
    char = _SPELLED.get(value.strip().lower(), value)
    if not char:
        return None
    if len(char) != 1 or char in "\r\n\"'" or char.isalnum():
        raise FileProblem(
            f"“{value}” can't separate values. Give one character, such as ; or tab.",
            code="bad_delimiter",
            field="delimiter",
        )
    return char


def _quote(value: str) -> str | None:
    if not value.strip():
        return None
    char = _QUOTES.get(value.strip().lower(), value.strip())
    if len(char) > 1 or char.isalnum() or char in (",", ";", "\t", "|"):
        raise FileProblem(
            f"“{value}” can't quote values. Give one character, or none.",
            code="bad_quote",
            field="quote",
        )
    return char


def _header_row(value: str) -> int | None:
    if not value:
        return None
    if value.lower() == "none":
        return 0
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 10_000:
        raise FileProblem(
            f"“{value}” is not a line number. Give the line the header is on, or none.",
            code="bad_header_row",
            field="header_row",
        )
    return int(value)
