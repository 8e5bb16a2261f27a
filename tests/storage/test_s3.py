"""Files in S3: what a folder does, and what only a network can do to them."""

from __future__ import annotations

import hashlib
import io
import logging
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from pim.config import Settings
from pim.core.clock import now
from pim.core.errors import NotFound, TooLarge, Unavailable
from pim.core.storage import LocalStorage, storage_of
from pim.core.storage.base import BLOCK, new_key
from pim.core.storage.s3 import PART_BYTES, S3Storage
from tests.factories.s3 import ACCESS_KEY, SECRET, S3Server, make_storage, objects, s3_server
from tests.storage.streams import Endless

CONTENT = b"sku,name\nA,Oslo chair\n"
SOON = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where copies of files are made: a folder of this test alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_file_comes_back_as_it_was_sent(store: S3Storage) -> None:
    stored = store.save(io.BytesIO(CONTENT), limit=100)
    assert (stored.size, stored.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    store.check()
    assert objects(store) == [f"catalogs/files/{stored.key}"]
    with store.local(stored.key) as path:
        assert path.read_bytes() == CONTENT
    assert not path.exists()


def test_a_large_file_goes_in_parts_and_is_never_held_whole(store: S3Storage) -> None:
    size = 5 * PART_BYTES + 7
    stream = Endless(size)
    stored = store.save(stream, limit=size)
    assert stored.size == size
    assert stream.largest <= PART_BYTES
    digest = hashlib.sha256(b"x" * size).hexdigest()
    assert stored.sha256 == digest
    head = store.client.head_object(Bucket=store.bucket, Key=objects(store)[0])
    assert head["ETag"].strip('"').endswith("-6")
    with store.local(stored.key) as path, path.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == digest


@pytest.mark.parametrize("size", [50, 3 * PART_BYTES])
def test_a_file_beyond_the_limit_leaves_nothing(store: S3Storage, size: int) -> None:
    with pytest.raises(TooLarge):
        store.save(Endless(size), limit=size - 1)
    assert objects(store) == []
    assert "Uploads" not in store.client.list_multipart_uploads(Bucket=store.bucket)


@pytest.mark.parametrize("size", [50, 3 * PART_BYTES])
def test_an_upload_that_breaks_off_leaves_nothing(store: S3Storage, size: int) -> None:
    with pytest.raises(ConnectionResetError):
        store.save(Endless(size, ConnectionResetError("gone")), limit=10 * size)
    assert objects(store) == []
    assert "Uploads" not in store.client.list_multipart_uploads(Bucket=store.bucket)


def test_any_place_of_a_file_can_be_looked_at_without_fetching_all(
    store: S3Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(9 * BLOCK)
    stored = store.save(io.BytesIO(content), limit=len(content))
    fetched = []
    part = store.part
    monkeypatch.setattr(store, "part", lambda *a: fetched.append(a[2]) or part(*a))
    with store.open(stored.key) as file:
        assert file.read(4) == content[:4]
        file.seek(-100, io.SEEK_END)
        assert file.read() == content[-100:]
        file.seek(5 * BLOCK + 3)
        assert file.read(10) == content[5 * BLOCK + 3 :][:10]
    assert sum(fetched) < 5 * BLOCK
    with store.open(stored.key) as file:
        assert file.read() == content


def test_an_empty_file_is_a_file(store: S3Storage) -> None:
    stored = store.save(io.BytesIO(b""), limit=1)
    with store.open(stored.key) as file:
        assert file.read() == b""
    with store.local(stored.key) as path:
        assert path.read_bytes() == b""


def test_what_is_not_there_is_said(store: S3Storage) -> None:
    stored = store.save(io.BytesIO(CONTENT), limit=100)
    store.delete(stored.key)
    store.delete(stored.key)
    with pytest.raises(NotFound, match="Upload it again"), store.local(stored.key):
        pass
    with pytest.raises(NotFound):
        store.open(stored.key)
    for odd in ("", "../secret", "A" * 32, "a" * 31):
        with pytest.raises(NotFound):
            store.open(odd)


def test_old_files_and_cut_off_uploads_are_found(store: S3Storage) -> None:
    stored = store.save(io.BytesIO(CONTENT), limit=100)
    store.client.put_object(Bucket=store.bucket, Key="catalogs/files/notes.txt", Body=b"not ours")
    store.client.put_object(Bucket=store.bucket, Key=new_key(), Body=b"beside the prefix")
    for name in (new_key(), "not-ours"):
        store.client.create_multipart_upload(Bucket=store.bucket, Key=f"catalogs/files/{name}")
    assert list(store.keys(now() - SOON)) == []
    assert list(store.keys(now() + SOON)) == [stored.key]
    # This server dates every such upload to 2010.
    assert store.remove_unfinished(datetime(2005, 1, 1, tzinfo=UTC)) == 0
    assert store.remove_unfinished(now()) == 1
    left = store.client.list_multipart_uploads(Bucket=store.bucket)["Uploads"]
    assert [each["Key"] for each in left] == ["catalogs/files/not-ours"]


def test_an_outage_is_said_in_words_and_no_secret_is_logged(
    caplog: pytest.LogCaptureFixture, copies: Path
) -> None:
    caplog.set_level(logging.INFO)
    with s3_server() as server:
        store = make_storage(server)
        stored = store.save(io.BytesIO(CONTENT), limit=100)
        server.stop()
        for attempt in (
            lambda: store.save(io.BytesIO(CONTENT), limit=100),
            lambda: store.open(stored.key),
            lambda: store.delete(stored.key),
            lambda: list(store.keys(now())),
            store.check,
            lambda: store.local(stored.key).__enter__(),
        ):
            with pytest.raises(Unavailable, match="can't be reached right now") as caught:
                attempt()
            assert SECRET not in str(caught.value)
    assert "storage_unreachable" in caplog.text
    assert SECRET not in caplog.text + repr(vars(store))
    assert ACCESS_KEY not in caplog.text
    assert list(copies.iterdir()) == []


def test_a_bucket_that_is_not_there_is_an_outage_and_not_a_missing_file(s3: S3Server) -> None:
    store = make_storage(s3)
    store.bucket = "never-made"
    with pytest.raises(Unavailable):
        store.save(io.BytesIO(CONTENT), limit=100)


def test_a_copy_that_a_killed_process_left_goes_with_the_next(store: S3Storage) -> None:
    number, left = tempfile.mkstemp(prefix=f"pim-copy-{os.getuid()}-")
    os.close(number)
    stored = store.save(io.BytesIO(CONTENT), limit=100)
    with store.local(stored.key) as first, store.local(stored.key) as second:
        assert not Path(left).exists()
        assert first.read_bytes() == second.read_bytes() == CONTENT


def test_which_storage_is_used_is_a_setting(s3: S3Server, settings: Settings) -> None:
    chosen = {
        "storage_url": "s3://never-made/some/where/",
        "storage_endpoint": s3.endpoint,
        "storage_region": "eu-central-1",
        "storage_access_key": SecretStr(ACCESS_KEY),
        "storage_secret_key": SecretStr(SECRET),
    }
    found = storage_of(settings.model_copy(update=chosen))
    assert isinstance(found, S3Storage)
    assert (found.bucket, found.prefix) == ("never-made", "some/where/")
    with pytest.raises((Unavailable, NotFound)):
        found.check()
    assert isinstance(storage_of(settings), LocalStorage)


@pytest.mark.parametrize(
    "url", ["http://shop.example/x", "s3://", "s3://key:secret@bucket/x", "bucket/prefix"]
)
def test_what_names_no_bucket_is_refused_at_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("STORAGE_URL", url)
    with pytest.raises(ValidationError, match="s3://bucket/prefix"):
        Settings()  # type: ignore[call-arg]
