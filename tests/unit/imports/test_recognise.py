"""Which format a file has: what is in it counts, its name only when that leaves it open."""

from __future__ import annotations

import pytest

from pim.imports.readers.base import FileProblem
from pim.imports.readers.recognise import recognise
from pim.imports.readers.registry import READERS
from tests.factories.files import a_file


def format_of(content: str | bytes, filename: str = "upload", encoding: str = "utf-8") -> str:
    return recognise(a_file(content, filename, encoding), READERS.values())[0]


@pytest.mark.parametrize("filename", ["x.csv", "x.json", "x.xml", "x.xlsx", "x.dat", "x"])
@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('[{"sku": "A"}]', "json"),
        ('\n\t [\n  {"sku": "A"}]', "json"),
        ("[[1]]", "json"),
        ('{"products": [\n{"sku": "A"}]}', "json"),
        ('{\n  "products": []}', "json"),
        ('{"sku": "A"}\n{"sku": "B"}\n', "jsonl"),
        ('{"sku": "A"}\r\n\r\n{"sku": "B"', "jsonl"),
        ('<?xml version="1.0"?><shop/>', "xml"),
        ("sku,name\nA,Chair\n", "csv"),
        ("sku;name\nA;Chair\n", "csv"),
    ],
)
def test_content_decides_whatever_the_name(content: str, found: str, filename: str) -> None:
    assert format_of(content, filename) == found


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_content_is_seen_in_every_encoding(encoding: str) -> None:
    assert format_of('[{"sku": "A"}]', "x", encoding) == "json"
    assert format_of("<?xml version='1.0'?><a/>", "x", encoding) == "xml"


@pytest.mark.parametrize(
    ("content", "filename", "found"),
    [
        ("<shop><item/></shop>", "feed.xml", "xml"),
        ("<shop><item/></shop>", "feed", "xml"),
        ("<sku>;<name>\nA;B\n", "x.csv", "csv"),
        ("[sku],[name]\nA,B\n", "x.csv", "csv"),
        ("{sku},{name}\nA,B\n", "x.csv", "csv"),
        ("a\tb\n1\t2\n", "x.tsv", "tsv"),
        ("a\tb\n1\t2\n", "x.tab", "tsv"),
        ("a\tb\n1\t2\n", "x.txt", "csv"),
        ('{"sku": "A"}', "x.ndjson", "jsonl"),
        ('{"sku": "A"}', "x.json", "json"),
        ("sku", "x", "csv"),
        ("", "x.csv", "csv"),
        ('"sku": "A"', "x.json", "json"),
        ("shop", "x.xml", "xml"),
    ],
)
def test_the_name_decides_what_the_content_leaves_open(
    content: str, filename: str, found: str
) -> None:
    assert format_of(content, filename) == found


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"7z\xbc\xaf\x27\x1c", "7z"),
        (b"PAR1", "Parquet"),
        (b"<!doctype html><title>x</title>", "web page"),
        (b"<html>", "web page"),
        (b"\x00\x01\x02\x03\x00\x00\x10" * 100, "not text"),
    ],
)
def test_what_is_no_table_is_named(content: bytes, says: str) -> None:
    with pytest.raises(FileProblem, match=says) as caught:
        format_of(content, "products.xlsx")
    assert caught.value.code == "unsupported_format"


def test_reasons_are_given_in_words() -> None:
    assert recognise(a_file("[{}]", "x"), READERS.values())[1] == "The file begins with a [."
