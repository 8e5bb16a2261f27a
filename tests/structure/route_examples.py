"""What the permission matrix puts into addresses: an object of a tenant for each argument.

A route with a new kind of argument gets a line in `EXAMPLES` here, and one in `BODIES` when it
looks at its input before it looks for the object. Nothing else is to be done: the routes
themselves are found in the URL map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from sqlalchemy import select

from pim.core.db import db, transaction
from pim.core.tenancy import tenant_scope
from pim.identity import service as identity
from pim.identity.models import UserSession
from pim.identity.permissions import Role
from pim.identity.tokens import token_hash
from pim.imports import profiles
from pim.imports.profile_rules import parse_draft
from pim.products import deleting
from pim.products import service as products
from pim.products.service import ProductInput
from pim.schema import service as schema
from pim.schema.queries import current_vocabulary
from pim.segments import ingest
from pim.segments import service as segments
from tests.factories.identity import Person, TestTenant, make_member, make_session, unique
from tests.factories.imports import upload

Example = Callable[[Flask, TestTenant, Person], object]


def member(app: Flask, tenant: TestTenant, person: Person) -> int:
    return make_member(app, tenant, Role.VIEWER).id


def api_key(app: Flask, tenant: TestTenant, person: Person) -> int:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        return identity.create_api_key("Example", Role.VIEWER)[0].id


def sign_in(app: Flask, tenant: TestTenant, person: Person) -> int:
    """Another sign-in of the person who asks, not the one they ask with."""
    hashed = token_hash(make_session(app, person, tenant))
    with app.app_context():
        found = db.session.scalar(select(UserSession.id).where(UserSession.token_hash == hashed))
    assert found is not None
    return found


def product_id(app: Flask, tenant: TestTenant, person: Person) -> int:
    return _product(app, tenant)[0]


def product_sku(app: Flask, tenant: TestTenant, person: Person) -> str:
    return _product(app, tenant)[1]


def _product(app: Flask, tenant: TestTenant) -> tuple[int, str]:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        made = products.create_product(ProductInput(sku=unique("SKU"), name="Lamp"), source="api")
        return made.id, made.sku


def schema_field(app: Flask, tenant: TestTenant, person: Person) -> str:
    name = unique("field").replace("-", "_")
    with app.app_context(), tenant_scope(tenant.id), transaction():
        schema.change_schema(schema.added_field({"name": name, "type": "string"}))
    return name


def import_id(app: Flask, tenant: TestTenant, person: Person) -> int:
    return upload(app, tenant, "sku,name\nLAMP-1,Lamp\n", "lamps.csv").id


def profile_id(app: Flask, tenant: TestTenant, person: Person) -> int:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        body = {"name": unique("Saved"), "mapping": {"sku": "sku"}}
        return profiles.create_profile(parse_draft(body, current_vocabulary())).id


def segment_id(app: Flask, tenant: TestTenant, person: Person) -> int:
    rule = {"type": "product_attribute", "property": "active", "operator": "is_true"}
    with app.app_context(), tenant_scope(tenant.id), transaction():
        definition = {"logic": "and", "conditions": [rule]}
        return segments.create_segment(unique("Segment"), definition).id


def deletion_id(app: Flask, tenant: TestTenant, person: Person) -> int:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        return deleting.delete_skus([]).id


def user_segment_id(app: Flask, tenant: TestTenant, person: Person) -> str:
    with app.app_context(), tenant_scope(tenant.id), transaction():
        return ingest.replace_user_segment(unique("users"), []).segment.id


def tool_name(app: Flask, tenant: TestTenant, person: Person) -> str:
    return "list_product_segments"


# argument of an address: what stands there
EXAMPLES: dict[str, Example] = {
    "user_id": member,
    "key_id": api_key,
    "session_id": sign_in,
    "product_id": product_id,
    "sku": product_sku,
    "name": schema_field,
    "import_id": import_id,
    "profile_id": profile_id,
    "segment_id": segment_id,
    "deletion_id": deletion_id,
    "user_segment_id": user_segment_id,
    "tool_name": tool_name,
}

# Arguments that name nothing of another tenant's: words of ours, or of whoever asks.
NOBODYS = frozenset({"tool_name", "user_segment_id"})

# (method, address): what `client.open` gets, where an empty body would be refused first
BODIES: dict[tuple[str, str], Mapping[str, Any]] = {
    ("POST", "/settings/people/<id:user_id>/role"): {"data": {"role": "editor"}},
    ("POST", "/pim/schema/fields/<string:name>/move"): {"data": {"direction": "up"}},
    ("POST", "/pim/<int:product_id>"): {
        "query_string": {"edit": "fixed-name"},
        "data": {"v-fixed-name": "Desk lamp"},
    },
    ("PUT", "/api/pim/products/<int:product_id>/"): {
        "json": {"sku": unique("SKU"), "name": "Lamp", "data": {}}
    },
    ("PATCH", "/api/pim/products/<int:product_id>/"): {"json": {"name": "Lamp"}},
    ("POST", "/api/pim/import/<int:import_id>/confirm/"): {"json": {"mapping": {"sku": "sku"}}},
    ("POST", "/api/pim/import/<int:import_id>/absent/"): {"json": {"deactivate": False}},
    ("POST", "/api/pim/import/<int:import_id>/check/"): {"json": {"mapping": {"sku": "sku"}}},
    ("PUT", "/api/pim/import/profiles/<int:profile_id>/"): {
        "json": {"name": unique("Saved"), "mapping": {"sku": "sku"}}
    },
    ("PUT", "/api/pim/segments/<int:segment_id>/"): {"json": {}},
    ("PATCH", "/api/pim/segments/<int:segment_id>/"): {"json": {"description": "Changed"}},
    ("PUT", "/api/pim/user-segments/<sku:user_segment_id>/members/"): {
        "json": {"user_ids": ["ada"]}
    },
    ("POST", "/api/copilot/tools/<string:tool_name>/"): {"json": {}},
}
