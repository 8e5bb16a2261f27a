"""Settings: the people of the tenant, its API keys, and one's own account."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash
from werkzeug.wrappers import Response

from pim.core.clock import now
from pim.core.db import transaction
from pim.core.errors import Conflict, Invalid
from pim.identity import queries, service, sessions, signin
from pim.identity.access import current_actor, requires, the_person
from pim.identity.devices import device
from pim.identity.forms import AddPersonForm, ApiKeyForm, PasswordForm, RoleForm
from pim.identity.permissions import ROLE_MEANS, ROLES, Role
from pim.identity.views import seen_as
from pim.web.htmx import redirect, render

PEOPLE, KEYS, ACCOUNT = "/settings/people", "/settings/api-keys", "/settings/account"

ROLE_OPTIONS = [(role.value, role.capitalize(), ROLE_MEANS[role]) for role in ROLES]

blueprint = Blueprint("settings", __name__)


@blueprint.get("/settings")
@requires("settings.read")
def show_settings() -> Response:
    """To the first page of the settings."""
    return redirect(PEOPLE)


# --- people ---------------------------------------------------------------------------------


@blueprint.get(PEOPLE)
@requires("people.read")
def show_people() -> Response:
    """Who belongs to the tenant, in which role."""
    return _people_page(AddPersonForm())


@blueprint.post(PEOPLE)
@requires("people.manage")
def add_person() -> Response:
    """Let somebody in; a first password is on this answer and nowhere else."""
    form = AddPersonForm.from_request()
    if not form.validate():
        return _people_page(form, 422)
    try:
        with transaction():
            user, password = service.add_member(
                form.email.data or "", Role(form.role.data), name=form.name.data or ""
            )
            added = {"email": user.email, "password": password}
    except Invalid as problem:
        form.take_errors(problem)
        return _people_page(form, 422)
    except Conflict as problem:
        form.email.errors = [problem.message]
        return _people_page(form, problem.status)
    return _people_page(AddPersonForm(None), added=added)


@blueprint.get(f"{PEOPLE}/<id:user_id>")
@requires("people.manage")
def show_person(user_id: int) -> Response:
    """One member: their role, and the way out."""
    return _person_page(queries.person(user_id), RoleForm())


@blueprint.post(f"{PEOPLE}/<id:user_id>/role")
@requires("people.manage")
def change_role(user_id: int) -> Response:
    """Give a member another role."""
    person, form = queries.person(user_id), RoleForm.from_request()
    if not form.validate():
        return _person_page(person, form, 422)
    try:
        with transaction():
            service.change_role(user_id, Role(form.role.data))
    except Conflict as problem:
        form.form_errors = [problem.message]
        return _person_page(person, form, problem.status)
    flash(f"{person.name or person.email} is now {form.role.data}.", "ok")
    return redirect(PEOPLE if user_id != current_actor().user_id else ACCOUNT)


@blueprint.post(f"{PEOPLE}/<id:user_id>/remove")
@requires("people.manage")
def remove_person(user_id: int) -> Response:
    """Take a member out of the tenant."""
    person = queries.person(user_id)
    try:
        with transaction():
            service.remove_member(user_id)
    except Conflict as problem:
        form = RoleForm(None)
        form.form_errors = [problem.message]
        return _person_page(person, form, problem.status)
    flash(f"{person.name or person.email} was removed.", "ok")
    return redirect(PEOPLE)


def _person_page(person: queries.Person, form: RoleForm, status: int = 200) -> Response:
    return render(
        "identity/person.html", person=person, form=form, roles=ROLE_OPTIONS, status=status
    )


def _people_page(form: AddPersonForm, status: int = 200, **more: Any) -> Response:
    return render(
        "identity/people.html",
        form=form,
        people=queries.people(),
        me=current_actor().user_id,
        status=status,
        **more,
    )


# --- API keys -------------------------------------------------------------------------------


@blueprint.get(KEYS)
@requires("api_keys.manage")
def show_api_keys() -> Response:
    """The tenant's API keys."""
    return _keys_page(ApiKeyForm())


@blueprint.post(KEYS)
@requires("api_keys.manage")
def create_api_key() -> Response:
    """Make a key; it is on this answer and nowhere else."""
    form = ApiKeyForm.from_request()
    if not form.validate():
        return _keys_page(form, 422)
    try:
        with transaction():
            row, key = service.create_api_key(
                form.name.data or "", Role(form.role.data), form.expires_at()
            )
            created = {"name": row.name, "key": key}
    except Invalid as problem:
        form.take_errors(problem)
        return _keys_page(form, 422)
    return _keys_page(ApiKeyForm(None), created=created)


@blueprint.get(f"{KEYS}/<id:key_id>/revoke")
@requires("api_keys.manage")
def ask_to_revoke_api_key(key_id: int) -> Response:
    """Ask before a key is revoked."""
    return render("identity/revoke_api_key.html", key=queries.api_key(key_id))


@blueprint.post(f"{KEYS}/<id:key_id>/revoke")
@requires("api_keys.manage")
def revoke_api_key(key_id: int) -> Response:
    """The key stops working at once."""
    with transaction():
        name = service.revoke_api_key(key_id).name
    flash(f"The key “{name}” doesn't work any more.", "ok")
    return redirect(KEYS)


def _keys_page(form: ApiKeyForm, status: int = 200, **more: Any) -> Response:
    return render(
        "identity/api_keys.html",
        form=form,
        keys=queries.api_keys(),
        moment=now(),
        status=status,
        **more,
    )


# --- one's own account ----------------------------------------------------------------------


@blueprint.get(ACCOUNT)
@requires("account.manage")
def show_account() -> Response:
    """One's own sign-ins and password."""
    return _account_page(PasswordForm())


@blueprint.post(f"{ACCOUNT}/password")
@requires("account.manage")
def change_password() -> Response:
    """Replace one's password; every other sign-in ends."""
    form = PasswordForm.from_request()
    if not form.validate():
        return _account_page(form, 422)
    try:
        with transaction():
            token = signin.change_password(
                the_person(),
                form.current_password.data or "",
                form.new_password.data or "",
                seen_as=seen_as(),
            )
    except Invalid as problem:
        form.take_errors(problem)
        return _account_page(form, 422)
    flash("Your password is changed. Everywhere else you are signed out.", "ok")
    response = redirect(ACCOUNT)
    sessions.write_cookie(response, token)
    return response


@blueprint.post(f"{ACCOUNT}/sign-ins/<id:session_id>/revoke")
@requires("account.manage")
def revoke_sign_in(session_id: int) -> Response:
    """End one of one's own sign-ins."""
    with transaction():
        signin.revoke_sign_in(the_person().user_id, session_id)
    flash("That device is signed out.", "ok")
    return redirect(ACCOUNT)


@blueprint.post(f"{ACCOUNT}/sign-ins/revoke-others")
@requires("account.manage")
def revoke_other_sign_ins() -> Response:
    """End all of one's own sign-ins but this one."""
    person = the_person()
    with transaction():
        signin.revoke_sign_ins(person.user_id, but=person.session_id)
    flash("Everywhere else you are signed out.", "ok")
    return redirect(ACCOUNT)


def _account_page(form: PasswordForm, status: int = 200) -> Response:
    person = the_person()
    return render(
        "identity/account.html",
        form=form,
        person=person,
        sign_ins=[(each, device(each.user_agent)) for each in queries.sign_ins(person.user_id)],
        status=status,
    )
