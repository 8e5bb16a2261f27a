"""`pim demo`: the tenant to look around in, its catalog, imported as any file is, and segments."""

from __future__ import annotations

import io

import click
from flask.cli import with_appcontext

from pim.core.db import transaction
from pim.core.errors import Unavailable
from pim.core.tenancy import tenant_scope
from pim.devservices.demo_segments import make_segments, send_signals
from pim.devservices.sample_catalog import sample_csv
from pim.identity.commands import demo
from pim.identity.demo import SLUG
from pim.identity.queries import tenant_by_slug
from pim.imports import examining, service
from pim.schema.queries import current_vocabulary

FILENAME = "northwind-home.csv"
__all__ = ["demo", "import_sample"]


@demo.command("import-sample")
@with_appcontext
def import_sample() -> None:
    """Hand the sample catalog to the workers, mapped as suggested, with a few segments of it."""
    tenant = tenant_by_slug(SLUG)
    with tenant_scope(tenant.id):
        with transaction():
            vocabulary = current_vocabulary()
        examined = examining.receive_file(io.BytesIO(sample_csv()), FILENAME, vocabulary)
        with transaction():
            job = service.start_import(examined)
            mapping = {each["column"]: each["target"] for each in job.suggestions["columns"]}
            schema = service.suggested_schema(job, vocabulary).as_definition()
            service.confirm_import(job.id, {"schema": schema, "mapping": mapping})
        with transaction():
            make_segments(current_vocabulary())
        try:
            with transaction():
                send_signals()
        except Unavailable as away:
            click.echo(f"Without people and their orders: {away.message}", err=True)
    click.echo(f"{FILENAME} is on its way into {tenant.name}.", err=True)
