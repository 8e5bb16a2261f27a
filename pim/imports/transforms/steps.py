"""The steps of a column as JSON: `["trim", {"op": "replace", "find": ",", "with": "."}]`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pim.core.errors import FieldError
from pim.imports.transforms.base import (
    MAX_ENTRIES,
    MAX_PARAMETER,
    BadParameter,
    Param,
    Ready,
    Setting,
    Transform,
)
from pim.imports.transforms.registry import TRANSFORMS
from pim.schema.fields import pointer
from pim.schema.types import shown

MAX_STEPS = 20
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*+"')
JsonStep = str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """A transform with its parameters, checked; params has them all, defaults included."""

    transform: Transform
    params: Mapping[str, Any]
    ready: Ready

    def as_json(self) -> JsonStep:
        """The shortest JSON form: what isn't given isn't written."""
        given = {
            param.name: list(value) if isinstance(value, tuple) else value
            for param in self.transform.params
            if (value := self.params[param.name]) != param.default or param.required
        }
        return {"op": self.transform.op, **given} if given else self.transform.op


def parse_steps(
    raw: Any, path: str, setting: Setting, errors: list[FieldError]
) -> tuple[JsonStep, ...]:
    """The steps as they are stored; what is wrong is added to errors, with its JSON pointer."""
    if raw is None:
        return ()
    if not isinstance(raw, (list, tuple)):
        message = "Send the steps as a list."
        errors.append(FieldError(path, "not_a_list", message))
        return ()
    if len(raw) > MAX_STEPS:
        message = f"A column has at most {MAX_STEPS} steps, not {len(raw):,}."
        errors.append(FieldError(path, "too_many_steps", message))
        return ()
    found = [_step(each, f"{path}/{place}", setting, errors) for place, each in enumerate(raw)]
    return tuple(step.as_json() for step in found if step is not None)


def ready_steps(steps: Sequence[JsonStep], setting: Setting) -> list[Step]:
    """Steps that were checked before; raises ValueError for what can't be any more."""
    errors: list[FieldError] = []
    found = [_step(each, f"/{place}", setting, errors) for place, each in enumerate(steps)]
    if errors:
        raise ValueError(errors[0].message)
    return [step for step in found if step is not None]


def _step(raw: Any, path: str, setting: Setting, errors: list[FieldError]) -> Step | None:
    if isinstance(raw, str):
        raw = {"op": raw}
    if not isinstance(raw, Mapping):
        message = f"A step is a name or an object, not {shown(raw)}."
        errors.append(FieldError(path, "not_a_step", message))
        return None
    op = raw.get("op")
    transform = TRANSFORMS.get(op) if isinstance(op, str) else None
    if transform is None:
        message = f"There is no step {shown(op)}. There are {', '.join(TRANSFORMS)}."
        errors.append(FieldError(f"{path}/op" if op else path, "unknown_transform", message))
        return None
    before = len(errors)
    params = _params(transform, raw, path, errors)
    if len(errors) > before:
        return None
    try:
        return Step(transform, params, transform.prepare(params, setting))
    except BadParameter as bad:
        place = pointer(path, bad.name) if bad.name else path
        errors.append(FieldError(place, bad.code, bad.message))
        return None


def _params(
    transform: Transform, raw: Mapping[str, Any], path: str, errors: list[FieldError]
) -> dict[str, Any]:
    for key in raw:
        if key != "op" and transform.param(key) is None:
            message = f"{transform.label} has no {shown(key)}."
            errors.append(FieldError(pointer(path, key), "unknown_key", message))
    found: dict[str, Any] = {}
    for param in transform.params:
        value = raw.get(param.name)
        if value is None or (param.required and value in ("", [], {})):
            if param.required and (value is not None or not param.default):
                message = f"{param.label} is missing."
                errors.append(FieldError(pointer(path, param.name), "required", message))
            found[param.name] = param.default
            continue
        try:
            found[param.name] = _READERS[param.kind](param, value)
        except BadParameter as bad:
            place = pointer(path, param.name) + bad.name
            errors.append(FieldError(place, bad.code, bad.message))
    return found


def _text(param: Param, value: Any, where: str = "") -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise BadParameter(where, "not_text", f"{param.label}: send text, not {shown(value)}.")
    if len(value) > MAX_PARAMETER:
        message = f"{param.label} has {len(value):,} characters; at most {MAX_PARAMETER:,} can be."
        raise BadParameter(where, "too_long", message)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        message = f"{param.label} holds half of a character."
        raise BadParameter(where, "bad_character", message) from error
    if "\0" in value:
        message = f"{param.label} holds a NUL character."
        raise BadParameter(where, "bad_character", message)
    return value


def _choice(param: Param, value: Any) -> str:
    allowed = [choice for choice, _ in param.choices]
    if value not in allowed:
        message = f"{param.label}: {shown(value)} is not a choice. Choose one of " + ", ".join(
            f"“{each}”" for each in allowed
        )
        raise BadParameter("", "unknown_choice", message + ".")
    return str(value)


def _flag(param: Param, value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadParameter("", "not_a_boolean", f"{param.label}: send true or false.")
    return value


def _whole(param: Param, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_ENTRIES:
        message = f"{param.label}: send a whole number, not {shown(value)}."
        raise BadParameter("", "not_a_whole_number", message)
    return value


def _words(param: Param, value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)):
        raise BadParameter("", "not_a_list", f"{param.label}: send a list of texts.")
    _few(param, value)
    return tuple(_text(param, word, f"/{place}") for place, word in enumerate(value))


def _table(param: Param, value: Any) -> dict[str, str]:
    if isinstance(value, str):
        value = _table_of_lines(param, value)
    if not isinstance(value, Mapping):
        raise BadParameter("", "not_an_object", f"{param.label}: send an object, old to new.")
    _few(param, value)
    found = {}
    for old, new in value.items():
        where = pointer("", old)
        found[_text(param, old, where)] = "" if new is None else _text(param, new, where)
    return found


def _table_of_lines(param: Param, text: str) -> dict[str, str]:
    """A table as people write it, `old = new` on each line; a text in quotes is as JSON has it."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            old, new = _pair(line.strip())
        except ValueError as error:
            message = f"{param.label}: line {number:,}, {shown(line)}, isn't like old = new."
            raise BadParameter("", "not_a_pair", message) from error
        if found.setdefault(old, new) != new:
            message = f"{param.label}: {shown(old)} has two new values."
            raise BadParameter("", "value_twice", message)
    return found


def _pair(line: str) -> tuple[str, str]:
    quoted = _QUOTED.match(line)
    old, rest = (quoted[0], line[quoted.end() :].lstrip()) if quoted else ("", line)
    more, sign, new = rest.partition("=")
    old, new = old or more.strip(), new.strip()
    if not sign or (quoted and more) or (new[:1] == '"' and not _QUOTED.fullmatch(new)):
        raise ValueError
    return json.loads(old) if quoted else old, json.loads(new) if new[:1] == '"' else new


def _few(param: Param, value: Sequence[Any] | Mapping[Any, Any]) -> None:
    if len(value) > MAX_ENTRIES:
        message = f"{param.label} has {len(value):,} entries; at most {MAX_ENTRIES:,} can be."
        raise BadParameter("", "too_many", message)


_READERS: dict[str, Callable[[Param, Any], Any]] = {
    "text": _text,
    "choice": _choice,
    "flag": _flag,
    "whole": _whole,
    "words": _words,
    "table": _table,
}
