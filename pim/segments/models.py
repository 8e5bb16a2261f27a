"""Segments as PostgreSQL keeps them: rules, how computing goes, history, groups of users."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pim.core.clock import now
from pim.core.db import Base

NEW, QUEUED, COMPUTING, READY, FAILED = "new", "queued", "computing", "ready", "failed"


class ProductSegment(Base):
    """A named group of products, told by a rule.

    What it consists of lies in ClickHouse, as the set with the number `generation` (0: never
    computed). `version` rises with every change a person makes, `rule_version` with those of the
    rule. `inputs`: what the set was made from (see `inputs`); while that stays the same, computing
    again would give the same set. `depends_on`: the segments its rule names.

    `due_at`: when it is to be computed next; None for one that rests. `requested_at`: when
    somebody asked for it out of turn. `lease_token` rises with every attempt, and its result is
    kept only while it is the newest; after `lease_until` whoever made the attempt counts as gone.
    `checked_at`: when the set was last known to be what the rule says.
    """

    __tablename__ = "product_segments"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "id"),
        Index("uq_product_segments_tenant_id_name", "tenant_id", text("lower(name)"), unique=True),
        Index("ix_product_segments_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default="")
    definition: Mapped[dict[str, Any]] = mapped_column(JSONB)
    is_active: Mapped[bool] = mapped_column(server_default="true")
    refresh_interval: Mapped[int] = mapped_column(Integer, server_default="60")
    depends_on: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    uses_signals: Mapped[bool] = mapped_column(server_default="false")
    uses_clock: Mapped[bool] = mapped_column(server_default="false")
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    rule_version: Mapped[int] = mapped_column(Integer, server_default="1")
    status: Mapped[str] = mapped_column(String(10), server_default=NEW)
    error: Mapped[str | None] = mapped_column(Text)
    error_path: Mapped[str | None] = mapped_column(Text)
    computed_count: Mapped[int | None] = mapped_column(BigInteger)
    last_computed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    checked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_duration_ms: Mapped[int | None] = mapped_column(Integer)
    generation: Mapped[int] = mapped_column(BigInteger, server_default="0")
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    requested_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    lease_token: Mapped[int] = mapped_column(BigInteger, server_default="0")
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by_api_key_id: Mapped[int | None] = mapped_column(BigInteger)
    updated_by_id: Mapped[int | None] = mapped_column(BigInteger)
    updated_by_api_key_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())

    @property
    def state(self) -> str:
        """The status as people see it: one whose worker is gone waits, it isn't computed."""
        gone = self.lease_until is None or self.lease_until <= now()
        return QUEUED if self.status == COMPUTING and gone else self.status


class SegmentHistory(Base):
    """One change of a segment's members: how many it had then, and how many came and went.

    `generation` is the set's number in ClickHouse.
    """

    __tablename__ = "segment_history"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "segment_id", "generation"),
        ForeignKeyConstraint(
            ["tenant_id", "segment_id"],
            ["product_segments.tenant_id", "product_segments.id"],
            ondelete="CASCADE",
        ),
    )

    tenant_id: Mapped[int] = mapped_column(BigInteger)
    segment_id: Mapped[int] = mapped_column(BigInteger)
    generation: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int] = mapped_column(BigInteger)
    entered: Mapped[int] = mapped_column(BigInteger)
    left: Mapped[int] = mapped_column(BigInteger)
    computed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    duration_ms: Mapped[int] = mapped_column(Integer)


class UserSegment(Base):
    """A group of users somebody sent; its members are in ClickHouse. Its id is the sender's."""

    __tablename__ = "user_segments"
    __table_args__ = (PrimaryKeyConstraint("tenant_id", "id"),)

    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    id: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text, server_default="")
    member_count: Mapped[int] = mapped_column(BigInteger, server_default="0")
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
