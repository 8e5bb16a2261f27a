"""Row-level security for migrations: one call for each table a tenant owns."""

from __future__ import annotations

from alembic import op

APP_ROLE = "pim_app"
TENANT_MATCHES = "tenant_id = nullif(current_setting('app.tenant_id', true), '')::bigint"
USER_MATCHES = "user_id = nullif(current_setting('app.user_id', true), '')::bigint"
KEY_MATCHES = "key_hash = nullif(current_setting('app.api_key_hash', true), '')"
SYSTEM = "nullif(current_setting('app.system', true), '') = 'on'"


def protect(table: str, *, also_readable_when: str | None = None) -> None:
    """Show and change only rows of the tenant in force, for the owner too.

    also_readable_when: a further SQL condition under which rows may be read, never written.
    """
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY {table}_of_tenant ON {table} "
        f"USING ({TENANT_MATCHES}) WITH CHECK ({TENANT_MATCHES})"
    )
    if also_readable_when:
        op.execute(
            f"CREATE POLICY {table}_also_readable ON {table} FOR SELECT "
            f"USING ({also_readable_when})"
        )


def grant_tables(*tables: str) -> None:
    """Let the app's role read and write rows: it owns nothing and can't change a table."""
    for table in tables:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {APP_ROLE}")


def revoke_writes(table: str) -> None:
    """Let the app's role read a table that only migrations fill."""
    op.execute(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {APP_ROLE}")


def make_app_role() -> None:
    """Create the role the app acts as, unless the cluster has it; two migrations may race."""
    op.execute(f"""
        DO $$ BEGIN
            CREATE ROLE {APP_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$""")
    op.execute(f"""
        DO $$ BEGIN
            IF current_user <> '{APP_ROLE}' THEN EXECUTE 'GRANT {APP_ROLE} TO CURRENT_USER'; END IF;
        EXCEPTION WHEN insufficient_privilege OR unique_violation THEN NULL; END $$""")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}")
