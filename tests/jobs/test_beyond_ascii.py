"""What a row in ClickHouse says of its product's texts: all ASCII, others, and special ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from pim.analytics import ddl, sync, writer
from pim.analytics.client import ClickHouse, clickhouse
from pim.analytics.folding import BEYOND_ASCII, SPECIAL, beyond_ascii
from pim.analytics.source import touched_by
from pim.devservices.throwaway import Addresses
from pim.products.changes import StagedProduct
from tests.jobs.catalogs import apply, in_clickhouse

TEXTS = {"plain, and \t \\ too": 0, "Bézier – 3 €": 1, "Лампа": 1, "Straße": 2, "50 \u212a": 2}


def products() -> Iterator[StagedProduct]:
    for number, text in enumerate(TEXTS):
        yield StagedProduct(f"name {number}", text)
        yield StagedProduct(f"value {number}", "plain", data={"text": text})
        yield StagedProduct(f"list {number}", "plain", data={"list": ["plain", text]})
        yield StagedProduct(f"sku {number} {text}", "plain")


def said() -> dict[str, int]:
    return dict(in_clickhouse(f"sku, {BEYOND_ASCII}"))


def expected() -> dict[str, int]:
    kinds = list(TEXTS.values())
    return {product.sku: kinds[int(product.sku.split()[1])] for product in products()}


def test_a_row_says_what_characters_the_texts_of_its_product_have(in_tenant: int) -> None:
    apply(*products())
    sync.sync_tenant(in_tenant)
    assert said() == expected()


def test_rows_written_value_by_value_say_the_same(in_tenant: int) -> None:
    made = apply(*products())
    writer.write_values(touched_by([made.change_set_id]), writer.columns_of_tenant())
    assert said() == expected()


@pytest.mark.parametrize("character", SPECIAL)
def test_each_special_character_is_recognised(app: Flask, character: str) -> None:
    with app.app_context():
        found = clickhouse().rows(
            f"SELECT {beyond_ascii(('t', 't'))} FROM (SELECT {{t:String}} AS t)",
            {"t": f"a {character} z"},
        )
    assert found == [(2,)]


def test_rows_from_before_the_column_say_it_after_the_migration(
    services: Addresses, worker_number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = services.clickhouse_url.rpartition("/")[0]
    old = ClickHouse(f"{server}/before_beyond_ascii_{worker_number}")
    with monkeypatch.context() as patched:
        patched.setattr(ddl, "_MIGRATIONS", {1: ddl._MIGRATIONS[1], 2: ddl._MIGRATIONS[2]})
        ddl.migrate(old)
    names = [name for name in ddl.FIXED_COLUMNS if name in ("tenant_id", "product_id", "name")]
    rows = {"tenant_id": [1] * 3, "product_id": [1, 2, 3], "name": ["plain", "é", "ß"]}
    old.insert("products", rows, {name: ddl.FIXED_COLUMNS[name] for name in names})
    for _ in range(2):  # it may be run again
        assert ddl.migrate(old) == 3
    found = old.rows(f"SELECT {BEYOND_ASCII} FROM products FINAL ORDER BY product_id")
    assert found == [(0,), (1,), (2,)]
    old.command(f"DROP DATABASE {old.database}", in_database=False)
