"""How a file is written: found out, explained, and correctable."""

from __future__ import annotations

import csv
import io
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pim.imports.readers.base import Dialect, FileProblem, Overrides
from pim.imports.readers.registry import READERS
from pim.imports.sniff import detect, parse_overrides
from tests.factories.files import a_file, file_at
from tests.factories.shared_data import shared_data


def test_commas_in_text_and_prices_do_not_hide_the_semicolon() -> None:
    found = detect(a_file("sku;name;price\nA;Chair, oak, wide;1.299,00\nB;Lamp;39,90\n"))
    assert found.dialect.delimiter == ";"
    assert found.headers == ["sku", "name", "price"]
    assert found.sample_rows == [["A", "Chair, oak, wide", "1.299,00"], ["B", "Lamp", "39,90"]]
    assert found.reasons["delimiter"] == "With semicolon, all 3 rows looked at have 3 columns."


def test_decimal_commas_are_no_delimiter_even_without_a_header() -> None:
    found = detect(a_file("1,5;2,5\n3,5;4,5\n5,5;6,5\n"))
    assert (found.dialect.delimiter, found.dialect.header_row) == (";", None)


def test_rows_with_more_commas_than_columns_are_still_comma_separated_when_quoted() -> None:
    found = detect(a_file('a,b\n"x, y, z","1; 2"\n"p, q","3; 4"\n'))
    assert (found.dialect.delimiter, found.dialect.quote) == (",", '"')
    assert found.sample_rows[0] == ["x, y, z", "1; 2"]


def test_single_quotes_are_recognised() -> None:
    found = detect(a_file("a;b\n'x; y';'1'\n'p';'it''s'\n"))
    assert found.dialect.quote == "'"
    assert found.sample_rows == [["x; y", "1"], ["p", "it's"]]


def test_inch_marks_do_not_count_as_quotes() -> None:
    found = detect(a_file('sku\tname\nA\t"Rack 19\nB\t24" monitor\nC\t"Bolt 1/2\nD\tplain\n'))
    assert found.dialect.quote is None
    assert found.sample_rows[0] == ["A", '"Rack 19']


def test_a_space_after_the_comma_does_not_hide_the_quote() -> None:
    found = detect(a_file('a, b, c\n1, "x, y", 2\n3, "z", 4\n'))
    assert found.sample_rows == [["1", "x, y", "2"], ["3", "z", "4"]]


def test_a_title_above_the_table_is_passed_over() -> None:
    found = detect(a_file("Price list 2024\n\nsku;name;price\nA;Chair;10\nB;Lamp;20\n"))
    assert found.dialect.header_row == 3
    assert found.headers == ["sku", "name", "price"]
    assert found.reasons["header_row"] == "Line 3 is the first one that has all columns."


def test_excels_own_hint_about_the_delimiter_is_taken() -> None:
    found = detect(a_file("sep=|\nsku|name\nA|x;y;z\n"))
    assert (found.dialect.delimiter, found.dialect.header_row) == ("|", 2)
    assert found.sample_rows == [["A", "x;y;z"]]


def test_a_first_line_of_values_is_no_header() -> None:
    found = detect(a_file("A-1,19.99,2024-01-05\nA-2,5.00,2024-02-11\nA-3,7.50,2024-03-01\n"))
    assert found.dialect.header_row is None
    assert found.headers == ["column 1", "column 2", "column 3"]
    assert len(found.sample_rows) == 3


def test_a_header_of_words_over_words_is_a_header() -> None:
    assert detect(a_file("name,color\nChair,red\nLamp,blue\n")).dialect.header_row == 1


def test_one_column_is_read_and_doubted() -> None:
    found = detect(a_file("sku\nA\nB\n"))
    assert found.headers == ["sku"]
    assert "Only one column was found. Is the delimiter right?" in found.warnings


def test_the_file_name_decides_between_equals() -> None:
    content = "a,b\tc,d\n1,2\t3,4\n"
    assert detect(a_file(content, "x.tsv")).dialect.delimiter == "\t"
    assert detect(a_file(content, "x.tsv")).dialect.format == "tsv"


def test_rows_that_cannot_be_read_are_announced_with_a_line() -> None:
    found = detect(a_file("a,b\n1,2\n3\n4,5\n"))
    assert found.warnings == [
        "1 of the first 3 rows can't be read. This row has only 1 of 2 cells. (line 3)"
    ]


def test_renamed_columns_are_announced() -> None:
    (warning,) = detect(a_file("price,price,,x\n1,2,3,4\n")).warnings
    assert "“price (2)”, “column 3”" in warning


def test_a_header_alone_is_a_table_without_rows() -> None:
    found = detect(a_file("sku,name\n"))
    assert (found.headers, found.sample_rows) == (["sku", "name"], [])
    assert "There are no rows below the header." in found.warnings


@pytest.mark.parametrize("content", ["", "\ufeff", "\n \r\n\n"])
def test_an_empty_file_is_said_to_be_empty(content: str) -> None:
    with pytest.raises(FileProblem, match=r"The file is empty\.") as caught:
        detect(a_file(content))
    assert (caught.value.byte, caught.value.line) == (0, 1)


