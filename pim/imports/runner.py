"""Brings a confirmed import into the catalog: read beside writing, chunk by chunk, resumable.

First, which rows count (the last of each SKU); then the chunks; at last, a look whether ClickHouse
has them too. Reading and converting happen in a thread of their own while PostgreSQL writes the
chunk before. Each chunk is one transaction with its change set, its report, the counts
and the place to read on: kill -9 at any moment loses nothing and repeats nothing.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import insert

from pim.core import settings
from pim.core.clock import now
from pim.core.db import db, transaction
from pim.core.dberrors import retrying
from pim.core.errors import DomainError, Invalid, NotFound
from pim.core.storage import storage
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.imports.ahead import Ahead
from pim.imports.chunks import Chunk, Chunker, Issue
from pim.imports.finish import finish_if_synced
from pim.imports.keys import LastRows, find_last_rows
from pim.imports.lease import Lease, LeaseLost, hold, still_held, take_lease
from pim.imports.mapping import ColumnRule, Options, options_from_dict, rules_from_dict
from pim.imports.models import ImportIssue, ImportJob
from pim.imports.queries import get_import
from pim.imports.readers.base import Dialect, FileProblem, Reader, Source
from pim.imports.readers.registry import READERS
from pim.imports.rows import RowCompiler
from pim.imports.suggestion import SKU, type_of
from pim.products import write
from pim.products.changes import ChangeSetMeta, WriteResult
from pim.products.queries import existing_sku_keys
from pim.schema.fields import Vocabulary
from pim.schema.queries import current_vocabulary
from pim.schema.types import shown

log = logging.getLogger(__name__)

ISSUES_KEPT = 10_000
TRIES_WITHOUT_PROGRESS = 3
BEAT_SECONDS = 3.0


class Stopped(Exception):
    """The import ends here for a reason the user can do something about."""


class VocabularyChanged(Exception):
    """The schema changed since the rules were prepared: prepare them again and go on."""


@dataclass(frozen=True, slots=True)
class Plan:
    """All that is known of an import when a worker begins or resumes it."""

    lease: Lease
    source: Source
    filename: str
    dialect: Dialect
    rules: tuple[ColumnRule, ...]
    options: Options
    headers: tuple[str, ...]
    checkpoint: dict[str, Any]
    user_id: int | None
    api_key_id: int | None

    @property
    def counts(self) -> str:
        """What its lines are: lines, rows of a sheet, records."""
        return READERS[self.dialect.format].counts


def run_import(tenant_id: int, import_id: int) -> None:
    """Work on an import until it is done, failed, cancelled, or somebody else's."""
    with tenant_scope(tenant_id):
        lease = take_lease(import_id)
        if lease is None:
            return
        try:
            _work(lease)
        except LeaseLost:
            log.info("import_lease_lost", extra={"import_id": import_id})
        except (Stopped, FileProblem, Invalid, NotFound) as problem:
            _fail(lease, str(getattr(problem, "message", problem)))
        except Exception as error:
            log.exception("import_interrupted", extra={"import_id": import_id})
            db.session.rollback()
            if not _give_up(lease, error):
                raise  # a tick finds it silent and resumes it after the last chunk


def _work(lease: Lease) -> None:
    while True:
        with transaction():
            plan = _plan(lease)
        if plan.checkpoint.get("complete"):
            break
        last_rows = _count_first(plan)
        try:
            _write_chunks(plan, last_rows)
            break
        except VocabularyChanged:
            continue
    with transaction():
        finish_if_synced(lease.import_id)  # if not yet, whoever brings the rest to ClickHouse does


def _plan(lease: Lease) -> Plan:
    job = get_import(lease.import_id)
    if not job.storage_key:
        raise Stopped("The uploaded file is no longer there. Upload it again.")
    path = storage().path(job.storage_key)
    if not path.exists():
        raise Stopped("The uploaded file is no longer there. Upload it again.")
    return Plan(
        lease=lease,
        source=Source(job.filename, job.file_size, lambda: path.open("rb")),
        filename=job.filename,
        dialect=Dialect.from_dict(job.dialect),
        rules=rules_from_dict(job.mapping),
        options=options_from_dict(job.options),
        headers=tuple(job.headers),
        checkpoint=dict(job.checkpoint),
        user_id=job.created_by_id,
        api_key_id=job.created_by_api_key_id,
    )


