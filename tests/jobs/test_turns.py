"""Imports of several tenants and of one, on real workers: nobody starves, nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from flask import Flask
from redis import Redis

from pim.core.db import db, transaction
from pim.core.queue import queue
from pim.core.tenancy import tenant_scope
from pim.imports import lease, turns
from pim.imports.models import ImportJob
from tests.factories.identity import TestTenant, make_tenant
from tests.factories.imports import confirm, counts, fetch, products, stores_are_equal, upload
from tests.factories.waiting import wait_until

BODY = {"mapping": {"sku": "sku", "name": "name"}}
Start = Callable[..., subprocess.Popen[bytes]]


def a_catalog(rows: int, prefix: str = "S", name: str = "Name") -> str:
    return "sku,name\n" + "".join(f"{prefix}{n},{name} {n}\n" for n in range(rows))


@pytest.fixture
def start_worker(redis: Redis) -> Iterator[Start]:
    """Start `pim worker` processes, with settings in the environment."""
    with ExitStack() as running:

        def start(queues: str = "imports", **env: object) -> subprocess.Popen[bytes]:
            before = len(redis.smembers("rq:workers"))
            process = subprocess.Popen(
                [sys.executable, "-m", "pim", "worker", "--queues", queues],
                env={**os.environ, **{name: str(value) for name, value in env.items()}},
            )
            running.callback(process.wait)
            running.callback(process.kill)
            wait_until(lambda: len(redis.smembers("rq:workers")) > before, 60)
            return process

        yield start


def is_over(app: Flask, tenant: TestTenant, job: ImportJob) -> bool:
    return fetch(app, tenant, job).status in ("done", "failed", "cancelled")


def test_a_million_rows_of_one_tenant_make_room_for_a_hundred_of_another(
    app: Flask, start_worker: Start
) -> None:
    """What is measured is order: the small one, which came later, is over first."""
    big_one, small_one = make_tenant(app), make_tenant(app)
    big, small = (
        upload(app, big_one, a_catalog(300_000)),
        upload(app, small_one, a_catalog(100)),
    )
    start_worker("analytics,default")
    start_worker(IMPORT_CHUNK_ROWS=1_000, IMPORT_TURN_SECONDS=0)
    confirm(app, big_one, big, BODY)
    wait_until(lambda: fetch(app, big_one, big).created_count > 0, 60)
    confirm(app, small_one, small, BODY)
    wait_until(lambda: is_over(app, small_one, small), 90)
    assert not is_over(app, big_one, big)
    wait_until(lambda: is_over(app, big_one, big), 180)
    for tenant, job, rows in ((big_one, big, 300_000), (small_one, small, 100)):
        done = fetch(app, tenant, job)
        assert (done.status, counts(done)) == ("done", {"created": rows})
    assert fetch(app, big_one, big).lease_token >= 2, "it went on in a second turn"


def test_two_tenants_do_not_wait_for_each_other(app: Flask, start_worker: Start) -> None:
    tenants = [make_tenant(app), make_tenant(app)]
    imports = [upload(app, tenant, a_catalog(30_000)) for tenant in tenants]
    start_worker("analytics,default")
    for _ in tenants:
        start_worker(IMPORT_CHUNK_ROWS=1_000)
    for tenant, job in zip(tenants, imports, strict=True):
        confirm(app, tenant, job, BODY)
    for tenant, job in zip(tenants, imports, strict=True):
        wait_until(lambda tenant=tenant, job=job: is_over(app, tenant, job), 120)  # type: ignore[misc]
    first, second = (fetch(app, t, j) for t, j in zip(tenants, imports, strict=True))
    assert first.started_at is not None
    assert second.started_at is not None
    assert first.finished_at is not None
    assert second.finished_at is not None
    assert first.started_at < second.finished_at
    assert second.started_at < first.finished_at


def test_two_imports_of_one_tenant_at_once_are_safe(app: Flask, start_worker: Start) -> None:
    """Two files with half of their SKUs in common, written by two processes at one time."""
    tenant = make_tenant(app)
    files = [
        a_catalog(8_000, name="First"),
        "sku,name\n" + "".join(f"s{n},Second {n}\n" for n in range(4_000, 12_000)),
    ]
    imports = [upload(app, tenant, content) for content in files]
    start_worker("analytics,default")
    for _ in imports:
        start_worker(IMPORT_CHUNK_ROWS=500)
    for job in imports:
        confirm(app, tenant, job, BODY)
    for job in imports:
        wait_until(lambda job=job: is_over(app, tenant, job), 120)  # type: ignore[misc]
    done = [fetch(app, tenant, job) for job in imports]
    assert [job.status for job in done] == ["done", "done"], [job.error for job in done]
    for job in done:
        assert job.created_count + job.updated_count + job.unchanged_count == 8_000
    assert sum(job.created_count for job in done) == 12_000
    found = products(app, tenant)
    assert len({sku.casefold() for sku in found}) == len(found) == 12_000
    for sku, product in found.items():
        assert product.name in (f"First {sku[1:]}", f"Second {sku[1:]}")
    assert stores_are_equal(app, tenant)


def test_whoever_comes_takes_the_one_whose_turn_it_is(app: Flask, redis: Redis) -> None:
    """Tenants without a running import come first, then what is soon over."""
    busy, other = make_tenant(app), make_tenant(app)
    runs = upload(app, busy, a_catalog(10))
    sizes = {"mine, small": (busy, 10), "big": (other, 5_000), "small": (other, 20)}
    jobs = {}
    for name, (tenant, rows) in sizes.items():
        jobs[name] = (tenant.id, upload(app, tenant, a_catalog(rows)).id)
    confirm(app, busy, runs, BODY)
    with app.app_context(), tenant_scope(busy.id):
        assert lease.take_lease(runs.id)
    for name, (tenant, _) in sizes.items():
        confirm(app, tenant, ImportJob(id=jobs[name][1]), BODY)
    with app.app_context(), tenant_scope(other.id), transaction():
        db.session.get_one(ImportJob, jobs["big"]).file_size = 10**9
    mine = set(jobs.values())
    with app.app_context():
        order = [(tenant, job) for tenant, job, _ in turns.waiting() if (tenant, job) in mine]
    assert order == [jobs["small"], jobs["big"], jobs["mine, small"]]


def test_who_comes_too_late_for_one_takes_the_next(app: Flask, redis: Redis) -> None:
    """Two workers that look at once see the same imports wait."""
    tenant = make_tenant(app)
    jobs = [upload(app, tenant, a_catalog(10)).id for _ in range(2)]
    for job in jobs:
        confirm(app, tenant, ImportJob(id=job), BODY)
    tried = list[int]()

    def taken_by_another_if_first(_: int, import_id: int) -> bool:
        if import_id in jobs:
            tried.append(import_id)
        return len(tried) == 2

    with app.app_context():
        turns.take_turn(
            (tenant.id, jobs[0]), run=taken_by_another_if_first, check=taken_by_another_if_first
        )
    assert sorted(tried) == jobs


def test_waiting_counts_so_that_a_large_file_is_not_passed_over_for_ever(
    app: Flask, redis: Redis
) -> None:
    tenant = make_tenant(app)
    big, small = upload(app, tenant, a_catalog(5_000)), upload(app, tenant, a_catalog(10))
    for job in (big, small):
        confirm(app, tenant, job, BODY)
    with app.app_context(), tenant_scope(tenant.id), transaction():
        db.session.get_one(ImportJob, (tenant.id, big.id)).heartbeat_at -= timedelta(hours=1)  # type: ignore[operator]
    with app.app_context():
        order = [job for owner, job, _ in turns.waiting() if owner == tenant.id]
    assert order == [big.id, small.id]


def test_a_worker_killed_in_the_middle_is_replaced_within_half_a_minute(
    app: Flask, start_worker: Start, redis: Redis
) -> None:
    tenant = make_tenant(app)
    job = upload(app, tenant, a_catalog(30_000))
    start_worker("analytics,default")
    first = start_worker(IMPORT_CHUNK_ROWS=500)
    scheduler = subprocess.Popen([sys.executable, "-m", "pim", "scheduler"])
    try:
        confirm(app, tenant, job, BODY)
        wait_until(lambda: fetch(app, tenant, job).created_count > 0, 60)
        first.kill()
        first.wait()
        cut_off = fetch(app, tenant, job)
        assert cut_off.created_count < 30_000, "it was to be killed in the middle"
        began = time.monotonic()
        start_worker()
        wait_until(lambda: is_over(app, tenant, job), 60)
        print(f"took over and done after {time.monotonic() - began:.1f} s")
    finally:
        scheduler.kill()
        scheduler.wait()
    done = fetch(app, tenant, job)
    assert (done.status, counts(done)) == ("done", {"created": 30_000})
    assert queue("imports").count == 0
