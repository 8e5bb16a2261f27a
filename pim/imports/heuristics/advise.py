"""Suggests a target for each column: candidates first, then one column per target, then the rest.

A column that nothing is known about becomes a new field with low confidence, or is left out when
even its header says nothing: being unsure is said, not guessed away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pim.imports.heuristics.concepts import Meaning, concept_of, meanings
from pim.imports.heuristics.grammar import says_long
from pim.imports.heuristics.shapes import (
    TypeGuess,
    guess_type,
    has_gtin_form,
    looks_like_gtin,
    readable_share,
    share,
)
from pim.imports.heuristics.words import Header, read_header, slug
from pim.imports.heuristics.wordsets import (
    MEANINGLESS,
    NAME_WORDS,
    PRICE_WORDS,
    SERVICE_WORDS,
    VALUE_WORDS,
)
from pim.imports.profile import ColumnProfile, Profile
from pim.imports.suggestion import ACTIVE, FIXED_TYPES, NAME, SKU, Suggestion, type_of
from pim.schema.fields import Vocabulary, name_from_header
from pim.schema.types import CoerceContext

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
REPORT_COLUMNS = ("_line", "_error")  # see imports/report.py


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


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column and a target it may go to."""

    column: Column
    target: str
    type: str
    score: float
    reason: str


def advise(
    profile: Profile, vocabulary: Vocabulary, sample_rows: Sequence[Sequence[str]] = ()
) -> tuple[Suggestion, ...]:
    """One suggestion per column, in file order."""
    columns = _columns(profile, vocabulary)
    fields = _fields_by_concept(vocabulary)
    candidates = [
        candidate
        for column in columns
        if (not column.profile.empty or not profile.complete)
        and column.header.text not in profile.spoken_for
        for candidate in _candidates(column, vocabulary, fields, sample_rows)
    ]
    chosen: dict[int, Candidate] = {}
    taken: set[str] = set()
    for candidate in sorted(candidates, key=lambda each: -_rank(each, vocabulary)):
        if candidate.column.place not in chosen and candidate.target not in taken:
            chosen[candidate.column.place] = candidate
            taken.add(candidate.target)
    if NAME not in taken:
        _find_name(chosen, taken)
    if fields.get("price", "price") not in taken:
        _find_price(columns, chosen, taken, fields, vocabulary)
    names = {known.name for known in vocabulary.fields} | set(FIXED_TYPES) | taken
    return tuple(
        _from_candidate(chosen[column.place], profile, vocabulary)
        if column.place in chosen
        else _without_target(column, profile, names, fields)
        for column in columns
    )


def _columns(profile: Profile, vocabulary: Vocabulary) -> list[Column]:
    headers = [read_header(each.name) for each in profile.columns]
    prefix = common_prefix([each.name for each in profile.columns])
    found = []
    for place, (header, each) in enumerate(zip(headers, profile.columns, strict=True)):
        ctx = context_of(each, profile, vocabulary)
        attribute = _attribute(header, headers, profile)
        known = meanings(header) or _meaning_of_option(attribute)
        if not known and prefix and each.name.casefold().startswith(prefix):
            known = meanings(read_header(each.name[len(prefix) :]))
        found.append(Column(place, header, each, known, ctx, attribute))
    return found


def common_prefix(names: Sequence[str]) -> str:
    """What nearly all headers begin with, folded: `ox`, `item_`; "" when that is nothing."""
    folded = [name.casefold() for name in names if name not in REPORT_COLUMNS]
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


def _fields_by_concept(vocabulary: Vocabulary) -> dict[str, str]:
    """Which field of the vocabulary a concept goes to; the fixed ones come first."""
    fields = {SKU: SKU, NAME: NAME, ACTIVE: ACTIVE}
    for known in vocabulary.fields:
        concept = concept_of(known.name)
        if concept and (concept not in fields or known.name == concept):
            fields.setdefault(concept, known.name)
            if known.name == concept and concept not in FIXED_TYPES:
                fields[concept] = known.name
    return fields


