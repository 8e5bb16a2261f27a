"""The pages of one segment, put together: what their templates show besides the form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pim.core.claude import ai_settings
from pim.core.db import db
from pim.identity.access import can
from pim.identity.models import User
from pim.schema.queries import current_vocabulary
from pim.segment_pages import states
from pim.segment_pages.choices import ConditionView, GroupView, is_day
from pim.segment_pages.editor import Editor
from pim.segment_pages.members import (
    Changes,
    Members,
    Trend,
    changes_of,
    members_page,
    trend_of,
)
from pim.segments.compiling import resolve_definition
from pim.segments.dsl.errors import DefinitionInvalid
from pim.segments.dsl.words import in_words
from pim.segments.models import ProductSegment

BASE = "/pim/segments"


@dataclass(frozen=True, slots=True)
class Theirs:
    """What somebody else made of the segment meanwhile."""

    who: str
    at: datetime
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What became of a description in words. before: the form that stood there, packed; "": none.

    why: why there is no rule.
    """

    why: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class SegmentPage:
    """All the page of a segment shows; of a new one, as much as there is of it.

    recount: the part that is renewed asks for its count itself. changed: the form differs from
    what is stored. notes: what is to be said above the form.
    """

    title: str
    address: str
    editor: Editor | None = None
    segment: ProductSegment | None = None
    members: Members | None = None
    trend: Trend | None = None
    changes: Changes | None = None
    theirs: Theirs | None = None
    notes: Sequence[str] = ()
    notes_title: str = ""
    described: str = ""
    suggestion: Suggestion | None = None
    recount: bool = False
    changed: bool = False

    @property
    def state(self) -> states.State | None:
        """What it is doing."""
        segment = self.segment
        return states.state_of(segment.state, segment.is_active) if segment else None

    @property
    def waiting(self) -> bool:
        """Whether it is about to be computed, so that the page looks again."""
        return self.segment is not None and states.is_waiting(self.segment.state)

    @property
    def unchanged(self) -> bool:
        """Whether it was looked at since it was last computed, and nothing had changed."""
        found = self.segment
        if found is None:
            return False
        return states.is_unchanged(found.state, found.last_computed_at, found.checked_at)

    @property
    def interval_words(self) -> str:
        """How often it is looked at."""
        return states.interval_words(self.segment.refresh_interval) if self.segment else ""

    @property
    def may_write(self) -> bool:
        """Whether this person may change it."""
        return can("segment.write")

    @property
    def may_describe(self) -> bool:
        """Whether a rule can be described in words: this person may, and there is a key."""
        return self.may_write and ai_settings() is not None

    @property
    def may_delete(self) -> bool:
        """Whether this person may delete it."""
        return self.segment is not None and can("segment.delete")

    @property
    def is_day(self) -> Callable[[str], bool]:
        """For the template: whether a date input can show a text."""
        return is_day

    @property
    def noted(self) -> list[GroupView | ConditionView]:
        """Every condition and group, for the notes below them."""
        return flat(self.editor.view) if self.editor else []


def flat(view: GroupView) -> list[GroupView | ConditionView]:
    """A group and all that is in it."""
    found: list[GroupView | ConditionView] = [view]
    for child in view.children:
        found += flat(child) if isinstance(child, GroupView) else [child]
    return found


def new_page(editor: Editor, **more: Any) -> SegmentPage:
    """The page of a segment that isn't stored yet."""
    return SegmentPage("New segment", f"{BASE}/new", editor, **more)


def segment_page(
    segment: ProductSegment,
    editor: Editor | None,
    *,
    words: str = "",
    cursor: str = "",
    **more: Any,
) -> SegmentPage:
    """The page of a segment with its members."""
    return replace(
        head_page(segment),
        editor=editor,
        members=members_page(segment, current_vocabulary(), words, cursor),
        changes=changes_of(segment),
        **more,
    )


def head_page(segment: ProductSegment) -> SegmentPage:
    """As much of it as its head and its history show."""
    address = f"{BASE}/{segment.id}"
    return SegmentPage(segment.name, address, segment=segment, trend=trend_of(segment))


def form_page(segment: ProductSegment | None, editor: Editor, **more: Any) -> SegmentPage:
    """As much of it as the parts of its form show."""
    if segment is None:
        return new_page(editor, **more)
    address, trend = f"{BASE}/{segment.id}", trend_of(segment)
    return SegmentPage(segment.name, address, editor, segment, trend=trend, **more)


def theirs_of(segment: ProductSegment) -> Theirs:
    """The segment as somebody else left it."""
    found = db.session.get(User, segment.updated_by_id) if segment.updated_by_id else None
    who = (found.name or found.email) if found else "A program"
    return Theirs(who, segment.updated_at, segment.name, rule_words(segment))


def rule_words(segment: ProductSegment) -> str:
    """Its rule in plain English; "" while it doesn't fit the schema."""
    try:
        return in_words(resolve_definition(segment.definition, segment.id))
    except DefinitionInvalid:
        return ""
