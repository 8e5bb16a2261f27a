"""What ClickHouse takes out of PostgreSQL's text is what the projector makes of it, to the bit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from pim.analytics import source, writer
from pim.analytics.client import ClickHouseFailed, clickhouse, tenant_rows
from pim.analytics.extract import UNUSUAL
from pim.core.db import db, transaction
from pim.products.changes import StagedProduct
from tests.jobs.catalogs import apply

FIELDS = (
    "brand",
    "weight",
    "tags",
    "price",
    "a.b",
    "",
    "ünï 'q'",
    "1",
    "amount",
    "null",
    'x"y',
    "`",
)
NAMEABLE = (
    "brand",
    "weight",
    "tags",
    "price",
    "a.b",
    "ünï",
    "1",
    "amount",
    "size0",
    "currency",
    'x"y',
)

texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20
) | st.sampled_from(
    ["", "12", "-1.5", "true", "null", "[]", "{}", '"', "\\", "a\tb\nc\\N", "\\n", "1e5"]
)
whole = st.integers(-(2**63) + 1, 2**63 - 1).filter(lambda n: len(str(abs(n))) < 19)
amounts = whole | st.decimals(-(10**17), 10**17, places=4) | st.just(0)
prices = st.fixed_dictionaries(
    {"amount": amounts, "currency": texts}, optional={"locale": texts | st.none()}
)
kinds = {
    "text": texts,
    "number": amounts,
    "flag": st.booleans(),
    "list": st.lists(texts, max_size=4),
    "price": prices,
    "prices": st.lists(prices, max_size=3),
}
usual = st.one_of(*kinds.values()).filter(lambda value: value != [])
strange = st.sampled_from(
    [
        *({}, [], None, {"amount": "12"}, {"amount": 1, "currency": None}, [1], ["a", 1], [[]]),
        *({"amount": 1, "currency": "EUR", "more": 2}, [{"amount": 1}], {"currency": "EUR"}),
        *({"amount": True, "currency": "EUR"}, [None], ["a", None], 10**30, -(10**19), 2**64),
        *([10**25], {"amount": 10**25, "currency": "EUR"}, 10**400, Decimal("1e-400")),
        *(
            "12345678901234567890",
            '", 12345678901234567890',
            ["a", 10**25],
            ["a", 1, 10**25],
            "x" * 100_000,
            {"a": {"b": 1}},
        ),
        *({"amount": 1, "locale": 2, "currency": "EUR"}, ["a", ["b"]], [{"amount": 1}, "a"]),
    ]
)


@pytest.fixture
def no_merges(in_tenant: int) -> Iterator[None]:
    """Rows of the same product and version stay side by side."""
    clickhouse().command("SYSTEM STOP MERGES products")
    yield
    clickhouse().command("SYSTEM START MERGES products")


numbers = count()


def stored(documents: list[dict[str, Any]]) -> int:
    """Write products with these documents; the change set."""
    rows = [StagedProduct(f"X-{next(numbers)}", "x\t\\N\n", data=data) for data in documents]
    return apply(*rows).change_set_id


def taken_out(change_set: int) -> bool:
    """Bring a change set as lines; whether ClickHouse took the values out itself."""
    with transaction():
        try:
            writer._write_lines(
                clickhouse(), source.touched_by([change_set]), writer.columns_of_tenant()
            )
        except ClickHouseFailed as error:
            if UNUSUAL not in str(error):
                raise
            return False
        return True


def projected(change_set: int) -> None:
    """Bring a change set as values, projected here."""
    with transaction():
        writer.write_values(source.touched_by([change_set]), writer.columns_of_tenant())


def rows_of(change_set: int) -> tuple[int, int]:
    """How many rows its products have, and how many different ones."""
    where = "SELECT id FROM products WHERE created_change_set_id = :change_set"
    with transaction():
        ids = list(db.session.execute(text(where), {"change_set": change_set}).scalars())
    [row] = tenant_rows(
        "SELECT count(), uniqExact(tuple(*)) FROM products WHERE tenant_id = {tenant:UInt64} "
        "AND product_id IN {ids:Array(UInt64)}",
        {"ids": ids},
    )
    return row[0], row[1]


in_one_tenant = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)


@in_one_tenant
@given(
    documents=st.lists(st.dictionaries(st.sampled_from(NAMEABLE), usual, max_size=6), min_size=1)
)
def test_usual_values_are_taken_out_by_clickhouse_as_the_projector_would(
    in_tenant: int, no_merges: None, documents: list[dict[str, Any]]
):
    change_set = stored(documents)
    assert taken_out(change_set)
    projected(change_set)
    assert rows_of(change_set) == (2 * len(documents), len(documents))


@in_one_tenant
@given(
    documents=st.lists(
        st.dictionaries(st.sampled_from(FIELDS), usual | strange, max_size=6), min_size=1
    )
)
def test_whatever_clickhouse_takes_out_is_what_the_projector_would(
    in_tenant: int, no_merges: None, documents: list[dict[str, Any]]
):
    change_set = stored(documents)
    there = 2 if taken_out(change_set) else 1
    projected(change_set)
    assert rows_of(change_set) == (there * len(documents), len(documents))
