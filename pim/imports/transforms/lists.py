"""Taking a text apart and putting parts together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pim.imports.transforms.base import (
    MAX_PARTS,
    BadParameter,
    Param,
    Ready,
    Setting,
    Transform,
    Value,
    escapes,
)
from pim.schema.types import CoercionError
from pim.schema.types.base import MAX_TEXT, trim


def _split(params: Mapping[str, Any], _: Setting) -> Ready:
    separator, part = escapes(params["separator"]), params["part"]
    if part == 0:
        raise BadParameter("part", "bad_number", "Parts are counted from 1, or -1 from the end.")

    def parts_of(text: str) -> tuple[str, ...]:
        if text.count(separator) >= MAX_PARTS:
            message = f"The value has more than {MAX_PARTS:,} parts."
            raise CoercionError("too_many_items", message)
        return tuple(map(trim, text.split(separator)))

    def apply(value: Value, _: Sequence[str]) -> Value:
        texts = [value] if isinstance(value, str) else value
        parts = tuple(part for text in texts if text for part in parts_of(text))
        if part is None:
            return tuple(filter(None, parts))
        place = part - 1 if part > 0 else part
        return parts[place] if -len(parts) <= place < len(parts) else ""

    return Ready(apply)


def _join(params: Mapping[str, Any], _: Setting) -> Ready:
    separator = escapes(params["separator"])

    def apply(value: Value, _: Sequence[str]) -> Value:
        if isinstance(value, str):
            return value
        parts = [part for part in value if part]
        if sum(map(len, parts)) + len(separator) * len(parts) > MAX_TEXT:
            message = f"The value becomes longer than {MAX_TEXT:,} characters."
            raise CoercionError("too_long", message)
        return separator.join(parts)

    return Ready(apply)


SPLIT = Transform(
    "split",
    "Split",
    "Splits the text at a separator into a list, or keeps one part of it.",
    _split,
    (
        Param("separator", "At", required=True, default=",", help=r"\n is a line break."),
        Param(
            "part",
            "Keep only part",
            "whole",
            default=None,
            help="1 is the first, -1 the last; blank keeps all as a list.",
        ),
    ),
    example={"separator": ">", "part": -1},
)
JOIN = Transform(
    "join",
    "Join",
    "Makes one text of the parts of a list.",
    _join,
    (Param("separator", "With", default=", ", help=r"\n is a line break."),),
    once=True,
    example={"separator": " / "},
)
