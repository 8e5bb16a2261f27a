"""From a description in words to a rule that somebody reviews: asked of Claude, checked by us.

What is sent: the description, the names, types and descriptions of fields, the names and ids of
segments and user segments, and a few values of fields that have few different ones. The answer
becomes a definition only by going through the parser, and nothing is stored or computed from it
until a person saves it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import ValidationError

from pim.analytics.client import TENANT, ClickHouseFailed
from pim.analytics.columns import Parameters, TenantColumns
from pim.analytics.queries import FacetOf, find_values
from pim.analytics.registry import known_columns
from pim.core.claude import AiSettings, NoAnswer, Question, ask_claude
from pim.core.clock import now
from pim.core.db import transaction
from pim.core.errors import FieldError, Invalid, Unavailable
from pim.segments.compiling import known_now
from pim.segments.described import SCHEMA, SYSTEM, Answer, question
from pim.segments.dsl import DefinitionInvalid, Known, in_words, properties_of, read_rule

log = logging.getLogger(__name__)

LONGEST_TEXT = 2_000
OFF = "No key for Claude is set, so descriptions can't be turned into rules here."
NOTHING_SAID = "Claude found no rule in this description. Say more about the products you want."
_MAX_TOKENS = 4_000
# Fields with more different values than this have none that stand for the others.
_FEW, _SHOWN, _LONGEST_VALUE = 60, 12, 60
_FIELDS_WITH_VALUES = 40
# The first so many products stand for all: values are examples, and somebody waits.
_SOME = f"product_id IN (SELECT product_id FROM products WHERE {TENANT} LIMIT 20000)"  # noqa: S608
_LISTED_KINDS = ("string", "array")

State = Literal["rule", "not_understood", "no_answer", "off"]


@dataclass(frozen=True, slots=True)
class Described:
    """What became of a description.

    state: `rule` with a definition and its words; `not_understood` or `no_answer` with a sentence
    on why; `off` without a key.
    """

    state: State
    definition: Mapping[str, Any] | None = None
    words: str | None = None
    why: str | None = None


def describe(
    text: Any, ai: AiSettings | None, *, own_id: int | None = None, path: str = "/text"
) -> Described:
    """The rule a description means, to be reviewed. Takes as long as Claude may.

    ai None: there is no key. own_id: the segment it is to be the rule of. To be called outside a
    transaction, so that none is open meanwhile. Raises Invalid for a text that isn't one.
    """
    wanted = _checked(text, path)
    if ai is None:
        return Described("off", why=OFF)
    with transaction():
        known = known_now(own_id)
        values = _known_values(known)
        asked = question(wanted, known, values, now().date().isoformat())
    try:
        (answer,) = ask_claude(ai, [Question(SYSTEM, asked, SCHEMA, _MAX_TOKENS)])
    except NoAnswer as reason:
        log.info("describe_without_answer", extra={"code": reason.code})
        return Described("no_answer", why=f"{reason.message[:1].upper()}{reason.message[1:]}.")
    return understand(answer, known)


def understand(answer: str, known: Known) -> Described:
    """What Claude's answer comes to, once it has been through the parser."""
    try:
        read = Answer.model_validate_json(answer)
    except (ValidationError, ValueError):
        return Described("no_answer", why="Claude's answer could not be read.")
    if read.said:
        return Described("not_understood", why=read.said)
    definition = read.definition(known)
    if definition is None:
        return Described("not_understood", why=NOTHING_SAID)
    try:
        rule = read_rule(definition, known)
    except DefinitionInvalid as invalid:
        why = f"Claude suggested a rule that can't be used: {invalid.message}"
        return Described("not_understood", why=why)
    return Described("rule", definition, in_words(rule))


def _checked(text: Any, path: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise Invalid([FieldError(path, "required", "Say which products you want.")])
    if len(text) > LONGEST_TEXT:
        message = f"A description may have {LONGEST_TEXT:,} characters; this one has {len(text):,}."
        raise Invalid([FieldError(path, "too_long", message)])
    return text.strip()


def _known_values(known: Known) -> Mapping[str, Sequence[str]]:
    """Frequent values of fields that have few different ones; none while ClickHouse is away."""
    columns, parameters = TenantColumns(known_columns()), Parameters()
    fields = {
        key: prop
        for key, prop in properties_of(known.vocabulary.fields).items()
        if prop.kind in _LISTED_KINDS and not prop.fixed
    }
    keys = list(fields)[:_FIELDS_WITH_VALUES]
    facets = [FacetOf(columns.read(fields[key].name, fields[key].kind, parameters)) for key in keys]
    try:
        found = find_values(facets, parameters, top=_SHOWN)
    except (Unavailable, ClickHouseFailed) as error:
        log.info("describe_without_values", extra={"error": str(error)[:200]})
        return {}
    return {
        key: [str(each.value) for each in values.top if len(str(each.value)) <= _LONGEST_VALUE]
        for key, values in zip(keys, found, strict=True)
        if values.distinct <= _FEW
    }
