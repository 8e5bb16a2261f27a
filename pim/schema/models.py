"""A tenant's own product vocabulary."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from pim.core.db import Base


class ProductSchema(Base):
    """One per tenant: `fields` is `[{name, type, required, description}]`, in display order."""

    __tablename__ = "product_schemas"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenants.id", ondelete="CASCADE"), primary_key=True
    )
    fields: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    default_currency: Mapped[str] = mapped_column(String(3), server_default="EUR")
    default_locale: Mapped[str] = mapped_column(String(16), server_default="en_US")
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
