"""What the field types share: the context a value is read in, and the error when it can't be."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

Notation = Literal[".", ",", "json"]
"""How numbers are written where a value comes from, as far as it is known.

`"."` and `","` name the decimal sign. `"json"` says that a program wrote the text: what is
itself a JSON number reads as JSON reads it, anything else like an unknown notation. None is
unknown. It only decides between two readings; what has one reading always means that.
"""

BLANKS = "".join(map(chr, [
    *range(0x09, 0x0E), *range(0x1C, 0x21), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C),
    0x2028, 0x2029, 0x202F, 0x205F, 0x2060, 0x3000, 0xFEFF,
]))  # fmt: skip
"""All of Unicode's white space, and the zero-width characters that files carry along."""

MAX_TEXT = 1_000_000
"""Most characters one value may have."""

SHOWN = 40


@dataclass(frozen=True, slots=True)
class CoerceContext:
    """What a value is read with: the tenant's currency (ISO 4217; "" for none) and locale."""

    default_currency: str = ""
    default_locale: str = "en_US"
    decimal: Notation | None = None


class CoercionError(ValueError):
    """A value that can't be read as its type. code is for programs, message for people.

    place: where inside the value, as the end of a JSON pointer (`/amount`, `/2`); "" is all of it.
    """

    def __init__(self, code: str, message: str, place: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.place = place

    def inside(self, part: str | int) -> CoercionError:
        """The same error, seen from the object or list that holds the part."""
        return CoercionError(self.code, self.message, f"/{part}{self.place}")

    def __reduce__(self) -> tuple[type[CoercionError], tuple[str, str, str]]:
        return type(self), (self.code, self.message, self.place)


@dataclass(frozen=True, slots=True)
class FieldType:
    """One field type: its words for people and how its values are read and shown.

    coerce reads any Python value; coercer prepares a function for the many texts of one column.
    display is for reading; to_input is text that coerce reads as the same value again.
    """

    name: str
    label: str
    hint: str
    coerce: Callable[[Any, CoerceContext], Any]
    coercer: Callable[[CoerceContext], Callable[[str], Any]]
    display: Callable[[Any, str], str]
    to_input: Callable[[Any, Notation | None], str]


def is_blank(value: Any) -> bool:
    """Whether there is no value: None, text of white space alone, an empty list or object."""
    if value is None:
        return True
    if isinstance(value, str):
        return not trim(value)
    return isinstance(value, (list, tuple, dict)) and not value


def is_finite(value: int | float | Decimal) -> bool:
    """Whether it is a number that can be written down: not NaN, not infinite."""
    if isinstance(value, Decimal):
        return value.is_finite()  # math.isfinite raises for a signalling NaN
    return isinstance(value, int) or math.isfinite(value)


def trim(text: str) -> str:
    """Text without white space around it, the invisible kinds included."""
    return text.strip() if text.isascii() else text.strip(BLANKS)


def shown(value: Any) -> str:
    """A value as an error names it: quoted, on one line, shortened, always printable."""
    text = value if isinstance(value, str) else _plain(value)
    text = "".join(c if c.isprintable() else " " for c in text[: SHOWN * 4])
    text = " ".join(text.split())
    if len(text) > SHOWN:
        text = text[: SHOWN - 1].rstrip() + "…"
    return f"“{text}”"


def _plain(value: Any) -> str:
    if value is True or value is False:
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{k}: {_plain(v)}" for k, v in list(value.items())[:3]) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_plain(v) for v in value[:3]) + "]"
    if isinstance(value, int) and not -(10**60) < value < 10**60:
        return "a number of more than 60 digits"  # str() of very long ones is refused by Python
    return str(value)[: SHOWN * 4]


def kind_of(value: Any) -> str:
    """What a value is, in a merchandiser's words, for messages."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, bool):
        return "true or false"
    return "text" if isinstance(value, str) else "a number"


def caching(read: Callable[[str], Any], size: int = 16_384) -> Callable[[str], Any]:
    """Remember the answers for repeated texts; errors are not remembered.

    The answer is a dict's own lookup, so that a repeated text costs no Python call. When full
    it starts over, which a column of unique values makes it do again and again, cheaply.
    """

    class Cache(dict[str, Any]):
        def __missing__(self, text: str) -> Any:
            value = read(text)
            if len(self) >= size:
                self.clear()
            self[text] = value
            return value

    return Cache().__getitem__
