"""What pages tell the browser about what it may do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask, request, request_started
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pim import create_app
from pim.config import Settings
from pim.identity.permissions import Role
from pim.identity.sessions import COOKIE
from tests.factories.identity import (
    PASSWORD,
    TestTenant,
    client_of,
    elsewhere,
    make_member,
    token_on,
)


@pytest.fixture(scope="module")
def https(settings: Settings) -> Flask:
    """The application as it runs behind a proxy that speaks https."""
    return create_app(
        settings.model_copy(update={"public_url": "https://pim.example.com", "trusted_proxies": 1})
    )


def policy(answer: TestResponse) -> dict[str, set[str]]:
    """The content security policy, directive by directive."""
    parts = answer.headers["Content-Security-Policy"].split(";")
    return {words[0]: set(words[1:]) for words in (part.split() for part in parts)}


@pytest.mark.parametrize(
    "address", ["/sign-in", "/nope", "/settings", "/api/pim/products/", "/static/icon.svg"]
)
def test_every_answer_has_a_policy_without_exceptions(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    found = policy(answer)
    assert found["default-src"] == {"'none'"}
    assert found["frame-ancestors"] == {"'none'"}
    assert found["base-uri"] == {"'self'"}
    assert found["form-action"] == {"'self'"}
    assert found["img-src"] == {"'self'", "data:"}
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "*" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_a_cdn_is_in_the_policy_only_while_the_local_copy_is_missing(
    settings: Settings, tmp_path: Path
) -> None:
    app = create_app(settings)
    app.static_folder = str(tmp_path)
    without = policy(app.test_client().get("/api/openapi.json"))["script-src"]
    assert len(without) == 2
    assert any(host.startswith("https://") for host in without)
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor" / "htmx.min.js").write_text("")
    assert policy(app.test_client().get("/api/openapi.json"))["script-src"] == {"'self'"}


def test_a_page_for_one_person_is_kept_by_nobody(app: Flask, tenant: TestTenant) -> None:
    """Not by a proxy, and not by Back after the sign-out."""
    assert client_of(app, tenant).get("/settings/people").headers["Cache-Control"] == "no-store"


def test_style_sheets_are_kept(client: FlaskClient) -> None:
    assert "immutable" in client.get("/static/icon.svg?v=1").headers["Cache-Control"]


def test_with_https_the_browser_is_told_to_stay_with_it(https: Flask, client: FlaskClient) -> None:
    assert (
        "max-age=31536000"
        in https.test_client().get("/sign-in").headers["Strict-Transport-Security"]
    )
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers


def test_with_https_every_cookie_is_secure(app: Flask, https: Flask, tenant: TestTenant) -> None:
    ada = make_member(app, tenant, Role.ADMIN)
    client = elsewhere(https.test_client())
    base = "https://pim.example.com"
    page = client.get("/sign-in", base_url=base)
    answer = client.post(
        "/sign-in",
        base_url=base,
        headers={"Origin": base},
        data={"csrf_token": token_on(page.text), "email": ada.email, "password": PASSWORD},
    )
    cookies = page.headers.getlist("Set-Cookie") + answer.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} >= {COOKIE, "pim_visitor"}
    for cookie in cookies:
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_the_address_behind_a_trusted_proxy_is_the_visitors(https: Flask, app: Flask) -> None:
    """And without a trusted proxy nobody can pretend to sit at another address."""
    seen: list[str | None] = []
    for application in (https, app):
        with _noting_addresses(application, seen):
            application.test_client().get(
                "/sign-in", headers={"X-Forwarded-For": "203.0.113.9, 203.0.113.7"}
            )
    assert seen == ["203.0.113.7", "127.0.0.1"]


@contextmanager
def _noting_addresses(app: Flask, seen: list[str | None]) -> Iterator[None]:
    def note(_: Flask, **__: object) -> None:
        seen.append(request.remote_addr)

    with request_started.connected_to(note, app):
        yield
