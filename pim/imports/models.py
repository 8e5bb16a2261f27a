"""Import jobs: everything known about a file, from upload to the last row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Double,
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
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pim.core.db import Base


class ImportJob(Base):
    """One uploaded file and its way into the catalog.

    `lease_token` rises with every worker that takes the job over; a chunk is committed only by
    the holder of the newest. `checkpoint` (where to read on) is committed with each chunk.
    Counts: row_count = created + updated + unchanged + superseded + failed, once done;
    `deactivated_count` are products the file doesn't have, when that was asked for.
    `phase_seconds`: seconds by phase. `pace`: where it stood some seconds ago (see `pace`).
    `check_result`: what the last check found. `undo`: how far undoing it has come. The stored file
    goes at `keep_file_until`.
    """

    __tablename__ = "import_jobs"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "id"),
        Index("ix_import_jobs_tenant_id_created_at", "tenant_id", "created_at"),
        Index("ix_import_jobs_status", "status", "heartbeat_at"),
        Index("ix_import_jobs_tenant_id_file_sha256", "tenant_id", "file_sha256"),
        Index(
            "ix_import_jobs_undoing",
            "heartbeat_at",
            postgresql_where=text("undo ->> 'status' = 'running'"),
        ),
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
    deactivated_count: Mapped[int] = mapped_column(Integer, server_default="0")
    bytes_done: Mapped[int] = mapped_column(BigInteger, server_default="0")
    phase_seconds: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    worked_seconds: Mapped[float] = mapped_column(Double, server_default="0")
    pace: Mapped[list[list[float]]] = mapped_column(JSONB, server_default="[]")
    checkpoint: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    check_result: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    profile_name: Mapped[str | None] = mapped_column(Text)
    source_url: Mapped[str | None] = mapped_column(Text)
    keep_file_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
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


class ImportCheckRow(Base):
    """One cell a check found that the import would change: before and after, both canonical.

    `status` is `create` or `update`; `field` a field of the vocabulary, `name` or `active`.
    """

    __tablename__ = "import_check_rows"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "import_id", "id"),
        ForeignKeyConstraint(
            ["tenant_id", "import_id"],
            ["import_jobs.tenant_id", "import_jobs.id"],
            ondelete="CASCADE",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity())
    tenant_id: Mapped[int] = mapped_column(BigInteger)
    import_id: Mapped[int] = mapped_column(BigInteger)
    line: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(10))
    sku: Mapped[str] = mapped_column(Text)
    field: Mapped[str] = mapped_column(Text)
    before: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)


class MappingProfile(Base):
    """A mapping people named to use it again: how the file is read, where its columns go, options.

    `headers` are those of the file it was made with; `mapping` and `options` are as the body of a
    confirmation has them; `dialect` holds only what a person corrected about the file.
    """

    __tablename__ = "mapping_profiles"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "id"),
        Index("uq_mapping_profiles_tenant_id_name", "tenant_id", text("lower(name)"), unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="RESTRICT"))
    name: Mapped[str] = mapped_column(Text)
    headers: Mapped[list[str]] = mapped_column(JSONB, server_default="[]")
    mapping: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    dialect: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    version: Mapped[int] = mapped_column(Integer, server_default="1")
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by_api_key_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_by_id: Mapped[int | None] = mapped_column(BigInteger)
    updated_by_api_key_id: Mapped[int | None] = mapped_column(BigInteger)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    used_by_id: Mapped[int | None] = mapped_column(BigInteger)
    used_by_api_key_id: Mapped[int | None] = mapped_column(BigInteger)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class MappingMemory(Base):
    """What this tenant chose for a header before, in files with exactly these headers.

    `header_key` is lower-cased, `header_set` stands for all headers of the file (see `memory`):
    what one supplier calls a price may be a cost for another. `target` null: it was left out.
    """

    __tablename__ = "mapping_memory"
    __table_args__ = (PrimaryKeyConstraint("tenant_id", "header_key", "header_set"),)

    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    header_key: Mapped[str] = mapped_column(Text)
    header_set: Mapped[str] = mapped_column(String(64), server_default="")
    target: Mapped[str | None] = mapped_column(Text)
    type: Mapped[str | None] = mapped_column(String(20))
    transform: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))
    used_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
