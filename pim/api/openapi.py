"""The API as an OpenAPI 3.1 document, made from the routes as they are declared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pim.api.ratelimit import LIMIT_HEADERS
from pim.api.routes import Answer, Body, Param, Resource, Route, Schema
from pim.api.schemas import SHAPES, ref

_STEP = re.compile(r"<(?:(?P<kind>[a-z_]+):)?(?P<name>[a-z_]+)>")
_KINDS = {"int": {"type": "integer", "format": "int64", "minimum": 1}}
IDEMPOTENCY = Param(
    "Idempotency-Key",
    {"type": "string", "maxLength": 255},
    "Sent again with the same body within 24 hours, the request isn't done twice: the first "
    "answer comes again, with `Idempotency-Replayed: true`. With another body: 422.",
    where="header",
)
ABOUT = """
Every request carries an API key: `Authorization: Bearer pim_…`. Errors are problem details
(RFC 9457). JSON is read strictly, and numbers keep all their digits. Addresses end with a slash;
without it the answer is a 308.
""".strip()


def document(resources: Iterable[Resource], server: str) -> dict[str, Any]:
    """The whole document. server: the address under which `/api` is found."""
    resources = [resource for resource in resources if resource.routes]
    paths: dict[str, dict[str, Any]] = {}
    for resource in resources:
        for route in resource.routes:
            paths.setdefault(path_of(route), {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "PIM API", "version": "1", "description": ABOUT},
        "servers": [{"url": server}],
        "security": [{"apiKey": []}],
        "tags": [{"name": each.name, "description": each.description} for each in resources],
        "paths": paths,
        "components": {
            "schemas": SHAPES,
            "securitySchemes": {
                "apiKey": {"type": "http", "scheme": "bearer", "bearerFormat": "pim_…"}
            },
            "headers": LIMIT_HEADERS,
            "responses": {
                "Problem": {
                    "description": "Anything that went wrong.",
                    "content": {"application/problem+json": {"schema": ref("Problem")}},
                }
            },
        },
    }


def path_of(route: Route) -> str:
    """A route's address as OpenAPI writes it: `/api/pim/products/{product_id}/`."""
    return "/api" + _STEP.sub(lambda step: "{" + step["name"] + "}", route.path)


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.endpoint,
        "tags": [route.tag],
        "summary": route.summary,
        "responses": _answers(route.answers),
    }
    if route.description:
        operation["description"] = route.description
    if parameters := [*_path_params(route), *map(_param, _params(route))]:
        operation["parameters"] = parameters
    if route.body:
        operation["requestBody"] = _body(route.body)
    if route.permission is None:
        operation["security"] = []
    else:
        operation["x-permission"] = route.permission
    return operation


def _params(route: Route) -> tuple[Param, ...]:
    return (*route.params, IDEMPOTENCY) if route.idempotent else route.params


def _path_params(route: Route) -> list[dict[str, Any]]:
    return [
        {
            "name": step["name"],
            "in": "path",
            "required": True,
            "schema": _KINDS.get(step["kind"] or "", {"type": "string"}),
        }
        for step in _STEP.finditer(route.path)
    ]


def _param(param: Param) -> dict[str, Any]:
    return {
        "name": param.name,
        "in": param.where,
        "required": param.required,
        "description": param.description,
        "schema": dict(param.schema),
    }


def _schema(schema: Schema) -> Mapping[str, Any]:
    return ref(schema) if isinstance(schema, str) else schema


def _body(body: Body) -> dict[str, Any]:
    content = {kind: {"schema": _schema(schema)} for kind, schema in body.content.items()}
    found: dict[str, Any] = {"required": True, "content": content}
    if body.description:
        found["description"] = body.description
    return found


def _answers(answers: Mapping[int, Answer]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, answer in sorted(answers.items()):
        found[str(status)] = {
            "description": answer.description,
            "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in LIMIT_HEADERS},
        }
        if answer.schema is not None:
            found[str(status)]["content"] = {answer.media_type: {"schema": _schema(answer.schema)}}
    found["default"] = {"$ref": "#/components/responses/Problem"}
    return found
