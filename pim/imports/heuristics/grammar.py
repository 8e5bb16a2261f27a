"""Headers put together from known words: a noun and what is said of it, in any order.

The lexicon knows phrases; nobody can list them all (`Lange omschrijving`, `PX_ACHAT_HT`, `Prezzo
netto acquisto`, `销售价`). Here each word has a class, and a rule says what a set of classes means.
A header with a word that has no class means nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from pim.imports.heuristics.lexicon import CONCEPTS
from pim.imports.heuristics.modifiers import MODIFIERS, MORE_NOUNS
from pim.imports.heuristics.words import fold
from pim.imports.heuristics.wordsets import (
    COUNTING,
    FILLERS,
    OTHER_AMOUNTS,
    PARTICLES,
    PREPOSITIONS,
)

# The nouns: what single words of the lexicon name. Others only confuse (`size` in `file size`).
_NOUNS = (
    "description", "short_description", "brand", "category", "price", "sale_price", "cost",
    "quantity", "active", "weight", "width", "height", "length", "color", "size", "material",
    "gtin", "image_url", "images",
)  # fmt: skip
# How something is sold or bought may be its price: `VK`, `EK`.
_ALSO = {"price": {"sell", "price"}, "cost": {"buy", "cost"}}
_DESCRIBED = frozenset({"description", "text"})
_BESIDE_TEXT = {"long", "short", "short_description", "sell", "shop", "main", "promo"}
_LIKELY = (
    "price",
    "name",
    "brand",
    "weight",
    "description",
    "quantity",
    "image_url",
    "images",
    "gtin",
)
_PRICED = frozenset({"sell", "gross", "taxed", "tax", "name", "shop", "on_hand", "main"})


@dataclass(frozen=True, slots=True)
class Said:
    """What a header made of known words means."""

    concept: str
    strength: float


def read_phrase(words: tuple[str, ...], *, cut: bool = False) -> Said | None:
    """What words mean together; None when one of them isn't known, or they make no sense.

    cut: words may be cut short, as in `HERST_ARTNR`.
    """
    telling = [word for word in words if word not in PARTICLES and word not in PREPOSITIONS]
    # `art` is short for an article here, and a word of its own elsewhere.
    plain = [
        word
        for word in telling
        if word not in FILLERS and word != "art" and (len(word) > 1 or word > "z")
    ]
    product = len(plain) < len(telling)
    classes: set[str] = set()
    unknown = 0
    for word in plain:
        found = _classes().get(word) or _bent(word) or (_begun(word) if cut else None)
        classes |= found or frozenset()
        unknown += not found
    if not classes or unknown > 1 or len(words) < 2 or (unknown and len(plain) < 2):
        return None
    if unknown:
        cut = cut and (len(plain) < 3 or any(len(word) < 3 for word in plain))
        first = bool(_classes().get(plain[0]))
        said = None if cut else _in_spite_of(frozenset(classes), first=first)
        amount = said is not None and said.concept in ("price", "quantity", "weight")
        counted = said is not None and said.concept == "quantity" and COUNTING.intersection(words)
        return None if counted or (amount and OTHER_AMOUNTS.intersection(words)) else said
    return _decide(frozenset(classes), product=product)


def _says_nothing(word: str) -> bool:
    """`art` is short for an article here, and a word of its own elsewhere."""
    return word in FILLERS or word == "art" or (len(word) == 1 and word.isascii())


def read_word(word: str) -> Said | None:
    """What one longer word means that is a known one with another ending (`Beschreibungen`)."""
    classes = _bent(word) if len(word) > 6 else None
    nouns = classes & set(_NOUNS) if classes else set()
    return Said(next(iter(nouns)), 0.6) if len(nouns) == 1 else None


def _in_spite_of(classes: frozenset[str], *, first: bool) -> Said | None:
    """One word is unknown: what it may still be, said weakly, where the noun is rare.

    first: the unknown word comes after others.
    """
    found = _decide(classes, product=False)
    if found is None and len(classes) == 1:
        noun = next(iter(classes))
        likely = noun in _LIKELY or (noun == "category" and first)
        return Said(noun, 0.42) if likely else None
    likely = found is not None and found.concept in _LIKELY
    return Said(found.concept, 0.42) if found and likely else None


def _decide(classes: frozenset[str], *, product: bool) -> Said | None:
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
    bought = {"buy", "supply"} & rest or ("cost" in classes and "average" in rest)
    if bought and rest <= {"buy", "supply", "sell", "maker", "average", "promo"}:
        return Said("cost", 0.93)
    if "promo" in rest and rest <= {"promo", "sell", "shop"}:
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
    if (
        classes
        - _DESCRIBED
        - {"long", "short", "short_description", "sell", "shop", "main", "promo"}
    ):
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
    if classes in ({"category", "main"}, {"category", "link"}, {"category", "shop"}):
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
    rest = classes - {"flag", "shop"}
    if "flag" in classes and rest and rest <= {"quantity", "warehouse", "on_hand"}:
        return Said("in_stock", 0.5)
    if "flag" in classes and rest and rest <= {"show", "sell", "active"}:
        return Said("active", 0.8)
    if "shop" in classes and rest and rest <= {"show", "active"}:
        return Said("active", 0.85)
    if classes == {"on_hand"} and product:
        return Said("in_stock", 0.5)
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


@lru_cache(maxsize=1)
def _classes() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, words in MODIFIERS.items():
        for word in words.split():
            found.setdefault(fold(word), set()).add(name)
    for concept in _NOUNS:
        for phrase in CONCEPTS[concept].replace("\n", "|").split("|"):
            word = fold(phrase.strip())
            if not word or " " in word or word.endswith("~"):
                continue
            if found.get(word, set()) <= _ALSO.get(concept, set()):
                found.setdefault(word, set()).add(concept)
    for phrase in CONCEPTS["sku"].replace("\n", "|").split("|"):
        word = fold(phrase.strip())
        if word and " " not in word and not word.endswith("~"):
            found.setdefault(word, {"code"})
    for concept, words in MORE_NOUNS.items():
        for word in words.split():
            found.setdefault(fold(word), set()).add(concept)
    return {word: frozenset(classes) for word, classes in found.items()}


@lru_cache(maxsize=1024)
def _begun(start: str) -> frozenset[str] | None:
    """The class of the words that begin so: of the shortest, if the others grow out of it."""
    if len(start) < 3:
        return None
    found = sorted((word for word in _classes() if word.startswith(start)), key=len)
    if not found or not all(word.startswith(found[0]) for word in found):
        different = {_classes()[word] for word in found}
        return different.pop() if len(different) == 1 else None
    return _classes()[found[0]]


@lru_cache(maxsize=4096)
def _bent(word: str) -> frozenset[str] | None:
    """The class of a known word with another ending: `leírása`, `verfügbare`, `detailní`."""
    if len(word) < 5:
        return None
    for known in _by_beginning().get(word[:4], ()):
        same = _same_beginning(known, word)
        shorter, longer = sorted((len(known), len(word)))
        if same >= max(5, shorter - (shorter > 6)) and longer < same + 4:
            return _classes()[known]
    return None


def _same_beginning(one: str, other: str) -> int:
    """How many letters two words begin with in common."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


@lru_cache(maxsize=1)
def _by_beginning() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for word in sorted(_classes()):
        if len(word) > 3:
            found.setdefault(word[:4], []).append(word)
    return found


def says_long(words: str) -> bool:
    """Whether the long one of several texts is meant."""
    return any("long" in _classes().get(word, ()) for word in words.split())


def classes_in(words: Iterable[str]) -> frozenset[str]:
    """All that is known of the words of a header."""
    return frozenset(name for word in words for name in _classes().get(word, ()))
