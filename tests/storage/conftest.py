"""One local S3 server for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pim.core.storage.s3 import S3Storage
from tests.factories.s3 import S3Server, make_storage, s3_server


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    with s3_server() as server:
        yield server


@pytest.fixture
def store(s3: S3Server) -> S3Storage:
    """A storage in a bucket of this test alone."""
    return make_storage(s3)
