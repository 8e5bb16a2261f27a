"""Brings a confirmed import into the catalog: read beside writing, chunk by chunk, resumable.

First, which rows count (the last of each SKU); then the chunks; at last, a look whether ClickHouse
has them too. Reading and converting happen in a thread of their own while PostgreSQL writes the
chunk before. Each chunk is one transaction with its change set, its report, the counts
and the place to read on: kill -9 at any moment loses nothing and repeats nothing.
"""

from __future__ import annotations

from functools import partial

from pim.core import settings
from pim.core.clock import now
from pim.core.db import transaction
from pim.core.dberrors import retrying
from pim.imports.absent_run import settle_absent
from pim.imports.ahead import Ahead
from pim.imports.chunks import Chunk, Chunker, Issue
from pim.imports.finish import finish_if_synced
from pim.imports.issues import TOLD_KEPT, keep_issues
from pim.imports.keys import LastRows
from pim.imports.known import catalog_look_up, row_hasher
from pim.imports.lease import Lease, LeaseLost, hold, still_held
from pim.imports.models import ImportJob
from pim.imports.plan import Plan, VocabularyChanged, count_rows, opened_plan, reading, rules_now
from pim.imports.queries import get_import
from pim.imports.rows import RowCompiler
from pim.imports.settle import no_such_product, settle_conditional
from pim.imports.working import Stopped, work_on
from pim.products import write
from pim.products.changes import ChangeSetMeta, WriteResult
from pim.schema.queries import current_vocabulary
from pim.schema.types import shown


def run_import(tenant_id: int, import_id: int) -> bool:
    """Work on an import until it is done, failed, cancelled, or somebody else's."""
    return work_on(tenant_id, import_id, _work)


def _work(lease: Lease) -> None:
    while not _bring(lease):
        pass
    with transaction():
        finish_if_synced(lease.import_id)  # if not yet, whoever brings the rest to ClickHouse does


def _bring(lease: Lease) -> bool:
    """Write the rows that are left; False when the schema changed on the way."""
    with opened_plan(lease) as plan:
        if plan.checkpoint.get("complete"):
            return True
        try:
            _write_chunks(plan, count_rows(plan, next_phase="writing"))
        except VocabularyChanged:
            return False
    return True


def _write_chunks(plan: Plan, last_rows: LastRows) -> None:
    with transaction():
        vocabulary = current_vocabulary()
    rules = rules_now(plan.rules, vocabulary)
    compiler = RowCompiler(plan.headers, rules, plan.options, vocabulary)
    chunker = Chunker(
        plan.headers,
        compiler,
        last_rows,
        on_error=plan.options.on_error,
        chunk_rows=settings().import_chunk_rows,
        after_line=plan.checkpoint.get("line", 0),
        issues_kept=TOLD_KEPT - plan.checkpoint.get("issues", 0),
        counts=plan.counts,
        keep_rows=plan.options.mode == "update_only",
        row_hash=row_hasher(plan.headers, rules, plan.options, vocabulary),
        look_up=catalog_look_up(creates=plan.options.mode != "update_only"),
    )
    with plan.phases.timed("writing"), reading(plan) as reader:
        read = plan.phases.each("reading", chunker.chunks(reader.batches()))
        with Ahead(read) as chunks:
            for chunk in chunks:
                with plan.phases.timed("storing"):
                    retrying(partial(_write_chunk, plan, chunk, vocabulary.version))
                if chunk.stopped:
                    raise Stopped(_why_stopped(chunk.stopped, plan.counts))
        settle_absent(plan)
    with transaction():
        job = get_import(plan.lease.import_id)
        hold(
            plan.lease,
            phase="syncing",
            bytes_done=plan.source.size,
            phase_seconds=plan.phases.rounded(),
            checkpoint=job.checkpoint | {"complete": True, "written_at": now().isoformat()},
        )


def _write_chunk(plan: Plan, chunk: Chunk, vocabulary_version: int) -> None:
    """One chunk with everything that belongs to it, or nothing."""
    with transaction():
        if not still_held(plan.lease):
            raise LeaseLost
        if current_vocabulary(hold=True).version != vocabulary_version:
            raise VocabularyChanged
        issues = list(chunk.issues)
        blocks, failed = settle_conditional(chunk, issues)
        failed += chunk.failed
        update_only = plan.options.mode == "update_only"
        result = WriteResult(0)
        if blocks or chunk.new_blocks:
            result = write.write_staged(
                _meta(plan, failed),
                (block.encode() for block in blocks),
                new_blocks=(block.encode() for block in chunk.new_blocks),
                mode=plan.options.mode,
                different=True,  # the last row of each SKU is all that a chunk has
                with_outcomes=update_only,
            )
        if update_only:
            failed += _tell_missing(result, chunk, issues)
        unchanged = result.unchanged + chunk.same + (0 if update_only else result.skipped)
        superseded = chunk.superseded + result.superseded
        told = keep_issues(plan.lease.import_id, issues)
        imported = result.created + result.updated + unchanged
        hold(
            plan.lease,
            imported_count=ImportJob.imported_count + imported,
            created_count=ImportJob.created_count + result.created,
            updated_count=ImportJob.updated_count + result.updated,
            unchanged_count=ImportJob.unchanged_count + unchanged,
            superseded_count=ImportJob.superseded_count + superseded,
            failed_count=ImportJob.failed_count + failed,
            bytes_done=chunk.end_byte,
            phase_seconds=plan.phases.rounded(),
            checkpoint={
                "line": chunk.end_line,
                "byte": chunk.end_byte,
                "issues": plan.checkpoint.get("issues", 0) + told,
            },
        )
    plan.checkpoint["issues"] = plan.checkpoint.get("issues", 0) + told


def _meta(plan: Plan, failed: int) -> ChangeSetMeta:
    return ChangeSetMeta(
        source="import",
        reason=plan.filename,
        actor_user_id=plan.user_id,
        actor_api_key_id=plan.api_key_id,
        import_id=plan.lease.import_id,
        failed_count=failed,
    )


def _tell_missing(result: WriteResult, chunk: Chunk, issues: list[Issue]) -> int:
    """With update_only, rows whose product isn't there have failed."""
    missing = [
        no_such_product(chunk.line_of[row_no], chunk.row_of[row_no])
        for row_no, outcome in enumerate(result.outcomes)
        if outcome.status == "skipped"
    ]
    issues += missing
    return len(missing)


def _why_stopped(issue: Issue, counts: str) -> str:
    where = f" in {shown(issue.column)}" if issue.column else ""
    return f"Stopped at {counts} {issue.line:,}{where}, as you chose: {issue.message}"
