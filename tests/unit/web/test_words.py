"""Figures, sizes, times and names as pages write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.web import words

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "just now"),
        (4.9, "just now"),
        (59, "59 s ago"),
        (61, "1 min ago"),
        (3 * 3600, "3 h ago"),
        (86_400, "yesterday"),
        (3 * 86_400, "3 days ago"),
        (15 * 86_400, "5 Nov 2026"),
    ],
)
def test_a_moment_is_told_in_few_words(seconds: float, expected: str) -> None:
    assert words.elapsed_words(NOON - timedelta(seconds=seconds), NOON) == expected


def test_a_moment_keeps_its_exact_time_for_who_wants_it() -> None:
    markup = words.ago(NOON - timedelta(minutes=4), NOON)
    assert 'datetime="2026-11-20T11:56:00+00:00"' in markup
    assert ">4 min ago</time>" in markup


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (12_400_000, "12.4 MB"),
        (4 * 10**12, "4,000.0 GB"),
        (None, "—"),
    ],
)
def test_a_file_size_is_written_as_file_managers_do(size: int | None, expected: str) -> None:
    assert words.filesize(size) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.04, "0.0 s"), (3.14, "3.1 s"), (42.9, "42 s"), (60, "1 min"), (245, "4 min 5 s")],
)
def test_a_duration_is_as_exact_as_it_needs_to_be(seconds: float, expected: str) -> None:
    assert words.duration(seconds) == expected


def test_one_is_not_many() -> None:
    assert words.plural(1, "row") == "1 row"
    assert words.plural(48_213, "row") == "48,213 rows"
    assert words.plural(2, "person", "people") == "2 people"


@given(st.text())
def test_any_text_has_a_colour_and_it_stays(seed: str) -> None:
    assert 0 <= words.hue(seed) < words.HUES
    assert words.hue(seed) == words.hue(seed)


@given(st.text())
def test_any_name_has_initials(name: str) -> None:
    assert words.initials(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Ada King", "AK"), ("ada@northwind.example", "AN"), ("Li", "LI"), ("", "?"), (None, "?")],
)
def test_initials_come_from_the_first_and_the_last_word(name: str | None, expected: str) -> None:
    assert words.initials(name) == expected
