"""How far an import is, in figures and words. Pure but for the import it looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pim.imports import pace
from pim.imports.models import ImportJob

RUNNING = ("pending", "importing", "checking")
STATE_WORDS = {
    "mapping": ("to be mapped", "warn"),
    "pending": ("waiting", ""),
    "checking": ("checking", ""),
    "importing": ("importing", "ai"),
    "paused": ("paused", "warn"),
    "done": ("done", "ok"),
    "failed": ("failed", "bad"),
    "cancelled": ("cancelled", ""),
}
ISSUE_WORDS = {
    "superseded": "replaced by a later row",
    "no_sku": "no SKU",
    "required": "a required value is missing",
    "no_such_product": "no such product",
    "too_many_cells": "too many cells",
    "too_few_cells": "too few cells",
    "nul_byte": "a character that can't be stored",
    "bad_encoding": "bytes outside the encoding",
    "unclosed_quote": "a quote is never closed",
    "value_too_long": "a value is endless",
    "too_long": "too long",
    "not_a_price": "not a price",
    "no_amount": "a price without an amount",
    "negative_price": "a price below zero",
    "not_a_number": "not a number",
    "number_with_unit": "a number with a unit",
    "number_too_long": "a number with too many digits",
    "ambiguous_number": "a number with two readings",
    "not_a_boolean": "neither yes nor no",
    "not_a_url": "not a web address",
    "url_without_scheme": "a web address without https://",
    "several_urls": "several web addresses in one cell",
    "not_a_list": "not a list",
    "bad_json": "a list that isn't JSON",
    "text_too_long": "a text that is too long",
    "unknown_currency": "an unknown currency",
    "ambiguous_currency": "a currency sign with several meanings",
    "two_currencies": "two currencies",
    "no_currency": "an amount without a currency",
    "unknown_locale": "an unknown locale",
}
_HEADLINES = {
    "counting": "Looking for SKUs that come more than once",
    "writing": "Importing",
    "deactivating": "Deactivating products that are not in the file",
    "syncing": "All rows are in; search is catching up",
}
PHASES = {
    "waiting": "Waiting for a worker",
    "counting": "Counting rows, finding repeated SKUs",
    "writing": "Writing to the catalog",
    "syncing": "Search catching up",
}
# A worker that is alive is heard of every two seconds; after so many it may be gone.
QUIET_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of an import. state: `done`, `now` or `todo`; seconds: None when not measured."""

    label: str
    state: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Progress:
    """An import as people see it. rate: rows a second; seconds so far and still to go.

    bytes_done, total_bytes: of the file in the phase it is in. parts: (count, what, tone) of every
    outcome there is. quiet_for: seconds since the worker was last heard of, when that is long.
    """

    headline: str
    running: bool
    processed: int
    total: int | None
    bytes_done: int
    total_bytes: int
    rate: float | None
    elapsed: float | None
    eta: float | None
    parts: Sequence[tuple[int, str, str]]
    phases: Sequence[Phase] = ()
    quiet_for: float | None = None
    resumed: bool = False

    @property
    def share(self) -> float | None:
        """How much of it is done, by rows where they are counted, else by bytes; 0 to 1."""
        if self.total and self.processed:
            return min(1.0, self.processed / self.total)
        if self.total_bytes and self.bytes_done:
            return min(1.0, self.bytes_done / self.total_bytes)
        return None


def issue_words(code: str) -> str:
    """What a kind of issue is called."""
    return ISSUE_WORDS.get(code, code.replace("_", " "))


def processed_rows(job: ImportJob) -> int:
    """Rows whose fate is known."""
    return int(job.imported_count + job.superseded_count + job.failed_count)


def rows_per_second(job: ImportJob, now: datetime) -> float | None:
    """Of the last seconds while it runs, over the whole run afterwards; None when unknown."""
    elapsed, done = elapsed_seconds(job, now), processed_rows(job)
    if job.status == "importing" and job.phase == "writing" and elapsed:
        recent = pace.per_second(job.pace, elapsed, done, of=1)
        if recent:
            return recent
    return done / elapsed if elapsed and done else None


