"""Files in S3, or in anything that speaks its protocol.

Keys and secrets stay in the client: what is logged of a fault is its code, never a request.
"""

from __future__ import annotations

import io
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import urlsplit

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import SecretStr
from s3transfer.exceptions import RetriesExceededError

from pim.core.errors import NotFound, Unavailable
from pim.core.storage.base import (
    BLOCK,
    GONE,
    Measured,
    Readable,
    StoredFile,
    checked,
    is_key,
    new_key,
)
from pim.core.storage.temporary import temporary_copy

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

log = logging.getLogger(__name__)

PART_BYTES = 8 * BLOCK  # with 10,000 parts at most: files of up to 80 GB
PARTS_AT_ONCE = 4
LOOK_BYTES = 2 * BLOCK
AWAY = (
    "The place where uploaded files are kept can't be reached right now. Nothing is lost; try "
    "again in a moment."
)
_GONE_CODES = frozenset({"404", "NoSuchKey", "NotFound"})


class S3Storage:
    """See `Storage`. url: `s3://bucket/prefix`; what lies below the prefix is ours alone."""

    def __init__(
        self,
        url: str,
        *,
        endpoint: str | None = None,
        region: str | None = None,
        access_key: SecretStr | None = None,
        secret_key: SecretStr | None = None,
    ) -> None:
        parts = urlsplit(url)
        self.bucket = parts.netloc
        self.prefix = parts.path.strip("/") + "/" if parts.path.strip("/") else ""
        self._endpoint, self._region = endpoint, region
        self._access_key, self._secret_key = access_key, secret_key
        self._lock = threading.Lock()
        self._client: tuple[int, S3Client] | None = None

    @property
    def client(self) -> S3Client:
        """This process's client: one that came over a fork shares sockets with its parent."""
        with self._lock:
            if self._client is None or self._client[0] != os.getpid():
                self._client = (os.getpid(), self._connect())
            return self._client[1]

    def _connect(self) -> S3Client:
        config = Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "max_attempts": 3},
            # Others that speak the protocol don't all know the newer checksums.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
            s3={"addressing_style": "path" if self._endpoint else "auto"},
        )
        with _told():
            return boto3.session.Session().client(
                "s3",
                config=config,
                endpoint_url=self._endpoint,
                region_name=self._region,
                aws_access_key_id=_open(self._access_key),
                aws_secret_access_key=_open(self._secret_key),
            )

    def save(self, stream: Readable, *, limit: int) -> StoredFile:
        """Store a stream in parts; a part that can't be sent takes the others with it."""
        key = new_key()
        measured = Measured(stream, limit)
        with _told():
            self.client.upload_fileobj(
                cast("IO[bytes]", measured), self.bucket, self._name(key), Config=_transfer()
            )
        return measured.stored_as(key)

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """A copy on this machine's disk."""
        name = self._name(key)
        with temporary_copy() as (path, file):
            with _told():
                self.client.download_fileobj(self.bucket, name, file, Config=_transfer())
                file.flush()
            yield path

    def open(self, key: str) -> BinaryIO:
        """The file, of which only what is looked at is fetched."""
        name = self._name(key)
        with _told():
            size = self.client.head_object(Bucket=self.bucket, Key=name)["ContentLength"]
        return io.BufferedReader(_Ranged(self, name, size), LOOK_BYTES)

    def part(self, name: str, first: int, size: int) -> bytes:
        """Some bytes of an object."""
        wanted = f"bytes={first}-{first + size - 1}"
        with _told():
            found = self.client.get_object(Bucket=self.bucket, Key=name, Range=wanted)
            return found["Body"].read()

    def delete(self, key: str) -> None:
        """Remove a file."""
        with _told():
            self.client.delete_object(Bucket=self.bucket, Key=self._name(key))

    def keys(self, before: datetime) -> Iterator[str]:
        """The files that were stored before a moment."""
        pages = self.client.get_paginator("list_objects_v2")
        with _told():
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix):
                for each in page.get("Contents", ()):
                    key = each["Key"].removeprefix(self.prefix)
                    if is_key(key) and each["LastModified"] < before:
                        yield key

    def remove_unfinished(self, before: datetime) -> int:
        """End uploads in parts that nobody finished: their parts are kept, and cost, until then."""
        pages, removed = self.client.get_paginator("list_multipart_uploads"), 0
        with _told():
            for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix):
                for each in page.get("Uploads", ()):
                    name = each["Key"]
                    if is_key(name.removeprefix(self.prefix)) and each["Initiated"] < before:
                        self.client.abort_multipart_upload(
                            Bucket=self.bucket, Key=name, UploadId=each["UploadId"]
                        )
                        removed += 1
        return removed

    def check(self) -> None:
        """Raise unless files could be stored now."""
        with _told():
            self.client.head_bucket(Bucket=self.bucket)

    def _name(self, key: str) -> str:
        return self.prefix + checked(key)


class _Ranged(io.RawIOBase):
    """An object as a file: each read is a request for just these bytes."""

    def __init__(self, store: S3Storage, name: str, size: int) -> None:
        self._store, self._name, self._size = store, name, size
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError("a place before the beginning of the file")
        self._place = start + offset
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: Any) -> int:
        wanted = min(len(buffer), self._size - self._place)
        if wanted <= 0:
            return 0
        block = self._store.part(self._name, self._place, wanted)
        buffer[: len(block)] = block
        self._place += len(block)
        return len(block)


def _open(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None


def _transfer() -> TransferConfig:
    """At most this many parts in memory and on their way."""
    config = TransferConfig(
        multipart_threshold=PART_BYTES,
        multipart_chunksize=PART_BYTES,
        max_concurrency=PARTS_AT_ONCE,
    )
    config.max_in_memory_upload_chunks = PARTS_AT_ONCE
    config.max_in_memory_download_chunks = PARTS_AT_ONCE
    return config


@contextmanager
def _told() -> Iterator[None]:
    """Whatever the protocol, the network or the settings do, in words for people."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _GONE_CODES:
            raise NotFound(GONE) from None
        log.error("storage_refused", extra={"code": code, "operation": error.operation_name})
        raise Unavailable(AWAY) from None
    except (BotoCoreError, Boto3Error, RetriesExceededError) as error:
        log.error("storage_unreachable", extra={"fault": type(error).__name__})
        raise Unavailable(AWAY) from None
