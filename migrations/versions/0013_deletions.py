"""Deletions of many products: what is to go, and how far it has come."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.rls import SYSTEM, grant_tables, protect

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLE = "product_deletions"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(10), server_default="pending", nullable=False),
        *(_numbers(name) for name in ("product_ids", "versions", "change_set_ids")),
        *(
            sa.Column(name, sa.Integer(), server_default="0", nullable=False)
            for name in (
                *("total", "position", "deleted_count", "missing_count", "changed_count"),
                "attempts",
            )
        ),
        sa.Column("error", sa.Text()),
        sa.Column("created_by_id", sa.BigInteger()),
        sa.Column("created_by_api_key_id", sa.BigInteger()),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("clock_timestamp()"),
            nullable=False,
        ),
        sa.Column("worked_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(
        "ix_product_deletions_unfinished",
        _TABLE,
        ["created_at"],
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    protect(_TABLE, also_readable_when=SYSTEM)
    grant_tables(_TABLE)


def _numbers(name: str) -> sa.Column[list[int]]:
    return sa.Column(name, postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False)


def downgrade() -> None:
    op.drop_table(_TABLE)
