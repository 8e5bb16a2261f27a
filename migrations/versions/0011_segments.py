"""Segments: their rules and how computing them goes, their history, and what it sets in motion."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.rls import SYSTEM, grant_tables, protect

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_TABLES = (
    "analytics_revisions",
    "product_segments",
    "segment_history",
    "user_segments",
    "outbox_events",
)


def upgrade() -> None:
    _revisions()
    _segments()
    _history()
    _user_segments()
    _outbox()
    grant_tables(*_TABLES)


def _revisions() -> None:
    op.create_table(
        "analytics_revisions",
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("products", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("signals", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("incarnation", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id"),
    )
    protect("analytics_revisions")


def _segments() -> None:
    op.create_table(
        "product_segments",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("definition", postgresql.JSONB(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("refresh_interval", sa.Integer(), server_default="60", nullable=False),
        sa.Column(
            "depends_on", postgresql.ARRAY(sa.BigInteger()), server_default="{}", nullable=False
        ),
        sa.Column("uses_signals", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("uses_clock", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("rule_version", sa.Integer(), server_default="1", nullable=False),
        *_results(),
        *_scheduling(),
        *_who_and_when(),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.UniqueConstraint("id"),
    )
    op.create_index(
        "uq_product_segments_tenant_id_name",
        "product_segments",
        ["tenant_id", sa.text("lower(name)")],
        unique=True,
    )
    op.create_index(
        "ix_product_segments_due",
        "product_segments",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
    )
    # Readable across tenants for the tick that finds what is due.
    protect("product_segments", also_readable_when=SYSTEM)


def _results() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("status", sa.String(10), server_default="new", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("error_path", sa.Text(), nullable=True),
        sa.Column("computed_count", sa.BigInteger(), nullable=True),
        sa.Column("last_computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_duration_ms", sa.Integer(), nullable=True),
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("inputs", postgresql.JSONB(), server_default="{}", nullable=False),
    )


def _scheduling() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_token", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
    )


def _who_and_when() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("created_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_by_api_key_id", sa.BigInteger(), nullable=True),
        sa.Column("updated_by_id", sa.BigInteger(), nullable=True),
        sa.Column("updated_by_api_key_id", sa.BigInteger(), nullable=True),
        _moment("created_at"),
        _moment("updated_at"),
    )


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)


def _history() -> None:
    op.create_table(
        "segment_history",
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("segment_id", sa.BigInteger(), nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("left", sa.BigInteger(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "segment_id"],
            ["product_segments.tenant_id", "product_segments.id"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("tenant_id", "segment_id", "generation"),
    )
    protect("segment_history")


def _user_segments() -> None:
    op.create_table(
        "user_segments",
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("member_count", sa.BigInteger(), server_default="0", nullable=False),
        _moment("updated_at"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
    )
    protect("user_segments")


def _outbox() -> None:
    op.create_table(
        "outbox_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("tenant_id", sa.BigInteger(), nullable=False),
        sa.Column("event_type", sa.String(40), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        _moment("created_at"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tenant_id", "id"),
        sa.UniqueConstraint("id"),
    )
    op.create_index("ix_outbox_events_created_at", "outbox_events", ["created_at"])
    protect("outbox_events")


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)
