"""Suggests a target for each column: candidates first, then one column per target, then the rest.

A column that nothing is known about becomes a new field with low confidence, or is left out when
even its header says nothing: being unsure is said, not guessed away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pim.imports.corrected import ERROR, LINE
from pim.imports.heuristics.columns import Column, read_columns
from pim.imports.heuristics.concepts import Meaning, concept_of
from pim.imports.heuristics.fallbacks import (
    FITS,
    STANDARD_TYPES,
    Candidate,
    Fallbacks,
    are_names,
)
from pim.imports.heuristics.grammar import classes_in, says_long
from pim.imports.heuristics.shapes import (
    TypeGuess,
    counts,
    guess_type,
    has_gtin_form,
    looks_like_gtin,
    readable_share,
    share,
)
from pim.imports.heuristics.words import slug
from pim.imports.heuristics.wordsets import MEANINGLESS, NAMED_PRICES
from pim.imports.profile import Profile
from pim.imports.suggestion import ACTIVE, FIXED_TYPES, NAME, SKU, Suggestion, type_of
from pim.schema.fields import Vocabulary, name_from_header

_TEXTS = ("description", "short_description", "meta_title", "meta_description")


def advise(
    profile: Profile, vocabulary: Vocabulary, sample_rows: Sequence[Sequence[str]] = ()
) -> tuple[Suggestion, ...]:
    """One suggestion per column, in file order."""
    columns = read_columns(profile, vocabulary)
    fields = _fields_by_concept(vocabulary)
    coded = any(map(_may_be_codes, columns))
    candidates = [
        candidate
        for column in columns
        if (not column.profile.empty or not profile.complete)
        and column.header.text not in profile.spoken_for
        for candidate in _candidates(column, vocabulary, fields, sample_rows, coded=coded)
    ]
    chosen: dict[int, Candidate] = {}
    taken: set[str] = set()
    candidates.sort(key=lambda each: -_rank(each, vocabulary))
    _take_in_order(candidates, chosen, taken)
    Fallbacks(columns, chosen, taken, fields, vocabulary).find()
    _take_in_order(candidates, chosen, taken)  # what turned out to be the name left its field
    names = {known.name for known in vocabulary.fields} | set(FIXED_TYPES) | taken
    return tuple(
        _from_candidate(chosen[column.place], profile, vocabulary)
        if column.place in chosen
        else _without_target(column, profile, names, fields)
        for column in columns
    )


def _take_in_order(
    candidates: Sequence[Candidate], chosen: dict[int, Candidate], taken: set[str]
) -> None:
    """The surest first, one column per target and one target per column."""
    for candidate in candidates:
        if candidate.column.place not in chosen and candidate.target not in taken:
            chosen[candidate.column.place] = candidate
            taken.add(candidate.target)


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
    *,
    coded: bool,
) -> list[Candidate]:
    """coded: some column of the file holds codes of letters and digits, each another."""
    found: list[Candidate] = []
    for known in vocabulary.fields:
        if known.name not in FIXED_TYPES and slug(known.name) == slug(column.header.text):
            found += _fitting(column, known.name, known.type, 1.0, "a field of this name exists")
    for meaning in column.meanings:
        if meaning.concept == NAME and meaning.strength <= 0.5 and _may_be_codes(column, NAME):
            meaning = replace(meaning, concept=SKU, strength=0.7)  # `Artigo` with its number
        if meaning.concept == SKU:
            beside = _are_digits(column) and coded
            found += _sku(column, meaning, sample_rows, beside=beside)
            continue
        target = fields.get(meaning.concept, meaning.concept)
        type_name = type_of(vocabulary, target) or _new_type(column, meaning.concept)
        reason = _says(column, meaning)
        if meaning.concept == "in_stock" and _is_all_numbers(column):
            stock = fields.get("quantity", "quantity")
            found += _fitting(column, stock, "number", 0.5 * meaning.strength + 0.2, reason)
        if meaning.concept == "images" and _may_be_the_picture(column, meaning):
            picture = fields.get("image_url", "image_url")
            found += _fitting(column, picture, "url", meaning.strength + 0.01, reason)
        if _may_be_name(column, meaning):
            found += _fitting(column, NAME, "string", 0.45, f"{reason}, but they are short texts")
        if meaning.concept == NAME and meaning.strength < 0.6:
            found += _second_name(column, fields)
        if meaning.concept == "gtin":
            found += _gtin(column, target, type_name, meaning, reason)
        else:
            found += _fitting(column, target, type_name, meaning.strength, reason)
    return found


def _may_be_the_picture(column: Column, meaning: Meaning) -> bool:
    """One address in each row, and the header doesn't speak of further ones."""
    if meaning.strength >= 0.95 or "more" in classes_in(column.header.words):
        return False
    return _is_one_address(column)


def _second_name(column: Column, fields: dict[str, str]) -> list[Candidate]:
    """A short or a long name beside another one is a text of that length."""
    said = classes_in(column.header.words)
    concept = "short_description" if "short" in said else "description" if "long" in said else ""
    if not concept:
        return []
    reason = "a name of its own, beside another one"
    return _fitting(column, fields.get(concept, concept), "string", 0.42, reason)


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


