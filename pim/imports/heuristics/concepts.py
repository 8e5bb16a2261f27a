"""From a header to what it names: the lexicon, looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from pim.imports.heuristics.grammar import classes_in, read_phrase, read_word
from pim.imports.heuristics.lexicon import CONCEPTS
from pim.imports.heuristics.words import Header, fold, in_ideographs, read_header
from pim.imports.heuristics.wordsets import (
    DIMENSION_WORDS,
    FILLERS,
    LINK_WORDS,
    MAIN_WORDS,
    MEASURES,
    NAMED_CONCEPTS,
    NEUTRAL_PARENTS,
    NO_AMOUNT,
    NOT_OF_THE_PRODUCT,
    OTHER_AMOUNTS,
    PARTICLES,
    PREPOSITIONS,
    PRICE_WORDS,
    PRICED_CONCEPTS,
    PRODUCT_WORDS,
    SERVICE_WORDS,
    UNITS,
    VALUE_WORDS,
    VARIANT_CONCEPTS,
    VARIANT_WORDS,
)

_CODES = ("sku", "gtin", "mpn")
# What one word below others that aren't known surely says.
_CLEAR = frozenset(CONCEPTS) - {"sku", "name", "size", "url", "length", "tax_class", "mpn"}
_LETTERS_OF = {"w": "width", "b": "width", "h": "height", "l": "length", "d": "length"}
_PRICING = frozenset(["pricing", "pricings", "prices"])
_USUAL = frozenset(
    ["current", "regular", "now", "default", "list", "base", "gross", "final", "retail"]
)
_PER = re.compile(r"/|\b(?:per|pro|za|par|por|al|au|je|il)\b")
_AMOUNTS = frozenset(["price", "sale_price", "cost", "quantity", "weight"])
_DOTTED = re.compile(r"[^\W\d_]\.(?=\s|$|-)")
_WITHOUT_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header names. strength 0–1: exact words are 1, weak ones 0.5."""

    concept: str
    strength: float
    words: str


def meanings(header: Header) -> tuple[Meaning, ...]:
    """What a header may name, most likely first; nothing when its words say something else."""
    found = (
        _of_dimensions(header)
        or _meanings(header)
        or _in_brackets(header)
        or _says_sku(header)
        or _either_of(header)
    )
    if _is_of_a_price(header):
        found = tuple(meaning for meaning in found if meaning.concept not in PRICED_CONCEPTS)
    if "%" in header.text:
        found = tuple(meaning for meaning in found if meaning.concept not in _AMOUNTS)
    if (header.number or 0) > 1:
        # `image2`, `category3`: the first one stands for the concept. But `EAN13` is an EAN.
        found = tuple(meaning for meaning in found if meaning.concept == "gtin")
    return found


def _either_of(header: Header) -> tuple[Meaning, ...]:
    """`Familia / Serie`: two names for it, the first of which is known."""
    if "/" not in header.text or len(header.text.split("/")) != 2:
        return ()
    found = _look_up(header.parents, 0.75) or _look_up(_without(header.parents, FILLERS), 0.75)
    return tuple(each for each in found if each.strength > 0.6)


def _is_of_a_price(header: Header) -> bool:
    """`Price type`, `Preis pro kg`: kinds of prices, and what compares packs."""
    kinds = NO_AMOUNT - {"list", "level"} if header.parents else NO_AMOUNT
    if kinds.intersection(header.words[-1:]) and len((*header.parents, *header.words)) > 1:
        return True
    if "includes" in header.words:
        return True
    return header.unit in MEASURES and bool(_PER.search(fold(header.text)))


def _says_sku(header: Header) -> tuple[Meaning, ...]:
    """`Sygnatura / SKU sprzedawcy`: nothing else is called so, unless it is another product's."""
    words = (*header.parents, *header.words)
    others = NOT_OF_THE_PRODUCT | OTHER_AMOUNTS
    if "sku" not in words or others.intersection(words) or len(words) > 4:
        return ()
    if {"maker", "supply", "category", "name", "quantity", "price"} & classes_in(words):
        return ()
    return (Meaning("sku", 0.7, header.phrase),)


