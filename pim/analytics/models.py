"""What PostgreSQL knows of ClickHouse: where fields lie, and how often what it holds changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, PrimaryKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from pim.core.db import Base


class AttributeColumn(Base):
    """One field of one tenant, as values of one kind, and the number of its column.

    Made when a value of that kind is first projected, never changed: whatever the vocabulary
    says of the field now, all its text is in one column and all its numbers in another. No
    number (None): the tenant has more fields of the kind than there are columns, so this one is
    read from the JSON.
    """

    __tablename__ = "attribute_columns"
    __table_args__ = (
        PrimaryKeyConstraint("tenant_id", "field", "kind"),
        Index(
            "uq_attribute_columns_tenant_id_kind_number",
            "tenant_id",
            "kind",
            "number",
            unique=True,
        ),
    )

    tenant_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("tenants.id", ondelete="CASCADE"))
    field: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[int | None] = mapped_column(Integer)


class AnalyticsRevision(Base):
    """How often what ClickHouse holds of a tenant has changed; made when it first does.

    `products` rises in the transaction in which change sets are consumed, `signals` with events
    and groups of users. `incarnation`: the ClickHouse that holds all of the tenant's products.
    """

    __tablename__ = "analytics_revisions"

    tenant_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True
    )
    products: Mapped[int] = mapped_column(BigInteger, server_default="0")
    signals: Mapped[int] = mapped_column(BigInteger, server_default="0")
    incarnation: Mapped[str] = mapped_column(Text, server_default="")
