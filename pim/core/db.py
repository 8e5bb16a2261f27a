"""The database: one engine a process, one session a request or job, one way to commit."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, event
from sqlalchemy.orm import DeclarativeBase, Session

from pim.jsontext import dumps, loads

APP_ROLE = "pim_app"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

log = logging.getLogger(__name__)


class Base(DeclarativeBase):
    """Declarative base with named constraints, so that migrations can name them too."""

    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


def engine_options(pool_size: int) -> dict[str, Any]:
    """Options of the app's engine.

    The startup option `role` makes every connection act as the role that owns nothing, even
    when the address belongs to somebody mightier, so row-level security always applies.
    """
    return {
        "pool_size": pool_size,
        "max_overflow": pool_size,
        "pool_use_lifo": True,  # the connection that has just staged rows has its table at hand
        "pool_pre_ping": True,
        "pool_recycle": 1800,
        "hide_parameters": True,  # values of people's products don't belong into logs
        "json_serializer": dumps,
        "json_deserializer": loads,
        "connect_args": {
            # A statement whose process was killed ends within seconds, not when it is done. The
            # staged rows of a chunk of an import stay in memory.
            "options": f"-c role={APP_ROLE} -c client_connection_check_interval=5000"
            " -c idle_in_transaction_session_timeout=600000 -c temp_buffers=64MB",
            "connect_timeout": 5,
            "application_name": "pim",
        },
    }


def init_app(app: Flask, database_url: str, pool_size: int) -> None:
    """Bind the session to the application."""
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(pool_size)
    db.init_app(app)


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit what happens inside, or roll all of it back; then run what waits for the commit.

    The only place that commits. Nested use joins the outer transaction.
    """
    session = db.session()
    if session.info.get("in_transaction_block"):
        yield session
        return
    session.info["in_transaction_block"] = True
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop("in_transaction_block", None)
    _run_waiting(session)


def on_commit(action: Callable[[], None]) -> None:
    """Run an action once the current transaction has committed; never if it rolls back."""
    db.session().info.setdefault("on_commit", []).append(action)


def _run_waiting(session: Session) -> None:
    for action in session.info.pop("on_commit", []):
        try:
            action()
        except Exception:
            # The data is safe; every such action is also found by a tick later.
            log.exception("after_commit_action_failed")


@event.listens_for(Session, "after_rollback")
def _forget_waiting(session: Session) -> None:
    session.info.pop("on_commit", None)
