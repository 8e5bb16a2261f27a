"""Write down what happened, in the transaction in force: it is there if and only if it happened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.webhooks.models import OutboxEvent

EVENT_TYPES = ("segment.entered", "segment.left")


def record_event(event_type: str, payload: Mapping[str, Any]) -> None:
    """Keep one event of the tenant in force. Raises ValueError for a type that isn't known."""
    if event_type not in EVENT_TYPES:
        raise ValueError(f"there are no events of the type {event_type!r}")
    row = {"tenant_id": current_tenant_id(), "event_type": event_type, "payload": dict(payload)}
    db.session.execute(insert(OutboxEvent), [row])
