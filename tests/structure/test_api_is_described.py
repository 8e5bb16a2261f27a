"""The API's description is the API: every route is in it, and nothing else is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from pim.api import openapi, resources
from pim.api.problems import PROBLEMS
from pim.api.routes import UNSAFE, Route
from pim.core import errors as domain_errors
from pim.segments import dsl
from pim.segments.dsl import parser

ROOT = Path(__file__).parents[2]
DOC = ROOT / "docs" / "api" / "pim.md"


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    """What `/api/openapi.json` answers."""
    answer = app.test_client().get("/api/openapi.json")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json
    return found


def routes() -> list[Route]:
    """Every declared route."""
    return [route for resource in resources() for route in resource.routes]


def served(app: Flask) -> set[tuple[str, str]]:
    """(method, address) of what the application answers under /api/."""
    return {
        (method, re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_is_in_the_document_and_the_document_has_no_other(
    app: Flask, document: dict[str, Any]
) -> None:
    described = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert described == served(app)


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(_references(document)):
        found: Any = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in found, reference
            found = found[step]


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from _references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner)


def test_operations_are_named_once_and_say_what_they_do(document: dict[str, Any]) -> None:
    operations = [o for path in document["paths"].values() for o in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    assert all(operation["summary"] for operation in operations)


def test_every_shape_is_used(document: dict[str, Any]) -> None:
    used = {r.rsplit("/", 1)[1] for r in _references(document) if "/schemas/" in r}
    assert set(document["components"]["schemas"]) <= used


def test_what_is_for_everyone_needs_no_key_in_the_document_and_everything_else_does(
    document: dict[str, Any],
) -> None:
    for route in routes():
        operation = document["paths"][openapi.path_of(route)][route.method.lower()]
        if route.permission is None:
            assert operation["security"] == []
        else:
            assert operation["x-permission"] == route.permission
            assert "security" not in operation


def test_every_post_takes_an_idempotency_key_unless_it_says_otherwise() -> None:
    for route in routes():
        assert route.method == "POST" or not route.idempotent
        if route.method in UNSAFE:
            assert route.permission is not None


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.endpoint)
def test_every_route_is_in_the_written_documentation(route: Route) -> None:
    written = DOC.read_text()
    path = openapi.path_of(route)
    assert re.search(rf"`{route.method} {re.escape(path)}[`?]", written), f"{route.method} {path}"


def test_the_written_documentation_has_no_route_that_is_not_there(app: Flask) -> None:
    written = set(re.findall(r"`(GET|POST|PUT|PATCH|DELETE) (/api/[^`?\s]*)", DOC.read_text()))
    assert written <= served(app)


def test_every_parameter_is_in_the_written_documentation() -> None:
    written = DOC.read_text()
    for route in routes():
        for param in route.params:
            assert f"`{param.name}`" in written, f"{param.name} of {route.endpoint}"


def test_every_error_code_is_explained(document: dict[str, Any]) -> None:
    written = DOC.read_text()
    for code, (status, meaning) in PROBLEMS.items():
        assert f"| `{code}` | {status} | {meaning} |" in written


def test_every_code_the_domain_knows_is_explained() -> None:
    kinds = [
        kind
        for kind in vars(domain_errors).values()
        if isinstance(kind, type) and issubclass(kind, domain_errors.DomainError)
    ]
    assert {kind.code for kind in kinds} <= PROBLEMS.keys()
    used = set()
    for source in (ROOT / "pim" / "api").rglob("*.py"):
        used |= set(re.findall(r'\bcode="([a-z_0-9]+)"', source.read_text()))
    assert used <= PROBLEMS.keys()


def test_examples_in_the_documentation_are_json() -> None:
    for block in re.findall(r"```json\n(.*?)```", DOC.read_text(), re.DOTALL):
        json.loads(block)


def test_the_page_shows_every_route_and_every_error(app: Flask) -> None:
    page = app.test_client().get("/api/docs")
    assert page.status_code == 200
    for route in routes():
        assert f'id="{route.endpoint}"' in page.text
    for code in PROBLEMS:
        assert f'id="error-{code.replace("_", "-")}"' in page.text
    assert "<script>" not in page.text
    assert " style=" not in page.text


def test_the_language_of_rules_is_described_as_it_is(document: dict[str, Any]) -> None:
    shapes, written = document["components"]["schemas"], DOC.read_text()
    for name, keys in (
        ("AttributeCondition", parser._ATTRIBUTE_KEYS),
        ("SignalCondition", parser._SIGNAL_KEYS),
    ):
        assert set(shapes[name]["properties"]) == set(keys)
    kinds = {shape["properties"]["type"].get("const") for shape in shapes.values()
             if "type" in shape.get("properties", {})}  # fmt: skip
    assert set(parser._CONDITIONS) <= kinds
    for word in (*dsl.OPERATORS, *dsl.UNITS, *dsl.SIGNALS, *parser._CONDITIONS):
        assert f"`{word}`" in written
    for prop in dsl.FIXED_PROPERTIES:
        assert f"`{prop.name}`" in written