@pytest.mark.parametrize(
    "start", [b"\xd0\xcf\x11\xe0", b"%PDF-1.7", b"\x89PNG\r\n", b"<!doctype html>"]
)
def test_what_is_no_table_is_named(start: bytes) -> None:
    with pytest.raises(FileProblem, match=r"\.xlsx or CSV") as caught:
        detect(a_file(start + b"\0" * 100))
    assert caught.value.code == "unsupported_format"


def test_everything_found_can_be_corrected() -> None:
    content = "x;y\n'a';b\nsku;name\n'1';2\n".encode("windows-1252")
    wanted = parse_overrides(
        {
            "format": "csv",
            "encoding": "windows-1252",
            "delimiter": "semicolon",
            "quote": "none",
            "header_row": "3",
        }
    )
    found = detect(a_file(content), wanted)
    assert found.dialect == Dialect("csv", "windows-1252", ";", None, 3)
    assert (found.headers, found.sample_rows) == (["sku", "name"], [["'1'", "2"]])
    assert set(found.reasons.values()) == {"Chosen by you."}


def test_a_header_row_of_none_numbers_the_columns() -> None:
    found = detect(a_file("a,b\nc,d\n"), parse_overrides({"header_row": "none"}))
    assert found.headers == ["column 1", "column 2"]
    assert found.sample_rows == [["a", "b"], ["c", "d"]]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"delimiter": "ab"}, "delimiter"),
        ({"delimiter": '"'}, "delimiter"),
        ({"delimiter": "x"}, "delimiter"),
        ({"quote": "ab"}, "quote"),
        ({"quote": ";"}, "quote"),
        ({"header_row": "0"}, "header_row"),
        ({"header_row": "-1"}, "header_row"),
        ({"header_row": "first"}, "header_row"),
        ({"header_row": "²"}, "header_row"),
        ({"format": "doc"}, "format"),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused_by_name(
    given: dict[str, str], field: str
) -> None:
    with pytest.raises(FileProblem) as caught:
        parse_overrides(given)
    assert caught.value.field == field


def test_a_delimiter_equal_to_the_quote_is_refused() -> None:
    with pytest.raises(FileProblem, match="same character"):
        parse_overrides({"delimiter": "#", "quote": "#"})


def test_no_corrections_mean_find_out() -> None:
    assert parse_overrides({"encoding": "", "delimiter": None}) == Overrides()


@pytest.mark.parametrize(
    ("path", "delimiter", "columns", "rows"),
    [
        ("akeneo_icecat/products.csv", ";", 111, 1239),
        ("akeneo_icecat/product_models.csv", ";", 52, 81),
        ("woocommerce/sample_products.csv", ",", 55 + 2, 24),
        ("woocommerce/importer_test_sample.csv", ",", 45 + 4, 7),
        ("spree/products.csv", ",", 39 + 2, 124),
    ],
)
def test_real_catalogs_are_read_whole(path: str, delimiter: str, columns: int, rows: int) -> None:
    source = file_at(shared_data(*path.split("/")))
    found = detect(source)
    assert (found.dialect.delimiter, len(found.headers)) == (delimiter, columns)
    reader = READERS[found.dialect.format].open(source, found.dialect)
    batches = list(reader.batches())
    assert sum(len(batch.rows) for batch in batches) == rows
    assert not any(batch.problems for batch in batches)


pieces = [
    "ab",
    "cd e",
    "gré",
    "Öl ",
    ", ",
    "; ",
    ",",
    ";",
    "|",
    "\t",
    "'",
    '"',
    "\n",
    ".",
    ":",
    "-",
    "/",
    "12",
]
words = st.lists(st.sampled_from(pieces), max_size=8).map(lambda parts: "v" + "".join(parts))
amounts = st.integers(0, 99_999).map(lambda n: f"{n // 100},{n % 100:02}")


QUOTINGS: list[Literal[0, 1, 2]] = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    width = draw(st.integers(2, 6))
    kinds = draw(st.lists(st.sampled_from([words, amounts]), min_size=width, max_size=width))
    header = [f"col {'abcdef'[place]}" for place in range(width)]
    count = draw(st.integers(4, 12))
    return [header, *([draw(kind) for kind in kinds] for _ in range(count))]


@given(
    tables(),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(['"', "'"]),
    st.sampled_from(QUOTINGS),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "windows-1252"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_sniffing_finds_what_was_written(
    table: list[list[str]],
    delimiter: str,
    quote: str,
    quoting: Literal[0, 1, 2],
    encoding: str,
    ending: str,
) -> None:
    text = io.StringIO(newline="")
    csv.writer(
        text, delimiter=delimiter, quotechar=quote, quoting=quoting, lineterminator=ending
    ).writerows(table)
    # Without a single quote around a value, nothing in the file tells that ' would be one.
    assume(quote == '"' or quoting == csv.QUOTE_ALL)
    found = detect(a_file(text.getvalue().encode(encoding)))
    assert found.dialect.delimiter == delimiter
    assert found.headers == table[0]
    assert found.sample_rows == table[1:6]
