"""Segments of the sample catalog, and people who bought some of it, so that rules have something
to ask for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pim.core.clock import now
from pim.devservices.sample_catalog import rows
from pim.schema.fields import Vocabulary
from pim.segment_pages.starters import compare, rule, starter
from pim.segments import ingest, service

REGULARS, NAME = "regulars", "Regular customers"
PEOPLE, ORDERS, DAYS = 40, 300, 45
EVERY = 15  # seconds: the catalog is still on its way when they are made
_STARTERS = ("running-low", "not-ready")


def make_segments(vocabulary: Vocabulary) -> None:
    """Three segments of the tenant in force, as far as its fields allow."""
    for slug in _STARTERS:
        if (begun := starter(slug, vocabulary)) is not None:
            service.create_segment(
                begun.name,
                begun.definition,
                description=begun.description,
                refresh_interval=EVERY,
            )
    conditions = [compare("active", "is_true"), _bought()]
    if "tags" in vocabulary:
        gifts = compare("tags", "contains_any", value=["gift", "bestseller"])
        conditions = [conditions[0], rule("or", gifts, _bought())]
    if "price" in vocabulary:
        conditions.append(compare("price", "lt", value=50, currency=vocabulary.default_currency))
    service.create_segment(
        "Gift ideas under 50",
        rule("and", *conditions),
        description="Gifts and bestsellers, and what regular customers bought lately.",
        refresh_interval=EVERY,
    )


def _bought() -> dict[str, Any]:
    return {
        "type": "user_behavior_signal",
        "signal": "purchased_by_segment",
        "segment_id": REGULARS,
        "within": {"amount": 30, "unit": "days"},
    }


def send_signals() -> None:
    """Some people, and what they bought in the last weeks."""
    people = [f"person-{number:02}" for number in range(PEOPLE)]
    ingest.replace_user_segment(REGULARS, people, name=NAME)
    ingest.store_events(list(_orders(people, now())))


def _orders(people: list[str], until: datetime) -> Iterator[dict[str, Any]]:
    rnd = random.Random(20240229)  # noqa: S311  # the same orders every time is the point
    skus = [row[0] for row in rows() if row[0]][::7]
    for number in range(ORDERS):
        yield {
            "event_id": f"demo-order-{number}",
            "event_type": "order_completed",
            "user_id": rnd.choice(people),
            "timestamp": (until - timedelta(minutes=rnd.randrange(DAYS * 24 * 60))).isoformat(),
            "properties": {"product_id": rnd.choice(skus)},
        }
