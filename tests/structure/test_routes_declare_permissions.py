"""Every route says who may use it, and what is open to everyone is listed here."""

from __future__ import annotations

import pytest
from flask import Blueprint, Flask

from pim.identity.access import PUBLIC, permission_of, requires
from pim.identity.permissions import PERMISSIONS, ROLES, Role, role_has

# Adding a line here opens a door: say why.
OPEN_TO_EVERYONE = {
    "/static/<path:filename>": "style sheets and scripts of the sign-in page",
    "/sign-in": "how one gets in",
    "/sign-out": "also for a sign-in that has ended already",
    "/preferences/theme": "light or dark, kept in the browser alone",
    "/healthz": "asked by supervisors and load balancers",
    "/readyz": "asked by supervisors and load balancers",
    "/metrics": "guards itself: this machine alone, or METRICS_TOKEN",
    "/api/openapi.json": "the description of the API is the same for everyone",
    "/api/docs": "the description of the API is the same for everyone",
}


def routes(app: Flask) -> list[tuple[str, str, str]]:
    """(address, method, endpoint) of every route there is."""
    return [
        (rule.rule, method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in sorted(rule.methods or ())
        if method not in ("HEAD", "OPTIONS")
    ]


def test_every_route_declares_a_permission_or_that_it_is_public(app: Flask) -> None:
    undeclared = [
        f"{method} {address}"
        for address, method, endpoint in routes(app)
        if permission_of(app.view_functions[endpoint], method) is None
    ]
    assert undeclared == []


def test_every_declared_permission_is_in_the_table(app: Flask) -> None:
    declared = {
        permission_of(app.view_functions[endpoint], method) for _, method, endpoint in routes(app)
    }
    assert declared - {PUBLIC, None} <= PERMISSIONS.keys()


def test_what_is_open_to_everyone_is_listed_with_its_reason(app: Flask) -> None:
    public = {
        address
        for address, method, endpoint in routes(app)
        if permission_of(app.view_functions[endpoint], method) == PUBLIC
    }
    assert public <= OPEN_TO_EVERYONE.keys()


def test_a_route_that_declares_nothing_is_refused(app: Flask) -> None:
    from pim import create_app
    from pim.core import EXTENSION

    forgetful = create_app(app.extensions[EXTENSION])
    blueprint = Blueprint("forgetful", __name__)
    blueprint.add_url_rule("/forgotten", view_func=lambda: "the crown jewels")
    blueprint.add_url_rule("/api/forgotten", "api", view_func=lambda: "the crown jewels")
    forgetful.register_blueprint(blueprint)
    for address in ("/forgotten", "/api/forgotten"):
        answer = forgetful.test_client().get(address)
        assert answer.status_code == 403
        assert "crown jewels" not in answer.text


def test_a_permission_that_is_not_in_the_table_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match=r"product\.wirte"):
        requires("product.wirte")


def test_each_role_may_do_what_the_roles_before_it_may() -> None:
    for permission in PERMISSIONS:
        allowed = [role_has(role, permission) for role in ROLES]
        assert allowed == sorted(allowed), permission
        assert role_has(Role.ADMIN, permission)
