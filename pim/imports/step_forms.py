"""The steps of a column as form fields: what the page shows, and what it means when it comes back.

Field `step-3-0` is the first step of the column at place 3, `step-3-0-find` a parameter of it.
What comes back is turned into the JSON that the API takes, so both are checked in one place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pim.imports.transforms.base import Param, Transform
from pim.imports.transforms.registry import TRANSFORMS
from pim.imports.transforms.steps import JsonStep

STEP_CHOICES = [(each.op, each.label) for each in TRANSFORMS.values()]


@dataclass(frozen=True, slots=True)
class StepForm:
    """One step, its parameters as the form writes them; errors by parameter ("": the step)."""

    op: str
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def transform(self) -> Transform:
        """What it does."""
        return TRANSFORMS[self.op]

    def as_json(self) -> JsonStep:
        """The step as the API would send it."""
        given = {
            param.name: value
            for param in self.transform.params
            if (value := _to_json(param, self.values.get(param.name, ""))) is not None
        }
        return {"op": self.op, **given}


def step_forms(steps: Sequence[Any]) -> tuple[StepForm, ...]:
    """Steps that were stored or suggested, as forms; what isn't known any more is left out."""
    found = []
    for step in steps:
        given: Mapping[str, Any] = {"op": step} if isinstance(step, str) else step
        transform = TRANSFORMS.get(given.get("op", ""))
        if transform is not None:
            values = {
                param.name: _to_text(param, given.get(param.name, param.default))
                for param in transform.params
            }
            found.append(StepForm(transform.op, values))
    return tuple(found)


def steps_as_sent(sent: Mapping[str, str], place: int) -> tuple[StepForm, ...]:
    """The steps of one column as the form sent them."""
    found = []
    for number in range(_count(sent, place)):
        name = f"step-{place}-{number}"
        transform = TRANSFORMS.get(sent.get(name, ""))
        if transform is not None:
            values = {
                param.name: sent.get(f"{name}-{param.name}", "").replace("\r\n", "\n")
                for param in transform.params
            }
            found.append(StepForm(transform.op, values))
    return tuple(found)


def were_sent(sent: Mapping[str, str], place: int) -> bool:
    """Whether the form had the steps of this column in it."""
    return f"steps-{place}" in sent


def changed(
    steps: tuple[StepForm, ...], verb: str, number: int, sent: Mapping[str, str], place: int
) -> tuple[StepForm, ...]:
    """The steps after a button: `add`, or `remove`, `up`, `down` the one of a number."""
    found = list(steps)
    if verb == "add" and sent.get(f"add-{place}") in TRANSFORMS:
        found += step_forms([sent[f"add-{place}"]])
    elif 0 <= number < len(found):
        if verb == "remove":
            del found[number]
        elif verb in ("up", "down"):
            step = found.pop(number)
            found.insert(max(0, number - 1) if verb == "up" else number + 1, step)
    return tuple(found)


def with_error(
    steps: tuple[StepForm, ...], number: int, param: str, message: str
) -> tuple[StepForm, ...]:
    """Put what is wrong beside the parameter it is about."""
    if not 0 <= number < len(steps):
        return steps
    step = steps[number]
    name = param if step.transform.param(param) else ""
    noted = replace(step, errors={**step.errors, name: message})
    return (*steps[:number], noted, *steps[number + 1 :])


def _count(sent: Mapping[str, str], place: int) -> int:
    text = sent.get(f"steps-{place}", "")
    return min(int(text), 100) if text.isascii() and text.isdecimal() else 0


def _to_json(param: Param, text: str) -> Any:
    """What a field means; None for nothing. What it can't mean stays text, and is refused."""
    if param.kind == "flag":
        return bool(text)
    if not text and param.name != "with":
        return None
    if param.kind == "whole":
        digits = text.strip()
        plain = digits.isascii() and digits.removeprefix("-").isdecimal() and len(digits) < 8
        return int(digits) if plain else (text or None)
    if param.kind == "words":
        return _words(text)
    return text


def _words(text: str) -> Any:
    if text.startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            pass
    return [word for part in text.split("\n") for word in map(str.strip, part.split(",")) if word]


def _to_text(param: Param, value: Any) -> str:
    """The value as its field shows it; read back it is the same."""
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if param.kind == "words":
        plain = all(word == word.strip() and not set(word) & set(",[\n") for word in value)
        return ", ".join(value) if plain else json.dumps(list(value), ensure_ascii=False)
    if param.kind == "table":
        pairs = value.items() if isinstance(value, Mapping) else ()
        return "\n".join(f"{_quoted(old)} = {_quoted(new)}" for old, new in pairs)
    return str(value)


def _quoted(text: str) -> str:
    plain = text == text.strip() and not set(text) & set('="\n\r')
    return text if plain else json.dumps(text, ensure_ascii=False)
