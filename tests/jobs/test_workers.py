"""Workers and the scheduler: what they promise when things die around them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer
from rq.utils import import_attribute
from sqlalchemy import text

from jobs import analytics as analytics_jobs
from jobs.queues import QUEUES
from jobs.schedule import TICKS, TickScheduler, declare_missing
from pim.analytics import nudge, sync
from pim.core.db import db, transaction
from pim.core.queue import connect, queue, redis_client
from pim.core.tenancy import tenant_scope
from pim.imports import queries, runner, service
from pim.products import write
from pim.products.changes import StagedProduct
from tests.factories.identity import make_tenant
from tests.factories.imports import suggested, upload
from tests.factories.waiting import wait_until
from tests.jobs.catalogs import META, apply, in_clickhouse


@pytest.fixture
def worker(redis: Redis) -> Iterator[subprocess.Popen[bytes]]:
    """`pim worker`, in a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", "pim", "worker"])
    try:
        wait_until(lambda: bool(redis.smembers("rq:workers")), 60)
        yield process
    finally:
        process.kill()
        process.wait()


def children_of(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="told by Linux alone")
def test_a_killed_worker_takes_its_work_horse_with_it(
    worker: subprocess.Popen[bytes], redis: Redis
):
    Queue("default", connection=redis, serializer=JSONSerializer).enqueue("time.sleep", 60)
    wait_until(lambda: bool(children_of(worker.pid)))
    [horse] = children_of(worker.pid)
    time.sleep(0.3)  # the horse has begun to sleep
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    wait_until(lambda: not is_alive(horse), 5)


def test_an_edit_is_in_clickhouse_a_moment_after_its_commit(
    worker: subprocess.Popen[bytes], app: Flask
):
    tenant = make_tenant(app).id
    with tenant_scope(tenant):
        apply(StagedProduct("A", "edited"))
        wait_until(lambda: in_clickhouse() == [("A", "edited")], 30)
        # The worker's transaction ends a moment after the rows are there.
        wait_until(lambda: _waiting(tenant) == 0, 5)


def _waiting(tenant: int) -> int:
    from pim.analytics import deliveries

    with tenant_scope(tenant), transaction():
        return deliveries.count_waiting()


def test_many_edits_in_a_moment_ask_for_one_job(redis: Redis, app: Flask):
    tenant = make_tenant(app).id
    with tenant_scope(tenant):
        for number in range(10):
            apply(StagedProduct("A", f"edit {number}"))
        assert queue("analytics").count == 1
        nudge.gather(tenant)  # the job begins: what comes now asks for another
        apply(StagedProduct("A", "later"))
        assert queue("analytics").count == 2


@pytest.fixture
def a_running_import(app: Flask, redis: Redis) -> int:
    """The tenant of an import that is being written, as its row says."""
    tenant = make_tenant(app)
    job = upload(app, tenant, "sku,name\nA,one\n")
    with app.app_context(), tenant_scope(tenant.id):
        _say_of(job.id, "status = 'importing', phase = 'writing', heartbeat_at = clock_timestamp()")
    return tenant.id


def _say_of(import_id: int, what: str) -> None:
    with transaction():
        db.session.execute(text(f"UPDATE import_jobs SET {what} WHERE id = :id"), {"id": import_id})


@contextmanager
def following(app: Flask, tenant: int) -> Iterator[threading.Thread]:
    """The job that brings the tenant's changes, running; it has ended afterwards."""

    def job() -> None:
        with app.app_context():
            analytics_jobs.sync_tenant(tenant)

    thread = threading.Thread(target=job)
    thread.start()
    key = nudge._key(tenant)
    with app.app_context():
        wait_until(lambda: bool(redis_client().exists(key)), 10)
    yield thread
    thread.join(20)
    assert not thread.is_alive()


def test_one_job_follows_an_import_until_it_ends(app: Flask, a_running_import: int):
    tenant = a_running_import
    with following(app, tenant), app.app_context(), tenant_scope(tenant):
        for number in range(5):
            apply(StagedProduct(f"P{number}", "of a chunk"))
            wait_until(lambda: _waiting(tenant) == 0, 10)
        assert queue("analytics").count == 0
        [import_id] = db.session.scalars(text("SELECT id FROM import_jobs")).all()
        _say_of(import_id, "phase = 'syncing'")
    with app.app_context(), tenant_scope(tenant):
        assert len(in_clickhouse()) == 5
        # Who comes afterwards asks for a job again.
        apply(StagedProduct("LATER", "x"))
        assert queue("analytics").count == 1


@pytest.mark.parametrize("name", QUEUES)
def test_a_job_that_follows_an_import_makes_room_for_any_other(
    app: Flask, a_running_import: int, name: str
):
    with following(app, a_running_import), app.app_context():
        queue(name).enqueue("jobs.analytics.catch_up")


def test_an_import_whose_worker_is_gone_is_not_followed(app: Flask, a_running_import: int):
    with app.app_context(), tenant_scope(a_running_import):
        assert sync.an_import_writes(a_running_import)
        [import_id] = db.session.scalars(text("SELECT id FROM import_jobs")).all()
        _say_of(import_id, "heartbeat_at = clock_timestamp() - interval '1 minute'")
        assert not sync.an_import_writes(a_running_import)