def _in_brackets(header: Header) -> tuple[Meaning, ...]:
    """`Custom label (SKU)` is explained by its brackets; `Meta title (SEO)` means it without."""
    if not header.aside or len(header.aside) == len(header.words):
        return ()
    explained = _look_up(header.aside, 0.85)
    if any(each.concept in _CODES and each.strength > 0.6 for each in explained):
        return explained
    plain = replace(header, words=header.words[: -len(header.aside)], aside=())
    return tuple(replace(each, strength=0.7 * each.strength) for each in _meanings(plain))


def _meanings(header: Header) -> tuple[Meaning, ...]:
    parents = _telling(header)
    attempts: list[tuple[tuple[str, ...], float]] = []
    if header.parents[-1:] == ("meta",):
        attempts.append((("meta", *header.words), 1.0))
    if parents:
        attempts.append(((*parents, *header.words), 1.0))
        attempts.append(((*header.words, *parents), 0.95))  # `description.short`
        attempts.append((("".join((*parents, *header.words)),), 0.95))
        attempts.append((("".join((*header.words, *parents)),), 0.95))
    else:
        attempts.append((header.words, 1.0))
        attempts.append((_without(header.words, FILLERS), 0.95))
        attempts.append((("".join(header.words),), 0.95))  # `MwSt`, `bar code`
        if len(header.words) == 2:
            attempts.append((header.words[::-1], 0.9))  # `description_short`
    for words, strength in attempts:
        found = _look_up(words, strength)
        if found:
            return found
    if parents:
        first = bool({"0", "1"}.intersection(header.parents))
        found = _by_parent(parents, header.words, first=first) or _of_prices(header)
        said = read_phrase((*parents, *header.words)) if not found else None
        if said and said.strength >= 0.85:
            phrase = " ".join((*parents, *header.words))
            return (Meaning(said.concept, 0.9 * said.strength, phrase),)
        return found or _whatever_is_above(parents, header)
    plain = _without(header.words, FILLERS | VARIANT_WORDS)
    of_variants = _look_up(plain, 0.9)
    if of_variants:
        return tuple(each for each in of_variants if each.concept in VARIANT_CONCEPTS)
    return _put_together(header)


def _put_together(header: Header) -> tuple[Meaning, ...]:
    """What the lexicon has no phrase for: words combined, words cut short, or just `Produto`."""
    if header.words[:1] == ("ar",) and "ár" not in header.text.casefold():
        words = _without(header.words, frozenset(["ar"]))  # a prefix, not the Hungarian price
        return _meanings(replace(header, words=words)) if words else ()
    plain = _without(header.words, PREPOSITIONS)
    found = _look_up(plain, 0.93) if plain and plain != header.words else ()
    if found:
        return found
    if "#" in header.text:
        found = _look_up((*header.words, "nr"), 0.95)
        if found:
            return found
    said = read_phrase(header.words, cut=_looks_cut(header.text))
    if said is None and len(plain) == 1:
        said = read_word(plain[0])
    if said:
        return (Meaning(said.concept, said.strength, header.phrase),)
    cut_short = _cut_short(header)
    if cut_short:
        return cut_short
    if header.words and PRODUCT_WORDS.issuperset(header.words) and header.number is None:
        return (Meaning("name", 0.5, header.phrase),)
    return ()


def _cut_short(header: Header) -> tuple[Meaning, ...]:
    words = _without(header.words, PARTICLES)
    if not words or not _looks_cut(header.text) or min(map(len, words)) < 2:
        return ()
    if len(words) == 1 and len(words[0]) < 3:
        return ()
    return tuple(Meaning(*found, header.phrase) for found in _completed(words))


