"""A list of failed rows that comes back: its cells are what they were before a spreadsheet."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from pim.core.formulas import harmless, unharmed
from pim.imports.corrected import is_corrected, of_the_report
from pim.imports.suggestion import Suggestion


@given(st.text(alphabet="'=+-@\t\r 1a.,"))
@example("=1+1")
@example("-5")
@example("plain")
def test_what_was_made_harmless_comes_back_as_it_was(cell: str) -> None:
    if not cell.startswith("'"):
        assert unharmed(harmless(cell)) == cell


def test_only_an_apostrophe_that_was_put_there_is_taken_off() -> None:
    assert unharmed("'90s chair") == "'90s chair"
    assert unharmed("'-5") == "'-5", "a number needs none"
    assert unharmed("'=1") == "=1"


def test_it_is_known_by_its_two_columns_and_they_go_nowhere() -> None:
    headers = ["sku", "_line", "_error"]
    rules = [Suggestion(header, header, "string", 0.5, "") for header in headers]
    assert is_corrected(headers)
    assert {place: each.target for place, each in of_the_report(headers, rules).items()} == {
        1: None,
        2: None,
    }
    assert not is_corrected(["sku", "_line"])
    assert of_the_report(["sku", "_line"], rules[:2]) == {}
