"""What analytics says aloud and asks, without knowing who makes what from ClickHouse."""

from __future__ import annotations

from blinker import Signal

tenant_rebuilt = Signal()
"""All of a tenant's products are in ClickHouse again. Sent with the tenant's id as sender."""

tenant_verified = Signal()
"""Asks what is wrong with what was made from a tenant's products.

Sent with the tenant's id as sender; receivers answer with sentences, none if all is well.
"""


def problems_of(tenant_id: int) -> list[str]:
    """What whoever makes something from ClickHouse finds wrong with it. Raises Unavailable."""
    answers = tenant_verified.send(tenant_id)
    return [sentence for _, sentences in answers for sentence in sentences]
