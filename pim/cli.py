"""The `pim` command. Every operator action is a subcommand; data on stdout, messages on stderr."""

from __future__ import annotations

import sys

import click
from flask.cli import ScriptInfo
from pydantic import ValidationError

from jobs import commands as job_commands
from pim import create_app
from pim.analytics import commands as analytics_commands
from pim.config import get_settings
from pim.core.errors import DomainError, Invalid
from pim.devservices.demo import import_sample
from pim.devservices.home import Home
from pim.identity import commands as identity_commands
from pim.imports import commands as import_commands


@click.group()
@click.pass_context
def cli(context: click.Context) -> None:
    """Product information management."""
    # Commands that need the application say so with flask.cli.with_appcontext.
    context.obj = ScriptInfo(create_app=create_app, set_debug_flag=False)


for command in (
    *identity_commands.COMMANDS,
    *analytics_commands.COMMANDS,
    *job_commands.COMMANDS,
    *import_commands.COMMANDS,
):
    cli.add_command(command)
identity_commands.demo.add_command(import_sample)


@cli.command()
@click.option("--revision", default="head", show_default=True, help="Where to migrate to.")
def migrate(revision: str) -> None:
    """Bring PostgreSQL and ClickHouse to the newest schema."""
    from pim.core.migrate import migrate as migrate_postgresql

    migrate_postgresql(get_settings().owner_url, revision)
    click.echo("PostgreSQL is up to date.", err=True)
    if revision == "head":
        with create_app().app_context():
            analytics_commands.migrate()
        click.echo("ClickHouse is up to date.", err=True)


@cli.command()
def serve() -> None:
    """Run the web server on HOST and PORT."""
    from pim.web.serve import serve as become_server

    become_server(get_settings())


def main() -> None:
    """Run the command line; problems are one sentence and a non-zero exit."""
    Home.from_environment().adopt_environment()
    try:
        cli(standalone_mode=True)
    except ValidationError as error:
        for problem in error.errors():
            name = "_".join(str(part) for part in problem["loc"]).upper()
            click.echo(f"Setting {name}: {problem['msg']}", err=True)
        sys.exit(2)
    except Invalid as error:
        for field_error in error.errors:
            click.echo(f"{field_error.path}: {field_error.message}", err=True)
        sys.exit(1)
    except DomainError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
