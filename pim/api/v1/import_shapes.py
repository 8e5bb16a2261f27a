"""What an import looks like over the API, and the answers its routes share."""

from __future__ import annotations

from pim.api.routes import Answer
from pim.api.schemas import (
    COUNT,
    FLAG,
    ID,
    MOMENT,
    NULLABLE_TEXT,
    TEXT,
    WHOLE,
    add_shapes,
    array_of,
    record,
    ref,
)
from pim.imports.transforms.registry import TRANSFORMS
from pim.imports.transforms.steps import MAX_STEPS
from pim.schema.types import FIELD_TYPES

PROBLEM = "application/problem+json"
STATUSES = ["pending", "mapping", "checking", "importing", "paused", "done", "failed", "cancelled"]
TEXTS = {"type": "array", "items": TEXT}
NULLABLE_COUNT = {"type": ["integer", "null"], "minimum": 0}
NULLABLE_NUMBER = {"type": ["number", "null"]}
NULLABLE_MOMENT = {"type": ["string", "null"], "format": "date-time"}
TARGET = {"type": ["string", "null"], "description": "`sku`, `name`, `active`, a field, or null."}
_STEP = {"anyOf": [{"enum": list(TRANSFORMS)}, ref("ImportStep")]}
_STEPS = {"type": "array", "maxItems": MAX_STEPS, "items": _STEP}

