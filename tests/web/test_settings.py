"""The settings pages: people, API keys, one's own account."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from pim.identity.permissions import Role
from tests.factories.identity import (
    PASSWORD,
    Person,
    TestTenant,
    client_of,
    csrf_token,
    elsewhere,
    make_api_key,
    make_member,
    make_session,
    make_tenant,
    signed_in_client,
    token_on,
    unique,
)

NEW_PASSWORD = "a tidy little house"


@pytest.fixture
def ada(app: Flask, tenant: TestTenant) -> Person:
    return make_member(app, tenant, Role.ADMIN)


@pytest.fixture
def admin(app: Flask, tenant: TestTenant, ada: Person) -> FlaskClient:
    return elsewhere(signed_in_client(app, ada, tenant))


def send(client: FlaskClient, address: str, **fields: str) -> TestResponse:
    """Send a form the way its page does."""
    return client.post(address, data={"csrf_token": csrf_token(client), **fields})


def shown_once(page: str) -> str:
    """The secret a page shows in a code block."""
    found = re.search(r"<code>(.*?)</code>", page)
    assert found is not None
    return found[1]


def sign_in(app: Flask, email: str, password: str) -> FlaskClient:
    client = elsewhere(app.test_client())
    token = token_on(client.get("/sign-in").text)
    client.post("/sign-in", data={"csrf_token": token, "email": email, "password": password})
    return client


# --- people ---------------------------------------------------------------------------------


def test_a_new_person_gets_a_first_password_that_is_shown_once(
    app: Flask, admin: FlaskClient
) -> None:
    email = unique("grace") + "@example.com"
    answer = send(admin, "/settings/people", email=email, name="Grace Hopper", role="editor")
    assert answer.status_code == 200
    password = shown_once(answer.text)
    assert len(password) >= 16
    assert password not in admin.get("/settings/people").text
    assert "Grace Hopper" in admin.get("/settings/people").text
    assert sign_in(app, email, password).get("/settings/account").status_code == 200


def test_a_first_password_has_to_be_replaced_before_anything_else_opens(
    app: Flask, admin: FlaskClient
) -> None:
    email = unique("grace") + "@example.com"
    first = shown_once(send(admin, "/settings/people", email=email, role="editor").text)
    grace = sign_in(app, email, first)
    for address in ("/settings/people", "/pim"):
        answer = grace.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/settings/account")
    assert grace.get("/api/pim/products/").status_code == 403
    assert "Choose your own password" in grace.get("/settings/account").text
    send(grace, "/settings/account/password", current_password=first, new_password=NEW_PASSWORD)
    assert grace.get("/settings/people").status_code == 200
    assert "Choose your own password" not in grace.get("/settings/account").text


def test_a_person_with_an_account_keeps_their_password(
    app: Flask, tenant: TestTenant, admin: FlaskClient
) -> None:
    """An admin of one company gets no way into the account of somebody of another."""
    grace = make_member(app, make_tenant(app), Role.ADMIN)
    answer = send(admin, "/settings/people", email=grace.email.upper(), role="viewer")
    assert answer.status_code == 200
    assert "<code>" not in answer.text
    assert "an account already" in answer.text
    client = signed_in_client(app, grace, tenant)
    assert client.get("/settings/api-keys").status_code == 403
    assert tenant.name in client.get("/settings/people").text


def test_the_same_person_is_not_added_twice(admin: FlaskClient, ada: Person) -> None:
    answer = send(admin, "/settings/people", email=ada.email, role="viewer")
    assert answer.status_code == 409
    assert "belongs here already" in answer.text


@pytest.mark.parametrize("email", ["", "ada", "@", "a b@example.com", "x" * 250 + "@example.com"])
def test_what_is_no_email_address_is_refused_beside_the_field(
    admin: FlaskClient, email: str
) -> None:
    answer = send(admin, "/settings/people", email=email, role="viewer")
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text


def test_a_role_that_does_not_exist_is_refused(
    app: Flask, tenant: TestTenant, admin: FlaskClient
) -> None:
    grace = make_member(app, tenant, Role.VIEWER)
    assert send(admin, f"/settings/people/{grace.id}/role", role="owner").status_code == 422
    email = unique("grace") + "@example.com"
    assert send(admin, "/settings/people", email=email, role="owner").status_code == 422


def test_a_role_is_changed(app: Flask, tenant: TestTenant, admin: FlaskClient) -> None:
    grace = make_member(app, tenant, Role.VIEWER)
    client = signed_in_client(app, grace, tenant)
    assert client.get("/settings/api-keys").status_code == 403
    assert send(admin, f"/settings/people/{grace.id}/role", role="admin").status_code == 303
    assert client.get("/settings/api-keys").status_code == 200


def test_the_last_admin_stays_an_admin(admin: FlaskClient, ada: Person) -> None:
    answer = send(admin, f"/settings/people/{ada.id}/role", role="viewer")
    assert answer.status_code == 409
    assert "This is the last admin" in answer.text
    assert admin.get("/settings/api-keys").status_code == 200


def test_the_last_admin_cannot_be_removed(
    app: Flask, tenant: TestTenant, admin: FlaskClient, ada: Person
) -> None:
    make_member(app, tenant, Role.MANAGER)
    answer = send(admin, f"/settings/people/{ada.id}/remove")
    assert answer.status_code == 409
    assert admin.get("/settings/people").status_code == 200


def test_a_person_who_is_removed_is_out_at_once(
    app: Flask, tenant: TestTenant, admin: FlaskClient
) -> None:
    grace = make_member(app, tenant, Role.ADMIN)
    client = signed_in_client(app, grace, tenant)
    assert send(admin, f"/settings/people/{grace.id}/remove").status_code == 303
    assert client.get("/settings/people").status_code == 403
    assert grace.email not in admin.get("/settings/people").text


def test_who_may_only_look_sees_people_but_no_way_to_change_them(
    app: Flask, tenant: TestTenant, ada: Person
) -> None:
    page = client_of(app, tenant, Role.VIEWER).get("/settings/people").text
    assert ada.email in page
    assert "Change…" not in page
    assert "Add a person" not in page
    assert "API keys" not in page


def test_people_of_other_tenants_are_not_listed_even_if_one_is_oneself(
    app: Flask, tenant: TestTenant, ada: Person
) -> None:
    """A person's own memberships elsewhere are visible to them, and belong on no list here."""
    other = make_tenant(app)
    stranger = make_member(app, other, Role.ADMIN)
    send(
        elsewhere(signed_in_client(app, stranger, other)),
        "/settings/people",
        email=ada.email,
        role="viewer",
    )
    client = signed_in_client(app, ada, tenant)
    page = client.get("/settings/people").text
    assert re.search(r"<p class=\"quiet\">1 person</p>", page)
    assert stranger.email not in page


