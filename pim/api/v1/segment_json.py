"""Segments as the API tells and reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pim.api.json import printable
from pim.api.routes import Answer, Param
from pim.api.schemas import (
    COUNT,
    FLAG,
    ID,
    MOMENT,
    NULLABLE_TEXT,
    TEXT,
    WHOLE,
    Shape,
    add_shapes,
    array_of,
    record,
    ref,
)
from pim.api.v1 import definition_shapes  # noqa: F401  # names what is referred to below
from pim.core.errors import DomainError, FieldError, Invalid
from pim.identity.queries import actor_name, actor_names
from pim.segments.compiling import known_now
from pim.segments.dsl import Known, in_words, parse, resolve
from pim.segments.fields import (
    DEFAULT_INTERVAL,
    LONGEST_DESCRIPTION,
    LONGEST_INTERVAL,
    LONGEST_NAME,
    SHORTEST_INTERVAL,
)
from pim.segments.models import ProductSegment, SegmentHistory
from pim.segments.queries import Change

PROBLEM = "application/problem+json"
NULLABLE_MOMENT = {"type": ["string", "null"], "format": "date-time"}
NULLABLE_COUNT = {"type": ["integer", "null"], "minimum": 0}
NAME = {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME}
DESCRIPTION = {"type": "string", "maxLength": LONGEST_DESCRIPTION}
INTERVAL: Shape = {
    "type": "integer",
    "minimum": SHORTEST_INTERVAL,
    "maximum": LONGEST_INTERVAL,
    "default": DEFAULT_INTERVAL,
    "description": "Seconds between two computations.",
}
WORDS = {**NULLABLE_TEXT, "description": "The rule in plain English; null if it can't be used."}


def _or_null(shape: Shape) -> Shape:
    return {**shape, "type": [shape["type"], "null"]}


add_shapes(
    Segment=record(
        "id name description definition words is_active refresh_interval computed_count "
        "last_computed_at last_duration_ms status error error_path version created_at created_by "
        "updated_at updated_by",
        id=ID,
        name=NAME,
        description=DESCRIPTION,
        definition=ref("SegmentDefinition"),
        words=WORDS,
        is_active={**FLAG, "description": "Whether it is kept up to date."},
        refresh_interval=INTERVAL,
        computed_count={**NULLABLE_COUNT, "description": "Members; null until first computed."},
        last_computed_at=NULLABLE_MOMENT,
        last_duration_ms=NULLABLE_COUNT,
        status={"enum": ["new", "queued", "computing", "ready", "failed"]},
        error={**NULLABLE_TEXT, "description": "Why it can't be computed; it keeps its members."},
        error_path={**NULLABLE_TEXT, "description": "JSON pointer of what the error is about."},
        version=WHOLE,
        created_at=MOMENT,
        created_by=TEXT,
        updated_at=MOMENT,
        updated_by=TEXT,
    ),
    SegmentInput=record(
        "name definition",
        name=NAME,
        description={**DESCRIPTION, "default": ""},
        definition=ref("SegmentDefinition"),
        is_active={**FLAG, "default": True},
        refresh_interval=INTERVAL,
    )
    | {"description": "Members only the server writes are passed over."},
    SegmentPatch=record(
        "",
        name=NAME,
        description=_or_null(DESCRIPTION),
        definition=ref("SegmentDefinition"),
        is_active=_or_null(FLAG),
        refresh_interval=_or_null(INTERVAL),
    )
    | {"description": "Null stands for what a new one has."},
    SegmentPreviewInput=record(
        "definition",
        definition=ref("SegmentDefinition"),
        segment_id={**ID, "description": "The segment it is to be the rule of, if there is one."},
    ),
    SegmentPreview=record(
        "count total sample words elapsed_ms",
        count=COUNT,
        total={**COUNT, "description": "All products of the tenant."},
        sample=array_of("Product") | {"maxItems": 10},
        words=TEXT,
        elapsed_ms={"type": "number"},
    ),
    SegmentHistoryPoint=record(
        "computed_at count entered left duration_ms",
        computed_at=MOMENT,
        count=COUNT,
        entered=COUNT,
        left=COUNT,
        duration_ms=COUNT,
    ),
    SegmentChange=record(
        "product_id sku name change",
        product_id=ID,
        sku={**NULLABLE_TEXT, "description": "Null if the product was deleted since."},
        name=NULLABLE_TEXT,
        change={"enum": ["entered", "left"]},
    ),
)

ONE = Answer("The segment, with its `ETag`.", "Segment")
NOT_THERE = Answer("There is no such segment.", "Problem", PROBLEM)
STALE = Answer(
    "The segment isn't what `If-Match` says; `current` is what it is now.", "Problem", PROBLEM
)
INVALID = Answer(
    "Some of it isn't acceptable; problems of the rule have pointers below `/definition`.",
    "Problem",
    PROBLEM,
)
AWAY = Answer("ClickHouse doesn't answer at the moment.", "Problem", PROBLEM)
IF_MATCH = Param("If-Match", TEXT, "The `ETag` that was read.", where="header")

WRITABLE = ("name", "description", "definition", "is_active", "refresh_interval")
READ_ONLY = frozenset(
    {
        *("id", "words", "computed_count", "last_computed_at", "last_duration_ms", "status"),
        *("error", "error_path", "version"),
        *("created_at", "created_by", "updated_at", "updated_by"),
    }
)


def read_segment(body: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent of a segment. What only the server writes is passed over, so that what was
    read can be sent back; raises Invalid for what nobody knows."""
    only_known(body, (*WRITABLE, *READ_ONLY), "a member of a segment")
    return {name: body[name] for name in WRITABLE if name in body}


