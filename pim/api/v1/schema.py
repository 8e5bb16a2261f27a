"""The product schema over the API: `/api/pim/schema/`."""

from __future__ import annotations

from flask import Response

from pim.api import params
from pim.api.etag import add_etag, expected_version
from pim.api.json import read_object, reply
from pim.api.routes import Answer, Body, Param, Resource
from pim.api.schemas import TEXT, add_shapes, array_of, record
from pim.core.db import transaction
from pim.schema import service
from pim.schema.changes import SchemaChange
from pim.schema.fields import Vocabulary, parse_definition
from pim.schema.queries import current_vocabulary
from pim.schema.types import FIELD_TYPES

resource = Resource("schema", "/pim/schema", "The fields that products have, and their types.")

add_shapes(
    SchemaField={
        "type": "object",
        "required": ["name", "type"],
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 63},
            "type": {"enum": list(FIELD_TYPES)},
            "required": {"type": "boolean", "default": False},
            "description": {"type": "string", "maxLength": 1000, "default": ""},
        },
    },
    Schema=record(
        "fields",
        fields=array_of("SchemaField"),
        default_currency={"type": "string", "description": "ISO 4217. Left out: as it was."},
        default_locale={**TEXT, "description": "Like `en_US`. Left out: as it was."},
    ),
)

THE_SCHEMA = Answer("The schema, with its `ETag`.", "Schema")
PROBLEM = "application/problem+json"


@resource.get(
    "/",
    permission="schema.read",
    summary="Read the schema",
    answers={200: THE_SCHEMA},
)
def get_schema() -> Response:
    """Read the schema.

    `sku`, `name` and `active` are not in it: every product has them.
    """
    params.known_only()
    return _answer(current_vocabulary())


@resource.put(
    "/",
    permission="schema.write",
    summary="Replace the schema",
    params=[
        Param(
            "force",
            {"type": "boolean", "default": False},
            "Do it although products don't fit: values that can't be converted are removed.",
        ),
        Param("If-Match", TEXT, "The `ETag` that was read.", where="header"),
    ],
    body=Body({"application/json": "Schema"}),
    answers={
        200: THE_SCHEMA,
        409: Answer("Products wouldn't satisfy it (`products_dont_fit`).", "Problem", PROBLEM),
        412: Answer("The schema isn't what `If-Match` says.", "Problem", PROBLEM),
        422: Answer("Some of it isn't acceptable.", "Problem", PROBLEM),
    },
)
def put_schema() -> Response:
    """Replace the schema.

    The fields in their order. Fields are told by their names: one that isn't sent any more goes,
    and its values stay with the products as values without a field. When a field changes its
    type, its values are converted.

    A change that products there are wouldn't satisfy is refused with 409, and `misfits` counts
    them by field, with examples: values that don't fit the new type, and products that have no
    value for a field that becomes required. With `force=true` it is done all the same: values
    that don't fit are removed (the history of each product keeps them), and products without a
    required value stay as they are.
    """
    params.known_only("force")
    force, body = params.flag("force") or False, read_object()
    with transaction():
        expected = expected_version(lambda: current_vocabulary().version)
        current = current_vocabulary()
        change = SchemaChange(parse_definition(body, current=current))
        saved = service.change_schema(change, force=force, expected_version=expected)
        return _answer(saved.vocabulary)


def _answer(vocabulary: Vocabulary) -> Response:
    return add_etag(reply(vocabulary.as_definition()), vocabulary.version)
