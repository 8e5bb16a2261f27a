"""A local S3 server in a process of its own, spoken to over HTTP as Amazon's would be."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from pydantic import SecretStr

from pim.core.storage.s3 import S3Storage

ACCESS_KEY = "AKIA" + "EXAMPLE" * 2
SECRET = "never-in-a-log-" + "4f9c" * 6


@dataclass
class S3Server:
    """Where the server is, and a switch."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def start(self) -> None:
        """Start anew at the same port; it has forgotten everything."""
        self.process = _started(self.port)


@contextmanager
def s3_server() -> Iterator[S3Server]:
    """A server for as long as the context lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = S3Server(port, _started(port))
    try:
        yield server
    finally:
        server.stop()


def make_storage(server: S3Server, prefix: str = "catalogs/files", **changed: str) -> S3Storage:
    """A storage in a bucket of its own."""
    bucket = f"pim-{secrets.token_hex(6)}"
    store = S3Storage(
        f"s3://{bucket}/{prefix}",
        endpoint=server.endpoint,
        region="eu-central-1",
        access_key=SecretStr(ACCESS_KEY),
        secret_key=SecretStr(SECRET),
    )
    store.client.create_bucket(
        Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )
    return store


def objects(store: S3Storage) -> list[str]:
    """Everything in the bucket."""
    found = store.client.list_objects_v2(Bucket=store.bucket)
    return [each["Key"] for each in found.get("Contents", [])]


def _started(port: int) -> subprocess.Popen[bytes]:
    server = Path(sys.executable).parent / "moto_server"
    process = subprocess.Popen(
        [server, "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}/moto-api/", timeout=5):
                return process
        except URLError:
            assert process.poll() is None, "the S3 server ended"
            assert time.monotonic() < deadline, "the S3 server did not start"
            time.sleep(0.1)
