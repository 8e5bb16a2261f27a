"""What an import says of itself while it rests or runs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pim.imports.models import ImportJob
from pim.imports.progress import progress_of

MOMENT = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def an_import(status: str, phase: str) -> ImportJob:
    return ImportJob(
        status=status,
        phase=phase,
        row_count=20,
        created_count=0,
        updated_count=0,
        unchanged_count=20,
        imported_count=20,
        superseded_count=0,
        failed_count=0,
        bytes_done=456,
        file_size=456,
        phase_seconds={},
        lease_token=1,
        worked_seconds=1.0,
        started_at=MOMENT,
        heartbeat_at=MOMENT,
        pace=[],
    )


def test_an_import_that_asks_says_so_and_doesnt_look_paused() -> None:
    assert progress_of(an_import("paused", "confirm_absent"), MOMENT).headline == (
        "Waiting for your answer"
    )
    assert progress_of(an_import("paused", "writing"), MOMENT).headline == "Paused"


@pytest.mark.parametrize(
    ("status", "phase"), [("paused", "confirm_absent"), ("importing", "deactivating")]
)
def test_what_follows_the_last_row_is_a_part_of_writing(status: str, phase: str) -> None:
    states = [part.state for part in progress_of(an_import(status, phase), MOMENT).phases]
    assert states == ["done", "done", "now", "todo"]
