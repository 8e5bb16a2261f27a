"""The builder, put together: its form, what is chosen from, what the rule finds right now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pim.catalog import list_postgresql
from pim.catalog.columns import image_of
from pim.catalog.pictures import picture_fields
from pim.core.errors import DomainError
from pim.products.models import Product
from pim.schema.fields import Vocabulary
from pim.schema.queries import current_vocabulary
from pim.schema.types import notation_of_locale
from pim.segment_pages import choices
from pim.segment_pages.builder import GroupForm, RuleForm, blank_rule
from pim.segment_pages.examples import examples_of
from pim.segment_pages.marks import Marks, marks_of
from pim.segment_pages.opening import form_of
from pim.segment_pages.states import INTERVALS, interval_words
from pim.segment_pages.writing import People, without_unfinished, write
from pim.segments import queries
from pim.segments.compiling import compile_definition
from pim.segments.dsl.errors import DefinitionInvalid
from pim.segments.dsl.properties import properties_of
from pim.segments.dsl.words import in_words
from pim.segments.models import ProductSegment
from pim.segments.preview import preview_compiled
from pim.segments.signals import is_id

SAMPLE = 10
MOST_SEGMENTS = 1_000


def is_whole(text: str) -> bool:
    """Whether a field holds a whole number, and not one that nobody means."""
    return text.isascii() and text.isdecimal() and len(text) < 10


@dataclass(frozen=True, slots=True)
class Settings:
    """What a segment is beside its rule, as its form has it."""

    name: str = ""
    description: str = ""
    refresh_interval: str = "60"
    is_active: bool = True
    version: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Live:
    """What the rule finds right now.

    count: None where it can't be counted, which `problem` explains. left_out: how many conditions
    are still to be filled in, and aren't counted with.
    """

    count: int | None = None
    total: int = 0
    elapsed_ms: float = 0
    words: str = ""
    products: Sequence[tuple[Product, str]] = ()
    left_out: int = 0
    problem: str = ""
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Editor:
    """All the builder shows. problems: (id of a field, message) for the summary above the form."""

    settings: Settings
    view: choices.GroupView
    abouts: Sequence[tuple[str, Sequence[choices.Option]]]
    live: Live
    problems: Sequence[tuple[str, str]] = ()
    fields: Sequence[choices.FieldLine] = ()
    focus: str = ""
    own_id: int | None = None

    @property
    def intervals(self) -> list[tuple[str, str]]:
        """How often it can be computed, the present choice included."""
        current = self.settings.refresh_interval
        is_own = is_whole(current) and current not in dict(INTERVALS)
        own = [(current, interval_words(int(current)))] if is_own else []
        return own + list(INTERVALS)


@dataclass(frozen=True, slots=True)
class Tenant:
    """The tenant's words: fields, how people write, what there is to choose from."""

    vocabulary: Vocabulary
    known: choices.Known
    people: People


def tenant_now(own_id: int | None = None) -> Tenant:
    """The tenant in force, for one request."""
    vocabulary = current_vocabulary()
    notation = notation_of_locale(vocabulary.default_locale)
    examples = examples_of(vocabulary)
    known = choices.Known(
        properties=properties_of(vocabulary.fields),
        currency=vocabulary.default_currency,
        segments=_WhenAsked(lambda: _segments(own_id)),
        users=_WhenAsked(_users),
        find_segment=_find_segment,
        find_users=_find_users,
        values=examples.values,
        currencies=examples.currencies,
    )
    people = People(vocabulary.context(notation), notation, vocabulary.default_currency)
    return Tenant(vocabulary, known, people)


class _WhenAsked(Sequence[choices.SegmentChoice]):
    """Choices that are read when somebody looks at them: few rules ask for any."""

    def __init__(self, read: Callable[[], list[choices.SegmentChoice]]) -> None:
        self._read = read

    @cached_property
    def _all(self) -> list[choices.SegmentChoice]:
        return self._read()

    def __getitem__(self, index: Any) -> Any:
        return self._all[index]

    def __len__(self) -> int:
        return len(self._all)


