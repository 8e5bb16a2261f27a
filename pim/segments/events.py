"""Who came into a segment and who went, as events for whoever is to be told.

They are written in the transaction that makes the new members count, so there are events if and
only if the members changed. An event has at most so many products; a larger change is several.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from math import ceil
from typing import Any

from sqlalchemy import text

from pim.core.db import db
from pim.core.tenancy import current_tenant_id
from pim.jsontext import as_it_is, loads
from pim.segments import sets
from pim.segments.lease import Claim
from pim.segments.sets import Difference, Piece
from pim.webhooks.outbox import record_events

ENTERED, LEFT = "segment.entered", "segment.left"
_TOGETHER = 50
_SKU_BEFORE = """
SELECT DISTINCT ON (product_id) product_id, before ->> 'sku' FROM product_changes
WHERE tenant_id = :tenant AND product_id = ANY(:ids) AND operation = 'delete'
ORDER BY product_id, version DESC
"""


def record(claimed: Claim, generation: int, difference: Difference) -> None:
    """Write down who came and who went from the members that count to these."""
    for event_type, entered, total in (
        (ENTERED, True, difference.entered),
        (LEFT, False, difference.left),
    ):
        if total:
            _record(event_type, claimed, generation, entered, total)


def _record(event_type: str, claimed: Claim, generation: int, entered: bool, total: int) -> None:
    parts = ceil(total / sets.EVENT_PRODUCTS)
    pieces = sets.changed(claimed.segment_id, claimed.generation, generation, entered=entered)
    numbered = enumerate(pieces, start=1)
    # Some at a time: a million products needn't be in memory as events all at once.
    while batch := list(islice(numbered, _TOGETHER)):
        record_events(
            event_type,
            [
                {
                    "segment": {"id": claimed.segment_id, "name": claimed.name},
                    "generation": generation,
                    "total": total,
                    "part": number,
                    "parts": parts,
                    "products": _products(piece),
                }
                for number, piece in batch
            ],
        )


def _products(piece: Piece) -> Any:
    """The products of an event. One that was deleted is named by the SKU it had."""
    if not piece.unknown:
        return as_it_is(piece.products)
    products = loads(piece.products)
    before = _skus_before([each["id"] for each in products if each["sku"] is None])
    return [{**each, "sku": each["sku"] or before.get(each["id"])} for each in products]


def _skus_before(product_ids: Sequence[int]) -> dict[int, str]:
    """The SKUs that products had when they were deleted."""
    rows = db.session.execute(
        text(_SKU_BEFORE), {"tenant": current_tenant_id(), "ids": list(product_ids)}
    )
    return {row[0]: row[1] for row in rows}
