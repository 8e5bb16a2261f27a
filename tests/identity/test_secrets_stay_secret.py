"""Whatever goes wrong, no password, token or key is written to a log."""

from __future__ import annotations

import logging

import pytest
from flask import Flask

from pim.identity.permissions import Role
from pim.identity.sessions import COOKIE
from tests.factories.identity import (
    PASSWORD,
    TestTenant,
    elsewhere,
    make_api_key,
    make_member,
    make_session,
    token_on,
)


def test_no_secret_is_logged(
    app: Flask,
    tenant: TestTenant,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    ada = make_member(app, tenant, Role.ADMIN)
    key, session = make_api_key(app, tenant), make_session(app, ada, tenant)
    client = elsewhere(app.test_client())
    token = token_on(client.get("/sign-in").text)
    sign_in = {"csrf_token": token, "email": ada.email, "password": PASSWORD}
    client.post("/sign-in", data={**sign_in, "password": "a wrong guess 4711"})
    client.post("/sign-in", data={**sign_in, "csrf_token": "forged"})
    client.post("/sign-in", data=sign_in)
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    page = client.get("/settings/account").text
    client.post(
        "/settings/account/password",
        data={
            "csrf_token": token_on(page),
            "current_password": PASSWORD,
            "new_password": "a tidy little house",
        },
    )
    program = app.test_client()
    program.get("/api/pim/products/", headers={"Authorization": f"Bearer {key}"})
    program.get("/api/pim/products/?limit=oops", headers={"Authorization": f"Bearer {key}"})
    program.get("/api/pim/products/", headers={"Authorization": "Bearer pim_wrong_key_4712"})
    program.set_cookie(COOKIE, session)
    program.get("/settings/people")

    written = capfd.readouterr()
    everything = "\n".join(
        [caplog.text, written.out, written.err, *(repr(vars(record)) for record in caplog.records)]
    )
    assert "signed_in" in everything
    secrets = (
        *(PASSWORD, "a wrong guess 4711", "a tidy little house", "pim_wrong_key_4712"),
        *(key, session, cookie.value, token.partition(".")[2]),
    )
    assert [secret for secret in secrets if secret in everything] == []
