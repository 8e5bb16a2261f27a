"""The shapes that are recognised. A new one is one entry here.

`fits` says why a file has a shape, or gives None; `plan` says what to do about it, or gives None
when it can't be done. The first that fits is taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pim.imports.shapes import plans, prices
from pim.imports.shapes.attributes import name_value_pairs
from pim.imports.shapes.kinds import by_currency, by_language
from pim.imports.shapes.look import Look
from pim.imports.shapes.shaping import Shaping

_SCOPED = re.compile(r".+-[a-z]{2,3}_[A-Z]{2}(-.+)?")
_WITH_CURRENCY = re.compile(r".+-[A-Z]{3}")


@dataclass(frozen=True, slots=True)
class Shape:
    """One entry of the registry."""

    name: str
    label: str
    fits: Callable[[Look], str | None]
    plan: Callable[[Look], Shaping | None]


def _shopify(look: Look) -> str | None:
    handle = look.column("handle", "url_handle")
    variant = look.has(
        "variant_sku", "variant_price", "option1_value", "variant_inventory_qty", "image_src",
        "variant_grams", "product_image_url", "body_html",
    )  # fmt: skip
    if handle and look.has("title") and variant >= 2:
        return f"Columns of Shopify, with variants below each other under one “{handle}”."
    return None


def _woocommerce(look: Look) -> str | None:
    known = look.has(
        "regular_price", "visibility_in_catalog", "is_featured", "tax_status", "in_stock",
        "backorders_allowed", "sold_individually", "allow_customer_reviews", "cross_sells",
        "date_sale_price_starts", "shipping_class", "published", "purchase_note",
    )  # fmt: skip
    pairs = name_value_pairs(look.headers)
    if known >= 5 or (known >= 2 and any("attribute" in pair.name.lower() for pair in pairs)):
        return "Columns of WooCommerce."
    return None


def _magento(look: Look) -> str | None:
    known = look.has(
        "store_view_code", "attribute_set_code", "additional_attributes", "product_websites",
        "product_online", "tax_class_name", "url_key", "product_type", "special_price",
        "additional_images",
    )  # fmt: skip
    if (
        look.has("sku")
        and known >= 2
        and look.has(
            "store_view_code", "additional_attributes", "attribute_set_code", "product_online"
        )
    ):
        return "Columns of Magento."
    return None


def _unopim(look: Look) -> str | None:
    if look.has("locale", "channel", "sku") == 3 and look.has(
        "attribute_family", "configurable_attributes"
    ):
        return "Columns of UnoPim: a row per channel and language."
    return None


def _akeneo(look: Look) -> str | None:
    scoped = [header for header in look.headers if _SCOPED.fullmatch(header)]
    priced = [header for header in look.headers if _WITH_CURRENCY.fullmatch(header)]
    united = [header for header in look.headers if f"{header}-unit" in look.headers]
    ours = look.has("family", "enabled", "categories", "groups", "parent", "family_variant")
    named = look.has("sku", "identifier", "code", "uuid")
    example = next(iter([*scoped, *priced, *united]), None)
    if named and example and ours >= 2:
        return f"Columns of Akeneo, as “{example}”."
    return None


def _google(look: Look) -> str | None:
    known = sum(
        look.has(f"g_{name}") or look.has(name)
        for name in (
            "id", "title", "link", "image_link", "availability", "price", "gtin", "mpn",
            "google_product_category", "condition", "sale_price", "item_group_id", "product_type",
        )
    )  # fmt: skip
    image = look.has("g_image_link", "image_link")
    if known >= 5 and image and look.has("g_id", "id"):
        return "Columns of a Google product feed."
    return None


def _prestashop(look: Look) -> str | None:
    known = sum(
        1
        for header in look.headers
        if re.match(
            r"(Categories \(x,y,z|Active \(0/1\)|Price tax (in|ex)cluded|Reference #"
            r"|Image URLs \(x,y,z|Tax rules ID|Feature ?\(Name:Value)",
            header,
        )
    )
    return "Columns of PrestaShop." if known >= 2 else None


def _options(look: Look) -> str | None:
    pairs = name_value_pairs(look.headers)
    if pairs:
        return f"“{pairs[0].name}” names what “{pairs[0].value}” holds."
    return None


def _languages(look: Look) -> str | None:
    found = by_language(look)
    return f"Rows of one product in several languages, by “{found.by[0]}”." if found else None


def _currencies(look: Look) -> str | None:
    found = by_currency(look)
    return f"Rows of one product in several currencies, by “{found.by[0]}”." if found else None


SHAPES: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        Shape("shopify", "Shopify", _shopify, plans.shopify),
        Shape("woocommerce", "WooCommerce", _woocommerce, plans.woocommerce),
        Shape("magento", "Magento", _magento, plans.magento),
        Shape("unopim", "UnoPim", _unopim, plans.languages),
        Shape("akeneo", "Akeneo", _akeneo, plans.plain("akeneo")),
        Shape("google", "Google product feed", _google, plans.google),
        Shape("prestashop", "PrestaShop", _prestashop, plans.plain("prestashop")),
        Shape("languages", "A row per language", _languages, plans.languages),
        Shape("currencies", "A row per currency", _currencies, plans.currencies),
        Shape("prices", "A price per currency", prices.fits, prices.plan),
        Shape("options", "Names and values of attributes in pairs", _options, plans.options),
    )
}
