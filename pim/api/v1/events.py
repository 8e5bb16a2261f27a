"""What users did: `POST /api/pim/events/bulk/`."""

from __future__ import annotations

from flask import Response

from pim.api import params
from pim.api.json import read_object, reply
from pim.api.routes import MEBIBYTE, Answer, Body, Resource
from pim.api.schemas import COUNT, MOMENT, add_shapes, record, ref
from pim.api.v1.segment_json import AWAY, only_known
from pim.core.db import transaction
from pim.segments import ingest
from pim.segments.signals import LONGEST_ID, MOST_EVENTS

resource = Resource("events", "/pim/events", "What users did, for rules that ask for it.")

MAX_BYTES = 32 * MEBIBYTE
OWN_ID = {"type": "string", "minLength": 1, "maxLength": LONGEST_ID}

add_shapes(
    Event=record(
        "event_id event_type user_id timestamp",
        event_id={**OWN_ID, "description": "Its own among those of one type and user."},
        event_type={**OWN_ID, "description": "Like `order_completed` or `product_viewed`."},
        user_id=OWN_ID,
        timestamp={**MOMENT, "description": "Of the last two years; without an offset it is UTC."},
        properties={"type": "object", "description": "Its own words, like `product_id`: the SKU."},
    ),
    EventsRequest=record(
        "events", events={"type": "array", "maxItems": MOST_EVENTS, "items": ref("Event")}
    ),
    EventsAnswer=record("received stored", received=COUNT, stored=COUNT),
)


@resource.post(
    "/bulk/",
    permission="event.write",
    summary="Send events",
    body=Body({"application/json": "EventsRequest"}),
    answers={
        200: Answer("All of them are stored.", "EventsAnswer"),
        413: Answer("Too many bytes.", "Problem", "application/problem+json"),
        422: Answer(
            "Some aren't acceptable; none was stored.", "Problem", "application/problem+json"
        ),
        503: AWAY,
    },
    max_bytes=MAX_BYTES,
)
def send_events() -> Response:
    """Send up to 10,000 events.

    An event is told by its `event_type`, `user_id` and `event_id`: sent again, it takes the place
    of the one before. `stored` is how many different ones there were. All are stored or none.
    """
    params.known_only()
    body = read_object()
    only_known(body, ("events",), "known here")
    events = body.get("events")
    with transaction():
        stored = ingest.store_events(events)
    return reply({"received": len(events or ()), "stored": stored})
