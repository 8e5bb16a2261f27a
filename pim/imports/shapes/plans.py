"""What is done about a file of each known shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import chain

from pim.imports.readers.base import Reader
from pim.imports.shapes.applied import shaped
from pim.imports.shapes.attributes import name_value_pairs, names_in_list, names_in_pairs
from pim.imports.shapes.kinds import Telling, by_currency, by_language, identity_of
from pim.imports.shapes.look import Look
from pim.imports.shapes.shaping import Shaping
from pim.imports.shapes.survey import SECONDS, SECONDS_IF_CHOSEN, survey, variants_of

# What each variant has of its own; everything else is said once, in the first row of a product.
_OF_VARIANTS = re.compile(
    r"variant|option\d|image|sku|barcode|price|compare|cost|inventory|weight|quantity|grams|charge"
    r"|requires|fulfil|unit|taxable|stock|hs_code|country_of_origin|tax_code"
)


def plain(name: str) -> Callable[[Look], Shaping | None]:
    """A shape whose columns say all themselves."""
    return lambda look: Shaping(name)


def shopify(look: Look) -> Shaping | None:
    """Fill what a product says once down to its variants; give them the pictures of further rows.

    Which columns these are is known by name; a new column of Shopify that only first rows have is
    the product's.
    """
    handle = look.column("handle", "url_handle")
    if handle is None:
        return None
    picture = look.column("image_src", "product_image_url")
    own = [header for slug, header in look.slugs.items() if _OF_VARIANTS.search(slug)]
    options = [header for slug, header in look.slugs.items() if re.match(r"option\d+_name", slug)]
    fill = [header for header in look.headers if header not in own and header != handle]
    marks = [
        header
        for slug, header in look.slugs.items()
        if re.fullmatch(r"(variant_)?(sku|price|barcode|grams)|option\d+_value", slug)
    ]
    base = Shaping(
        "shopify",
        fill_by=handle,
        fill=(*fill, *options, *([picture] if picture else [])),
        marks=tuple(marks),
        picture=picture,
        pictures="Images" if picture else None,
    )
    return _with_pairs(look, base)


def woocommerce(look: Look) -> Shaping | None:
    """Name the attributes; a draft (-1) isn't published."""
    published = look.column("published")
    rules = ((published, "-1", "0"),) if published else ()
    return _with_pairs(look, Shaping("woocommerce", replace=rules))


def options(look: Look) -> Shaping | None:
    """Name the attributes, if they need it."""
    found = _with_pairs(look, Shaping("options"))
    return found if found.pair_names else None


def magento(look: Look) -> Shaping | None:
    """Take attributes apart and join the rows of store views. A product that isn't online has 2."""
    online, listing = look.column("product_online"), look.column("additional_attributes")
    base = Shaping("magento", replace=((online, "2", "0"),) if online else ())
    if listing:
        names = tuple(
            name
            for name in names_in_list(_opener(look, base), listing)
            if name.casefold() not in {header.casefold() for header in look.headers}
        )
        base = replace(base, listed=((listing, names),) if names else ())
    store, sku = look.column("store_view_code"), look.column("sku")
    if store is None or sku is None:
        return base
    return _joined(look, base, Telling("store view", (store,)), sku) or base


def google(look: Look) -> Shaping | None:
    """Say whether what is available is in stock; the word itself stays."""
    column = look.column("g_availability", "availability")
    if column is None or look.has("in_stock", "g_in_stock"):
        return Shaping("google")
    words = {
        "in stock": "true",
        "available": "true",
        "limited availability": "true",
        "out of stock": "false",
        "backorder": "false",
        "preorder": "false",
        "pre order": "false",
        "discontinued": "false",
    }
    rules = tuple((column, word, "in stock", answer) for word, answer in words.items())
    return Shaping("google", says=rules)


def languages(look: Look) -> Shaping | None:
    """Join the rows of languages and channels."""
    telling, sku = by_language(look), identity_of(look)
    name = "unopim" if look.has("attribute_family", "configurable_attributes") else "languages"
    return _joined(look, Shaping(name), telling, sku) if telling and sku else None


def currencies(look: Look) -> Shaping | None:
    """Join the rows of currencies: amounts of others stand in columns of their own."""
    telling, sku = by_currency(look), identity_of(look)
    if telling is None or sku is None:
        return None
    found = _joined(look, Shaping("currencies"), telling, sku)
    if found is None:
        return None
    pairs = _with_pairs(look, Shaping("currencies"))
    return replace(found, pairs=pairs.pairs, pair_names=pairs.pair_names)


def _opener(look: Look, base: Shaping) -> Callable[[], Reader]:
    return lambda: shaped(look.open_raw, base)


def _with_pairs(look: Look, base: Shaping) -> Shaping:
    found = name_value_pairs(look.headers)
    telling, names = names_in_pairs(_opener(look, base), found) if found else ([], ())
    if not names:
        return base
    return replace(base, pairs=tuple((pair.name, pair.value) for pair in telling), pair_names=names)


def _joined(look: Look, base: Shaping, telling: Telling, sku: str) -> Shaping | None:
    seconds = SECONDS_IF_CHOSEN if look.chosen else SECONDS
    found = survey(_opener(look, base), sku, telling.by, seconds)
    if not found.telling(look):
        return None
    main = found.main(look)
    said = [column for column, _ in base.listed] + [*chain(*base.pairs)]
    variants = variants_of(found, main, (sku, *telling.by, *said), telling.bound)
    return replace(
        base,
        identity=sku,
        by=telling.by,
        main=main,
        variants=variants,
        bound=telling.bound,
        scattered=found.scattered or not found.complete,
        rest=not found.complete,
    )