add_shapes(
    Import=record(
        "id status filename row_count imported_count created_count updated_count unchanged_count "
        "superseded_count failed_count rows_per_second eta_seconds error change_set_ids "
        "created_at started_at finished_at profile warnings",
        id=ID,
        status={"enum": STATUSES},
        filename=TEXT,
        file_size=WHOLE,
        source_url={**NULLABLE_TEXT, "description": "Where it was fetched from, without query."},
        keep_file_until={
            **NULLABLE_MOMENT,
            "description": "When the file will be removed; null while it is needed, or gone.",
        },
        format=TEXT,
        row_count={**NULLABLE_COUNT, "description": "Records, not lines; null while unknown."},
        imported_count=COUNT,
        created_count=COUNT,
        updated_count=COUNT,
        unchanged_count=COUNT,
        superseded_count={**COUNT, "description": "Rows whose SKU comes again further down."},
        failed_count=COUNT,
        deactivated_count={**COUNT, "description": "Products that were not in the file."},
        absent={
            "anyOf": [ref("ImportAbsent"), {"type": "null"}],
            "description": "What it asks while `paused`; see `absent/`.",
        },
        phase={**NULLABLE_TEXT, "description": "What is done just now: `counting`, `writing`, …"},
        bytes_done={**WHOLE, "description": "How much of the file has been read in this phase."},
        worked_seconds={**NULLABLE_NUMBER, "description": "Without the time it was paused."},
        phase_seconds={"type": "object", "additionalProperties": {"type": "number"}},
        rows_per_second=NULLABLE_NUMBER,
        eta_seconds=NULLABLE_NUMBER,
        error={**NULLABLE_TEXT, "description": "Why it failed, as a sentence."},
        change_set_ids={"type": "array", "items": ID},
        created_at=MOMENT,
        started_at=NULLABLE_MOMENT,
        finished_at=NULLABLE_MOMENT,
        check={
            "anyOf": [ref("ImportCheck"), {"type": "null"}],
            "description": "What the last check found; null: none.",
        },
        profile={**NULLABLE_TEXT, "description": "The saved mapping it was mapped with."},
        warnings={"type": "array", "items": TEXT},
        undo={
            "anyOf": [ref("ImportUndo"), {"type": "null"}],
            "description": "The last time it was undone or done again; null: never.",
        },
    ),
    ImportUndo=record(
        "status redo change_sets change_sets_done deleted restored updated left_alone "
        "change_set_ids error started_at finished_at",
        status={"enum": ["running", "done", "failed"]},
        redo={**FLAG, "description": "It was done again, not undone."},
        change_sets=COUNT,
        change_sets_done=COUNT,
        deleted={**COUNT, "description": "Products that went."},
        restored={**COUNT, "description": "Products that came back."},
        updated={**COUNT, "description": "Products that got values back."},
        left_alone={**COUNT, "description": "What was changed since, and isn't touched."},
        change_set_ids={"type": "array", "items": ID},
        error=NULLABLE_TEXT,
        started_at=MOMENT,
        finished_at=NULLABLE_MOMENT,
    ),
    ImportSuggestion=record(
        "column target type confidence reason by",
        column=TEXT,
        target=TARGET,
        type={"enum": list(FIELD_TYPES)},
        confidence={"type": "number", "minimum": 0, "maximum": 1},
        reason=TEXT,
        by={"enum": ["memory", "ai", "heuristic"]},
        new={**FLAG, "description": "The target is not in the schema yet."},
        transform={**_STEPS, "description": "Steps that were chosen for this column before."},
    ),
    ImportPreview=record(
        "job_id status format dialect headers sample_rows suggested_schema suggested_mapping "
        "suggestions warnings",
        job_id=ID,
        status={"const": "mapping"},
        format=TEXT,
        dialect={"type": "object", "description": "How the file is read."},
        headers={"type": "array", "items": TEXT},
        sample_rows={"type": "array", "items": {"type": "array", "items": TEXT}},
        row_count=NULLABLE_COUNT,
        suggested_schema=ref("Schema"),
        suggested_mapping={"type": "object", "additionalProperties": TARGET},
        suggestions=array_of("ImportSuggestion"),
        offers={
            "type": "object",
            "additionalProperties": record("step reason", step=_STEP, reason=TEXT),
            "description": "By column, a step its values call for; none is taken by itself.",
        },
        suggested_by={"enum": ["memory", "ai", "heuristic"]},
        note={"type": "string", "description": "Who made the suggestions, and why not Claude."},
        warnings={"type": "array", "items": TEXT},
        profile={
            "anyOf": [ref("ImportProfileUse"), {"type": "null"}],
            "description": "The saved mapping that suggested, and how it fits.",
        },
        repeats={
            "anyOf": [ref("ImportRepeat"), {"type": "null"}],
            "description": "The earlier import of a file with exactly this content.",
        },
    ),
    ImportProfileUse=record(
        "name unknown missing",
        name=TEXT,
        unknown={**TEXTS, "description": "Columns of the file it doesn't know."},
        missing={**TEXTS, "description": "Columns it maps that the file doesn't have."},
    ),
    ImportRepeat=record(
        "job_id status filename finished_at counts",
        job_id=ID,
        status={"enum": STATUSES},
        filename=TEXT,
        finished_at=NULLABLE_MOMENT,
        counts=record(
            "created updated unchanged superseded failed",
            **dict.fromkeys(("created", "updated", "unchanged", "superseded", "failed"), COUNT),
        ),
    ),
    ImportRule={
        "anyOf": [
            {"type": ["string", "null"]},
            record(
                "to",
                to={"type": ["string", "null"]},
                type={"enum": list(FIELD_TYPES)},
                transform=_STEPS,
            ),
        ],
        "description": "A field, null to ignore the column, or a field with steps or its type.",
    },
    ImportStep=record(
        "op",
        op={"enum": list(TRANSFORMS)},
    )
    | {
        "additionalProperties": True,
        "description": "A step its values go through first, with its parameters.",
    },
    ImportConfirmation=record(
        "",
        profile={
            "type": "string",
            "description": "A saved mapping by its name; what else is sent comes before it.",
        },
        schema=ref("Schema"),
        mapping={"type": "object", "additionalProperties": ref("ImportRule")},
        options=record(
            "",
            blank={"enum": ["keep", "clear"], "default": "keep"},
            on_error={"enum": ["skip_row", "skip_value", "stop"], "default": "skip_row"},
            mode={"enum": ["upsert", "create_only", "update_only"], "default": "upsert"},
            absent={"enum": ["keep", "deactivate"], "default": "keep"},
            absent_threshold={"type": "integer", "minimum": 0, "maximum": 100, "default": 20},
            absent_confirmed={**FLAG, "default": False},
        ),
    ),
    ImportIssue=record(
        "line severity code column message row",
        line={**WHOLE, "description": "A workbook's row, or the number of a record."},
        severity={"enum": ["error", "warning", "info"]},
        code=TEXT,
        column=NULLABLE_TEXT,
        message=TEXT,
        row={"type": ["array", "null"], "items": TEXT},
    ),
)

ONE_IMPORT = Answer("The import as it is now.", "Import")
NOT_THERE = Answer("There is no such import.", "Problem", PROBLEM)
WRONG_STATE = Answer("The import isn't in a state that allows it.", "Problem", PROBLEM)
