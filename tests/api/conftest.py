"""A tenant of its own for each test, and a client that sends an API key."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from pim.identity.permissions import Role
from tests.factories.identity import TestTenant, make_api_key, make_tenant

PRODUCTS = "/api/pim/products/"
BULK = PRODUCTS + "bulk/"


@dataclass(frozen=True)
class Api:
    """The API as one API key sees it."""

    app: Flask
    tenant: TestTenant
    key: str

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | str | None = None,
        kind: str | None = "application/json",
        headers: dict[str, str] | None = None,
    ) -> TestResponse:
        """A request with the key; body becomes JSON, raw is sent as it is."""
        data = raw if raw is not None else None if body is None else json.dumps(body)
        return self.app.test_client().open(
            path,
            method=method,
            data=data,
            content_type=kind if data is not None else None,
            headers={"Authorization": f"Bearer {self.key}", **(headers or {})},
        )

    def get(self, path: str, **more: Any) -> TestResponse:
        """A GET."""
        return self.send("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        """A POST."""
        return self.send("POST", path, body, **more)

    def make(self, sku: str, **more: Any) -> dict[str, Any]:
        """A product that was created."""
        answer = self.post(PRODUCTS, {"sku": sku, **more})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json
        return made


@pytest.fixture
def tenant(app: Flask) -> TestTenant:
    """A tenant of this test alone."""
    return make_tenant(app)


@pytest.fixture
def api_as(app: Flask, tenant: TestTenant) -> Callable[[Role], Api]:
    """The API as a key with some role sees it."""
    return lambda role: Api(app, tenant, make_api_key(app, tenant, role))


@pytest.fixture
def api(api_as: Callable[[Role], Api]) -> Api:
    """The API as an admin's key sees it."""
    return api_as(Role.ADMIN)


def problem(answer: TestResponse, status: int, code: str | None = None) -> dict[str, Any]:
    """The problem an answer holds; it has the one shape every error has."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    document: dict[str, Any] = answer.json
    assert {"type", "title", "status", "detail", "code"} <= document.keys()
    assert document["status"] == status
    assert "Traceback" not in answer.text
    if code is not None:
        assert document["code"] == code, document
    return document
