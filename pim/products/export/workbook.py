"""An Excel workbook, written as a stream: no row is kept and nothing lies on the disk.

Texts stand in their cells, so that there is no table of strings to remember, and have the format
“text”: `00123` stays what it is when someone edits it. A number is a number as long as a
spreadsheet keeps its digits (15); longer ones are text. No cell is ever a formula.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from pim.products.export.base import FIXED, Batches, Options, Row
from pim.products.export.cells import cell_text

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CHARACTERS = 32_767
MAX_BYTES = 1_500_000_000  # a sheet has to stay below 4 GB, and no spreadsheet opens such a one

_DIGITS = 15
_FAST = 1  # deflate's least effort: twice as fast, a tenth larger
_NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="Products" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    # Style 1 is text (the built-in format 49), style 2 the header: text, bold.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2">'
    '<font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
    'applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}
_HEAD = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_FOOT = "</sheetData></worksheet>"


class _Pieces:
    """What the archive writes, until it is taken. It can't go back, so nothing has to be kept."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def write(fields: Sequence[str] | None, batches: Batches, options: Options) -> Iterator[bytes]:
    """The pieces of a workbook with one sheet, its header first."""
    names = list(fields or ())
    columns = [column_name(place) for place in range(len(FIXED) + len(names))]
    out = _Pieces()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in _PARTS.items():
            archive.writestr(_entry(path), _XML + content)
        with archive.open(_entry("xl/worksheets/sheet1.xml"), "w") as sheet:
            sheet.write((_XML + _HEAD).encode())
            sheet.write(_header([*FIXED, *names], columns).encode())
            number = 2
            for batch in batches:
                lines = [_line(row, names, columns, number + at) for at, row in enumerate(batch)]
                number += len(lines)
                sheet.write("".join(lines).encode())
                yield out.take()
            sheet.write(_FOOT.encode())
    yield out.take()


def _entry(path: str) -> zipfile.ZipInfo:
    """An entry without a date of its own: the same products make the same file."""
    entry = zipfile.ZipInfo(path)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry._compresslevel = _FAST  # type: ignore[attr-defined]  # public only from Python 3.13 on
    return entry


def _header(names: Sequence[str], columns: Sequence[str]) -> str:
    cells = (
        _text(f"{column}1", name, style=2) for column, name in zip(columns, names, strict=True)
    )
    return f'<row r="1">{"".join(cells)}</row>'


def _line(row: Row, names: Sequence[str], columns: Sequence[str], number: int) -> str:
    sku, name, active, data = row
    values = [sku, name, active, *map(data.get, names)]
    cells = "".join(
        _cell(f"{column}{number}", value)
        for column, value in zip(columns, values, strict=True)
        if value is not None and value != ""
    )
    return f'<row r="{number}">{cells}</row>'


def _cell(place: str, value: Any) -> str:
    kind = type(value)
    if kind is bool:
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if kind in (int, Decimal) and (digits := _as_number(value)):
        return f'<c r="{place}"><v>{digits}</v></c>'
    return _text(place, value if kind is str else cell_text(value))


def _text(place: str, text: str, style: int = 1) -> str:
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_xml(text)}'
        "</t></is></c>"
    )


def _xml(text: str) -> str:
    if "&" in text or "<" in text or ">" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _as_number(value: int | Decimal) -> str:
    """The digits of a number that a spreadsheet keeps; "" for one that it would round."""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_DIGITS else ""
    digits = len(value.as_tuple().digits)
    return str(value) if digits <= _DIGITS and -20 < value.adjusted() < _DIGITS else ""


def column_name(place: int) -> str:
    """`A` for 0, `AA` for 26."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
