"""Finds columns that tell rows of one product apart: language, store view, channel, currency."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pim.imports.heuristics.concepts import concept_of, meanings
from pim.imports.heuristics.words import read_header
from pim.imports.heuristics.wordsets import LANGUAGES, PRICE_WORDS, PRICED_CONCEPTS, word_set
from pim.imports.shapes.look import Look
from pim.schema.types.currency import CURRENCIES

MOST_KINDS = 60
_LOCALE = re.compile(r"([a-zA-Z]{2,3})(?:[-_][A-Za-z]{2,4}){0,2}")
_LANGUAGE_WORDS = word_set("""
    locale locales lang langs language languages sprache sprachen sprachcode langue langues idioma
    idiomas lingua linguagem taal taalcode jezyk jazyk jezik sprak sprog kieli nyelv limba dil
    lang_code язык мова γλωσσα 言語 语言 언어 loc
    """)
_CHANNEL_WORDS = word_set("channel channels scope kanal canal canale kanaal kanał")


@dataclass(frozen=True, slots=True)
class Telling:
    """Columns that tell rows apart. bound: columns that belong to the row's own kind alone."""

    what: str
    by: tuple[str, ...]
    bound: tuple[str, ...] = ()


def identity_of(look: Look) -> str | None:
    """The column that says which product a row is: what most clearly means a SKU."""
    found: list[tuple[float, int, str]] = []
    for place, header in enumerate(look.headers):
        for meaning in meanings(read_header(header)):
            if meaning.concept == "sku" and look.values(header):
                found.append((-meaning.strength, place, header))
    return min(found)[2] if found else None


def by_language(look: Look) -> Telling | None:
    """A column of languages, with the channel beside it if there is one."""
    language = _first(look, lambda header: _is_named(header, _LANGUAGE_WORDS), is_locale)
    if language is None:
        return None
    channel = _first(look, lambda header: _is_named(header, _CHANNEL_WORDS), _is_code)
    return Telling("language", (language, channel) if channel else (language,))


def by_currency(look: Look) -> Telling | None:
    """A column of currencies, with the amounts it is about."""
    currency = _first(look, lambda header: concept_of(header) == "currency", _is_currency)
    if currency is None:
        return None
    bound = [header for header in look.headers if header != currency and _is_priced(header)]
    return Telling("currency", (currency,), (currency, *bound)) if bound else None


def is_locale(text: str) -> bool:
    """Whether a text names a language, as `de`, `de_DE` or `zh-Hans`."""
    found = _LOCALE.fullmatch(text)
    return found is not None and (found[1].lower() in LANGUAGES or len(text) > 4)


def _is_priced(header: str) -> bool:
    read = read_header(header)
    return bool(PRICE_WORDS.intersection(read.words)) or any(
        meaning.concept in PRICED_CONCEPTS for meaning in meanings(read)
    )


def _is_named(header: str, words: frozenset[str]) -> bool:
    read = read_header(header)
    return len(read.words) <= 2 and bool(words.intersection(read.words))


def _is_code(text: str) -> bool:
    return len(text) <= 40 and " " not in text


def _is_currency(text: str) -> bool:
    return text in CURRENCIES


def _first(look: Look, named: Callable[[str], bool], fits: Callable[[str], bool]) -> str | None:
    for header in look.headers:
        values = look.values(header) if named(header) else []
        if values and _all(values, fits):
            return header
    return None


def _all(values: Sequence[str], fits: Callable[[str], bool]) -> bool:
    different = set(values)
    return len(different) <= MOST_KINDS and all(map(fits, different))
