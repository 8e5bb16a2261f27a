"""What another site could make a browser send is refused."""

from __future__ import annotations

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pim.identity.permissions import Role
from tests.factories.identity import (
    TestTenant,
    client_of,
    csrf_token,
    make_member,
    signed_in_client,
    token_on,
)


@pytest.fixture
def admin(app: Flask, tenant: TestTenant) -> FlaskClient:
    return client_of(app, tenant, Role.ADMIN)


def add_a_key(client: FlaskClient, token: str | None = None, **headers: str) -> TestResponse:
    data = {"name": "Shop", "role": "viewer", "lifetime": "30"}
    if token is not None:
        data["csrf_token"] = token
    return client.post("/settings/api-keys", data=data, headers=headers)


def keys_of(client: FlaskClient) -> int:
    return client.get("/settings/api-keys").text.count('class="mono">pim_')


def test_a_form_with_its_token_is_taken(admin: FlaskClient) -> None:
    assert add_a_key(admin, csrf_token(admin)).status_code == 200
    assert keys_of(admin) == 1


def test_a_form_without_a_token_is_refused_and_says_what_to_do(admin: FlaskClient) -> None:
    answer = add_a_key(admin)
    assert answer.status_code == 400
    assert "This page is out of date" in answer.text
    assert "Reload" in answer.text
    assert keys_of(admin) == 0


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "x",
        "nonce.signature",
        "a.b.c",
        "é.é",
        "nonce." + "0" * 64,
        "." + "0" * 64,
        "\ud800",
    ],
)
def test_a_made_up_token_is_refused(admin: FlaskClient, token: str) -> None:
    answer = add_a_key(admin, token.encode("utf-8", "replace").decode())
    assert answer.status_code == 400
    assert keys_of(admin) == 0


def test_a_token_of_another_person_is_refused(
    app: Flask, tenant: TestTenant, admin: FlaskClient
) -> None:
    assert add_a_key(admin, csrf_token(client_of(app, tenant))).status_code == 400


def test_a_token_of_another_sign_in_of_the_same_person_is_refused(
    app: Flask, tenant: TestTenant
) -> None:
    ada = make_member(app, tenant, Role.ADMIN)
    here, there = signed_in_client(app, ada), signed_in_client(app, ada)
    assert add_a_key(here, csrf_token(there)).status_code == 400
    assert add_a_key(here, csrf_token(here)).status_code == 200


def test_a_token_from_before_the_sign_in_is_refused_after_it(
    app: Flask, admin: FlaskClient
) -> None:
    visitor = app.test_client()
    token = token_on(visitor.get("/sign-in").text)
    assert add_a_key(admin, token).status_code == 400


def test_every_page_of_a_sign_in_has_a_token_that_stays_good(admin: FlaskClient) -> None:
    first, second = csrf_token(admin), csrf_token(admin)
    assert first != second
    assert add_a_key(admin, second).status_code == 200
    assert add_a_key(admin, first).status_code == 200


def test_htmx_sends_the_token_as_a_header(admin: FlaskClient) -> None:
    answer = add_a_key(admin, **{"X-CSRF-Token": csrf_token(admin)})
    assert answer.status_code == 200


def test_every_signed_in_page_gives_htmx_its_token(admin: FlaskClient) -> None:
    assert "hx-headers:inherited" in admin.get("/settings/people").text
    assert "X-CSRF-Token" in admin.get("/settings/people").text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "surprise"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    ],
)
def test_a_request_from_another_site_is_refused_even_with_a_good_token(
    admin: FlaskClient, headers: dict[str, str]
) -> None:
    answer = add_a_key(admin, csrf_token(admin), **headers)
    assert answer.status_code == 400
    assert "another site" in answer.text
    assert keys_of(admin) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
    ],
)
def test_a_request_from_our_own_pages_is_taken(admin: FlaskClient, headers: dict[str, str]) -> None:
    assert add_a_key(admin, csrf_token(admin), **headers).status_code == 200


def test_the_sign_in_form_itself_is_protected(client: FlaskClient) -> None:
    """Else another site could sign a browser in to an account of its own."""
    token_on(client.get("/sign-in").text)
    answer = client.post("/sign-in", data={"email": "a@example.com", "password": "x"})
    assert answer.status_code == 400


def test_a_visitors_token_is_no_use_without_their_cookie(app: Flask) -> None:
    token = token_on(app.test_client().get("/sign-in").text)
    answer = app.test_client().post(
        "/sign-in", data={"csrf_token": token, "email": "a@example.com", "password": "x"}
    )
    assert answer.status_code == 400


def test_the_api_takes_the_cookie_for_changes_only_with_a_token(
    app: Flask, tenant: TestTenant, admin: FlaskClient
) -> None:
    product = {"sku": "LAMP-1", "name": "Lamp"}
    refused = admin.post("/api/pim/products/", json=product)
    assert refused.status_code == 400
    assert refused.json is not None
    assert refused.json["code"] == "csrf_failed"
    taken = admin.post(
        "/api/pim/products/", json=product, headers={"X-CSRF-Token": csrf_token(admin)}
    )
    assert taken.status_code == 201


def test_a_large_body_of_nobody_is_refused_before_it_is_read(client: FlaskClient) -> None:
    asked: list[int] = []

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            asked.append(len(buffer))
            return len(buffer)

    answer = client.post(
        "/settings/api-keys",
        environ_overrides={
            "wsgi.input": Endless(),
            "CONTENT_LENGTH": str(2**30),
            "CONTENT_TYPE": "multipart/form-data; boundary=x",
        },
    )
    assert answer.status_code == 303
    assert asked == []
