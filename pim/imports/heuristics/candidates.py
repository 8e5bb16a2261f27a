"""Which targets a column may go to, and how surely: what its header means and its values are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pim.imports.heuristics.codes import (
    are_digits,
    gtin_candidates,
    may_be_codes,
    says,
    sku_candidates,
)
from pim.imports.heuristics.columns import Column
from pim.imports.heuristics.concepts import Meaning
from pim.imports.heuristics.fallbacks import FITS, STANDARD_TYPES, Candidate, are_names
from pim.imports.heuristics.grammar import classes_in, says_long
from pim.imports.heuristics.shapes import guess_type, readable_share, share
from pim.imports.heuristics.words import slug
from pim.imports.suggestion import FIXED_TYPES, NAME, SKU, type_of
from pim.schema.fields import Vocabulary

_TEXTS = ("description", "short_description", "meta_title", "meta_description")


@dataclass(frozen=True, slots=True)
class Candidates:
    """What is known of the whole file while one column is looked at.

    fields: the field of the vocabulary each concept goes to. coded: some column holds codes of
    letters and digits, each another. longer: some column says that it is the long description.
    """

    vocabulary: Vocabulary
    fields: Mapping[str, str]
    sample_rows: Sequence[Sequence[str]]
    coded: bool
    longer: bool

    def of(self, column: Column) -> Iterator[Candidate]:
        """All targets of a column."""
        for known in self.vocabulary.fields:
            if known.name not in FIXED_TYPES and slug(known.name) == slug(column.header.text):
                sure = 1.0 if known.name != self._field("description") else self._plain(column)
                reason = "a field of this name exists"
                yield from _fitting(column, known.name, known.type, sure, reason)
        for meaning in column.meanings:
            if meaning.concept == NAME and meaning.strength <= 0.5 and may_be_codes(column, NAME):
                meaning = replace(meaning, concept=SKU, strength=0.7)  # `Artigo` with its number
            if meaning.concept == SKU:
                beside = are_digits(column) and self.coded
                yield from sku_candidates(column, meaning, self.sample_rows, beside=beside)
            else:
                yield from self._else(column, meaning)
                yield from self._meant(column, meaning)

    def _field(self, concept: str) -> str:
        return self.fields.get(concept, concept)

    def _plain(self, column: Column) -> float:
        """How surely a description is *the* description: not beside a longer one."""
        yields = self.longer and not column.header.locale and not is_long_text(column)
        return 0.85 if yields else 1.0

    def _meant(self, column: Column, meaning: Meaning) -> list[Candidate]:
        """The target the header names."""
        target = self._field(meaning.concept)
        type_name = type_of(self.vocabulary, target) or _new_type(column, meaning.concept)
        reason, strength = says(column, meaning), meaning.strength
        if meaning.concept == "gtin":
            return gtin_candidates(column, target, type_name, meaning, reason)
        if meaning.concept == "description":
            strength *= self._plain(column)
        return _fitting(column, target, type_name, strength, reason)

    def _else(self, column: Column, meaning: Meaning) -> Iterator[Candidate]:
        """What else it may be, by its values or beside others."""
        reason = says(column, meaning)
        if meaning.concept == "in_stock" and _is_all_numbers(column):
            strength = 0.5 * meaning.strength + 0.2
            yield from _fitting(column, self._field("quantity"), "number", strength, reason)
        if meaning.concept == "images" and _may_be_the_picture(column, meaning):
            strength = meaning.strength + 0.01
            yield from _fitting(column, self._field("image_url"), "url", strength, reason)
        if _may_be_name(column, meaning):
            short = f"{reason}, but they are short texts"
            yield from _fitting(column, NAME, "string", 0.45, short)
        if meaning.concept == "description" and self._plain(column) < 1:
            beside = "beside a longer description"
            yield from _fitting(column, self._field("short_description"), "string", 0.5, beside)
        if meaning.concept == NAME and meaning.strength < 0.6:
            yield from self._second_name(column)

    def _second_name(self, column: Column) -> list[Candidate]:
        """A short or a long name beside another one is a text of that length."""
        said = classes_in(column.header.words)
        concept = next((f for w, f in _BY_LENGTH if w in said), None)
        if concept is None:
            return []
        reason = "a name of its own, beside another one"
        return _fitting(column, self._field(concept), "string", 0.42, reason)


_BY_LENGTH = (("short", "short_description"), ("long", "description"))


def is_long_text(column: Column) -> bool:
    """Whether the header says that it is the long description."""
    said = any(each.concept == "description" and each.strength >= 0.9 for each in column.meanings)
    return said and says_long(column.header.phrase) and not column.header.locale


def _may_be_the_picture(column: Column, meaning: Meaning) -> bool:
    """One address in each row, and the header doesn't speak of further ones."""
    if meaning.strength >= 0.95 or "more" in classes_in(column.header.words):
        return False
    return _is_one_address(column)


def _may_be_name(column: Column, meaning: Meaning) -> bool:
    plain = meaning.concept == "description" and meaning.strength > 0.6
    return plain and not column.header.locale and are_names(column)


def _new_type(column: Column, concept: str) -> str:
    """The type of a concept the tenant has no field for yet: text, unless the cells hold lists."""
    if concept in STANDARD_TYPES:
        return STANDARD_TYPES[concept]
    guess = guess_type(column.header, column.profile, column.ctx).type
    return guess if guess == "array" else "string"


def _fitting(
    column: Column, target: str, type_name: str, strength: float, reason: str
) -> list[Candidate]:
    """The candidate, if the column's values can be read as the target's type."""
    if column.profile.empty:
        return [Candidate(column, target, type_name, 0.5 * strength, reason + "; no values seen")]
    if type_name not in ("url", "array") and _is_one_address(column):
        return []
    if target in _TEXTS and share(column.profile.examples, _is_code) >= FITS:
        return []
    part = readable_share(column.profile.examples, type_name, column.ctx)
    if part < (0.5 if strength >= 0.9 else FITS if strength > 0.6 else 0.95):
        return []
    if type_name == "price" and column.header.question:
        return []
    if type_name == "string" and strength < 0.6 and _is_all_numbers(column):
        return []
    if part < 1:
        reason += f"; {part:.0%} of the values can be read"
    return [Candidate(column, target, type_name, strength * (0.5 + 0.5 * part), reason)]


def _is_code(value: str) -> bool:
    """`L001`: no text."""
    return value.isascii() and " " not in value.strip() and any(map(str.isdigit, value))


def _is_one_address(column: Column) -> bool:
    return guess_type(column.header, column.profile, column.ctx).type == "url"


def _is_all_numbers(column: Column) -> bool:
    return readable_share(column.profile.examples, "number", column.ctx) >= FITS
