"""PostgreSQL and ClickHouse give the same list: the same products, order, pages and counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from pim.analytics.sync import sync_tenant
from pim.catalog import build, list_clickhouse, list_postgresql, listing
from pim.catalog.filters import Condition, operators_of, read_filters
from pim.catalog.keyset import Key, ListQuery, Place, cut_page
from pim.core.db import db, transaction
from pim.core.errors import Unavailable
from pim.core.tenancy import tenant_scope
from pim.products import write
from pim.products.changes import ChangeSetMeta, StagedProduct
from pim.schema.fields import Field
from pim.schema.queries import current_vocabulary
from pim.segments.dsl.properties import properties_of
from tests.factories.identity import TestTenant, make_tenant
from tests.factories.products import SHOP_FIELDS, make_products, make_vocabulary

TEXTS = (
    "",
    "Lumo",
    "lumo",
    "LUMO & Söhne",
    "ärm",
    "Ärm",
    "ЖУК",
    "жук",
    "100% _x",
    "a\\b'\"",
    "شركة",
    "Straße",
    "STRASSE İ",
    "ΟΔΟΣ",
    "οδος ﬁ",
)
AMOUNTS = ("0", "0.1", "0.10", "9.99", "10", "10.5", "100", "149.5", "1e3")


def _price(amount: str, currency: str) -> dict[str, Any]:
    return {"amount": Decimal(amount).normalize() + 0, "currency": currency}


def _products() -> Iterator[StagedProduct]:
    """A product for every combination that matters, with ties and gaps."""
    for i in range(90):
        data: dict[str, Any] = {}
        if i % 4:
            data["brand"] = TEXTS[1 + i % (len(TEXTS) - 1)]
        if i % 3:
            data["stock"] = Decimal(AMOUNTS[i % len(AMOUNTS)]).normalize() + 0
        if i % 5:
            data["price"] = _price(AMOUNTS[i % len(AMOUNTS)], ["EUR", "USD", "EUR"][i % 3])
        if i % 2:
            data["tags"] = [TEXTS[1 + i % 3], f"t{i % 4}"]
        if i % 7:
            data["organic"] = i % 2 == 0
        if i % 6 == 0:
            data["prices"] = [_price("10", "EUR"), _price(AMOUNTS[i % 9], "USD")]
        data["description"] = f"{TEXTS[i % len(TEXTS)]} Number {i}" if i % 3 else ""
        if not data["description"]:
            del data["description"]
        yield StagedProduct(
            sku=f"{'sS'[i % 2]}-{i * 37 % 90:02}",
            name=TEXTS[i % len(TEXTS)],
            active=bool(i % 5),
            data=data,
        )


@pytest.fixture(scope="module")
def filled(app: Flask) -> TestTenant:
    tenant = make_tenant(app)
    make_vocabulary(app, tenant, SHOP_FIELDS)
    make_products(app, tenant, _products())
    with app.app_context():
        sync_tenant(tenant.id)
    return tenant


@pytest.fixture
def inside(app: Flask, filled: TestTenant) -> Iterator[None]:
    with app.app_context(), tenant_scope(filled.id):
        yield


def query_of(address: str, limit: int = 200) -> ListQuery:
    args = MultiDict([pair.split("=", 1) for pair in address.split("&") if pair])
    asked = build.read_request(args, current_vocabulary())
    assert asked.bad == ()
    return replace(build.query_of(asked), limit=limit)


def ids(keys: list[Key]) -> list[int]:
    return [key.product_id for key in keys]


def same(query: ListQuery) -> int:
    """Both stores agree on the rows, their order and their number; gives the number."""
    here, there = list_postgresql.find_keys(query), list_clickhouse.find_keys(query)
    assert ids(here) == ids(there)
    count = list_postgresql.count_matching(query)
    assert list_clickhouse.count_matching(query) == count
    return count


VALUES = {
    "string": TEXTS[1:],
    "url": TEXTS[1:],
    "array": (*TEXTS[1:4], "t1", "t9"),
    "number": AMOUNTS,
    "price": (*AMOUNTS, "10 EUR", "10.5 USD", "1 CHF"),
    "multi_price": (*AMOUNTS, "10 EUR", "9.99 USD"),
    "boolean": ("",),
    "date": ("2020-01-01", "2100-01-01"),
}
RANGES = {
    "date": ("2020-01-01..2100-01-01", "2020-01-01..2020-01-02"),
    "price": ("0.1..10 EUR", "10..100", "5..5 USD"),
}


def conditions_of(tokens: list[str]) -> tuple[Condition, ...]:
    vocabulary = current_vocabulary()
    properties = properties_of(vocabulary.fields)
    conditions, bad = read_filters(tokens, properties, vocabulary.context("json"))
    assert bad == []
    return tuple(conditions)


def every_filter() -> list[str]:
    """Every operator of every property, with values of each sort."""
    found = []
    for key, prop in properties_of([Field(n, t) for n, t in SHOP_FIELDS]).items():
        for operator in operators_of(prop):
            values: tuple[str, ...] = ("",)
            if operator.arity == "one":
                values = VALUES[prop.kind]
            elif operator.arity == "two":
                values = RANGES.get(prop.kind, ("0.1..10", "10..100", "0..0"))
            found += [f"{key}:{operator.name}:{value}" for value in values]
            if operator.arity == "none" and prop.kind in ("price", "multi_price"):
                found.append(f"{key}:{operator.name}:USD")
    return found


def test_every_operator_means_the_same_in_both(inside: None) -> None:
    for token in every_filter():
        query = ListQuery(conditions=query_of("").conditions, limit=200)
        conditions, bad = build.read_filters(
            [token],
            properties_of(current_vocabulary().fields),
            current_vocabulary().context("json"),
        )
        assert bad == [], token
        same(replace(query, conditions=tuple(conditions)))


def test_a_filter_and_its_opposite_are_together_the_whole_catalog(inside: None) -> None:
    pairs = [
        ("brand:eq:Lumo", "brand:neq:Lumo"),
        ("brand:contains:ä", "brand:does_not_contain:ä"),
        ("stock:between:0.1..10", "stock:not_between:0.1..10"),
        ("price:eq:10 EUR", "price:neq:10 EUR"),
        ("tags:contains:t1", "tags:does_not_contain:t1"),
        ("prices:is_set:USD", "prices:is_not_set:USD"),
        ("name:is_set:", "name:is_not_set:"),
    ]
    for one, other in pairs:
        assert same(query_of(f"f={one}")) + same(query_of(f"f={other}")) == 90, one


@pytest.mark.parametrize(
    "words", ["lumo", "s-0", "ÄRM", "жук", "100%", "_x", "lumo s-", "\\", "strasse", "ΣΟΔ", "FI"]
)
def test_search_means_the_same_in_both(inside: None, words: str) -> None:
    assert same(replace(query_of(""), words=words)) >= 0


SORTS = (
    "sku",
    "name",
    "brand",
    "stock",
    "price",
    "organic",
    "active",
    "updated_at",
    "created_at",
    "source",
    "ai_readability_score",
    "description",
)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("store", [list_postgresql, list_clickhouse], ids=["pg", "ch"])
def test_pages_hold_every_product_once_in_both_directions(
    inside: None, sort: str, sign: str, store: Any
) -> None:
    query = query_of(f"sort={sign}{sort}", limit=13)
    everything = ids(list_postgresql.find_keys(replace(query, limit=200)))
    seen: list[int] = []
    place: Place | None = None
    while True:
        page, edges = cut_page(
            store.find_keys(replace(query, place=place)), replace(query, place=place)
        )
        seen += ids(page)
        last, place = edges, edges.after
        if place is None:
            break
    assert seen == everything
    back = ids(page)
    while last.before is not None:
        query_back = replace(query, place=last.before)
        page, last = cut_page(store.find_keys(query_back), query_back)
        back = ids(page) + back
    assert back == everything


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    tokens=st.lists(st.sampled_from(every_filter()), max_size=4),
    sort=st.sampled_from(SORTS),
    descending=st.booleans(),
)
def test_any_combination_of_filters_and_order_is_the_same_in_both(
    inside: None, tokens: list[str], sort: str, descending: bool
) -> None:
    by = properties_of(current_vocabulary().fields)[sort]
    same(ListQuery(conditions=conditions_of(tokens), sort=by, descending=descending, limit=200))


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the catalog were one of the large ones, which ClickHouse searches."""
    monkeypatch.setattr(listing, "SMALL_CATALOG", 10)


