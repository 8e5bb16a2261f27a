"""How people write numbers, and which number a text stands for.

A text is read with two grammars: a dot as decimal sign (`1,234.56`, `1 234.56`, `1'234.56`) and
a comma (`1.234,56`, `1 234,56`, `1'234,56`). Groups have exactly three digits, the first of them
one to three and no leading zero; with commas, Indian grouping (`12,34,567`) is known too.

- If one grammar accepts it, or both read the same number, that is the number, whatever the
  notation of the column: `12,5`, `1.234,56`, `0,125`, `1234.567`, `1,234,567`, `1 234`.
- If they read different numbers (one separator, three digits after it, one to three before:
  `1,234`, `1.234`), the notation decides. If that isn't known, the text is refused and both
  readings are named. It is never guessed: a price would be wrong by a factor of a thousand.
- `notation="json"` adds that `1.234`, being a JSON number, is read as JSON reads it.

A sign stands in front (`-3`, `+3`, `−3`) or, as accounting software writes it, behind (`3-`).
`(3)` is refused: in a product sheet it can be a remark. `1e3` is scientific; it has no groups.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from babel.core import Locale, UnknownLocaleError

from pim.schema.types.base import CoercionError, Notation, shown

_GROUPS = r"[1-9]\d{0,2}(?:%s\d{3})+"
_INDIAN = r"[1-9]\d?(?:,\d\d)+,\d{3}"
_EXPONENT = r"(?:[eE][+-]?\d{1,6})"
_DOT = re.compile(
    rf"(?:\d+(?:\.\d+)?|\.\d+){_EXPONENT}?"
    rf"|(?:{_GROUPS % ','}|{_GROUPS % ' '}|{_GROUPS % chr(39)}|{_INDIAN})(?:\.\d+)?",
    re.ASCII,
)
_COMMA = re.compile(
    rf"(?:\d+(?:,\d+)?|,\d+){_EXPONENT}?"
    rf"|(?:{_GROUPS % '[.]'}|{_GROUPS % ' '}|{_GROUPS % chr(39)})(?:,\d+)?",
    re.ASCII,
)
_CLEAR = r"(?:\d{1,2}|\d{4,18})"  # so many decimals leave no doubt
_SIMPLE: dict[str | None, str] = {
    None: rf"\d{{1,18}}(?:([.,]){_CLEAR})?",
    ".": rf"\d{{1,18}}(?:(\.)\d{{1,18}}|(,){_CLEAR})?",
    ",": rf"\d{{1,18}}(?:(\.){_CLEAR}|(,)\d{{1,18}})?",
}
_SIMPLE["json"] = _SIMPLE["."]
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3}){1,5},|(?:,\d{3}){1,5}(\.))\d{1,18}", re.ASCII)
_JSON = re.compile(r"-?(?:0|[1-9]\d*)\.\d+", re.ASCII)
_RUN = re.compile(r"[\d.,][\d.,' ]*")
_ALIKE = str.maketrans(
    {
        "\u00a0": " ",  # no-break space
        "\u202f": " ",  # narrow no-break space
        "\u2009": " ",  # thin space
        "\u2007": " ",  # figure space
        "\u3000": " ",  # ideographic space
        "\u2019": "'",
        "\u02bc": "'",
        "\u2212": "-",  # minus sign
        "\u2010": "-",
        "\u2011": "-",
        "\u2012": "-",
        "\u2013": "-",
        "\u2014": "-",
        "\uff0d": "-",
        "\uff0b": "+",
        "\uff0e": ".",
        "\uff0c": ",",
    }
)


def plain_characters(text: str) -> str:
    """The text with ASCII digits, spaces, apostrophes and signs in place of their look-alikes.

    Only true digits of other scripts become ASCII: `²` and `½` stay, so that `10²` isn't 102.
    """
    if text.isascii():
        return text
    text = text.translate(_ALIKE)
    if text.isascii():
        return text
    return "".join(str(int(c)) if c.isdecimal() else c for c in text)


def read_number(text: str, notation: Notation | None) -> str | None:
    """The number a text stands for, as `-1234.56` or `-1.5e3`; None if it is none.

    text: with plain characters, trimmed. Raises CoercionError `ambiguous_number`.
    """
    sign, digits = _split_sign(text)
    if sign is None:
        return None
    by_dot = _as_written(digits, ",", ".") if _DOT.fullmatch(digits) else None
    by_comma = _as_written(digits, ".", ",") if _COMMA.fullmatch(digits) else None
    if by_dot is None or by_comma is None or by_dot == by_comma:
        found = by_dot if by_comma is None else by_comma
        return None if found is None else sign + found
    if notation == "." or (notation == "json" and _JSON.fullmatch(text)):
        return sign + by_dot
    if notation == ",":
        return sign + by_comma
    raise CoercionError(
        "ambiguous_number",
        f"{shown(text)} can be {sign}{by_dot} or {sign}{by_comma}. "
        "Say which decimal sign is used, or write it without thousands separator.",
    )


def quick_reader(notation: Notation | None) -> Callable[[str], str | None]:
    """A function that knows the forms most files have and answers as `read_number` would.

    None means: look closer.
    """
    simple = re.compile(_SIMPLE[notation], re.ASCII).fullmatch
    grouped = _GROUPED.fullmatch

    def quick(text: str) -> str | None:
        found = simple(text)
        if found:
            index = found.lastindex
            return text if index is None or found[index] == "." else text.replace(",", ".")
        found = grouped(text)
        if found is None:
            return None
        if found[1]:
            return text.replace(",", "")
        return text.replace(".", "").replace(",", ".")

    return quick


def _split_sign(text: str) -> tuple[str | None, str]:
    if text[:1] in ("-", "+"):
        return ("-" if text[0] == "-" else ""), text[1:].lstrip(" ")
    if text[-1:] == "-":
        digits = text[:-1].rstrip(" ")
        # `5.-` and `5,-` are prices without cents, see price.py.
        return (None, "") if digits[-1:] in (".", ",") else ("-", digits)
    return "", text


def _as_written(digits: str, group: str, decimal: str) -> str:
    plain = digits.replace(group, "").replace(" ", "").replace("'", "")
    plain = plain.replace(decimal, ".")
    return "0" + plain if plain[0] == "." else plain


def detect_notation(values: Iterable[Any]) -> Notation | None:
    """The decimal sign a column uses, from those of its values that leave no doubt.

    Texts may carry currencies or units. None if no value decides (whole numbers; only values
    like `1,234`) or if they disagree: then the notation of the file, or the user, has to say.
    """
    found: set[Notation] = set()
    for value in values:
        if isinstance(value, str) and ("." in value or "," in value):
            for run in _RUN.findall(plain_characters(value)):
                found |= _evidence(run.strip(" .,'"))
        if len(found) > 1:
            return None
    return found.pop() if found else None


@lru_cache(maxsize=8192)
def _evidence(run: str) -> frozenset[Notation]:
    dot, comma = _DOT.fullmatch(run), _COMMA.fullmatch(run)
    if (dot is None) == (comma is None):
        return frozenset()
    return frozenset({"."} if dot else {","})


@lru_cache(maxsize=256)
def notation_of_locale(locale: str) -> Notation | None:
    """The decimal sign people write in a locale (`de_DE`: `","`); None if it is neither."""
    try:
        symbol = Locale.parse(locale).number_symbols["latn"]["decimal"]
    except (UnknownLocaleError, ValueError, KeyError, TypeError):
        return None
    if symbol == ".":
        return "."
    return "," if symbol == "," else None
