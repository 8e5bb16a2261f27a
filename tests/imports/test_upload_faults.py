"""What goes wrong while a file comes, or after it has come: said in words, and nothing left."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import resource
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from pim.core import EXTENSION as SETTINGS
from pim.core.storage import EXTENSION, LocalStorage
from pim.identity.permissions import Role
from pim.imports import runner
from tests.api.conftest import problem
from tests.factories.identity import TestTenant, client_of, csrf_token, make_api_key
from tests.factories.imports import confirm, fetch, products, run, upload

MEBIBYTE = 1024 * 1024
CSV = "/api/pim/import/csv/"
ROWS = b"sku,name\n" + b"".join(b"SKU-%d,Chair %d\n" % (n, n) for n in range(200_000))


@pytest.fixture
def store(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalStorage:
    """The application's storage: a folder of this test alone."""
    made = LocalStorage(tmp_path / "files")
    monkeypatch.setitem(app.extensions, EXTENSION, made)
    return made


@pytest.fixture
def small_disk(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalStorage]:
    """The same on a disk of one megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.getuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    made = LocalStorage(disk / "files")
    monkeypatch.setitem(app.extensions, EXTENSION, made)
    yield made
    subprocess.run(["umount", str(disk)], check=True)


@contextmanager
def no_large_files(size: int) -> Iterator[None]:
    """The kernel refuses to let a file of this process grow beyond some bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)


def left(store: LocalStorage) -> list[Path]:
    return list(store.folder.iterdir()) if store.folder.exists() else []


def test_a_full_disk_is_said_on_the_page_and_nothing_is_left(
    app: Flask, tenant: TestTenant, small_disk: LocalStorage
) -> None:
    client = client_of(app, tenant)
    token = {"csrf_token": csrf_token(client)}
    refused = client.post("/pim/import", data={**token, "file": (io.BytesIO(ROWS), "rows.csv")})
    assert refused.status_code == 507
    assert "There is no room left on the disk" in refused.text
    assert "upload the file again" in refused.text
    assert left(small_disk) == []
    small = {**token, "file": (io.BytesIO(b"sku\nA\n"), "rows.csv")}
    assert client.post("/pim/import", data=small).status_code == 303


def test_a_full_disk_is_said_to_a_program(
    app: Flask, tenant: TestTenant, small_disk: LocalStorage
) -> None:
    answer = app.test_client().post(
        CSV,
        data={"file": (io.BytesIO(ROWS), "rows.csv")},
        headers={"Authorization": f"Bearer {make_api_key(app, tenant, Role.ADMIN)}"},
    )
    problem(answer, 507, "no_room")
    assert left(small_disk) == []


def test_a_disk_that_fills_up_while_the_file_is_stored_leaves_nothing(
    app: Flask, tenant: TestTenant, store: LocalStorage
) -> None:
    client = client_of(app, tenant)
    data = {"csrf_token": csrf_token(client), "file": (io.BytesIO(ROWS[:400_000]), "rows.csv")}
    with no_large_files(200_000):  # small enough to wait in memory, too large for the disk
        refused = client.post("/pim/import", data=data)
    assert refused.status_code == 507
    assert "There is no room left on the disk" in refused.text
    assert left(store) == []


@pytest.fixture
def server(app: Flask) -> Iterator[int]:
    """The port of a real server."""
    running = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=running.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield running.server_port
    running.shutdown()
    thread.join()


@pytest.mark.parametrize("chunked", [False, True])
def test_an_upload_that_is_broken_off_half_way_leaves_nothing(
    app: Flask, tenant: TestTenant, store: LocalStorage, server: int, chunked: bool
) -> None:
    key = make_api_key(app, tenant, Role.ADMIN)
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {50 * MEBIBYTE}"
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="rows.csv"\r\n\r\n' + ROWS
    with socket.create_connection(("127.0.0.1", server)) as connection:
        head = f"POST {CSV} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n"
        kind = "Content-Type: multipart/form-data; boundary=b\r\n"
        connection.sendall(f"{head}{kind}{length}\r\n\r\n".encode())
        connection.sendall(b"%x\r\n%s\r\n" % (len(part), part) if chunked else part)
        waiting_for(store)
        assert [path for path in left(store) if path.suffix != ".part"] == []
    time.sleep(0.5)
    assert left(store) == []
    listed = app.test_client().get("/api/pim/import/", headers={"Authorization": f"Bearer {key}"})
    assert listed.json["items"] == []


