"""Sign in, sign out, work in another tenant."""

from __future__ import annotations

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from pim.core.db import transaction
from pim.core.errors import RateLimited
from pim.identity import sessions, signin
from pim.identity.access import SIGN_IN, public, requires, signed_in, the_person
from pim.identity.forms import SignInForm
from pim.web.htmx import redirect, render
from pim.web.theme import local_path

START = "/pim"

blueprint = Blueprint("identity", __name__)


@blueprint.get("/")
@requires("catalog.read")
def start() -> Response:
    """To where the work is."""
    return redirect(START)


@blueprint.get(SIGN_IN)
@public
def show_sign_in() -> Response:
    """The sign-in form; who is signed in already goes on."""
    target = request.args.get("next", "")
    if signed_in():
        return redirect(_after_sign_in(target))
    return _sign_in_page(SignInForm(next=target))


@blueprint.post(SIGN_IN)
@public
def do_sign_in() -> Response:
    """Start a session under a new token, and go to where the person wanted to be."""
    form = SignInForm.from_request()
    if not form.validate():
        return _sign_in_page(form, 422)
    before = signed_in()
    try:
        with transaction():
            token = signin.sign_in(
                form.email.data or "", form.password.data or "", seen_as=seen_as()
            )
            if before:
                signin.revoke_sign_ins(before.user_id, only=before.session_id)
    except (signin.SignInRefused, RateLimited) as problem:
        form.form_errors = [problem.message]
        return _sign_in_page(form, problem.status, problem.extra.get("retry_after"))
    response = redirect(_after_sign_in(form.next.data or ""))
    sessions.write_cookie(response, token)
    return response


@blueprint.post("/sign-out")
@public
def do_sign_out() -> Response:
    """End this sign-in; without one it is no error."""
    person = signed_in()
    if person:
        with transaction():
            signin.revoke_sign_ins(person.user_id, only=person.session_id)
    response = redirect(SIGN_IN)
    sessions.forget_cookie(response)
    return response


@blueprint.post("/tenant/switch")
@requires("account.manage")
def switch_tenant() -> Response:
    """Work in another tenant from now on, in every tab."""
    with transaction():
        name = signin.switch_tenant(the_person(), request.form.get("tenant", ""))
    flash(f"You are now in {name}.", "ok")
    return redirect(START)


def seen_as() -> signin.SeenAs:
    """Where the request comes from."""
    return signin.SeenAs(request.headers.get("User-Agent", ""), request.remote_addr or "")


def _after_sign_in(target: str) -> str:
    path = local_path(target)
    return START if path == "/" or path.startswith(SIGN_IN) else path


def _sign_in_page(form: SignInForm, status: int = 200, retry_after: int | None = None) -> Response:
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    return render("identity/sign_in.html", form=form, status=status, headers=headers)
