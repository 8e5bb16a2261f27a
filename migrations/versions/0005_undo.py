"""What undo needs of change sets: each is undone once at most; products that came back count."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "change_sets",
        sa.Column("restored_count", sa.Integer(), server_default="0", nullable=False),
    )
    op.create_index(
        "uq_change_sets_tenant_id_undoes_id",
        "change_sets",
        ["tenant_id", "undoes_id"],
        unique=True,
        postgresql_where=sa.text("undoes_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_change_sets_tenant_id_undoes_id", "change_sets")
    op.drop_column("change_sets", "restored_count")
