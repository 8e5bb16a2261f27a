"""The page of an import that was confirmed: how far it is, what it came to, what can be done."""

from __future__ import annotations

from flask import Response

from pim.core.clock import now
from pim.identity.access import can
from pim.imports import absent, advice, control, pages, queries, retention, undoing
from pim.imports.models import ImportJob
from pim.imports.progress import issue_words, progress_of
from pim.imports.readers.registry import READERS
from pim.web.htmx import render


def progress_page(job: ImportJob) -> Response:
    """The page, or for htmx its block, which asks for itself again as long as something runs."""
    moment = now()
    progress = progress_of(job, moment)
    unfinished = progress.running or job.status == "paused"
    waited = (moment - (job.heartbeat_at or job.created_at)).total_seconds()
    return render(
        "imports/progress.html",
        block="progress",
        job=job,
        progress=progress,
        every=_asks_every(job, running=progress.running),
        waiting=advice.why_it_waits(job, waited),
        advice=advice.what_to_do(job),
        may_go_on=job.status == "paused" or advice.can_go_on(job),
        is_check=control.is_check(job),
        asked=absent.asked(job),
        undo=undoing.as_told(job),
        undo_by=pages.who_undid(job),
        may_undo=undoing.why_not(job) is None,
        may_redo=undoing.why_not(job, redo=True) is None,
        sent_by=pages.who_sent(job),
        kept=retention.kept_words(job),
        counts_word=READERS[job.format].counts,
        issues=() if unfinished else pages.issues_shown(job),
        issues_shown=pages.ISSUES_SHOWN,
        counts=[] if unfinished else queries.issue_counts(job.id),
        issue_words=issue_words,
        may_run=can("import.run"),
    )


def _asks_every(job: ImportJob, *, running: bool) -> str:
    """How often the page looks again; "" when nothing will happen by itself."""
    if running or undoing.is_undoing(job):
        return "1s"
    return "5s" if job.status == "paused" else ""
