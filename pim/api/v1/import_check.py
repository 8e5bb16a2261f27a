"""Checks of imports over the API: what a file would come to. A part of `/api/pim/import/`."""

from __future__ import annotations

from typing import cast

from flask import Response

from pim.api import params
from pim.api.json import read_object, reply
from pim.api.params import LIST_PARAMS, a_page_of, reply_list
from pim.api.routes import Answer, Body, Param, Resource
from pim.api.schemas import COUNT, FLAG, NULLABLE_TEXT, TEXT, WHOLE, add_shapes, array_of, record
from pim.api.v1.import_json import cell_json, import_json
from pim.api.v1.import_shapes import NOT_THERE, PROBLEM, WRONG_STATE
from pim.core.db import transaction
from pim.core.errors import FieldError, Invalid
from pim.imports import absent, queries, service
from pim.imports.check_queries import CellFilter, CellStatus, count_cells, list_cells

resource = Resource(
    "import_check", "/pim/import", "What a file would come to, before it is imported."
)

CELLS = "imports:check"
ANY_VALUE = {"description": "A value as products have it; null for none."}

add_shapes(
    ImportCheckCell=record(
        "line status sku field before after",
        line={**WHOLE, "description": "The row of the file, as in its errors."},
        status={"enum": ["create", "update"]},
        sku=TEXT,
        field={"type": "string", "description": "`name`, `active` or a field."},
        before=ANY_VALUE,
        after=ANY_VALUE,
    ),
    ImportCheckError=record(
        "severity code column count sample",
        severity={"enum": ["error", "warning"]},
        code=TEXT,
        column=NULLABLE_TEXT,
        count=COUNT,
        sample=array_of("ImportCheckSample"),
    ),
    ImportCheckSample=record("line value message", line=WHOLE, value=NULLABLE_TEXT, message=TEXT),
    ImportAbsent=record(
        "count active unseen threshold",
        count={**COUNT, "description": "Active products that are not in the file."},
        active={**COUNT, "description": "Active products before the import."},
        unseen={**COUNT, "description": "Rows whose SKU can't be read."},
        threshold={**COUNT, "description": "Percent that need no asking."},
    ),
    ImportCheck=record(
        "state create update unchanged failed superseded fields errors diff_complete stopped error",
        state={"enum": ["running", "done", "failed"]},
        create=COUNT,
        update=COUNT,
        unchanged=COUNT,
        failed=COUNT,
        superseded=COUNT,
        fields={
            "type": "object",
            "additionalProperties": COUNT,
            "description": "How many products' value changes, by field.",
        },
        errors=array_of("ImportCheckError"),
        diff=array_of("ImportCheckCell"),
        diff_complete={**FLAG, "description": "Whether all cells that change are listed."},
        deactivate={
            "type": ["integer", "null"],
            "minimum": 0,
            "description": "Active products that are not in the file; null when they stay.",
        },
        stopped={**NULLABLE_TEXT, "description": "Where the import would stop, and why."},
        error={**NULLABLE_TEXT, "description": "Why there is no result, as a sentence."},
        seconds={"type": ["number", "null"], "description": "How long the check took."},
    ),
)


@resource.post(
    "/<int:import_id>/check/",
    permission="import.run",
    summary="Check a whole file without importing it",
    body=Body({"application/json": "ImportConfirmation"}),
    answers={
        202: Answer("It is handed to a worker; poll it until `mapping`.", "Import"),
        403: Answer(
            "The import would change the schema, which the role can't.", "Problem", PROBLEM
        ),
        404: NOT_THERE,
        409: WRONG_STATE,
        422: Answer("Some of it isn't acceptable.", "Problem", PROBLEM),
    },
)
def start_check(import_id: int) -> Response:
    """Check a whole file without importing it.

    The body is that of a confirmation. The whole file is read as the import would read it and
    compared with the products there are; products, schema and history stay as they are. While it
    runs, the import is `checking`; then it is `mapping` again with the result in `check`.
    Confirming the same body gives exactly these counts if nothing else has changed.
    """
    params.known_only()
    body = read_object()
    with transaction():
        return reply(import_json(service.start_check(import_id, body)), 202)


@resource.post(
    "/<int:import_id>/absent/",
    permission="import.run",
    summary="Answer an import that asks whether to deactivate",
    body=Body({"application/json": record("deactivate", deactivate=FLAG)}),
    answers={
        200: Answer("It goes on.", "Import"),
        404: NOT_THERE,
        409: Answer("It doesn't ask.", "Problem", PROBLEM),
        422: Answer("Some of it isn't acceptable.", "Problem", PROBLEM),
    },
)
def answer_absent(import_id: int) -> Response:
    """Answer an import that asks whether to deactivate.

    An import with `"absent": "deactivate"` rests after its last row, `paused` with `absent` set,
    when more than `absent_threshold` percent of the active products are not in the file and
    nobody has seen that yet. `true` deactivates them, `false` keeps them; then it goes on.
    """
    params.known_only()
    body = read_object()
    answer = body.get("deactivate")
    if not isinstance(answer, bool):
        raise Invalid([FieldError("/deactivate", "not_a_boolean", "Send true or false.")])
    with transaction():
        return reply(import_json(absent.answer_absent(import_id, deactivate=answer)))


@resource.get(
    "/<int:import_id>/check/diff/",
    permission="import.read",
    summary="The values that would change",
    params=[
        *LIST_PARAMS,
        Param("field", {"type": "string"}, "Only this field."),
        Param("sku", {"type": "string"}, "Only SKUs that contain this, in any case."),
        Param("status", {"enum": ["create", "update"]}, "Only new products, or only others."),
    ],
    answers={200: a_page_of("ImportCheckCell"), 404: NOT_THERE},
)
def list_diff(import_id: int) -> Response:
    """The values that would change.

    Each with what it is and what it would be, in the order of the file. Of many products the
    first are listed: at most 2,000 new and 20,000 others, fewer of a wide file; all are counted.
    """
    params.known_only("limit", "after", "count", "field", "sku", "status")
    queries.get_import(import_id)
    wanted = CellFilter(
        params.text("sku") or "",
        params.text("field") or "",
        cast("CellStatus", params.choice("status", ("create", "update"), "")) or None,
    )
    return reply_list(
        CELLS,
        lambda limit, place: list_cells(import_id, wanted, limit=limit, after_id=place or 0),
        lambda cell: cell.id,
        lambda page: [cell_json(cell) for cell in page],
        lambda: count_cells(import_id, wanted),
    )