def _candidates(
    column: Column,
    vocabulary: Vocabulary,
    fields: dict[str, str],
    sample_rows: Sequence[Sequence[str]],
) -> list[Candidate]:
    found: list[Candidate] = []
    for known in vocabulary.fields:
        if known.name not in FIXED_TYPES and slug(known.name) == slug(column.header.text):
            found += _fitting(column, known.name, known.type, 1.0, "a field of this name exists")
    for meaning in column.meanings:
        if meaning.concept == SKU:
            found += _sku(column, meaning, sample_rows)
            continue
        target = fields.get(meaning.concept, meaning.concept)
        type_name = type_of(vocabulary, target) or _new_type(column, meaning.concept)
        reason = _says(column, meaning)
        if meaning.concept == "in_stock" and _is_all_numbers(column):
            stock = fields.get("quantity", "quantity")
            found += _fitting(column, stock, "number", 0.5 * meaning.strength + 0.2, reason)
        if _may_be_name(column, meaning):
            found += _fitting(column, NAME, "string", 0.45, f"{reason}, but they are short texts")
        if meaning.concept == "gtin":
            found += _gtin(column, target, type_name, meaning, reason)
        else:
            found += _fitting(column, target, type_name, meaning.strength, reason)
    return found


def _find_name(chosen: dict[int, Candidate], taken: set[str]) -> None:
    """A catalog has names: where no header says so, the shorter description holds them."""
    for concept in ("short_description", "description"):
        for place, candidate in chosen.items():
            of = {meaning.concept for meaning in candidate.column.meanings}
            if (
                concept in of
                and not candidate.column.header.locale
                and _are_names(candidate.column)
            ):
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
        and PRICE_WORDS.intersection(column.header.words)
        and not SERVICE_WORDS.intersection((*column.header.words, *column.header.parents))
        and not column.profile.empty
        and not column.meanings
        and readable_share(column.profile.examples, "price", column.ctx) >= FITS
    ]
    if len(found) == 1:
        reason = "the only column that speaks of a price"
        chosen[found[0].place] = Candidate(found[0], target, type_name, 0.5, reason)
        taken.add(target)


def _may_be_name(column: Column, meaning: Meaning) -> bool:
    plain = meaning.concept == "description" and meaning.strength > 0.6
    return plain and not column.header.locale and _are_names(column)


def _are_names(column: Column) -> bool:
    """Short texts on one line, each another: `Omschrijving` may well be the name."""
    profile = column.profile
    if profile.multiline or not profile.examples or (profile.distinct or 0) < 0.5 * profile.filled:
        return False
    return share(profile.examples, lambda text: len(text) <= 80 and "<" not in text) >= FITS


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
    part = readable_share(column.profile.examples, type_name, column.ctx)
    if part < (FITS if strength > 0.6 else 0.95):
        return []
    if type_name == "string" and strength < 0.6 and _is_all_numbers(column):
        return []
    if part < 1:
        reason += f"; {part:.0%} of the values can be read"
    return [Candidate(column, target, type_name, strength * (0.5 + 0.5 * part), reason)]


def _gtin(
    column: Column, target: str, type_name: str, meaning: Meaning, reason: str
) -> list[Candidate]:
    values = column.profile.examples
    if looks_like_gtin(values):
        return [Candidate(column, target, type_name, 1.0, reason + "; check digits are right")]
    factor = 0.95 if has_gtin_form(values) else 0.7
    return [Candidate(column, target, type_name, factor * meaning.strength, reason)]


def _sku(column: Column, meaning: Meaning, sample_rows: Sequence[Sequence[str]]) -> list[Candidate]:
    """A SKU names one product: never a column that repeats itself in the rows shown."""
    profile = column.profile
    shown = [row[column.place].strip().casefold() for row in sample_rows if row[column.place]]
    if not profile.filled or len(set(shown)) < len(shown):
        return []
    if profile.unique:
        reason = f"unique in all {profile.rows:,} rows"
        if meaning.strength < 0.6:
            codes = share(profile.examples, lambda value: len(value) <= 40 and " " not in value)
            if codes < 0.95:
                return []
            specific = 0.08 * (len(meaning.words.split()) > 1)
            return [Candidate(column, SKU, "string", 0.6 + specific, reason)]
        return [Candidate(column, SKU, "string", meaning.strength, f"{reason}; a code")]
    if meaning.strength < 0.9 or (profile.distinct or 0) < 0.2 * profile.filled:
        return []
    blank = profile.rows - profile.filled
    parts = [f"{profile.repeated:,} rows repeat an earlier one"] if profile.repeated else []
    parts += [f"{blank:,} of {profile.rows:,} rows have none"] if blank else []
    reason = f"{_says(column, meaning)}; " + ", ".join(parts)
    return [Candidate(column, SKU, "string", 0.75 * meaning.strength, reason)]


