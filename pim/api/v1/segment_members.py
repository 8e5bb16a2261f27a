"""What segments hold, and what a rule would: a part of `/api/pim/segments/`."""

from __future__ import annotations

from typing import Any

from flask import Response

from pim.api import params
from pim.api.json import read_object, reply
from pim.api.params import LIST_PARAMS, a_page_of, reply_page
from pim.api.routes import Answer, Body, Param, Resource
from pim.api.v1.product_selection import said_clearly
from pim.api.v1.product_shape import product_json
from pim.api.v1.segment_json import (
    AWAY,
    INVALID,
    NOT_THERE,
    change_json,
    only_known,
    point_json,
)
from pim.core.errors import FieldError, Invalid
from pim.products.queries import products_by_id
from pim.segments import queries
from pim.segments.compiling import compile_definition
from pim.segments.dsl import in_words
from pim.segments.models import ProductSegment
from pim.segments.preview import preview_compiled
from pim.web.pagination import decode_cursor, encode_cursor

resource = Resource("segment_members", "/pim/segments", "What segments hold, and held.")

MEMBERS, HISTORY, CHANGES = "segment-members", "segment-history", "segment-changes"
SAMPLE = 10
NEEDED = (
    "What segments hold is ClickHouse's to tell, which doesn't answer at the moment. Try again "
    "shortly; segments themselves can be read and changed meanwhile."
)


@resource.post(
    "/preview/",
    permission="segment.read",
    summary="What a rule would hold",
    body=Body({"application/json": "SegmentPreviewInput"}),
    answers={
        200: Answer("How many products, and ten of them, the oldest.", "SegmentPreview"),
        422: INVALID,
        503: AWAY,
    },
    idempotent=False,
)
def preview() -> Response:
    """Count and sample the products a rule fits, without storing anything."""
    params.known_only()
    body = read_object()
    only_known(body, ("definition", "segment_id"), "known here")
    own_id = _own_id(body)
    compiled = compile_definition(body.get("definition"), own_id, path="/definition")
    with said_clearly(NEEDED):
        found = preview_compiled(compiled, SAMPLE)
    return reply(
        {
            "count": found.count,
            "total": found.total,
            "sample": [product_json(each) for each in products_by_id(found.product_ids)],
            "words": in_words(compiled.rule),
            "elapsed_ms": found.elapsed_ms,
        }
    )


def _own_id(body: dict[str, Any]) -> int | None:
    wanted = body.get("segment_id")
    if wanted is None:
        return None
    if isinstance(wanted, bool) or not isinstance(wanted, int):
        raise Invalid([FieldError("/segment_id", "not_a_number", "Name the segment by its id.")])
    return queries.get_segment(params.id_of(wanted, "segment")).id


@resource.get(
    "/<int:segment_id>/members/",
    permission="segment.read",
    summary="List a segment's members",
    params=[
        *LIST_PARAMS,
        Param("q", {"type": "string"}, "Words that the SKU or the name contains."),
    ],
    answers={200: a_page_of("Product"), 404: NOT_THERE, 503: AWAY},
)
def list_members(segment_id: int) -> Response:
    """List the products a segment held when it was last computed, by SKU.

    Products that were deleted since aren't shown.
    """
    params.known_only("limit", "after", "count", "q")
    limit, after, words = params.limit(), params.text("after"), params.text("q") or ""
    counted = params.flag("count")
    segment = _segment(segment_id)
    purpose = f"{MEMBERS}:{segment.id}"
    place = decode_cursor(purpose, after) if after else None
    behind = (str(place[0]), int(place[1])) if place else None
    with said_clearly(NEEDED):
        page = queries.members(segment, limit=limit, after=behind, words=words)
        count = queries.count_members(segment, words) if counted else None
    following = encode_cursor(purpose, list(page.after)) if page.after else None
    return reply_page([product_json(each) for each in page.products], following, count)


@resource.get(
    "/<int:segment_id>/history/",
    permission="segment.read",
    summary="How a segment's members changed",
    params=LIST_PARAMS,
    answers={200: a_page_of("SegmentHistoryPoint"), 404: NOT_THERE},
)
def list_history(segment_id: int) -> Response:
    """List how many members a segment had, and how many came and went; the latest change first."""
    params.known_only("limit", "after", "count")
    segment = _segment(segment_id)
    return params.reply_list(
        f"{HISTORY}:{segment.id}",
        lambda limit, before: queries.history(segment.id, limit=limit, before=before),
        lambda point: point.generation,
        lambda page: [point_json(point) for point in page],
        lambda: queries.count_history(segment.id),
    )


@resource.get(
    "/<int:segment_id>/changes/",
    permission="segment.read",
    summary="Who came into a segment and who went",
    params=[
        *LIST_PARAMS,
        Param(
            "change",
            {"enum": ["entered", "left"], "default": "entered"},
            "Whether to list those that came, or those that went.",
        ),
    ],
    answers={
        200: a_page_of("SegmentChange", "A page of the list, with `computed_at` beside it."),
        404: NOT_THERE,
        503: AWAY,
    },
)
def list_changes(segment_id: int) -> Response:
    """List the products that came in, or went, when the members last changed.

    `computed_at` is when that was; null if they never changed.
    """
    params.known_only("limit", "after", "count", "change")
    entered = params.choice("change", ("entered", "left"), "entered") == "entered"
    limit, after, counted = params.limit(), params.text("after"), params.flag("count")
    segment = _segment(segment_id)
    purpose = f"{CHANGES}:{segment.id}:{entered}"
    place = decode_cursor(purpose, after) if after else None
    behind = (int(place[0]), int(place[1])) if place else None
    with said_clearly(NEEDED):
        page = queries.latest_changes(segment, entered=entered, limit=limit, after=behind)
    told: dict[str, Any] = {
        "items": [change_json(change) for change in page.changes],
        "next": None if page.after is None else encode_cursor(purpose, list(page.after)),
        "computed_at": page.last and page.last.computed_at,
    }
    if counted:
        last = page.last
        told["count"] = 0 if last is None else last.entered if entered else last.left
    return reply(told)


def _segment(segment_id: int) -> ProductSegment:
    return queries.get_segment(params.id_of(segment_id, "segment"))
