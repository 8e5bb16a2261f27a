"""Suggests a target for each column: candidates first, then one column per target, then the rest.

A column that nothing is known about becomes a new field with low confidence, or is left out when
even its header says nothing: being unsure is said, not guessed away.
"""

from __future__ import annotations

from collections.abc import Sequence

from pim.imports.corrected import ERROR, LINE
from pim.imports.heuristics.candidates import Candidates, is_long_text
from pim.imports.heuristics.codes import may_be_codes
from pim.imports.heuristics.columns import Column, read_columns
from pim.imports.heuristics.concepts import concept_of
from pim.imports.heuristics.fallbacks import (
    Candidate,
    Fallbacks,
    are_names,
)
from pim.imports.heuristics.grammar import classes_in, says_long
from pim.imports.heuristics.shapes import (
    TypeGuess,
    guess_type,
)
from pim.imports.heuristics.words import slug
from pim.imports.heuristics.wordsets import MEANINGLESS, NAMED_PRICES
from pim.imports.profile import Profile
from pim.imports.suggestion import ACTIVE, FIXED_TYPES, NAME, SKU, Suggestion, type_of
from pim.schema.fields import Vocabulary, name_from_header


def advise(
    profile: Profile, vocabulary: Vocabulary, sample_rows: Sequence[Sequence[str]] = ()
) -> tuple[Suggestion, ...]:
    """One suggestion per column, in file order."""
    columns = read_columns(profile, vocabulary)
    fields = _fields_by_concept(vocabulary)
    coded, longer = any(map(may_be_codes, columns)), any(map(is_long_text, columns))
    facts = Candidates(vocabulary, fields, sample_rows, coded, longer)
    candidates = [
        candidate
        for column in columns
        if (not column.profile.empty or not profile.complete)
        and column.header.text not in profile.spoken_for
        for candidate in facts.of(column)
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
    if slug(candidate.target) == slug(header.text):
        rank += 0.005  # `prices` is the field `prices`, whatever else means a price
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
