"""What is sent as signals is read or refused at its place, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pim.core.errors import FieldError, Invalid
from pim.segments import fields, signals

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
parse_events = partial(signals.parse_events, at=NOW)
KEYS = ("event_id", "event_type", "user_id", "timestamp", "properties")


def problems_of(parse: Callable[[Any], list[Any]], sent: object) -> tuple[list[Any], list[str]]:
    """What was read, and the places of what was refused."""
    try:
        return parse(sent), []
    except Invalid as refused:
        return [], [error.path for error in refused.errors]


@given(st.lists(st.dictionaries(st.sampled_from(KEYS) | st.text(), ANYTHING) | ANYTHING))
def test_events_of_any_kind_are_read_or_refused_at_their_place(events: list[object]):
    read, places = problems_of(parse_events, events)
    assert all(place.startswith("/events/") for place in places)
    assert len(read) <= len(events)


@given(st.lists(st.text(alphabet=st.characters(), max_size=5) | st.integers() | st.none()))
def test_user_ids_of_any_kind_are_read_or_refused_at_their_place(user_ids: list[object]):
    read, places = problems_of(signals.parse_user_ids, user_ids)
    assert all(place.startswith("/user_ids/") for place in places)
    assert len(read) == len(set(read)) <= len(user_ids)
    for each in read:
        assert each.encode()


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00.25-05:00", datetime(2026, 3, 1, 14, 30, 0, 250_000, tzinfo=UTC)),
        ("2026-03-01 09:30", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
    ],
)
def test_timestamps_are_iso_8601_and_utc_without_a_zone(written: str, moment: datetime):
    event = {"event_id": "e", "event_type": "t", "user_id": "u", "timestamp": written}
    assert parse_events([event])[0].timestamp == moment


def test_events_that_would_not_be_kept_are_refused():
    days = [timedelta(days=number) for number in (-731, -729, 0.9, 1.1)]
    stamps = [(NOW + each).isoformat() for each in days]
    ids = {"event_id": "e", "event_type": "t", "user_id": "u"}
    _, places = problems_of(parse_events, [{**ids, "timestamp": stamp} for stamp in stamps])
    assert places == ["/events/0/timestamp", "/events/3/timestamp"]


def test_an_event_is_told_by_its_type_user_and_id():
    written = [
        {"event_id": "e", "event_type": kind, "user_id": user, "timestamp": NOW.isoformat()}
        for kind, user in [("seen", "ada"), ("bought", "ada"), ("seen", "bob"), ("seen", "ada")]
    ]
    assert len(parse_events(written)) == 3


@given(ANYTHING)
def test_what_is_said_of_a_segment_is_read_or_refused(value: object):
    for parse in (
        fields.parse_name,
        fields.parse_description,
        fields.parse_interval,
        fields.parse_active,
    ):
        errors: list[FieldError] = []
        parse(value, errors)
        assert all(error.message for error in errors)
