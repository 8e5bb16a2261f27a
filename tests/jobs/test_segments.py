"""Segments on the workers: asked for after a commit, found by the tick, and making room."""

from __future__ import annotations

import time

import pytest
from flask import Flask
from redis import Redis
from rq.utils import import_attribute

import jobs.segments
from jobs.queues import QUEUES
from pim.core.db import db, transaction
from pim.core.queue import queue
from pim.observability.metrics import Backlog
from pim.segments import nudge, queries, schedule, service
from tests.factories.segments import all_of, attribute, make_segment
from tests.segments.shop import fill

LUMO = all_of(attribute("brand", "eq", "Lumo"))


@pytest.fixture
def shop(in_tenant: int) -> int:
    """A tenant with twenty products."""
    fill(20)
    return in_tenant


def test_whoever_asks_names_a_job_and_a_queue_that_exist():
    assert callable(import_attribute(nudge._JOB))
    assert nudge.QUEUE in QUEUES


def test_many_who_ask_within_a_moment_are_heard_by_one_job(redis: Redis, shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    for _ in range(3):
        with transaction():
            service.request_recompute(segment_id)
    assert queue("segments").count == 1
    nudge.heard()  # as the job does that was asked for
    with transaction():
        service.request_recompute(segment_id)
    assert queue("segments").count == 2


def test_the_job_computes_what_was_asked_for(redis: Redis, shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    for _ in range(10):  # what other tests left may fill a turn
        jobs.segments.compute_due()
        db.session.rollback()
        if queries.get_segment(segment_id).state == "ready":
            return
    pytest.fail("nobody computed it")


def test_nothing_is_asked_for_what_is_rolled_back(redis: Redis, shop: int):
    with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012  # what is tested
        service.create_segment("Lumo", LUMO)
        _ = 1 / 0
    assert queue("segments").count == 0


def test_a_full_turn_asks_for_another_and_lets_waiting_imports_come_first(
    redis: Redis, shop: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(schedule, "compute_due", lambda **_: True)
    jobs.segments.compute_due()
    assert queue("segments").count == 1
    computed: list[float] = []
    monkeypatch.setattr(schedule, "compute_due", lambda **_: computed.append(time.monotonic()))
    jobs.segments.compute_due()
    assert len(computed) == 1
    queue("imports").enqueue("jobs.imports.resume_stalled_imports")
    jobs.segments.compute_due()
    assert len(computed) == 1


def test_short_work_that_waits_ends_a_turn_after_a_moment(redis: Redis, shop: int):
    for number in range(3):
        make_segment(shop, f"S{number}", LUMO)
    asked: list[float] = []

    def others_wait(elapsed: float) -> bool:
        asked.append(elapsed)
        return True

    assert schedule.compute_due(others_wait=others_wait) is True
    assert len(asked) == 1
    queue("default").enqueue("jobs.imports.resume_stalled_imports")
    assert jobs.segments._others_wait(0.5) is False
    assert jobs.segments._others_wait(1.5) is True


def test_metrics_say_how_many_are_due_and_since_when(app: Flask, redis: Redis, shop: int):
    segment_id = make_segment(shop, "Lumo", LUMO).id
    with transaction():
        found = queries.get_segment(segment_id)
        found.due_at = service.now() - service.timedelta(seconds=90)
        found.status = "failed"
    gauges = {gauge.name: gauge.samples[0].value for gauge in Backlog().collect() if gauge.samples}
    assert gauges["pim_segments_due"] >= 1
    assert gauges["pim_segments_oldest_due_seconds"] >= 90
    assert gauges["pim_segments_failing"] >= 1
