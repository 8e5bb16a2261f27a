"""A value made of several columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pim.imports.transforms.base import (
    BadParameter,
    Param,
    Ready,
    Setting,
    Transform,
    Value,
    escapes,
)
from pim.schema.types import shown
from pim.schema.types.base import trim

_PLACE = re.compile(r"\{([^{}]*)\}")


def _combine(params: Mapping[str, Any], setting: Setting) -> Ready:
    template = params["template"]
    pieces = _PLACE.split(template)
    texts, names = [escapes(text) for text in pieces[::2]], pieces[1::2]
    if not names:
        message = "Name at least one column in braces, like {Brand} {Name}."
        raise BadParameter("template", "no_column", message)
    for name in names:
        if name and name not in setting.headers:
            message = f"The file has no column {shown(name)}."
            raise BadParameter("template", "unknown_column", message)
    needs = tuple(dict.fromkeys(name for name in names if name))
    places = [needs.index(name) if name else -1 for name in names]

    def apply(value: Value, cells: Sequence[str]) -> Value:
        own = value if isinstance(value, str) else ", ".join(value)
        found = [trim(own if place < 0 else cells[place]) for place in places]
        return _filled(texts, found)

    return Ready(apply, needs)


def _filled(texts: Sequence[str], found: Sequence[str]) -> str:
    """Values with the texts between them; a blank one takes the text before it along."""
    parts: list[str] = []
    for text, value in zip(texts, found, strict=False):
        if value:
            parts += [text if parts else "", value]
    return texts[0] + "".join(parts) + texts[-1] if parts else ""


COMBINE = Transform(
    "combine",
    "Combine columns",
    "Fills a template with other columns of the row; what is blank leaves no gap.",
    _combine,
    (
        Param(
            "template",
            "Template",
            required=True,
            help="{Brand} {Name}: columns as the file has them; {} is the value so far",
        ),
    ),
    example={"template": "{Brand} {}"},
)
