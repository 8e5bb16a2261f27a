"""Leave room on each page of products for the next version of what is there.

A product that is changed then stays on its page, and no index hears of it. Without it, an import
that changes every row writes two entries into indexes for each product, and the pages it makes are
empty again after the next VACUUM: half the room, only elsewhere.
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE products SET (fillfactor = 50)")


def downgrade() -> None:
    op.execute("ALTER TABLE products RESET (fillfactor)")
