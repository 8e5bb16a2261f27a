"""What columns of nested formats are about: `beschreibung.kurz`, `price.currency`."""

from __future__ import annotations

import pytest

from pim.imports.heuristics.concepts import meanings
from pim.imports.heuristics.words import read_header


def concept(header: str) -> str | None:
    found = meanings(read_header(header))
    return found[0].concept if found else None


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("ARTICLE_DETAILS.EAN", "gtin"),
        ("product.details.weight", "weight"),
        ("offer.price.price_amount", "price"),
        ("g:price", "price"),
        ("c:produit.c:prix", "price"),
        ("description.short", "short_description"),
        ("beschreibung.kurz", "short_description"),
        ("beschreibung.lang", "description"),
        ("preis.brutto", "price"),
        ("weight.value", "weight"),
        ("price.amount", "price"),
        ("preis.betrag", "price"),
        ("price.currency", "currency"),
        ("prix.devise", "currency"),
        ("preis.waehrung", "currency"),
        ("brand.name", "brand"),
        ("vendor.title", "brand"),
        ("categories.category", "category"),
        ("categories.categorie", "category"),
        ("tags.tag", "tags"),
        ("photos.photo", "images"),
        ("bilder.bild.url", "images"),
        ("images.main.src", "image_url"),
        ("name.de", "name"),
        ("title.en", "name"),
        ("price.EUR", "price"),
        ("codigo_barras", "gtin"),
        ("codigo producto", "sku"),
        ("description_short", "short_description"),
        ("groesse", "size"),
        ("data.prices.promo.amount", "sale_price"),
        ("data.prices.purchase.amount", "cost"),
        ("data.prices.list.currency", "currency"),
        ("masterVariant.attributes.ean", "gtin"),
        ("product.dimensions.overall.w", "width"),
        ("size.height", "height"),
        ("weight.kg", "weight"),
        ("seo.metaTitle", "meta_title"),
        ("meta.description", "meta_description"),
        ("barcodes.0.value", "gtin"),
    ],
)
def test_a_nested_value_is_what_it_is_with_its_parents(header: str, meant: str) -> None:
    assert concept(header) == meant


@pytest.mark.parametrize(
    "header",
    [
        "shipping.price",
        "supplier.name",
        "parent.sku",
        "brand.id",
        "reviews.title",
        "seller.url",
        "manufacturer.address.name",
        "dimensions.unit",
        "related.product.price",
        "price.valid_from",
        "price.unit",
        "image.alt",
        "stock.minimum",
    ],
)
def test_a_value_of_something_else_is_not_taken_for_the_products(header: str) -> None:
    assert concept(header) is None


def test_a_nested_language_or_currency_is_known_as_one() -> None:
    assert read_header("name.de").locale == "de"
    assert read_header("name.de_AT").locale == "de_AT"
    assert read_header("prices.USD").currency == "USD"
    assert read_header("size.it.label").locale is None
