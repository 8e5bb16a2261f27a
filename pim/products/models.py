"""Products, and the change sets that are the only way they change."""

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
    Sequence,
    String,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pim.core.db import Base

PRODUCT_ID = Sequence("product_id_seq", data_type=BigInteger, metadata=Base.metadata)
PRODUCT_VERSION = Sequence("product_version_seq", data_type=BigInteger, metadata=Base.metadata)


class Product(Base):
    """One catalog item. `data` holds canonical values by field name (see `pim.schema.types`).

    Written by `pim.products.write` alone. `sku_key` is the SKU for comparing
    (`pim.products.identity.sku_key`). A product that was created and never changed needs no
    history row: `created_change_set_id` says where it came from. `row_hash` is the hash of the
    row of a file that made it what it is; any other change takes it away. So a row that comes again
    needs no second look.
    """

    __tablename__ = "products"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "id"),
        Index("uq_products_tenant_id_sku_key", "tenant_id", "sku_key", unique=True),
    )

    # No foreign key: it would be checked row by row. Row-level security already refuses any
    # tenant but the one in force, and the change set beside it has the key.
    tenant_id: Mapped[int] = mapped_column(BigInteger)
    id: Mapped[int] = mapped_column(BigInteger, server_default=text("nextval('product_id_seq')"))
    sku: Mapped[str] = mapped_column(Text)
    sku_key: Mapped[str] = mapped_column(Text(collation="C"))
    name: Mapped[str] = mapped_column(Text, server_default="")
    active: Mapped[bool] = mapped_column(server_default="true")
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    raw_data: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    source: Mapped[str] = mapped_column(String(20))
    row_hash: Mapped[int | None] = mapped_column(BigInteger)
    ai_readability_score: Mapped[float | None] = mapped_column(Double)
    version: Mapped[int] = mapped_column(
        BigInteger, server_default=text("nextval('product_version_seq')")
    )
    created_change_set_id: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class ChangeSet(Base):
    """Who changed what, why, and how many: the unit of history, undo and synchronisation.

    `first_created_id`/`last_created_id` bound the ids of the products it created, so they are
    found without an index of their own. `undoes_id`: the change set this one undid; each is undone
    once at most, and what undid it can be undone again. Then `restored_count` are the products that
    came back, and `failed_count` what was left alone because it had changed since.
    """

    __tablename__ = "change_sets"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "id"),
        Index("ix_change_sets_tenant_id_import_id", "tenant_id", "import_id"),
        Index("ix_change_sets_tenant_id_created_at", "tenant_id", "created_at"),
        Index(
            "uq_change_sets_tenant_id_undoes_id",
            "tenant_id",
            "undoes_id",
            unique=True,
            postgresql_where=text("undoes_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="RESTRICT"))
    source: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, server_default="")
    actor_user_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_api_key_id: Mapped[int | None] = mapped_column(BigInteger)
    import_id: Mapped[int | None] = mapped_column(BigInteger)
    undoes_id: Mapped[int | None] = mapped_column(BigInteger)
    created_count: Mapped[int] = mapped_column(Integer, server_default="0")
    updated_count: Mapped[int] = mapped_column(Integer, server_default="0")
    unchanged_count: Mapped[int] = mapped_column(Integer, server_default="0")
    deleted_count: Mapped[int] = mapped_column(Integer, server_default="0")
    restored_count: Mapped[int] = mapped_column(Integer, server_default="0")
    failed_count: Mapped[int] = mapped_column(Integer, server_default="0")
    first_created_id: Mapped[int | None] = mapped_column(BigInteger)
    last_created_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )


class ProductChange(Base):
    """What a product held before a change set touched it: only the values that changed.

    `operation` is `update`, `delete` or `restore` (a deleted product that came back). `before` is
    `{"sku"?, "sku_key"?, "name"?, "active"?, "data"?: {field: value or null if it was unset}}`; for
    a deleted product it is the whole product, so that undo can bring it back; for one that came
    back it is empty.
    """

    __tablename__ = "product_changes"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "change_set_id", "product_id"),
        Index("ix_product_changes_tenant_id_product_id", "tenant_id", "product_id"),
    )

    tenant_id: Mapped[int] = mapped_column(BigInteger)
    change_set_id: Mapped[int] = mapped_column(BigInteger)
    product_id: Mapped[int] = mapped_column(BigInteger)
    operation: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ChangeSetConsumer(Base):
    """Who wants to hear of change sets; products never knows them by name otherwise."""

    __tablename__ = "change_set_consumers"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)


class ChangeSetDelivery(Base):
    """That one consumer still has to read (or has read) one change set."""

    __tablename__ = "change_set_deliveries"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "change_set_id", "consumer"),
        ForeignKeyConstraint(
            ["tenant_id", "change_set_id"],
            ["change_sets.tenant_id", "change_sets.id"],
            ondelete="CASCADE",
        ),
        Index(
            "ix_change_set_deliveries_waiting",
            "consumer",
            "tenant_id",
            "change_set_id",
            postgresql_where=text("consumed_at IS NULL"),
        ),
    )

    tenant_id: Mapped[int] = mapped_column(BigInteger)
    change_set_id: Mapped[int] = mapped_column(BigInteger)
    consumer: Mapped[str] = mapped_column(
        ForeignKey("change_set_consumers.name", ondelete="RESTRICT")
    )
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    next_attempt_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.now()
    )
    error: Mapped[str | None] = mapped_column(Text)
    consumed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ProductDeletion(Base):
    """Many products that somebody wants to be gone, and how far it has come.

    `product_ids` is what was chosen when it was asked for, `versions` (if not empty) what those
    products were then: one that has changed since is left alone. `position` of them are done, each
    piece in the transaction that says so. `status`: `pending`, `deleting`, `done`, `failed`.
    """

    __tablename__ = "product_deletions"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "id"),
        Index(
            "ix_product_deletions_unfinished",
            "created_at",
            postgresql_where=text("finished_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    tenant_id: Mapped[int] = mapped_column(ForeignKey("tenants.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(10), server_default="pending")
    product_ids: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), server_default="{}", deferred=True
    )
    versions: Mapped[list[int]] = mapped_column(
        ARRAY(BigInteger), server_default="{}", deferred=True
    )
    change_set_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), server_default="{}")
    total: Mapped[int] = mapped_column(Integer, server_default="0")
    position: Mapped[int] = mapped_column(Integer, server_default="0")
    deleted_count: Mapped[int] = mapped_column(Integer, server_default="0")
    missing_count: Mapped[int] = mapped_column(Integer, server_default="0")
    changed_count: Mapped[int] = mapped_column(Integer, server_default="0")
    attempts: Mapped[int] = mapped_column(Integer, server_default="0")
    error: Mapped[str | None] = mapped_column(Text)
    created_by_id: Mapped[int | None] = mapped_column(BigInteger)
    created_by_api_key_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    worked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
