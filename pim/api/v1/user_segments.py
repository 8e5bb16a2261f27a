"""Groups of users that somebody else makes and sends: `/api/pim/user-segments/`."""

from __future__ import annotations

from typing import Any

from flask import Response

from pim.api import params
from pim.api.json import no_content, printable, read_object, reply
from pim.api.params import LIST_PARAMS, a_page_of, reply_list
from pim.api.routes import MEBIBYTE, Answer, Body, Resource
from pim.api.schemas import COUNT, MOMENT, TEXT, add_shapes, record
from pim.api.v1.segment_json import AWAY, NAME, only_known
from pim.core.db import transaction
from pim.segments import ingest, queries
from pim.segments.models import UserSegment
from pim.segments.signals import LONGEST_ID, MOST_USERS

resource = Resource("user_segments", "/pim/user-segments", "Groups of users, made elsewhere.")

MAX_BYTES = 32 * MEBIBYTE
LIST = "user-segments:id"

add_shapes(
    UserSegment=record(
        "id name member_count updated_at",
        id={**TEXT, "description": "The sender's own."},
        name={**TEXT, "description": "Empty if nobody gave one."},
        member_count=COUNT,
        updated_at=MOMENT,
    ),
    UserSegmentMembers=record(
        "user_ids",
        user_ids={
            "type": "array",
            "maxItems": MOST_USERS,
            "items": {"type": "string", "minLength": 1, "maxLength": LONGEST_ID},
        },
        name=NAME,
    ),
    UserSegmentReplaced=record(
        "id name member_count updated_at added removed",
        id=TEXT,
        name=TEXT,
        member_count=COUNT,
        updated_at=MOMENT,
        added=COUNT,
        removed=COUNT,
    ),
)


@resource.get(
    "/",
    permission="segment.read",
    summary="List the user segments",
    params=LIST_PARAMS,
    answers={200: a_page_of("UserSegment")},
)
def list_user_segments() -> Response:
    """List the groups of users that were sent, by id."""
    params.known_only("limit", "after", "count")
    return reply_list(
        LIST,
        lambda limit, behind: queries.page_of_user_segments(limit=limit, after=behind),
        lambda each: each.id,
        lambda page: [_as_json(each) for each in page],
        queries.count_user_segments,
    )


@resource.put(
    "/<sku:user_segment_id>/members/",
    permission="event.write",
    summary="Replace a user segment's members",
    body=Body({"application/json": "UserSegmentMembers"}),
    answers={
        200: Answer("The user segment, and how many came and went.", "UserSegmentReplaced"),
        413: Answer("Too many bytes.", "Problem", "application/problem+json"),
        422: Answer("Some of it isn't acceptable.", "Problem", "application/problem+json"),
        503: AWAY,
    },
    max_bytes=MAX_BYTES,
)
def replace_members(user_segment_id: str) -> Response:
    """Replace a user segment's members.

    It is made if it isn't there. Readers see the members of before or these, never a mixture, and
    sending the same again changes nothing. Without `name` it keeps the one it has.
    """
    params.known_only()
    body = read_object()
    only_known(body, ("user_ids", "name"), "known here")
    with transaction():
        done = ingest.replace_user_segment(
            printable(user_segment_id), body.get("user_ids"), body.get("name")
        )
        told = _as_json(done.segment)
    return reply({**told, "added": done.added, "removed": done.removed})


@resource.delete(
    "/<sku:user_segment_id>/",
    permission="event.write",
    summary="Delete a user segment",
    answers={
        204: Answer("It is gone."),
        404: Answer("There is no such user segment.", "Problem", "application/problem+json"),
        503: AWAY,
    },
)
def delete_user_segment(user_segment_id: str) -> Response:
    """Delete a user segment.

    Rules that name it stay as they are, and find nobody until it is sent again.
    """
    params.known_only()
    with transaction():
        ingest.delete_user_segment(printable(user_segment_id))
    return no_content()


def _as_json(segment: UserSegment) -> dict[str, Any]:
    return {
        "id": segment.id,
        "name": segment.name,
        "member_count": segment.member_count,
        "updated_at": segment.updated_at,
    }
