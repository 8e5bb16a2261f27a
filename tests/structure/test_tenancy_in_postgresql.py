"""Tenancy as PostgreSQL itself sees it: read from its catalog, not from our models."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.orm import Session

from pim.core import EXTENSION
from pim.core.db import APP_ROLE, db
from pim.core.tenancy import tenant_scope
from pim.identity.permissions import Role
from tests.factories.identity import make_api_key, make_member, make_tenant

# Tables no tenant owns. A new table either has a tenant_id or a line here that says why not.
OF_NO_TENANT = {
    "alembic_version": "which migrations ran; the app has no rights on it",
    "tenants": "the tenants themselves",
    "users": "a person may belong to several tenants",
    "user_sessions": "a person signs in once for all their tenants",
    "change_set_consumers": "who listens to change sets; filled by migrations",
}
# Unique without tenant_id, because they are looked up before the tenant is known, or are ids.
UNIQUE_ACROSS_TENANTS = {"key_hash", "id"}
ROW_REFUSED = "42501"

TABLES = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.oid,
           EXISTS (SELECT FROM pg_attribute a
                   WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname = 'public'"""


@pytest.fixture(scope="module")
def owner(app: Flask) -> Iterator[psycopg.Connection]:
    """A connection as the owner of the tables."""
    address = app.extensions[EXTENSION].owner_url.replace("+psycopg", "", 1)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def tenant_tables(owner: psycopg.Connection) -> list[str]:
    return sorted(name for name, _, _, _, owned in owner.execute(TABLES) if owned)


def test_every_table_belongs_to_tenants_or_is_listed(owner: psycopg.Connection) -> None:
    shared = {name for name, _, _, _, owned in owner.execute(TABLES) if not owned}
    assert shared == OF_NO_TENANT.keys()


def test_every_tenant_table_has_row_security_enabled_and_forced(owner: psycopg.Connection) -> None:
    tables = [row for row in owner.execute(TABLES) if row[4]]
    assert len(tables) >= 10
    assert [name for name, enabled, forced, *_ in tables if not (enabled and forced)] == []


def test_every_tenant_table_is_written_under_its_tenant_alone(
    owner: psycopg.Connection, tenant_tables: list[str]
) -> None:
    """One policy for everything, which names the tenant for reading and for writing; any other
    is for reading only."""
    policies = owner.execute(
        "SELECT tablename, cmd, qual, with_check, permissive FROM pg_policies"
        " WHERE schemaname = 'public'"
    ).fetchall()
    for table in tenant_tables:
        of_table = [row for row in policies if row[0] == table]
        writing = [row for row in of_table if row[1] != "SELECT"]
        assert [row[1] for row in writing] == ["ALL"], table
        _, _, qual, check, _ = writing[0]
        assert qual == check, table
        assert qual.startswith("(tenant_id = "), table
        assert "app.tenant_id" in qual, table


def test_the_role_of_the_app_is_weak(owner: psycopg.Connection) -> None:
    superuser, bypasses, creates_roles, creates_databases, replicates = (
        owner.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
            " FROM pg_roles WHERE rolname = %s",
            [APP_ROLE],
        ).fetchone()
        or (None,) * 5
    )
    assert not any((superuser, bypasses, creates_roles, creates_databases, replicates))
    assert superuser is False


def test_the_role_of_the_app_is_a_member_of_no_other(owner: psycopg.Connection) -> None:
    """A role it could `SET ROLE` to may own tables or bypass their policies."""
    memberships = owner.execute(
        "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member"
        " WHERE r.rolname = %s",
        [APP_ROLE],
    ).fetchone()
    assert memberships == (0,)


def test_the_role_of_the_app_owns_nothing(owner: psycopg.Connection) -> None:
    """But the staging tables of a write under way, which are temporary."""
    owned = owner.execute(
        "SELECT o.type, o.identity FROM pg_shdepend d,"
        " pg_identify_object(d.classid, d.objid, d.objsubid) o"
        " WHERE refclassid = 'pg_authid'::regclass AND refobjid = %s::regrole AND deptype = 'o'"
        " AND dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"
        " AND coalesce(o.schema, '') !~ '^pg_(toast_)?temp'",
        [APP_ROLE],
    ).fetchall()
    assert owned == []


def test_the_role_of_the_app_cannot_change_tables(owner: psycopg.Connection) -> None:
    can = owner.execute(
        "SELECT has_schema_privilege(%(app)s, 'public', 'CREATE'),"
        " bool_or(has_table_privilege(%(app)s, oid, 'TRUNCATE, REFERENCES, TRIGGER')),"
        " bool_or(relname = 'alembic_version'"
        "   AND has_table_privilege(%(app)s, oid, 'SELECT, INSERT, UPDATE, DELETE'))"
        " FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace",
        {"app": APP_ROLE},
    ).fetchone()
    assert can == (False, False, False)


