"""Events keep the JSON as it was written: nobody searches in it, and JSONB is slow to write."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE outbox_events ALTER COLUMN payload TYPE json USING payload::json")


def downgrade() -> None:
    op.execute("ALTER TABLE outbox_events ALTER COLUMN payload TYPE jsonb USING payload::jsonb")
