"""Leave room on each page of products for the next version of what is there.

A product that is changed then stays on its page while there is room, and no index hears of it.
Without it, every change of a product writes an entry into each index.
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE products SET (fillfactor = 80)")


def downgrade() -> None:
    op.execute("ALTER TABLE products RESET (fillfactor)")
