"""The Excel reader: what a person sees in a sheet is what is read, with all its digits."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim.imports.readers import xlsx_cells, xlsx_strings
from pim.imports.readers.base import FileProblem, Limits, Overrides, Source
from pim.imports.sniff import parse_overrides
from tests.factories.files import Read, a_file, read_file
from tests.factories.workbooks import bare_workbook, workbook


def read(content: bytes, overrides: Overrides | None = None, size: int = 2_000) -> Read:
    return read_file(a_file(content, "products.xlsx"), overrides, size)


def cell(value: Any, number_format: str = "General") -> str:
    """What is read of one cell."""
    found = read(workbook({"S": [["sku", "value"], ["A", (value, number_format)]]}))
    return found.rows[0][1]


def bare(cells: str, **parts: Any) -> Read:
    """Read a sheet with these cells in its second row, below a header `h`, `i`."""
    header = '<row r="1"><c t="str" r="A1"><v>h</v></c><c t="str" r="B1"><v>i</v></c></row>'
    return read(bare_workbook(f'{header}<row r="2">{cells}</row>', **parts))


def test_a_sheet_becomes_rows() -> None:
    found = read(workbook({"S": [["sku", " name "], ["A", "Chair"], [], ["B", None], ["C", "x"]]}))
    assert found.detection.dialect.format == "xlsx"
    assert found.headers == ["sku", "name"]
    assert found.rows == [["A", "Chair"], ["B", ""], ["C", "x"]]
    assert found.lines == [2, 4, 5]


@pytest.mark.parametrize(
    ("value", "number_format", "seen"),
    [
        (4006381333931, "General", "4006381333931"),
        (4006381333931.0, "General", "4006381333931"),
        (1234567890123, "0.00E+00", "1234567890123"),
        (5.0, "General", "5"),
        (0.1 + 0.2, "General", "0.3"),
        (19.99, '#,##0.00 "€"', "19.99"),
        (-1234.5, "#,##0.00_ ;[Red]-#,##0.00", "-1234.5"),
        (0.0000001, "General", "0.0000001"),
        (123, "00000", "00123"),
        (4012, "0", "4012"),
        (1.5, '0.0" mm"', "1.5"),
        (3, '0 "days"', "3"),
        (0.19, "0%", "19%"),
        (0.195, "0.00%", "19.5%"),
        (7, "@", "7"),
        (True, "General", "TRUE"),
        (False, "General", "FALSE"),
        (dt.date(2024, 1, 5), "dd/mm/yyyy", "2024-01-05"),
        (dt.datetime(2024, 1, 5), "[$-407]d. mmmm yyyy;@", "2024-01-05"),
        (dt.datetime(2024, 1, 5, 10, 30), "yyyy-mm-dd h:mm", "2024-01-05T10:30:00"),
        (dt.datetime(2024, 1, 5, 23, 59, 59), "m/d/yy h:mm AM/PM", "2024-01-05T23:59:59"),
        (dt.time(10, 30), "h:mm", "10:30:00"),
        (dt.timedelta(hours=26, minutes=30), "[h]:mm:ss", "26:30:00"),
        (dt.date(1900, 2, 28), "yyyy-mm-dd", "1900-02-28"),
        (dt.date(1900, 3, 1), "yyyy-mm-dd", "1900-03-01"),
        (60, "yyyy-mm-dd", "1900-02-29"),
        (-3, "yyyy-mm-dd", "-3"),
        (3_000_000, "yyyy-mm-dd", "3000000"),
        (0.01, "mm:ss", "00:14:24"),
        ("00123", "General", "00123"),
        ("1.23457E+12", "General", "1.23457E+12"),
        ("=1+1", "General", "=1+1"),
        ("line\nbreak", "General", "line\nbreak"),
    ],
)
def test_cells_read_as_they_are_seen(value: Any, number_format: str, seen: str) -> None:
    assert cell(value, number_format) == seen


def test_digits_that_a_program_wrote_beyond_what_excel_keeps_are_kept() -> None:
    found = bare('<c r="A2"><v>12345678901234567890</v></c><c r="B2"><v>1.50</v></c>')
    assert found.rows == [["12345678901234567890", "1.5"]]


def test_days_count_from_1904_where_the_workbook_says_so() -> None:
    content = '<row r="1"><c t="str"><v>h</v></c></row><row r="2"><c s="1"><v>1</v></c></row>'
    book = bare_workbook(
        content,
        styles='<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>',
        extra={
            "xl/workbook.xml": '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets>'
            '<sheet name="S" r:id="r1"/></sheets></workbook>'
        },
    )
    assert read(book).rows == [["1904-01-02"]]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!"])
def test_an_error_in_a_cell_is_a_problem_of_its_row(error: str) -> None:
    found = bare(f'<c r="A2"><v>1</v></c><c r="B2" t="e"><v>{error}</v></c>')
    assert found.rows == []
    (problem,) = found.problems
    assert (problem.line, problem.code, problem.raw) == (2, "cell_error", ["1", error])
    assert problem.message == f"The cell B2 holds {error}."


def test_a_formula_has_its_value_and_one_without_a_value_its_text() -> None:
    found = bare('<c r="A2"><f>1+1</f><v>2</v></c><c r="B2"><f>SUM(A1:A9)</f></c>')
    assert found.rows == [["2", "=SUM(A1:A9)"]]


def test_rich_and_inline_texts_are_put_together_without_their_pronunciation() -> None:
    found = bare(
        '<c r="A2" t="s"><v>0</v></c><c r="B2" t="inlineStr"><is><r><t>in</t></r>'
        "<r><t>line</t></r><rPh><t>no</t></rPh></is></c>",
        strings="<si><r><t>rich </t></r><r><t>text</t></r><rPh><t>no</t></rPh></si>",
    )
    assert found.rows == [["rich text", "inline"]]


def test_characters_xml_cannot_hold_are_unescaped() -> None:
    found = bare(
        '<c r="A2" t="s"><v>0</v></c><c r="B2" t="str"><v>_x005F_x000D_ _x0000_</v></c>',
        strings="<si><t>a_x000D_b</t></si>",
    )
    assert found.rows == [["a\rb", "_x000D_ _x0000_"]]


def test_cells_without_references_follow_each_other() -> None:
    assert bare("<c><v>1</v></c><c><v>2</v></c>").rows == [["1", "2"]]


def test_tags_with_a_prefix_are_read() -> None:
    sheet = (
        '<x:worksheet xmlns:x="n"><x:sheetData><x:row r="1"><x:c r="A1" t="inlineStr"><x:is>'
        '<x:t>sku</x:t></x:is></x:c></x:row><x:row r="2"><x:c r="A2"><x:v>7</x:v></x:c></x:row>'
        "</x:sheetData></x:worksheet>"
    )
    found = read(bare_workbook("", extra={"xl/worksheets/sheet1.xml": sheet}))
    assert (found.headers, found.rows) == (["sku"], [["7"]])


def test_the_first_sheet_with_a_table_is_read_and_others_can_be_chosen() -> None:
    book = workbook({
        "Read me": [["Prices of May"], ["Call us"]],
        "Old": [["sku"], ["X"]],
        "Products": [["sku", "name"], ["A", "Chair"]],
        "More": [["code", "label"], ["B", "Lamp"]],
    }, hidden=["Old"])  # fmt: skip
    found = read(book)
    assert found.detection.dialect.sheet == "Products"
    assert found.detection.choices["sheet"] == ["Read me", "Old", "Products", "More"]
    assert "first one with a table" in found.detection.reasons["sheet"]
    for said in ("More", "more ", "4"):
        assert read(book, parse_overrides({"sheet": said})).rows == [["B", "Lamp"]]
    with pytest.raises(FileProblem, match=r"no sheet “Prices”.*“Products”") as caught:
        read(book, parse_overrides({"sheet": "Prices"}))
    assert caught.value.field == "sheet"


def test_a_title_above_the_table_is_passed_over() -> None:
    rows = [["Price list"], [], ["sku", "name", "price"], ["A", "Chair", 1], ["B", "Lamp", 2]]
    found = read(workbook({"S": rows}))
    assert found.detection.dialect.header_row == 3
    assert found.headers == ["sku", "name", "price"]
    assert found.lines == [4, 5]


def test_the_header_row_can_be_chosen_or_absent() -> None:
    book = workbook({"S": [["a", "b"], ["sku", "name"], ["A", "x"]]})
    assert read(book, parse_overrides({"header_row": "2"})).headers == ["sku", "name"]
    found = read(book, parse_overrides({"header_row": "none"}))
    assert found.headers == ["column 1", "column 2"]
    assert len(found.rows) == 3


def test_a_first_row_of_values_is_no_header() -> None:
    found = read(workbook({"S": [["A-1", 19.99], ["A-2", 5.5], ["A-3", 7.25]]}))
    assert found.detection.dialect.header_row is None
    assert found.rows[0] == ["A-1", "19.99"]


def test_a_row_wider_than_the_header_is_a_problem() -> None:
    rows = [["a", "b"], [1, 2], [1, 2, 3], [4, None, None], *([5, 6] for _ in range(6))]
    found = read(workbook({"S": rows}))
    assert found.rows[:2] == [["1", "2"], ["4", ""]]
    assert [(p.line, p.code) for p in found.problems] == [(3, "too_many_cells")]


def test_a_column_without_a_name_is_kept_when_it_is_used() -> None:
    found = read(workbook({"S": [["a", "b"], [1, 2, "note"], [3, 4], [5, 6, "note"]]}))
    assert found.headers == ["a", "b", "column 3"]
    assert found.rows == [["1", "2", "note"], ["3", "4", ""], ["5", "6", "note"]]


def test_no_header_where_it_should_be_is_said() -> None:
    with pytest.raises(FileProblem, match="no header in row 9"):
        read(workbook({"S": [["a"], [1]]}), parse_overrides({"header_row": "9"}))


def test_an_empty_sheet_is_said_to_be_empty() -> None:
    with pytest.raises(FileProblem, match="The sheet “S” is empty"):
        read(workbook({"S": []}))


def test_an_endless_text_costs_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_cells, "MAX_VALUE_CHARS", 1000)
    found = bare(f'<c r="A2"><v>1</v></c><c r="B2" t="str"><v>{"xy " * 100_000}</v></c>')
    assert [(p.line, p.code) for p in found.problems] == [(2, "value_too_long")]


def test_many_shared_strings_go_to_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [["sku", "name"], *([f"S-{i}", f"Näme {i} 😀"] for i in range(300))]
    book = workbook({"S": rows})
    expected = read(book).rows
    monkeypatch.setattr(xlsx_strings, "_IN_MEMORY", 2_000)
    assert read(book).rows == expected == rows[1:]


def damaged(book: bytes, part: str, change: Any) -> bytes:
    """The workbook with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_sheet_cut_off_says_part_line_and_row() -> None:
    book = workbook({"S": [["sku", "name"], *(["A", "b"] for _ in range(500))]})
    with pytest.raises(FileProblem, match=r"after row [1-9]") as caught:
        read(damaged(book, SHEET, lambda data: data[: len(data) // 2]))
    assert caught.value.code == "damaged_workbook"
    assert caught.value.line is not None
    assert caught.value.byte is not None


def test_a_workbook_cut_off_anywhere_is_refused() -> None:
    book = workbook({"S": [["sku", "name"], ["A", "b"]]})
    for length in range(4, len(book), 97):
        with pytest.raises(FileProblem) as caught:
            read(book[:length])
        assert caught.value.byte is not None


def test_bytes_flipped_anywhere_give_rows_or_an_error_and_nothing_else() -> None:
    book = workbook({"S": [["sku", "name"], *([f"A{i}", "b"] for i in range(50))]})
    for place in range(0, len(book), 53):
        broken = bytearray(book)
        broken[place] ^= 0x5A
        with suppress(FileProblem):
            read(bytes(broken), parse_overrides({"format": "xlsx"}))


def test_a_doctype_in_a_workbook_is_refused() -> None:
    evil = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>'
    with pytest.raises(FileProblem, match="document type"):
        read(bare_workbook("", extra={SHEET: evil}))


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    book = bare_workbook("<row><c><v>1</v></c></row>" * 400_000)
    limits = Limits(ratio=100, ratio_from=1_000_000)
    source = a_file(book, "x.xlsx")
    with pytest.raises(FileProblem, match=r"sheet1\.xml” unpacks to") as caught:
        read_file(Source(source.filename, source.size, source.open, limits))
    assert caught.value.code == "unpacked_too_large"


@pytest.mark.parametrize(
    ("extra", "says"),
    [
        ({"xl/workbook.bin": b"x"}, "not an Excel workbook"),
        ({"content.xml": "<x/>", "mimetype": "x"}, "OpenDocument"),
        ({"word/document.xml": "<x/>"}, "Word document"),
    ],
)
def test_other_documents_are_named(extra: dict[str, Any], says: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in ({"[Content_Types].xml": "<Types/>"} | extra).items():
            archive.writestr(name, data)
    with pytest.raises(FileProblem, match=says):
        read(out.getvalue())


def test_what_is_only_called_a_workbook_is_read_as_what_it_is() -> None:
    assert read(b"sku;name\nA;Chair\nB;Lamp\n").detection.dialect.format == "csv"
    with pytest.raises(FileProblem, match="web page"):
        read(b"<html><table><tr><td>sku</td></tr></table></html>")
    with pytest.raises(FileProblem, match="not an Excel workbook"):
        read(b"sku;name\n", parse_overrides({"format": "xlsx"}))


characters = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"
)
cells = st.one_of(
    st.text(characters, max_size=10).filter(lambda text: "_x" not in text),
    st.integers(-(10**14), 10**14),
    st.decimals(-(10**6), 10**6, places=3),
    st.booleans(),
    st.dates(dt.date(1900, 3, 1), dt.date(9999, 12, 31)),
    st.none(),
)


def as_seen(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f") if value else "0"
    return str(value)


@settings(max_examples=60)
@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6),
    st.integers(1, 3),
)
def test_what_openpyxl_wrote_is_read_as_it_is_seen(written: list[list[Any]], size: int) -> None:
    book = workbook({"S": [["h1", "h2", "h3"], *written]})
    found = read(book, Overrides(header_row=1), size=size)
    expected = [[as_seen(value) for value in row] for row in written]
    assert found.rows == [row for row in expected if any(row)]
