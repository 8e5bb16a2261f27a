"""Looks what an import would come to: all of the run but the writing.

It reads the file as the run does, with the same plan, rows and chunks, and compares each chunk
with the products there are. Nothing but the import's own rows is written. Each chunk's findings
are committed with the place to read on, so a check that was killed goes on where it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sqlalchemy import update

from pim.core import settings
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.dberrors import retrying
from pim.core.tenancy import current_tenant_id
from pim.imports import service
from pim.imports.absent_run import find_absent
from pim.imports.ahead import Ahead
from pim.imports.checked import MAPPING, keep_cells, shown_products
from pim.imports.chunks import Chunk, Chunker
from pim.imports.findings import SAMPLES, Findings
from pim.imports.keys import LastRows
from pim.imports.known import catalog_look_up, row_hasher
from pim.imports.lease import CHECKING, Lease, LeaseLost, hold, still_held
from pim.imports.mapping import parse_confirmation
from pim.imports.models import ImportJob
from pim.imports.plan import Plan, count_rows, opened_plan, reading, rules_now
from pim.imports.queries import get_import
from pim.imports.rows import RowCompiler
from pim.imports.settle import no_such_product, settle_conditional
from pim.imports.working import work_on
from pim.products import preview
from pim.schema.fields import Vocabulary
from pim.schema.queries import current_vocabulary

EVERY_ISSUE = 1 << 62


@dataclass(slots=True)
class Checking:
    """A check while a worker is at it. kept: what else the import keeps of it."""

    plan: Plan
    vocabulary: Vocabulary
    findings: Findings
    kept: dict[str, object]

    def result(self, **more: object) -> dict[str, object]:
        """What the import keeps."""
        return self.kept | self.findings.as_dict() | more


def run_check(tenant_id: int, import_id: int) -> bool:
    """Work on the check of an import until it is done, stopped, or somebody else's."""
    return work_on(tenant_id, import_id, _check, CHECKING)


def _check(lease: Lease) -> None:
    with opened_plan(lease) as plan:
        checking = _begin(plan)
        if not plan.checkpoint.get("complete"):
            _look_at_chunks(checking, count_rows(plan, next_phase="checking"))
        _finish(checking, _absent(checking))


def _begin(plan: Plan) -> Checking:
    """What was checked so far, and the vocabulary as the confirmation would make it."""
    with transaction():
        job = get_import(plan.lease.import_id)
        kept = dict(job.check_result or {})
        wanted = parse_confirmation(
            kept["body"], job.headers, current_vocabulary(), service.notations_of(job)
        )
    findings = Findings.from_dict(kept)
    return Checking(plan, wanted.vocabulary, findings, kept)


def _look_at_chunks(checking: Checking, last_rows: LastRows) -> None:
    plan = checking.plan
    rules = rules_now(plan.rules, checking.vocabulary)
    chunker = Chunker(
        plan.headers,
        RowCompiler(plan.headers, rules, plan.options, checking.vocabulary),
        last_rows,
        on_error=plan.options.on_error,
        chunk_rows=settings().import_chunk_rows,
        after_line=plan.checkpoint.get("line", 0),
        issues_kept=EVERY_ISSUE,
        counts=plan.counts,
        keep_raw=False,
        new_kept=max(0, shown_products(len(rules))[0] - checking.findings.created),
        row_hash=row_hasher(plan.headers, rules, plan.options, checking.vocabulary),
        look_up=catalog_look_up(creates=plan.options.mode != "update_only"),
    )
    with reading(plan) as reader, Ahead(chunker.chunks(reader.batches())) as chunks:
        for chunk in chunks:
            checking.findings = retrying(partial(_look_at_chunk, checking, chunk))
            if chunk.stopped:
                return


def _look_at_chunk(checking: Checking, chunk: Chunk) -> Findings:
    """One chunk's findings with those so far, kept; nothing of a chunk that is tried again."""
    plan = checking.plan
    findings = Findings.from_dict(checking.findings.as_dict())
    with transaction():
        if not still_held(plan.lease):
            raise LeaseLost
        issues = list(chunk.issues)
        blocks, failed = settle_conditional(chunk, issues)
        findings.failed += failed + chunk.failed
        findings.superseded += chunk.superseded
        findings.unchanged += chunk.same
        issues.sort(key=lambda issue: issue.line)
        findings.add_issues(issues, plan.headers)
        if blocks or chunk.new:
            _compare(plan, chunk, blocks, findings)
        if chunk.stopped:
            findings.stopped = chunk.stopped.message
        hold(
            plan.lease,
            bytes_done=chunk.end_byte,
            checkpoint={
                "line": chunk.end_line,
                "byte": chunk.end_byte,
                "complete": bool(chunk.stopped),
            },
            check_result=checking.kept | findings.as_dict(),
        )
    return findings


def _compare(plan: Plan, chunk: Chunk, blocks: list[str], findings: Findings) -> None:
    """Compare rows with products; the first cells that would change are kept.

    Rows whose products aren't there need no comparing, but for those that are shown.
    """
    most_created, most_updated = shown_products(len(plan.rules))
    room = max(0, most_created - findings.created)
    new = _first_lines(chunk.new_blocks, room)
    found = preview.preview_staged(
        (block.encode() for block in [*blocks, *new]),
        mode=plan.options.mode,
        most_created=room,
        most_updated=max(0, most_updated - findings.updated),
        most_missing=SAMPLES,
    )
    if (found.created and findings.created < most_created) or (
        found.updated and findings.updated < most_updated
    ):
        keep_cells(plan.lease.import_id, preview.CELLS, chunk.line_of)
    findings.created += chunk.new - len(new) + found.created
    findings.updated += found.updated
    findings.unchanged += found.unchanged
    findings.failed += found.missing
    findings.add_fields(found.fields)
    samples = [no_such_product(chunk.line_of[row_no]) for row_no in found.first_missing]
    if samples:
        findings.add_count(samples[0], found.missing, samples)


def _absent(checking: Checking) -> dict[str, int] | None:
    """How many products would be deactivated; None when none are to be."""
    if checking.plan.options.absent != "deactivate" or checking.findings.stopped:
        return None
    found = find_absent(checking.plan, "checking")
    return {"count": len(found.ids), "active": found.active, "unseen": found.unseen}


def _first_lines(blocks: list[str], most: int) -> list[str]:
    """The first rows of COPY text, in which a line break never stands for anything else."""
    lines: list[str] = []
    for block in blocks:
        if len(lines) >= most:
            break
        lines += [line + "\n" for line in block.split("\n")[:-1]]
    return lines[:most]


def _finish(checking: Checking, absent: dict[str, int] | None) -> None:
    """The import waits for its mapping again, now with what was found."""
    lease = checking.plan.lease
    with transaction():
        job = get_import(lease.import_id)
        seconds = (now() - job.started_at).total_seconds() if job.started_at else 0
        at = now().isoformat()
        hold(
            lease,
            status=MAPPING,
            phase="",
            bytes_done=0,
            checkpoint={},
            started_at=None,
            check_result=checking.result(
                state="done", done_at=at, seconds=round(seconds, 2), deactivate=absent
            ),
        )
        _forget_time(lease.import_id)


def _forget_time(import_id: int) -> None:
    """The import's own time begins when it is confirmed."""
    db.session.execute(
        update(ImportJob)
        .where(ImportJob.tenant_id == current_tenant_id(), ImportJob.id == import_id)
        .values(worked_seconds=0, phase_seconds={}, heartbeat_at=None)
    )