def only_known(body: Mapping[str, Any], known: Sequence[str], what: str) -> None:
    """Refuse members nobody knows: a misspelt one must not be lost in silence."""
    errors = []
    for name in body:
        if name not in known:
            shown = printable(name)
            path = "/" + shown.replace("~", "~0").replace("/", "~1")
            errors.append(FieldError(path, "unknown_member", f"“{shown[:60]}” isn't {what}."))
    if errors:
        raise Invalid(errors)


def segments_json(found: Sequence[ProductSegment]) -> list[dict[str, Any]]:
    """Segments as the API shows them; names and fields are looked up once for all of them."""
    if not found:
        return []
    names = actor_names(
        (user for each in found for user in (each.created_by_id, each.updated_by_id)),
        (key for each in found for key in (each.created_by_api_key_id, each.updated_by_api_key_id)),
    )
    known = known_now()
    return [_segment_json(each, known, names) for each in found]


def segment_json(segment: ProductSegment) -> dict[str, Any]:
    """A segment as the API shows it."""
    return segments_json([segment])[0]


def _segment_json(
    segment: ProductSegment, known: Known, names: Mapping[tuple[str, int], str]
) -> dict[str, Any]:
    path = segment.error_path
    return {
        "id": segment.id,
        "name": segment.name,
        "description": segment.description,
        "definition": segment.definition,
        "words": words_of(segment.definition, known),
        "is_active": segment.is_active,
        "refresh_interval": segment.refresh_interval,
        "computed_count": segment.computed_count,
        "last_computed_at": segment.last_computed_at,
        "last_duration_ms": segment.last_duration_ms,
        "status": segment.state,
        "error": segment.error,
        "error_path": None if path is None else f"/definition{path}",
        "version": segment.version,
        "created_at": segment.created_at,
        "created_by": actor_name(segment.created_by_id, segment.created_by_api_key_id, names),
        "updated_at": segment.updated_at,
        "updated_by": actor_name(segment.updated_by_id, segment.updated_by_api_key_id, names),
    }


def words_of(definition: Any, known: Known) -> str | None:
    """A stored rule in plain English; None when the schema has moved away from under it."""
    try:
        return in_words(resolve(parse(definition), known))
    except DomainError:
        return None


def point_json(point: SegmentHistory) -> dict[str, Any]:
    """One change of a segment's members."""
    return {
        "computed_at": point.computed_at,
        "count": point.count,
        "entered": point.entered,
        "left": point.left,
        "duration_ms": point.duration_ms,
    }


def change_json(change: Change) -> dict[str, Any]:
    """A product that came or went."""
    return {
        "product_id": change.product_id,
        "sku": change.sku,
        "name": change.name,
        "change": "entered" if change.entered else "left",
    }