def _segments(own_id: int | None) -> list[choices.SegmentChoice]:
    found = queries.names_of_segments(MOST_SEGMENTS)
    return [_choice(each) for each in found if each[0] != own_id]


def _users() -> list[choices.SegmentChoice]:
    return [_choice(each) for each in queries.names_of_user_segments(MOST_SEGMENTS)]


def _find_segment(segment_id: str) -> choices.SegmentChoice | None:
    number = int(segment_id) if segment_id.isdecimal() and len(segment_id) < 19 else 0
    found = queries.name_of_segment(number)
    return None if found is None else _choice(found)


def _find_users(segment_id: str) -> choices.SegmentChoice | None:
    found = queries.name_of_user_segment(segment_id) if is_id(segment_id) else None
    return None if found is None else _choice(found)


def _choice(named: queries.Named) -> choices.SegmentChoice:
    return choices.SegmentChoice(str(named[0]), named[1], named[2])


def look(form: RuleForm, tenant: Tenant, own_id: int | None = None) -> tuple[Live, Marks]:
    """What the finished part of a rule finds, and what stands against its conditions."""
    finished = without_unfinished(form.root)
    whole = write(form, tenant.known.properties, tenant.people)
    left_out = sum(not isinstance(form.find(key), GroupForm) for key in whole.unfinished)
    if not finished.children:
        return Live(empty=True, left_out=left_out), {}
    written = write(RuleForm(finished), tenant.known.properties, tenant.people)
    try:
        compiled = compile_definition(written.definition, own_id)
    except DefinitionInvalid as error:
        problem = "This can't be counted until the condition that is marked is put right."
        return Live(problem=problem, left_out=left_out), marks_of(error.errors, written, form)
    words = in_words(compiled.rule)
    try:
        seen = preview_compiled(compiled, SAMPLE)
    except DomainError as error:
        return Live(words=words, problem=error.message, left_out=left_out), {}
    products = sample_of(seen.product_ids, tenant.vocabulary)
    return Live(seen.count, seen.total, seen.elapsed_ms, words, products, left_out), {}


def sample_of(ids: Sequence[int], vocabulary: Vocabulary) -> list[tuple[Product, str]]:
    """Products with their pictures, in this order."""
    found = list_postgresql.load_products(ids)
    pictures = picture_fields(vocabulary)
    return [(found[i], image_of(found[i].data, pictures)) for i in ids if i in found]


def editor(
    form: RuleForm,
    settings: Settings,
    tenant: Tenant,
    *,
    own_id: int | None = None,
    wrong: Marks | None = None,
    problems: Sequence[tuple[str, str]] = (),
    focus: str = "",
    count: bool = True,
) -> Editor:
    """The page of a rule. wrong: what was said against its nodes when it was to be saved.

    count: whether to look what it finds, which the page can do later by itself.
    """
    form = choices.settled_rule(form, tenant.known)
    live, seen = look(form, tenant, own_id) if count else (Live(empty=True), {})
    view = choices.view_of(form, tenant.known, wrong if wrong is not None else seen)
    return Editor(
        settings,
        view,
        choices.abouts(tenant.known),
        live,
        problems,
        choices.field_lines(tenant.known),
        focus,
        own_id,
    )


def rule_of(definition: Any, tenant: Tenant) -> RuleForm:
    """The form of a definition; a blank one of none."""
    form = form_of(definition, tenant.known.properties, tenant.people)
    return form if form.root.children else blank_rule()


def settings_of(segment: ProductSegment) -> Settings:
    """The form of a segment as it is stored."""
    return Settings(
        name=segment.name,
        description=segment.description,
        refresh_interval=str(segment.refresh_interval),
        is_active=segment.is_active,
        version=str(segment.version),
    )
