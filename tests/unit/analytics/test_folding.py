"""Which characters make the quick comparison of texts insufficient."""

from __future__ import annotations

import sys
from string import ascii_lowercase

from pim.analytics.folding import SPECIAL


def test_every_character_that_folds_to_a_letter_of_ascii_is_known() -> None:
    everyone = map(chr, range(0x80, sys.maxunicode + 1))
    found = {c for c in everyone if set(c.casefold()) & set(ascii_lowercase)}
    assert found == set(SPECIAL)
