"""Three tenants × every role × every route, generated from the URL map and the permission table.

A route that is added later is in here by itself; only its kind of object may need a line in
`route_examples.py`. Whether a request was let in is told from its status alone: 401 and 403 are
the door, 404 is another tenant's object, anything else is a view that ran.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import inspect, text
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from pim.core.db import db
from pim.core.tenancy import tenant_scope
from pim.identity.access import PUBLIC, permission_of
from pim.identity.permissions import ROLES, Role, role_has
from pim.identity.sessions import COOKIE
from pim.web.csrf import HEADER, is_unsafe
from tests.factories.identity import (
    Person,
    TestTenant,
    csrf_token,
    make_api_key,
    make_member,
    make_session,
    make_tenant,
)
from tests.structure.route_examples import BODIES, EXAMPLES, NOBODYS

TENANTS = 3


@dataclass(frozen=True)
class Route:
    """One method of one address."""

    method: str
    rule: Rule
    permission: str

    @property
    def address(self) -> str:
        return self.rule.rule

    @property
    def arguments(self) -> set[str]:
        return set(self.rule.arguments)

    @property
    def is_api(self) -> bool:
        return self.address.startswith("/api/")

    @property
    def body(self) -> dict[str, Any]:
        return dict(BODIES.get((self.method, self.address), {}))

    def url(self, app: Flask, values: dict[str, object]) -> str:
        adapter = app.url_map.bind("localhost")
        return adapter.build(self.rule.endpoint, {k: values[k] for k in self.arguments})

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


@dataclass
class Somebody:
    """A person with one role in one tenant, their browser and their API key."""

    person: Person
    role: Role
    client: FlaskClient
    key: str
    token: str


@dataclass
class World:
    """The tenants, everybody in them, and an example object of each kind for each tenant."""

    app: Flask
    routes: list[Route]
    tenants: list[TestTenant]
    people: dict[tuple[int, Role], Somebody] = field(default_factory=dict)
    objects: dict[int, dict[str, object]] = field(default_factory=dict)

    def ask(self, who: Somebody, route: Route, values: dict[str, object]) -> TestResponse:
        """The request as this person's browser makes it, with a good form token."""
        headers = {HEADER: who.token} if is_unsafe(route.method) else {}
        return who.client.open(
            route.url(self.app, values), method=route.method, headers=headers, **route.body
        )

    def ask_with_key(self, who: Somebody, route: Route, values: dict[str, object]) -> TestResponse:
        """The request as a program with this role makes it."""
        return self.app.test_client().open(
            route.url(self.app, values),
            method=route.method,
            headers={"Authorization": f"Bearer {who.key}"},
            **route.body,
        )


def guarded_routes(app: Flask) -> list[Route]:
    """Every route that isn't open to everyone, in a stable order."""
    found = []
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            permission = permission_of(app.view_functions[rule.endpoint], method)
            assert permission, f"{method} {rule.rule} declares no permission"
            if permission != PUBLIC:
                found.append(Route(method, rule, permission))
    return sorted(found, key=str)


@pytest.fixture(scope="module")
def world(app: Flask) -> World:
    made = World(app, guarded_routes(app), [make_tenant(app) for _ in range(TENANTS)])
    for tenant in made.tenants:
        for role in ROLES:
            made.people[tenant.id, role] = _somebody(app, tenant, role)
        admin = made.people[tenant.id, Role.ADMIN].person
        made.objects[tenant.id] = {
            name: example(app, tenant, admin) for name, example in EXAMPLES.items()
        }
    return made


def _somebody(app: Flask, tenant: TestTenant, role: Role) -> Somebody:
    person = make_member(app, tenant, role)
    client = app.test_client()
    client.set_cookie(COOKIE, make_session(app, person, tenant))
    return Somebody(person, role, client, make_api_key(app, tenant, role), csrf_token(client))


each_role = pytest.mark.parametrize("role", ROLES)
each_tenant = pytest.mark.parametrize("index", range(TENANTS))


def test_every_argument_of_an_address_has_an_example(world: World) -> None:
    used = {name for route in world.routes for name in route.arguments}
    assert used - EXAMPLES.keys() == set(), "add a line to EXAMPLES in route_examples.py"


def test_the_matrix_is_not_empty(world: World) -> None:
    assert len(world.routes) > 25
    assert {route.is_api for route in world.routes} == {True, False}
    assert {method for route in world.routes for method in route.method.split()} >= {
        "GET",
        "POST",
        "DELETE",
    }


@each_tenant
@each_role
def test_a_role_without_the_permission_is_refused(world: World, role: Role, index: int) -> None:
    """Whether the object is one's own or not: 403, and nothing about the object."""
    tenant = world.tenants[index]
    who = world.people[tenant.id, role]
    refused = [route for route in world.routes if not role_has(role, route.permission)]
    assert refused or role is Role.ADMIN
    wrong = []
    for route in refused:
        for owner in world.tenants:
            values = world.objects[owner.id]
            answers = [world.ask(who, route, values)]
            if route.is_api:
                answers.append(world.ask_with_key(who, route, values))
            wrong += [f"{route}: {a.status_code}" for a in answers if a.status_code != 403]
    assert wrong == []


