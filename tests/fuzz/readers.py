"""Fuzzes what reads files: `python -m tests.fuzz.readers --seconds 60`.

Each input is detected, read twice (whole and record by record, which must agree), and its rows are
read as products. Anything but rows, row problems and a `FileProblem` with a sentence is a failure.
"""

from __future__ import annotations

import random
import re
import sys

from pim.imports.mapping import ColumnRule, Options
from pim.imports.readers.base import FileProblem, Overrides
from pim.imports.readers.registry import READERS
from pim.imports.rows import RowCompiler
from pim.jsontext import loads
from pim.schema.fields import Field, Vocabulary
from pim.schema.types import FIELD_TYPES
from tests.factories.broken import WHOLE
from tests.factories.files import Read, a_file, read_file
from tests.fuzz.mutation import Fuzzer, from_command_line, seeds

VOCABULARY = Vocabulary(tuple(Field(f"{kind} field", kind) for kind in FIELD_TYPES))
SMALL = {
    "b.csv": b"sep=;\r\nsku;name\r\n1;'a;b'\r\n",
    "b.json": b'[{"sku":"A","price":{"amount":1.50,"currency":"EUR"},"n":[{"a":null}]}]',
    "b.xml": b"<a xmlns:g='u'><e g:id='1'><b>x</b><b/></e><e g:id='2'>t<i>u</i></e></a>",
}


def read_input(name: str, content: bytes) -> str:
    """Read an input as an import does; a word for what came of it."""
    forced = name.rpartition(".")[2]
    overrides = Overrides(format=forced) if forced in READERS and len(content) % 2 else None
    try:
        whole = read_file(a_file(content, name), overrides)
    except FileProblem as problem:
        _is_a_sentence(problem.message)
        return f"{problem.code} {re.sub(r'[^a-z ]', '', problem.message.lower())[:60]}"
    one_by_one = read_file(a_file(content, name), overrides, size=1)
    assert (one_by_one.rows, one_by_one.lines) == (whole.rows, whole.lines)
    assert _told(one_by_one) == _told(whole)
    _as_products(whole)
    dialect = whole.detection.dialect
    codes = sorted({problem.code for problem in whole.problems})
    width = min(len(whole.headers), 5)
    return f"{dialect.format} {dialect.encoding} {dialect.delimiter!r} {width} {codes}"


def _is_a_sentence(message: str) -> None:
    assert message.endswith((".", "?", "”")), message


def _told(found: Read) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in found.problems]


def _as_products(found: Read) -> None:
    """Read the rows as products: the first column is the SKU, the others take turns as types."""
    fields = VOCABULARY.fields
    rules = [ColumnRule(found.headers[0], "sku", "string")]
    for header, field in zip(found.headers[1:], fields, strict=False):
        rules.append(ColumnRule(header, field.name, field.type))
    for options in (Options(), Options(blank="clear", on_error="skip_value")):
        read = RowCompiler(found.headers, rules, options, VOCABULARY).read(found.rows)
        assert len(read.skus) == len(read.data) == len(found.rows)
        for position, text in enumerate(read.data):
            assert isinstance(loads(text), dict)
            assert "\\u0000" not in text or position in read.failed or "\\\\u0000" in text


def fuzzer_of(only: str, chance: random.Random) -> Fuzzer:
    """Of all seeds, or those whose name ends so."""
    chosen = [item for item in (WHOLE | SMALL).items() if item[0].endswith(only)]
    return Fuzzer(read_input, seeds(chosen), chance)


if __name__ == "__main__":
    sys.exit(from_command_line(__doc__, "Only seeds whose name ends with this.", fuzzer_of))
