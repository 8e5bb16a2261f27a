"""A product as the API shows and reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from pim.api.json import printable
from pim.core.errors import FieldError, Invalid
from pim.products.models import Product
from pim.products.service import ProductInput

READ_ONLY = frozenset(
    {"id", "source", "ai_readability_score", "version", "created_at", "updated_at"}
)
FIXED = ("sku", "name", "active")


def product_json(product: Product, fields: frozenset[str] | None = None) -> dict[str, Any]:
    """A product's JSON; with `fields`, `data` holds no others."""
    data = product.data
    if fields is not None:
        data = {name: value for name, value in data.items() if name in fields}
    return {
        "id": product.id,
        "sku": product.sku,
        "name": product.name,
        "data": data,
        "active": product.active,
        "source": product.source,
        "ai_readability_score": product.ai_readability_score,
        "version": product.version,
        "created_at": product.created_at.astimezone(UTC),
        "updated_at": product.updated_at.astimezone(UTC),
    }


def read_product(body: Mapping[str, Any], *, data_required: bool = False) -> ProductInput:
    """A product that was sent by itself: values in `data`; what only we write is passed over.

    Raises Invalid for members nobody knows, so that a value outside `data` isn't lost in silence.
    """
    errors = [_unknown(name) for name in body if name not in {*FIXED, "data", *READ_ONLY}]
    data = body.get("data")
    if not isinstance(data, Mapping) and (data is not None or data_required):
        errors.append(FieldError("/data", "not_an_object", "data has to be an object."))
    if "active" in body and body["active"] is None:
        errors.append(FieldError("/active", "required", "active has to be true or false."))
    if errors:
        raise Invalid(errors)
    name = "" if "name" in body and body["name"] is None else body.get("name")
    return ProductInput(sku=body.get("sku"), name=name, active=body.get("active"), data=data or {})


def _unknown(name: str) -> FieldError:
    shown = printable(name)
    message = f"“{shown[:60]}” isn't a member of a product. Its values belong into “data”."
    return FieldError(f"/{shown}", "unknown_member", message)


def read_bulk_item(item: Any, path: str, errors: tuple[FieldError, ...] = ()) -> ProductInput:
    """A product of a bulk request: all beyond `sku`, `name` and `active` are its values."""
    if not isinstance(item, dict):
        message = "A product has to be a JSON object."
        return ProductInput(path=path, errors=(FieldError(path, "not_an_object", message),))
    values = {name: value for name, value in item.items() if name not in FIXED}
    return ProductInput(
        sku=item.get("sku"),
        name=item.get("name"),
        active=item.get("active"),
        data=values,
        path=path,
        data_path="",
        errors=errors,
    )
