"""Transforms of plain text: blanks, case, a fixed value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pim.imports.transforms.base import Param, Ready, Setting, Transform, Value, on_text
from pim.schema.types import is_blank
from pim.schema.types.base import BLANKS
from pim.schema.types.base import trim as trimmed

_BLANKS = re.compile(f"[{re.escape(BLANKS)}]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*+")
_SENTENCE = re.compile(r"(?:^|[.!?…]\s)\W{0,8}\w")


def _trim(_: Mapping[str, Any], __: Setting) -> Ready:
    return Ready(on_text(trimmed))


def _collapse(_: Mapping[str, Any], __: Setting) -> Ready:
    return Ready(on_text(lambda text: trimmed(_BLANKS.sub(" ", text))))


def _title(text: str) -> str:
    return _WORD.sub(lambda word: word[0][0].upper() + word[0][1:], text.lower())


def _sentence(text: str) -> str:
    return _SENTENCE.sub(lambda start: start[0][:-1] + start[0][-1].upper(), text.lower())


_CASES: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "title": _title,
    "sentence": _sentence,
}


def _case(params: Mapping[str, Any], _: Setting) -> Ready:
    return Ready(on_text(_CASES[params["to"]]))


def _default(params: Mapping[str, Any], _: Setting) -> Ready:
    value = params["value"]

    def apply(cell: Value, _: Sequence[str]) -> Value:
        if isinstance(cell, str):
            return value if is_blank(cell) else cell
        return cell if any(not is_blank(part) for part in cell) else value

    return Ready(apply)


def _constant(params: Mapping[str, Any], _: Setting) -> Ready:
    value = params["value"]
    return Ready(lambda _, __: value)


TRIM = Transform(
    "trim", "Trim", "Takes blanks off both ends, invisible ones included.", _trim, once=True
)
COLLAPSE = Transform(
    "collapse",
    "Collapse spaces",
    "Makes one space of several blanks or line breaks in a row.",
    _collapse,
    once=True,
)
CASE = Transform(
    "case",
    "Change case",
    "Writes the text in lower case, upper case, Title Case or Sentence case.",
    _case,
    (
        Param(
            "to",
            "Case",
            "choice",
            required=True,
            choices=(
                ("lower", "lower case"),
                ("upper", "UPPER CASE"),
                ("title", "Title Case"),
                ("sentence", "Sentence case"),
            ),
        ),
    ),
    example={"to": "title"},
)
DEFAULT = Transform(
    "default",
    "Fill when blank",
    "Puts a value where there is none.",
    _default,
    (Param("value", "Value", required=True),),
    once=True,
    example={"value": "unknown"},
)
CONSTANT = Transform(
    "constant",
    "Set to",
    "Puts the same value in every row, whatever the cell holds.",
    _constant,
    (Param("value", "Value", required=True),),
    once=True,
    example={"value": "Northwind"},
)
