"""What a worker has to know of an import before the first row: the check and the run share it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from pim.core.db import db, transaction
from pim.imports.files import open_reader, stored_source
from pim.imports.keys import LastRows, find_last_rows
from pim.imports.lease import Lease, hold
from pim.imports.mapping import ColumnRule, Options, options_from_dict, rules_from_dict
from pim.imports.phases import Phases
from pim.imports.queries import get_import
from pim.imports.readers.base import Dialect, Reader, Source
from pim.imports.readers.registry import READERS
from pim.imports.skus import sku_reader
from pim.imports.suggestion import type_of
from pim.imports.working import Stopped
from pim.schema.fields import Vocabulary
from pim.schema.types import shown

BEAT_SECONDS = 3.0


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
    phases: Phases

    @property
    def counts(self) -> str:
        """What its lines are: lines, rows of a sheet, records."""
        return READERS[self.dialect.format].counts


@contextmanager
def opened_plan(lease: Lease) -> Iterator[Plan]:
    """Everything known of the import a worker holds, with its file at hand."""
    with transaction():
        job = get_import(lease.import_id)
        db.session.expunge(job)
    if not job.storage_key:
        raise Stopped("The uploaded file is no longer there. Upload it again.")
    with stored_source(job.storage_key, job.filename, job.file_size) as source:
        yield Plan(
            lease=lease,
            source=source,
            filename=job.filename,
            dialect=Dialect.from_dict(job.dialect),
            rules=rules_from_dict(job.mapping),
            options=options_from_dict(job.options),
            headers=tuple(job.headers),
            checkpoint=dict(job.checkpoint),
            user_id=job.created_by_id,
            api_key_id=job.created_by_api_key_id,
            phases=Phases(job.phase_seconds),
        )


@contextmanager
def reading(plan: Plan) -> Iterator[Reader]:
    """The rows of the file, whose columns are still those that were mapped."""
    reader = open_reader(plan.source, plan.dialect)
    with closing(reader):
        if tuple(reader.headers) != plan.headers:
            raise Stopped("The file has other columns than when it was mapped. Upload it again.")
        yield reader


def count_rows(plan: Plan, next_phase: str) -> LastRows:
    """Know, before anything is written, how many rows there are and which of them count."""
    known, beaten = LastRows(), time.monotonic()
    skus_of = sku_reader(plan.headers, plan.rules)
    with plan.phases.timed("counting"), reading(plan) as reader:
        for done, last_rows in find_last_rows(reader.batches(), skus_of, plan.source.size):
            known = last_rows
            if time.monotonic() - beaten > BEAT_SECONDS:
                beaten = time.monotonic()
                with transaction():
                    hold(plan.lease, phase="counting", bytes_done=done)
    with transaction():
        seconds = plan.phases.rounded()
        hold(plan.lease, phase=next_phase, row_count=known.records, phase_seconds=seconds)
    return known


def rules_now(rules: tuple[ColumnRule, ...], vocabulary: Vocabulary) -> tuple[ColumnRule, ...]:
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
