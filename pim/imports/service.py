"""The verbs of an import: begin it, check it, confirm it, cancel it.

Callers commit. Receiving a file is in two parts, because Claude may take ten seconds to look at
it and no transaction should be open meanwhile: `examining` comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pim.core.clock import now
from pim.core.db import db
from pim.core.errors import Conflict, Forbidden
from pim.core.storage import StoredFile
from pim.core.tenancy import current_tenant_id
from pim.identity.access import can, current_actor
from pim.imports.check_rows import forget_check, forget_check_rows
from pim.imports.checked import begun_check, form_checked, kept_if_same
from pim.imports.control import count_work, in_words, is_check
from pim.imports.examining import Examined
from pim.imports.lease import CHECKING, PAUSED, PENDING, UNFINISHED
from pim.imports.mapping import Confirmation, parse_confirmation
from pim.imports.models import ImportJob
from pim.imports.profiles import apply_profile, note_use, save_as
from pim.imports.queries import get_import
from pim.imports.readers.registry import READERS
from pim.imports.reconcile import enqueue_import
from pim.imports.remembering import remember
from pim.imports.retention import when_over
from pim.imports.transforms.offers import offers
from pim.schema.changes import SchemaChange
from pim.schema.fields import Field, Vocabulary
from pim.schema.queries import claim_vocabulary, current_vocabulary
from pim.schema.service import refuse_misfits, save_schema
from pim.schema.types import shown

MAPPING = "mapping"


def start_import(examined: Examined, corrections: Mapping[str, str] | None = None) -> ImportJob:
    """Record an examined file as an import that waits for its mapping.

    corrections: what the sender said about how it is written, kept for the next look.
    """
    actor = current_actor()
    job = ImportJob(
        tenant_id=current_tenant_id(),
        status=MAPPING,
        filename=examined.filename,
        storage_key=examined.stored.key,
        file_size=examined.stored.size,
        file_sha256=examined.stored.sha256,
        source_url=examined.source_url,
        created_by_id=actor.user_id,
        created_by_api_key_id=actor.api_key_id,
    )
    _describe(job, examined, corrections or {})
    db.session.add(job)
    db.session.flush()  # the id is needed for the answer
    return job


def redetect(import_id: int, examined: Examined, corrections: Mapping[str, str]) -> ImportJob:
    """Put what a new look at the file brought in place of the old."""
    job = _in_mapping(import_id)
    _describe(job, examined, corrections)
    forget_check(job)
    return job


def stored_file(import_id: int) -> tuple[StoredFile, str]:
    """The file of an import that waits for its mapping, and its name."""
    job = _in_mapping(import_id)
    if job.storage_key is None:
        raise Conflict("The uploaded file is no longer there. Upload it again.", code="file_gone")
    return StoredFile(job.storage_key, job.file_size, job.file_sha256), job.filename


def confirm_import(import_id: int, body: Any) -> ImportJob:
    """Save schema and mapping, and hand the import to a worker.

    Raises Invalid with JSON pointers, Forbidden when the schema would change and whoever acts
    may not do that, ProductsDontFit when existing products stand against it.
    """
    job = _in_mapping(import_id)
    body = apply_profile(job, body)
    current = claim_vocabulary()
    confirmation = parse_confirmation(body, job.headers, current, notations_of(job))
    job.check_result = kept_if_same(job, confirmation)
    _save_vocabulary(confirmation, current)
    job.mapping = confirmation.mapping_as_dict()
    job.options = confirmation.options.as_dict()
    remember(job.headers, confirmation.rules)
    note_use(job)
    job.status, job.phase, job.heartbeat_at = PENDING, "", now()
    job.checkpoint, job.pace, job.phase_seconds = {}, [], {}
    job.started_at, job.worked_seconds, job.bytes_done = None, 0, 0
    forget_check_rows(job.id)
    enqueue_import(job.tenant_id, job.id)
    return job


def start_check(
    import_id: int, body: Any, form: Mapping[str, list[str]] | None = None
) -> ImportJob:
    """Hand an import to a worker that looks what confirming this body would come to.

    form: the wizard's, as it was sent, so that it can be gone back to. Nothing but the import
    itself is written: `check_result` holds what was found and the body. Raises what
    `confirm_import` would, and Conflict when values of products would be converted first.
    """
    job = _in_mapping(import_id)
    body = apply_profile(job, body)
    current = current_vocabulary()
    confirmation = parse_confirmation(body, job.headers, current, notations_of(job))
    _check_vocabulary(confirmation, current)
    job.mapping = confirmation.mapping_as_dict()
    job.options = confirmation.options.as_dict()
    job.check_result = begun_check(body, confirmation, form)
    # Without a sign of life, the first worker that comes takes it.
    job.status, job.phase, job.heartbeat_at = CHECKING, "", None
    job.checkpoint = {"asked_at": now().isoformat()}
    forget_check_rows(job.id)
    enqueue_import(job.tenant_id, job.id)
    return job


def stop_check(import_id: int) -> ImportJob:
    """Stop a check; the import waits for its mapping as before."""
    job = get_import(import_id, lock=True)
    if not is_check(job):
        raise Conflict("No check of this file is running.", code="not_running")
    job.status, job.phase, job.heartbeat_at, job.started_at = MAPPING, "", None, None
    job.checkpoint, job.bytes_done = {}, 0
    forget_check(job)
    return job


def confirm_checked(import_id: int) -> ImportJob:
    """Confirm exactly what was checked; raises Conflict when nothing was."""
    job = _in_mapping(import_id)
    if not job.check_result or job.check_result.get("state") != "done":
        raise Conflict("This file hasn't been checked.", code="not_checked")
    form = form_checked(job)
    name = form.get("save_as", "") if form else ""
    confirm_import(import_id, job.check_result["body"])
    save_as(import_id, name)
    return job


def cancel_import(import_id: int) -> ImportJob:
    """Stop an import. Rows that are in the catalog already stay there."""
    job = get_import(import_id, lock=True)
    if job.status == "cancelled":
        return job
    if job.status not in (MAPPING, PAUSED, *UNFINISHED) or job.phase == "syncing":
        raise Conflict(
            f"This import is {in_words(job)}; it can't be cancelled.", code="not_running"
        )
    count_work(job)
    job.status, job.phase, job.finished_at = "cancelled", "", now()
    job.keep_file_until = when_over()
    forget_check_rows(job.id)
    return job


def _in_mapping(import_id: int) -> ImportJob:
    job = get_import(import_id)
    if job.status == CHECKING:
        raise Conflict("This file is being checked. Wait for it, or stop it.", code="checking")
    if job.status != MAPPING:
        raise Conflict("This import has been started already.", code="not_in_mapping")
    return job


def _describe(job: ImportJob, examined: Examined, corrections: Mapping[str, str]) -> None:
    detection, profile = examined.detection, examined.profile
    job.format = detection.dialect.format
    job.dialect = detection.dialect.as_dict()
    job.headers = detection.headers
    job.sample_rows = detection.sample_rows
    applied = examined.applied
    job.warnings = detection.warnings
    job.profile_name = applied.name if applied else None
    job.row_count = profile.row_count
    job.suggestions = {
        "by": examined.suggestions.by,
        "note": examined.suggestions.note,
        "model": examined.suggestions.model,
        "columns": [each.as_dict() for each in examined.suggestions.columns],
        "notations": _notations_of(examined),
        "offers": offers(profile, examined.suggestions.columns),
        "reasons": detection.reasons,
        "choices": detection.choices,
        "corrections": dict(corrections),
        "rows_seen": profile.rows,
        "profile": applied.as_dict() if applied else None,
    }


def _notations_of(examined: Examined) -> dict[str, str | None]:
    """How each column writes its numbers: as programs do, or as its values or the file show."""
    profile = examined.profile
    if READERS[examined.detection.dialect.format].by_program:
        return dict.fromkeys(examined.detection.headers, "json")
    return {column.name: column.decimal or profile.decimal for column in profile.columns}


def notations_of(job: ImportJob) -> Mapping[str, Any]:
    """How the numbers of each column are written, as the file showed."""
    found: Mapping[str, Any] = job.suggestions.get("notations", {})
    return found


def _save_vocabulary(confirmation: Confirmation, current: Vocabulary) -> None:
    if _may_change(confirmation, current):
        save_schema(confirmation.vocabulary)


def _check_vocabulary(confirmation: Confirmation, current: Vocabulary) -> None:
    """Raise what saving it would, without saving it."""
    if not _may_change(confirmation, current):
        return
    converted = refuse_misfits(SchemaChange(confirmation.vocabulary), current)
    if converted:
        names = ", ".join(shown(name) for name in converted)
        raise Conflict(
            f"Products have values in {names} that would be converted to another type first. Save "
            "that in the schema, then check the file.",
            code="schema_first",
        )


def _may_change(confirmation: Confirmation, current: Vocabulary) -> bool:
    """Whether the schema would change; raises Forbidden when whoever acts may not do that."""
    wanted = confirmation.vocabulary
    if wanted.as_definition() == current.as_definition():
        return False
    if not can("schema.write"):
        new = [known.name for known in wanted.fields if known.name not in current]
        what = f"add {', '.join(new)} to the schema" if new else "change the schema"
        raise Forbidden(
            f"This import would {what}, which needs the role manager. Choose fields there are, "
            "or leave the columns out."
        )
    return True


def suggested_schema(job: ImportJob, vocabulary: Vocabulary) -> Vocabulary:
    """The tenant's vocabulary with the fields that are suggested as new."""
    new = tuple(
        Field(each["target"], each["type"])
        for each in job.suggestions.get("columns", ())
        if each["new"] and each["target"] and each["target"] not in vocabulary
    )
    return replace(vocabulary, fields=vocabulary.fields + new)
