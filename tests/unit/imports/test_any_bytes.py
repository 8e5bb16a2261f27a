"""Whatever the bytes, a file is read or refused with a reason: never a crash, never a hang."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pim.imports.readers.base import FileProblem, Overrides
from pim.imports.readers.registry import READERS
from tests.factories.files import a_file, read_file
from tests.factories.workbooks import workbook

TREE = {"a": [{"sku": "Ä1", "n": 1.50, "t": ["x", {"y": None}]}, {"sku": "B", "n": -2e3}]}
SAMPLES = {
    "csv": 'sku;name;"a b"\r\nA;"x; ""y""\nz";1,5\r\nB;ü;\r\n'.encode(),
    "tsv": b"sku\tname\nA\tx\nB\ty\n",
    "json": json.dumps(TREE, ensure_ascii=False, indent=1).encode(),
    "jsonl": b"".join(json.dumps(each).encode() + b"\n" for each in TREE["a"]),
    "xml": '<?xml version="1.0" encoding="utf-8"?><s xmlns:g="u"><i a="1"><g:k>Ä &amp; b</g:k>'
    "<t>x</t><t><![CDATA[<b>]]></t></i><i><t>c <b>d</b></t></i></s>".encode(),
    "xlsx": workbook({"S": [["sku", "n"], ["A", 1.5], ["B", (45_000, "yyyy-mm-dd")]]}),
}


@pytest.mark.parametrize("name", READERS)
@given(st.binary(max_size=200))
def test_arbitrary_bytes(name: str, data: bytes) -> None:
    with suppress(FileProblem):
        read_file(a_file(data, f"x.{name}"), Overrides(format=name))


@given(st.binary(max_size=200), st.sampled_from(["x", "x.csv", "x.json", "x.xml", "x.xlsx"]))
def test_arbitrary_bytes_of_no_known_format(data: bytes, filename: str) -> None:
    with suppress(FileProblem):
        read_file(a_file(data, filename))


@st.composite
def broken(draw: st.DrawFn, sample: bytes) -> bytes:
    """A file in which pieces were cut out, doubled or written over."""
    data = bytearray(sample)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 20)))
        piece = draw(st.binary(max_size=6)) if draw(st.booleans()) else bytes(data[start:end]) * 2
        data[start:end] = piece
    return bytes(data)


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
@settings(max_examples=150)
def test_files_that_were_damaged(name: str, data: st.DataObject) -> None:
    content = data.draw(broken(SAMPLES[name]))
    with suppress(FileProblem):
        read_file(a_file(content, f"x.{name}"), Overrides(format=name), size=1)
    with suppress(FileProblem):
        read_file(a_file(content, "upload"))


@given(broken(gzip.compress(SAMPLES["csv"])))
def test_archives_that_were_damaged(content: bytes) -> None:
    with suppress(FileProblem):
        read_file(a_file(content, "x.csv.gz"))
