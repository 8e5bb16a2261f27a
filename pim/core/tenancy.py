"""Who the current rows belong to. Without a scope PostgreSQL shows no tenant-owned row at all.

The scope lives in a context variable and is told to PostgreSQL with `set_config(…, true)` at
the begin of each transaction, so it ends with the transaction and never leaks through the pool.
Row-level security (see `migrations/rls.py`) reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session, SessionTransaction

from pim.core.errors import DomainError


class NoTenant(DomainError):
    """Code asked for the tenant where none was set: a programming error, never shown as data."""

    status, code = 500, "no_tenant"


@dataclass(frozen=True, slots=True)
class Scope:
    """What the row-level security policies compare with; None means no row matches."""

    tenant_id: int | None = None
    user_id: int | None = None
    api_key_hash: str | None = None
    system: bool = False


_scope: ContextVar[Scope] = ContextVar("pim_scope", default=Scope())  # noqa: B039  # frozen

_SET_SCOPE = text(
    "SELECT set_config('app.tenant_id', :tenant, true), set_config('app.user_id', :user, true),"
    " set_config('app.api_key_hash', :key, true), set_config('app.system', :system, true)"
)


def current_scope() -> Scope:
    """The scope in force."""
    return _scope.get()


def current_tenant_id() -> int:
    """The tenant in force; raises NoTenant where none is set."""
    tenant_id = _scope.get().tenant_id
    if tenant_id is None:
        raise NoTenant("no tenant is set here")
    return tenant_id


def _tell(connection: Connection, scope: Scope) -> None:
    connection.execute(
        _SET_SCOPE,
        {
            "tenant": "" if scope.tenant_id is None else str(scope.tenant_id),
            "user": "" if scope.user_id is None else str(scope.user_id),
            "key": scope.api_key_hash or "",
            "system": "on" if scope.system else "",
        },
    )


@event.listens_for(Session, "after_begin")
def _scope_begins(session: Session, _: SessionTransaction, connection: Connection) -> None:
    _tell(connection, _scope.get())


@contextmanager
def _in_scope(scope: Scope) -> Iterator[None]:
    """Put a scope in force; a transaction that is already open learns of it at once."""
    from pim.core.db import db  # the session needs this module first

    def tell_open_transaction() -> None:
        if db.session.registry.has() and db.session().in_transaction():
            db.session.flush()
            _tell(db.session.connection(), _scope.get())

    token = _scope.set(scope)
    tell_open_transaction()
    try:
        yield
        if db.session.registry.has():
            db.session.flush()  # what was added inside is written inside
    except BaseException:
        _scope.reset(token)
        # The transaction may be broken: rolled back by whoever owns it, it begins anew in the
        # outer scope, so nothing is told here.
        db.session.rollback()
        raise
    _scope.reset(token)
    tell_open_transaction()


@contextmanager
def tenant_scope(tenant_id: int) -> Iterator[None]:
    """Inside, the rows of this tenant are visible and only they."""
    with _in_scope(replace(_scope.get(), tenant_id=tenant_id, system=False)):
        yield


@contextmanager
def user_scope(user_id: int) -> Iterator[None]:
    """Inside, a person's own memberships are visible whatever the tenant."""
    with _in_scope(replace(_scope.get(), user_id=user_id)):
        yield


@contextmanager
def api_key_scope(key_hash: str) -> Iterator[None]:
    """Inside, the one API key with this hash is visible, before its tenant is known."""
    with _in_scope(Scope(api_key_hash=key_hash)):
        yield


@contextmanager
def system_scope() -> Iterator[None]:
    """Inside, the work lists that name `app.system` are readable across tenants, nothing else.

    Ticks use it to find which tenant has work, then enter that tenant's scope to do it.
    """
    with _in_scope(Scope(system=True)):
        yield


def enter_request_scope(scope: Scope) -> None:
    """Put a scope in force for the rest of a request; `clear_scope` ends it at teardown."""
    _scope.set(scope)
    from pim.core.db import db

    if db.session.registry.has() and db.session().in_transaction():
        _tell(db.session.connection(), scope)


def clear_scope() -> None:
    """Forget the scope: the next use of this thread starts closed."""
    _scope.set(Scope())