def test_a_transaction_that_rolls_back_asks_for_nothing(redis: Redis, app: Flask):
    with tenant_scope(make_tenant(app).id):
        with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012  # what is tested
            write.apply_change_set(META, [StagedProduct("A")])
            _ = 1 / 0
        assert queue("analytics").count == 0


def test_a_write_succeeds_while_redis_is_away(app: Flask, monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setitem(app.extensions, "pim.redis", connect(f"redis://127.0.0.1:{port}/0"))
    tenant = make_tenant(app).id
    with app.app_context(), tenant_scope(tenant):
        apply(StagedProduct("A", "kept"))
        list(sync.catch_up())
        assert in_clickhouse() == [("A", "kept")]


def entries(redis: Redis) -> list[str]:
    return sorted(entry.decode() for entry in redis.zrange("rq:scheduler:scheduled_jobs", 0, -1))


def test_whatever_starts_and_how_often_each_tick_is_there_once(redis: Redis):
    redis.zadd("rq:scheduler:scheduled_jobs", {"of-an-older-version": 1})
    for _ in range(2):
        declare_missing(redis)
        TickScheduler(redis).declare()
    assert entries(redis) == sorted(tick.id for tick in TICKS)


def test_a_tick_puts_a_job_as_json_into_its_queue_and_not_a_second_while_it_waits(redis: Redis):
    scheduler = TickScheduler(redis)
    scheduler.declare()
    for _ in range(3):
        scheduler.enqueue_jobs()
        for tick in TICKS:
            redis.zadd(scheduler.scheduled_jobs_key, {tick.id: 1})
    for tick in TICKS:
        waiting = Queue(tick.queue, connection=redis, serializer=JSONSerializer).jobs
        assert [job.func_name for job in waiting if job.func_name == tick.func] == [tick.func]
        assert json.loads(waiting[0].serializer.dumps([])) == []
    # Done with: the next tick puts a fresh one.
    redis.delete("rq:queue:analytics")
    scheduler.enqueue_jobs()
    assert redis.llen("rq:queue:analytics") == 1


def test_an_entry_that_got_lost_is_declared_again(redis: Redis):
    scheduler = TickScheduler(redis)
    scheduler.declare()
    redis.zrem(scheduler.scheduled_jobs_key, TICKS[0].id)
    redis.delete(f"rq:job:{TICKS[1].id}")
    scheduler.enqueue_jobs()
    scheduler.enqueue_jobs()
    assert entries(redis) == sorted(tick.id for tick in TICKS)


def test_every_tick_and_every_nudge_names_a_job_and_a_queue_that_exist():
    for tick in TICKS:
        assert callable(import_attribute(tick.func))
        assert tick.queue in QUEUES
    assert callable(import_attribute(nudge._JOB))
    assert nudge._QUEUE in QUEUES


@pytest.mark.parametrize("command", ["scheduler", "worker"])
def test_without_redis_it_ends_for_its_supervisor_to_start_it_again(
    services: object, app: Flask, command: str
):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    ended = subprocess.run(
        [sys.executable, "-m", "pim", command],
        env={**os.environ, "REDIS_URL": f"redis://127.0.0.1:{port}/0"},
        capture_output=True,
        timeout=60,
    )
    assert ended.returncode != 0


def test_an_unknown_queue_is_refused(services: object, app: Flask):
    ended = subprocess.run(
        [sys.executable, "-m", "pim", "worker", "--queues", "default,nope"],
        capture_output=True,
        text=True,
    )
    assert ended.returncode != 0
    assert "there is no queue 'nope'" in ended.stderr


def test_status_says_what_is_up_and_what_nobody_works_on(redis: Redis):
    ended = subprocess.run([sys.executable, "-m", "pim", "status"], capture_output=True, text=True)
    lines = dict(line.split("\t", 1) for line in ended.stdout.splitlines())
    assert lines["postgresql"].startswith("ok\tup")
    assert lines["clickhouse"].startswith("ok\tup")
    assert lines["redis"] == "ok\tup"
    assert lines["queue imports"].startswith("LOOK")
    assert lines["scheduler"].startswith("LOOK")
    assert ended.returncode == 1


@pytest.mark.parametrize("by", ["the nudge", "the tick"])
def test_an_import_is_done_when_a_worker_has_brought_the_last_of_it(
    redis: Redis, app: Flask, by: str
):
    tenant = make_tenant(app)
    job = upload(app, tenant, "sku,name\nA,one\nB,two\n")
    with app.app_context(), tenant_scope(tenant.id):
        with transaction():
            service.confirm_import(job.id, suggested(job))
        runner.run_import(tenant.id, job.id)
        assert _import_state(job.id) == ("importing", "syncing")
        if by == "the nudge":
            analytics_jobs.sync_tenant(tenant.id)
        else:
            analytics_jobs.catch_up()
    with app.app_context(), tenant_scope(tenant.id):
        assert _import_state(job.id) == ("done", "")
        assert in_clickhouse() == [("A", "one"), ("B", "two")]


def _import_state(import_id: int) -> tuple[str, str]:
    with transaction():
        job = queries.get_import(import_id)
        return job.status, job.phase
