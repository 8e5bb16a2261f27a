"""Many products deleted at once: `POST /api/pim/products/bulk-delete/`, and how it goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from pim.api import params
from pim.api.json import read_object, reply
from pim.api.routes import MEBIBYTE, Answer, Body, Resource
from pim.api.schemas import COUNT, ID, MOMENT, NULLABLE_TEXT, TEXT, add_shapes, record, ref
from pim.api.v1.product_selection import said_clearly
from pim.api.v1.products import AWAY, INVALID
from pim.api.v1.segment_json import NULLABLE_MOMENT, only_known
from pim.core.db import transaction
from pim.core.errors import FieldError, Invalid
from pim.identity.queries import current_tenant
from pim.products import deleting
from pim.products.models import ProductDeletion
from pim.products.service import MAX_SKU
from pim.segments import finding

resource = Resource("deletions", "/pim/products", "Many products deleted at once.")

MAX_BYTES = 32 * MEBIBYTE
MOST_PROBLEMS = 100
WAYS = ("skus", "filter", "all")
NUMBERS = {"type": "array", "items": ID}

add_shapes(
    DeletionRequest=record(
        "",
        skus={"type": "array", "items": {"type": "string", "maxLength": MAX_SKU}},
        filter=ref("SegmentDefinition"),
        all={"const": True},
        confirm={**TEXT, "description": "With `all`: the tenant's slug."},
    )
    | {"description": "One of `skus`, `filter` and `all`."},
    Deletion=record(
        "id status total deleted_count missing_count changed_count change_set_ids error "
        "created_at finished_at",
        id=ID,
        status={"enum": ["pending", "deleting", "done", "failed"]},
        total={**COUNT, "description": "Products that were chosen."},
        deleted_count=COUNT,
        missing_count={**COUNT, "description": "SKUs there weren't, products gone meanwhile."},
        changed_count={
            **COUNT,
            "description": "Products that had changed since the rule found them; they stay.",
        },
        change_set_ids=NUMBERS,
        error=NULLABLE_TEXT,
        created_at=MOMENT,
        finished_at=NULLABLE_MOMENT,
    ),
)

STARTED = Answer("A worker does it; poll `Location`.", "Deletion")


@resource.post(
    "/bulk-delete/",
    permission="product.delete",
    summary="Delete many products",
    body=Body({"application/json": "DeletionRequest"}),
    answers={202: STARTED, 422: INVALID, 503: AWAY},
    max_bytes=MAX_BYTES,
)
def bulk_delete() -> Response:
    """Delete many products.

    Which these are is settled with the answer: by SKU, by a rule, or all there are. A product that
    has changed since a rule found it is left alone. Every 5,000 of them are a change set.
    """
    params.known_only()
    body = read_object()
    only_known(body, (*WAYS, "confirm"), "known here")
    with transaction():
        deletion = _begin(body)
        answer = reply(deletion_json(deletion), 202)
        answer.headers["Location"] = f"/api/pim/products/deletions/{deletion.id}/"
        return answer


@resource.get(
    "/deletions/<int:deletion_id>/",
    permission="product.delete",
    summary="How a deletion goes",
    answers={
        200: Answer("The deletion.", "Deletion"),
        404: Answer("There is no such deletion.", "Problem", "application/problem+json"),
    },
)
def get_deletion(deletion_id: int) -> Response:
    """How a deletion goes; kept for 30 days after its end."""
    params.known_only()
    return reply(deletion_json(deleting.get_deletion(params.id_of(deletion_id, "deletion"))))


def _begin(body: Mapping[str, Any]) -> ProductDeletion:
    asked = [name for name in WAYS if name in body]
    if not asked:
        message = "Say which products: skus, filter, or all with confirm."
        raise Invalid([FieldError("", "required", message)])
    if len(asked) > 1:
        message = f"Send {asked[0]} or {asked[1]}, not both."
        raise Invalid([FieldError(f"/{asked[1]}", "not_together", message)])
    if asked == ["skus"]:
        return deleting.delete_skus(_skus(body["skus"]))
    if asked == ["all"]:
        _confirmed(body)
        return deleting.delete_all()
    with said_clearly():
        where = finding.narrowed({} if body["filter"] is None else body["filter"], path="/filter")
        return deleting.delete_found(finding.find_versions(where))


def _skus(written: Any) -> list[str]:
    if not isinstance(written, list):
        raise Invalid([FieldError("/skus", "not_a_list", "Send the SKUs as a list.")])
    errors = [
        FieldError(f"/skus/{index}", "not_a_text", "A SKU is a text.")
        for index, sku in enumerate(written)
        if not isinstance(sku, str) or not sku.strip()
    ]
    if errors:
        raise Invalid(errors[:MOST_PROBLEMS])
    return written


def _confirmed(body: Mapping[str, Any]) -> None:
    """Everything is deleted only by who says whose everything."""
    if body["all"] is not True:
        raise Invalid([FieldError("/all", "bad_value", "all has to be true.")])
    slug = current_tenant().slug
    if body.get("confirm") != slug:
        message = f"To delete every product, send the tenant's slug in confirm: “{slug}”."
        raise Invalid([FieldError("/confirm", "not_confirmed", message)])


def deletion_json(deletion: ProductDeletion) -> dict[str, Any]:
    """A deletion as the API shows it."""
    return {
        "id": deletion.id,
        "status": deletion.status,
        "total": deletion.total,
        "deleted_count": deletion.deleted_count,
        "missing_count": deletion.missing_count,
        "changed_count": deletion.changed_count,
        "change_set_ids": deletion.change_set_ids,
        "error": deletion.error,
        "created_at": deletion.created_at,
        "finished_at": deletion.finished_at,
    }
