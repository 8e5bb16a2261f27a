"""What an assistant may ask about segments: plain functions, and the schemas it calls them by.

A tool's input is a model whose JSON schema the assistant is given, in the form Anthropic's
Messages API takes tools in; its result is JSON made for reading, not for programs. Nothing here
changes anything, and everything is the tenant's in force.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pim.core.errors import DomainError, FieldError, Invalid, NotFound, Unavailable
from pim.products.models import Product
from pim.schema.fields import pointer
from pim.segments import queries
from pim.segments.compiling import known_now
from pim.segments.dsl import Known, in_words, read_rule
from pim.segments.models import ProductSegment

MOST_SEGMENTS, MOST_MEMBERS, TREND = 100, 50, 14
MAX_ID = 2**63 - 1


class ToolInput(BaseModel):
    """What a tool is given: nothing it doesn't know, and nothing of another type."""

    model_config = ConfigDict(extra="forbid", strict=True)


class ListSegments(ToolInput):
    """Input of `list_product_segments`."""

    search: Annotated[
        str, Field(max_length=200, description="Words that the name or the description contains.")
    ] = ""
    active: Annotated[
        bool | None, Field(description="True: only segments that are kept up to date.")
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST_SEGMENTS, description="How many at most.")] = 50
    after: Annotated[
        str | None, Field(max_length=400, description="The `next` of the answer before.")
    ] = None


class SegmentDetail(ToolInput):
    """Input of `get_product_segment_detail`."""

    segment_id: Annotated[int, Field(ge=1, le=MAX_ID, description="The segment's id.")]
    members: Annotated[
        int, Field(ge=0, le=MOST_MEMBERS, description="How many of its products to show, by SKU.")
    ] = 10


Given = TypeVar("Given", bound=ToolInput)


@dataclass(frozen=True, slots=True)
class Tool(Generic[Given]):
    """One thing an assistant can call."""

    name: str
    description: str
    reads: type[Given]
    run: Callable[[Given], dict[str, Any]]

    def as_definition(self) -> dict[str, Any]:
        """The tool as the Messages API takes it in `tools`."""
        schema = self.reads.model_json_schema()
        schema.pop("title", None)
        schema.pop("description", None)
        for each in schema.get("properties", {}).values():
            each.pop("title", None)
        return {"name": self.name, "description": self.description, "input_schema": schema}


def list_product_segments(given: ListSegments) -> dict[str, Any]:
    """The segments by name, with what each is about and how many products it has."""
    found = queries.list_segments(
        limit=given.limit + 1, after=given.after, search=given.search, active=given.active
    )
    page, known = found[: given.limit], known_now()
    return {
        "segments": [_summary(segment, known) for segment, _ in page],
        "total": queries.count_segments(given.search, given.active),
        "next": page[-1][1] if len(found) > given.limit else None,
    }


def get_product_segment_detail(given: SegmentDetail) -> dict[str, Any]:
    """One segment: its rule, its products, and how their number changed. Raises NotFound."""
    segment = queries.get_segment(given.segment_id)
    return {
        **_summary(segment, known_now()),
        "definition": segment.definition,
        "refresh_interval_seconds": segment.refresh_interval,
        "error": segment.error,
        "history": [
            {
                "at": point.computed_at,
                "products": point.count,
                "entered": point.entered,
                "left": point.left,
            }
            for point in queries.history(segment.id, limit=TREND)
        ],
        **_members(segment, given.members),
    }


def _summary(segment: ProductSegment, known: Known) -> dict[str, Any]:
    return {
        "id": segment.id,
        "name": segment.name,
        "description": segment.description,
        "rule": _rule_in_words(segment, known),
        "products": segment.computed_count,
        "active": segment.is_active,
        "status": segment.state,
        "last_computed_at": segment.last_computed_at,
    }


def _rule_in_words(segment: ProductSegment, known: Known) -> str | None:
    try:
        return in_words(read_rule(segment.definition, known))
    except DomainError:
        return None


def _members(segment: ProductSegment, wanted: int) -> dict[str, Any]:
    """Some of the products; without ClickHouse what is known otherwise is answered all the same."""
    if not wanted:
        return {"members": []}
    try:
        page = queries.members(segment, limit=wanted)
    except Unavailable as error:
        return {"members": [], "members_unavailable": error.message}
    return {"members": [_product(each) for each in page.products]}


def _product(product: Product) -> dict[str, Any]:
    return {
        "id": product.id,
        "sku": product.sku,
        "name": product.name,
        "active": product.active,
        "data": product.data,
    }


_TOOLS: tuple[Tool[Any], ...] = (
    Tool(
        "list_product_segments",
        "List the product segments of this catalog: live groups of products, each told by a rule. "
        "Says what each is about in plain words and how many products it has. Use it to find the "
        "id of a segment somebody speaks of.",
        ListSegments,
        list_product_segments,
    ),
    Tool(
        "get_product_segment_detail",
        "Read one product segment by its id: its rule in words and as JSON, the number of its "
        "products and how that changed lately, and the first of its products with their values.",
        SegmentDetail,
        get_product_segment_detail,
    ),
)
TOOLS: Mapping[str, Tool[Any]] = {tool.name: tool for tool in _TOOLS}


def call_tool(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What a tool answers. Raises NotFound for one there isn't, Invalid for a wrong input."""
    tool = TOOLS.get(name)
    if tool is None:
        raise NotFound(f"There is no tool of this name. There are {', '.join(TOOLS)}.")
    try:
        read = tool.reads.model_validate(given)
    except ValidationError as error:
        raise Invalid([_field_error(each) for each in error.errors()]) from error
    return tool.run(read)


_SAID = {
    "missing": ("required", "“{name}” is needed."),
    "extra_forbidden": ("unknown_member", "“{name}” isn't an input of this tool."),
    "int_type": ("not_a_number", "“{name}” is a whole number."),
    "string_type": ("not_a_text", "“{name}” is a text."),
    "bool_type": ("not_a_boolean", "“{name}” is true or false."),
    "string_too_long": ("too_long", "“{name}” may have {max_length} characters."),
    "greater_than_equal": ("out_of_range", "“{name}” is {ge} at least."),
    "less_than_equal": ("out_of_range", "“{name}” is {le} at most."),
}


def _field_error(error: Any) -> FieldError:
    """What pydantic found, in our words and with its pointer."""
    code, said = _SAID.get(error["type"], ("invalid", "“{name}” can't be used here."))
    name = str(error["loc"][-1])[:60] if error["loc"] else ""
    message = said.format(name=name, **error.get("ctx", {}))
    return FieldError(pointer("", *error["loc"]), code, message)
