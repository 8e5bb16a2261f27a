"""Control of imports over the API: pause, resume, undo, do again. A part of `/api/pim/import/`."""

from __future__ import annotations

from flask import Response

from pim.api import params
from pim.api.json import reply
from pim.api.params import LIST_PARAMS, a_page_of, reply_page
from pim.api.routes import Answer, Resource
from pim.api.schemas import (
    ID,
    NULLABLE_TEXT,
    TEXT,
    add_shapes,
    record,
)
from pim.api.v1.import_json import import_json
from pim.api.v1.import_shapes import NOT_THERE, ONE_IMPORT, WRONG_STATE
from pim.core.db import transaction
from pim.imports import control, queries, undoing
from pim.products.undo_report import LeftAlone
from pim.web.pagination import decode_cursor, encode_cursor

resource = Resource(
    "import_control", "/pim/import", "An import that runs is paused; one that is over is undone."
)

LEFT = "imports:left-alone"
REASONS = ["value_changed", "product_changed", "product_deleted", "sku_taken", "type_changed"]
NULLABLE_ID = {"type": ["integer", "null"]}

add_shapes(
    LeftAlone=record(
        "product_id sku name field reason wanted now change_set_id",
        product_id=ID,
        sku=TEXT,
        name=TEXT,
        field={**NULLABLE_TEXT, "description": "Null: the product itself."},
        reason={"enum": REASONS},
        wanted={"description": "What the value was to become; null for none."},
        now={"description": "What it is."},
        change_set_id={**NULLABLE_ID, "description": "What changed it since."},
        holder_id={**NULLABLE_ID, "description": "The product that has the SKU by now."},
    ),
)

STARTED = Answer("A worker will do it; poll the import and look at `undo`.", "Import")


@resource.post(
    "/<int:import_id>/pause/",
    permission="import.run",
    summary="Pause an import",
    answers={200: ONE_IMPORT, 404: NOT_THERE, 409: WRONG_STATE},
)
def pause(import_id: int) -> Response:
    """Pause an import or its check.

    It rests at the chunk it has come to; what is written stays, and the time it rests isn't
    counted. One that is paused already is answered as it is.
    """
    params.known_only()
    with transaction():
        return reply(import_json(control.pause_import(import_id)))


@resource.post(
    "/<int:import_id>/resume/",
    permission="import.run",
    summary="Resume an import",
    answers={200: ONE_IMPORT, 404: NOT_THERE, 409: WRONG_STATE},
)
def resume(import_id: int) -> Response:
    """Resume an import that is paused.

    It goes on after its last chunk, as soon as a worker is free. One that runs already is answered
    as it is.
    """
    params.known_only()
    with transaction():
        return reply(import_json(control.resume_import(import_id)))


@resource.post(
    "/<int:import_id>/undo/",
    permission="import.run",
    summary="Undo an import",
    answers={202: STARTED, 404: NOT_THERE, 409: WRONG_STATE},
)
def undo(import_id: int) -> Response:
    """Undo an import that is over.

    Products it created go, and values it changed come back; what somebody changed since is left
    alone and listed. One whose undo is under way is answered as it is.
    """
    params.known_only()
    with transaction():
        return reply(import_json(undoing.start_undo(import_id)), 202)


@resource.post(
    "/<int:import_id>/redo/",
    permission="import.run",
    summary="Do an undone import again",
    answers={202: STARTED, 404: NOT_THERE, 409: WRONG_STATE},
)
def redo(import_id: int) -> Response:
    """Do an undone import again, by undoing its undo."""
    params.known_only()
    with transaction():
        return reply(import_json(undoing.start_undo(import_id, redo=True)), 202)


@resource.get(
    "/<int:import_id>/undo/left-alone/",
    permission="import.read",
    summary="What an undo left alone",
    params=LIST_PARAMS,
    answers={200: a_page_of("LeftAlone"), 404: NOT_THERE},
)
def list_left_alone(import_id: int) -> Response:
    """List what the undo of an import left alone, because it was changed since."""
    params.known_only("limit", "after")
    queries.get_import(import_id)
    limit, after = params.limit(), params.text("after")
    place = decode_cursor(LEFT, after) if after else None
    found, more = undoing.left_alone(
        import_id,
        after=(int(place[0]), int(place[1]), str(place[2])) if place else None,
        limit=limit,
    )
    cursor = encode_cursor(LEFT, list(more)) if more else None
    return reply_page([_left_json(each) for each in found], cursor, None)


def _left_json(left: LeftAlone) -> dict[str, object]:
    return {
        "product_id": left.product_id,
        "sku": left.sku,
        "name": left.name,
        "field": left.field or None,
        "reason": left.reason,
        "wanted": left.wanted,
        "now": left.now,
        "change_set_id": left.change_set_id,
        "holder_id": left.holder_id,
    }
