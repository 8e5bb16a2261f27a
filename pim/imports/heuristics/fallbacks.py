"""What a catalog surely has, looked for among columns no header told apart: by what the values are.

Whatever is found here is a guess: its confidence says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pim.imports.heuristics.columns import Column
from pim.imports.heuristics.grammar import classes_in
from pim.imports.heuristics.shapes import (
    guess_type,
    looks_like_gtin,
    readable_share,
    share,
    speaks_of_price,
)
from pim.imports.heuristics.wordsets import NOT_OF_THE_PRODUCT, OTHER_TEXTS, SERVICE_WORDS
from pim.imports.suggestion import NAME, SKU, type_of
from pim.schema.fields import Vocabulary

# The types of concepts the vocabulary doesn't have a field for yet.
STANDARD_TYPES = {
    "category": "array",
    "price": "price",
    "sale_price": "price",
    "cost": "price",
    "quantity": "number",
    "in_stock": "boolean",
    "weight": "number",
    "width": "number",
    "height": "number",
    "length": "number",
    "image_url": "url",
    "images": "array",
    "url": "url",
    "tags": "array",
}
FITS = 0.8
_PATH = re.compile(r"[^>|]{2,60}(?:\s?(?:->|>|»|›)\s?[^>|]{2,60})+")
_PICTURE = re.compile(r"\.(?:jpe?g|png|webp|gif|avif|tiff?|bmp)(?:[?#&].*)?$", re.IGNORECASE)
_PICTURE_IN_LIST = re.compile(r"\.(?:jpe?g|png|webp|gif|avif)\b", re.IGNORECASE)
_SENTENCE = re.compile(
    r"\s*<(?:p|div|ul|h\d|b|strong|br)\b|(?=\S+\s+\S+\s+\S).*[.!。](?:\s|$)", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column and a target it may go to."""

    column: Column
    target: str
    type: str
    score: float
    reason: str


@dataclass(slots=True)
class Fallbacks:
    """Fills what is missing in `chosen`, the candidate by place of column."""

    columns: Sequence[Column]
    chosen: dict[int, Candidate]
    taken: set[str]
    fields: dict[str, str]
    vocabulary: Vocabulary

    def find(self) -> None:
        """Look for everything that has no column yet."""
        if NAME not in self.taken:
            _find_name(self.chosen, self.taken)
        if self._free("price"):
            _find_price(self.columns, self.chosen, self.taken, self.fields, self.vocabulary)
        if self._free("image_url") and self._free("images"):
            self._find_pictures()
        if self._free("images"):
            self._find_galleries()
        if self._free("gtin"):
            self._find_gtin()
        if SKU not in self.taken:
            self._find_own_code()
        if SKU not in self.taken:
            self._find_sku()
        if self._free("category"):
            self._find_paths()
        if NAME not in self.taken:
            self._find_texts_that_name()
        if self._free("description"):
            self._find_long_texts()

    def _free(self, concept: str) -> bool:
        return self.fields.get(concept, concept) not in self.taken

    def _unclaimed(self) -> list[Column]:
        return [
            column
            for column in self.columns
            if column.place not in self.chosen
            and not column.profile.empty
            and not NOT_OF_THE_PRODUCT.intersection((*column.header.words, *column.header.parents))
        ]

    def _choose(self, column: Column, concept: str, score: float, reason: str) -> None:
        target = self.fields.get(concept, concept)
        type_name = type_of(self.vocabulary, target) or STANDARD_TYPES.get(concept, "string")
        self.chosen[column.place] = Candidate(column, target, type_name, score, reason)
        self.taken.add(target)

    def _find_pictures(self) -> None:
        for column in self._unclaimed():
            said = bool({"image_url", "images"} & classes_in(column.header.words))
            guess = guess_type(column.header, column.profile, column.ctx).type
            if guess not in ("url", "array"):
                continue
            pictures = share(column.profile.examples, _PICTURE.search) >= FITS
            if pictures or (said and guess == "url"):
                concept = "image_url" if guess == "url" else "images"
                reason = "addresses of pictures" if pictures else "addresses, and called pictures"
                self._choose(column, concept, 0.6, reason)
                return

    def _find_galleries(self) -> None:
        """Lists of pictures, beside the one picture."""
        for column in self._unclaimed():
            guess = guess_type(column.header, column.profile, column.ctx).type
            pictures = share(column.profile.examples, _PICTURE_IN_LIST.search)
            if guess == "array" and pictures >= FITS:
                self._choose(column, "images", 0.6, "lists of addresses of pictures")
                return

    def _find_gtin(self) -> None:
        for column in self._unclaimed():
            values, profile = column.profile.examples, column.profile
            varied = len(values) > 2 and (profile.distinct or 0) >= 0.8 * profile.filled
            if varied and looks_like_gtin(values) and share(values, lambda v: len(v) > 8) >= FITS:
                self._choose(column, "gtin", 0.6, "check digits of trade numbers are right")
                return

    def _find_own_code(self) -> None:
        """A supplier's own file: his numbers are the codes, beside those of the makers."""
        coded = [
            (column, classes_in((*column.header.parents, *column.header.words)))
            for column in self.columns
            if any(each.concept == "mpn" and each.strength > 0.8 for each in column.meanings)
        ]
        own = [column for column, said in coded if "supply" in said and "maker" not in said]
        made = [column for column, said in coded if "maker" in said and "supply" not in said]
        if len(own) != 1 or len(made) != 1 or not own[0].profile.unique:
            return
        self.taken.discard(self.fields.get("mpn", "mpn"))
        self._choose(own[0], SKU, 0.6, "the supplier's own numbers, beside those of the makers")
        self._choose(made[0], "mpn", 0.9, "the maker's numbers, beside the supplier's own")

    def _find_sku(self) -> None:
        """A unique code among the first columns; several could be anything."""
        found = [
            column
            for column in self._unclaimed()
            if column.place < 3
            and column.profile.unique
            and column.header.number is None
            and "id" not in column.header.words
            and "code" in classes_in(column.header.words)
            and not {"maker", "supply", "gtin", "category"} & classes_in(column.header.words)
            and share(column.profile.examples, lambda v: len(v) <= 40 and " " not in v) >= 0.95
        ]
        if len(found) == 1:
            rows = found[0].profile.rows
            reason = f"a code, unique in all {rows:,} rows, and nothing else is one"
            self._choose(found[0], SKU, 0.5, reason)

    def _find_paths(self) -> None:
        """`Home > Lamps`: nothing else is written so."""
        for column in self._unclaimed():
            values = column.profile.examples
            if not column.meanings and share(values, _PATH.fullmatch) >= FITS:
                self._choose(column, "category", 0.5, "paths of categories")
                return

    def _find_long_texts(self) -> None:
        """Sentences, each another, that no header says anything else of: the longest of them."""
        found = [
            column
            for column in self._unclaimed()
            if not column.meanings
            and not OTHER_TEXTS.intersection((*column.header.words, *column.header.parents))
            and (column.profile.distinct or 0) >= FITS * column.profile.filled > 1
            and share(column.profile.examples, _SENTENCE.match) >= FITS
        ]
        if found:
            longest = max(found, key=lambda each: sum(map(len, each.profile.examples)))
            self._choose(longest, "description", 0.45, "sentences, and nothing else describes")

    def _find_texts_that_name(self) -> None:
        for column in self._unclaimed():
            profile = column.profile
            words = share(profile.examples, lambda text: " " in text.strip())
            if (
                column.place < 5
                and not column.meanings
                and not column.header.locale
                and guess_type(column.header, profile, column.ctx).reason == "text"
                and (profile.distinct or 0) >= 0.8 * profile.filled
                and words >= 0.5
                and are_names(column)
            ):
                reason = "short texts, each another, and nothing else holds a name"
                self._choose(column, NAME, 0.4, reason)
                return


