"""Files in a folder: whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pim.core.clock import now
from pim.core.errors import NoRoom, NotFound, TooLarge
from pim.core.storage.base import BLOCK
from pim.core.storage.local import LocalStorage
from tests.storage.streams import Endless

CONTENT = b"sku,name\nA,Oslo chair\n"


@pytest.fixture
def store(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "files")


def left(store: LocalStorage) -> list[str]:
    return sorted(path.name for path in store.folder.iterdir()) if store.folder.exists() else []


def test_a_file_comes_back_as_it_was_sent(store: LocalStorage) -> None:
    stored = store.save(io.BytesIO(CONTENT), limit=100)
    assert (stored.size, stored.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    with store.open(stored.key) as file, store.local(stored.key) as path:
        assert file.read() == path.read_bytes() == CONTENT
    store.delete(stored.key)
    store.delete(stored.key)
    with pytest.raises(NotFound):
        store.open(stored.key)


@pytest.mark.parametrize("error", [ConnectionResetError("gone"), KeyboardInterrupt()])
def test_an_upload_that_breaks_off_leaves_nothing(
    store: LocalStorage, error: BaseException
) -> None:
    with pytest.raises(type(error)):
        store.save(Endless(3 * BLOCK, error), limit=10 * BLOCK)
    assert left(store) == []


def test_a_file_beyond_the_limit_leaves_nothing(store: LocalStorage) -> None:
    with pytest.raises(TooLarge):
        store.save(Endless(3 * BLOCK), limit=2 * BLOCK)
    assert left(store) == []


@pytest.fixture
def no_large_files() -> Iterator[int]:
    """The kernel refuses to let a file of this process grow beyond some bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * BLOCK, limits[1]))
    yield 2 * BLOCK
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, before)


def test_a_disk_that_takes_no_more_is_said_and_nothing_is_left(
    store: LocalStorage, no_large_files: int
) -> None:
    with pytest.raises(NoRoom, match="no room left on the disk"):
        store.save(Endless(2 * no_large_files), limit=100 * BLOCK)
    assert left(store) == []


def test_a_full_disk_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if os.getuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        store = LocalStorage(disk / "files")
        with pytest.raises(NoRoom) as caught:
            store.save(Endless(3 * BLOCK), limit=10 * BLOCK)
        assert isinstance(caught.value.__cause__, OSError)
        assert caught.value.__cause__.errno == errno.ENOSPC
        assert left(store) == []
        assert store.save(io.BytesIO(CONTENT), limit=100).size == len(CONTENT)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_what_a_killed_process_left_is_found_by_its_age(store: LocalStorage) -> None:
    code = (
        "import sys, time, pathlib\n"
        "from pim.core.storage.local import LocalStorage\n"
        "class Slow:\n"
        "    def read(self, size=-1):\n"
        "        print('reading', flush=True); time.sleep(0.2); return b'x'\n"
        "LocalStorage(pathlib.Path(sys.argv[1])).save(Slow(), limit=1000)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(store.folder)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    (part,) = left(store)
    whole = store.save(io.BytesIO(CONTENT), limit=100)
    (store.folder / "notes.txt").write_text("somebody else's")
    hour = timedelta(hours=1)
    assert (store.remove_unfinished(now() - hour), list(store.keys(now() - hour))) == (0, [])
    long_ago = time.time() - 7200
    for name in left(store):
        os.utime(store.folder / name, (long_ago, long_ago))
    assert list(store.keys(now() - hour)) == [whole.key]
    assert store.remove_unfinished(now() - hour) == 1
    assert part not in left(store)
    assert left(store) == sorted([whole.key, "notes.txt"])
