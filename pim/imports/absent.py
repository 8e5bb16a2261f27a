"""Whether products that are not in a file may be deactivated, and the answer to being asked.

Much of the catalog is never deactivated on the quiet: above a threshold the import rests after its
last row and asks, unless a check has shown the number before, or the confirmation said so.
"""

from __future__ import annotations

from dataclasses import dataclass

from pim.core.errors import Conflict
from pim.imports import control
from pim.imports.lease import PAUSED
from pim.imports.mapping import options_from_dict
from pim.imports.models import ImportJob
from pim.imports.queries import get_import

ASK = "confirm_absent"


@dataclass(frozen=True, slots=True)
class Asked:
    """What an import asks: to deactivate `count` of `active` products.

    unseen: rows of the file whose SKU can't be read; their products are among the absent ones.
    """

    count: int
    active: int
    unseen: int
    threshold: int

    @property
    def percent(self) -> float:
        """The share of all active products."""
        return 100 * self.count / self.active if self.active else 0.0

    @property
    def much(self) -> bool:
        """Whether it is more than the threshold allows, or can't be known."""
        return bool(self.count) and (self.percent > self.threshold or self.unseen > 0)


def asked(job: ImportJob) -> Asked | None:
    """What an import that rests wants to know; None when it doesn't ask."""
    found = job.checkpoint.get("absent")
    if job.status != PAUSED or job.phase != ASK or not found:
        return None
    threshold = options_from_dict(job.options).absent_threshold
    return Asked(found["count"], found["active"], found["unseen"], threshold)


def foreseen(job: ImportJob) -> Asked | None:
    """What a check says of it; None when it wasn't asked for, or isn't known yet."""
    found = (job.check_result or {}).get("deactivate")
    threshold = options_from_dict(job.options).absent_threshold
    return None if found is None else Asked(**found, threshold=threshold)


def may_deactivate(job: ImportJob, count: int, active: int, unseen: int) -> bool:
    """Whether nobody needs to be asked."""
    options = options_from_dict(job.options)
    if options.absent_confirmed:
        return True
    if not Asked(count, active, unseen, options.absent_threshold).much:
        return True
    shown = foreseen(job)
    return shown is not None and count <= shown.count and unseen <= shown.unseen


def answer_absent(import_id: int, *, deactivate: bool) -> ImportJob:
    """Let an import that asks go on: deactivate what is not in the file, or keep it.

    Raises Conflict when it doesn't ask.
    """
    job = get_import(import_id, lock=True)
    if asked(job) is None:
        raise Conflict("This import doesn't ask anything.", code="not_asked")
    answer = {"absent_confirmed": True} if deactivate else {"absent": "keep"}
    job.options = {**job.options, **answer}
    job.phase = ""
    job.checkpoint = {name: kept for name, kept in job.checkpoint.items() if name != "absent"}
    return control.resume_import(import_id)