# --- API keys -------------------------------------------------------------------------------


def test_an_api_key_is_shown_once_and_works(app: Flask, admin: FlaskClient) -> None:
    page = send(admin, "/settings/api-keys", name="Shop sync", role="viewer", lifetime="30").text
    key = shown_once(page)
    assert key.startswith("pim_")
    again = admin.get("/settings/api-keys").text
    assert key not in again
    assert key.rsplit("_", 1)[0][:12] in again
    answer = app.test_client().get("/api/pim/products/", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 200


def test_a_revoked_api_key_stays_listed_as_revoked(
    app: Flask, tenant: TestTenant, admin: FlaskClient
) -> None:
    key = make_api_key(app, tenant)
    page = admin.get("/settings/api-keys").text
    link = re.search(r'href="(/settings/api-keys/\d+/revoke)"', page)
    assert link is not None
    assert "can't be brought back" in admin.get(link[1]).text
    assert send(admin, link[1]).status_code == 303
    assert "Revoked" in admin.get("/settings/api-keys").text
    answer = app.test_client().get("/api/pim/products/", headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 401


def test_a_key_without_a_name_is_refused_beside_the_field(admin: FlaskClient) -> None:
    answer = send(admin, "/settings/api-keys", name=" ", role="viewer", lifetime="")
    assert answer.status_code == 422
    assert 'id="name-error"' in answer.text


# --- one's own account ----------------------------------------------------------------------


def test_a_new_password_ends_every_other_sign_in(
    app: Flask, tenant: TestTenant, ada: Person, admin: FlaskClient
) -> None:
    elsewhere_signed_in = signed_in_client(app, ada, tenant)
    answer = send(
        admin, "/settings/account/password", current_password=PASSWORD, new_password=NEW_PASSWORD
    )
    assert answer.status_code == 303
    assert admin.get("/settings/account").status_code == 200
    assert elsewhere_signed_in.get("/settings/account").status_code == 303
    assert sign_in(app, ada.email, PASSWORD).get("/settings/account").status_code == 303
    assert sign_in(app, ada.email, NEW_PASSWORD).get("/settings/account").status_code == 200


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("not my password", NEW_PASSWORD, "current_password"),
        (PASSWORD, "short", "new_password"),
        (PASSWORD, PASSWORD, "new_password"),
        (PASSWORD, "x" * 1001, "new_password"),
        ("", NEW_PASSWORD, "current_password"),
    ],
)
def test_a_password_that_will_not_do_is_refused_beside_its_field(
    admin: FlaskClient, old: str, new: str, field: str
) -> None:
    answer = send(admin, "/settings/account/password", current_password=old, new_password=new)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    for secret in {old, new} - {""}:
        assert f'value="{secret}"' not in answer.text


