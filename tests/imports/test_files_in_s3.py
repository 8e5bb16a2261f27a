"""Uploads in S3: from the wizard to the catalog, with a worker that fetches what it reads."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from pim.core.storage import EXTENSION
from pim.core.storage.s3 import S3Storage
from pim.imports import retention
from tests.factories.identity import TestTenant, client_of, csrf_token
from tests.factories.imports import (
    confirm,
    counts,
    fetch,
    import_file,
    products,
    run,
    stores_are_equal,
    upload,
)
from tests.factories.queues import let_nothing_wait
from tests.factories.s3 import ACCESS_KEY, SECRET, S3Server, make_storage, objects, s3_server
from tests.factories.workers import fall_silent

CHAIRS = "sku;Name\nA;Oslo chair\nB;Brass lamp\n"


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def store(app: Flask, s3: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Storage:
    """The application's storage: a bucket of this test alone."""
    made = make_storage(s3)
    monkeypatch.setitem(app.extensions, EXTENSION, made)
    return made


def test_a_file_becomes_products_and_stays_for_a_while(
    app: Flask, tenant: TestTenant, store: S3Storage
) -> None:
    job = import_file(app, tenant, CHAIRS)
    assert (job.status, counts(job)) == ("done", {"created": 2})
    assert objects(store) == [f"{store.prefix}{job.storage_key}"]
    answer = client_of(app, tenant).get(f"/pim/import/{job.id}/file")
    assert answer.data == CHAIRS.encode()


def test_a_file_that_cannot_be_read_is_not_kept(
    app: Flask, tenant: TestTenant, store: S3Storage
) -> None:
    client = client_of(app, tenant)
    picture = io.BytesIO(b"\x89PNG\r\n\x1a\n" + bytes(50))
    data = {"csrf_token": csrf_token(client), "file": (picture, "x.png")}
    assert client.post("/pim/import", data=data).status_code == 422
    assert objects(store) == []


def test_an_outage_is_said_and_the_import_goes_on_after_it(
    app: Flask, tenant: TestTenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    with s3_server() as server:
        store = make_storage(server)
        monkeypatch.setitem(app.extensions, EXTENSION, store)
        job = upload(app, tenant, CHAIRS)
        confirm(app, tenant, job)
        server.stop()
        client = client_of(app, tenant)
        data = {"csrf_token": csrf_token(client), "file": (io.BytesIO(b"sku\nA\n"), "x.csv")}
        refused = client.post("/pim/import", data=data)
        assert refused.status_code == 503
        assert "Nothing is lost; try again in a moment" in refused.text
        for _ in range(4):  # more often than a fault of ours would be tried again
            with pytest.raises(Exception, match="can't be reached"):
                run(app, tenant, job)
            fall_silent(app, tenant, job)
        assert fetch(app, tenant, job).status == "importing"
        server.start()
        store.client.create_bucket(
            Bucket=store.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
        )
        name = f"{store.prefix}{job.storage_key}"
        store.client.put_object(Bucket=store.bucket, Key=name, Body=CHAIRS.encode())
        assert run(app, tenant, job).status == "done"
    assert products(app, tenant).keys() == {"A", "B"}
    assert stores_are_equal(app, tenant)


def test_what_is_left_behind_in_the_bucket_is_removed(
    app: Flask, tenant: TestTenant, store: S3Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "ORPHANED_AFTER", timedelta(seconds=-60))
    job = upload(app, tenant, CHAIRS)
    store.client.put_object(Bucket=store.bucket, Key=f"{store.prefix}{'ab' * 16}", Body=b"x")
    with app.app_context():
        retention.remove_orphans()
    assert objects(store) == [f"{store.prefix}{job.storage_key}"]


def test_a_worker_in_its_own_process_reads_from_s3(
    app: Flask, tenant: TestTenant, store: S3Storage, s3: S3Server, tmp_path: Path
) -> None:
    with app.app_context():
        let_nothing_wait()
    rows = "".join(f"S{n};Chair {n}\n" for n in range(3_000))
    job = upload(app, tenant, "sku;Name\n" + rows)
    confirm(app, tenant, job)
    environment = {
        **os.environ,
        "STORAGE_URL": f"s3://{store.bucket}/{store.prefix}",
        "STORAGE_ENDPOINT": s3.endpoint,
        "STORAGE_REGION": "eu-central-1",
        "STORAGE_ACCESS_KEY": ACCESS_KEY,
        "STORAGE_SECRET_KEY": SECRET,
        "TMPDIR": str(tmp_path),
        "LOG_LEVEL": "DEBUG",
    }
    worker = subprocess.Popen(
        [sys.executable, "-m", "pim", "worker"], env=environment, stderr=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + 90
        while fetch(app, tenant, job).status != "done":
            assert worker.poll() is None
            assert time.monotonic() < deadline, fetch(app, tenant, job).error
            time.sleep(0.2)
    finally:
        worker.terminate()
        _, said = worker.communicate(timeout=30)
        with app.app_context():
            let_nothing_wait()
    assert fetch(app, tenant, job).created_count == 3_000
    assert list(tmp_path.glob("pim-copy-*")) == []
    assert SECRET.encode() not in said
    assert ACCESS_KEY.encode() not in said
