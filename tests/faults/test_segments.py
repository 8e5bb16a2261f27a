"""kill -9 of a worker at every step of computing a segment: it comes back, once and whole."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from pim.analytics import sync
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.segments import compute, proof, queries, schedule
from pim.segments.models import ProductSegment
from pim.webhooks.models import OutboxEvent
from tests.factories.identity import make_tenant
from tests.factories.segments import all_of, attribute, make_segment
from tests.faults.installation import wait_for
from tests.segments.shop import a_product, fill, put

# Its claim is left to run out, the claims of all others are made to be over.
WAITED_FOR = ("sets", "make", "before")
# Where the worker stands still until it is killed: (module, function, before or after it).
STEPS = (
    ("compute", "compile_definition", "before"),
    ("sets", "make", "before"),
    ("sets", "make", "after"),
    ("sets", "note_changes", "after"),
    ("lease", "publish", "before"),
    ("lease", "publish", "after"),
    ("events", "record", "after"),
)
_WORKER = """
import sys, time
from pim.segments import compute, events, lease, schedule, sets
module, name, when, tenant = sys.argv[1:]
holder = {"compute": compute, "events": events, "lease": lease, "sets": sets}[module]
real = getattr(holder, name)
def stands_still(*args, **kwargs):
    if when == "after":
        real(*args, **kwargs)
    print("here", flush=True)
    time.sleep(600)
setattr(holder, name, stands_still)
from pim import create_app
with create_app().app_context():
    schedule.compute_next(int(tenant))
"""


@pytest.fixture
def computed(app: Flask) -> Iterator[tuple[int, int]]:
    """A tenant and its segment of ten products, of which three are about to go and two to come."""
    tenant = make_tenant(app).id
    with app.app_context(), tenant_scope(tenant):
        fill(20)
        rule = all_of(attribute("stock", "gte", 10))
        segment_id = make_segment(tenant, "Many", rule, refresh_interval=10).id
        compute.compute_segment(segment_id)
        put(*(a_product(number, stock=0) for number in (10, 11, 12)))
        put(a_product(1, stock=99), a_product(2, stock=99))
        sync.sync_tenant(tenant)
        yield tenant, segment_id
        db.session.rollback()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: " ".join(step))
def test_a_worker_that_is_killed_loses_and_doubles_nothing(
    computed: tuple[int, int], step: tuple[str, str, str]
) -> None:
    tenant, segment_id = computed
    before = fresh(segment_id)
    generation = before.generation
    make_due(segment_id)
    die_at(step, tenant)
    died = fresh(segment_id)
    assert (died.status, died.generation, died.computed_count) == ("computing", generation, 10)
    assert queries.count_members(died) == 10
    assert told() == {"segment.entered": 1}
    assert not comes_back(segment_id, generation), "its claim lasts longer than its worker"
    if step != WAITED_FOR:
        end_claim(segment_id)
    began = time.monotonic()
    # As a tick does it, until the claim of the dead one is over.
    wait_for(lambda: comes_back(segment_id, generation), "another worker", 20)
    print(f"{' '.join(step)}: computed {time.monotonic() - began:.1f} s after its worker died")
    back = fresh(segment_id)
    assert (back.state, back.computed_count) == ("ready", 9)
    assert queries.count_members(back) == 9
    assert told() == {"segment.entered": 2, "segment.left": 1}
    assert [(p.entered, p.left) for p in queries.history(segment_id)] == [(2, 3), (10, 0)]
    for entered, skus in ((True, ["P-01", "P-02"]), (False, ["P-10", "P-11", "P-12"])):
        changes = queries.latest_changes(back, entered=entered).changes
        assert [change.sku for change in changes] == skus
    assert proof.find_problems(tenant) == []


def die_at(step: tuple[str, str, str], tenant: int) -> None:
    """A worker in a process of its own comes to a step and is killed there."""
    worker = subprocess.Popen(
        [sys.executable, "-c", _WORKER, *step, str(tenant)],
        env={**os.environ, "SEGMENT_QUERY_SECONDS": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    assert "here" in worker.stdout.readline()
    worker.kill()
    worker.wait()


def end_claim(segment_id: int) -> None:
    """As if the time of whoever claimed it were over."""
    with transaction():
        queries.get_segment(segment_id).lease_until = now()


def comes_back(segment_id: int, generation: int) -> bool:
    schedule.compute_due()
    return fresh(segment_id).generation > generation


def make_due(segment_id: int) -> None:
    with transaction():
        queries.get_segment(segment_id).due_at = now()


def fresh(segment_id: int) -> ProductSegment:
    db.session.rollback()
    return queries.get_segment(segment_id)


def told() -> dict[str, int]:
    statement = select(OutboxEvent.event_type, func.count()).group_by(OutboxEvent.event_type)
    return {row[0]: row[1] for row in db.session.execute(statement)}
