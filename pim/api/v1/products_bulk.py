"""Many products in one request: `POST /api/pim/products/bulk/`, as JSON or line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from flask import Response, request, stream_with_context

from pim.api import params
from pim.api.json import NotJson, Parsed, parse, printable, read_body, reply, unstorable_texts
from pim.api.ndjson import NDJSON, BadLine, lines_of, status_lines
from pim.api.routes import MEBIBYTE, Answer, Body, Param, Resource
from pim.api.v1.product_shape import read_bulk_item
from pim.api.v1.products import INVALID
from pim.core import settings
from pim.core.db import transaction
from pim.core.dberrors import retrying
from pim.core.errors import FieldError, Invalid, TooLarge
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.products import service
from pim.products.service import BulkItem, BulkResult, ProductInput

resource = Resource("bulk", "/pim/products", "Many products in one request.")

MAX_PRODUCTS = 10_000
MAX_BYTES = 32 * MEBIBYTE
MAX_ERRORS = 1_000
LINES_AT_ONCE = 1_000
JSON = "application/json"
OnError = Literal["skip", "reject"]

ON_ERROR = Param(
    "on_error",
    {"enum": ["skip", "reject"], "default": "skip"},
    "`skip` writes what is right and reports the rest; `reject` writes all or nothing (422).",
)
RESULTS = Param(
    "results",
    {"enum": ["all", "failed"], "default": "all"},
    "`failed` leaves the results of all others out.",
)


@resource.post(
    "/bulk/",
    permission="product.write",
    summary="Create or update many products",
    params=[ON_ERROR, RESULTS],
    body=Body({JSON: "BulkRequest", NDJSON: "BulkLine"}),
    answers={
        200: Answer("Counts, and what became of each product.", "BulkAnswer"),
        413: Answer("Too many products or bytes.", "Problem", "application/problem+json"),
        422: INVALID,
    },
    max_bytes=None,
)
def bulk_upsert() -> Response:
    """Create or update many products.

    Products are matched by SKU, without case. Everything beyond `sku`, `name` and `active` is a
    value of the field of that name; fields the schema doesn't have are kept and reported as
    `unknown_fields`. Values that aren't sent stay, `null` unsets. When a SKU comes twice, the
    last one is written and the others are reported as `unchanged` with `superseded`.

    As `application/x-ndjson`, one product a line: answered with one status line per product, in
    order, while the request is still being read, in transactions of 1,000 products. Read the
    answer while you send. Its size is that of an upload; `on_error=reject` needs all lines at
    once and has the limits of JSON.
    """
    params.known_only("on_error", "results")
    on_error: Any = params.choice("on_error", ("skip", "reject"), "skip")
    only_failed = params.choice("results", ("all", "failed"), "all") == "failed"
    if request.mimetype == NDJSON:
        return _line_by_line(on_error, only_failed)
    request.max_content_length = MAX_BYTES
    with transaction():
        result = _upsert(_read_products(), on_error)
    return reply(_answer(result, only_failed))


def _read_products() -> list[ProductInput]:
    parsed = parse(read_body((JSON, NDJSON)))
    body = parsed.value
    products = body.get("products") if isinstance(body, dict) else None
    if not isinstance(products, list):
        message = 'The body has to be {"products": […]}.'
        raise Invalid([FieldError("/products", "required", message)])
    unknown = [name for name in body if name != "products"]
    if unknown:
        shown = printable(unknown[0][:60])
        message = f"“{shown}” isn't known here; options are query parameters."
        raise Invalid([FieldError(f"/{shown}", "unknown_member", message)])
    _not_too_many(len(products))
    return [
        _item(Parsed(product, parsed.suspicious), f"/products/{index}")
        for index, product in enumerate(products)
    ]


def _not_too_many(count: int) -> None:
    if count > MAX_PRODUCTS:
        raise TooLarge(
            f"{count:,} products; at most {MAX_PRODUCTS:,} go into one request.",
            code="too_many_products",
        )


def _item(parsed: Parsed, path: str) -> ProductInput:
    errors = tuple(unstorable_texts(parsed.value, path)) if parsed.suspicious else ()
    return read_bulk_item(parsed.value, path, errors)


def _upsert(items: list[ProductInput], on_error: OnError) -> BulkResult:
    try:
        return service.bulk_upsert(items, on_error=on_error)
    except Invalid as invalid:
        # A refused request may have an error for each value of each product.
        raise Invalid(invalid.errors[:MAX_ERRORS], invalid.message) from invalid


def _answer(result: BulkResult, only_failed: bool) -> dict[str, Any]:
    unknown: Counter[str] = Counter()
    for item in result.items:
        unknown.update(item.unknown_fields)
    return {
        "created": result.created,
        "updated": result.updated,
        "unchanged": result.unchanged,
        "failed": result.failed,
        "change_set_id": result.change_set_id,
        "unknown_fields": sorted(unknown),
        "results": [
            status_of(item) for item in result.items if not only_failed or item.status == "failed"
        ],
    }


def status_of(item: BulkItem) -> dict[str, Any]:
    """What became of one product, as the API says it."""
    status: dict[str, Any] = {
        "index": item.index,
        "sku": None if item.sku is None else printable(item.sku),
        "status": item.status,
        "errors": [
            {key: printable(text) for key, text in error.as_dict().items()} for error in item.errors
        ],
    }
    if item.product_id is not None:
        status["id"] = item.product_id
    if item.superseded:
        status["superseded"] = True
    if item.unknown_fields:
        status["unknown_fields"] = list(item.unknown_fields)
    return status


def _line_by_line(on_error: OnError, only_failed: bool) -> Response:
    if on_error == "reject":
        return _all_lines_or_none(only_failed)
    request.max_content_length = settings().pim_max_upload_bytes
    # The request's scope has ended by the time its answer is streamed, so each group enters it.
    written = _write_in_groups(lines_of(request.stream), only_failed, current_tenant_id())
    return Response(stream_with_context(status_lines(written)), mimetype=NDJSON)


def _all_lines_or_none(only_failed: bool) -> Response:
    request.max_content_length = MAX_BYTES
    items = []
    for index, line in enumerate(lines_of(request.stream)):
        _not_too_many(index + 1)
        items.append(_read_line(line, index))
    with transaction():
        result = _upsert(items, "reject")
    return Response(status_lines(_shown(result, 0, only_failed)), mimetype=NDJSON)


def _read_line(line: bytes | BadLine, index: int) -> ProductInput:
    path = f"/products/{index}"
    if isinstance(line, BadLine):
        return ProductInput(path=path, errors=(FieldError(path, line.code, line.message),))
    try:
        return _item(parse(line), path)
    except (NotJson, TooLarge) as error:
        found = getattr(error, "errors", None)
        place = path + found[0].path if found else path
        return ProductInput(path=path, errors=(FieldError(place, error.code, error.message),))


def _write_in_groups(
    lines: Iterable[bytes | BadLine], only_failed: bool, tenant_id: int
) -> Iterator[dict[str, Any]]:
    """Write group by group, each in its own transaction, and say what became of each line."""
    group: list[ProductInput] = []
    first = 0
    for index, line in enumerate(lines):
        group.append(_read_line(line, index))
        if len(group) == LINES_AT_ONCE:
            yield from _shown(_write_group(group, tenant_id), first, only_failed)
            group, first = [], index + 1
    if group:
        yield from _shown(_write_group(group, tenant_id), first, only_failed)


def _write_group(group: list[ProductInput], tenant_id: int) -> BulkResult:
    def write() -> BulkResult:
        with tenant_scope(tenant_id), transaction():
            return service.bulk_upsert(group, on_error="skip")

    return retrying(write)


def _shown(result: BulkResult, first: int, only_failed: bool) -> Iterator[dict[str, Any]]:
    for item in result.items:
        if not only_failed or item.status == "failed":
            yield status_of(item) | {"index": first + item.index}