def waiting_for(store: LocalStorage) -> None:
    """Until the server has begun to take the file in."""
    deadline = time.monotonic() + 10
    while not store.folder.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_file_that_goes_while_it_is_worked_with_ends_the_import_with_a_way_out(
    app: Flask, tenant: TestTenant, store: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = upload(app, tenant, "sku,name\nA,Oslo chair\n")
    confirm(app, tenant, job)
    counted = runner.count_rows

    def count_and_lose(*args, **kwargs):
        found = counted(*args, **kwargs)
        store.delete(job.storage_key or "")
        return found

    monkeypatch.setattr(runner, "count_rows", count_and_lose)
    assert run(app, tenant, job).status == "failed"
    assert fetch(app, tenant, job).error == "The uploaded file is no longer there. Upload it again."
    assert products(app, tenant) == {}
    page = client_of(app, tenant).get(f"/pim/import/{job.id}")
    assert "Upload the file again; its columns are remembered." in page.text


def test_a_file_that_is_gone_is_said_wherever_it_is_wanted(
    app: Flask, tenant: TestTenant, store: LocalStorage
) -> None:
    job = upload(app, tenant, "sku,name\nA,Oslo chair\n")
    store.delete(job.storage_key or "")
    client = client_of(app, tenant)
    gone = client.get(f"/pim/import/{job.id}/file")
    assert gone.status_code == 404
    assert "The uploaded file is no longer there. Upload it again." in gone.text
    token = {"csrf_token": csrf_token(client), "format": "json"}
    again = client.post(f"/pim/import/{job.id}/reading", data=token)
    assert again.status_code == 404
    assert "The uploaded file is no longer there. Upload it again." in again.text


def test_files_of_a_form_wait_where_they_are_stored_and_are_not_written_twice(
    app: Flask, store: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", "/nowhere")
    data = {"file": (io.BytesIO(ROWS), "rows.csv")}
    with app.test_request_context("/pim/import", method="POST", data=data) as context:
        stream = context.request.files["file"].stream
        (waits,) = left(store)
        number = waits.stat().st_ino
        first = store.save(stream, limit=len(ROWS))
        assert store.path(first.key).stat().st_ino == number
        stream.seek(0)
        second = store.save(stream, limit=len(ROWS))  # as after a deadlock
    assert first.sha256 == second.sha256 == hashlib.sha256(ROWS).hexdigest()
    assert {path.name for path in left(store)} == {first.key, second.key}
    assert store.path(first.key).read_bytes() == store.path(second.key).read_bytes() == ROWS


def test_a_file_that_nobody_stores_goes_with_its_request(app: Flask, store: LocalStorage) -> None:
    data = {"file": (io.BytesIO(ROWS), "rows.csv")}
    with app.test_request_context("/pim/import", method="POST", data=data) as context:
        assert context.request.files["file"].stream.read() == ROWS
        assert len(left(store)) == 1
    assert left(store) == []


def test_how_much_a_packed_file_may_hold_is_a_setting(
    app: Flask, tenant: TestTenant, store: LocalStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(app, tenant)
    token = {"csrf_token": csrf_token(client)}

    def send() -> TestResponse:
        packed = io.BytesIO(gzip.compress(ROWS))
        return client.post("/pim/import", data={**token, "file": (packed, "rows.csv.gz")})

    assert send().status_code == 303
    kept = left(store)
    smaller = app.extensions[SETTINGS].model_copy(update={"pim_max_unpacked_bytes": 1_000_000})
    monkeypatch.setitem(app.extensions, SETTINGS, smaller)
    refused = send()
    assert refused.status_code == 422
    assert "Unpacked, this file is larger than 1.0 MB, which is the limit." in refused.text
    assert left(store) == kept
