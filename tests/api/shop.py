"""A small shop over the API: its fields, products that ClickHouse has, and rules about them."""

from __future__ import annotations

from typing import Any

from pim.analytics import sync
from pim.core.tenancy import tenant_scope
from tests.api.conftest import BULK, Api
from tests.factories.products import make_vocabulary

SEGMENTS = "/api/pim/segments/"
FIELDS = (("brand", "string"), ("stock", "number"), ("price", "price"), ("tags", "array"))


def open_shop(api: Api, count: int = 20) -> Api:
    """Products P-00, P-01 …: their stock is their number, every second one is of Lumo."""
    make_vocabulary(api.app, api.tenant, FIELDS)
    put(api, *(a_product(number) for number in range(count)))
    return api


def a_product(number: int, **more: Any) -> dict[str, Any]:
    """One product as `bulk/` takes it."""
    brand = "Lumo" if number % 2 == 0 else "Fjord"
    price = {"amount": number, "currency": "EUR"}
    found = {"sku": f"P-{number:02}", "name": f"Lamp {number}", "brand": brand, "stock": number}
    return {**found, "price": price, "tags": ["lamp"], **more}


def put(api: Api, *products: dict[str, Any]) -> None:
    """Write products and bring them to ClickHouse."""
    answer = api.post(BULK, {"products": list(products)})
    assert answer.json["failed"] == 0, answer.text
    catch_up(api)


def catch_up(api: Api) -> None:
    """Let ClickHouse learn of every change there was."""
    with api.app.app_context(), tenant_scope(api.tenant.id):
        sync.sync_tenant(api.tenant.id)


def where(prop: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    """A condition on a property."""
    written = {"type": "product_attribute", "property": prop, "operator": operator, **more}
    return written if value is None else {**written, "value": value}


def every(*conditions: dict[str, Any]) -> dict[str, Any]:
    """A rule all of whose conditions have to hold."""
    return {"logic": "and", "conditions": list(conditions)}


def either(*conditions: dict[str, Any]) -> dict[str, Any]:
    """A rule one of whose conditions has to hold."""
    return {"logic": "or", "conditions": list(conditions)}


LUMO = every(where("brand", "eq", "Lumo"))


def made(api: Api, name: str = "Lumo", definition: Any = LUMO, **more: Any) -> dict[str, Any]:
    """A segment that was created."""
    answer = api.post(SEGMENTS, {"name": name, "definition": definition, **more})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def one(segment: dict[str, Any], rest: str = "") -> str:
    """A segment's address."""
    return f"{SEGMENTS}{segment['id']}/{rest}"
