"""From words to a rule to be reviewed: `POST /api/pim/segments/describe/`."""

from __future__ import annotations

from flask import Response

from pim.api import params
from pim.api.json import read_object, reply
from pim.api.routes import Answer, Body, Resource
from pim.api.schemas import NULLABLE_TEXT, add_shapes, record, ref
from pim.api.v1.segment_json import INVALID, only_known
from pim.core.claude import ai_settings
from pim.segments.describe import LONGEST_TEXT, describe

resource = Resource("segment_describe", "/pim/segments", "From words to a rule.")

add_shapes(
    SegmentDescription=record("text", text={"type": "string", "maxLength": LONGEST_TEXT}),
    SegmentSuggestion=record(
        "state definition words why",
        state={"enum": ["rule", "not_understood", "no_answer", "off"]},
        definition={"anyOf": [ref("SegmentDefinition"), {"type": "null"}]},
        words={**NULLABLE_TEXT, "description": "The rule in plain English."},
        why={**NULLABLE_TEXT, "description": "Why there is no rule, as a sentence."},
    ),
)


@resource.post(
    "/describe/",
    permission="segment.write",
    summary="Turn a description into a rule",
    body=Body({"application/json": "SegmentDescription"}),
    answers={200: Answer("A rule, or why there is none.", "SegmentSuggestion"), 422: INVALID},
    idempotent=False,
)
def describe_products() -> Response:
    """Turn a description of products into a rule, by Claude.

    The rule is a suggestion to be reviewed: nothing is stored. Without a key for Claude `state` is
    `off`.
    """
    params.known_only()
    body = read_object()
    only_known(body, ("text",), "known here")
    found = describe(body.get("text"), ai_settings())
    return reply(
        {
            "state": found.state,
            "definition": found.definition,
            "words": found.words,
            "why": found.why,
        }
    )
