"""Where the columns of a file should go: as they went before, else as Claude says, else by rules.

The page is told which it was. Claude is asked only about columns nothing is remembered of, and
nothing a model says is taken as it comes: a target that doesn't exist, a type the values don't
have, a SKU that repeats fall back to what the rules say.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from pim.core.claude import AiSettings, NoAnswer
from pim.imports.claude import ColumnAnswer, ask_about_columns
from pim.imports.corrected import of_the_report
from pim.imports.heuristics.advise import advise
from pim.imports.heuristics.columns import context_of
from pim.imports.heuristics.shapes import readable_share
from pim.imports.memory import Memory, Recalled, recall
from pim.imports.profile import ColumnProfile, Profile
from pim.imports.suggestion import FIXED_TYPES, SKU, Suggestion, Suggestions, type_of
from pim.schema.fields import Vocabulary, clean_name, name_problem
from pim.schema.types import FIELD_TYPES
from pim.web.words import plural

log = logging.getLogger(__name__)

FITS = 0.8
_MAX_REASON = 160
NOTHING = Memory({}, date.min)
NO_KEY = "No key for Claude is set, so these are suggested by built-in rules."


def suggest(
    headers: Sequence[str],
    sample_rows: Sequence[Sequence[str]],
    vocabulary: Vocabulary,
    profile: Profile,
    ai: AiSettings | None = None,
    memory: Memory = NOTHING,
) -> Suggestions:
    """One suggestion per column, in file order, and a sentence on who made them. Never raises
    because of the model.

    ai None: there is no key. memory: what was chosen for these headers before. Only headers,
    sample rows and target names are sent.
    """
    rules = advise(profile, vocabulary, sample_rows)

    def can_be_sku(place: int) -> bool:
        return _can_be_sku(profile.columns[place], rules[place], place, sample_rows)

    recalled = recall(memory, rules, vocabulary, profile, can_be_sku)
    of_ours = of_the_report(headers, rules)
    recalled = replace(recalled, suggestions={**recalled.suggestions, **of_ours})
    before = _how_known(recalled, memory, len(rules))
    if rules and len(recalled.suggestions) == len(rules):
        return Suggestions(tuple(_in_order(recalled, rules)), "memory", before)
    by_rules = _merge((), rules, vocabulary, profile, sample_rows, recalled)
    if ai is None:
        return Suggestions(by_rules, "heuristic", _joined(before, NO_KEY))
    try:
        answers = _ask(ai, headers, sample_rows, vocabulary, recalled)
    except NoAnswer as reason:
        log.info("suggestions_without_model", extra={"code": reason.code})
        note = f"{reason.message}, so these are suggested by built-in rules."
        return Suggestions(by_rules, "heuristic", _joined(before, note[0].upper() + note[1:]))
    columns = _merge(answers, rules, vocabulary, profile, sample_rows, recalled)
    if not any(each.by == "ai" for each in columns):
        note = "Nothing in Claude's answer held, so these are suggested by built-in rules."
        return Suggestions(by_rules, "heuristic", _joined(before, note))
    note = _by_claude(columns, len(columns) - len(recalled.suggestions), len(sample_rows))
    return Suggestions(columns, "ai", _joined(before, note), model=ai.model_name)


def _by_claude(columns: Sequence[Suggestion], asked: int, rows: int) -> str:
    """How many targets are Claude's."""
    count = sum(1 for each in columns if each.by == "ai")
    return (
        f"Claude suggested {count:,} of {asked:,} targets from the headers and {rows} sample rows."
    )


def _ask(
    ai: AiSettings,
    headers: Sequence[str],
    sample_rows: Sequence[Sequence[str]],
    vocabulary: Vocabulary,
    recalled: Recalled,
) -> list[ColumnAnswer]:
    """Claude's answers about the columns nothing is remembered of; they alone show values."""
    settled = {place: each.target for place, each in recalled.suggestions.items()}
    taken = {target.casefold() for target in settled.values() if target}
    targets = [name for name in (*FIXED_TYPES, *vocabulary.names) if name.casefold() not in taken]
    return ask_about_columns(ai, headers, sample_rows, targets, settled)


def _how_known(recalled: Recalled, memory: Memory, columns: int) -> str:
    """A sentence on how many columns are known from before."""
    count = len(recalled.suggestions)
    if not count:
        return ""
    source = f"as you mapped {'it' if count == 1 else 'them'} before"
    if memory.profile:
        source = f"as in “{memory.profile}”"
    if count == columns:
        return f"All {plural(columns, 'column')} go {source}." if columns > 1 else ""
    return f"{plural(count, 'column')} of {columns:,} {'goes' if count == 1 else 'go'} {source}."


def _joined(before: str, note: str) -> str:
    """Both sentences; what was known needs no rules, so the second speaks of the others."""
    if not before:
        return note
    return f"{before} {note.replace('so these are', 'so the others are')}"