@each_tenant
@each_role
def test_a_role_with_the_permission_reads_its_own(world: World, role: Role, index: int) -> None:
    tenant = world.tenants[index]
    who = world.people[tenant.id, role]
    values = dict(world.objects[tenant.id])
    wrong = []
    for route in world.routes:
        if route.method != "GET" or not role_has(role, route.permission):
            continue
        answers = [world.ask(who, route, values)]
        if route.is_api:
            answers.append(world.ask_with_key(who, route, values))
        wrong += [f"{route}: {a.status_code}" for a in answers if a.status_code >= 400]
    assert wrong == []


@each_tenant
@each_role
def test_a_role_with_the_permission_gets_as_far_as_the_form_token(
    world: World, role: Role, index: int
) -> None:
    """A change that a role may make is asked for its form token; the role was right then."""
    tenant = world.tenants[index]
    who = world.people[tenant.id, role]
    wrong = []
    for route in world.routes:
        if is_unsafe(route.method) and role_has(role, route.permission):
            url = route.url(world.app, world.objects[tenant.id])
            answer = who.client.open(url, method=route.method, **route.body)
            if answer.status_code != 400 or not _is_about_the_token(answer):
                wrong.append(f"{route}: {answer.status_code}")
    assert wrong == []


@each_tenant
@each_role
def test_an_object_of_another_tenant_is_not_found(world: World, role: Role, index: int) -> None:
    tenant = world.tenants[index]
    who = world.people[tenant.id, role]
    wrong = []
    for owner in world.tenants:
        if owner is tenant:
            continue
        before = _everything_of(world.app, owner)
        for route in world.routes:
            if route.arguments - NOBODYS and role_has(role, route.permission):
                values = world.objects[owner.id]
                answers = [world.ask(who, route, values)]
                if route.is_api:
                    answers.append(world.ask_with_key(who, route, values))
                wrong += [f"{route}: {a.status_code}" for a in answers if a.status_code != 404]
        assert _everything_of(world.app, owner) == before
    assert wrong == []


@each_tenant
def test_an_admin_changes_their_own(world: World, index: int) -> None:
    """The same requests reach an object of one's own, so the 404s above mean the tenant."""
    tenant = world.tenants[index]
    wrong = []
    for route in world.routes:
        if not (is_unsafe(route.method) and route.arguments):
            continue
        who = _somebody(world.app, tenant, Role.ADMIN)
        values = {name: EXAMPLES[name](world.app, tenant, who.person) for name in route.arguments}
        status = world.ask(who, route, values).status_code
        if status in (400, 401, 403, 404) or status >= 500:
            wrong.append(f"{route}: {status}")
    assert wrong == []


def test_who_is_not_signed_in_is_asked_to(world: World) -> None:
    nobody = world.app.test_client()
    wrong = []
    for route in world.routes:
        url = route.url(world.app, world.objects[world.tenants[0].id])
        answer = nobody.open(url, method=route.method, **route.body)
        sent_away = answer.headers.get("Location", "").startswith("/sign-in")
        right = answer.status_code == 401 if route.is_api else answer.status_code == 303
        if not right or (not route.is_api and not sent_away):
            wrong.append(f"{route}: {answer.status_code}")
    assert wrong == []


def test_an_api_key_opens_no_page(world: World) -> None:
    """Keys are for programs; pages are for people with a sign-in that can be ended."""
    who = world.people[world.tenants[0].id, Role.ADMIN]
    wrong = []
    for route in world.routes:
        if not route.is_api:
            answer = world.ask_with_key(who, route, world.objects[world.tenants[0].id])
            if answer.status_code != 303:
                wrong.append(f"{route}: {answer.status_code}")
    assert wrong == []


def _is_about_the_token(answer: TestResponse) -> bool:
    return "out of date" in answer.text or "csrf_failed" in answer.text


def _everything_of(app: Flask, tenant: TestTenant) -> dict[str, str]:
    """A digest of all rows of a tenant, but for what is noted when a key or sign-in is used."""
    with app.app_context(), tenant_scope(tenant.id):
        digests = {}
        for table in inspect(db.engine).get_table_names():
            columns = {c["name"] for c in inspect(db.engine).get_columns(table)}
            if "tenant_id" in columns:
                rows = db.session.scalars(
                    text(
                        f"SELECT (to_jsonb(t) - 'last_used_at')::text FROM {table} t"
                        f" WHERE tenant_id = {tenant.id} ORDER BY 1"
                    )
                )
                digests[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
        return digests
