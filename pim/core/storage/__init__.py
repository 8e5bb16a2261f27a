"""Files people upload, in a folder or in S3. A key is ours, never a name somebody sent."""

from __future__ import annotations

from functools import lru_cache

from flask import Flask, current_app

from pim.config import Settings
from pim.core.storage.base import Readable, Storage, StoredFile, no_room
from pim.core.storage.local import LocalStorage

EXTENSION = "pim.storage"

__all__ = [
    "LocalStorage",
    "Readable",
    "Storage",
    "StoredFile",
    "init_app",
    "no_room",
    "storage",
    "storage_of",
]


def init_app(app: Flask, settings: Settings) -> None:
    """Make the storage the settings name known to the application."""
    app.extensions[EXTENSION] = storage_of(settings)


@lru_cache(maxsize=8)
def storage_of(settings: Settings) -> Storage:
    """The storage the settings name; nothing is connected yet."""
    if settings.storage_url is None:
        return LocalStorage(settings.files_dir.resolve())
    from pim.core.storage.s3 import S3Storage  # takes a while, and only those who use it need it

    return S3Storage(
        settings.storage_url,
        endpoint=settings.storage_endpoint,
        region=settings.storage_region,
        access_key=settings.storage_access_key,
        secret_key=settings.storage_secret_key,
    )


def storage() -> Storage:
    """The application's storage."""
    store: Storage = current_app.extensions[EXTENSION]
    return store
