"""The fuzzers run: a few seconds of each, from the same seed every time."""

from __future__ import annotations

import random

from tests.factories.broken import WHOLE
from tests.fuzz.mutation import Fuzzer, seeds
from tests.fuzz.readers import SMALL, read_input
from tests.fuzz.values import TEXTS, read_text


def test_files_made_at_random_are_read_or_refused() -> None:
    fuzzer = Fuzzer(read_input, seeds([*(WHOLE | SMALL).items()]), random.Random(20), 60)
    fuzzer.run(3)
    assert fuzzer.runs > len(WHOLE)
    assert {told: failure.content for told, failure in fuzzer.failures.items()} == {}


def test_texts_made_at_random_are_read_or_refused() -> None:
    named = [(kind, text.encode()) for kind in ("price", "array", "number") for text in TEXTS]
    fuzzer = Fuzzer(read_text, seeds(named), random.Random(20), 60, 500)
    fuzzer.run(3)
    assert fuzzer.runs > len(named)
    assert {told: failure.content for told, failure in fuzzer.failures.items()} == {}


def test_a_fault_is_found_and_kept() -> None:
    def target(name: str, content: bytes) -> str:
        if b'"' in content:
            raise ZeroDivisionError
        return name

    fuzzer = Fuzzer(target, [("a.csv", b"sku")], random.Random(1))
    fuzzer.run(0.5)
    (told,) = fuzzer.failures
    assert told.startswith("ZeroDivisionError")
    assert b'"' in fuzzer.failures[told].content
