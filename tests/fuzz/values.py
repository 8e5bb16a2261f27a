"""Fuzzes what reads values: `python -m tests.fuzz.values --seconds 60`.

Each text is read as every type, in every notation. What is read has to be canonical, has to read
back from what a form shows of it, and has to be the same for a column as for a single value.
"""

from __future__ import annotations

import random
import sys
from itertools import product

from pim.products.export.cells import cell_text
from pim.schema.types import (
    FIELD_TYPES,
    CoerceContext,
    CoercionError,
    coerce,
    column_coercer,
    display,
    dumps,
    is_blank,
    is_canonical,
    loads,
    to_input,
)
from tests.factories.naughty import OURS
from tests.fuzz.mutation import Fuzzer, from_command_line, seeds

CONTEXTS = [
    CoerceContext(currency, "en_US", decimal)
    for currency, decimal in product(("EUR", "JPY", ""), (None, ".", ",", "json"))
]
TEXTS = (
    *("19,99 €", "USD 1,234.50", "1.234,5", "12,34,567", "1 234", "1e-7", "5.-", "3-", "Fr. 19.90"),
    *("yes", "nein", "☑", "oak, natural; black", '["a", "b"]', '"a, b", c', "a|b|c", "a\nb"),
    *("https://example.com/ä?b=1", "http://[::1]:80/", "de_DE: 19.99 EUR; 21.50 USD"),
    *('{"EUR": 19.99, "USD": 21}', '[{"amount": 1, "currency": "EUR", "locale": "de"}]'),
)


def read_text(name: str, content: bytes) -> str:
    """Read a text as one type in all contexts; a word for what came of it."""
    text = content.decode("utf-8", "surrogateescape" if len(content) % 3 == 0 else "replace")
    outcomes = []
    for context in CONTEXTS:
        try:
            value = None if is_blank(text) else coerce(name, text, context)
        except CoercionError as error:
            _column_agrees(name, text, context, error)
            outcomes.append(error.code)
            continue
        _column_agrees(name, text, context, value)
        if is_blank(value):
            outcomes.append("blank")
            continue
        _holds(name, value, context)
        outcomes.append(type(value).__name__)
    return " ".join(sorted(set(outcomes)))


def _column_agrees(name: str, text: str, context: CoerceContext, expected: object) -> None:
    """A column reads the text as the same value, or refuses it too (perhaps for another reason)."""
    found = column_coercer(name, context)(["", text, None])
    if isinstance(expected, CoercionError):
        assert found.errors
        assert expected.message
        return
    assert not found.errors
    assert (found.values[1] or None) == (expected or None) or found.values[1] == expected


def _holds(name: str, value: object, context: CoerceContext) -> None:
    assert is_canonical(name, value)
    assert loads(dumps(value)) == value
    assert display(name, value)
    for notation in (None, ".", ",", "json"):
        shown = to_input(name, value, notation)
        assert coerce(name, shown, CoerceContext("", "en_US", notation)) == value, shown
    assert coerce(name, cell_text(value), context) == value, cell_text(value)


def fuzzer_of(only: str, chance: random.Random) -> Fuzzer:
    """Of all types, or one."""
    texts = [text for text in (*TEXTS, *OURS) if len(text) < 500]
    kinds = [only] if only else list(FIELD_TYPES)
    named = [(kind, text.encode()) for kind in kinds for text in texts]
    return Fuzzer(read_text, seeds(named), chance, largest=2_000)


if __name__ == "__main__":
    sys.exit(from_command_line(__doc__, "Only this type.", fuzzer_of))
