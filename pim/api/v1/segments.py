"""Segments over the API: `/api/pim/segments/`. Their members are in `segment_members`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from flask import Response

from pim.api import params
from pim.api.etag import etag_of, expected_version
from pim.api.json import no_content, read_object, reply
from pim.api.params import LIST_PARAMS, a_page_of, reply_list
from pim.api.routes import Answer, Body, Param, Resource
from pim.api.v1.segment_json import (
    IF_MATCH,
    INVALID,
    NOT_THERE,
    ONE,
    PROBLEM,
    STALE,
    read_segment,
    segment_json,
    segments_json,
)
from pim.core.db import transaction
from pim.core.errors import StaleVersion
from pim.segments import queries, service
from pim.segments.fields import DEFAULT_INTERVAL
from pim.segments.models import ProductSegment

resource = Resource("segments", "/pim/segments", "Live groups of products, told by a rule.")

LIST = "segments:name"
NAME_TAKEN = Answer("Another segment has the name (`name_taken`).", "Problem", PROBLEM)
IN_USE = Answer("Another segment's rule names it (`segment_in_use`).", "Problem", PROBLEM)
# What a new one has where nothing is sent.
_NEW: Mapping[str, object] = {
    "description": "",
    "is_active": True,
    "refresh_interval": DEFAULT_INTERVAL,
}
PATCH_TYPES = ("application/json", "application/merge-patch+json")

Answered = TypeVar("Answered")


@resource.get(
    "/",
    permission="segment.read",
    summary="List the segments",
    params=[
        *LIST_PARAMS,
        Param("q", {"type": "string"}, "Words that the name or the description contains."),
        Param("active", {"type": "boolean"}, "Only active ones, or only the others."),
    ],
    answers={200: a_page_of("Segment")},
)
def list_segments() -> Response:
    """List the segments, by name."""
    params.known_only("limit", "after", "count", "q", "active")
    search, active = params.text("q") or "", params.flag("active")
    return reply_list(
        LIST,
        lambda limit, behind: queries.list_segments(
            limit=limit, after=behind, search=search, active=active
        ),
        lambda each: each[1],
        lambda page: segments_json([segment for segment, _ in page]),
        lambda: queries.count_segments(search, active),
    )


@resource.post(
    "/",
    permission="segment.write",
    summary="Create a segment",
    body=Body({"application/json": "SegmentInput"}),
    answers={201: ONE, 409: NAME_TAKEN, 422: INVALID},
)
def create_segment() -> Response:
    """Create a segment.

    Its members are computed within seconds: poll it, or look at `status`.
    """
    params.known_only()
    given = read_segment(read_object())
    with transaction():
        segment = service.create_segment(
            given.pop("name", None), given.pop("definition", None), **given
        )
        answer = _one(segment, 201)
    answer.headers["Location"] = f"/api/pim/segments/{segment.id}/"
    return answer


@resource.get(
    "/<int:segment_id>/",
    permission="segment.read",
    summary="Read a segment",
    answers={200: ONE, 404: NOT_THERE},
)
def get_segment(segment_id: int) -> Response:
    """Read a segment."""
    params.known_only()
    return _one(queries.get_segment(params.id_of(segment_id, "segment")))


@resource.put(
    "/<int:segment_id>/",
    permission="segment.write",
    summary="Replace a segment",
    params=[IF_MATCH],
    body=Body({"application/json": "SegmentInput"}),
    answers={200: ONE, 404: NOT_THERE, 409: NAME_TAKEN, 412: STALE, 422: INVALID},
)
def replace_segment(segment_id: int) -> Response:
    """Replace a segment.

    What isn't sent becomes what it is for a new one. Its members stay until they are computed by
    the new rule.
    """
    given = read_segment(read_object())
    return _change(segment_id, {"name": None, "definition": None, **_NEW, **given})


@resource.patch(
    "/<int:segment_id>/",
    permission="segment.write",
    summary="Change some of a segment",
    params=[IF_MATCH],
    body=Body(dict.fromkeys(PATCH_TYPES, "SegmentPatch")),
    answers={200: ONE, 404: NOT_THERE, 409: NAME_TAKEN, 412: STALE, 422: INVALID},
)
def edit_segment(segment_id: int) -> Response:
    """Change some of a segment.

    What isn't sent stays; what is null becomes what it is for a new one. A `definition` takes the
    place of the whole rule.
    """
    given = read_segment(read_object(PATCH_TYPES))
    # As RFC 7396 has it, null takes something away: what is left is what a new one has.
    cleared = {key: _NEW[key] for key, value in given.items() if value is None and key in _NEW}
    return _change(segment_id, given | cleared)


def _change(segment_id: int, given: dict[str, object]) -> Response:
    params.known_only()
    segment_id = params.id_of(segment_id, "segment")
    with transaction():
        segment = _unless_stale(
            segment_id,
            lambda version: service.change_segment(segment_id, expected_version=version, **given),
        )
        return _one(segment)


@resource.delete(
    "/<int:segment_id>/",
    permission="segment.delete",
    summary="Delete a segment",
    params=[IF_MATCH],
    answers={204: Answer("It is gone."), 404: NOT_THERE, 409: IN_USE, 412: STALE},
)
def delete_segment(segment_id: int) -> Response:
    """Delete a segment.

    Refused while the rule of another segment names it. The products stay.
    """
    params.known_only()
    segment_id = params.id_of(segment_id, "segment")
    with transaction():
        _unless_stale(
            segment_id,
            lambda version: service.delete_segment(segment_id, expected_version=version),
        )
    return no_content()


@resource.post(
    "/<int:segment_id>/recompute/",
    permission="segment.write",
    summary="Compute a segment now",
    answers={202: Answer("It will be computed now; poll it.", "Segment"), 404: NOT_THERE},
)
def recompute(segment_id: int) -> Response:
    """Compute a segment now, also one that isn't active or whose products haven't changed."""
    params.known_only()
    segment_id = params.id_of(segment_id, "segment")
    with transaction():
        return _one(service.request_recompute(segment_id), 202)


def _unless_stale(segment_id: int, write: Callable[[int | None], Answered]) -> Answered:
    """Run a write with the version `If-Match` names; where it is stale, show what there is."""
    try:
        return write(expected_version(lambda: queries.get_segment(segment_id).version))
    except StaleVersion as stale:
        current = segment_json(queries.get_segment(segment_id))
        raise StaleVersion(stale.message, current=current) from stale


def _one(segment: ProductSegment, status: int = 200) -> Response:
    answer = reply(segment_json(segment), status)
    # For If-Match alone: who polls sees what computing changes, which makes no new version.
    answer.headers["ETag"] = etag_of(segment.version)
    return answer
