"""What words of certain classes mean together: which noun, and what may be said of it.

One judge for each kind of meaning, asked in turn. A class that isn't foreseen makes it nothing:
what else is said changes the meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

_DESCRIBED = frozenset({"description", "text"})
_BESIDE_TEXT = frozenset({"long", "short", "short_description", "sell", "shop", "main", "promo"})
_PRICED = frozenset({"sell", "gross", "taxed", "tax", "name", "shop", "on_hand", "main"})


@dataclass(frozen=True, slots=True)
class Said:
    """What a header made of known words means."""

    concept: str
    strength: float


def decide(classes: frozenset[str], *, product: bool) -> Said | None:
    for judge in _JUDGES:
        found = judge(classes, product)
        if found:
            return found
    return None


def _of_search(classes: frozenset[str], _: bool) -> Said | None:
    """Texts for search engines."""
    rest = classes - {"seo", "link", "shop", "text"} - ({"tags"} if "name" in classes else set())
    if "seo" not in classes or not rest:
        return None
    if rest == {"name"}:
        return Said("meta_title", 0.92)
    return Said("meta_description", 0.92) if rest <= {"description", "short", "long"} else None


def _of_price(classes: frozenset[str], _: bool) -> Said | None:
    if not classes & {"price", "sale_price", "cost"}:
        # `EK_NETTO`, `VK brutto`: how it is bought or sold, and with which taxes.
        if classes <= {"buy", "net", "untaxed", "tax", "average"} and {"buy", "net"} <= classes:
            return Said("cost", 0.9)
        return None
    rest = classes - {"price", "sale_price", "cost", "net", "untaxed", "taxed", "tax", "gross"}
    rest -= {"order"} if "sell" in rest else set()  # `catalog` is both
    rest -= {"active"} if "shop" in rest else set()  # and `online`
    bought = {"buy", "supply"} & rest or ("cost" in classes and "average" in rest)
    if bought and rest <= {"buy", "supply", "sell", "maker", "average", "promo"}:
        return Said("cost", 0.93)
    reduced = "promo" in rest or ("sale_price" in classes and "price" not in classes)
    if reduced and rest <= {"promo", "sell", "shop", "main"}:
        return Said("sale_price", 0.93)
    if rest - _PRICED:
        return None
    if "cost" in classes and "price" not in classes:
        return Said("cost", 0.9)
    without_tax = classes & {"net", "untaxed"} and not classes & {"taxed", "gross"}
    return Said("price", 0.5 if without_tax else 0.93)


def _of_text(classes: frozenset[str], product: bool) -> Said | None:
    if "description" in classes:
        classes -= {"name"}  # `Omschrijving` is either
    if not classes & (_DESCRIBED | {"short_description"}):
        if classes == {"short"}:
            return Said("short_description", 0.5)
        if classes in ({"name", "short"}, {"name", "long"}):
            return Said("name", 0.55)
        if classes == {"long"}:
            return Said("description", 0.5)
        return None
    if classes - _DESCRIBED - _BESIDE_TEXT:
        return None
    if classes & {"short", "short_description"}:
        return Said("short_description", 0.93)
    return Said("description", 0.99 if "long" in classes else 0.9)


def _of_stock(classes: frozenset[str], _: bool) -> Said | None:
    if "quantity" in classes and classes <= {
        "quantity",
        "warehouse",
        "on_hand",
        "shop",
        "sell",
        "main",
        "own",
        "net",
        "gross",
    }:
        return Said("quantity", 0.92)
    if classes == {"warehouse", "on_hand"}:
        return Said("quantity", 0.7)
    return None


def _of_image(classes: frozenset[str], _: bool) -> Said | None:
    if "image_url" in classes and classes <= {"image_url", "link", "main"}:
        return Said("image_url", 0.92)
    if "images" in classes and classes <= {"images", "link", "more"}:
        return Said("images", 0.92)
    if {"image_url", "more"} <= classes <= {"image_url", "link", "more"}:
        return Said("images", 0.9)
    return None


def _of_code(classes: frozenset[str], product: bool) -> Said | None:
    made = {"maker", "supply"} & classes
    if made and "code" in classes and classes <= {
        "maker", "supply", "code", "brand", "buy", "order", "sell",
    }:  # fmt: skip
        return Said("mpn", 0.92)
    if classes == {"own", "code"} or {"order", "code"} <= classes <= {"order", "code", "sell"}:
        return Said("sku", 0.85)
    if classes == {"material", "code"}:
        return Said("sku", 0.8)
    if "gtin" in classes and classes <= {"gtin", "code"}:
        return Said("gtin", 0.92)
    if classes == {"code"} and product:
        return Said("sku", 0.9)
    if (classes == {"link"} and product) or classes == {"link", "shop"}:
        return Said("url", 0.9)
    return None


def _of_rest(classes: frozenset[str], _: bool) -> Said | None:
    if classes == {"show", "shop"}:
        return Said("active", 0.8)
    if "active" in classes and classes <= {"active", "flag"}:
        return Said("active", 0.9)
    for noun in ("weight", "width", "height", "length"):
        taken = {"net", "gross"} & classes
        if noun in classes and classes <= {noun, *taken, *({"sell"} if taken else ())}:
            return Said(noun, 0.9)
    if classes == {"maker", "name"}:
        return Said("brand", 0.85)
    if {"category", "level"} <= classes <= {"category", "level", "quantity", "name"}:
        return Said("category", 0.85)
    if "category" in classes and classes <= {"category", "main", "link", "shop", "long", "own"}:
        return Said("category", 0.85)
    for noun in ("color", "size", "material"):
        if noun in classes and classes <= {noun, "main", "name", "worn"}:
            return Said(noun, 0.85)
    for noun in ("brand", "category", "color", "size", "material"):
        if noun in classes and classes <= {noun, "name", "maker" if noun == "brand" else noun}:
            return Said(noun, 0.9)
    return None


def _of_tax(classes: frozenset[str], _: bool) -> Said | None:
    """`KDV Oranı`, `Momskod`: the rate or the class, not whether it is in the price."""
    said = classes & {"rate", "code", "category"}
    if "tax" in classes and said and classes <= {"tax", "sell", "name", *said}:
        return Said("tax_class", 0.9)
    return None


def _of_name(classes: frozenset[str], product: bool) -> Said | None:
    if classes == {"name"} and product:
        return Said("name", 0.92)
    if "name" in classes and classes <= {"name", "text", "sell", "promo", "main", "own"}:
        return Said("name", 0.8)
    if classes == {"name", "shop"}:
        return Said("name", 0.65)
    return None


def _of_page(classes: frozenset[str], product: bool) -> Said | None:
    """Pages of a shop: their addresses, titles, texts."""
    if "page" not in classes:
        return None
    if classes == {"page", "name"}:
        return Said("meta_title", 0.9)
    if classes == {"page", "description"}:
        return Said("meta_description", 0.9)
    if classes <= {"page", "link", "shop"} and (product or len(classes) > 1):
        return Said("url", 0.9)
    return None


def _of_state(classes: frozenset[str], product: bool) -> Said | None:
    """Whether it is shown, sold, there: `판매여부`, `Stok durumu`, `Shop aktiv`."""
    rest = classes - {"flag", "shop", "page"}
    if "flag" in classes and rest and rest <= {"quantity", "warehouse", "on_hand"}:
        return Said("in_stock", 0.5)
    if "flag" in classes and rest and rest <= {"show", "sell", "active"}:
        return Said("active", 0.8)
    if {"shop", "page"} & classes and rest and rest <= {"show", "active"}:
        return Said("active", 0.85)
    if classes == {"sell", "shop"}:
        return Said("active", 0.5)
    return Said("active", 0.5) if classes == {"flag"} and product else None


_JUDGES = (
    _of_search,
    _of_page,
    _of_price,
    _of_tax,
    _of_text,
    _of_state,
    _of_stock,
    _of_image,
    _of_code,
    _of_name,
    _of_rest,
)
