"""kill -9 of any part at any moment of an import: it reaches done by itself, with the same result.

FAULT_MOMENTS says how many random moments each part is killed at, FAULT_ROWS how many rows the
file has. `FAULT_MOMENTS=20 FAULT_ROWS=100000 pytest tests/faults/test_imports.py -n0 -s` is the
whole matrix; it takes about half an hour and prints what it measured.
"""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.faults.imports import PARTS, Outcome, Sender, new_senders, write_catalog
from tests.faults.installation import Installation, wait_for

MOMENTS = int(os.environ.get("FAULT_MOMENTS", "1"))
ROWS = int(os.environ.get("FAULT_ROWS", "20000"))
SEED = int(os.environ.get("FAULT_SEED", str(random.SystemRandom().randrange(10**6))))
RECOVERED_SECONDS = 60.0


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("catalog") / "faults.csv"
    write_catalog(path, ROWS)
    return path


def _name(part: str, moment: int) -> str:
    return f"{part.rpartition(' ')[2].lower()}-{moment}"


@pytest.fixture(scope="module")
def senders(installation: Installation) -> dict[str, Sender]:
    """One for each import, by the name of its tenant."""
    installation.start_unless_running()
    names = [_name(part, moment) for part in PARTS for moment in range(MOMENTS)]
    return {sender.slug: sender for sender in new_senders(installation, ["unkilled", *names])}


@pytest.fixture(scope="module")
def unkilled(senders: dict[str, Sender], catalog: Path) -> Outcome:
    sender = senders["unkilled"]
    outcome = sender.finish(sender.begin(catalog), 300)
    assert sum(outcome.counts.values()) == 2 * outcome.counts["row_count"]
    assert outcome.counts["failed_count"] > 0 < outcome.counts["superseded_count"]
    assert sender.stores_are_equal()
    return outcome


@pytest.mark.parametrize("part", PARTS)
def test_an_import_survives_the_death_of(
    part: str, senders: dict[str, Sender], catalog: Path, unkilled: Outcome
) -> None:
    rnd = random.Random(f"{SEED} {part}")
    slowest = 0.0
    for sender in (senders[_name(part, moment)] for moment in range(MOMENTS)):
        moment = rnd.uniform(0, unkilled.seconds)
        outcome = _killed_at(moment, part, sender, catalog)
        slowest = max(slowest, outcome.seconds)
        said = f"seed {SEED}, {part} killed after {moment:.2f} s"
        assert outcome.counts == unkilled.counts, said
        assert outcome.errors == unkilled.errors, said
        assert sender.product_count() == unkilled.counts["created_count"], said
        assert sender.stores_are_equal(), said
    print(
        f"{part}: killed at {MOMENTS} moments, done at most {slowest:.1f} s later "
        f"(unkilled {unkilled.seconds:.1f} s in all)"
    )


def _killed_at(moment: float, part: str, sender: Sender, catalog: Path) -> Outcome:
    """The outcome of an import during which a part dies; its seconds are those since then."""
    installation = sender.installation
    job = sender.begin(catalog)
    time.sleep(moment)
    victims = PARTS[part](installation)
    for victim in victims:
        with suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    outcome = sender.finish(job, RECOVERED_SECONDS + 30)
    assert outcome.seconds < RECOVERED_SECONDS, f"{part} killed after {moment:.2f} s"
    wait_for(installation.answers, "an answer of everything")
    return outcome
