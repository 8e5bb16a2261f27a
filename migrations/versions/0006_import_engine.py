"""What the import engine keeps: checks, profiles, undo, phases, and the hash of a product's row."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.rls import grant_tables, protect

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_JOB_COLUMNS = (
    sa.Column("deactivated_count", sa.Integer(), server_default="0", nullable=False),
    sa.Column("phase_seconds", postgresql.JSONB(), server_default="{}", nullable=False),
    sa.Column("worked_seconds", sa.Double(), server_default="0", nullable=False),
    sa.Column("check_result", postgresql.JSONB(), nullable=True),
    sa.Column("undo", postgresql.JSONB(), nullable=True),
    sa.Column("profile_name", sa.Text(), nullable=True),
    sa.Column("source_url", sa.Text(), nullable=True),
    sa.Column("keep_file_until", sa.DateTime(timezone=True), nullable=True),
)


def upgrade() -> None:
    op.add_column("products", sa.Column("row_hash", sa.BigInteger(), nullable=True))
    for column in _JOB_COLUMNS:
        op.add_column("import_jobs", column)
    op.create_index(
        "ix_import_jobs_tenant_id_file_sha256", "import_jobs", ["tenant_id", "file_sha256"]
    )
    op.add_column("mapping_memory", sa.Column("transform", postgresql.JSONB(), nullable=True))
    _check_rows()
    _profiles()


def _check_rows() -> None:
    op.create_table(
        "import_check_rows",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(10), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["import_jobs.tenant_id", "import_jobs.id"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "import_id", "id"),
    )
    protect("import_check_rows")
    grant_tables("import_check_rows")


def _profiles() -> None:
    op.create_table(
        "mapping_profiles",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("headers", postgresql.JSONB(), server_default="[]", nullable=False),
        sa.Column("mapping", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("options", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("dialect", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False
        ),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(
        "uq_mapping_profiles_tenant_id_name",
        "mapping_profiles",
        ["tenant_id", sa.text("lower(name)")],
        unique=True,
    )
    protect("mapping_profiles")
    grant_tables("mapping_profiles")


def downgrade() -> None:
    op.drop_table("mapping_profiles")
    op.drop_table("import_check_rows")
    op.drop_column("mapping_memory", "transform")
    op.drop_index("ix_import_jobs_tenant_id_file_sha256", "import_jobs")
    for column in reversed(_JOB_COLUMNS):
        op.drop_column("import_jobs", column.name)
    op.drop_column("products", "row_hash")