def _find_name(chosen: dict[int, Candidate], taken: set[str]) -> None:
    """A catalog has names: where no header says so, the shorter description holds them."""
    for concept in ("short_description", "description"):
        for place, candidate in chosen.items():
            of = {meaning.concept for meaning in candidate.column.meanings}
            if concept in of and not candidate.column.header.locale and are_names(candidate.column):
                reason = f"{candidate.reason}, but nothing else holds a name"
                taken.discard(candidate.target)
                taken.add(NAME)
                chosen[place] = Candidate(candidate.column, NAME, "string", 0.55, reason)
                return


def _find_price(
    columns: Sequence[Column],
    chosen: dict[int, Candidate],
    taken: set[str],
    fields: dict[str, str],
    vocabulary: Vocabulary,
) -> None:
    """A catalog has prices: the one column that speaks of one is it, whatever else it says."""
    target = fields.get("price", "price")
    type_name = type_of(vocabulary, target) or STANDARD_TYPES["price"]
    found = [
        column
        for column in columns
        if column.place not in chosen
        and speaks_of_price(column.header)
        and not SERVICE_WORDS.intersection((*column.header.words, *column.header.parents))
        and not column.profile.empty
        and not column.meanings
        and readable_share(column.profile.examples, "price", column.ctx) >= FITS
    ]
    if len(found) == 1:
        reason = "the only column that speaks of a price"
        chosen[found[0].place] = Candidate(found[0], target, type_name, 0.5, reason)
        taken.add(target)


def are_names(column: Column) -> bool:
    """Short texts on one line, each another: `Omschrijving` may well be the name."""
    profile = column.profile
    if profile.multiline or not profile.examples or (profile.distinct or 0) < 0.5 * profile.filled:
        return False
    if share(profile.examples, lambda text: any(map(str.isalpha, text))) < FITS:
        return False
    if share(profile.examples, lambda text: text.rstrip().endswith((".", "!", "。", "।"))) > 0.5:
        return False
    return share(profile.examples, lambda text: len(text) <= 80 and "<" not in text) >= FITS
