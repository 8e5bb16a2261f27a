"""The API about itself: `/api/openapi.json` for programs, `/api/docs` for people."""

from __future__ import annotations

from flask import Response, make_response, render_template
from markupsafe import Markup, escape

from pim.api import openapi
from pim.api.json import reply
from pim.api.problems import PROBLEMS
from pim.api.routes import Answer, Resource
from pim.core import settings

resource = Resource("meta", "", "The API about itself.")


@resource.get(
    "/openapi.json",
    permission=None,
    summary="This API as OpenAPI 3.1",
    answers={200: Answer("The document.", {"type": "object"})},
)
def openapi_json() -> Response:
    """This API as OpenAPI 3.1."""
    return reply(_document())


@resource.get(
    "/docs",
    permission=None,
    summary="This API as a page to read",
    answers={200: Answer("A page.", {"type": "string"}, "text/html")},
)
def docs() -> Response:
    """This API as a page to read."""
    return make_response(
        render_template("api/docs.html", document=_document(), problems=PROBLEMS, words=words)
    )


def words(text: str) -> Markup:
    """A description with its `code` as code."""
    return Markup("").join(
        Markup('<code class="mono">{}</code>').format(part) if index % 2 else escape(part)
        for index, part in enumerate(text.split("`"))
    )


def _document() -> dict[str, object]:
    from pim.api import resources  # the table names this module too

    return openapi.document(resources(), settings().public_url.rstrip("/"))
