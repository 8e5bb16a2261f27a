"""Well-known layouts end as products in the catalog: nothing is blanked, lost or miscounted."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from pim.imports.models import ImportJob
from pim.imports.readers.base import Overrides
from tests.factories.identity import TestTenant
from tests.factories.imports import confirm, counts, issues, products, run, suggested, upload
from tests.factories.products import make_vocabulary
from tests.factories.shared_data import shared_data
from tests.factories.workers import fall_silent, killed_in_the_middle

ROWS = 12_000
FIELDS = [
    ("description", "string"),
    ("price", "price"),
    ("color", "string"),
    ("brand", "string"),
    ("images", "array"),
    ("in_stock", "boolean"),
    ("currency", "string"),
]
CURRENCIES = """\
sku,name,price,currency,color
A,Chair,10,USD,oak
B,Lamp,20,USD,brass
A,,9,EUR,
B,,18,EUR,
"""
MAGENTO = """\
sku,store_view_code,product_type,name,description,price,product_online,additional_attributes
M-1,,simple,Bag,A bag,39.00,1,"color=black,size=L"
M-2,,simple,Cup,A cup,5.00,2,color=white
M-1,fr,,Sac,,,,
M-2,fr,,Tasse,,,,
M-9,xx
"""
SHOPIFY = """\
Handle,Title,Vendor,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src
oak-chair,Oak chair,Nordwood,Color,Natural,OC-1,99.00,https://x.test/1.jpg
oak-chair,,,,Black,OC-2,109.00,
oak-chair,,,,,,,https://x.test/2.jpg
lamp,Lamp,Lumo,Color,Brass,L-1,49.00,https://x.test/3.jpg
"""


def bring(
    app: Flask, tenant: TestTenant, text: str, name: str = "c.csv", **options: str
) -> tuple[ImportJob, dict[str, Any]]:
    make_vocabulary(app, tenant, FIELDS)
    job = upload(app, tenant, text, name)
    confirm(app, tenant, job, suggested(job), **options)
    return run(app, tenant, job), products(app, tenant)


@pytest.mark.parametrize("blank", ["keep", "clear"])
def test_rows_of_another_currency_complete_their_products(
    app: Flask, tenant: TestTenant, blank: str
) -> None:
    job, found = bring(app, tenant, CURRENCIES, blank=blank)
    assert (job.status, job.row_count, counts(job)) == ("done", 2, {"created": 2})
    chair = found["A"]
    assert (chair.name, chair.data["color"]) == ("Chair", "oak")
    amounts = {
        price["currency"]: price["amount"]
        for name, price in chair.data.items()
        if name.startswith("price")
    }
    assert amounts == {"EUR": 9, "USD": 10}


def test_importing_it_again_changes_nothing(app: Flask, tenant: TestTenant) -> None:
    bring(app, tenant, CURRENCIES)
    job = upload(app, tenant, CURRENCIES)
    confirm(app, tenant, job, suggested(job))
    assert counts(run(app, tenant, job)) == {"unchanged": 2}


def test_store_views_of_magento_far_from_their_product_complete_it(
    app: Flask, tenant: TestTenant
) -> None:
    job, found = bring(app, tenant, MAGENTO)
    assert (job.row_count, counts(job)) == (3, {"created": 2, "failed": 1})
    assert [(issue.line, issue.code) for issue in issues(app, tenant, job)] == [
        (6, "too_few_cells")
    ]
    bag, cup = found["M-1"], found["M-2"]
    assert (bag.name, bag.data["name_fr"], bag.data["color"]) == ("Bag", "Sac", "black")
    assert (bag.active, cup.active, cup.data["name_fr"]) == (True, False, "Tasse")
    assert bag.data["price"] == {"amount": Decimal("39.00"), "currency": "EUR"}


def test_variants_of_shopify_are_whole_products(app: Flask, tenant: TestTenant) -> None:
    job, found = bring(app, tenant, SHOPIFY)
    assert (job.row_count, counts(job)) == (3, {"created": 3})
    black = found["OC-2"]
    assert (black.name, black.data["brand"], black.data["color"]) == (
        "Oak chair",
        "Nordwood",
        "Black",
    )
    assert black.data["images"] == ["https://x.test/1.jpg", "https://x.test/2.jpg"]


def test_what_was_recognised_can_be_refused(app: Flask, tenant: TestTenant) -> None:
    make_vocabulary(app, tenant, FIELDS)
    job = upload(app, tenant, CURRENCIES, overrides=Overrides(shape="none"))
    confirm(app, tenant, job, suggested(job, sku="sku"))
    done = run(app, tenant, job)
    assert (done.row_count, counts(done)) == (4, {"created": 2, "superseded": 2})


@pytest.mark.parametrize(
    ("path", "created"),
    [
        (("spree", "products.csv"), 123),
        (("woocommerce", "sample_products.csv"), 24),
        (("akeneo_icecat", "products.csv"), 1239),
    ],
)
def test_real_catalogs_come_in_by_their_layout(
    app: Flask, tenant: TestTenant, path: tuple[str, str], created: int
) -> None:
    job = upload(app, tenant, shared_data(*path))
    assert job.dialect["shape"]
    confirm(app, tenant, job, suggested(job))
    done = run(app, tenant, job, synced=False)
    assert counts(done)["created"] == created
    assert "failed" not in counts(done)


def test_no_product_of_a_real_catalog_loses_its_name_to_another_currency(
    app: Flask, tenant: TestTenant
) -> None:
    job = upload(app, tenant, shared_data("spree", "products.csv"))
    confirm(app, tenant, job, suggested(job))
    run(app, tenant, job, synced=False)
    found = products(app, tenant)
    assert sum(1 for product in found.values() if product.name) == 36  # of 37: two are one SKU


def test_prices_of_several_currencies_go_to_a_field_that_holds_several(
    app: Flask, tenant: TestTenant
) -> None:
    make_vocabulary(app, tenant, [("prices", "multi_price")])
    job = upload(app, tenant, CURRENCIES)
    confirm(app, tenant, job, suggested(job))
    assert run(app, tenant, job).error is None
    assert products(app, tenant)["A"].data["prices"] == [
        {"amount": 9, "currency": "EUR"},
        {"amount": 10, "currency": "USD"},
    ]


def test_a_worker_killed_between_rows_of_one_product_loses_and_repeats_nothing(
    app: Flask, tenant: TestTenant
) -> None:
    """All German rows come after all English ones."""
    english = "".join(f"S{n},en,Chair {n},{n}\n" for n in range(ROWS))
    german = "".join(f"S{n},de,Stuhl {n},\n" for n in range(ROWS))
    job = upload(app, tenant, "sku,lang,name,price\n" + english + german)
    confirm(app, tenant, job, suggested(job))
    killed_in_the_middle(app, tenant, job, ROWS)
    fall_silent(app, tenant, job)
    done = run(app, tenant, job)
    assert (done.status, done.row_count, counts(done)) == ("done", ROWS, {"created": ROWS})
    found = products(app, tenant)
    assert all(
        (product.name, product.data["name_de"]) == (f"Chair {sku[1:]}", f"Stuhl {sku[1:]}")
        for sku, product in found.items()
    )
