"""What an operator does about tenants, people and keys on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from pydantic import SecretStr

from pim import create_app
from pim.cli import cli
from pim.config import Settings
from pim.core.errors import Conflict, Invalid, NotFound
from pim.core.tenancy import tenant_scope
from pim.identity import demo
from pim.identity.queries import people
from tests.factories.identity import TestTenant, elsewhere, token_on, unique

Pim = Callable[..., Result]


@pytest.fixture
def pim(app: Flask) -> Pim:
    """Run a command as `pim` does; an error of the domain comes out as it is."""

    def run(*words: str, stdin: str = "", **environment: str) -> Result:
        result = CliRunner().invoke(cli, words, input=stdin, env=environment)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


def can_sign_in(app: Flask, email: str, password: str) -> bool:
    client = elsewhere(app.test_client())
    token = token_on(client.get("/sign-in").text)
    form = {"csrf_token": token, "email": email, "password": password}
    return client.post("/sign-in", data=form).status_code == 303


def test_a_tenant_is_made_and_its_slug_printed(pim: Pim, app: Flask) -> None:
    slug = unique("acme")
    assert pim("tenant", "create", slug, "--name", "Acme").stdout == f"{slug}\n"
    with pytest.raises(Conflict):
        pim("tenant", "create", slug, "--name", "Acme")


def test_a_person_gets_a_password_that_is_printed_once(
    pim: Pim, app: Flask, tenant: TestTenant
) -> None:
    email = unique("ada") + "@example.com"
    result = pim("user", "create", email, "--tenant", tenant.slug, "--role", "admin")
    assert can_sign_in(app, email, result.stdout.strip())
    assert "replaced after the first sign-in" in result.stderr
    with app.app_context(), tenant_scope(tenant.id):
        assert [(person.email, person.role) for person in people()] == [(email, "admin")]


def test_a_password_may_come_from_standard_input(pim: Pim, app: Flask, tenant: TestTenant) -> None:
    email = unique("ada") + "@example.com"
    words = ("user", "create", email, "--tenant", tenant.slug, "--role", "viewer")
    result = pim(*words, "--password-stdin", stdin="a tidy little house\n")
    assert result.stdout == ""
    assert can_sign_in(app, email, "a tidy little house")


def test_nothing_is_left_of_a_person_whose_password_will_not_do(
    pim: Pim, app: Flask, tenant: TestTenant
) -> None:
    email = unique("ada") + "@example.com"
    words = ("user", "create", email, "--tenant", tenant.slug, "--role", "viewer")
    with pytest.raises(Invalid):
        pim(*words, "--password-stdin", stdin="short\n")
    with app.app_context(), tenant_scope(tenant.id):
        assert people() == []


def test_a_person_who_is_known_joins_another_tenant_with_their_password(
    pim: Pim, tenant: TestTenant
) -> None:
    email, other = unique("ada") + "@example.com", unique("acme")
    pim("tenant", "create", other, "--name", "Acme")
    pim("user", "create", email, "--tenant", tenant.slug, "--role", "viewer")
    assert pim("user", "create", email, "--tenant", other, "--role", "admin").stdout == ""


def test_a_forgotten_password_is_replaced_by_the_operator(
    pim: Pim, app: Flask, tenant: TestTenant
) -> None:
    email = unique("ada") + "@example.com"
    first = pim("user", "create", email, "--tenant", tenant.slug, "--role", "viewer").stdout.strip()
    second = pim("user", "set-password", email).stdout.strip()
    assert not can_sign_in(app, email, first)
    assert can_sign_in(app, email, second)
    with pytest.raises(NotFound):
        pim("user", "set-password", "nobody@example.com")


def test_an_api_key_is_the_only_thing_printed(pim: Pim, app: Flask, tenant: TestTenant) -> None:
    words = ("api-key", "create", "--tenant", tenant.slug, "--name", "Shop", "--role", "viewer")
    result = pim(*words, "--expires", "2199-12-31")
    answer = app.test_client().get(
        "/api/pim/products/", headers={"Authorization": f"Bearer {result.stdout.strip()}"}
    )
    assert answer.status_code == 200
    assert result.stderr == ""
    with pytest.raises(Invalid):
        pim(*words, "--expires", "2001-01-01")
    with pytest.raises(NotFound):
        pim(*words[:3], "no-such-tenant", *words[4:])


def test_the_demo_may_be_made_again_and_says_how_to_sign_in(pim: Pim, app: Flask) -> None:
    first = json.loads(pim("demo", "create").stdout)
    second = json.loads(pim("demo", "create").stdout)
    assert first["email"] == "demo@example.com"
    assert second == {**first, "created": False}
    assert can_sign_in(app, first["email"], first["password"])


def test_the_demo_does_not_claim_a_password_that_is_not_the_accounts(pim: Pim) -> None:
    pim("demo", "create")
    again = json.loads(pim("demo", "create", PIM_DEMO_PASSWORD="another-password").stdout)
    assert again["password"] is None


def test_each_installation_has_a_demo_password_of_its_own(settings: Settings) -> None:
    made = []
    for key in ("x" * 40, "y" * 40):
        with create_app(settings.model_copy(update={"secret_key": SecretStr(key)})).app_context():
            made.append(demo.demo_password())
    assert made[0] != made[1]
    assert all(len(password) == 14 for password in made)
