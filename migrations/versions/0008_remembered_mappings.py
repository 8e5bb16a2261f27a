"""Remember mappings by the headers of their file, and who made, changed and used a profile."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEY = "pk_mapping_memory"
_WHO = (
    "created_by_api_key_id",
    "updated_by_id",
    "updated_by_api_key_id",
    "used_by_id",
    "used_by_api_key_id",
)


def upgrade() -> None:
    op.add_column(
        "mapping_memory",
        sa.Column("header_set", sa.String(64), server_default="", nullable=False),
    )
    op.drop_constraint(_KEY, "mapping_memory")
    op.create_primary_key(_KEY, "mapping_memory", ["tenant_id", "header_key", "header_set"])
    for name in _WHO:
        op.add_column("mapping_profiles", sa.Column(name, sa.BigInteger(), nullable=True))


def downgrade() -> None:
    for name in reversed(_WHO):
        op.drop_column("mapping_profiles", name)
    op.execute("ALTER TABLE mapping_memory NO FORCE ROW LEVEL SECURITY")
    op.execute(
        "DELETE FROM mapping_memory AS older USING mapping_memory AS newer "
        "WHERE older.tenant_id = newer.tenant_id AND older.header_key = newer.header_key "
        "AND (older.used_at, older.header_set) < (newer.used_at, newer.header_set)"
    )
    op.execute("ALTER TABLE mapping_memory FORCE ROW LEVEL SECURITY")
    op.drop_constraint(_KEY, "mapping_memory")
    op.drop_column("mapping_memory", "header_set")
    op.create_primary_key(_KEY, "mapping_memory", ["tenant_id", "header_key"])
