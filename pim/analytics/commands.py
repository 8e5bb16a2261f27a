"""`pim analytics verify|rebuild`, and ClickHouse's part of `pim migrate`."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from pim.analytics import ddl, ports, registry
from pim.analytics import verify as verification
from pim.analytics.client import clickhouse
from pim.analytics.rebuild import rebuild_tenant, remove_unknown_tenants
from pim.analytics.verify import Comparison
from pim.core.db import db
from pim.core.errors import NotFound
from pim.identity.models import Tenant


def migrate() -> None:
    """Bring ClickHouse's tables to the newest version, with a column for every field in use."""
    server = clickhouse()
    ddl.migrate(server)
    ddl.add_columns(server, sorted(registry.columns_in_use() - ddl.columns_there(server)))


@click.group()
def analytics() -> None:
    """ClickHouse: prove that it equals PostgreSQL, or make it again."""


@analytics.command()
@click.option("--tenant", "slug", help="Only this tenant.")
@click.option(
    "--wait",
    default=30,
    show_default=True,
    type=click.IntRange(0, 3600),
    help="Seconds to wait for changes that are on their way.",
)
@with_appcontext
def verify(slug: str | None, wait: int) -> None:
    """Compare counts and content of every tenant; fails when any differs."""
    differing = 0
    for tenant in _tenants(slug):
        found = _compare(tenant.id, time.monotonic() + wait)
        problems = ports.problems_of(tenant.id)
        differing += not found.equal or bool(problems)
        _report(tenant.slug, found)
        for problem in problems:
            click.echo(f"  {tenant.slug}: {problem}", err=True)
    if differing:
        click.echo(f"{differing} tenants differ. `pim analytics rebuild` repairs it.", err=True)
        sys.exit(1)


def _compare(tenant_id: int, deadline: float) -> Comparison:
    """Compare, and again while a difference may be a change on its way."""
    while True:
        found = verification.compare(tenant_id)
        if found.equal or not found.waiting or time.monotonic() > deadline:
            return found
        time.sleep(1)


def _report(slug: str, found: Comparison) -> None:
    state = "equal" if found.equal else "DIFFERS"
    click.echo(
        f"{slug}\t{state}\tpostgresql={found.in_postgresql}/{found.hash_postgresql}\t"
        f"clickhouse={found.in_clickhouse}/{found.hash_clickhouse}"
    )
    for kind, ids in found.samples.items():
        click.echo(f"  {slug}: {kind} in ClickHouse: products {', '.join(map(str, ids))}", err=True)
    if found.waiting and not found.equal:
        click.echo(f"  {slug}: {found.waiting} change sets are still on their way.", err=True)


@analytics.command()
@click.option("--tenant", "slug", help="Only this tenant. Default: all.")
@with_appcontext
def rebuild(slug: str | None) -> None:
    """Write every product to ClickHouse again from PostgreSQL; writes may go on."""
    if slug is None:
        remove_unknown_tenants()
    for tenant in _tenants(slug):
        began = time.monotonic()
        count = rebuild_tenant(tenant.id)
        ports.tenant_rebuilt.send(tenant.id)
        click.echo(f"{tenant.slug}\t{count}")
        click.echo(f"  {tenant.slug}: {time.monotonic() - began:.1f} s", err=True)


def _tenants(slug: str | None) -> Sequence[Tenant]:
    query = select(Tenant).order_by(Tenant.slug)
    found = db.session.scalars(query if slug is None else query.where(Tenant.slug == slug)).all()
    if slug is not None and not found:
        raise NotFound(f"There is no tenant “{slug}”.")
    return found
