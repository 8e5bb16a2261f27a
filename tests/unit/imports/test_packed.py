"""Gzip and zip of one file: read like the file, with limits, and clear words when that fails."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import pytest

from pim.imports.readers.base import FileProblem, Limits, Source
from pim.imports.sniff import parse_overrides
from tests.factories.files import Read, a_file, read_file
from tests.factories.workbooks import workbook

CSV = b"sku;name\nA;Chair\nB;Lamp\n"
CONTENTS = {
    "products.csv": CSV,
    "products.tsv": b"sku\tname\nA\tChair\nB\tLamp\n",
    "products.json": json.dumps([{"sku": "A", "name": "Chair"}, {"sku": "B", "name": "Lamp"}]),
    "products.jsonl": '{"sku": "A", "name": "Chair"}\n{"sku": "B", "name": "Lamp"}\n',
    "products.xml": "<shop>"
    + "<item><sku>A</sku><name>Chair</name></item><item><sku>B</sku><name>Lamp</name></item>"
    + "</shop>",
    "products.xlsx": workbook({"S": [["sku", "name"], ["A", "Chair"], ["B", "Lamp"]]}),
}


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def as_bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content


def is_read(found: Read) -> bool:
    return found.rows == [["A", "Chair"], ["B", "Lamp"]] and found.headers == ["sku", "name"]


@pytest.mark.parametrize("name", CONTENTS)
def test_every_format_is_read_out_of_gzip(name: str) -> None:
    found = read_file(a_file(gzip.compress(as_bytes(CONTENTS[name])), f"{name}.gz"))
    assert is_read(found)
    assert found.detection.dialect.packed == "gzip"
    assert found.detection.dialect.format == name.rpartition(".")[2]
    assert found.detection.reasons["packed"] == f"“{name}”, unpacked from gzip."


@pytest.mark.parametrize("name", CONTENTS)
def test_every_format_is_read_out_of_zip(name: str) -> None:
    found = read_file(a_file(zipped({f"export/{name}": CONTENTS[name]}), "upload.zip"))
    assert is_read(found)
    assert found.detection.dialect.packed == "zip"
    assert found.detection.dialect.format == name.rpartition(".")[2]


def test_the_name_of_an_archive_does_not_matter() -> None:
    assert is_read(read_file(a_file(gzip.compress(CSV), "products.csv")))
    assert is_read(read_file(a_file(zipped({"x": CSV}), "products")))


def test_what_operating_systems_leave_in_archives_does_not_count() -> None:
    files = {"a/": b"", "a/p.csv": CSV, "__MACOSX/a/._p.csv": b"junk", "a/.DS_Store": b"junk"}
    assert is_read(read_file(a_file(zipped(files), "x.zip")))


def test_several_files_are_refused_by_name() -> None:
    files = {f"part{i}.csv": CSV for i in range(7)}
    with pytest.raises(FileProblem, match=r"7 files: “part0\.csv”.*and 2 more") as caught:
        read_file(a_file(zipped(files), "x.zip"))
    assert caught.value.code == "several_files"


@pytest.mark.parametrize("files", [{}, {"folder/": b""}])
def test_an_archive_without_a_file_is_refused(files: dict[str, bytes]) -> None:
    with pytest.raises(FileProblem, match="holds no file"):
        read_file(a_file(zipped(files), "x.zip"))


def test_an_archive_in_an_archive_is_refused() -> None:
    with pytest.raises(FileProblem, match="inside another archive"):
        read_file(a_file(gzip.compress(gzip.compress(CSV)), "x.csv.gz.gz"))


def test_a_password_is_said_to_be_in_the_way() -> None:
    locked = bytearray(zipped({"p.csv": CSV}))
    for place in (6, locked.index(b"PK\x01\x02") + 8):
        locked[place] |= 1
    with pytest.raises(FileProblem, match="protected by a password"):
        read_file(a_file(bytes(locked), "x.zip"))


def large() -> bytes:
    return b"sku;name\n" + b"".join(b"S%d;Chair number %d\n" % (i, i * i) for i in range(100_000))


def test_progress_counts_bytes_of_the_packed_file() -> None:
    content = large()
    for packed in (gzip.compress(content), zipped({"p.csv": content})):
        found = read_file(a_file(packed, "x"))
        assert len(found.rows) == 100_000
        assert 0.95 * len(packed) < found.end_byte <= len(packed)


@pytest.mark.parametrize("part", [0.3, 0.6, 0.99])
def test_a_gzip_cut_off_says_at_which_byte(part: float) -> None:
    packed = gzip.compress(large())
    cut = packed[: int(len(packed) * part)]
    with pytest.raises(FileProblem, match="cut off") as caught:
        read_file(a_file(cut, "x.csv.gz"))
    assert caught.value.byte == len(cut)


def test_a_gzip_with_wrong_bytes_is_said_to_be_damaged() -> None:
    packed = bytearray(gzip.compress(large()))
    packed[len(packed) // 2] ^= 0xFF
    with pytest.raises(FileProblem, match="damaged near byte") as caught:
        read_file(a_file(bytes(packed), "x.csv.gz"))
    assert caught.value.code == "damaged_archive"


def test_a_zip_cut_off_or_with_wrong_bytes_is_refused() -> None:
    packed = zipped({"p.csv": large()})
    for broken in (packed[:1000], packed[:-10], packed[:5000] + b"\0\0\0\0" + packed[5004:]):
        with pytest.raises(FileProblem) as caught:
            read_file(a_file(broken, "x.zip"))
        assert caught.value.code == "damaged_archive"
        assert caught.value.byte is not None


def limited(packed: bytes, limits: Limits) -> Source:
    return replace(a_file(packed, "x"), limits=limits)


def test_unpacking_stops_at_the_largest_size_allowed() -> None:
    limits = Limits(unpacked_bytes=1_000_000)
    for packed in (gzip.compress(large()), zipped({"p.csv": large()})):
        with pytest.raises(FileProblem, match=r"larger than 1\.0 MB") as caught:
            read_file(limited(packed, limits))
        assert caught.value.code == "unpacked_too_large"


def test_unpacking_stops_when_it_is_out_of_proportion() -> None:
    bomb = b"sku;name\n" + b"A;" + b"x" * 30_000_000
    limits = Limits(ratio=100, ratio_from=1_000_000)
    for packed in (gzip.compress(bomb), zipped({"p.csv": bomb})):
        with pytest.raises(FileProblem, match="100 times its size"):
            read_file(limited(packed, limits))


def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_states() -> None:
    packed = zipped({"p.csv": large()})
    place = packed.index(b"PK\x01\x02") + 24
    lie = packed[:place] + (1000).to_bytes(4, "little") + packed[place + 4 :]
    with pytest.raises(FileProblem):
        read_file(a_file(lie, "x.zip"))


def test_a_format_can_be_chosen_for_what_is_inside() -> None:
    found = read_file(
        a_file(gzip.compress(CSV), "x.gz"),
        parse_overrides({"format": "csv", "delimiter": ";", "header_row": "none"}),
    )
    assert len(found.rows) == 3
