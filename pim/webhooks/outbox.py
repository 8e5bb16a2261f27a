"""Write down what happened, in the transaction in force: it is there if and only if it happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert

from pim.core.clock import now
from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.webhooks.models import OutboxEvent

EVENT_TYPES = ("segment.entered", "segment.left")
KEPT_DAYS = 30


def record_event(event_type: str, payload: Mapping[str, Any]) -> None:
    """Keep one event of the tenant in force. Raises ValueError for a type that isn't known."""
    record_events(event_type, [payload])


def record_events(event_type: str, payloads: Sequence[Mapping[str, Any]]) -> None:
    """Keep several of one type. Raises ValueError for a type that isn't known."""
    if event_type not in EVENT_TYPES:
        raise ValueError(f"there are no events of the type {event_type!r}")
    tenant = current_tenant_id()
    rows = [
        {"tenant_id": tenant, "event_type": event_type, "payload": dict(payload)}
        for payload in payloads
    ]
    if rows:
        db.session.execute(insert(OutboxEvent), rows)


def remove_old_events() -> None:
    """Remove the tenant's events that are older than they are kept."""
    db.session.execute(
        delete(OutboxEvent).where(
            OutboxEvent.tenant_id == current_tenant_id(),
            OutboxEvent.created_at < now() - timedelta(days=KEPT_DAYS),
        )
    )
