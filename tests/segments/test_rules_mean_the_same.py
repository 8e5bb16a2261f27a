"""ClickHouse finds the products a rule means, and no others.

Random rules over random products, compared with an evaluator in plain Python. PIM_RULES says how
many rules (1,000 unless told): `PIM_RULES=10000 pytest tests/segments/test_rules_mean_the_same.py`.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from pim.analytics.client import TENANT, clickhouse, tenant_rows
from pim.analytics.columns import Parameters, TenantColumns
from pim.analytics.registry import tenant_columns
from pim.analytics.sync import sync_tenant
from pim.core.db import db, transaction
from pim.core.tenancy import current_tenant_id, tenant_scope
from pim.products.changes import StagedProduct
from pim.schema.fields import Field, Vocabulary
from pim.schema.types import dumps, loads
from pim.segments.dsl import Known, PrintScope, SegmentRef, in_words, print_where, read_rule
from tests.factories.identity import TestTenant, make_tenant
from tests.factories.products import make_products, make_vocabulary
from tests.segments import random_rules as rules
from tests.segments.evaluator import Bought, Seen, World, evaluate

RULES = int(os.environ.get("PIM_RULES", "1000"))
PRODUCTS, TOGETHER = 1_000, 25
GENERATIONS = {1: 4, 2: 1}
KNOWN = Known(
    Vocabulary(tuple(Field(name, kind) for name, kind in rules.TYPES.items())),
    {number: SegmentRef(number, f"Segment {number}") for number in rules.SEGMENTS},
    {"vip": "Good customers"},
)


@pytest.fixture(scope="module")
def world(app: Flask) -> Iterator[World]:
    pick = random.Random(11)
    tenant = make_tenant(app)
    make_vocabulary(app, tenant, rules.TYPES.items())
    staged = [
        StagedProduct(
            f"{pick.choice('rR')}-{number}",
            pick.choice((*rules.TEXTS, "")),
            active=pick.random() < 0.6,
            data=rules.a_product(pick),
        )
        for number in range(PRODUCTS)
    ]
    ids = make_products(app, tenant, staged)
    with app.app_context(), tenant_scope(tenant.id):
        seen = _fixed_columns(ids, pick)
        sync_tenant(tenant.id)
        members = {number: {i for i in ids if pick.random() < 0.3} for number in GENERATIONS}
        users = {"vip": {"ann", "bob"}, "O'Neil": {"cy", "Dé"}}
        events = [_event(pick) for _ in range(300)]
        _store(tenant, members, users, events)
        db.session.rollback()
        yield World(seen, rules.TYPES, rules.NOW, "EUR", members, users, events)


def _fixed_columns(ids: list[int], pick: random.Random) -> list[Seen]:
    """Give the products moments and scores of all sorts; what they hold in the end."""
    with transaction():
        for number in ids:
            values = {
                "id": number,
                "created": rules.a_moment(pick),
                "updated": rules.a_moment(pick),
                "score": pick.choice((None, 0, 50, 99.5)),
            }
            db.session.execute(
                text(
                    "UPDATE products SET created_at = :created, updated_at = :updated, "
                    "ai_readability_score = :score WHERE id = :id"
                ),
                values,
            )
    found = db.session.execute(
        text(
            "SELECT id, sku, name, active, source, created_at, updated_at, ai_readability_score, "
            "data::text AS data FROM products"
        )
    )
    return [Seen(row["id"], row, loads(row["data"])) for row in map(dict, found.mappings())]


def _event(pick: random.Random) -> Bought:
    sku = f"{pick.choice('rR')}-{pick.randrange(PRODUCTS)}"
    properties: dict[str, Any] = {"product_id": f" {sku} ", "sku's": sku, "items": [sku, "r-5"]}
    return Bought(
        pick.choice(rules.USERS),
        pick.choice(("order_completed", "product_viewed", "wished")),
        rules.a_moment(pick),
        {name: value for name, value in properties.items() if pick.random() < 0.8},
    )


def _store(
    tenant: TestTenant, members: dict[int, set[int]], users: dict[str, set[str]], events: Any
) -> None:
    server = clickhouse()
    for number, its in members.items():
        server.command(
            "INSERT INTO product_membership_sets (tenant_id, segment_id, generation, members) "
            "SELECT {t:UInt64}, {s:UInt64}, {g:UInt64}, "
            "groupBitmapState(arrayJoin({m:Array(UInt64)}))",
            {"t": tenant.id, "s": number, "g": GENERATIONS[number], "m": sorted(its)},
        )
    pairs = [(segment, user) for segment, its in users.items() for user in its]
    pairs += [("vip", "gone")]
    count = len(pairs)
    server.insert(
        "segment_memberships",
        {
            "tenant_id": [tenant.id] * count,
            "segment_id": [segment for segment, _ in pairs],
            "user_id": [user for _, user in pairs],
            "version": [1] * count,
            "deleted": [int(user == "gone") for _, user in pairs],
        },
        {
            **{"tenant_id": "UInt64", "segment_id": "String", "user_id": "String"},
            **{"version": "UInt64", "deleted": "UInt8"},
        },
    )
    server.insert(
        "events",
        {
            "tenant_id": [tenant.id] * len(events),
            "event_id": [str(number) for number in range(len(events))],
            "event_type": [event.event_type for event in events],
            "user_id": [event.user for event in events],
            "timestamp": [event.at for event in events],
            "properties": [json.dumps(event.properties) for event in events],
        },
        {
            **{"tenant_id": "UInt64", "event_id": "String", "event_type": "String"},
            **{"user_id": "String", "timestamp": "DateTime64(6, 'UTC')", "properties": "String"},
        },
    )


def found_by_clickhouse(
    definitions: list[Any], tenant: int, columns: TenantColumns
) -> list[set[int]]:
    """The products of each rule, by the printed conditions."""
    parameters = Parameters()
    scope = PrintScope(tenant, rules.NOW, GENERATIONS)
    selects = []
    for definition in definitions:
        rule = read_rule(definition, KNOWN)
        assert in_words(rule)
        where = print_where(rule, columns, scope, parameters)
        selects.append(f"groupArrayIf(product_id, {where.sql})")
    sql = f"SELECT {', '.join(selects)} FROM products FINAL WHERE {TENANT}"
    return [set(ids) for ids in tenant_rows(sql, parameters.values)[0]]


def batches(seed: int, count: int) -> Iterator[list[Any]]:
    pick = random.Random(seed)
    # As they come out of a request: numbers are whole or Decimals.
    made = (loads(dumps(rules.a_definition(pick))) for _ in range(count))
    while batch := list(islice(made, TOGETHER)):
        yield batch


def compare(world: World, columns: TenantColumns, count: int) -> list[int]:
    """How many products each of so many rules finds, after comparing which they are."""
    sizes = []
    for batch in batches(int(os.environ.get("PIM_SEED", "1")), count):
        found = found_by_clickhouse(batch, current_tenant_id(), columns)
        for definition, products in zip(batch, found, strict=True):
            meant = evaluate(definition, world)
            assert products == meant, explained(definition, world, products, meant)
            sizes.append(len(meant))
    return sizes


def test_a_rule_finds_the_same_products_in_clickhouse_as_in_plain_python(world: World) -> None:
    sizes = compare(world, tenant_columns(), RULES)
    telling = sum(0 < size < PRODUCTS for size in sizes)
    assert telling > len(sizes) * 0.6


def test_fields_without_columns_of_their_own_are_read_as_the_same_values(world: World) -> None:
    in_json = TenantColumns(dict.fromkeys(tenant_columns().numbers))
    compare(world, in_json, RULES // 10)


def test_the_largest_rule_there_may_be_is_answered(world: World) -> None:
    skus = [f"r-{number}" for number in range(4_999)]
    condition = {"type": "product_attribute", "property": "sku", "operator": "in"}
    word = {**condition, "property": "description", "operator": "matches_any_word"}
    words = [f"word{number}'s" for number in range(100)]
    few = [{**condition, "value": skus[:50]} for _ in range(180)]
    lists = [{**condition, "value": ["no'\\", *skus]}] * 10 + [{**word, "value": words}] * 10
    definition = {"logic": "or", "conditions": [*lists, *few]}
    (found,) = found_by_clickhouse([definition], current_tenant_id(), tenant_columns())
    assert found == world.everything


def explained(definition: Any, world: World, found: set[int], meant: set[int]) -> str:
    """The rule, and a product about which the two disagree."""
    wrong = next(iter(found ^ meant))
    product = next(each for each in world.products if each.id == wrong)
    said = "found" if wrong in found else "not found"
    return f"{dumps(definition)}\n{said}: {product}"
