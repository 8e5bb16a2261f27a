"""What happened is kept if and only if it happened."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from pim.core.db import db, transaction
from pim.webhooks.models import OutboxEvent
from pim.webhooks.outbox import record_event


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(OutboxEvent)) or 0


def test_an_event_is_there_if_its_transaction_is(in_tenant: int):
    with transaction():
        record_event("segment.left", {"products": []})
    assert count() == 1
    with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012  # what is tested
        record_event("segment.left", {"products": []})
        _ = 1 / 0
    assert count() == 1


def test_an_event_of_an_unknown_type_is_refused(in_tenant: int):
    with pytest.raises(ValueError, match=r"segment\.lost"):
        record_event("segment.lost", {})
