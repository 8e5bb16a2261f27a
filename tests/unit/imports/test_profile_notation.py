"""How numbers of a column are written: what a program wrote is read as programs write it."""

from __future__ import annotations

import json

from pim.imports.profile import Profile, profile_file
from pim.imports.readers.registry import READERS
from pim.imports.sniff import detect
from pim.schema.types import CoerceContext, coerce
from tests.factories.files import a_file


def profile(content: str, filename: str) -> Profile:
    source = a_file(content, filename)
    found = detect(source)
    entry = READERS[found.dialect.format]
    reader = entry.open(source, found.dialect)
    return profile_file(found.headers, reader.batches(), by_program=entry.by_program)


def test_three_decimals_of_a_json_number_are_no_thousands() -> None:
    (column,) = profile("[" + ",".join('{"w": 1.234}' for _ in range(3)) + "]", "x.json").columns
    assert column.decimal == "json"
    assert str(coerce("number", "1.234", CoerceContext(decimal=column.decimal))) == "1.234"


def test_texts_with_a_comma_keep_theirs_in_json_too() -> None:
    records = [{"price": "1.234,50", "w": 1.5}, {"price": "1,234", "w": 2.25}]
    price, weight = profile(json.dumps(records), "x.json").columns
    assert (price.decimal, weight.decimal) == (",", "json")


def test_what_people_wrote_is_judged_by_what_it_shows() -> None:
    (_, price) = profile("sku;price\nA;1.234\nB;2.345\n", "x.csv").columns
    assert price.decimal is None
