"""Readers stream: a file twenty times as long takes no more memory, whatever its format.

Measured in a process of its own by what the system says it had at most, since expat and zlib keep
their memory where Python doesn't look.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from pim.imports.readers.registry import READERS
from pim.imports.sniff import detect
from tests.factories.files import file_at
from tests.factories.workbooks import bare_workbook

TEXT = "Solid oak, oiled; made to last. " * 30
MEASURE = """
import resource, sys
from pathlib import Path
from pim.imports.readers.base import Source
from pim.imports.readers.registry import READERS
from pim.imports.sniff import detect

def read(name):
    path = Path(name)
    source = Source(path.name, path.stat().st_size, lambda: path.open("rb"))
    dialect = detect(source).dialect
    reader = READERS[dialect.format].open(source, dialect)
    rows = sum(len(batch.rows) for batch in reader.batches())
    reader.close()
    return rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

print(*read(sys.argv[1]), *read(sys.argv[2]))
"""


def write_csv(path: Path, rows: int) -> None:
    with path.open("w") as file:
        file.write("sku,name,text\n")
        file.writelines(f'S{i},Chair {i},"{TEXT}"\n' for i in range(rows))


def write_gzip(path: Path, rows: int) -> None:
    with gzip.open(path, "wt", compresslevel=1) as file:
        file.write("sku,name,text\n")
        file.writelines(f'S{i},Chair {i * i},"{TEXT}"\n' for i in range(rows))


def write_json(path: Path, rows: int) -> None:
    with path.open("w") as file:
        file.write('{"meta": {}, "products": [')
        for i in range(rows):
            file.write("," * bool(i) + json.dumps({"sku": f"S{i}", "n": {"x": i}, "t": TEXT}))
        file.write("]}")


def write_json_lines(path: Path, rows: int) -> None:
    with path.open("w") as file:
        for i in range(rows):
            file.write(json.dumps({"sku": f"S{i}", "n": {"x": i}, "t": TEXT}) + "\n")


def write_xml(path: Path, rows: int) -> None:
    with path.open("w") as file:
        file.write("<shop>")
        for i in range(rows):
            file.write(f"<item id='{i}'><sku>S{i}</sku><text>{TEXT}</text><t>a</t><t>b</t></item>")
        file.write("</shop>")


def write_xlsx(path: Path, rows: int) -> None:
    """With a shared string per row, and texts in the cells."""
    path.write_bytes(bare_workbook(""))
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist() if name != sheet}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        for name, data in parts.items():
            book.writestr(name, data)
        with book.open("xl/sharedStrings.xml", "w") as strings:
            strings.write(b"<sst>")
            for i in range(rows):
                strings.write(b"<si><t>S%d</t></si>" % i)
            strings.write(b"</sst>")
        with book.open(sheet, "w") as file:
            file.write(b"<worksheet><sheetData>")
            header = '<row><c t="str"><v>sku</v></c><c t="str"><v>name</v></c></row>'
            file.write(header.encode())
            for i in range(rows):
                cells = f'<c t="s"><v>{i}</v></c><c t="str"><v>{TEXT}</v></c>'
                file.write(f"<row>{cells}</row>".encode())
            file.write(b"</sheetData></worksheet>")


def write_languages(path: Path, rows: int) -> None:
    with path.open("w") as file:
        file.write("sku,lang,name,text\n")
        for i in range(rows):
            file.writelines(f'S{i},{lang},Chair {lang},"{TEXT}"\n' for lang in ("en", "de"))


def write_languages_apart(path: Path, rows: int) -> None:
    with path.open("w") as file:
        file.write("sku,lang,name,text\n")
        for lang in ("en", "de"):
            file.writelines(f'S{i},{lang},Chair {lang},"{TEXT}"\n' for i in range(rows))


def write_variants(path: Path, rows: int) -> None:
    with path.open("w") as file:
        file.write("Handle,Title,Variant SKU,Variant Price,Image Src,Body (HTML)\n")
        for i in range(rows):
            file.write(f'h{i},Chair,S{i},5,https://x.test/{i}.jpg,"{TEXT}"\n')
            file.write(f"h{i},,,,https://x.test/{i}-b.jpg,\n")


@pytest.mark.parametrize(
    "write",
    [
        write_csv,
        write_gzip,
        write_json,
        write_json_lines,
        write_xml,
        write_xlsx,
        write_languages,
        write_languages_apart,
        write_variants,
    ],
)
def test_memory_stays_flat_however_long_the_file(write: object, tmp_path: Path) -> None:
    assert callable(write)
    small, large = tmp_path / "small", tmp_path / "large"
    write(small, 1_000)
    write(large, 20_000)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(small), str(large)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    few, before, many, after = map(int, done.stdout.split())
    assert (few, many) == (1_000, 20_000)
    assert after - before < 8_000  # kilobytes; the larger file has some 19,000 more


@pytest.mark.parametrize("write", [write_csv, write_gzip, write_json, write_json_lines, write_xlsx])
def test_long_rows_come_in_short_batches(
    write: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """2,000 rows of 40,000 characters would be 80 MB, of which an import holds several copies."""
    assert callable(write)
    monkeypatch.setattr(sys.modules[__name__], "TEXT", "Solid oak, oiled. " * 1_500)
    path = tmp_path / "long"
    write(path, 400)
    source = file_at(path)
    dialect = detect(source).dialect
    with closing(READERS[dialect.format].open(source, dialect)) as reader:
        lengths = [len(batch) for batch in reader.batches()]
    assert sum(lengths) == 400
    assert max(lengths) <= 200
