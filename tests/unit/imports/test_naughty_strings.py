"""The big list of naughty strings through every format: nothing is lost, changed or carried out."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest

from pim.imports.readers.base import Overrides
from tests.factories.files import a_file, read_file
from tests.factories.shared_data import shared_data
from tests.factories.workbooks import workbook

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def naughty() -> list[str]:
    strings = json.loads(shared_data("blns", "blns.json").read_text("utf-8"))
    assert len(strings) > 400
    return [text for text in strings if text]


def as_csv(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["sku", "text"], *rows])
    return text.getvalue().encode()


def as_json(rows: list[list[str]]) -> bytes:
    records = [dict(zip(("sku", "text"), row, strict=True)) for row in rows]
    return json.dumps(records, ensure_ascii=False).encode()


def as_json_lines(rows: list[list[str]]) -> bytes:
    return b"".join(json.dumps({"sku": sku, "text": text}).encode() + b"\n" for sku, text in rows)


def as_xml(rows: list[list[str]]) -> bytes:
    items = (
        f"<item><sku>{sku}</sku><text>{escape(text, {chr(13): '&#13;'})}</text></item>"
        for sku, text in rows
    )
    return f"<shop>{''.join(items)}</shop>".encode()


def as_xlsx(rows: list[list[str]]) -> bytes:
    return workbook({"S": [["sku", "text"], *rows]})


WRITERS: dict[str, tuple[Callable[[list[list[str]]], bytes], bool]] = {
    "csv": (as_csv, True),
    "json": (as_json, True),
    "jsonl": (as_json_lines, True),
    "xml": (as_xml, False),
    "xlsx": (as_xlsx, False),
}


@pytest.mark.parametrize("name", WRITERS)
def test_naughty_strings_come_through_as_they_are(name: str) -> None:
    write, holds_everything = WRITERS[name]
    texts = naughty() if holds_everything else [t for t in naughty() if not NOT_IN_XML.search(t)]
    rows = [[f"S-{number}", text] for number, text in enumerate(texts)]
    found = read_file(a_file(write(rows), f"x.{name}"), Overrides(format=name, header_row=1))
    assert found.headers == ["sku", "text"]
    assert found.problems == []
    assert found.rows == rows


@pytest.mark.parametrize("name", ["csv", "json", "xlsx"])
def test_naughty_strings_may_be_headers(name: str) -> None:
    texts = [text for text in naughty() if not NOT_IN_XML.search(text)]
    texts = list(dict.fromkeys(" ".join(text.split()) for text in texts))
    texts = [text for text in texts if text == text.strip("\u200b\u2060\ufeff\u200c\u200d")]
    texts = [text for text in texts if text and len(text) <= 200][:300]
    values = [f"v{number}" for number, _ in enumerate(texts)]
    if name == "json":
        content = json.dumps([dict(zip(texts, values, strict=True))]).encode()
    elif name == "csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows([texts, values])
        content = text.getvalue().encode()
    else:
        content = workbook({"S": [texts, values]})
    found = read_file(a_file(content, f"x.{name}"), Overrides(format=name, header_row=1))
    assert found.headers == texts
    assert found.rows == [values]
