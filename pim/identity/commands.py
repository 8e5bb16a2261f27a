"""What an operator does about tenants, people and API keys on the command line."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime

import click
from flask.cli import with_appcontext

from pim.core.db import transaction
from pim.core.errors import NotFound
from pim.core.tenancy import tenant_scope
from pim.identity import passwords, service, signin
from pim.identity.demo import make_demo
from pim.identity.permissions import ROLES, Role
from pim.identity.queries import tenant_by_slug, user_by_email

ROLE = click.Choice([role.value for role in ROLES])
password_stdin = click.option(
    "--password-stdin",
    is_flag=True,
    help="Read the password from standard input. Without it, one is made and printed.",
)


@click.group()
def tenant() -> None:
    """Companies."""


@tenant.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="The company's name, as pages show it.")
@with_appcontext
def create_tenant(slug: str, name: str) -> None:
    """Make a tenant and print its slug."""
    with transaction():
        made = service.create_tenant(slug, name).slug
    click.echo(made)


@click.group()
def user() -> None:
    """People."""


@user.command("create")
@click.argument("email")
@click.option("--tenant", "slug", required=True, help="Slug of the tenant they belong to.")
@click.option("--role", type=ROLE, required=True)
@click.option("--name", default="", help="Their name.")
@password_stdin
@with_appcontext
def create_user(email: str, slug: str, role: str, name: str, password_stdin: bool) -> None:
    """Let a person into a tenant; a new account's first password is printed once.

    A person who has an account already keeps their password.
    """
    password = _read_password() if password_stdin else None
    with transaction(), tenant_scope(tenant_by_slug(slug).id):
        if password is not None:
            service.create_user(email, password, name=name)
        _, made = service.add_member(email, Role(role), name=name)
    if made:
        click.echo(made)
        click.echo("It has to be replaced after the first sign-in.", err=True)


@user.command("set-password")
@click.argument("email")
@password_stdin
@with_appcontext
def set_password(email: str, password_stdin: bool) -> None:
    """Give a person another password and end all their sign-ins.

    A password that is made here is printed once and has to be replaced by the person.
    """
    password = _read_password() if password_stdin else passwords.readable_password()
    with transaction():
        account = user_by_email(email)
        if account is None:
            raise NotFound(f"Nobody has an account with {email}.")
        passwords.check_is_acceptable(password, account.email)
        signin.set_password(account, password, temporary=not password_stdin)
    if not password_stdin:
        click.echo(password)


@click.group("api-key")
def api_key() -> None:
    """Keys programs sign in with."""


@api_key.command("create")
@click.option("--tenant", "slug", required=True, help="Slug of the tenant.")
@click.option("--name", required=True, help="What the key is for.")
@click.option("--role", type=ROLE, required=True)
@click.option(
    "--expires",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The key stops working as this day begins (UTC). Default: never.",
)
@with_appcontext
def create_api_key(slug: str, name: str, role: str, expires: datetime | None) -> None:
    """Make a key and print it, and nothing else."""
    until = expires.replace(tzinfo=UTC) if expires else None
    with transaction(), tenant_scope(tenant_by_slug(slug).id):
        _, key = service.create_api_key(name, Role(role), until)
    click.echo(key)


@click.group()
def demo() -> None:
    """A tenant to look around in."""


@demo.command("create")
@click.option(
    "--password",
    envvar="PIM_DEMO_PASSWORD",
    show_envvar=True,
    help="The account's password. Default: one that follows from SECRET_KEY.",
)
@with_appcontext
def create_demo(password: str | None) -> None:
    """Make the demo tenant and account unless they are there; print how to sign in, as JSON."""
    click.echo(json.dumps(make_demo(password or None)))


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
