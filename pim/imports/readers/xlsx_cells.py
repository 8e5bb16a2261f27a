"""Cells of a worksheet as texts: what a person sees in them, with all digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pim.imports.readers.base import MAX_VALUE_CHARS, FileProblem
from pim.imports.readers.xlsx_book import Part
from pim.imports.readers.xlsx_numbers import ToText, plain_number
from pim.imports.readers.xlsx_strings import SharedStrings, unescape

MAX_WIDTH = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})\d*")
_AS_TEXT = {"t": "str"}


@dataclass(slots=True)
class SheetRow:
    """A row with at least one cell. cells: texts by place, without the blank ones at the end."""

    number: int
    cells: list[str]
    problem: tuple[str, str] | None = None


class CellCollector:
    """Collects the cells of a sheet, row by row; its handlers are called for every tag."""

    def __init__(self, part: Part, texts: CellTexts, ready: list[SheetRow]) -> None:
        self._parser = part.parser
        self._texts = texts
        self._ready = ready
        self._row = SheetRow(0, [])
        self._formula = ""
        self._inline = ""
        self._spoken = False
        self._pieces: list[str] = []
        self._parser.StartElementHandler = self._root

    def _root(self, name: str, _: dict[str, str]) -> None:
        """The sheet's first tag tells whether its tags have a prefix."""
        prefix = name.removesuffix("worksheet")
        self._parser.StartElementHandler = self._starts(prefix, self._pieces)
        self._parser.CharacterDataHandler = self._pieces.append

    def shorten(self) -> None:
        """Don't let a text grow without end; that it is too long is said when it is over."""
        if sum(map(len, self._pieces)) > MAX_VALUE_CHARS:
            self._pieces[:] = ["".join(self._pieces)[: MAX_VALUE_CHARS + 1]]

    def _starts(self, prefix: str, pieces: list[str]) -> Callable[[str, dict[str, str]], None]:
        cell, value, row, text = (prefix + name for name in ("c", "v", "row", "t"))
        places: dict[str, int] = {}
        attributes_of_cell: dict[str, str] = {}
        place = -1

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal attributes_of_cell, place
            if name == cell:
                attributes_of_cell = attributes
                reference = attributes.get("r")
                place = place + 1 if reference is None else _place(reference, places)
                pieces.clear()
            elif name in (value, text):
                pieces.clear()
            elif name == row:
                self._begin_row(attributes.get("r", ""))
                place = -1
            elif name.endswith("rPh"):  # how to pronounce a text: not a part of it
                self._spoken = True

        def end(name: str) -> None:
            if name == cell:
                if pieces or self._formula or self._inline:
                    self._add(place, attributes_of_cell, "".join(pieces))
                    pieces.clear()
            elif name == value:
                return
            elif name == row:
                if self._row.cells or self._row.problem:
                    self._ready.append(self._row)
            else:
                self._end_other(name[len(prefix) :], pieces)

        self._parser.EndElementHandler = end
        return start

    def _begin_row(self, given: str) -> None:
        number = int(given) if given.isdigit() and len(given) < 9 else 0
        self._row = SheetRow(max(number, self._row.number + 1), [])

    def _end_other(self, name: str, pieces: list[str]) -> None:
        """What is seldom: formulas, and texts that stand in the cell itself."""
        if name == "f":
            self._formula = "".join(pieces)
        elif name == "t" and not self._spoken:
            self._inline += "".join(pieces)
        elif name == "rPh":
            self._spoken = False
        pieces.clear()

    def _add(self, place: int, attributes: dict[str, str], value: str) -> None:
        row = self._row
        if self._formula or self._inline:
            # A formula without a value was never calculated: what was typed is all there is.
            value = value or self._inline or f"={self._formula}"
            if self._inline or value[0] == "=":
                attributes = _AS_TEXT
            self._formula = self._inline = ""
        text = self._texts.of(attributes, value)
        if attributes.get("t") == "e":
            row.problem = "cell_error", f"The cell {_name(place)}{row.number} holds {text[:20]}."
        if len(text) > MAX_VALUE_CHARS:
            what = f"holds more than {MAX_VALUE_CHARS:,} characters"
            row.problem = "value_too_long", f"The cell {_name(place)}{row.number} {what}."
            text = ""
        if text and place < MAX_WIDTH:
            cells = row.cells
            missing = place - len(cells)
            if missing > 0:
                cells.extend([""] * missing)
            if missing >= 0:
                cells.append(text)
            else:
                cells[place] = text


class CellTexts:
    """What a cell's value is as text, by its type and style."""

    def __init__(self, strings: SharedStrings, formats: Sequence[ToText]) -> None:
        self._strings = strings
        self._formats = {str(number): to_text for number, to_text in enumerate(formats)}

    def of(self, attributes: dict[str, str], value: str) -> str:
        """The text of a cell."""
        kind = attributes.get("t", "n")
        if kind == "n":
            return self._formats.get(attributes.get("s", "0"), plain_number)(value)
        if kind == "s":
            return self._shared(value)
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return unescape(value) if kind == "str" else value

    def _shared(self, number: str) -> str:
        try:
            return self._strings[int(number)]
        except (ValueError, IndexError):
            raise FileProblem(
                f"The workbook is damaged: a cell refers to text number {number[:20]}, which "
                "isn't there.",
                code="damaged_workbook",
            ) from None


def _place(reference: str, known: dict[str, int]) -> int:
    """`C7` → 2."""
    letters = reference.rstrip("0123456789")
    place = known.get(letters)
    if place is None:
        if not _REFERENCE.fullmatch(reference):
            raise FileProblem(
                f"The workbook is damaged: “{reference[:20]}” is no cell.", code="damaged_workbook"
            )
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - 64
        place = known[letters] = place - 1
    return place


def _name(place: int) -> str:
    letters = ""
    place += 1
    while place > 0:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