def _gtin(
    column: Column, target: str, type_name: str, meaning: Meaning, reason: str
) -> list[Candidate]:
    values = column.profile.examples
    if looks_like_gtin(values):
        return [Candidate(column, target, type_name, 1.0, reason + "; check digits are right")]
    factor = 0.95 if has_gtin_form(values) else 0.7
    return [Candidate(column, target, type_name, factor * meaning.strength, reason)]


def _may_be_codes(column: Column, *said: str) -> bool:
    """Codes of letters and digits, each another: a SKU, if nothing else is said of them.

    said: what may be said of them besides.
    """
    if not column.profile.unique or {"maker", "supply"} & classes_in(column.header.words):
        return False
    if any(meaning.concept not in (SKU, "mpn", *said) for meaning in column.meanings):
        return False
    if share(column.profile.examples, lambda value: " " not in value.strip()) < FITS:
        return False
    return share(column.profile.examples, _mixes) >= 0.5


def _mixes(value: str) -> bool:
    """`KER10`, `KER-W`: no number, and no word either."""
    plain = value.replace("-", "").replace("_", "").replace(".", "")
    coded = not plain.isalpha() or (value.isupper() and "-" in value)
    return plain.isalnum() and coded and not plain.isdigit() and len(plain) <= 30


def _are_digits(column: Column) -> bool:
    return all(map(str.isdigit, column.profile.examples))


def _sku(
    column: Column,
    meaning: Meaning,
    sample_rows: Sequence[Sequence[str]],
    *,
    beside: bool,
) -> list[Candidate]:
    """A SKU names one product: never a column that repeats itself in the rows shown.

    beside: a number only, beside a column of codes.
    """
    profile = column.profile
    shown = [row[column.place].strip().casefold() for row in sample_rows if row[column.place]]
    if not profile.filled or len(set(shown)) < len(shown):
        return []
    if profile.unique:
        reason = f"unique in all {profile.rows:,} rows"
        if meaning.strength < 0.6:
            if column.header.number is not None or _is_counter(column) or beside:
                return []
            codes = share(profile.examples, lambda value: len(value) <= 40 and " " not in value)
            if codes < 0.95:
                return []
            specific = 0.08 * (len(meaning.words.split()) > 1)
            specific -= 0.03 * (column.header.words[-1:] == ("id",))
            return [Candidate(column, SKU, "string", 0.6 + specific, reason)]
        return [Candidate(column, SKU, "string", meaning.strength, f"{reason}; a code")]
    if meaning.strength < 0.9 or (profile.distinct or 0) < 0.2 * profile.filled:
        return []
    blank = profile.rows - profile.filled
    parts = [f"{profile.repeated:,} rows repeat an earlier one"] if profile.repeated else []
    parts += [f"{blank:,} of {profile.rows:,} rows have none"] if blank else []
    reason = f"{_says(column, meaning)}; " + ", ".join(parts)
    return [Candidate(column, SKU, "string", 0.75 * meaning.strength, reason)]


def _is_counter(column: Column) -> bool:
    """`product_id` with 1, 2, 3: the number a shop system gave its records."""
    words = column.header.words
    return len(words) > 1 and "id" in words and counts(column.profile.examples)


def _says(column: Column, meaning: Meaning) -> str:
    said = meaning.words if column.header.phrase != meaning.words else column.header.text
    if said.casefold().replace("_", " ") == meaning.concept.replace("_", " "):
        return "the header says so"
    return f"“{said}” means {meaning.concept.replace('_', ' ')}"


def _is_one_address(column: Column) -> bool:
    return guess_type(column.header, column.profile, column.ctx).type == "url"


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
    if candidate.target == SKU and "sku" in header.words:
        rank += 0.03
    said = classes_in(header.words)
    rank -= 0.01 * ("maker" in said) + 0.05 * ("supply" in said)  # the brand is the brand
    rank += 0.01 * ("taxed" in said)
    if candidate.target == SKU and "own" in said:
        rank += 0.08
    if candidate.type in ("price", "multi_price") and NAMED_PRICES.intersection(header.words):
        rank -= 0.015
    if candidate.target != NAME and says_long(header.phrase):
        rank += 0.02
    if candidate.target == "description":
        rank -= 0.03 if are_names(candidate.column) else 0
        sizes = [len(text) for text in profile.examples]
        rank += 0.015 * min(sum(sizes) / max(len(sizes), 1), 300) / 300
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
    if header.text in (LINE, ERROR):
        return Suggestion(header.text, None, "string", 0.99, "from our report of failed rows")
    if values.empty:
        where = f"all {profile.rows:,} rows" if profile.complete else "every row seen"
        return Suggestion(header.text, None, "string", 0.9, f"empty in {where}")
    guess = guess_type(header, values, column.ctx)
    if not any(len(word) > 1 for word in header.words) or (
        MEANINGLESS.issuperset(header.words) and not header.parents
    ):
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
