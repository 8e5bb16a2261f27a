"""Events and members of user segments as somebody sends them. Pure; every problem has its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from pim.core.errors import FieldError, Invalid
from pim.jsontext import dumps
from pim.schema.types import shown

MOST_EVENTS, MOST_USERS = 10_000, 1_000_000
LONGEST_ID, LONGEST_PROPERTIES = 200, 64 * 1024
# So many problems are told; more of the same kind help nobody.
MOST_PROBLEMS = 100
_KEYS = ("event_id", "event_type", "user_id", "timestamp", "properties")
_LONGEST_WHOLE_NUMBER = 10**18
# As long as ClickHouse keeps events (`pim/analytics/ddl.py`); clocks of senders may differ.
KEPT_DAYS, _AHEAD_DAYS = 730, 1


@dataclass(frozen=True, slots=True)
class Event:
    """Something a user did. properties: JSON text of an object."""

    event_id: str
    event_type: str
    user_id: str
    timestamp: datetime
    properties: str


def parse_events(events: Any, path: str = "/events", *, at: datetime) -> list[Event]:
    """Events ready to be stored: of several with one type, user and id, the last.

    at: the present moment. Raises Invalid with the problems of all of them.
    """
    if not isinstance(events, list):
        raise _one(path, "not_a_list", "Events come as a list.")
    if len(events) > MOST_EVENTS:
        message = f"At most {MOST_EVENTS:,} events may be sent at once; these are {len(events):,}."
        raise _one(path, "too_many", message)
    errors: list[FieldError] = []
    found: dict[tuple[str, str, str], Event] = {}
    for index, event in enumerate(events):
        read = _event(event, f"{path}/{index}", errors, at)
        if read is not None:
            found[read.event_type, read.user_id, read.event_id] = read
        if len(errors) >= MOST_PROBLEMS:
            break
    if errors:
        raise Invalid(errors[:MOST_PROBLEMS])
    return list(found.values())


def _event(written: Any, path: str, errors: list[FieldError], at: datetime) -> Event | None:
    if not isinstance(written, Mapping):
        errors.append(FieldError(path, "not_an_object", "An event is an object."))
        return None
    before = len(errors)
    for key in written:
        if key not in _KEYS:
            message = f"{shown(str(key))} is not known here. Put it into properties."
            errors.append(FieldError(f"{path}/{_escaped(str(key))}", "unknown_key", message))
    event = Event(
        _id(written.get("event_id"), f"{path}/event_id", errors),
        _id(written.get("event_type"), f"{path}/event_type", errors),
        _id(written.get("user_id"), f"{path}/user_id", errors),
        _moment(written.get("timestamp"), f"{path}/timestamp", errors, at),
        _properties(written.get("properties", {}), f"{path}/properties", errors),
    )
    return event if len(errors) == before else None


def parse_user_ids(user_ids: Any, path: str = "/user_ids") -> list[str]:
    """Members of a user segment, each once, in the order sent. Raises Invalid."""
    if not isinstance(user_ids, list):
        raise _one(path, "not_a_list", "Members come as a list of user ids.")
    if len(user_ids) > MOST_USERS:
        message = f"A user segment may have {MOST_USERS:,} members; these are {len(user_ids):,}."
        raise _one(path, "too_many", message)
    errors: list[FieldError] = []
    found: dict[str, None] = {}
    for index, user_id in enumerate(user_ids):
        found[_id(user_id, f"{path}/{index}", errors)] = None
        if len(errors) >= MOST_PROBLEMS:
            break
    if errors:
        raise Invalid(errors)
    return list(found)


def parse_id(value: Any, path: str) -> str:
    """The id of a user segment. Raises Invalid."""
    errors: list[FieldError] = []
    found = _id(value, path, errors)
    if errors:
        raise Invalid(errors)
    return found


def is_id(value: str) -> bool:
    """Whether anything can have this id."""
    return _problem_of_id(value) is None


def _id(value: Any, path: str, errors: list[FieldError]) -> str:
    """A short text; a whole number is taken as its figures."""
    if (
        isinstance(value, int)
        and not isinstance(value, bool)
        and abs(value) < _LONGEST_WHOLE_NUMBER
    ):
        return str(value)
    problem = _problem_of_id(value)
    if problem is not None:
        errors.append(FieldError(path, *problem))
        return ""
    return str(value)


def _problem_of_id(value: Any) -> tuple[str, str] | None:
    if value is None or value == "":
        return "required", "This has to be there."
    if not isinstance(value, str):
        return "not_a_text", "This is a text."
    if len(value) > LONGEST_ID:
        return "too_long", f"This may have {LONGEST_ID} characters."
    if not _storable(value):
        return "invalid_text", "This has a character that can't be stored."
    return None


def _moment(value: Any, path: str, errors: list[FieldError], at: datetime) -> datetime:
    """A moment in ISO 8601 that is kept; without a zone it is UTC."""
    nothing = datetime(1970, 1, 1, tzinfo=UTC)
    message = "A timestamp reads like 2026-03-01T09:30:00Z; without a zone it is UTC."
    if not isinstance(value, str):
        errors.append(FieldError(path, "required" if value is None else "not_a_moment", message))
        return nothing
    try:
        read = datetime.fromisoformat(value.strip())
        moment = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        errors.append(FieldError(path, "not_a_moment", message))
        return nothing
    if moment < at - timedelta(days=KEPT_DAYS):
        message = "Events are kept for two years, and this one is older. Leave it out."
        errors.append(FieldError(path, "out_of_range", message))
    elif moment > at + timedelta(days=_AHEAD_DAYS):
        message = "This lies in the future. Send what has happened, with the moment it did."
        errors.append(FieldError(path, "out_of_range", message))
    return moment


def _properties(value: Any, path: str, errors: list[FieldError]) -> str:
    if value is None:
        return "{}"
    if not isinstance(value, Mapping):
        errors.append(FieldError(path, "not_an_object", "Properties are an object."))
        return "{}"
    try:
        written = dumps(dict(value))
    except (TypeError, ValueError):
        message = "The properties have something that can't be stored."
        errors.append(FieldError(path, "invalid_text", message))
        return "{}"
    if len(written) > LONGEST_PROPERTIES:
        message = f"Properties may have {LONGEST_PROPERTIES // 1024} kB."
        errors.append(FieldError(path, "too_long", message))
    return written


def _storable(text: str) -> bool:
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _one(path: str, code: str, message: str) -> Invalid:
    return Invalid([FieldError(path, code, message)])


def columns_of(events: Sequence[Event]) -> dict[str, list[Any]]:
    """Events column by column, as ClickHouse has them."""
    return {
        "event_id": [event.event_id for event in events],
        "event_type": [event.event_type for event in events],
        "user_id": [event.user_id for event in events],
        "timestamp": [event.timestamp for event in events],
        "properties": [event.properties for event in events],
    }
