"""One installation for all that is killed here: starting one takes longer than most tests."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.faults.installation import Installation

# A single moment shows the way back; how long the silence before it is, only the matrix does.
_IMPATIENT = {"SEGMENT_QUERY_SECONDS": "1", "IMPORT_STALLED_SECONDS": "5"}
if os.environ.get("FAULT_MOMENTS", "1") != "1":
    del _IMPATIENT["IMPORT_STALLED_SECONDS"]


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """It may be running or not: tests start it, stop it and kill it."""
    made = Installation(_IMPATIENT)
    yield made
    made.remove()


@pytest.fixture
def running(installation: Installation) -> Installation:
    """The same, started if need be."""
    installation.start_unless_running()
    return installation
