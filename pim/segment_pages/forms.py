"""What the builder's form says beside the rule, and where what is wrong with it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pim.core.errors import FieldError
from pim.segment_pages.builder import ROOT, Sent
from pim.segment_pages.choices import ConditionView, GroupView
from pim.segment_pages.editor import Settings, is_whole
from pim.segment_pages.marks import Mark, Marks
from pim.segment_pages.pages import flat

DEFINITION = "/definition"
_WITHOUT_FIELDS = ("other", "ai", "gone", "", "none")


def settings_sent(sent: Sent, *, is_active: bool | None = None) -> Settings:
    """The form's other fields as they were sent. is_active: where the form has no such field."""
    return Settings(
        name=sent.get("name", ""),
        description=sent.get("description", "").replace("\r\n", "\n"),
        refresh_interval=sent.get("refresh_interval", "60"),
        is_active=sent.get("is_active", "") == "1" if is_active is None else is_active,
        # “Save mine” names the version that it takes the place of; nothing else does.
        version=sent.get("over", "") or sent.get("version", ""),
    )


def values_of(settings: Settings) -> dict[str, Any]:
    """The fields as the service takes them."""
    interval = settings.refresh_interval.strip()
    return {
        "name": settings.name,
        "description": settings.description,
        "refresh_interval": int(interval) if is_whole(interval) else interval,
    }


def version_in(text: str) -> int:
    """The version the person saw; where it can't be told, one that none is."""
    return int(text) if is_whole(text) else 0


def with_errors(settings: Settings, errors: Sequence[FieldError]) -> Settings:
    """The settings with what is wrong beside each field."""
    own = {
        error.path.removeprefix("/"): error.message
        for error in errors
        if not error.path.startswith(DEFINITION)
    }
    return replace(settings, errors=own)


def rule_errors(errors: Sequence[FieldError]) -> list[FieldError]:
    """What is wrong with the rule, its places seen from the rule itself."""
    return [
        FieldError(error.path.removeprefix(DEFINITION), error.code, error.message)
        for error in errors
        if error.path.startswith(DEFINITION)
    ]


def summary(errors: Sequence[FieldError], marks: Marks, view: GroupView) -> list[tuple[str, str]]:
    """(id of a field, message) for each problem, in the order of the page."""
    found = []
    for node in flat(view):
        for mark in marks.get(node.form.key, ()):
            named = f"{node.title}: {mark.message}" if node.form.key != ROOT else mark.message
            found.append((_field_id(node, mark), named))
    others = [error for error in errors if not error.path.startswith(DEFINITION)]
    return found + [(error.path.removeprefix("/"), error.message) for error in others]


def _field_id(node: GroupView | ConditionView, mark: Mark) -> str:
    """The field to go to: the one that is wrong, or the first of its condition or group."""
    key = node.form.key
    if isinstance(node, GroupView):
        return f"logic-{key}" if key == ROOT else f"add-{key}"
    if mark.field != "about" and node.asked in _WITHOUT_FIELDS:
        return f"about-{key}"
    return f"{mark.field}-{key}"
