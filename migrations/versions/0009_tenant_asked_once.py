"""Ask for the tenant once a statement, not once a row, where statements have many rows."""

from __future__ import annotations

from alembic import op

from migrations.rls import TENANT_MATCHES

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLES = ("products", "product_changes")
# PostgreSQL works a subquery without outside references out before the first row.
_ASKED_ONCE = "tenant_id = (SELECT " + TENANT_MATCHES.removeprefix("tenant_id = ") + ")"


def upgrade() -> None:
    _set(_ASKED_ONCE)


def downgrade() -> None:
    _set(TENANT_MATCHES)


def _set(matches: str) -> None:
    for table in _TABLES:
        op.execute(
            f"ALTER POLICY {table}_of_tenant ON {table} USING ({matches}) WITH CHECK ({matches})"
        )
