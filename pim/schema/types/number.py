"""Numbers, exact: a whole number or a decimal, never binary floating point.

Canonical: int when it is whole and fits 64 bits, else Decimal without trailing zeros; so one
number has one form. At most 38 digits are kept, before and after the decimal sign together.
Which text is which number: see `notation`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from babel.core import UnknownLocaleError
from babel.numbers import format_decimal

from pim.schema.types.base import (
    CoerceContext,
    CoercionError,
    FieldType,
    Notation,
    caching,
    is_finite,
    kind_of,
    shown,
    trim,
)
from pim.schema.types.notation import plain_characters, quick_reader, read_number

MAX_DIGITS = 38
INT64 = range(-(2**63), 2**63)
_UNIT = re.compile(r"(?P<number>[-+]?\d[\d.,' ]*?) ?(?P<unit>[^\d\s.,'+-][^\d]*)", re.ASCII)


def number_from_digits(text: str, source: Any = None) -> int | Decimal:
    """The canonical number of `-1234.50` or `-1.5e3`.

    Raises CoercionError `number_too_long`; source is what its message names.
    """
    if len(text) > 30 or "e" in text or "E" in text:
        text = _written_out(text, text if source is None else source)
    if "." in text:
        text = text.rstrip("0")
        if text[-1] != ".":
            return Decimal(text)
        text = text[:-1]
    whole = int(text)
    return whole if len(text) <= 18 or whole in INT64 else Decimal(whole)


def _written_out(text: str, source: Any) -> str:
    """The same number without exponent; raises CoercionError if that has too many digits."""
    value = Decimal(text)
    exponent = int(value.as_tuple().exponent)
    if len(value.as_tuple().digits) + abs(exponent) > 3 * MAX_DIGITS:
        raise _too_long(source)
    plain = format(value, "f")
    whole, _, fraction = plain.lstrip("-").partition(".")
    fraction = fraction.rstrip("0")
    kept = (whole + fraction).lstrip("0")
    if len(kept) > MAX_DIGITS or len(fraction) > MAX_DIGITS:
        raise _too_long(source)
    return plain


def coerce(value: Any, ctx: CoerceContext) -> int | Decimal:
    """Read a number from text or a JSON number."""
    if isinstance(value, str):
        return coerce_text(value, ctx.decimal)
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise CoercionError(
            "not_a_number", f"{shown(value)} is {kind_of(value)}, not a number. Send a number."
        )
    if isinstance(value, int):
        return value if value in INT64 else _long_int(value)
    if not is_finite(value):
        raise CoercionError("not_a_number", f"{shown(value)} is not a number. Leave it out.")
    return number_from_digits(repr(value) if isinstance(value, float) else str(value), value)


def coerce_text(text: str, notation: Notation | None) -> int | Decimal:
    """Read a number from text."""
    plain = trim(plain_characters(text))
    if len(plain) > 200:
        raise CoercionError("not_a_number", f"{shown(text)} is too long for a number.")
    digits = read_number(plain, notation)
    if digits is None:
        raise _not_a_number(text, plain)
    return number_from_digits(digits, text)


def _long_int(value: int) -> Decimal:
    if abs(value) >= 10**MAX_DIGITS:
        raise _too_long(value)
    return Decimal(value)


def _too_long(value: Any) -> CoercionError:
    return CoercionError(
        "number_too_long",
        f"{shown(value)} has more than {MAX_DIGITS} digits. Round it, or make the field text.",
    )


def _not_a_number(text: str, plain: str) -> CoercionError:
    found = _UNIT.fullmatch(plain)
    if found and len(found["unit"]) <= 12:
        return CoercionError(
            "number_with_unit",
            f"{shown(text)} is a number with {shown(found['unit'].strip())}. "
            "Write the number alone, or make the field text.",
        )
    return CoercionError(
        "not_a_number", f"{shown(text)} is not a number. Write it like 1234.5, or leave it empty."
    )


def coercer(ctx: CoerceContext) -> Callable[[str], int | Decimal]:
    """A reader for the texts of one column."""
    notation = ctx.decimal
    quick = quick_reader(notation)

    def read(text: str) -> int | Decimal:
        if len(text) <= 18 and text.isdecimal() and text.isascii():
            return int(text)
        digits = quick(text)
        return coerce_text(text, notation) if digits is None else number_from_digits(digits)

    return caching(read)


def digits_of(value: int | Decimal) -> str:
    """The number in full, without exponent: `0.0000001`, `1200`."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def display(value: Any, locale: str) -> str:
    """The number as people of a locale write it, with every digit."""
    if not is_writable(value):
        return str(value)
    try:
        return format_decimal(value, locale=locale, decimal_quantization=False)
    except (UnknownLocaleError, ValueError, ArithmeticError):
        return digits_of(value)


def is_writable(value: Any) -> bool:
    """Whether it is a number of reasonable length; canonical ones always are."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not is_finite(value):
        return False
    if isinstance(value, int):
        return bool(abs(value) < 10**MAX_DIGITS)
    exponent = int(value.as_tuple().exponent)
    return abs(exponent) <= 2 * MAX_DIGITS


def to_input(value: Any, notation: Notation | None) -> str:
    """Text of the number that reads as the same number, in this or (None) in any notation."""
    text = digits_of(value)
    if notation == ",":
        return text.replace(".", ",")
    whole, dot, fraction = text.lstrip("-").partition(".")
    if notation is None and dot and len(fraction) == 3 and len(whole) <= 3 and whole != "0":
        return text + "0"  # 1.2340: with three decimals it could be a thousand
    return text


TYPE = FieldType(
    name="number",
    label="Number",
    hint="1234.5 or 1.234,5",
    coerce=coerce,
    coercer=coercer,
    display=display,
    to_input=to_input,
)