def eta_seconds(job: ImportJob, now: datetime) -> float | None:
    """What is left will take at this rate, in seconds; None when that can't be told."""
    if job.status not in ("importing", "checking") or job.phase == "syncing":
        return None
    rate = rows_per_second(job, now)
    if job.phase == "writing" and job.row_count is not None and rate:
        return max(0, job.row_count - processed_rows(job)) / rate
    elapsed = elapsed_seconds(job, now) or 0.0
    speed = pace.per_second(job.pace, elapsed, job.bytes_done, of=2)
    return max(0, job.file_size - job.bytes_done) / speed if speed else None


def elapsed_seconds(job: ImportJob, now: datetime) -> float | None:
    """How long it was worked on so far, without the time it was paused or waited."""
    if job.started_at is None:
        return None
    if job.finished_at is not None and not job.worked_seconds:
        return max(0.001, (job.finished_at - job.started_at).total_seconds())
    since = 0.0
    if job.status in ("importing", "checking") and job.heartbeat_at is not None:
        since = max(0.0, (now - job.heartbeat_at).total_seconds())
        if job.phase != "syncing":
            since = min(since, QUIET_SECONDS)  # nobody works any more where nobody is heard of
    return max(0.001, job.worked_seconds + since)


def progress_of(job: ImportJob, now: datetime) -> Progress:
    """All of it for the page."""
    outcomes = (
        (job.created_count, "new", "ok"),
        (job.updated_count, "updated", "accent"),
        (job.unchanged_count, "unchanged", "quiet"),
        (job.superseded_count, "replaced by a later row", "warn"),
        (job.failed_count, "with errors", "bad"),
    )
    return Progress(
        headline=_headline(job),
        running=job.status in RUNNING,
        processed=processed_rows(job),
        total=job.row_count,
        bytes_done=min(job.bytes_done, job.file_size),
        total_bytes=job.file_size,
        rate=rows_per_second(job, now),
        elapsed=elapsed_seconds(job, now),
        eta=eta_seconds(job, now),
        parts=[part for part in (*outcomes, _not_reached(job)) if part[0]],
        phases=_phases(job),
        quiet_for=_quiet_for(job, now),
        resumed=job.lease_token > 1 and job.status in RUNNING,
    )


def _phases(job: ImportJob) -> list[Phase]:
    """The parts of an import in their order, and which of them it is in."""
    names = list(PHASES)
    ended = job.status in ("done", "failed", "cancelled")
    at = {"pending": "waiting", "importing": job.phase or "waiting", "done": ""}.get(job.status)
    if at is None:
        at = job.phase
    if at in ("deactivating", "confirm_absent"):
        at = "writing"
    place = names.index(at) if at in names else (len(names) if job.status == "done" else -1)
    return [
        Phase(
            PHASES[name],
            "done" if number < place else "now" if number == place and not ended else "todo",
            _seconds(job, name),
        )
        for number, name in enumerate(names)
    ]


def _seconds(job: ImportJob, phase: str) -> float | None:
    found = job.phase_seconds.get(phase)
    return None if found is None else float(found)


def _quiet_for(job: ImportJob, now: datetime) -> float | None:
    if job.status not in ("importing", "checking") or job.phase == "syncing":
        return None
    if job.heartbeat_at is None:
        return None
    quiet = (now - job.heartbeat_at).total_seconds()
    return quiet if quiet > QUIET_SECONDS else None


def _not_reached(job: ImportJob) -> tuple[int, str, str]:
    """Rows that an import which ended early didn't come to."""
    ended = job.status in ("failed", "cancelled") and job.row_count is not None
    left = max(0, (job.row_count or 0) - processed_rows(job)) if ended else 0
    return left, "not reached", "track"


def _headline(job: ImportJob) -> str:
    if job.status == "importing":
        return _HEADLINES.get(job.phase, "Starting")
    if job.status == "paused" and job.phase == "confirm_absent":
        return "Waiting for your answer"
    if job.status == "pending" and job.lease_token:
        return "Waiting for its turn to go on"
    return {
        "pending": "Waiting for a worker",
        "checking": "Checking",
        "paused": "Paused",
        "done": "Done",
        "failed": "Stopped",
        "cancelled": "Cancelled",
    }.get(job.status, job.status)
