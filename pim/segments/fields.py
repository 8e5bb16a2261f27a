"""What may be said of a segment beside its rule. Pure checks; every problem has its place."""

from __future__ import annotations

from typing import Any

from pim.core.errors import FieldError
from pim.schema.types import shown

LONGEST_NAME, LONGEST_DESCRIPTION = 200, 5_000
DEFAULT_INTERVAL, SHORTEST_INTERVAL, LONGEST_INTERVAL = 60, 10, 7 * 86_400


def parse_name(value: Any, errors: list[FieldError], path: str = "/name") -> str:
    """A name without superfluous blanks."""
    if not isinstance(value, str) or not value.strip():
        errors.append(FieldError(path, "required", "A segment needs a name."))
        return ""
    name = " ".join(value.split())
    if len(name) > LONGEST_NAME:
        message = f"A name may have {LONGEST_NAME} characters; this one has {len(name)}."
        errors.append(FieldError(path, "too_long", message))
    if not _storable(name):
        errors.append(FieldError(path, "invalid_text", f"{shown(name)} can't be stored."))
    return name


def parse_description(value: Any, errors: list[FieldError], path: str = "/description") -> str:
    """A text of any kind."""
    if not isinstance(value, str):
        errors.append(FieldError(path, "not_a_text", "A description is a text."))
        return ""
    if len(value) > LONGEST_DESCRIPTION:
        message = f"A description may have {LONGEST_DESCRIPTION:,} characters."
        errors.append(FieldError(path, "too_long", message))
    if not _storable(value):
        message = "The description has a character that can't be stored."
        errors.append(FieldError(path, "invalid_text", message))
    return value.strip()


def parse_interval(value: Any, errors: list[FieldError], path: str = "/refresh_interval") -> int:
    """Seconds between two computations."""
    if isinstance(value, bool) or not isinstance(value, int):
        errors.append(FieldError(path, "not_a_number", "The interval is a number of seconds."))
    elif not SHORTEST_INTERVAL <= value <= LONGEST_INTERVAL:
        message = f"The interval is between {SHORTEST_INTERVAL} and {LONGEST_INTERVAL:,} seconds."
        errors.append(FieldError(path, "out_of_range", message))
    else:
        return value
    return DEFAULT_INTERVAL


def parse_active(value: Any, errors: list[FieldError], path: str = "/is_active") -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        errors.append(FieldError(path, "not_a_boolean", "Active is true or false."))
        return True
    return value


def _storable(text: str) -> bool:
    """Whether PostgreSQL takes a text: no NUL, no half of a character."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