@lru_cache(maxsize=1024)
def _completed(words: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Abbreviations: `Cód. artículo`, `Stan mag.`, `HERST`. Each word begins one of a phrase.

    Gives concepts, and how surely they are meant.
    """
    found: dict[str, tuple[str, bool]] = {}
    for phrase, whole, meant in _by_beginning().get((len(words), words[0][0]), ()):
        if all(map(str.startswith, whole, words)):
            found[phrase] = meant
    if not found:
        return ()
    shortest = min(found, key=lambda phrase: (len(phrase), phrase))
    if all(phrase.startswith(shortest) for phrase in found):
        concepts = {found[shortest][0]}
    else:
        concepts = {concept for concept, _ in found.values()}
    strength = 0.85 if len(words) > 1 and len(concepts) == 1 else 0.7 / len(concepts)
    if len(concepts) > 2:
        return ()
    return tuple((concept, strength) for concept in sorted(concepts))


def _looks_cut(text: str) -> bool:
    return (
        _DOTTED.search(text) is not None
        or "_" in text
        or (text.isupper() and not in_ideographs(text))
    )


def _of_dimensions(header: Header) -> tuple[Meaning, ...]:
    """`dimensions.w`, `size.width`: a measure or its first letter."""
    if not header.words or not DIMENSION_WORDS.intersection(header.parents):
        return ()
    measured = _concepts(header.words) & set(_LETTERS_OF.values())
    concept = _LETTERS_OF.get(header.phrase) or next(iter(measured), None)
    if concept is None:
        return ()
    if (NOT_OF_THE_PRODUCT | SERVICE_WORDS).intersection(header.parents):
        return ()
    strength = 0.95 if measured else 0.8
    return (Meaning(concept, strength, " ".join((*header.parents, *header.words))),)


def _telling(header: Header) -> tuple[str, ...]:
    """The words of the segments above that add something: not `product`, not the words below."""
    of_variants = {"variant", "variants"}.intersection(header.parents)
    return tuple(
        word
        for word in header.parents
        if len(word) > 1  # the prefix of a namespace
        and not word.isdigit()
        and word not in NEUTRAL_PARENTS
        and word not in FILLERS
        and word not in header.words
        and not (of_variants and word in ("master", "default"))
    )


def _of_prices(header: Header) -> tuple[Meaning, ...]:
    """`pricing.current.amount`: a value below words for the usual price."""
    above = {word for word in header.parents if word not in NEUTRAL_PARENTS or word in _PRICING}
    priced = above & (_PRICING | PRICE_WORDS)
    phrase = " ".join((*header.parents, *header.words))
    if not priced or (SERVICE_WORDS | OTHER_AMOUNTS).intersection(above):
        return ()
    if "currency" in _concepts(header.words):
        return (Meaning("currency", 0.7, phrase),)
    if not VALUE_WORDS.issuperset(header.words):
        return ()
    if not above - priced - _USUAL:
        return (Meaning("price", 0.85, phrase),)
    said = read_phrase(tuple(word for word in header.parents if word in above))
    if said and said.concept in PRICED_CONCEPTS and said.strength >= 0.85:
        return (Meaning(said.concept, 0.8, phrase),)
    return ()


def _whatever_is_above(parents: tuple[str, ...], header: Header) -> tuple[Meaning, ...]:
    """A name that says enough, below words that say nothing known: `shop7.price`."""
    if (NOT_OF_THE_PRODUCT | SERVICE_WORDS | OTHER_AMOUNTS).intersection(parents):
        return ()
    if len(header.words) > 1:
        found = _meanings(replace(header, parents=()))
        return tuple(
            replace(each, strength=0.85 * each.strength) for each in found if each.strength >= 0.8
        )
    if classes_in(parents) - {"seo", "shop"}:
        return ()
    return tuple(
        replace(meaning, strength=0.45)
        for meaning in _look_up(header.words, 1.0)
        if meaning.concept in _CLEAR and meaning.strength == 1.0
    )


def _by_parent(
    parents: tuple[str, ...], words: tuple[str, ...], *, first: bool = False
) -> tuple[Meaning, ...]:
    """What a nested value means because of where it is: `photos.photo`, `price.currency`."""
    above = _look_up(parents, 0.95) or _look_up(parents[-1:], 0.95)
    below = _look_up(words, 0.95) or _look_up(_without(words, FILLERS), 0.95)
    of_above = {meaning.concept for meaning in above}
    of_below = {meaning.concept for meaning in below}
    if not _without(words, FILLERS | VALUE_WORDS | UNITS) or max(map(len, words)) == 1:
        return above  # `weight.value`, `imgs.i`
    if of_above & of_below:
        return tuple(meaning for meaning in above if meaning.concept in of_below)
    if "name" in of_below:
        return tuple(meaning for meaning in above if meaning.concept in NAMED_CONCEPTS)
    if "currency" in of_below and of_above & PRICED_CONCEPTS:
        return tuple(meaning for meaning in below if meaning.concept == "currency")
    pictures = [word for word in parents if {"images", "image_url"} & _concepts((word,))]
    if pictures and (of_below & {"images", "image_url"} or LINK_WORDS.issuperset(words)):
        phrase = " ".join((*parents, *words))
        one, all_of_them = Meaning("image_url", 0.87, phrase), Meaning("images", 0.9, phrase)
        main = first or MAIN_WORDS.intersection(parents)
        return (replace(one, strength=0.92), all_of_them) if main else (all_of_them, one)
    return ()


def _concepts(words: tuple[str, ...]) -> set[str]:
    return {meaning.concept for meaning in _look_up(words, 1.0)}


def concept_of(name: str) -> str | None:
    """The concept a field of the tenant's vocabulary stands for (`stock_qty`: quantity)."""
    if name in CONCEPTS:
        return name
    found = meanings(read_header(name))
    return found[0].concept if found and found[0].strength >= 0.9 else None


def _without(words: tuple[str, ...], unwanted: frozenset[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in unwanted)


def _look_up(words: tuple[str, ...], strength: float) -> tuple[Meaning, ...]:
    phrase = " ".join(words)
    if phrase not in _index() and phrase.isascii() and len(phrase) > 4 and phrase[-1] == "s":
        phrase, strength = phrase[:-1], 0.97 * strength  # `Manufacturers`
    return tuple(
        Meaning(concept, strength * (0.5 if weak else 1.0), phrase)
        for concept, weak in _index().get(phrase, ())
    )


def _spellings(phrase: str) -> set[str]:
    """A phrase as headers have it: with and without grammar, `währung` and `waehrung`."""
    spelled = {phrase, phrase.translate(_WITHOUT_UMLAUTS)}
    words = [read_header(each).words for each in spelled]
    return {" ".join(each) for each in words} | {" ".join(_without(w, PARTICLES)) for w in words}


@lru_cache(maxsize=1)
def _by_beginning() -> dict[tuple[int, str], list[tuple[str, list[str], tuple[str, bool]]]]:
    """Phrases with what they mean, by how many words they have and the first one's letter."""
    found: dict[tuple[int, str], list[tuple[str, list[str], tuple[str, bool]]]] = {}
    for phrase, known in _index().items():
        whole = phrase.split()
        if whole and known[0] != ("sku", True):
            found.setdefault((len(whole), phrase[0]), []).append((phrase, whole, known[0]))
    return found


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[tuple[str, bool], ...]]:
    index: dict[str, list[tuple[str, bool]]] = {}
    for concept, lines in CONCEPTS.items():
        for phrase in lines.replace("\n", "|").split("|"):
            weak = phrase.rstrip().endswith("~")
            for key in _spellings(phrase.replace("~", "").strip()):
                known = index.setdefault(key, [])
                if key and all(concept != other for other, _ in known):
                    known.append((concept, weak))
    return {key: tuple(sorted(found, key=lambda f: f[1])) for key, found in index.items()}
