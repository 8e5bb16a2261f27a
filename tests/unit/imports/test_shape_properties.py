"""Shaped files lose nothing and add nothing up wrong, whatever rows they hold and however read."""

from __future__ import annotations

import csv
import io
from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from pim.imports.readers.base import Batch, Overrides
from pim.imports.readers.delimited import open_reader
from pim.imports.readers.registry import READERS
from pim.imports.shapes.applied import shaped
from pim.imports.shapes.attribute_lists import read_list
from pim.imports.shapes.shaping import Shaping, Variant
from pim.imports.sniff import detect
from pim.products.identity import sku_key
from tests.factories.files import a_file

LABELS = ("de", "fr", "en")
skus = st.sampled_from(["A", "a ", "B", "C", "D", ""])
cells = st.sampled_from(["", "x", "y", "z", "1"])
rows = st.lists(st.tuples(skus, st.sampled_from(LABELS), cells, cells), max_size=30)

LANGUAGES = Shaping(
    "languages",
    identity="sku",
    by=("lang",),
    main=("en",),
    variants=tuple(Variant("name", label) for label in ("de", "fr")),
    scattered=True,
    rest=True,
)


def as_csv(header: list[str], lines: list[tuple[str, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return out.getvalue()


def read(text: str, shaping: Shaping, size: int) -> tuple[list[str], list[Batch]]:
    source = a_file(text)
    dialect = detect(source, Overrides(shape="none", delimiter=",")).dialect
    reader = shaped(lambda: open_reader(source, dialect), shaping)
    try:
        return reader.headers, list(reader.batches(size))
    finally:
        reader.close()


@given(rows, st.integers(1, 7))
def test_joined_rows_hold_the_last_value_of_every_language(
    given_rows: list[tuple[str, str, str, str]], size: int
) -> None:
    text = as_csv(["sku", "lang", "name", "note"], given_rows)
    headers, batches = read(text, LANGUAGES, size)
    last: dict[str, dict[str, str]] = defaultdict(dict)
    for sku, lang, name, _ in given_rows:
        last[sku_key(sku)][lang] = name
    final = {}
    for batch in batches:
        for row in batch.rows:
            final[sku_key(row[0])] = dict(zip(headers, row, strict=True))
    assert set(final) == {sku_key(sku) for sku, *_ in given_rows}
    for key, names in last.items():
        if key:
            got = final[key]
            found = {"en": got["name"], "de": got["name-de"], "fr": got["name-fr"]}
            assert found == {label: names.get(label, "") for label in LABELS}


@given(rows, st.integers(1, 7))
def test_lines_rise_counts_add_up_and_batches_change_nothing(
    given_rows: list[tuple[str, str, str, str]], size: int
) -> None:
    text = as_csv(["sku", "lang", "name", "note"], given_rows)
    _, batches = read(text, LANGUAGES, size)
    lines = [line for batch in batches for line in batch.lines]
    assert lines == sorted(set(lines))
    assert all(2 <= line <= len(given_rows) + 1 for line in lines)
    done = 0
    for batch in batches:
        done += len(batch)
        assert batch.end_record == done
        assert batch.end_line == batch.lines[-1]
    _, whole = read(text, LANGUAGES, 1_000)
    assert [row for batch in batches for row in batch.rows] == [
        row for batch in whole for row in batch.rows
    ]


@given(rows, st.integers(1, 7), st.lists(st.integers(0, 30), max_size=4))
def test_rows_that_cant_be_read_are_each_told_once_where_they_are(
    given_rows: list[tuple[str, str, str, str]], size: int, bad: list[int]
) -> None:
    lines = as_csv(["sku", "lang", "name", "note"], given_rows).splitlines()
    places = sorted({1 + place % len(lines) for place in bad})
    for number, place in enumerate(places):
        lines.insert(place + number, "ragged,row")
    _, batches = read("\n".join(lines) + "\n", LANGUAGES, size)
    told = [problem.line for batch in batches for problem in batch.problems]
    assert told == [place + number + 1 for number, place in enumerate(places)]
    seen: list[int] = []
    for batch in batches:
        here = sorted([*batch.lines, *(problem.line for problem in batch.problems)])
        assert not seen or here[0] > seen[-1]
        assert batch.end_line == here[-1]
        seen += here


handles = st.lists(
    st.tuples(
        st.sampled_from(["chair", "lamp", ""]),
        st.sampled_from(["", "Chair"]),
        st.sampled_from(["", "S1", "S2", "S3"]),
        st.sampled_from(["", "u1", "u2"]),
    ),
    max_size=20,
)
FAMILIES = Shaping(
    "shopify",
    fill_by="Handle",
    fill=("Title",),
    marks=("SKU",),
    picture="Image",
    pictures="Images",
)


@given(handles, st.integers(1, 7))
def test_every_variant_is_there_once_and_every_picture_with_its_product(
    given_rows: list[tuple[str, str, str, str]], size: int
) -> None:
    headers, batches = read(as_csv(["Handle", "Title", "SKU", "Image"], given_rows), FAMILIES, size)
    found = [row for batch in batches for row in batch.rows]
    assert [row[2] for row in found if row[2]] == [row[2] for row in given_rows if row[2]]
    last = [batch.end_record for batch in batches][-1:] or [0]
    assert last == [len(found)]
    for handle, _, _, picture in given_rows:
        if handle and picture:
            assert any(picture in row[headers.index("Images")] for row in found if row[0] == handle)


names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
values = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


@given(st.dictionaries(names, values, min_size=1, max_size=5))
def test_attributes_written_in_quotes_come_back_as_they_were(given_pairs: dict[str, str]) -> None:
    text = ",".join(
        '"' + f"{name}={value}".replace('"', '""') + '"' for name, value in given_pairs.items()
    )
    assert dict(read_list(text)) == given_pairs


@given(st.text(max_size=60))
def test_no_cell_stops_the_reading_of_attributes(text: str) -> None:
    for name, _ in read_list(text):
        assert name


@given(st.lists(st.tuples(skus, cells, cells, cells), max_size=8))
def test_whatever_is_recognised_reads_as_the_preview_showed(
    given_rows: list[tuple[str, str, str, str]],
) -> None:
    for header in (
        ["sku", "locale", "name", "price"],
        ["sku", "currency", "name", "price"],
        ["Handle", "Title", "Variant SKU", "Variant Price"],
        ["sku", "store_view_code", "additional_attributes", "product_online"],
        ["sku", "Option1 Name", "Option1 Value", "name"],
    ):
        source = a_file(as_csv(header, [*given_rows, ("Z", "de", "q", "w")]))
        found = detect(source)
        dialect = type(found.dialect).from_dict(found.dialect.as_dict())
        reader = READERS[dialect.format].open(source, dialect)
        first = [row for batch in reader.batches() for row in batch.rows]
        reader.close()
        assert reader.headers == found.headers
        assert first[: len(found.sample_rows)] == found.sample_rows
