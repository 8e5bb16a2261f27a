"""Text: what was written, without white space around it.

PostgreSQL stores neither the NUL character nor half a surrogate pair, so both are refused.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pim.schema.types.base import (
    MAX_TEXT,
    CoerceContext,
    CoercionError,
    FieldType,
    Notation,
    is_finite,
    kind_of,
    shown,
    trim,
)


def storable(text: str) -> str:
    """The text itself; raises CoercionError if the database can't hold it."""
    if "\0" in text:
        raise CoercionError(
            "nul_character", f"{shown(text)} contains a NUL character. Remove it from the source."
        )
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise CoercionError(
                "broken_character",
                f"{shown(text)} contains half a character (a lone surrogate). "
                "Check the file's encoding.",
            ) from error
    if len(text) > MAX_TEXT:
        raise CoercionError(
            "text_too_long",
            f"{shown(text)} has {len(text):,} characters; at most {MAX_TEXT:,} are kept.",
        )
    return text


def text_of_scalar(value: Any) -> str:
    """The text of a JSON scalar: numbers as they are written, booleans as true and false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and not -(10**60) < value < 10**60:
        raise CoercionError("number_too_long", f"{shown(value)} is too long. Send it as text.")
    if not is_finite(value):
        raise CoercionError("not_a_number", f"{shown(value)} is not a number. Leave it out.")
    if isinstance(value, Decimal) and abs(value.adjusted()) < 60:
        return format(value, "f")
    return str(value)


def coerce(value: Any, ctx: CoerceContext) -> str:
    """Read text; JSON numbers and booleans become their text."""
    if isinstance(value, str):
        return storable(trim(value))
    if isinstance(value, (bool, int, float, Decimal)):
        return text_of_scalar(value)
    raise CoercionError("not_text", f"{shown(value)} is {kind_of(value)}, not text. Send one text.")


def coercer(ctx: CoerceContext) -> Callable[[str], str]:
    """A reader for the texts of one column."""

    def read(text: str) -> str:
        if text.isascii() and "\0" not in text and len(text) < MAX_TEXT:
            return text.strip()
        return storable(trim(text))

    return read


def display(value: Any, locale: str) -> str:
    """The text."""
    return value if isinstance(value, str) else str(value)


def to_input(value: Any, notation: Notation | None) -> str:
    """The text."""
    return str(value)


TYPE = FieldType(
    name="string",
    label="Text",
    hint="Any text",
    coerce=coerce,
    coercer=coercer,
    display=display,
    to_input=to_input,
)
