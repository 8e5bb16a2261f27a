"""Files that are broken in every way we have met, made here: name → content and what is said."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from tests.factories.workbooks import bare_workbook, workbook

RECORDS = [
    {"sku": f"NW-{n}", "name": f"Stühl {n}", "price": n + 0.5, "tags": ["oak", "a, b"]}
    for n in range(40)
]
_HEADERS = list(RECORDS[0])


def _csv() -> bytes:
    lines = [f'{r["sku"]};"{r["name"]}, ""x""";{r["price"]};"oak\nash"' for r in RECORDS]
    return "\r\n".join([";".join(_HEADERS), *lines, ""]).encode()


def _xml() -> bytes:
    items = "".join(
        f"<item id='{r['sku']}'><name>{r['name']} &amp; co</name><price>{r['price']}</price>"
        "<tag>a</tag><tag><![CDATA[<b>]]></tag></item>"
        for r in RECORDS
    )
    return f"<?xml version='1.0' encoding='utf-8'?><shop>{items}</shop>".encode()


def zipped(**files: bytes) -> bytes:
    """A zip archive of files; `__` in a name stands for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return out.getvalue()


WHOLE: dict[str, bytes] = {
    "a.csv": _csv(),
    "a.tsv": _csv().replace(b";", b"\t"),
    "a.json": json.dumps({"items": RECORDS}, ensure_ascii=False, indent=1).encode(),
    "a.jsonl": b"".join(json.dumps(r).encode() + b"\n" for r in RECORDS),
    "a.xml": _xml(),
    "a.xlsx": workbook(
        {"S": [_HEADERS, *([r["sku"], r["name"], r["price"], "oak"] for r in RECORDS)]}
    ),
    "a.csv.gz": gzip.compress(_csv(), mtime=0),
    "a.zip": zipped(a__json=json.dumps(RECORDS).encode()),
}


def _document() -> bytes:
    return zipped(**{"[Content_Types]__xml": b"<Types/>", "word/document__xml": b"<w/>"})


def damaged(content: bytes, seed: int) -> bytes:
    """The same file with a few bits flipped, bytes left out or written twice."""
    chance = random.Random(seed)
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        what = chance.randrange(4)
        if what == 0:
            data[at] ^= 1 << chance.randrange(8)
        elif what == 1:
            del data[at : at + chance.randint(1, 30)]
        elif what == 2:
            data[at:at] = data[at : at + chance.randint(1, 30)]
        else:
            data[at : at + 1] = chance.choice([b"\0", b'"', b"\xff", b"<", b"}", b"\r", b"\x80"])
    return bytes(data) or b"x"


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that is refused. code: of the error; place: what the answer says of where."""

    filename: str
    content: bytes
    code: str
    place: tuple[str, ...] = ()


def refused() -> Iterator[Broken]:
    """Files that can't be read at all."""
    book = WHOLE["a.xlsx"]
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    yield Broken("empty.csv", b"", "empty_file")
    yield Broken("blank.csv", b" \r\n\r\n \n", "empty_file")
    yield Broken("mark.csv", b"\xef\xbb\xbf", "empty_file")
    yield Broken("empty.xlsx", b"", "empty_file")
    yield Broken("two.zip", zipped(a__csv=_csv(), b__csv=_csv()), "several_files")
    yield Broken("none.zip", zipped(), "empty_archive")
    yield Broken("bomb.csv.gz", gzip.compress(b"a" * 80_000_000), "unpacked_too_large", ("byte",))
    yield Broken("cut.csv.gz", WHOLE["a.csv.gz"][:-60], "damaged_archive", ("byte",))
    yield Broken("document.xlsx", _document(), "unsupported_format")
    yield Broken("cut.xlsx", book[: len(book) // 2], "damaged_archive", ("byte",))
    yield Broken(
        "formula.xlsx",
        bare_workbook('<row r="1"><c r="A1"><v>1</v></row>'),
        "damaged_workbook",
        ("line",),
    )
    yield Broken(
        "laughs.xml",
        f'<!DOCTYPE l [<!ENTITY l0 "ha">{entities}]><l><i>&l9;</i></l>'.encode(),
        "dtd_refused",
        ("line", "column"),
    )
    yield Broken(
        "files.xml",
        b'<!DOCTYPE l [<!ENTITY f SYSTEM "file:///etc/passwd">]><l><i>&f;</i></l>',
        "dtd_refused",
        ("line", "column"),
    )
    yield Broken("cut.xml", WHOLE["a.xml"][:-20], "bad_xml", ("line", "column", "byte"))
    yield Broken("tail.json", WHOLE["a.json"] + b"oops", "bad_json", ("line", "byte"))
    yield Broken("cut.json", WHOLE["a.json"][:-30], "bad_json", ("byte",))
    yield Broken("deep.json", b"[" * 100_000, "bad_json")
    yield Broken("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "unsupported_format")
    yield Broken("paper.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "unsupported_format")
