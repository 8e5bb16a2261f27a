"""The columns of a file with all that is known of each: what its header and its neighbours say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pim.imports.corrected import ERROR, LINE
from pim.imports.heuristics.concepts import Meaning, meanings
from pim.imports.heuristics.shapes import counts, share
from pim.imports.heuristics.words import Header, read_header
from pim.imports.heuristics.wordsets import NAME_WORDS, VALUE_WORDS
from pim.imports.profile import ColumnProfile, Profile
from pim.schema.fields import Vocabulary
from pim.schema.types import CoerceContext

_ITEM_IDS = (("item", "id"), ("offer", "id"), ("identifier",), ("unique", "id"))


@dataclass(frozen=True, slots=True)
class Column:
    """One column with all that is known of it.

    attribute: what all its values are of, when another column says so (see `_attribute`).
    """

    place: int
    header: Header
    profile: ColumnProfile
    meanings: tuple[Meaning, ...]
    ctx: CoerceContext
    attribute: str | None = None


def read_columns(profile: Profile, vocabulary: Vocabulary) -> list[Column]:
    """All columns of a file, in their order."""
    headers = [read_header(each.name) for each in profile.columns]
    prefix = common_prefix([each.name for each in profile.columns])
    found = []
    for place, (header, each) in enumerate(zip(headers, profile.columns, strict=True)):
        ctx = context_of(each, profile, vocabulary)
        attribute = _attribute(header, headers, profile)
        known = meanings(header) or _meaning_of_option(attribute)
        if not known and prefix and each.name.casefold().startswith(prefix):
            known = meanings(read_header(each.name[len(prefix) :]))
        if not known and _names_by_id(header, each):
            known = _without_id(header)
        found.append(Column(place, header, each, known, ctx, attribute))
    return _numbers_of_a_feed(found)


def _numbers_of_a_feed(columns: list[Column]) -> list[Column]:
    """Where items have a code as their id, as in price comparison feeds, `PRODUCTNO` is the
    maker's number.
    """
    ids = [each for each in columns if each.header.words in _ITEM_IDS and _is_code(each.profile)]
    if len(ids) != 1:
        return columns
    told = {ids[0].place: Meaning("sku", 0.95, ids[0].header.phrase)}
    for each in columns:
        if each.header.words == ("product", "nr"):
            told[each.place] = Meaning("mpn", 0.6, each.header.phrase)
    return [
        replace(each, meanings=(told[each.place],)) if each.place in told else each
        for each in columns
    ]


def _is_code(column: ColumnProfile) -> bool:
    return column.unique and not counts(column.examples)


def _names_by_id(header: Header, column: ColumnProfile) -> bool:
    """`currency_id` or `tag_ids` that hold no numbers: names after all."""
    words = (*header.parents, *header.words)
    numbered = share(column.examples, lambda value: value.replace(",", "").strip().isdigit())
    return len(words) > 1 and bool({"id", "ids"} & set(words)) and numbered < 0.5


def _without_id(header: Header) -> tuple[Meaning, ...]:
    plain = replace(
        header,
        words=tuple(word for word in header.words if word not in ("id", "ids")),
        parents=tuple(word for word in header.parents if word not in ("id", "ids")),
    )
    found = meanings(plain) if plain.words else ()
    return tuple(
        replace(each, strength=0.85 * each.strength)
        for each in found
        if each.concept in ("category", "brand", "currency", "tags", "tax_class", "color", "size")
    )


def common_prefix(names: Sequence[str]) -> str:
    """What nearly all headers begin with, folded: `ox`, `item_`; "" when that is nothing."""
    folded = [name.casefold() for name in names if name not in (LINE, ERROR)]
    if len(folded) < 5:
        return ""
    counts = Counter(name[:end] for name in folded for end in range(2, min(16, len(name))))
    often = [start for start, count in counts.items() if count >= 0.8 * len(folded)]
    return max(often, key=len, default="")


def context_of(column: ColumnProfile, profile: Profile, vocabulary: Vocabulary) -> CoerceContext:
    """What a column's values are read with while guessing. Where the file doesn't tell the
    decimal sign, either reading shows the same: that it is a number.
    """
    return CoerceContext(
        default_currency=read_header(column.name).currency or vocabulary.default_currency or "EUR",
        default_locale=vocabulary.default_locale,
        decimal=column.decimal or profile.decimal or ".",
    )


def _attribute(header: Header, headers: Sequence[Header], profile: Profile) -> str | None:
    """`Option1 Value` is of what `Option1 Name` says, if that is the same in every row."""
    if header.number is None or not header.words or not VALUE_WORDS.intersection(header.words):
        return None
    rest = tuple(word for word in header.words if word not in VALUE_WORDS)
    for other, column in zip(headers, profile.columns, strict=True):
        names = [word for word in other.words if word not in rest]
        if (
            other.number == header.number
            and len(column.examples) == 1
            and set(rest) <= set(other.words)
            and names
            and NAME_WORDS.issuperset(names)
        ):
            return column.examples[0]
    return None


def _meaning_of_option(attribute: str | None) -> tuple[Meaning, ...]:
    if attribute is None:
        return ()
    return tuple(
        Meaning(meaning.concept, 0.85 * meaning.strength, attribute)
        for meaning in meanings(read_header(attribute))
    )
