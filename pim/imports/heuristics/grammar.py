"""Headers put together from known words: a noun and what is said of it, in any order.

The lexicon knows phrases; nobody can list them all (`Lange omschrijving`, `PX_ACHAT_HT`, `Prezzo
netto acquisto`, `销售价`). Here each word has a class, and a rule says what a set of classes means.
A header with a word that has no class means nothing here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pim.imports.heuristics.judges import Said, decide
from pim.imports.heuristics.lexicon import CONCEPTS
from pim.imports.heuristics.modifiers import MODIFIERS, MORE_NOUNS
from pim.imports.heuristics.words import fold
from pim.imports.heuristics.wordsets import (
    COUNTING,
    FILLERS,
    OTHER_AMOUNTS,
    PARTICLES,
    PREPOSITIONS,
    SERVICE_WORDS,
)

# The nouns: what single words of the lexicon name. Others only confuse (`size` in `file size`).
_NOUNS = (
    "description", "short_description", "brand", "category", "price", "sale_price", "cost",
    "quantity", "active", "weight", "width", "height", "length", "color", "size", "material",
    "gtin", "image_url", "images",
)  # fmt: skip
# How something is sold or bought may be its price: `VK`, `EK`.
_ALSO = {"price": {"sell", "price"}, "cost": {"buy", "cost"}}
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


_COUNTED = ("price", "sale_price", "cost", "quantity", "weight")
_OF_OTHERS = OTHER_AMOUNTS | SERVICE_WORDS
_SAY_LITTLE = frozenset(["id", "nr", "num", "part", "identifier"])


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
    product = any(word in FILLERS or word == "art" for word in telling)
    classes: set[str] = set()
    unknown = 0
    for word in plain:
        found = _classes().get(word) or _bent(word) or (_begun(word) if cut else None)
        classes |= found or frozenset()
        unknown += not found
    if not classes or unknown > 1 or len(words) < 2 or (unknown and len(plain) < 2):
        return None
    if classes == {"on_hand"} and "hand" in plain:
        return Said("quantity", 0.5)  # `Cases on hand`
    if unknown:
        return _guess(plain, frozenset(classes), cut=cut)
    if plain == ["id"]:
        return None
    if "id" in plain and len(plain) == 2:
        if {"supply", "maker"} & classes and not product:
            return None  # a number of the supplier himself
        if "own" in classes:
            return Said("sku", 0.5)  # of a record, most likely
    if classes == {"code"} and len(plain) > 1 and not _SAY_LITTLE.issuperset(plain):
        return Said("sku", 0.85)  # `Referencia nº`
    said = decide(frozenset(classes), product=product)
    if said and said.concept == "quantity" and OTHER_AMOUNTS.intersection(words):
        return None
    return said


def _guess(plain: list[str], classes: frozenset[str], *, cut: bool) -> Said | None:
    """What words mean one of which isn't known; nothing where it may be anything."""
    if cut and (len(plain) < 3 or any(len(word) < 3 for word in plain)):
        return None
    first = bool(_classes().get(plain[0]))
    said = _in_spite_of(classes, len(plain) - 1, first=first)
    if said and said.concept in _COUNTED and _OF_OTHERS.intersection(plain):
        return None
    if said and said.concept == "quantity" and COUNTING.intersection(plain):
        return None
    return said


def read_word(word: str) -> Said | None:
    """What one longer word means that is a known one with another ending (`Beschreibungen`)."""
    classes = _bent(word) if len(word) > 6 else None
    nouns = classes & set(_NOUNS) if classes else set()
    return Said(next(iter(nouns)), 0.6) if len(nouns) == 1 else None


def _in_spite_of(classes: frozenset[str], known: int, *, first: bool) -> Said | None:
    """One word is unknown: what it may still be, said weakly, where the noun is rare.

    known: how many words are. first: the unknown one comes after others.
    """
    found = decide(classes, product=False)
    if found and known > 1 and found.concept not in ("sku", "mpn", "gtin"):
        return Said(found.concept, 0.5)
    if classes == {"on_hand"}:
        return Said("quantity", 0.42)  # `Copie disponibili`
    concept = found.concept if found else next(iter(classes)) if len(classes) == 1 else ""
    likely = concept in _LIKELY or (concept == "category" and first)
    return Said(concept, 0.42) if likely else None


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
        ends_else = shorter > 6 or (shorter == longer == 6)
        if known in COUNTING:
            continue  # `country` is no count
        if same >= max(5, shorter - ends_else) and longer < same + 4:
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
