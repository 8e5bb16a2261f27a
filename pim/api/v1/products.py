"""Products over the API: `/api/pim/products/`. Bulk requests are in `products_bulk`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, request, url_for

from pim.api import params
from pim.api.etag import add_etag, expected_version
from pim.api.json import no_content, printable, read_object, reply
from pim.api.params import LIST_PARAMS, a_page_of, reply_page
from pim.api.routes import Answer, Body, Param, Resource
from pim.api.v1.product_selection import (
    WHICH,
    Selection,
    known_parameters,
    said_clearly,
    sort_of_request,
    which_products,
)
from pim.api.v1.product_shape import product_json, read_product
from pim.core.db import transaction
from pim.core.errors import NotFound, StaleVersion
from pim.products import queries, service
from pim.products.models import Product
from pim.segments.finding import Order, count_found, find_page
from pim.web.pagination import decode_cursor, encode_cursor

resource = Resource("products", "/pim/products", "The products of the catalog.")

ONE_PRODUCT = Answer("The product, with its `ETag`.", "Product")
NOT_THERE = Answer("There is no such product.", "Problem", "application/problem+json")
STALE = Answer(
    "The product isn't what `If-Match` says; `current` is what it is now.",
    "Problem",
    "application/problem+json",
)
SKU_TAKEN = Answer(
    "Another product has the SKU (`sku_taken`).", "Problem", "application/problem+json"
)
INVALID = Answer("Some of it isn't acceptable.", "Problem", "application/problem+json")
NO_SEGMENT = Answer("There is no such segment.", "Problem", "application/problem+json")
AWAY = Answer(
    "ClickHouse, which `filter` and `segment` need, doesn't answer.",
    "Problem",
    "application/problem+json",
)
IF_MATCH = Param("If-Match", {"type": "string"}, "The `ETag` that was read.", where="header")
FIELDS = Param(
    "fields",
    {"type": "string"},
    "Names of fields, separated by commas: `data` holds these alone.",
)
ONE_BODY = Body({"application/json": "ProductInput"})
PATCH_TYPES = ("application/json", "application/merge-patch+json")

Answered = TypeVar("Answered")


@resource.get(
    "/",
    permission="catalog.read",
    summary="List products",
    params=[
        *LIST_PARAMS,
        *WHICH,
        FIELDS,
    ],
    answers={200: a_page_of("Product"), 404: NO_SEGMENT, 422: INVALID, 503: AWAY},
)
def list_products() -> Response:
    """List products.

    Pages are read by position, not by offset: products that come in meanwhile neither repeat
    nor hide others. With `filter` or `segment` ClickHouse finds the products, which learns of
    changes within seconds; what they hold is what they hold now.
    """
    known_parameters("limit", "after", "count", "fields")
    (sort, descending), wanted = sort_of_request(), which_products()
    fields, counted, limit = _fields(), params.flag("count"), params.limit()
    if wanted.is_paged_by_clickhouse:
        return _found_page(wanted, Order(sort, descending), limit, fields, counted)
    plain, place = wanted.resolved(), _place(f"products:{sort}:{descending}")
    page = queries.list_products(
        plain,
        sort=sort,  # type: ignore[arg-type]  # SORTS has only such keys
        descending=descending,
        after=place,
        limit=limit,
    )
    return reply_page(
        [product_json(product, fields) for product in page.products],
        encode_cursor(f"products:{sort}:{descending}", list(page.after)) if page.after else None,
        queries.count_products(plain) if counted else None,
    )


def _found_page(
    wanted: Selection, order: Order, limit: int, fields: frozenset[str] | None, counted: bool | None
) -> Response:
    """A page whose products ClickHouse names and PostgreSQL shows."""
    assert wanted.where is not None  # the caller looked
    purpose = f"products-found:{order.key}:{order.descending}"
    with said_clearly():
        count = count_found(wanted.where) if counted else None
        found = find_page(wanted.where, order, limit=limit, after=_place(purpose))
    return reply_page(
        [product_json(product, fields) for product in queries.products_by_id(found.product_ids)],
        encode_cursor(purpose, list(found.after)) if found.after else None,
        count,
    )


def _place(purpose: str) -> tuple[Any, int] | None:
    """Where the page begins."""
    after = params.text("after")
    if not after:
        return None
    value, product_id = decode_cursor(purpose, after)
    return value, product_id


def _fields() -> frozenset[str] | None:
    names = named_fields()
    return None if names is None else frozenset(names)


def named_fields() -> list[str] | None:
    """The names in `fields`, in their order; None without it."""
    names = params.text("fields", most=20_000)
    return None if names is None else [name.strip() for name in names.split(",")]


@resource.post(
    "/",
    permission="product.write",
    summary="Create a product",
    body=ONE_BODY,
    answers={
        201: Answer("The new product; `Location` is its address.", "Product"),
        409: SKU_TAKEN,
        422: INVALID,
    },
)
def create_product() -> Response:
    """Create a product.

    Values in `data` may be written as people write them (`"19,99 €"`); they come back in the
    form their field's type has.
    """
    given = read_product(read_object())
    with transaction():
        product = service.create_product(given, source="api")
        answer = _one(product, 201)
        answer.headers["Location"] = url_for("api.products_get_product", product_id=product.id)
        return answer


@resource.get(
    "/<int:product_id>/",
    permission="catalog.read",
    summary="Read a product",
    params=[FIELDS],
    answers={200: ONE_PRODUCT, 404: NOT_THERE},
)
def get_product(product_id: int) -> Response:
    """Read a product."""
    params.known_only("fields")
    product = queries.get_product(params.id_of(product_id, "product"))
    return _one(product)


@resource.get(
    "/by-sku/<sku:sku>/",
    permission="catalog.read",
    summary="Read a product by its SKU",
    params=[FIELDS],
    answers={200: ONE_PRODUCT, 404: NOT_THERE},
)
def get_product_by_sku(sku: str) -> Response:
    """Read a product by its SKU.

    The SKU in any case, with its special characters percent-encoded.
    """
    params.known_only("fields")
    if "\0" in sku or printable(sku) != sku:
        raise NotFound("There is no product with this SKU.")
    return _one(queries.get_product_by_sku(sku))


@resource.put(
    "/<int:product_id>/",
    permission="product.write",
    summary="Replace a product's data",
    params=[IF_MATCH],
    body=ONE_BODY,
    answers={200: ONE_PRODUCT, 404: NOT_THERE, 409: SKU_TAKEN, 412: STALE, 422: INVALID},
)
def replace_product(product_id: int) -> Response:
    """Replace a product's data.

    `data` takes the place of all values there were. `sku`, `name` and `active` stay as they are
    when they aren't sent.
    """
    given = read_product(read_object(), data_required=True)
    return _edit(product_id, given, replace_data=True)


@resource.patch(
    "/<int:product_id>/",
    permission="product.write",
    summary="Change some of a product's values",
    params=[IF_MATCH],
    body=Body(dict.fromkeys(PATCH_TYPES, "ProductInput")),
    answers={200: ONE_PRODUCT, 404: NOT_THERE, 409: SKU_TAKEN, 412: STALE, 422: INVALID},
)
def edit_product(product_id: int) -> Response:
    """Change some of a product's values.

    Values in `data` are merged into what is there, field by field; `null` unsets a field.
    """
    return _edit(product_id, read_product(read_object(PATCH_TYPES)), replace_data=False)


def _edit(product_id: int, given: service.ProductInput, *, replace_data: bool) -> Response:
    product_id = params.id_of(product_id, "product")
    with transaction():
        product = _unless_stale(
            lambda: service.edit_product(
                product_id,
                given,
                source="api",
                expected_version=_expected(product_id),
                replace_data=replace_data,
            )
        )
        return _one(product)


@resource.delete(
    "/<int:product_id>/",
    permission="product.delete",
    summary="Delete a product",
    params=[IF_MATCH],
    answers={204: Answer("It is gone."), 404: NOT_THERE, 412: STALE},
)
def delete_product(product_id: int) -> Response:
    """Delete a product."""
    product_id = params.id_of(product_id, "product")
    with transaction():
        _unless_stale(
            lambda: service.delete_product(
                product_id, source="api", expected_version=_expected(product_id)
            )
        )
    return no_content()


def _expected(product_id: int) -> int | None:
    return expected_version(lambda: queries.get_product(product_id).version)


def _unless_stale(write: Callable[[], Answered]) -> Answered:
    """Run a write; where it is refused as stale, show the product as the API shows it."""
    try:
        return write()
    except StaleVersion as stale:
        current = stale.extra.get("current")
        shown = product_json(current) if isinstance(current, Product) else None
        raise StaleVersion(stale.message, current=shown) from stale


def _one(product: Product, status: int = 200) -> Response:
    fields = _fields() if request.method == "GET" else None
    return add_etag(reply(product_json(product, fields), status), product.version)
