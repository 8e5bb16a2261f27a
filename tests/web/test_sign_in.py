"""Signing in and out, as a browser sees it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.identity.models import Membership, User, UserSession
from pim.identity.permissions import Role
from pim.identity.sessions import COOKIE
from pim.identity.tokens import token_hash
from tests.factories.identity import (
    PASSWORD,
    Person,
    TestTenant,
    csrf_token,
    elsewhere,
    make_member,
    make_person,
    make_session,
    make_tenant,
    signed_in_client,
    token_on,
)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> TestResponse:
    """Fill in the sign-in page."""
    elsewhere(client)
    token = token_on(client.get("/sign-in").text)
    return client.post(
        "/sign-in", data={"csrf_token": token, "email": email, "password": password, **more}
    )


@pytest.fixture
def ada(app: Flask, tenant: TestTenant) -> Person:
    return make_member(app, tenant, Role.ADMIN)


def test_the_right_password_opens_the_catalog(client: FlaskClient, ada: Person) -> None:
    answer = sign_in(client, ada.email)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/pim"
    assert ada.email in client.get("/settings/account").text


def test_the_case_of_an_email_address_does_not_matter(client: FlaskClient, ada: Person) -> None:
    assert sign_in(client, f"  {ada.email.upper()} ").status_code == 303


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    app: Flask, ada: Person
) -> None:
    def page(email: str, password: str) -> str:
        answer = sign_in(app.test_client(), email, password)
        assert answer.status_code == 422
        assert COOKIE not in answer.headers.get("Set-Cookie", "")
        without_tokens = re.sub(r"[\w-]{16}\.[0-9a-f]{64}", "", answer.text)
        return without_tokens.replace(email, "")

    wrong = page(ada.email, "not the password")
    assert "don&#39;t belong together" in wrong
    assert page("nobody@example.com", PASSWORD) == wrong


def test_a_password_is_never_sent_back(client: FlaskClient, ada: Person) -> None:
    assert "tell-no-one" not in sign_in(client, ada.email, "tell-no-one").text


def test_a_closed_account_cannot_sign_in_and_is_signed_out(app: Flask, ada: Person) -> None:
    signed_in = signed_in_client(app, ada)
    assert signed_in.get("/settings/account").status_code == 200
    with app.app_context(), transaction():
        db.session.execute(update(User).where(User.id == ada.id).values(is_active=False))
    assert signed_in.get("/settings/account").status_code == 303
    assert sign_in(app.test_client(), ada.email).status_code == 422


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(
    client: FlaskClient, ada: Person
) -> None:
    cookie = next(
        line
        for line in sign_in(client, ada.email).headers.getlist("Set-Cookie")
        if line.startswith(COOKIE + "=")
    )
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", f"max-age={14 * 86_400}"} <= flags
    assert "secure" not in flags  # the public address of the tests is http


def test_each_sign_in_gets_a_new_token_and_ends_the_one_before(app: Flask, ada: Person) -> None:
    """A token somebody planted before the sign-in is worth nothing after it."""
    before = make_session(app, ada)
    client = app.test_client()
    client.set_cookie(COOKIE, before)
    token = csrf_token(client)
    client.post("/sign-in", data={"csrf_token": token, "email": ada.email, "password": PASSWORD})
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert cookie.value != before
    old = app.test_client()
    old.set_cookie(COOKIE, before)
    assert old.get("/settings/account").status_code == 303


def test_a_made_up_token_is_nobody(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie(COOKIE, "a" * 43)
    assert client.get("/settings/account").status_code == 303


def test_the_database_keeps_the_hash_of_the_token_alone(app: Flask, ada: Person) -> None:
    token = make_session(app, ada)
    with app.app_context():
        kept = db.session.scalars(
            select(UserSession.token_hash).where(UserSession.user_id == ada.id)
        ).all()
    assert kept == [token_hash(token)]
    assert token not in kept


def test_after_signing_out_the_cookie_opens_nothing(app: Flask, ada: Person) -> None:
    token = make_session(app, ada)
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    answer = client.post("/sign-out", data={"csrf_token": csrf_token(client)})
    assert answer.status_code == 303
    assert client.get_cookie(COOKIE) is None
    stolen = app.test_client()
    stolen.set_cookie(COOKIE, token)
    assert stolen.get("/settings/account").status_code == 303


def test_signing_out_twice_is_no_error(client: FlaskClient) -> None:
    token = token_on(client.get("/sign-in").text)
    assert client.post("/sign-out", data={"csrf_token": token}).status_code == 303


def test_a_sign_in_ends_when_it_was_not_used_for_long(app: Flask, ada: Person) -> None:
    client = signed_in_client(app, ada)
    with app.app_context(), transaction():
        db.session.execute(
            update(UserSession)
            .where(UserSession.user_id == ada.id)
            .values(expires_at=now() - timedelta(seconds=1))
        )
    assert client.get("/settings/account").status_code == 303


def test_use_keeps_a_sign_in_alive_but_is_noted_once_a_minute(app: Flask, ada: Person) -> None:
    client = signed_in_client(app, ada)

    def seen() -> UserSession:
        with app.app_context():
            return db.session.scalars(
                select(UserSession).where(UserSession.user_id == ada.id)
            ).one()

    fresh = seen()
    client.get("/settings/account")
    assert seen().last_seen_at == fresh.last_seen_at
    an_hour = timedelta(hours=1)
    with app.app_context(), transaction():
        db.session.execute(
            update(UserSession)
            .where(UserSession.user_id == ada.id)
            .values(last_seen_at=now() - an_hour, expires_at=now() + an_hour)
        )
    answer = client.get("/settings/account")
    assert seen().expires_at > now() + timedelta(days=13)
    assert any(line.startswith(COOKIE) for line in answer.headers.getlist("Set-Cookie"))


def test_who_is_signed_in_already_goes_on(app: Flask, ada: Person) -> None:
    answer = signed_in_client(app, ada).get("/sign-in?next=/pim/schema")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/pim/schema")


def test_a_page_asked_for_before_the_sign_in_is_opened_after_it(
    client: FlaskClient, ada: Person
) -> None:
    sent_to = client.get("/settings/people?q=a%20b").headers["Location"]
    page = client.get(sent_to).text
    target = re.search(r'name="next" value="([^"]*)"', page)
    assert target is not None
    answer = sign_in(client, ada.email, next=target[1])
    assert answer.headers["Location"] == "/settings/people?q=a%20b"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\/evil.example/",
        "/\t/evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "http:evil.example",
        "//[",
        "/\x00",
    ],
)
def test_the_sign_in_leads_to_no_other_site(client: FlaskClient, ada: Person, target: str) -> None:
    assert sign_in(client, ada.email, next=target).headers["Location"] == "/pim"
    assert client.get("/sign-in", query_string={"next": target}).headers["Location"] == "/pim"


def test_htmx_is_sent_to_the_sign_in_page_as_a_whole(client: FlaskClient) -> None:
    """A sign-in form must not be swapped into the middle of a table."""
    answer = client.get(
        "/settings/people",
        headers={
            "HX-Request": "true",
            "HX-Request-Type": "partial",
            "HX-Current-URL": "http://localhost/settings/people?q=1",
        },
    )
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/sign-in?next=%2Fsettings%2Fpeople%3Fq%3D1"


def test_a_person_works_in_one_tenant_at_a_time(app: Flask, tenant: TestTenant) -> None:
    other = make_tenant(app, "Contoso Outdoor")
    ada = make_person(app, (tenant, Role.ADMIN), (other, Role.VIEWER))
    client = signed_in_client(app, ada, tenant)
    assert client.get("/settings/api-keys").status_code == 200
    answer = client.post(
        "/tenant/switch", data={"csrf_token": csrf_token(client), "tenant": other.slug}
    )
    assert answer.status_code == 303
    assert "Contoso Outdoor" in client.get("/settings/people").text
    assert client.get("/settings/api-keys").status_code == 403


def test_the_next_sign_in_starts_where_the_last_one_ended(app: Flask, tenant: TestTenant) -> None:
    first = make_tenant(app, "Aardvark")
    ada = make_person(app, (first, Role.VIEWER), (tenant, Role.VIEWER))
    make_session(app, ada, tenant)
    client = app.test_client()
    sign_in(client, ada.email)
    assert tenant.name in client.get("/settings/people").text
    assert "Aardvark" not in re.sub(r"(?s)<form.*?</form>", "", client.get("/settings/people").text)


def test_nobody_switches_to_a_tenant_they_do_not_belong_to(app: Flask, ada: Person) -> None:
    other = make_tenant(app)
    client = signed_in_client(app, ada)
    answer = client.post(
        "/tenant/switch", data={"csrf_token": csrf_token(client), "tenant": other.slug}
    )
    assert answer.status_code == 404


def test_a_membership_that_ends_closes_the_tenant_at_once(
    app: Flask, tenant: TestTenant, ada: Person
) -> None:
    client = signed_in_client(app, ada, tenant)
    assert client.get("/settings/people").status_code == 200
    with app.app_context(), tenant_scope(tenant.id), transaction():
        db.session.delete(db.session.get_one(Membership, (tenant.id, ada.id)))
    answer = client.get("/settings/people")
    assert answer.status_code == 403
    assert "belong to a company" in answer.text


def test_a_role_that_changes_counts_from_the_next_request(
    app: Flask, tenant: TestTenant, ada: Person
) -> None:
    client = signed_in_client(app, ada, tenant)
    with app.app_context(), tenant_scope(tenant.id), transaction():
        db.session.get_one(Membership, (tenant.id, ada.id)).role = Role.VIEWER
    assert client.get("/settings/api-keys").status_code == 403