def test_a_large_catalog_is_searched_by_clickhouse_and_shown_by_postgresql(
    inside: None, large: None
) -> None:
    found = listing.find_page(query_of("f=brand:contains:lumo&sort=-price", limit=5))
    assert (found.store, found.degraded, found.in_catalog) == ("clickhouse", False, 90)
    assert [p.id for p in found.products] == ids(
        list_postgresql.find_keys(query_of("f=brand:contains:lumo&sort=-price", limit=4))
    )


def test_without_clickhouse_a_large_catalog_is_still_searched(
    inside: None, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise Unavailable("ClickHouse does not answer.")

    usual = listing.find_page(query_of("f=brand:contains:lumo&sort=name"))
    monkeypatch.setattr(list_clickhouse, "tenant_rows", away)
    monkeypatch.setattr(list_clickhouse, "count_products", away)
    found = listing.find_page(query_of("f=brand:contains:lumo&sort=name"))
    assert [p.id for p in found.products] == [p.id for p in usual.products]
    assert (found.store, found.degraded, found.total) == ("postgresql", True, usual.total)
    whole = listing.find_page(query_of(""))
    assert (whole.at_least, whole.degraded) == (True, True)


def test_what_an_import_touched_is_of_all_products_of_a_large_catalog(
    inside: None, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise Unavailable("ClickHouse does not answer.")

    found = listing.find_page(query_of("import_id=1"))
    assert (found.in_catalog, found.capped) == (90, False)
    monkeypatch.setattr(list_clickhouse, "count_products", away)
    found = listing.find_page(query_of("import_id=1"))
    assert (found.in_catalog, found.capped) == (11, True)


def test_a_list_that_takes_too_long_without_clickhouse_says_so(
    inside: None, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise Unavailable("ClickHouse does not answer.")

    def slow(*_: Any) -> Any:
        return db.session.execute(text("SELECT pg_sleep(5)")).all()

    monkeypatch.setattr(list_clickhouse, "find_keys", away)
    monkeypatch.setattr(list_postgresql, "find_keys", slow)
    monkeypatch.setattr(listing, "SLOWEST_MS", 50)
    with pytest.raises(listing.TooSlow, match="Narrow it down"):
        listing.find_page(query_of("sort=name"))


def test_a_product_that_is_gone_since_clickhouse_saw_it_is_not_shown(
    app: Flask, large: None
) -> None:
    tenant = make_tenant(app)
    made = make_products(app, tenant, [StagedProduct(sku=f"G-{i}", name="Lamp") for i in range(12)])
    with app.app_context():
        sync_tenant(tenant.id)
        with tenant_scope(tenant.id):
            with transaction():
                write.delete_products(ChangeSetMeta("form"), made[:1])
            found = listing.find_page(query_of("q=lamp"))
            assert {p.id for p in found.products} == set(made[1:])
