"""What an assistant can call: `/api/copilot/tools/`."""

from __future__ import annotations

from flask import Response

from pim.api import params
from pim.api.json import read_object, reply
from pim.api.routes import Answer, Body, Resource
from pim.api.schemas import TEXT, add_shapes, array_of, record
from pim.segments.copilot import TOOLS, call_tool

resource = Resource("copilot", "/copilot/tools", "Tools that an assistant can call.")

PROBLEM = "application/problem+json"

add_shapes(
    Tool=record(
        "name description input_schema",
        name=TEXT,
        description=TEXT,
        input_schema={"type": "object", "description": "A JSON Schema of its input."},
    ),
    ToolList=record("tools", tools=array_of("Tool")),
)


@resource.get(
    "/",
    permission="segment.read",
    summary="The tools there are",
    answers={200: Answer("All tools.", "ToolList")},
)
def list_tools() -> Response:
    """The tools there are, as Anthropic's Messages API takes them in `tools`."""
    params.known_only()
    return reply({"tools": [tool.as_definition() for tool in TOOLS.values()]})


@resource.post(
    "/<string:tool_name>/",
    permission="segment.read",
    summary="Call a tool",
    body=Body({"application/json": {"type": "object"}}, "The tool's input."),
    answers={
        200: Answer("What the tool says.", {"type": "object"}),
        404: Answer("There is no such tool, or not what it was asked for.", "Problem", PROBLEM),
        422: Answer("The input isn't what the tool's schema says.", "Problem", PROBLEM),
    },
    idempotent=False,
)
def call(tool_name: str) -> Response:
    """Call a tool with its input; the answer is its result. Tools change nothing."""
    params.known_only()
    return reply(call_tool(tool_name, read_object()))
