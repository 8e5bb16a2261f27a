"""Import jobs: everything known about a file, from upload to the last row."""

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
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pim.core.db import Base


class ImportJob(Base):
    """One uploaded file and its way into the catalog.

    `lease_token` rises with every worker that takes the job over; a chunk is committed only by
    the holder of the newest. `checkpoint` (where to read on) is committed with each chunk.
    Counts: row_count = created + updated + unchanged + superseded + failed, once done.
    """

    __tablename__ = "import_jobs"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "id"),
        Index("ix_import_jobs_tenant_id_created_at", "tenant_id", "created_at"),
        Index("ix_import_jobs_status", "status", "heartbeat_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="RESTRICT"))
    status: Mapped[str] = mapped_column(String(20), server_default="pending")
    phase: Mapped[str] = mapped_column(String(20), server_default="")
    filename: Mapped[str] = mapped_column(Text)
    storage_key: Mapped[str | None] = mapped_column(String(64))
    file_size: Mapped[int] = mapped_column(BigInteger)
    file_sha256: Mapped[str] = mapped_column(String(64))
    format: Mapped[str] = mapped_column(String(20))
    dialect: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    headers: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    sample_rows: Mapped[list[list[str]]] = mapped_column(JSONB, server_default="[]")
    warnings: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    suggestions: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    row_count: Mapped[int | None] = mapped_column(Integer)
    imported_count: Mapped[int] = mapped_column(Integer, server_default="0")
    created_count: Mapped[int] = mapped_column(Integer, server_default="0")
    updated_count: Mapped[int] = mapped_column(Integer, server_default="0")
    unchanged_count: Mapped[int] = mapped_column(Integer, server_default="0")
    superseded_count: Mapped[int] = mapped_column(Integer, server_default="0")
    failed_count: Mapped[int] = mapped_column(Integer, server_default="0")
    bytes_done: Mapped[int] = mapped_column(BigInteger, server_default="0")
    checkpoint: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    error: Mapped[str | None] = mapped_column(Text)
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by_api_key_id: Mapped[int | None] = mapped_column(BigInteger)
    lease_token: Mapped[int] = mapped_column(BigInteger, server_default="0")
    heartbeat_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ImportIssue(Base):
    """One thing the report says about one record: an error, or that a later row superseded it.

    `line` is the line in the file where the record starts; `row` the record as it was read.
    """

    __tablename__ = "import_issues"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "import_id", "id"),
        ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["import_jobs.tenant_id", "import_jobs.id"],
            ondelete="CASCADE",
        ),
        Index(
            "ix_import_issues_tenant_id_import_id_code", "tenant_id", "import_id", "code", "record"
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity())
    tenant_id: Mapped[int] = mapped_column(BigInteger)
    import_id: Mapped[int] = mapped_column(BigInteger)
    record: Mapped[int] = mapped_column(Integer)
    line: Mapped[int] = mapped_column(Integer)
    severity: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(40))
    column: Mapped[str | None] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    row: Mapped[list[Any] | None] = mapped_column(JSONB)


class MappingMemory(Base):
    """What this tenant chose for a header before; the header is kept lower-cased."""

    __tablename__ = "mapping_memory"
    __table_args__ = (PrimaryKeyConstraint("tenant_id", "header_key"),)

    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    header_key: Mapped[str] = mapped_column(Text)
    target: Mapped[str | None] = mapped_column(Text)
    type: Mapped[str | None] = mapped_column(String(20))
    used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
