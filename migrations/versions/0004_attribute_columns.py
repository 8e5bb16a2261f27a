"""Which column of ClickHouse a tenant's field lies in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations import rls

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attribute_columns",
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenants.id"],
            name=op.f("fk_attribute_columns_tenant_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "field", "kind", name=op.f("pk_attribute_columns")),
    )
    op.create_index(
        "uq_attribute_columns_tenant_id_kind_number",
        "attribute_columns",
        ["tenant_id", "kind", "number"],
        unique=True,
    )
    # Readable across tenants for whoever makes the columns in ClickHouse anew.
    rls.protect("attribute_columns", also_readable_when=rls.SYSTEM)
    rls.grant_tables("attribute_columns")


def downgrade() -> None:
    op.drop_table("attribute_columns")
