"""Bring PostgreSQL to the newest revision, as the owner of the tables."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
# Any number will do; the same number makes two migrations started at once wait for each other.
MIGRATION_LOCK = 7_240_118


def alembic_config() -> Config:
    """The migrations' configuration, without a connection."""
    return Config(str(MIGRATIONS / "alembic.ini"))


def head_revision() -> str:
    """The newest revision in the tree."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if head is None:
        raise RuntimeError("there is no migration")
    return head


def migrate(owner_url: str, revision: str = "head") -> None:
    """Upgrade (or, to an older revision, downgrade) the database at `owner_url`."""
    engine = create_engine(owner_url)
    config = alembic_config()
    try:
        with engine.connect() as lock, engine.connect() as connection:
            lock.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            config.attributes["connection"] = connection
            (command.upgrade if revision == "head" else command.downgrade)(config, revision)
            connection.commit()
    finally:
        engine.dispose()
