"""The CSV reader: what it hands out, and what it tells of rows it can't read."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.imports.readers import delimited
from pim.imports.readers.base import Dialect, FileProblem, RowProblem
from pim.imports.readers.delimited import open_reader
from tests.factories.files import a_file, file_at
from tests.factories.shared_data import shared_data

PLAIN = Dialect("csv")


def read(
    content: str | bytes, dialect: Dialect = PLAIN, size: int = 2_000
) -> tuple[list[str], list[tuple[int, list[str]]], list[RowProblem]]:
    rows: list[tuple[int, list[str]]] = []
    problems: list[RowProblem] = []
    with open_reader(a_file(content, encoding="utf-8"), dialect) as reader:
        for batch in reader.batches(size):
            rows += zip(batch.lines, batch.rows, strict=True)
            problems += batch.problems
        return reader.headers, rows, problems


def test_rows_come_with_the_line_they_start_on() -> None:
    headers, rows, problems = read('sku,text\nA,"one\ntwo"\nB,x\n\nC,"y\r\nz"\nD,w')
    assert headers == ["sku", "text"]
    assert rows == [
        (2, ["A", "one\ntwo"]),
        (4, ["B", "x"]),
        (6, ["C", "y\r\nz"]),
        (8, ["D", "w"]),
    ]
    assert problems == []


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_the_size_of_batches_changes_nothing(size: int) -> None:
    content = 'a,b\n1,2\n"3\n3",4\n5\n,,\n6,7,8\n9,10\n\n11,"12'
    assert read(content, size=size) == read(content)


def test_a_row_with_too_many_or_too_few_cells_is_a_problem_with_its_line() -> None:
    _, rows, problems = read("a,b,c\n1,2,3\n1,2\n1,2,3,4\n5,6,7\n")
    assert [line for line, _ in rows] == [2, 5]
    assert [(p.line, p.code, p.raw) for p in problems] == [
        (3, "too_few_cells", ["1", "2"]),
        (4, "too_many_cells", ["1", "2", "3", "4"]),
    ]
    assert problems[0].message == "This row has only 2 of 3 cells."


def test_empty_cells_beyond_the_header_say_nothing() -> None:
    _, rows, problems = read("a,b\n1,2,,\n3,4\n")
    assert [row for _, row in rows] == [["1", "2"], ["3", "4"]]
    assert problems == []


def test_lines_without_any_value_are_no_records() -> None:
    with open_reader(a_file("a,b\n\n1,2\n,\n   ,\n\n\n3,4\n"), PLAIN) as reader:
        (batch,) = reader.batches()
    assert batch.rows == [["1", "2"], ["   ", ""], ["3", "4"]]
    assert (batch.end_record, batch.end_line) == (3, 8)


def test_a_row_with_a_nul_is_a_problem_and_its_neighbours_are_not() -> None:
    _, rows, problems = read(b"a,b\n1,2\n3,\x004\n5,6\n")
    assert [row for _, row in rows] == [["1", "2"], ["5", "6"]]
    assert [(p.line, p.code, p.raw) for p in problems] == [(3, "nul_byte", ["3", "␀4"])]


def test_bytes_outside_the_encoding_are_a_problem_of_their_row() -> None:
    _, rows, problems = read(b"a,b\n1,2\n3,caf\xe9\n5,6\n")
    assert [row for _, row in rows] == [["1", "2"], ["5", "6"]]
    assert [(p.line, p.code, p.raw) for p in problems] == [(3, "bad_encoding", ["3", "caf\ufffd"])]


def test_bad_bytes_are_found_in_utf_16_too() -> None:
    content = "a,b\n1,2\n3,x\ud800y\n".encode("utf-16-le", "surrogatepass")
    _, rows, problems = read(content, Dialect("csv", encoding="utf-16-le"))
    assert [row for _, row in rows] == [["1", "2"]]
    assert [p.code for p in problems] == ["bad_encoding"]


def test_a_quote_that_is_never_closed_says_where_it_was_opened() -> None:
    _, rows, problems = read('a,b\n1,2\n3,"4\n5,6\n7,8\n')
    assert [row for _, row in rows] == [["1", "2"]]
    (problem,) = problems
    assert (problem.line, problem.code) == (3, "unclosed_quote")
    assert "the 2 lines after it" in problem.message


def test_a_lone_quote_at_the_very_end_is_noticed() -> None:
    assert [p.code for p in read('a,b\n1,2\n"')[2]] == ["unclosed_quote"]


def test_a_value_beyond_the_limit_costs_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    before = csv.field_size_limit(50)
    try:
        _, rows, problems = read("a,b\n1,2\n3," + "x" * 100 + "\n5,6\n")
    finally:
        csv.field_size_limit(before)
    assert rows == [(2, ["1", "2"]), (4, ["5", "6"])]
    assert [(p.line, p.code) for p in problems] == [(3, "value_too_long")]


def test_a_header_that_is_swallowed_by_a_quote_is_said() -> None:
    with pytest.raises(FileProblem, match="opened in the header on line 1 is never closed"):
        read('a,"b\n1,2\n')


def test_values_longer_than_pythons_own_limit_are_read() -> None:
    long = "x" * 200_000
    _, rows, _ = read(f"a,b\n1,{long}\n")
    assert rows[0][1][1] == long
    assert csv.field_size_limit() == delimited.MAX_VALUE_CHARS


def test_headers_are_trimmed_named_and_told_apart() -> None:
    headers, _, _ = read("\ufeff sku ,price,price,,price (2),price\u00a0,\n")
    assert headers == [
        "sku",
        "price",
        "price (3)",
        "column 4",
        "price (2)",
        "price (4)",
        "column 7",
    ]


def test_the_header_may_be_on_a_later_line() -> None:
    content = 'Export of May\n"quoted, junk\nsku,name\nA,B\n'
    headers, rows, _ = read(content, Dialect("csv", header_row=3))
    assert headers == ["sku", "name"]
    assert rows == [(4, ["A", "B"])]


def test_a_file_without_a_header_has_numbered_columns() -> None:
    headers, rows, _ = read("1,2\n3,4\n", Dialect("csv", header_row=None, columns=2))
    assert headers == ["column 1", "column 2"]
    assert rows == [(1, ["1", "2"]), (2, ["3", "4"])]


@pytest.mark.parametrize("content", ["", "a,b\n", "\n\n\n"])
def test_no_header_where_it_should_be_is_said(content: str) -> None:
    with pytest.raises(FileProblem, match=r"There is no header on line 3\.") as caught:
        read(content, Dialect("csv", header_row=3))
    assert caught.value.code == "no_header"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_understood(ending: str) -> None:
    _, rows, _ = read(ending.join(["a,b", "1,2", f'3,"4{ending}5"', "6,7"]))
    assert rows == [(2, ["1", "2"]), (3, ["3", f"4{ending}5"]), (5, ["6", "7"])]


def test_progress_in_bytes_ends_at_the_size_of_the_file() -> None:
    content = "a,b\n" + "1,2\n" * 100_000
    with open_reader(a_file(content), PLAIN) as reader:
        ends = [batch.end_byte for batch in reader.batches()]
    assert ends == sorted(ends)
    assert len(set(ends)) > 1
    assert ends[-1] == len(content)


def test_memory_stays_flat_however_long_the_file() -> None:
    def peak(rows: int) -> int:
        source = a_file("a,b,c\n" + "one,two,three\n" * rows)
        tracemalloc.start()
        with open_reader(source, PLAIN) as reader:
            for _ in reader.batches():
                pass
        high = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return high

    assert peak(200_000) < 1.5 * peak(20_000)


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
dialects = st.builds(
    Dialect,
    format=st.just("csv"),
    delimiter=st.sampled_from([",", ";", "\t", "|", ":"]),
    quote=st.sampled_from(['"', "'"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be"]),
)


@given(
    st.integers(1, 5).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8)
    ),
    dialects,
    st.sampled_from(["\n", "\r\n"]),
    st.integers(1, 4),
)
def test_what_the_csv_module_wrote_is_what_is_read(
    table: list[list[str]], dialect: Dialect, ending: str, size: int
) -> None:
    width = len(table[0]) if table else 1
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        lineterminator=ending,
        quoting=csv.QUOTE_ALL,
    )
    writer.writerow([f"h{place}" for place in range(width)])
    writer.writerows(table)
    _, rows, problems = read(text.getvalue().encode(dialect.encoding), dialect, size)
    assert problems == []
    assert [row for _, row in rows] == [row for row in table if any(row)]


SPECTRUM = [
    "comma_in_quotes",
    "empty",
    "empty_crlf",
    "escaped_quotes",
    "json",
    # location_coordinates is left out: its JSON has another phone number than its CSV.
    "newlines",
    "newlines_crlf",
    "quotes_and_newlines",
    "simple",
    "simple_crlf",
    "utf8",
]


@pytest.mark.parametrize("name", SPECTRUM)
def test_csv_spectrum_reads_as_its_authors_meant_it(name: str) -> None:
    expected = json.loads(shared_data("csv-spectrum", "json", f"{name}.json").read_text("utf-8"))
    with open_reader(file_at(shared_data("csv-spectrum", "csvs", f"{name}.csv")), PLAIN) as reader:
        rows = [
            dict(zip(reader.headers, row, strict=True))
            for batch in reader.batches()
            for row in batch.rows
        ]
    assert rows == (expected if isinstance(expected, list) else [expected])
