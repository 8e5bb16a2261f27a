"""Runs migrations as the owner of the tables, on a connection handed over by `pim migrate`."""

from __future__ import annotations

from alembic import context

from pim.core.db import Base
from pim.models import ALL_MODELS

assert ALL_MODELS, "importing the models fills the metadata"

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    compare_type=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