def _says(column: Column, meaning: Meaning) -> str:
    said = meaning.words if column.header.phrase != meaning.words else column.header.text
    if said.casefold().replace("_", " ") == meaning.concept.replace("_", " "):
        return "the header says so"
    return f"“{said}” means {meaning.concept.replace('_', ' ')}"


def _is_all_numbers(column: Column) -> bool:
    return readable_share(column.profile.examples, "number", column.ctx) >= FITS


def _rank(candidate: Candidate, vocabulary: Vocabulary) -> float:
    """Order of claims on a target: first how sure, then the tenant's own language and currency,
    then the fuller column, then the earlier one.
    """
    header, profile = candidate.column.header, candidate.column.profile
    rank = candidate.score
    if header.locale:
        same = header.locale[:2] == vocabulary.default_locale[:2]
        rank += 0.0 if same else -0.2
    if header.currency and vocabulary.default_currency:
        rank += 0.0 if header.currency == vocabulary.default_currency else -0.2
    rank += 0.05 * profile.filled / max(profile.rows, 1)
    if candidate.target != NAME and says_long(header.phrase):
        rank += 0.02
    return rank - 0.0001 * candidate.column.place


def _from_candidate(candidate: Candidate, profile: Profile, vocabulary: Vocabulary) -> Suggestion:
    header = candidate.column.header
    known = type_of(vocabulary, candidate.target)
    reason = candidate.reason
    if candidate.type in ("price", "multi_price") and header.currency:
        reason += f"; amounts are {header.currency}"
    if header.unit:
        reason += f"; in {header.unit}"
    return Suggestion(
        column=header.text,
        target=candidate.target,
        type=known or candidate.type,
        confidence=round(min(0.99, 0.97 * candidate.score), 2),
        reason=reason,
        new=known is None,
    )


def _without_target(
    column: Column, profile: Profile, names: set[str], fields: dict[str, str]
) -> Suggestion:
    """A column no known field claims: a new field, or nothing."""
    header, values = column.header, column.profile
    if header.text in profile.spoken_for:
        return Suggestion(header.text, None, "string", 0.9, profile.spoken_for[header.text])
    if header.text in REPORT_COLUMNS:
        return Suggestion(header.text, None, "string", 0.99, "from our report of failed rows")
    if values.empty:
        where = f"all {profile.rows:,} rows" if profile.complete else "every row seen"
        return Suggestion(header.text, None, "string", 0.9, f"empty in {where}")
    guess = guess_type(header, values, column.ctx)
    if not any(len(word) > 1 for word in header.words) or MEANINGLESS.issuperset(header.words):
        return Suggestion(
            header.text, None, guess.type, 0.3, f"the header says nothing; {guess.reason}"
        )
    name = name_from_header(_plain_name(column, fields), names)
    names.add(name)
    return Suggestion(header.text, name, guess.type, _sure(guess), guess.reason, new=True)


def _plain_name(column: Column, fields: dict[str, str]) -> str:
    """What a new field is named after: the field it is another language or currency of, the
    attribute its values are of, or the header.
    """
    header = column.header
    if column.meanings and (header.locale or header.currency):
        best = column.meanings[0]
        if best.strength >= 0.9:
            base = fields.get(best.concept, best.concept)
            parts = (base, header.locale, (header.currency or "").lower(), header.channel)
            return "_".join(part for part in parts if part)
    return column.attribute or header.text


def _sure(guess: TypeGuess) -> float:
    return 0.65 if guess.type != "string" else 0.6
