"""Texts compared without case, by Unicode's full case folding.

Python's `casefold`, ClickHouse's `caseFoldUTF8` and PostgreSQL's `casefold` agree on it: “STRASSE”
is in “Straße”, “ΟΔΟΣ” in “οδος”. Folding every text of a catalog costs several times what looking
through it does, so texts of ASCII are compared by functions that need no folding, and others are
folded only where that could make a difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from pim.analytics.columns import Parameters, any_at_once

# All the characters beyond ASCII that have letters of ASCII in their folded form.
SPECIAL = "ß\u0149\u017f\u01f0\u1e96\u1e97\u1e98\u1e99\u1e9a\u1e9e\u0130\u212a" + "".join(
    map(chr, range(0xFB00, 0xFB07))
)
_LETTERS = frozenset(ascii_lowercase)
# What a product's row says of all its texts at once, so that most needn't be looked at: they are
# ASCII (0), they have other characters (1), and special ones among these (2).
BEYOND_ASCII = "beyond_ascii"
# Above so many words one look for all of them costs less than one for each; of more than the
# second, ClickHouse's look for tokens takes none.
_FEW, _MOST_TOKENS = 4, 64
# What doesn't belong to a word: anything but letters, their marks, and digits.
_OUTSIDE, _OUTSIDE_ASCII = r"[^\p{L}\p{M}\p{N}]", "[^a-z0-9]"


def folded(value: str) -> str:
    """SQL: a text without its case."""
    return f"if(isASCII({value}), lower({value}), caseFoldUTF8({value}))"


def beyond_ascii(texts: Sequence[str]) -> str:
    """SQL: the value of `BEYOND_ASCII` for these texts."""
    ascii_only = " AND ".join(f"isASCII({value})" for value in texts)
    special = ", ".join(f"'{character}'" for character in SPECIAL)
    return (
        f"multiIf({ascii_only}, 0, multiSearchAny(concat({', '.join(texts)}), [{special}]), 2, 1)"
    )


def contains(value: str, text: str, parameters: Parameters, *, of_product: bool = False) -> str:
    """SQL: whether a text has a part. of_product: it is of a row that has `BEYOND_ASCII`."""
    wanted = text.casefold()
    bound = parameters.bind(wanted)
    quick = f"position(lower({value}), {bound}) > 0"
    slow = f"position(caseFoldUTF8({value}), {bound}) > 0"
    return _either(value, wanted, quick, slow, parameters, of_product)


def starts_with(value: str, text: str, parameters: Parameters, *, of_product: bool = False) -> str:
    """SQL: whether a text begins with another. of_product: see `contains`."""
    wanted = text.casefold()
    bound = parameters.bind(wanted)
    quick = f"startsWith(lower({value}), {bound})"
    slow = f"startsWith(caseFoldUTF8({value}), {bound})"
    return _either(value, wanted, quick, slow, parameters, of_product)


def ends_with(value: str, text: str, parameters: Parameters, *, of_product: bool = False) -> str:
    """SQL: whether a text ends with another. of_product: see `contains`."""
    wanted = text.casefold()
    bound = parameters.bind(wanted)
    quick = f"endsWith(lower({value}), {bound})"
    slow = f"endsWith(caseFoldUTF8({value}), {bound})"
    return _either(value, wanted, quick, slow, parameters, of_product)


def has_any_word(
    value: str, words: Sequence[str], parameters: Parameters, *, of_product: bool = False
) -> str:
    """SQL: whether any of the words stands in a text, not as a part of a longer one.

    of_product: see `contains`.
    """
    wanted = list(dict.fromkeys(word.casefold() for word in words))
    plain = [word for word in wanted if word.isascii()]
    slow = f"match(caseFoldUTF8({value}), {parameters.bind(_pattern(wanted, _OUTSIDE))})"
    beyond = _all_of(_is_beyond_ascii(value, of_product), slow)
    if not plain:
        return beyond
    if len(plain) > _MOST_TOKENS or not all(word.isalnum() for word in plain):
        quick = f"match(lower({value}), {parameters.bind(_pattern(plain, _OUTSIDE_ASCII))})"
        return f"if(isASCII({value}), {quick}, {slow})"
    # Tokens are the words of a text of ASCII, and words in any other.
    if len(plain) > _FEW:
        tokens = parameters.bind(plain, "Array(String)")
        return any_at_once(f"hasAnyTokens(lower({value}), {tokens})", beyond)
    each = [f"hasToken(lower({value}), {parameters.bind(word)})" for word in plain]
    return any_at_once(*each, beyond)


def _either(
    value: str, wanted: str, quick: str, slow: str, parameters: Parameters, of_product: bool
) -> str:
    """The quick comparison where it says all, the slow one for the texts where it doesn't."""
    if not wanted.isascii():
        return _all_of(_is_beyond_ascii(value, of_product), slow)
    special = [c for c in SPECIAL if _LETTERS & set(c.casefold()) & set(wanted)]
    if not special:
        return quick
    has_special = f"multiSearchAny({value}, {parameters.bind(special, 'Array(String)')})"
    beyond = f"{BEYOND_ASCII} = 2" if of_product else f"NOT isASCII({value})"
    return any_at_once(quick, _all_of(beyond, has_special, slow))


def _is_beyond_ascii(value: str, of_product: bool) -> str:
    itself = f"NOT isASCII({value})"
    return f"{BEYOND_ASCII} > 0 AND {itself}" if of_product else itself


def _all_of(*conditions: str) -> str:
    """Each is asked only where those before it hold; for what costs more than copying texts."""
    return f"({' AND '.join(conditions)})"


def _pattern(words: Sequence[str], outside: str) -> str:
    """A regular expression (RE2) for any of these words between what belongs to no word."""
    each = "|".join(map(_literally, words))
    return f"(?:^|{outside})(?:{each})(?:$|{outside})"


def _literally(text: str) -> str:
    """A text as RE2 matches it and nothing else: what isn't a letter or digit is escaped."""
    return "".join(f"\\{c}" if c.isascii() and not c.isalnum() else c for c in text)
