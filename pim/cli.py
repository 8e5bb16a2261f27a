"""The `pim` command. Every operator action is a subcommand; data on stdout, messages on stderr."""

from __future__ import annotations

import sys
from importlib import import_module

import click
from flask.cli import ScriptInfo
from pydantic import ValidationError

from pim import create_app
from pim.config import get_settings
from pim.core.errors import DomainError, Invalid
from pim.devservices.home import Home

# Where the commands are that need more than this module. Each is imported when it is asked for:
# `make run` starts six of them at once, and none should wait for what the others need.
ELSEWHERE = {
    "analytics": "pim.analytics.commands:analytics",
    "api-key": "pim.identity.commands:api_key",
    "demo": "pim.devservices.demo:demo",
    "import": "pim.imports.commands:import_file",
    "imports": "pim.imports.control_commands:imports",
    "scheduler": "jobs.commands:scheduler",
    "status": "jobs.commands:status",
    "tenant": "pim.identity.commands:tenant",
    "user": "pim.identity.commands:user",
    "worker": "jobs.commands:worker",
}


class Commands(click.Group):
    """A group that finds commands in other modules."""

    def list_commands(self, context: click.Context) -> list[str]:
        """All names, for the help."""
        return sorted([*ELSEWHERE, *super().list_commands(context)])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command called `name`."""
        if name not in ELSEWHERE:
            return super().get_command(context, name)
        module, attribute = ELSEWHERE[name].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


@click.group(cls=Commands)
@click.pass_context
def cli(context: click.Context) -> None:
    """Product information management."""
    # Commands that need the application say so with flask.cli.with_appcontext.
    context.obj = ScriptInfo(create_app=create_app, set_debug_flag=False)


@cli.command()
@click.option("--revision", default="head", show_default=True, help="Where to migrate to.")
def migrate(revision: str) -> None:
    """Bring PostgreSQL and ClickHouse to the newest schema."""
    from pim.analytics import commands as analytics_commands
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


# Places of an error that say nothing on the command line: its message names the thing.
_WHOLE = ("", "/file", "/profile")


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
            place = "" if field_error.path in _WHOLE else f"{field_error.path}: "
            click.echo(place + field_error.message, err=True)
        sys.exit(1)
    except DomainError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
