"""200 segments that keep themselves up to date, by the processes that do it in earnest.

Workers and scheduler run as `make run` starts them, and products change all the while through the
write path, so every segment has to be asked again in every one of its intervals. What is looked at
is how late the latest of them is: one that is computed in each interval is never late by a whole.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import text

from bench._services import processes

CHANGED_TOGETHER, CHANGE_SECONDS, LOOK_SECONDS = 1_000, 10, 1
_PROCESSES = ("worker", "worker --queues analytics,default,segments", "scheduler")
_NEVER_COMPUTED = "SELECT count(*) FROM product_segments WHERE id = ANY(:ids) AND generation = 0"
_LATENESS = """
SELECT coalesce(max(extract(epoch FROM clock_timestamp() - due_at)), 0) FROM product_segments
WHERE id = ANY(:ids) AND due_at < clock_timestamp()
"""
_CHECKED = """
SELECT count(*) FROM product_segments
WHERE id = ANY(:ids) AND checked_at > clock_timestamp() - make_interval(secs => refresh_interval)
"""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """first: seconds until all had members. late: milliseconds by which one was due, at each look.

    checked: how many were up to date within the last interval, in the end.
    """

    first: float
    late: list[float]
    checked: int


def refresh(segment_ids: list[int], skus: list[str], seconds: float) -> Refreshed:
    """Let segments, all of them new, keep up with changes of these products for some seconds."""
    with processes(*_PROCESSES):
        first = _until_all_have_members(segment_ids)
        late = list(_lateness(segment_ids, skus, seconds))
        return Refreshed(first, late, int(_number(_CHECKED, segment_ids)))


def _until_all_have_members(segment_ids: list[int]) -> float:
    began = time.perf_counter()
    while _number(_NEVER_COMPUTED, segment_ids):
        time.sleep(LOOK_SECONDS)
    return time.perf_counter() - began


def _lateness(segment_ids: list[int], skus: list[str], seconds: float) -> Iterator[float]:
    began, changes = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - began) < seconds:
        if elapsed >= changes * CHANGE_SECONDS:
            changes += 1
            _change(skus, changes)
        yield _number(_LATENESS, segment_ids) * 1_000
        time.sleep(LOOK_SECONDS)


def _change(skus: list[str], number: int) -> None:
    """Give some products another stock and price, as a program would that feeds them."""
    from pim.core.db import transaction
    from pim.products.service import ProductInput, bulk_upsert

    start = number * CHANGED_TOGETHER % len(skus)
    with transaction():
        bulk_upsert(
            [
                ProductInput(
                    sku=sku,
                    data={
                        "stock": (number * 37 + place) % 500,
                        "price": {"amount": 100 + (number + place) % 800, "currency": "EUR"},
                    },
                )
                for place, sku in enumerate(skus[start : start + CHANGED_TOGETHER])
            ]
        )


def _number(statement: str, segment_ids: list[int]) -> float:
    from pim.core.db import db, transaction

    with transaction():
        return float(db.session.execute(text(statement), {"ids": segment_ids}).scalar_one())
