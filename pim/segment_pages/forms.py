"""What the builder's form says beside the rule, and where what is wrong with it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pim.core.errors import FieldError
from pim.segment_pages.builder import ROOT, RuleForm, Sent
from pim.segment_pages.choices import GroupView
from pim.segment_pages.editor import Settings, by_node
from pim.segment_pages.pages import flat
from pim.segment_pages.writing import Written

DEFINITION = "/definition"
_CONTROLS = {
    "property": "about",
    "operator": "operator",
    "value": "value",
    "segment_id": "value",
    "value2": "value2",
    "within": "value2",
    "currency": "unit",
    "unit": "unit",
    "event_type": "event",
    "product_id_property": "product",
}
_WITHOUT_FIELDS = ("other", "ai", "gone", "", "none")


def settings_sent(sent: Sent, *, is_active: bool | None = None) -> Settings:
    """The form's other fields as they were sent. is_active: where the form has no such field."""
    return Settings(
        name=sent.get("name", ""),
        description=sent.get("description", "").replace("\r\n", "\n"),
        refresh_interval=sent.get("refresh_interval", "60"),
        is_active=sent.get("is_active", "") == "1" if is_active is None else is_active,
        version=sent.get("version", ""),
    )


def values_of(settings: Settings) -> dict[str, Any]:
    """The fields as the service takes them."""
    interval = settings.refresh_interval.strip()
    plain = interval.isascii() and interval.isdecimal() and len(interval) < 10
    return {
        "name": settings.name,
        "description": settings.description,
        "refresh_interval": int(interval) if plain else interval,
    }


def version_of(settings: Settings) -> int | None:
    """The version the person saw."""
    text = settings.version
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


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


def nodes_with_errors(errors: Sequence[FieldError], written: Written) -> dict[str, list[str]]:
    """What is wrong, by condition and group."""
    return by_node(rule_errors(errors), written)


def summary(
    errors: Sequence[FieldError], written: Written, form: RuleForm, view: GroupView
) -> list[tuple[str, str]]:
    """(id of a field, message) for each problem, in the order of the page."""
    titles = {each.form.key: each.title for each in flat(view)}
    asked = {each.form.key: getattr(each, "asked", "") for each in flat(view)}
    found = []
    for error in rule_errors(errors):
        key, control = _place(error.path, written.places)
        node = form.find(key)
        if node is None or key == ROOT:
            found.append(("logic-r", error.message))
        elif not hasattr(node, "about"):
            found.append((f"add-{key}", f"{titles.get(key, '')}: {error.message}"))
        else:
            has_field = control == "about" or asked.get(key) not in _WITHOUT_FIELDS
            field_id = f"{control if has_field else 'about'}-{key}"
            found.append((field_id, f"{titles.get(key, '')}: {error.message}"))
    others = [error for error in errors if not error.path.startswith(DEFINITION)]
    return found + [(error.path.removeprefix("/"), error.message) for error in others]


def _place(path: str, places: Mapping[str, str]) -> tuple[str, str]:
    """The key of a node and the field in it that an error is about."""
    rest: list[str] = []
    while path not in places and path:
        path, _, last = path.rpartition("/")
        rest.insert(0, last)
    return places.get(path, ROOT), _CONTROLS.get(rest[0] if rest else "", "about")
