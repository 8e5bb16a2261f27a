"""How fast an import is just now, and undos that are under way found without looking at all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "import_jobs",
        sa.Column("pace", postgresql.JSONB(), server_default="[]", nullable=False),
    )
    op.create_index(
        "ix_import_jobs_undoing",
        "import_jobs",
        ["heartbeat_at"],
        postgresql_where=sa.text("undo ->> 'status' = 'running'"),
    )


def downgrade() -> None:
    op.drop_index("ix_import_jobs_undoing", "import_jobs")
    op.drop_column("import_jobs", "pace")