def test_the_email_address_is_no_password(admin: FlaskClient, ada: Person) -> None:
    answer = send(
        admin, "/settings/account/password", current_password=PASSWORD, new_password=ada.email
    )
    assert answer.status_code == 422


def test_guessing_the_present_password_is_slowed_down(admin: FlaskClient) -> None:
    """Somebody at an unlocked computer may try, but not a thousand times."""
    statuses = [
        send(
            admin, "/settings/account/password", current_password="guess", new_password=NEW_PASSWORD
        ).status_code
        for _ in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_a_sign_in_is_ended_from_the_list(
    app: Flask, tenant: TestTenant, ada: Person, admin: FlaskClient
) -> None:
    phone = signed_in_client(app, ada, tenant)
    page = admin.get("/settings/account").text
    assert "2 devices" in page
    assert "Firefox on Linux" in page
    action = re.search(r'action="(/settings/account/sign-ins/\d+/revoke)"', page)
    assert action is not None
    assert send(admin, action[1]).status_code == 303
    assert phone.get("/settings/account").status_code == 303
    assert "1 device<" in admin.get("/settings/account").text


def test_all_other_sign_ins_are_ended_at_once(
    app: Flask, tenant: TestTenant, ada: Person, admin: FlaskClient
) -> None:
    others = [signed_in_client(app, ada, tenant) for _ in range(2)]
    assert send(admin, "/settings/account/sign-ins/revoke-others").status_code == 303
    assert [other.get("/settings/account").status_code for other in others] == [303, 303]
    assert admin.get("/settings/account").status_code == 200


def test_nobody_ends_the_sign_in_of_somebody_else(
    app: Flask, tenant: TestTenant, admin: FlaskClient
) -> None:
    from pim.core.db import db
    from pim.identity.models import UserSession
    from pim.identity.tokens import token_hash

    grace = make_member(app, tenant, Role.VIEWER)
    token = make_session(app, grace, tenant)
    with app.app_context():
        row = db.session.query(UserSession).filter_by(token_hash=token_hash(token)).one()
    answer = send(admin, f"/settings/account/sign-ins/{row.id}/revoke")
    assert answer.status_code == 404
    client = app.test_client()
    client.set_cookie("pim_session", token)
    assert client.get("/settings/account").status_code == 200


@pytest.mark.parametrize("user_id", ["0", "9223372036854775808", "99999999999999999999", "-1", "x"])
def test_an_id_that_cannot_be_is_not_found(admin: FlaskClient, user_id: str) -> None:
    assert admin.get(f"/settings/people/{user_id}").status_code == 404
