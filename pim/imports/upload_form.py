"""The wizard's first step as a form: a file or an address, and how it is written if that is known.

Normally it is found out, and can be corrected in the next step. But a file that can't be read the
way it was found to be written never gets there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pim.imports.pages import DELIMITERS, ENCODINGS, QUOTES
from pim.imports.readers.registry import READERS

FOUND = ("", "found out")
READING = ("format", "encoding", "delimiter", "quote", "header_row", "sheet", "record_path")


@dataclass(frozen=True, slots=True)
class UploadForm:
    """What was sent, and what is wrong with it by the name of the field."""

    url: str = ""
    reading: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def says_how(self) -> bool:
        """Whether anything is said about how the file is written."""
        return bool(self.reading) or any(name in READING for name in self.errors)

    @property
    def choices(self) -> Mapping[str, list[tuple[str, str]]]:
        """What the fields that are chosen from offer."""
        return {
            "format": [FOUND, *((entry.name, entry.label) for entry in READERS.values())],
            "encoding": [FOUND, *((each, each) for each in ENCODINGS)],
            "delimiter": [FOUND, *DELIMITERS],
            "quote": [FOUND, *QUOTES],
        }


def form_sent(sent: Mapping[str, str], errors: Mapping[str, str] | None = None) -> UploadForm:
    """The form as it came."""
    reading = {name: sent[name].strip() for name in READING if sent.get(name, "").strip()}
    return UploadForm(sent.get("url", "").strip(), reading, errors or {})


def placed(path: str, message: str, otherwise: str) -> dict[str, str]:
    """An error at its field; at `otherwise` (the file or its address) when it has none here."""
    name = path.lstrip("/")
    return {name if name in READING else otherwise: message}