def test_nothing_runs_with_the_rights_of_the_owner(owner: psycopg.Connection) -> None:
    """Views without security_invoker and SECURITY DEFINER functions would see all tenants."""
    around = owner.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND (relkind = 'm' OR relkind = 'v'"
        "      AND NOT coalesce('security_invoker=true' = ANY (reloptions), false))"
        " UNION SELECT proname FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    ).fetchall()
    assert around == []


def test_foreign_keys_between_tenant_tables_name_the_tenant(owner: psycopg.Connection) -> None:
    """They are checked without row security: without tenant_id they would reach across."""
    reaching_across = owner.execute(f"""
        WITH owned AS (SELECT oid FROM ({TABLES}) t (name, on_, forced, oid, has) WHERE has)
        SELECT conname FROM pg_constraint k
        WHERE contype = 'f' AND conrelid IN (TABLE owned) AND confrelid IN (TABLE owned)
          AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = k.conrelid
                          AND a.attnum = ANY (k.conkey) AND a.attname = 'tenant_id')""").fetchall()
    assert reaching_across == []


def test_unique_keys_of_tenant_tables_name_the_tenant(owner: psycopg.Connection) -> None:
    """A unique key that sees other tenants' rows tells what is in them."""
    telling = owner.execute(f"""
        WITH owned AS (SELECT oid FROM ({TABLES}) t (name, on_, forced, oid, has) WHERE has)
        SELECT i.indexrelid::regclass::text, array_agg(a.attname::text)
        FROM pg_index i JOIN pg_attribute a
          ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indisunique AND i.indrelid IN (TABLE owned) GROUP BY 1""").fetchall()
    assert telling
    assert [
        name
        for name, columns in telling
        if "tenant_id" not in columns and not set(columns) <= UNIQUE_ACROSS_TENANTS
    ] == []


def test_the_app_acts_as_its_weak_role(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalar(text("SELECT current_user")) == APP_ROLE


def test_without_a_tenant_there_are_no_rows(app: Flask, tenant_tables: list[str]) -> None:
    tenant = make_tenant(app)
    make_member(app, tenant, Role.ADMIN)
    make_api_key(app, tenant)
    with app.app_context():
        for table in tenant_tables:
            assert _count(table) == 0, table
        with tenant_scope(tenant.id):
            assert _count("memberships") == 1
            assert _count("api_keys") == 1
        for table in tenant_tables:
            assert _count(table) == 0, table


def test_a_tenant_neither_sees_nor_changes_nor_takes_rows_of_another(
    app: Flask, tenant_tables: list[str]
) -> None:
    ours, theirs = make_tenant(app), make_tenant(app)
    for tenant in (ours, theirs):
        make_member(app, tenant, Role.ADMIN)
        make_api_key(app, tenant)
    with app.app_context(), tenant_scope(ours.id):
        for table in tenant_tables:
            of_them = f"FROM {table} WHERE tenant_id = {theirs.id}"
            assert db.session.scalar(text(f"SELECT count(*) {of_them}")) == 0, table
            assert _changed(f"DELETE {of_them}") == 0, table
            assert (
                _changed(f"UPDATE {table} SET tenant_id = {ours.id} WHERE tenant_id = {theirs.id}")
                == 0
            ), table
        db.session.rollback()
    with app.app_context(), tenant_scope(theirs.id):
        assert (_count("memberships"), _count("api_keys")) == (1, 1)


@pytest.mark.parametrize("table", ["memberships", "api_keys"])
def test_a_row_cannot_be_handed_to_another_tenant(app: Flask, table: str) -> None:
    ours, theirs = make_tenant(app), make_tenant(app)
    make_member(app, ours, Role.ADMIN)
    make_api_key(app, ours)
    with app.app_context(), tenant_scope(ours.id):
        with pytest.raises(Exception, match="row-level security") as refused:
            db.session.execute(text(f"UPDATE {table} SET tenant_id = {theirs.id}"))
        assert refused.value.orig.sqlstate == ROW_REFUSED  # type: ignore[attr-defined]
        db.session.rollback()


def test_a_row_cannot_be_added_for_another_tenant(app: Flask, owner: psycopg.Connection) -> None:
    """Tried on every tenant table with a bare tenant_id: the policy is asked before anything
    else about the row, so a table that lets it through would complain of other columns."""
    ours, theirs = make_tenant(app), make_tenant(app)
    with app.app_context(), tenant_scope(ours.id):
        for name, *_, owned in owner.execute(TABLES).fetchall():
            if not owned:
                continue
            row = _row_of_defaults(owner, name, theirs.id)
            with pytest.raises(Exception, match="row-level security"):
                db.session.execute(text(row))
            db.session.rollback()


def test_the_scope_ends_with_the_transaction(app: Flask) -> None:
    """On the very connection that served a tenant just now, as a pool hands it out."""
    tenant = make_tenant(app)
    make_member(app, tenant)
    members = text("SELECT count(*) FROM memberships")
    with app.app_context(), db.engine.connect() as connection:
        with tenant_scope(tenant.id), Session(connection) as session:
            assert session.scalar(members) == 1
            session.commit()
        with Session(connection) as session:
            assert session.scalar(members) == 0


def _count(table: str) -> int:
    return db.session.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def _changed(statement: str) -> int:
    """How many rows a statement touched; what it did is undone.

    The app may lack the right on a table altogether, which is a refusal too.
    """
    with db.session.begin_nested() as savepoint:
        count: int = db.session.execute(text(statement)).rowcount  # type: ignore[attr-defined]
        savepoint.rollback()
    return count


def _row_of_defaults(owner: psycopg.Connection, table: str, tenant_id: int) -> str:
    """An INSERT that gives every column without a default some value of its type."""
    columns = owner.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attnotnull"
        " AND NOT atthasdef AND attidentity = '' AND attname <> 'tenant_id'",
        [table],
    ).fetchall()
    values = {"bigint": "1", "integer": "1", "json": "'{}'", "jsonb": "'{}'", "boolean": "true"}
    values["timestamp with time zone"] = "now()"
    names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in [("tenant_id", ""), *columns])
    row = ", ".join([str(tenant_id), *(values.get(kind, "'x'") for _, kind in columns)])
    return f"INSERT INTO {table} ({names.as_string()}) VALUES ({row})"