def _in_order(recalled: Recalled, rules: Sequence[Suggestion]) -> list[Suggestion]:
    return [recalled.suggestions[place] for place in range(len(rules))]


def _merge(
    answers: Sequence[ColumnAnswer],
    rules: Sequence[Suggestion],
    vocabulary: Vocabulary,
    profile: Profile,
    sample_rows: Sequence[Sequence[str]],
    recalled: Recalled,
) -> tuple[Suggestion, ...]:
    """What is remembered; Claude's answers that hold, surest first, one column per target; then
    the rules.
    """
    chosen: dict[int, Suggestion] = dict(recalled.suggestions)
    taken = {each.target.casefold() for each in chosen.values() if each.target}
    for answer in sorted(answers, key=lambda each: -each.confidence):
        place = answer.column
        if not 0 <= place < len(rules) or place in chosen:
            continue
        believed = _believe(answer, rules[place], vocabulary, profile, place, sample_rows)
        if believed and (believed.target is None or believed.target.casefold() not in taken):
            chosen[place] = believed
            taken.add((believed.target or "").casefold())
    if SKU not in taken:
        _restore_sku(chosen, rules, taken)
    return tuple(
        _told(chosen[place] if place in chosen else _untaken(rule, taken), place, recalled.refused)
        for place, rule in enumerate(rules)
    )


def _told(each: Suggestion, place: int, refused: Mapping[int, str]) -> Suggestion:
    """The suggestion, with why it isn't what was chosen before."""
    if place not in refused:
        return each
    return replace(each, reason=f"{refused[place]}. Now: {each.reason}")


def _restore_sku(
    chosen: dict[int, Suggestion], rules: Sequence[Suggestion], taken: set[str]
) -> None:
    """Without a SKU nothing can be imported: if the rules know it, they are heard."""
    for place, rule in enumerate(rules):
        if rule.target == SKU:
            before = chosen.get(place)
            if before and before.target:
                taken.discard(before.target.casefold())
            chosen[place] = rule
            taken.add(SKU)


def _untaken(rule: Suggestion, taken: set[str]) -> Suggestion:
    if rule.target is None or rule.target.casefold() not in taken:
        if rule.target:
            taken.add(rule.target.casefold())
        return rule
    reason = f"{rule.target} is taken by another column"
    return replace(rule, target=None, confidence=0.3, reason=reason, new=False)


def _believe(
    answer: ColumnAnswer,
    rule: Suggestion,
    vocabulary: Vocabulary,
    profile: Profile,
    place: int,
    sample_rows: Sequence[Sequence[str]],
) -> Suggestion | None:
    """The answer as a suggestion, or None where the rules know better."""
    column = profile.columns[place]
    if answer.type not in FIELD_TYPES or (column.empty and profile.complete):
        return None
    reason = _in_print(answer.reason) or rule.reason
    confidence = round(min(0.99, max(0.0, answer.confidence)), 2)
    base = replace(rule, confidence=confidence, reason=reason, by="ai")
    if answer.target is None:
        # A column the rules are sure of is not thrown away.
        sure = rule.target is not None and rule.confidence > 0.8
        return None if sure else replace(base, target=None, type=answer.type, new=False)
    target = _known_or_clean(answer.target, vocabulary)
    if target is None:
        return None
    known = type_of(vocabulary, target)
    type_name = known or answer.type
    if target == SKU and not _can_be_sku(column, rule, place, sample_rows):
        return None
    ctx = context_of(column, profile, vocabulary)
    if column.examples and readable_share(column.examples, type_name, ctx) < FITS:
        if known or readable_share(column.examples, rule.type, ctx) < FITS:
            return None
        type_name = rule.type
    return replace(base, target=target, type=type_name, new=known is None)


def _in_print(reason: str) -> str:
    """A reason as the page can show and the database can store it, whatever the model wrote."""
    plain = "".join(char if char.isprintable() else " " for char in reason)
    return " ".join(plain.split())[:_MAX_REASON]


def _known_or_clean(wanted: str, vocabulary: Vocabulary) -> str | None:
    """The name of a target as the vocabulary has it, or of a new field that can have it."""
    name = str(clean_name(wanted))
    if name.casefold() in FIXED_TYPES:
        return name.casefold()
    for known in vocabulary.names:
        if known.casefold() == name.casefold():
            return known
    return None if name_problem(name) else name


def _can_be_sku(
    column: ColumnProfile,
    rule: Suggestion,
    place: int,
    sample_rows: Sequence[Sequence[str]],
) -> bool:
    """A SKU names one product: no value may come twice, in the rows shown or in the file."""
    shown = [row[place].strip().casefold() for row in sample_rows if row[place].strip()]
    if len(set(shown)) < len(shown):
        return False
    return rule.target == SKU or (column.unique and column.filled > 0)
