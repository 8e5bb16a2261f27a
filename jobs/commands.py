"""`pim worker`, `pim scheduler`, `pim status`."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from jobs.queues import QUEUES
from pim.config import get_settings
from pim.core.queue import connect


@click.command()
@click.option(
    "--queues",
    default=",".join(QUEUES),
    show_default=True,
    help="Which queues to work on, the most urgent first, separated by commas.",
)
def worker(queues: str) -> None:
    """Do the jobs in the queues, until stopped."""
    from jobs.worker import run_worker

    names = [name.strip() for name in queues.split(",") if name.strip()]
    if unknown := [name for name in names if name not in QUEUES]:
        raise click.BadParameter(f"there is no queue {unknown[0]!r}; there are {', '.join(QUEUES)}")
    address = get_settings().redis_url
    if not run_worker(lambda: connect(address), names):
        sys.exit(1)


@click.command()
def scheduler() -> None:
    """Put what happens again and again into the queues, until stopped."""
    from jobs.schedule import run_scheduler

    run_scheduler(connect(get_settings().redis_url))


@click.command()
@with_appcontext
def status() -> None:
    """Say what is up, what waits and what fails; fails when somebody should look."""
    from jobs.status import lines

    found = list(lines())
    for line in found:
        click.echo(f"{line.name}\t{'ok' if line.ok else 'LOOK'}\t{line.state}")
    if not all(line.ok for line in found):
        sys.exit(1)
