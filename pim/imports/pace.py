"""How fast an import is just now: where it stood at its last signs of life.

The average of a whole run says little when a file's rows differ, or when another import runs beside
it for a while; people ask how long it takes from here. Kept as `[seconds worked, rows, bytes]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column

from pim.imports.models import ImportJob

KEPT = 8
Sample = Sequence[float]


def appended() -> ColumnElement[Any]:
    """The samples with where the import stands now, for an UPDATE."""
    rows = ImportJob.imported_count + ImportJob.superseded_count + ImportJob.failed_count
    here = func.jsonb_build_array(ImportJob.worked_seconds, rows, ImportJob.bytes_done)
    return func.jsonb_path_query_array(
        ImportJob.pace.op("||")(func.jsonb_build_array(here)),
        literal_column(f"'$[last-{KEPT - 1} to last]'"),
    )


def per_second(samples: Sequence[Sample], worked: float, done: float, *, of: int) -> float | None:
    """What was done a second since the oldest sample that counts; None when that can't be told.

    samples: oldest first. worked, done: where it stands now. of: 1 for rows, 2 for bytes. What
    came before a new beginning (a phase that starts from 0 again) doesn't count.
    """
    oldest: Sample | None = None
    for kept in reversed(samples):
        sample = [float(number) for number in kept]  # exact decimals, as they come from JSON
        if sample[of] > done or sample[0] > worked or (oldest and sample[of] > oldest[of]):
            break
        oldest = sample
    if oldest is None or worked - oldest[0] < 1 or done <= oldest[of]:
        return None
    return (done - oldest[of]) / (worked - oldest[0])
