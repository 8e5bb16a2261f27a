"""Query parameters and paths, read strictly: a wrong value is named, never guessed at."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import Response, request

from pim.api.json import printable, reply
from pim.api.routes import Answer, Param
from pim.core.errors import DomainError, FieldError, Invalid, NotFound
from pim.web.pagination import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor

MAX_ID = 2**63 - 1
WORDS = {"true": True, "1": True, "false": False, "0": False}

T = TypeVar("T")

LIST_PARAMS = (
    Param(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
        "How many items at most.",
    ),
    Param("after", {"type": "string"}, "The `next` of the page before; opaque."),
    Param("count", {"type": "boolean", "default": False}, "Whether to count all items in `count`."),
)


class BadParameter(DomainError):
    """A query parameter that can't be understood; its path is its name."""

    status, code, title = 400, "bad_parameter", "A parameter isn't right"

    def __init__(self, name: str, message: str, code: str = "bad_parameter") -> None:
        super().__init__(message)
        self.errors = [FieldError(name, code, message)]


def a_page_of(name: str, description: str = "A page of the list.") -> Answer:
    """The answer of a list route."""
    return Answer(
        description,
        {
            "type": "object",
            "required": ["items", "next"],
            "properties": {
                "items": {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}},
                "next": {
                    "type": ["string", "null"],
                    "description": "For `after`; null at the end.",
                },
                "count": {"type": "integer", "description": "With `?count=true`."},
            },
        },
    )


def reply_page(items: list[Any], next_cursor: str | None, count: int | None = None) -> Response:
    """A page of a list as every list answers."""
    page: dict[str, Any] = {"items": items, "next": next_cursor}
    if count is not None:
        page["count"] = count
    return reply(page)


def reply_list(
    purpose: str,
    found: Callable[[int, Any], Iterable[T]],
    place_of: Callable[[T], Any],
    shown: Callable[[Sequence[T]], list[Any]],
    count: Callable[[], int],
) -> Response:
    """A page of a list in the order of one value, by which it also goes on.

    found: so many items behind a place, None for the first. place_of: where an item stands.
    shown: items as they are answered. count: of all, for those who ask.
    """
    most, after = limit(), text("after")
    place = decode_cursor(purpose, after)[0] if after else None
    items = list(found(most + 1, place))
    page = items[:most]
    more = encode_cursor(purpose, [place_of(page[-1])]) if len(items) > most else None
    return reply_page(shown(page), more, count() if flag("count") else None)


def known_only(*names: str) -> None:
    """Refuse a query parameter that isn't known: a misspelt filter must not show everything."""
    for name in request.args:
        if name not in names:
            shown = printable(name[:60])
            raise BadParameter(shown, f"There is no parameter “{shown}” here.", "unknown_parameter")


def text(name: str, *, most: int = 1000) -> str | None:
    """A text; None without it. Refuses one that can't be stored, or given twice."""
    values = request.args.getlist(name)
    if len(values) > 1:
        raise BadParameter(name, f"“{name}” is given more than once.")
    if not values:
        return None
    value = values[0]
    if len(value) > most:
        raise BadParameter(name, f"“{name}” is longer than {most} characters.")
    if "\0" in value or printable(value) != value:
        raise BadParameter(name, f"“{name}” has a character that can't be stored.", "invalid_text")
    return value


def whole(name: str, default: int, *, least: int = 1, most: int = MAX_ID) -> int:
    """A whole number between two bounds."""
    value = text(name, most=40)
    if value is None:
        return default
    if not re.fullmatch(r"-?[0-9]{1,20}", value) or not least <= int(value) <= most:
        raise BadParameter(
            name, f"“{name}” has to be a whole number from {least} to {most}, not “{value}”."
        )
    return int(value)


def limit() -> int:
    """How many items a list shows."""
    return whole("limit", DEFAULT_LIMIT, least=1, most=MAX_LIMIT)


def flag(name: str, default: bool | None = None) -> bool | None:
    """true or false."""
    value = text(name, most=40)
    if value is None:
        return default
    if value.lower() not in WORDS:
        raise BadParameter(name, f"“{name}” has to be true or false, not “{value}”.")
    return WORDS[value.lower()]


def choice(name: str, allowed: tuple[str, ...], default: str) -> str:
    """One of some words."""
    value = text(name, most=200)
    if value is None:
        return default
    if value not in allowed:
        raise BadParameter(name, f"“{name}” has to be one of {', '.join(allowed)}, not “{value}”.")
    return value


def moment(name: str) -> datetime | None:
    """A moment in ISO 8601 with its offset (a `+` that became a blank is understood)."""
    value = text(name, most=60)
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value.strip().replace(" ", "+") if "T" in value else value)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise BadParameter(
            name, f"“{name}” has to be a moment like 2026-01-31T12:00:00Z, not “{value}”."
        ) from error


def id_of(value: int, what: str) -> int:
    """An id from the path; one that no row can have is simply not found."""
    if not 0 < value <= MAX_ID:
        raise NotFound(f"There is no such {what}.")
    return value


def not_yet(name: str, message: str) -> None:
    """Refuse a parameter that is promised but not built, so that nobody takes it for applied."""
    if name in request.args:
        raise Invalid([FieldError(name, "not_available_yet", message)])
