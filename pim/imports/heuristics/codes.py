"""Which column is the SKU, and which holds trade numbers: what codes look like."""

from __future__ import annotations

from collections.abc import Sequence

from pim.imports.heuristics.columns import Column
from pim.imports.heuristics.concepts import Meaning
from pim.imports.heuristics.fallbacks import FITS, Candidate
from pim.imports.heuristics.grammar import classes_in
from pim.imports.heuristics.shapes import counts, has_gtin_form, looks_like_gtin, share
from pim.imports.suggestion import SKU


def may_be_codes(column: Column, *said: str) -> bool:
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


def are_digits(column: Column) -> bool:
    return all(map(str.isdigit, column.profile.examples))


def sku_candidates(
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
    reason = f"{says(column, meaning)}; " + ", ".join(parts)
    return [Candidate(column, SKU, "string", 0.75 * meaning.strength, reason)]


def _is_counter(column: Column) -> bool:
    """`product_id` with 1, 2, 3: the number a shop system gave its records."""
    words = column.header.words
    return len(words) > 1 and "id" in words and counts(column.profile.examples)


def gtin_candidates(
    column: Column, target: str, type_name: str, meaning: Meaning, reason: str
) -> list[Candidate]:
    values = column.profile.examples
    if looks_like_gtin(values):
        return [Candidate(column, target, type_name, 1.0, reason + "; check digits are right")]
    factor = 0.95 if has_gtin_form(values) else 0.7
    return [Candidate(column, target, type_name, factor * meaning.strength, reason)]


def says(column: Column, meaning: Meaning) -> str:
    said = meaning.words if column.header.phrase != meaning.words else column.header.text
    if said.casefold().replace("_", " ") == meaning.concept.replace("_", " "):
        return "the header says so"
    return f"“{said}” means {meaning.concept.replace('_', ' ')}"