@contextmanager
def _reader(plan: Plan) -> Iterator[Reader]:
    reader = READERS[plan.dialect.format].open(plan.source, plan.dialect)
    with closing(reader):
        if tuple(reader.headers) != plan.headers:
            raise Stopped("The file has other columns than when it was mapped. Upload it again.")
        yield reader


def _count_first(plan: Plan) -> LastRows:
    """Know, before anything is written, how many rows there are and which of them count."""
    known, beaten = LastRows(), time.monotonic()
    sku = next(rule.column for rule in plan.rules if rule.target == SKU)
    with _reader(plan) as reader:
        place = reader.headers.index(sku)
        for done, last_rows in find_last_rows(reader.batches(), place, plan.source.size):
            known = last_rows
            if time.monotonic() - beaten > BEAT_SECONDS:
                beaten = time.monotonic()
                with transaction():
                    hold(plan.lease, phase="counting", bytes_done=done)
    with transaction():
        hold(plan.lease, phase="writing", row_count=known.records)
    return known


def _write_chunks(plan: Plan, last_rows: LastRows) -> None:
    with transaction():
        vocabulary = current_vocabulary()
    rules = _rules_now(plan.rules, vocabulary)
    compiler = RowCompiler(plan.headers, rules, plan.options, vocabulary)
    chunker = Chunker(
        plan.headers,
        compiler,
        last_rows,
        on_error=plan.options.on_error,
        chunk_rows=settings().import_chunk_rows,
        after_line=plan.checkpoint.get("line", 0),
        issues_kept=ISSUES_KEPT - plan.checkpoint.get("issues", 0),
        counts=plan.counts,
    )
    with _reader(plan) as reader, Ahead(chunker.chunks(reader.batches())) as chunks:
        for chunk in chunks:
            retrying(partial(_write_chunk, plan, chunk, vocabulary.version))
            if chunk.stopped:
                raise Stopped(_why_stopped(chunk.stopped, plan.counts))
    with transaction():
        job = get_import(plan.lease.import_id)
        hold(
            plan.lease,
            phase="syncing",
            bytes_done=plan.source.size,
            checkpoint=job.checkpoint | {"complete": True},
        )


def _rules_now(rules: tuple[ColumnRule, ...], vocabulary: Vocabulary) -> tuple[ColumnRule, ...]:
    """The rules with the types the fields have now."""
    found = []
    for rule in rules:
        type_name = type_of(vocabulary, rule.target)
        if type_name is None:
            raise Stopped(
                f"The column {shown(rule.column)} goes to the field {shown(rule.target)}, which is "
                "not in the schema any more. Upload the file again to map it anew."
            )
        found.append(replace(rule, type=type_name))
    return tuple(found)


def _write_chunk(plan: Plan, chunk: Chunk, vocabulary_version: int) -> None:
    """One chunk with everything that belongs to it, or nothing."""
    with transaction():
        if not still_held(plan.lease):
            raise LeaseLost
        if current_vocabulary(hold=True).version != vocabulary_version:
            raise VocabularyChanged
        issues = list(chunk.issues)
        blocks, failed = _settle_conditional(chunk, issues)
        failed += chunk.failed
        update_only = plan.options.mode == "update_only"
        result = WriteResult(0)
        if blocks:
            result = write.write_staged(
                _meta(plan, failed),
                (block.encode() for block in blocks),
                mode=plan.options.mode,
                with_outcomes=update_only,
            )
        if update_only:
            failed += _tell_missing(result, chunk, issues)
        unchanged = result.unchanged + (0 if update_only else result.skipped)
        superseded = chunk.superseded + result.superseded
        kept = _keep(plan.lease, sorted(issues, key=lambda issue: issue.line))
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
            checkpoint={
                "line": chunk.end_line,
                "byte": chunk.end_byte,
                "issues": plan.checkpoint.get("issues", 0) + kept,
            },
        )
    plan.checkpoint["issues"] = plan.checkpoint.get("issues", 0) + kept


