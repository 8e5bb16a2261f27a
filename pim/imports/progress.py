"""How far an import is, in figures and words. Pure but for the import it looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pim.imports.models import ImportJob

RUNNING = ("pending", "importing")
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
    "syncing": "All rows are in; search is catching up",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """An import as people see it. rate: rows a second; seconds so far and still to go.

    parts: (count, what, tone) of every outcome there is.
    """

    headline: str
    running: bool
    processed: int
    total: int | None
    rate: float | None
    elapsed: float | None
    eta: float | None
    parts: Sequence[tuple[int, str, str]]


def issue_words(code: str) -> str:
    """What a kind of issue is called."""
    return ISSUE_WORDS.get(code, code.replace("_", " "))


def processed_rows(job: ImportJob) -> int:
    """Rows whose fate is known."""
    return int(job.imported_count + job.superseded_count + job.failed_count)


def rows_per_second(job: ImportJob, now: datetime) -> float | None:
    """Over the whole run so far; None before there is anything to divide."""
    seconds = _elapsed(job, now)
    done = processed_rows(job)
    return done / seconds if seconds and done else None


def eta_seconds(job: ImportJob, now: datetime) -> float | None:
    """What the rows that are left will take at this rate; None when that can't be told."""
    rate = rows_per_second(job, now)
    if job.status != "importing" or job.row_count is None or not rate:
        return None
    return max(0, job.row_count - processed_rows(job)) / rate


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
        rate=rows_per_second(job, now),
        elapsed=_elapsed(job, now),
        eta=eta_seconds(job, now),
        parts=[part for part in (*outcomes, _not_reached(job)) if part[0]],
    )


def _not_reached(job: ImportJob) -> tuple[int, str, str]:
    """Rows that an import which ended early didn't come to."""
    ended = job.status in ("failed", "cancelled") and job.row_count is not None
    left = max(0, (job.row_count or 0) - processed_rows(job)) if ended else 0
    return left, "not reached", "track"


def _headline(job: ImportJob) -> str:
    if job.status == "importing":
        return _HEADLINES.get(job.phase, "Starting")
    return {
        "pending": "Waiting for a worker",
        "done": "Done",
        "failed": "Stopped",
        "cancelled": "Cancelled",
    }.get(job.status, job.status)


def _elapsed(job: ImportJob, now: datetime) -> float | None:
    if job.started_at is None:
        return None
    return max(0.001, ((job.finished_at or now) - job.started_at).total_seconds())
