"""JSON Lines: a broken line costs no more than itself."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.imports.readers import json_lines
from pim.imports.readers.base import FileProblem, Overrides
from tests.factories.files import Read, a_file, read_file


def read(content: str | bytes, overrides: Overrides | None = None) -> Read:
    return read_file(a_file(content, "products.jsonl"), overrides)


def test_each_line_is_a_record_with_its_line() -> None:
    found = read('{"sku": "A"}\n\n{"sku": "B", "size": {"width": 1.50}}\r\n{"sku": "C"}')
    assert found.detection.dialect.format == "jsonl"
    assert found.headers == ["sku", "size.width"]
    assert found.rows == [["A", ""], ["B", "1.50"], ["C", ""]]
    assert found.lines == [1, 3, 4]


def test_line_separators_of_unicode_end_no_line() -> None:
    found = read('{"sku": "A\u2028B\u0085C"}\n{"sku": "D"}\n')
    assert found.rows == [["A\u2028B\u0085C"], ["D"]]


@pytest.mark.parametrize(
    ("line", "code", "says"),
    [
        ('{"sku": "x", }', "bad_json", "at column 14"),
        ('{"sku": "x"} {"sku": "y"}', "bad_json", "there is more after column 12"),
        ('{"sku": "x', "bad_json", "unterminated string at column 9"),
        ('["x"]', "not_an_object", "isn't an object"),
        ('"x"', "not_an_object", "isn't an object"),
        ('{"sku": "x", "sku": "y"}', "duplicate_key", "“sku” twice"),
        ('{"sku": NaN}', "bad_number", "NaN"),
        ('{"sku": "\\u0000"}', "nul_byte", "NUL"),
        ('{"sku": "\\udead"}', "bad_text", "surrogate"),
        ("[" * 100_000, "too_deep", "nested"),
    ],
)
def test_a_bad_line_is_a_problem_of_its_own(line: str, code: str, says: str) -> None:
    found = read(f'{{"sku": "A"}}\n{line}\n{{"sku": "B"}}\n')
    assert found.rows == [["A"], ["B"]]
    assert [(p.line, p.code) for p in found.problems] == [(2, code)]
    assert says in found.problems[0].message


def test_bytes_outside_the_encoding_cost_their_line() -> None:
    good = '{"sku": "Ä"}\n'.encode() * 30
    found = read(good + b'{"sku": "\xe4"}\n' + good)
    assert [(p.line, p.code) for p in found.problems] == [(31, "bad_encoding")]
    assert len(found.rows) == 60


def test_a_last_line_that_is_cut_off_is_a_problem_of_its_own() -> None:
    found = read('{"sku": "A"}\n{"sku": "B"}\n{"sku": "C", "na')
    assert [row[0] for row in found.rows] == ["A", "B"]
    assert [p.line for p in found.problems] == [3]


def test_an_endless_line_costs_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "MAX_VALUE_CHARS", 50)
    found = read('{"sku": "A"}\n{"sku": "' + "x" * 500 + '"}\n{"sku": "B"}\n')
    assert found.rows == [["A"], ["B"]]
    assert found.lines == [1, 3]
    assert [(p.line, p.code) for p in found.problems] == [(2, "value_too_long")]


def test_a_file_of_nothing_but_bad_lines_is_refused_with_its_first() -> None:
    with pytest.raises(FileProblem, match="not a JSON object") as caught:
        read('{"sku": \n{"sku": \n')
    assert caught.value.line == 1


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_an_empty_file_has_no_records(content: str) -> None:
    with pytest.raises(FileProblem, match="no records"):
        read(content, Overrides(format="jsonl"))


def test_one_object_on_one_line_is_read_by_the_name_of_its_file() -> None:
    found = read('{"sku": "A", "variants": [{"sku": "A-1"}]}\n')
    assert (found.detection.dialect.format, found.rows[0][0]) == ("jsonl", "A")


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(
    st.lists(st.tuples(texts, texts), min_size=1, max_size=6),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.integers(1, 4),
)
def test_what_was_written_is_read(written: list[tuple[str, str]], encoding: str, size: int) -> None:
    records = [{"sku": sku, "Größe": name} for sku, name in written]
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    found = read_file(
        a_file(text.encode(encoding), "x.jsonl"), Overrides(format="jsonl"), size=size
    )
    assert found.headers == ["sku", "Größe"]
    assert found.rows == [list(row) for row in written]
