"""The preview shows what the run reads: the same rules, the same words, also half-way mapped."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pim.imports.mapping import parse_confirmation
from pim.imports.preview import SHOWN_SAMPLES, Sample, preview
from pim.imports.rows import RowCompiler
from pim.jsontext import loads
from pim.schema.fields import Field, Vocabulary
from pim.schema.types import display

HEADERS = ["nr", "title", "price", "tags", "weight"]
SHOP = Vocabulary(
    (Field("price", "price"), Field("tags", "array"), Field("weight", "number")), "EUR", "de_DE"
)
CELLS = st.sampled_from(["", " ", "A", "1,5", "1.234", "1.234,5 €", "2 kg", "900 g", "a > b", "x"])
STEPS: dict[str, Any] = {
    "title": {"to": "name", "transform": [{"op": "combine", "template": "{} ({weight})"}]},
    "price": {"to": "price", "transform": [{"op": "number", "decimal": ","}]},
    "tags": {"to": "tags", "transform": [{"op": "split", "separator": ">"}]},
    "weight": {"to": "weight", "transform": [{"op": "unit", "to": "kg"}]},
}


def shown(mapping: Any, *rows: list[str], headers: list[str] = HEADERS) -> dict[str, Any]:
    found = preview({"mapping": mapping}, headers, rows, SHOP, {"price": ","})
    return {
        column: [each.error or each.value for each in samples]
        for column, samples in found.samples.items()
    }


def test_cells_are_shown_as_the_product_will_have_them() -> None:
    row = ["A", "chair", "1.299,5", "a > b", "900 g"]
    assert shown({"nr": "sku", **STEPS}, row) == {
        "nr": ["A"],
        "title": ["chair (900 g)"],
        "price": ["1.299,50 €"],
        "tags": ["a, b"],
        "weight": ["0,9"],
    }


def test_a_mapping_that_is_not_complete_is_shown_as_far_as_it_goes() -> None:
    row = ["A", "chair", "abc", "a", "x"]
    mapping = {"title": "nowhere", "price": "price", "weight": {"to": "weight", "transform": ["?"]}}
    found = preview({"mapping": mapping}, HEADERS, [row], SHOP, {})
    assert found.samples["nr"] == (Sample("A", "A"),)
    assert "“abc”" in found.samples["price"][0].error
    assert {error.code for error in found.errors} == {"unknown_field", "unknown_transform"}
    assert shown("nonsense", row)["title"] == ["chair"]
    assert shown({}, headers=HEADERS)["title"] == []


def test_a_few_different_samples_are_enough() -> None:
    rows = [[sku, "same", "", "", ""] for sku in "ABCDE"]
    found = shown({"nr": "sku", "title": "name"}, *rows)
    assert found["nr"] == list("ABCDE")[:SHOWN_SAMPLES]
    assert found["title"] == ["same"]
    assert found["price"] == []


@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=3))
def test_the_run_reads_exactly_what_the_preview_shows(rows: list[list[str]]) -> None:
    body = {"mapping": {"nr": "sku", **STEPS}}
    confirmed = parse_confirmation(body, HEADERS, SHOP, {"price": ","})
    compiler = RowCompiler(HEADERS, confirmed.rules, confirmed.options, confirmed.vocabulary)
    read = compiler.read(rows)
    seen = preview(body, HEADERS, rows, SHOP, {"price": ","}).samples
    for position, row in enumerate(rows):
        data = loads(read.data[position])
        wrong = {each.column: each.message for each in read.problems.get(position, ())}
        for place, column in ((2, "price"), (3, "tags"), (4, "weight")):
            kind = next(known.type for known in SHOP.fields if known.name == column)
            raw = row[place].strip()
            value = " ".join(display(kind, data.get(column), "de_DE").split())
            error = wrong.get(column, "")
            if raw or value or error:
                assert Sample(raw, "" if error else value, error) in seen[column]
