"""What ClickHouse counts is what plain SQL counts in PostgreSQL."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pim.analytics import sync
from pim.analytics.client import clickhouse
from pim.analytics.columns import Parameters, Read, read_fixed
from pim.analytics.queries import (
    BUCKETS,
    FacetOf,
    count_products,
    find_spreads,
    find_values,
    search_values,
)
from pim.analytics.registry import tenant_columns
from pim.core.db import db
from pim.products.changes import StagedProduct
from tests.jobs.catalogs import a_catalog, apply, delete, in_clickhouse

COUNT = 400
TEXT_VALUES = "SELECT data ->> :f AS v FROM products WHERE data ->> :f <> ''"
LIST_VALUES = "SELECT jsonb_array_elements_text(data -> :f) AS v FROM products WHERE data ? :f"
PRICE_VALUES = "SELECT data -> :f ->> 'currency' AS v FROM products WHERE data ? :f"


@pytest.fixture
def catalog(in_tenant: int) -> int:
    """A catalog both databases have, some of it edited and deleted since it was made."""
    made = apply(*a_catalog(COUNT))
    sync.sync_tenant(in_tenant)
    apply(*a_catalog(60, seed=2))
    delete(*(outcome.product_id or 0 for outcome in made.outcomes[100:110]))
    sync.sync_tenant(in_tenant)
    return COUNT - 10


def read(field: str, type_name: str, parameters: Parameters | None = None) -> Read:
    return tenant_columns().read(field, type_name, parameters or Parameters())


def in_postgresql(query: str, field: str) -> Counter[str]:
    return Counter(row.v for row in db.session.execute(text(query), {"f": field}))


@pytest.mark.parametrize(
    ("field", "type_name", "query"),
    [
        ("brand", "string", TEXT_VALUES),
        ("page", "url", TEXT_VALUES),
        ("vegan", "boolean", TEXT_VALUES),
        ("tags", "array", LIST_VALUES),
        ("price", "price", PRICE_VALUES),
    ],
)
def test_frequent_values_and_their_counts_are_those_of_plain_sql(
    catalog: int, field: str, type_name: str, query: str
):
    [found] = find_values([FacetOf(read(field, type_name))], Parameters(), top=100)
    wanted = in_postgresql(query, field)
    if type_name == "boolean":
        wanted = Counter({value == "true": count for value, count in wanted.items()})
    assert {each.value: each.count for each in found.top} == dict(wanted)
    assert found.distinct == len(wanted)
    counts = [each.count for each in found.top]
    assert counts == sorted(counts, reverse=True)
    if type_name != "array":
        assert found.without == catalog - sum(wanted.values())


def test_only_the_most_frequent_are_listed_and_the_others_counted(catalog: int):
    [found] = find_values([FacetOf(read("brand", "string"))], Parameters(), top=2)
    everything = in_postgresql(TEXT_VALUES, "brand")
    assert [each.count for each in found.top] == sorted(everything.values(), reverse=True)[:2]
    assert found.distinct == len(everything)


def test_columns_every_product_has_are_counted_too(catalog: int):
    facets = [FacetOf(read_fixed(name)) for name in ("source", "active")]
    source, active = find_values(facets, Parameters())
    assert [(each.value, each.count) for each in source.top] == [("form", catalog)]
    assert [(each.value, each.count) for each in active.top] == [(True, catalog)]


def test_each_facet_has_its_own_condition(catalog: int):
    parameters = Parameters()
    vegan, brand = read("vegan", "boolean"), read("brand", "string")
    lumo = f"{brand.value} = {parameters.bind('Lumo')}"
    narrowed, free = find_values([FacetOf(vegan, lumo), FacetOf(vegan)], parameters)
    wanted = in_postgresql(TEXT_VALUES + " AND data ->> 'brand' = 'Lumo'", "vegan")
    assert {each.value: each.count for each in narrowed.top} == {
        value == "true": count for value, count in wanted.items()
    }
    assert sum(each.count for each in free.top) > sum(wanted.values())
    assert count_products(lumo, parameters) == in_postgresql(TEXT_VALUES, "brand")["Lumo"]


def test_a_field_no_product_has_a_value_of_has_no_values(catalog: int):
    color, spread = FacetOf(read("color", "string")), FacetOf(read("color", "number"))
    [found] = find_values([color], Parameters())
    assert (found.top, found.distinct, found.without) == ((), 0, catalog)
    [numbers] = find_spreads([spread], Parameters())
    assert (numbers.low, numbers.high, numbers.count, numbers.buckets) == (None, None, 0, ())


@pytest.mark.parametrize(
    ("field", "type_name", "currency", "query"),
    [
        ("weight", "number", "", "SELECT (data ->> 'weight')::float8 AS v FROM products"),
        (
            *("price", "price", "EUR"),
            "SELECT (data -> 'price' ->> 'amount')::float8 AS v FROM products "
            "WHERE data -> 'price' ->> 'currency' = 'EUR'",
        ),
        (
            *("prices", "multi_price", "USD"),
            "SELECT (e ->> 'amount')::float8 AS v FROM products, "
            "jsonb_array_elements(data -> 'prices') e WHERE e ->> 'currency' = 'USD'",
        ),
    ],
)
def test_numbers_are_spread_as_plain_sql_finds_them(
    catalog: int, field: str, type_name: str, currency: str, query: str
):
    parameters = Parameters()
    facet = FacetOf(read(field, type_name), currency=currency)
    [found] = find_spreads([facet], parameters)
    numbers = [row.v for row in db.session.execute(text(query)) if row.v is not None]
    low, high = min(numbers), max(numbers)
    assert (found.low, found.high, found.count) == (low, high, len(numbers))
    assert len(found.buckets) == BUCKETS
    wanted = Counter(
        min(int((number - low) * BUCKETS / (high - low)), BUCKETS - 1) for number in numbers
    )
    assert [bucket.count for bucket in found.buckets] == [wanted[n] for n in range(BUCKETS)]


def test_one_single_number_is_one_bucket(in_tenant: int):
    apply(StagedProduct("A", data={"n": 5}), StagedProduct("B", data={"n": 5}))
    sync.sync_tenant(in_tenant)
    [found] = find_spreads([FacetOf(read("n", "number"))], Parameters())
    assert [(each.low, each.high, each.count) for each in found.buckets] == [(5.0, 5.0, 2)]


def test_values_are_found_by_any_part_whatever_the_case_those_that_begin_with_it_first(
    in_tenant: int,
):
    brands = ["Ärger", "kÄrcher", "ÄRMEL", "Lumo", "50%_off\\'"]
    apply(*(StagedProduct(f"S{n}", data={"brand": brand}) for n, brand in enumerate(brands)))
    sync.sync_tenant(in_tenant)

    def typed(text: str) -> list[Any]:
        parameters = Parameters()
        return [
            each.value for each in search_values(read("brand", "string"), text, parameters).values
        ]

    assert typed("är") == ["ÄRMEL", "Ärger", "kÄrcher"]
    assert typed("%_OFF\\'") == ["50%_off\\'"]
    assert typed("nothing") == []


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    value=st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    values=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=10), max_size=4),
    number=st.floats(allow_nan=False, allow_infinity=False),
)
def test_whatever_is_bound_arrives_as_it_is(
    in_tenant: int, value: str, values: list[str], number: float
):
    parameters = Parameters()
    moment = datetime(2026, 2, 3, 4, 5, 6, 789_012, tzinfo=UTC) + timedelta(hours=len(value))
    bound = [
        parameters.bind(value),
        parameters.bind(values, "Array(String)"),
        parameters.bind(number, "Float64"),
        parameters.bind(Decimal(repr(number)), "Float64"),
        parameters.bind(moment, "DateTime64(6, 'UTC')"),
    ]
    [row] = clickhouse().rows(f"SELECT {', '.join(bound)}", parameters.values)
    assert tuple(row) == (value, values, number, number, moment)


def test_a_field_without_a_column_of_its_own_reads_the_same_from_the_json(in_tenant: int):
    pick = random.Random(5)
    apply(*a_catalog(200, seed=pick.randint(1, 9)))
    sync.sync_tenant(in_tenant)
    placed = tenant_columns()
    unplaced = type(placed)(dict.fromkeys(placed.numbers))
    for field, type_name in (
        ("brand", "string"),
        ("weight", "number"),
        ("vegan", "boolean"),
        ("tags", "array"),
        ("price", "price"),
        ("prices", "multi_price"),
        ("brand", "number"),
        ("weight", "string"),
        ("tags", "multi_price"),
        ("prices", "array"),
    ):
        parameters = Parameters()
        fast = placed.read(field, type_name, parameters)
        slow = unplaced.read(field, type_name, parameters)
        assert parameters.values or (field, fast.kind) not in placed.numbers
        pairs = [(fast.value, slow.value), (fast.is_set, slow.is_set)]
        pairs += [(fast.currency, slow.currency)] if fast.currency else []
        pairs += [(fast.locale, slow.locale)] if fast.locale else []
        for quick, by_json in pairs:
            rows = clickhouse().rows(
                f"SELECT sku, {quick}, {by_json} FROM products FINAL WHERE tenant_id = {in_tenant}",
                parameters.values,
            )
            assert [row[:2] for row in rows] == [(row[0], row[2]) for row in rows], (field, quick)
    assert len(in_clickhouse()) == 200
