"""The JSON reader: where records are, what becomes a column, and what it says of broken text."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.imports.readers import columns, records
from pim.imports.readers.base import FileProblem, Overrides
from pim.imports.sniff import parse_overrides
from pim.jsontext import loads
from pim.schema.types import CoerceContext, coerce
from tests.factories.files import Read, a_file, read_file


def read(content: Any, overrides: Overrides | None = None) -> Read:
    text = content if isinstance(content, (str, bytes)) else json.dumps(content)
    return read_file(a_file(text, "products.json"), overrides)


def test_a_list_of_objects_becomes_rows() -> None:
    found = read([{"sku": "A", "name": "Chair"}, {"sku": "B", "price": 19.90}])
    assert found.detection.dialect.format == "json"
    assert found.headers == ["sku", "name", "price"]
    assert found.rows == [["A", "Chair", ""], ["B", "", "19.9"]]
    assert found.lines == [1, 2]


def test_numbers_keep_the_digits_they_were_written_with() -> None:
    found = read('[{"a": 0.1000, "b": 12345678901234567890, "c": 1e2, "d": -0.0, "e": 1.234}]')
    assert found.rows == [["0.1000", "12345678901234567890", "1e2", "-0.0", "1.234"]]


def test_objects_become_dotted_columns_and_lists_json_text() -> None:
    found = read(
        [
            {
                "size": {"width": 10, "unit": "cm"},
                "tags": ["a, b", "c"],
                "reviews": [{"stars": 5.0}],
            },
        ]
    )
    assert found.headers == ["size.width", "size.unit", "tags", "reviews"]
    assert found.rows == [["10", "cm", '["a, b", "c"]', '[{"stars": 5.0}]']]
    assert coerce("array", found.rows[0][2], CoerceContext()) == ["a, b", "c"]


def test_true_false_and_null_and_nothing() -> None:
    found = read([{"a": True, "b": False, "c": None, "d": [], "e": {}, "f": ""}])
    assert found.rows == [["true", "false", "", "", "", ""]]


def test_null_where_others_have_an_object_makes_no_column() -> None:
    found = read([{"size": None}, {"size": {"width": 1}}])
    assert (found.headers, found.rows) == (["size.width"], [[""], ["1"]])


def test_a_dotted_key_and_a_nested_one_are_told_apart() -> None:
    found = read([{"a.b": 1, "a": {"b": 2}, "a/b": 3}])
    assert found.headers == ["a.b", "a.b (2)", "a/b"]
    assert found.rows == [["1", "2", "3"]]


def test_a_key_that_holds_a_text_here_and_an_object_there_loses_neither() -> None:
    found = read([{"price": 5}, {"price": {"amount": 6}}])
    assert found.headers == ["price", "price.amount"]
    assert found.rows == [["5", ""], ["", "6"]]


def test_records_are_found_inside_an_object() -> None:
    found = read(
        {
            "meta": {"pages": [1, 2]},
            "facets": [{"name": "color"}],
            "data": {"products": [{"sku": "A"}, {"sku": "B"}]},
            "next": None,
        }
    )
    assert found.detection.dialect.record_path == "/data/products"
    assert found.detection.choices["record_path"] == ["/facets", "/data/products"]
    assert found.rows == [["A"], ["B"]]
    reason = found.detection.reasons["record_path"]
    assert reason == "The records are in “/data/products”. There are also “/facets”."


def test_of_two_lists_the_one_with_more_in_it_holds_the_records() -> None:
    many = [{"id": i, "label": "x"} for i in range(10)]
    rich = [dict.fromkeys("abcdefgh", 1) for _ in range(5)]
    assert read({"levels": many, "stuff": rich}).detection.dialect.record_path == "/stuff"
    few = [{"sku": "A"}]
    assert read({"levels": few, "products": few}).detection.dialect.record_path == "/products"


@pytest.mark.parametrize("said", ["/facets", "facets", "$.facets[*]"])
def test_the_list_can_be_chosen(said: str) -> None:
    content = {"facets": [{"name": "color"}], "products": [{"sku": "A"}, {"sku": "B"}]}
    found = read(content, parse_overrides({"record_path": said}))
    assert found.rows == [["color"]]


def test_a_list_that_is_not_there_is_said_with_those_that_are() -> None:
    with pytest.raises(FileProblem, match="It has: “/products”") as caught:
        read({"products": [{"sku": "A"}]}, parse_overrides({"record_path": "items"}))
    assert caught.value.field == "record_path"


def test_a_single_object_is_one_record() -> None:
    assert read({"sku": "A", "size": {"width": 1}}).rows == [["A", "1"]]


def test_what_is_no_object_is_a_problem_of_its_place() -> None:
    found = read('[{"sku": "A"}, 7, ["x"], {"sku": "B"}]')
    assert found.rows == [["A"], ["B"]]
    assert found.lines == [1, 4]
    assert [(p.line, p.code) for p in found.problems] == [
        (2, "not_an_object"),
        (3, "not_an_object"),
    ]


@pytest.mark.parametrize(
    ("record", "code"),
    [
        ('{"sku": "A", "sku": "B"}', "duplicate_key"),
        ('{"sku": NaN}', "bad_number"),
        ('{"sku": -Infinity}', "bad_number"),
        ('{"sku": "\\u0000"}', "nul_byte"),
        ('{"sku": "\\ud800x"}', "bad_text"),
        ('{"a": {"b": ["\\uDFFF"]}}', "bad_text"),
        ('{"\\u0000": 1}', "nul_byte"),
        ('{"sku": ' + "[" * 3000 + "]" * 3000 + "}", "too_deep"),
    ],
)
def test_a_record_that_cannot_be_kept_costs_only_itself(record: str, code: str) -> None:
    found = read('[{"sku": "before"}, ' + record + ', {"sku": "after"}]')
    assert [p.code for p in found.problems] == [code]
    assert [p.line for p in found.problems] == [2]
    place = found.headers.index("sku")
    assert [row[place] for row in found.rows] == ["before", "after"]


def test_paired_surrogates_are_one_character() -> None:
    assert read(r'[{"a": "\ud83d\ude00", "b": "\\ud800"}]').rows == [["😀", "\\ud800"]]


@pytest.mark.parametrize(
    ("content", "line", "column", "byte"),
    [
        ('[{"a": 1},\n {"a": }]', 2, 8, 18),
        ('[{"a": 1}\n {"a": 2}]', 2, 2, 11),
        ("[{'a': 1}]", 1, 3, 2),
        ('[{"ü": 1},\n\n {"a": tru}]', 3, 8, 20),
        ('[{"a": 1}] x', 1, 12, 11),
        ('{"a": [{"b": 1}], "c"}', 1, 22, 21),
        ('[{"a": "one\ntwo"}]', 1, 12, 11),
        ('[{"a": 01}]', 1, 9, 8),
    ],
)
def test_a_broken_file_says_where(content: str, line: int, column: int, byte: int) -> None:
    with pytest.raises(FileProblem, match="The JSON breaks at line") as caught:
        read(content)
    assert (caught.value.line, caught.value.column, caught.value.byte) == (line, column, byte)


WHOLE = json.dumps([{"sku": f"Ä{i}", "tags": ["x", {"y": [i]}], "n": -1.5e3} for i in range(3)])


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_file_cut_off_anywhere_is_not_taken_for_whole(length: int) -> None:
    with pytest.raises(FileProblem) as caught:
        read(WHOLE[:length], parse_overrides({"format": "json"}))
    assert caught.value.byte is not None


def test_an_empty_list_has_no_records() -> None:
    with pytest.raises(FileProblem, match="There are no records"):
        read("[]")


def test_a_list_of_texts_is_no_catalog() -> None:
    with pytest.raises(FileProblem, match="isn't an object"):
        read('[ ["sku"], ["A"] ]', parse_overrides({"format": "json"}))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "windows-1252"])
def test_other_encodings_are_found(encoding: str) -> None:
    text = json.dumps([{"sku": "A", "name": "Möbel für Gärten"}] * 20, ensure_ascii=False)
    found = read(text.encode(encoding))
    assert found.rows[0] == ["A", "Möbel für Gärten"]


def test_values_span_the_window_wherever_it_ends() -> None:
    rows = [{"sku": f"S{i}", "text": "x" * (i * 37 % 5_000), "n": i / 8} for i in range(400)]
    found = read(rows)
    assert found.rows == [[row["sku"], row["text"], json.dumps(row["n"])] for row in rows]


def test_members_beside_the_records_are_passed_over_whatever_their_length() -> None:
    long = {"a": ['\\"]}{[' * 50_000, {"b": "\\" * 99_999}]}
    assert read({"junk": long, "products": [{"sku": "A"}], "more": long}).rows == [["A"]]


def test_a_key_that_first_occurs_beyond_the_scan_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "SCAN_RECORDS", 100)
    monkeypatch.setattr(records, "SCAN_SECONDS", 0.0)
    content = [{"sku": f"S{i}"} for i in range(150)]
    content.append({"sku": "S150", "late": 1.50, "deep": {"er": "x"}, "nothing": None})  # type: ignore[dict-item]
    found = read(content)
    assert found.headers == ["sku", "other values"]
    assert found.rows[149:] == [["S149", ""], ["S150", '{"late": 1.5, "deep": {"er": "x"}}']]
    assert "last column" in found.detection.warnings[0]


def test_more_columns_than_an_import_takes_are_refused() -> None:
    with pytest.raises(FileProblem, match="more than 5,000 different columns"):
        read([{f"k{i}": 1 for i in range(5_001)}])


def test_the_dialect_survives_storing() -> None:
    dialect = read([{"a": {"b": 1}}]).detection.dialect
    stored = json.loads(json.dumps(dialect.as_dict()))
    assert stored == {
        "format": "json",
        "encoding": "utf-8",
        "record_path": "",
        "keys": ["/a/b"],
        "rest": False,
    }
    assert type(dialect).from_dict(stored) == dialect


texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
keys = texts.filter(lambda key: key != columns.TEXT)
scalars = st.one_of(
    texts, st.booleans(), st.none(), st.integers(), st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
objects = st.dictionaries(keys, values, min_size=1, max_size=4)


@given(st.lists(objects, min_size=1, max_size=5), st.booleans())
def test_every_value_written_is_read_back(written: list[dict[str, Any]], pretty: bool) -> None:
    text = json.dumps(written, ensure_ascii=pretty, indent=pretty or None)
    found = read(text)
    keys = found.detection.dialect.keys
    for record, row in zip(written, found.rows, strict=True):
        cells = dict(zip(keys, row, strict=True))
        expected = dict(leaves(record, ""))
        assert {key for key, cell in cells.items() if cell} <= expected.keys()
        for key, value in expected.items():
            assert as_value(cells[key], value) == value


def leaves(record: dict[str, Any], above: str) -> Any:
    """Paths and values, as Python's own json module would have them."""
    for key, value in record.items():
        path = f"{above}/{columns.escape(key)}"
        if isinstance(value, dict):
            yield from leaves(value, path)
        elif value not in (None, [], ""):
            yield path, value


def as_value(cell: str, expected: Any) -> Any:
    if isinstance(expected, str):
        return cell
    if isinstance(expected, list):
        return json.loads(cell)
    if isinstance(expected, float):
        assert Decimal(cell) == Decimal(repr(expected))
        return float(cell)
    return loads(cell)
