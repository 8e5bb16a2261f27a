"""What each step does to a cell, and that none of them can be made to fail or hang otherwise."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pim.core.errors import FieldError
from pim.imports.transforms.base import MAX_PARAMETER, Param, Setting
from pim.imports.transforms.pipeline import Pipeline
from pim.imports.transforms.registry import TRANSFORMS
from pim.imports.transforms.steps import MAX_STEPS, JsonStep, parse_steps
from pim.imports.transforms.units import UNITS
from pim.jsontext import dumps, loads
from pim.schema.types import CoercionError
from pim.schema.types.base import MAX_TEXT

HEADERS = ("cell", "Brand", "Name", "Size")
ROW = ("cell", "Muuto", "Oslo chair", "")
TEXTS = st.text(max_size=60) | st.sampled_from(
    ["<p>a</p>", "1,5 kg", "1.234,56 €", "a,b;c", "&amp;", "YES", " x ", "'", "“\\1"]
)


def through(steps: Any, *cells: str, decimal: Any = None, as_list: bool = False) -> list[str]:
    """The cells afterwards; an error is written as its code in brackets."""
    texts, failed = run(steps, *cells, decimal=decimal, as_list=as_list)
    for position, error in failed:
        texts[position] = f"[{error.code}]"
    return texts


def run(
    steps: Any, *cells: str, decimal: Any = None, as_list: bool = False
) -> tuple[list[str], list[tuple[int, CoercionError]]]:
    setting = Setting(HEADERS, decimal)
    pipeline = Pipeline(checked(steps, decimal), setting, as_list=as_list)
    columns = [list(cells), *([each] * len(cells) for each in ROW[1:])]
    return pipeline.apply(columns[0], columns)


def checked(steps: Any, decimal: Any = None) -> tuple[JsonStep, ...]:
    errors: list[FieldError] = []
    found = parse_steps(steps, "", Setting(HEADERS, decimal), errors)
    assert not errors, errors[0].message
    return found


def refused(steps: Any) -> list[tuple[str, str]]:
    errors: list[FieldError] = []
    parse_steps(steps, "/mapping/Col/transform", Setting(HEADERS), errors)
    return [(error.path.removeprefix("/mapping/Col/transform"), error.code) for error in errors]


def test_blanks_are_trimmed_and_collapsed() -> None:
    assert through(["trim"], " a  b\u00a0", "\u200b") == ["a  b", ""]
    assert through(["collapse"], " a \n b\t\u3000c ") == ["a b c"]


@pytest.mark.parametrize(
    ("to", "wanted"),
    [
        ("lower", "don't use a usb-c plug. ja!"),
        ("upper", "DON'T USE A USB-C PLUG. JA!"),
        ("title", "Don't Use A Usb-C Plug. Ja!"),
        ("sentence", "Don't use a usb-c plug. Ja!"),
    ],
)
def test_case_is_changed(to: str, wanted: str) -> None:
    assert through([{"op": "case", "to": to}], "don't USE a usb-C plug. ja!") == [wanted]


def test_text_is_replaced_by_words_or_by_pattern() -> None:
    assert through([{"op": "replace", "find": ",", "with": "."}], "1,5", "") == ["1.5", ""]
    assert through([{"op": "replace", "find": "x"}], "axbxX") == ["abX"]
    loose = {"op": "replace", "find": "X.", "with": "-", "ignore_case": True}
    assert through([loose], "axbx.X.") == ["axb--"]
    turned = {"op": "replace", "find": r"(\d+)x(\d+)", "with": r"\2 × \1", "regex": True}
    assert through([turned], "40x60 / 1x2") == ["60 × 40 / 2 × 1"]
    assert through([{"op": "replace", "find": r"\n", "with": ", "}], "a\nb") == ["a, b"]


def test_what_a_pattern_matches_is_extracted() -> None:
    assert through([{"op": "extract", "pattern": r"(\d+) mm"}], "3 x 40 mm", "no") == ["40", ""]
    assert through([{"op": "extract", "pattern": r"[A-Z]+"}], "ab CD") == ["CD"]
    kept = {"op": "extract", "pattern": "z", "others": "keep"}
    assert through([kept], "abc") == ["abc"]
    assert through([{**kept, "others": "error"}], "abc") == ["[no_match]"]


def test_text_is_split_and_joined() -> None:
    split = {"op": "split", "separator": ">"}
    assert loads(through([split], "A > B >> A", as_list=True)[0]) == ["A", "B", "A"]
    assert through([split], "A > B") == ["A, B"]
    assert through([{**split, "part": 2}, "trim"], "A > B > C", "A") == ["B", ""]
    assert through([{**split, "part": -1}], "A > B > C", "A") == ["C", "A"]
    upper = [split, {"op": "case", "to": "upper"}, {"op": "join", "separator": "/"}]
    assert through(upper, "a > b") == ["A/B"]
    assert through([split], "", as_list=True) == [""]


def test_a_blank_is_filled_and_a_constant_stands_everywhere() -> None:
    assert through([{"op": "default", "value": "?"}], "", " ", "a") == ["?", "?", "a"]
    assert through([{"op": "constant", "value": "?"}], "", "a") == ["?", "?"]


def test_columns_are_combined_and_what_is_blank_leaves_no_gap() -> None:
    assert through([{"op": "combine", "template": "{Brand} {Name}"}], "x") == ["Muuto Oslo chair"]
    template = "{Brand} - {Size} - {}!"
    assert through([{"op": "combine", "template": template}], "x", "") == ["Muuto - x!", "Muuto!"]
    assert through([{"op": "combine", "template": "Size: {Size}"}], "x") == [""]
    steps = [{"op": "case", "to": "upper"}, {"op": "combine", "template": "{Brand} {}"}]
    assert through(steps, "x", "y", "x") == ["Muuto X", "Muuto Y", "Muuto X"]


def test_values_are_looked_up_without_regard_to_case() -> None:
    table = {"op": "map", "values": {"Rot": "red", "blau": ""}}
    assert through([table], " ROT", "blau", "gelb", "") == ["red", "", "gelb", ""]
    assert through([{**table, "others": "blank"}], "gelb") == [""]
    assert through([{**table, "others": "value", "other_value": "other"}], "gelb") == ["other"]
    assert through([{**table, "others": "error"}], "gelb", "rot") == ["[not_in_list]", "red"]


def test_own_words_mean_yes_and_no() -> None:
    words = {"op": "boolean", "yes": ["lieferbar", "1"], "no": ["ausverkauft"]}
    assert through([words], "Lieferbar", "AUSVERKAUFT", "ja") == ["true", "false", "ja"]
    assert through([{**words, "others": "no"}], "x", "") == ["false", ""]
    assert through([{**words, "others": "error"}], "x") == ["[not_in_list]"]


def test_numbers_are_read_with_the_decimal_sign_that_was_named() -> None:
    comma = {"op": "number", "decimal": ","}
    assert through([comma], "1.234", "ab 1.234,50 €", "-3,0") == ["1234", "ab 1234.5 €", "-3"]
    assert through([{"op": "number", "decimal": "."}], "1,234", "1 234.5") == ["1234", "1234.5"]
    assert through([comma], "3 x 4", "x") == ["[not_a_number]"] * 2


def test_units_are_stripped_and_converted() -> None:
    assert through(["unit"], "1,5 kg", "12", "3.5cm", "7 Stück", decimal=",") == [
        *("1.5", "12", "3.5", "7")
    ]
    kilos = {"op": "unit", "to": "KG"}
    assert through([kilos], "1500 g", "1 lb", "2 Kilogramm", "3") == [
        *("1.5", "0.45359237", "2", "3")
    ]
    assert through([kilos], "2 cm", "2 boxes", "a kg", "1 x 2 kg") == [
        *("[other_unit]", "[other_unit]", "[not_a_measure]", "[not_a_measure]")
    ]
    assert through([{"op": "unit", "to": "in"}], '5"', "1 ft", "1 cm") == [
        *("5", "12", "0.393700787401575")
    ]
    assert through(["unit"], "1.234 g") == ["[ambiguous_number]"]
    assert through([{"op": "unit", "decimal": ","}], "1.234 g") == ["1234"]


def test_html_becomes_text() -> None:
    markup = (
        "<div><p>A &amp; B&nbsp;<b>bold</b><br/>new</p><script>alert('<p>')</script>"
        "<STYLE>p{}</STYLE><!-- <p>no</p> --><ul><li title='a>b'>1<li>2</ul></div>5 < 6"
    )
    assert through(["strip_html"], markup) == ["A & B bold\nnew\n1\n2\n5 < 6"]
    assert through(["strip_html"], "a\n b &eacute;", "1 < 2", "x <b") == [
        "a\n b é",
        "1 < 2",
        "x <b",
    ]
    assert through(["strip_html"], "a<!-- b", "<script>x", "<p") == ["a", "", "<p"]


def test_the_decimal_sign_a_step_writes_counts_afterwards() -> None:
    def left(steps: Any) -> Any:
        return Pipeline(checked(steps, ","), Setting(HEADERS, ","), as_list=False).decimal

    assert left([{"op": "replace", "find": ",", "with": "."}]) == "."
    assert left([{"op": "replace", "find": ".", "with": ""}]) == ","
    assert left(["unit"]) == "."
    assert left([{"op": "number", "decimal": ","}]) == "."
    assert left(["trim"]) == ","


@pytest.mark.parametrize(
    ("steps", "wanted"),
    [
        ("trim", [("", "not_a_list")]),
        ([1], [("/0", "not_a_step")]),
        ([{}], [("/0", "unknown_transform")]),
        (
            ["shout", {"op": ["a"]}],
            [("/0/op", "unknown_transform"), ("/1/op", "unknown_transform")],
        ),
        (["trim"] * (MAX_STEPS + 1), [("", "too_many_steps")]),
        ([{"op": "trim", "a/b": 1}], [("/0/a~1b", "unknown_key")]),
        (["replace"], [("/0/find", "required")]),
        ([{"op": "replace", "find": ""}], [("/0/find", "required")]),
        ([{"op": "replace", "find": []}], [("/0/find", "required")]),
        ([{"op": "replace", "find": True}], [("/0/find", "not_text")]),
        ([{"op": "replace", "find": "x" * (MAX_PARAMETER + 1)}], [("/0/find", "too_long")]),
        ([{"op": "replace", "find": "\ud800"}], [("/0/find", "bad_character")]),
        ([{"op": "replace", "find": "a", "regex": "yes"}], [("/0/regex", "not_a_boolean")]),
        ([{"op": "replace", "find": "(", "regex": True}], [("/0/find", "bad_pattern")]),
        ([{"op": "replace", "find": "(?<=a)b", "regex": True}], [("/0/find", "bad_pattern")]),
        ([{"op": "replace", "find": "a*", "regex": True}], [("/0/find", "matches_nothing")]),
        (
            [{"op": "replace", "find": "a", "with": r"\1", "regex": True}],
            [("/0/with", "no_such_group")],
        ),
        (["trim", {"op": "extract", "pattern": "["}], [("/1/pattern", "bad_pattern")]),
        ([{"op": "split", "separator": ",", "part": 0}], [("/0/part", "bad_number")]),
        ([{"op": "split", "separator": ",", "part": "2"}], [("/0/part", "not_a_whole_number")]),
        ([{"op": "case", "to": "loud"}], [("/0/to", "unknown_choice")]),
        ([{"op": "combine", "template": "x"}], [("/0/template", "no_column")]),
        ([{"op": "combine", "template": "{Nope}"}], [("/0/template", "unknown_column")]),
        ([{"op": "boolean", "yes": ["a"], "no": ["A"]}], [("/0/no", "word_twice")]),
        ([{"op": "boolean"}], [("/0/yes", "required")]),
        ([{"op": "boolean", "yes": "a"}], [("/0/yes", "not_a_list")]),
        ([{"op": "map", "values": {"a": "1", "A": "2"}}], [("/0/values", "value_twice")]),
        ([{"op": "map", "values": {"a/b": True}}], [("/0/values/a~1b", "not_text")]),
        ([{"op": "map", "values": []}], [("/0/values", "required")]),
        ([{"op": "unit", "to": "stone"}], [("/0/to", "unknown_unit")]),
    ],
)
def test_steps_that_cannot_be_are_refused_with_their_place(steps: Any, wanted: Any) -> None:
    assert refused(steps) == wanted


def test_steps_are_kept_in_their_shortest_form() -> None:
    steps = [{"op": "trim"}, "collapse", {"op": "replace", "find": "a", "with": "", "regex": False}]
    assert checked(steps) == ("trim", "collapse", {"op": "replace", "find": "a"})
    table = {"op": "map", "values": {"a": "b"}, "others": "keep"}
    assert checked(checked([table])) == ({"op": "map", "values": {"a": "b"}},)


EXAMPLES: list[Any] = [
    {"op": each.op, **each.example} if each.example else each.op for each in TRANSFORMS.values()
]
EXAMPLES[[*TRANSFORMS].index("combine")] = {"op": "combine", "template": "{Brand} {}"}
MORE = [
    {"op": "case", "to": "upper"},
    {"op": "case", "to": "lower"},
    {"op": "case", "to": "sentence"},
    {"op": "split", "separator": "a"},
    {"op": "replace", "find": "[aeiou]+", "with": r"<\0>", "regex": True},
    {"op": "replace", "find": "A", "with": "bb", "ignore_case": True},
    {"op": "extract", "pattern": ".+", "others": "error"},
    {"op": "map", "values": {"a": "b"}, "others": "error"},
    {"op": "boolean", "yes": ["a"], "others": "error"},
    "unit",
    {"op": "number", "decimal": "."},
]


@given(st.lists(st.sampled_from(EXAMPLES + MORE), min_size=1, max_size=5), st.lists(TEXTS))
@example([{"op": "case", "to": "upper"}, "strip_html"], ["&LT;b>"])
def test_no_text_makes_steps_fail_other_than_by_saying_so(
    steps: list[Any], cells: list[str]
) -> None:
    texts, failed = run(steps, *cells)
    assert len(texts) == len(cells)
    assert all(isinstance(text, str) for text in texts)
    for position, error in failed:
        assert texts[position] == ""
        assert error.code
        assert error.message.endswith((".", "!"))


@given(st.sampled_from(EXAMPLES), st.lists(TEXTS, max_size=4))
def test_lone_surrogates_make_no_step_stumble(step: Any, cells: list[str]) -> None:
    run([step], *(cell + "\ud800" for cell in cells))


ONCE = [step for step in EXAMPLES if TRANSFORMS[step if isinstance(step, str) else step["op"]].once]


@given(st.sampled_from(ONCE), TEXTS)
def test_steps_that_promise_it_change_nothing_when_repeated(step: Any, cell: str) -> None:
    assert through([step, step], cell) == through([step], cell)


@given(st.lists(TEXTS))
def test_cells_become_the_same_alone_and_together(cells: list[str]) -> None:
    steps = ["strip_html", {"op": "replace", "find": "a", "with": "b"}, "unit"]
    together = through(steps, *cells)
    assert together == [through(steps, cell)[0] for cell in cells]


HOSTILE = ["(a+)+$", "(a|aa)+$", "(a|a?)+$", "(.*)(.*)(.*)(.*)x", "(?:a?){500}a{500}"]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_a_hostile_pattern_cannot_hang(pattern: str) -> None:
    began = time.perf_counter()
    through([{"op": "extract", "pattern": pattern}], "a" * 20_000 + "b")
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    "piece",
    ["<", "<a", "<a ", '<a "', "<!--", "<!", "<div>", "</", "<script>", "<p x='", "&", "&#", ". "],
)
def test_hostile_markup_cannot_hang(piece: str) -> None:
    began = time.perf_counter()
    steps = ["strip_html", {"op": "case", "to": "sentence"}, {"op": "case", "to": "title"}]
    through([*steps, "collapse"], piece * (400_000 // len(piece)), piece * 50_000 + ">")
    assert time.perf_counter() - began < 5


def test_steps_cannot_blow_a_value_up() -> None:
    grow = {"op": "replace", "find": "a", "with": "a" * MAX_PARAMETER}
    assert through([grow] * 5, "a") == ["[too_long]"]
    assert through([{**grow, "regex": True}] * 5, "a") == ["[too_long]"]
    joined = [{"op": "split", "separator": ","}, {"op": "join", "separator": "a" * MAX_PARAMETER}]
    assert through(joined, "a," * 5_000) == ["[too_long]"]
    assert through([{"op": "split", "separator": "a"}], "a" * 20_000) == ["[too_many_items]"]
    assert through(["trim"], "a" * (MAX_TEXT + 1)) == ["[too_long]"]


def test_every_step_explains_itself_and_its_example_works() -> None:
    for step, transform in zip(EXAMPLES, TRANSFORMS.values(), strict=True):
        assert transform.description.endswith(".")
        assert "\n" not in transform.description
        assert checked([step]) == checked(checked([step]))
        assert loads(dumps(list(checked([step]))))


def test_the_documentation_lists_the_steps_as_they_are() -> None:
    written = (Path(__file__).parents[3] / "docs" / "transforms.md").read_text()
    for each in TRANSFORMS.values():
        params = "; ".join(map(_param, each.params)) or "–"
        assert f"| `{each.op}` | {params} | {each.description} |" in written
    assert set(re.findall(r"^\| `(\w+)` \|", written, re.M)) == set(TRANSFORMS)
    known = re.search(r"Known are ([^;]+?)\.\n- ", written)
    assert known
    assert " ".join(known[1].split()) == ", ".join(UNITS)


def _param(param: Param) -> str:
    choices = ": " + ", ".join(f"`{name}`" for name, _ in param.choices) if param.choices else ""
    return f"`{param.name}`{choices}{' (needed)' if param.required and not param.default else ''}"


PIECES = ["<p>", "</p >", "<br/>", "<td>", "<b a=1>", "</", "<", ">", " < ", "a", " \n ", "&amp;"]


@given(st.lists(st.sampled_from([*PIECES, "&#10;", "<a", "/", "<1>", "<e&amp;>"]), max_size=12))
def test_simple_markup_is_read_quickly_as_any_other(pieces: list[str]) -> None:
    markup = "".join(pieces)
    quick = through(["strip_html"], markup + "<q>")
    assert quick == through(["strip_html"], markup + "<q x='1'>"), "a quote: the thorough way"
