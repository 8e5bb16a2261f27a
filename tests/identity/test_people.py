"""Tenants and their people: what must not happen, whoever asks and however often at once."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from pim.core.db import db, transaction
from pim.core.errors import Conflict, Invalid, NotFound
from pim.core.tenancy import NoTenant, tenant_scope
from pim.identity import service
from pim.identity.access import current_actor
from pim.identity.models import Membership, User
from pim.identity.permissions import Role
from pim.identity.queries import people, user_by_email
from tests.factories.identity import (
    PASSWORD,
    Person,
    TestTenant,
    make_member,
    make_tenant,
    unique,
)


def test_two_admins_cannot_remove_each_other_at_the_same_moment(
    app: Flask, tenant: TestTenant
) -> None:
    admins = [make_member(app, tenant, Role.ADMIN) for _ in range(2)]
    together = threading.Barrier(2)
    refused: list[str] = []

    def remove(person: Person) -> None:
        with app.app_context(), tenant_scope(tenant.id):
            db.session.execute(select(1))
            together.wait()
            try:
                with transaction():
                    service.remove_member(person.id)
            except Conflict as conflict:
                refused.append(conflict.code)

    threads = [threading.Thread(target=remove, args=[admin]) for admin in admins]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == ["last_admin"]
    with app.app_context(), tenant_scope(tenant.id):
        assert [person.role for person in people()] == [Role.ADMIN]


def test_one_of_two_admins_may_go(app: Flask, tenant: TestTenant) -> None:
    stays, goes = (make_member(app, tenant, Role.ADMIN) for _ in range(2))
    with app.app_context(), tenant_scope(tenant.id):
        with transaction():
            service.remove_member(goes.id)
        assert [person.user_id for person in people()] == [stays.id]


def test_who_leaves_a_tenant_keeps_their_account(app: Flask, tenant: TestTenant) -> None:
    make_member(app, tenant, Role.ADMIN)
    grace = make_member(app, tenant, Role.EDITOR)
    with app.app_context(), tenant_scope(tenant.id):
        with transaction():
            service.remove_member(grace.id)
        assert user_by_email(grace.email) is not None


def test_a_person_of_another_tenant_is_not_there(app: Flask, tenant: TestTenant) -> None:
    make_member(app, tenant, Role.ADMIN)
    stranger = make_member(app, make_tenant(app), Role.EDITOR)
    with app.app_context(), tenant_scope(tenant.id):
        for verb in (service.remove_member, lambda id_: service.change_role(id_, Role.ADMIN)):
            with pytest.raises(NotFound), transaction():
                verb(stranger.id)


def test_the_first_of_two_tenants_with_the_same_slug_wins(app: Flask) -> None:
    slug = unique("acme")
    with app.app_context():
        with transaction():
            service.create_tenant(slug, "Acme")
        with pytest.raises(Conflict), transaction():
            service.create_tenant(slug, "Acme again")


@pytest.mark.parametrize(
    "slug", ["", "-", "Acme", "a b", "a_b", "ä", "a-", "-a", "x" * 64, "a/b", "a\n"]
)
def test_a_slug_that_cannot_stand_in_an_address_is_refused(app: Flask, slug: str) -> None:
    with app.app_context(), pytest.raises(Invalid), transaction():
        service.create_tenant(slug, "Acme")


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\x00b", "a\u202eb"])
def test_a_name_that_cannot_be_shown_is_refused(app: Flask, name: str) -> None:
    with app.app_context(), pytest.raises(Invalid), transaction():
        service.create_tenant(unique("acme"), name)


def test_one_email_address_is_one_account_whatever_its_case(app: Flask) -> None:
    email = unique("Ada") + "@Example.com"
    with app.app_context():
        with transaction():
            made = service.create_user(email, PASSWORD).id
        with pytest.raises(Conflict), transaction():
            service.create_user(email.lower(), PASSWORD)
        kept = db.session.get_one(User, made)
        assert kept.email == email
        assert user_by_email(f" {email.upper()} ") is kept


def test_without_a_tenant_nobody_is_added_to_one(app: Flask) -> None:
    with app.app_context(), pytest.raises(NoTenant), transaction():
        service.add_member("ada@example.com", Role.VIEWER)


def test_what_is_added_inside_a_scope_is_written_inside_it(app: Flask, tenant: TestTenant) -> None:
    """Also when the scope ends before the transaction does."""
    ada = make_member(app, make_tenant(app))
    with app.app_context():
        with transaction(), tenant_scope(tenant.id):
            db.session.add(Membership(tenant_id=tenant.id, user_id=ada.id, role="viewer"))
        with tenant_scope(tenant.id):
            assert [person.user_id for person in people()] == [ada.id]


def test_outside_of_a_request_the_system_acts(app: Flask, tenant: TestTenant) -> None:
    with app.app_context():
        with tenant_scope(tenant.id):
            actor = current_actor()
        assert (actor.kind, actor.tenant_id, actor.role) == ("system", tenant.id, Role.ADMIN)
        with pytest.raises(NoTenant):
            current_actor()