def _meta(plan: Plan, failed: int) -> ChangeSetMeta:
    return ChangeSetMeta(
        source="import",
        reason=plan.filename,
        actor_user_id=plan.user_id,
        actor_api_key_id=plan.api_key_id,
        import_id=plan.lease.import_id,
        failed_count=failed,
    )


def _settle_conditional(chunk: Chunk, issues: list[Issue]) -> tuple[list[str], int]:
    """Rows that lack required fields are fine for products there are, and fail for new ones."""
    if not chunk.conditional:
        return chunk.blocks, 0
    existing = existing_sku_keys({row.sku_key for row in chunk.conditional})
    blocks, failed = list(chunk.blocks), 0
    for row in chunk.conditional:
        if row.sku_key in existing:
            blocks.append(row.copy_text)
            continue
        failed += 1
        names = ", ".join(shown(name) for name in row.lacking)
        message = f"A new product needs {names}; this row has no value for it."
        issues.append(Issue(row.line, "error", "required", None, message, row.row))
    return blocks, failed


def _tell_missing(result: WriteResult, chunk: Chunk, issues: list[Issue]) -> int:
    """With update_only, rows whose product isn't there have failed."""
    missing = [
        chunk.lines[row_no]
        for row_no, outcome in enumerate(result.outcomes)
        if outcome.status == "skipped"
    ]
    message = "There is no product with this SKU, and this import only updates."
    issues += [Issue(line, "error", "no_such_product", None, message) for line in missing]
    return len(missing)


def _keep(lease: Lease, issues: list[Issue]) -> int:
    """Store what the report says; gives how many."""
    if issues:
        tenant_id = current_tenant_id()
        db.session.execute(
            insert(ImportIssue),
            [
                {
                    "tenant_id": tenant_id,
                    "import_id": lease.import_id,
                    "record": issue.line,
                    "line": issue.line,
                    "severity": issue.severity,
                    "code": issue.code,
                    "column": issue.column,
                    "message": issue.message,
                    "row": None if issue.row is None else list(issue.row),
                }
                for issue in issues
            ],
        )
    return len(issues)


def _why_stopped(issue: Issue, counts: str) -> str:
    where = f" in {shown(issue.column)}" if issue.column else ""
    return f"Stopped at {counts} {issue.line:,}{where}, as you chose: {issue.message}"


def _fail(lease: Lease, message: str) -> None:
    try:
        with transaction():
            hold(lease, status="failed", phase="", error=message, finished_at=now())
    except LeaseLost:
        return


def _give_up(lease: Lease, error: Exception) -> bool:
    """Count tries that got nowhere; after some, say so and stop. True when it was given up."""
    if isinstance(error, DomainError):
        _fail(lease, error.message)
        return True
    line, tries = _count_try(lease)
    if tries < TRIES_WITHOUT_PROGRESS:
        return False
    where = f"after line {line:,}" if line else "at the beginning"
    _fail(
        lease,
        f"The import stopped {where} because of a fault on our side, three times in a row. "
        "Everything up to there is in the catalog.",
    )
    return True


def _count_try(lease: Lease) -> tuple[int, int]:
    """The line the import has come to, and how often it has not got beyond it."""
    with transaction():
        checkpoint = dict(get_import(lease.import_id).checkpoint)
        line: int = checkpoint.get("line", 0)
        same_place = checkpoint.get("tried_at") == line
        tries: int = checkpoint.get("tries", 0) + 1 if same_place else 1
        try:
            hold(lease, checkpoint=checkpoint | {"tries": tries, "tried_at": line})
        except LeaseLost:
            tries = 0
    return line, tries
