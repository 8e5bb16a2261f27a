"""From a header to what it names: the lexicon, looked up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pim.imports.heuristics.lexicon import CONCEPTS
from pim.imports.heuristics.words import Header, read_header
from pim.imports.heuristics.wordsets import (
    FILLERS,
    NEUTRAL_PARENTS,
    VARIANT_CONCEPTS,
    VARIANT_WORDS,
)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header names. strength 0–1: exact words are 1, weak ones 0.5."""

    concept: str
    strength: float
    words: str


def meanings(header: Header) -> tuple[Meaning, ...]:
    """What a header may name, most likely first; nothing when its words say something else."""
    found = _meanings(header)
    if (header.number or 0) > 1:
        # `image2`, `category3`: the first one stands for the concept. But `EAN13` is an EAN.
        found = tuple(meaning for meaning in found if meaning.concept == "gtin")
    return found


def _meanings(header: Header) -> tuple[Meaning, ...]:
    joined = (*header.parents, *header.words)
    attempts: list[tuple[tuple[str, ...], float]] = []
    if header.parents:
        attempts.append((joined, 1.0))
    if not header.parents or NEUTRAL_PARENTS.issuperset(header.parents):
        attempts.append((header.words, 1.0))
        attempts.append((_without(header.words, FILLERS), 0.95))
        attempts.append((("".join(header.words),), 0.95))  # `MwSt`, `bar code`
    for words, strength in attempts:
        found = _look_up(words, strength)
        if found:
            return found
    if not NEUTRAL_PARENTS.issuperset(header.parents):
        return ()
    plain = _without(header.words, FILLERS | VARIANT_WORDS)
    return tuple(meaning for meaning in _look_up(plain, 0.9) if meaning.concept in VARIANT_CONCEPTS)


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
    return tuple(
        Meaning(concept, strength * (0.5 if weak else 1.0), phrase)
        for concept, weak in _index().get(phrase, ())
    )


@lru_cache(maxsize=1)
def _index() -> dict[str, tuple[tuple[str, bool], ...]]:
    index: dict[str, list[tuple[str, bool]]] = {}
    for concept, lines in CONCEPTS.items():
        for phrase in lines.replace("\n", "|").split("|"):
            weak = phrase.rstrip().endswith("~")
            key = read_header(phrase.replace("~", "").strip()).phrase
            known = index.setdefault(key, [])
            if key and all(concept != other for other, _ in known):
                known.append((concept, weak))
    return {key: tuple(sorted(found, key=lambda f: f[1])) for key, found in index.items()}
