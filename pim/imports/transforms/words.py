"""Looking values up: yes and no in the user's own words, and a table of old and new values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pim.imports.transforms.base import BadParameter, Param, Ready, Setting, Transform, on_text
from pim.schema.types import CoercionError, shown
from pim.schema.types.base import trim


def key_of(text: str) -> str:
    """A value as it is looked up: without case and blanks around it."""
    return trim(text).casefold()


def _lookup(
    table: Mapping[str, str], others: str, other_value: str, unknown: Callable[[str], str]
) -> Callable[[str], str]:
    def change(text: str) -> str:
        key = key_of(text)
        found = table.get(key)
        if found is not None or not key:
            return found or ""
        if others == "error":
            raise CoercionError("not_in_list", unknown(text))
        return text if others == "keep" else other_value

    return change


def _boolean(params: Mapping[str, Any], _: Setting) -> Ready:
    table: dict[str, str] = {}
    for name, meaning in (("yes", "true"), ("no", "false")):
        for word in params[name]:
            if table.setdefault(key_of(word), meaning) != meaning:
                message = f"{shown(word)} can't mean both yes and no."
                raise BadParameter("no", "word_twice", message)
    if not table:
        raise BadParameter("yes", "required", "Name at least one word for yes or for no.")
    others = params["others"]
    value = {"yes": "true", "no": "false"}.get(others, "")

    def unknown(text: str) -> str:
        return f"{shown(text)} is none of the words for yes and no."

    return Ready(on_text(_lookup(table, others, value, unknown)))


def _map(params: Mapping[str, Any], _: Setting) -> Ready:
    table: dict[str, str] = {}
    for old, new in params["values"].items():
        if table.setdefault(key_of(old), new) != new:
            message = f"{shown(old)} stands in the table twice; case doesn't count."
            raise BadParameter("values", "value_twice", message)
    value = params["other_value"] if params["others"] == "value" else ""

    def unknown(text: str) -> str:
        return f"{shown(text)} is not in the table of values."

    return Ready(on_text(_lookup(table, params["others"], value, unknown)))


BOOLEAN = Transform(
    "boolean",
    "Yes and no",
    "Reads your own words as yes and no; case doesn't count.",
    _boolean,
    (
        Param("yes", "Words for yes", "words", default=(), help="separated by commas"),
        Param("no", "Words for no", "words", default=(), help="separated by commas"),
        Param(
            "others",
            "Another word",
            "choice",
            default="keep",
            choices=(
                ("keep", "stays as it is"),
                ("blank", "becomes blank"),
                ("yes", "means yes"),
                ("no", "means no"),
                ("error", "is an error"),
            ),
        ),
    ),
    example={"yes": ["lieferbar"], "no": ["ausverkauft"]},
)
MAP = Transform(
    "map",
    "Look up",
    "Puts a new value in place of each old one in a table; case doesn't count.",
    _map,
    (
        Param("values", "Old = new", "table", required=True, help="one pair on each line"),
        Param(
            "others",
            "A value not in the table",
            "choice",
            default="keep",
            choices=(
                ("keep", "stays as it is"),
                ("blank", "becomes blank"),
                ("value", "becomes the value beside"),
                ("error", "is an error"),
            ),
        ),
        Param("other_value", "Value for others"),
    ),
    example={"values": {"rot": "red", "blau": "blue"}},
)
