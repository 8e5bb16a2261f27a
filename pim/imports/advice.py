"""What to do next, in words: for an import that failed, and for one that nobody takes up."""

from __future__ import annotations

from dataclasses import dataclass

from redis.exceptions import RedisError

from pim.imports import turns
from pim.imports.models import ImportJob

# A worker that is free takes an import up at once.
PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """Why an import still waits. nobody: no worker is alive, so somebody has to start one."""

    text: str
    nobody: bool


def why_it_waits(job: ImportJob, seconds: float) -> Waiting | None:
    """What keeps an import waiting, once that takes longer than it should."""
    if job.status != "pending" or seconds < PATIENCE_SECONDS:
        return None
    try:
        alive, free = turns.workers()
    except RedisError:
        return Waiting(
            "The queue of jobs doesn't answer. The import begins by itself once it is back.", True
        )
    if not alive:
        return Waiting(
            "No worker has taken this up yet, and none is running. Whoever operates PIM has to "
            "start one (pim worker); nothing is lost until then.",
            True,
        )
    if free:
        return Waiting("A worker is about to take this up.", False)
    before = turns.place_of(job.id)
    who = "The worker is busy" if alive == 1 else f"All {alive} workers are busy"
    others = "this is next" if not before else f"{before:,} more wait before it"
    return Waiting(f"{who} with other imports; {others}.", False)


def what_to_do(job: ImportJob) -> str:
    """What helps an import that failed, as one or two sentences; "" when none is known."""
    if job.status != "failed":
        return ""
    error = job.error or ""
    there = job.created_count + job.updated_count
    kept = "Rows before that are in the catalog; they count as unchanged when they come again. "
    if can_go_on(job):
        return "Let it go on from there. If it stops again, tell whoever operates PIM."
    if error.startswith("Stopped at"):
        correct = "Correct that row in your file and upload it again, or choose to skip such rows."
        return (kept if there else "") + correct
    if "no longer there" in error or "not in the schema" in error or "other columns" in error:
        return (kept if there else "") + "Upload the file again; its columns are remembered."
    return (kept if there else "") + "Look at the file, correct it there, and upload it again."


def can_go_on(job: ImportJob) -> bool:
    """Whether a failed import may be tried again where it stopped: it was our fault, not its."""
    return job.status == "failed" and bool(job.checkpoint.get("tries")) and bool(job.storage_key)
