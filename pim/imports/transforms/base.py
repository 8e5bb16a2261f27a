"""What transforms share: their parameters, what they work on, and how they refuse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pim.schema.types import CoercionError, Notation
from pim.schema.types.base import MAX_TEXT

Value = str | tuple[str, ...]
"""A cell on its way: text, or the parts it was split into. Parts become a list, or text again."""

Kind = Literal["text", "choice", "flag", "whole", "words", "table"]

MAX_PARAMETER = 1_000
MAX_ENTRIES = 5_000
MAX_PARTS = 10_000


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter. choices: of a `choice`, value and label."""

    name: str
    label: str
    kind: Kind = "text"
    required: bool = False
    default: Any = ""
    choices: tuple[tuple[str, str], ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What a transform is prepared for: the file's columns, and the decimal sign of this one."""

    headers: Sequence[str] = ()
    decimal: Notation | None = None


class BadParameter(ValueError):
    """A parameter that can't be. name: which, as the end of a JSON pointer; "" is the step."""

    def __init__(self, name: str, code: str, message: str) -> None:
        super().__init__(message)
        self.name, self.code, self.message = name, code, message


Apply = Callable[[Value, Sequence[str]], Value]
"""From a value and the row's cells of `needs` to the next value. Raises CoercionError only."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A transform with its parameters. needs: columns of the row it reads, besides its own.

    decimal: how numbers are written after it; None leaves that as it was.
    """

    apply: Apply
    needs: tuple[str, ...] = ()
    decimal: Notation | None = None


@dataclass(frozen=True, slots=True)
class Transform:
    """One entry of the registry.

    prepare: checks parameters (complete, with their defaults) and makes the function; raises
    BadParameter. once: applying it twice does what applying it once does.
    """

    op: str
    label: str
    description: str
    prepare: Callable[[Mapping[str, Any], Setting], Ready]
    params: tuple[Param, ...] = ()
    once: bool = False
    example: Mapping[str, Any] = field(default_factory=dict)

    def param(self, name: str) -> Param | None:
        """The parameter of a name."""
        return next((each for each in self.params if each.name == name), None)


def on_text(change: Callable[[str], str], *, blank: bool = False) -> Apply:
    """A function of texts, applied to each part of a list. blank: it sees blank texts, too."""

    def apply(value: Value, _: Sequence[str]) -> Value:
        if isinstance(value, str):
            return change(value) if value or blank else value
        return tuple(change(part) if part or blank else part for part in value)

    return apply


def within_limits(value: Value) -> Value:
    """The value, unless it has grown too large to be one."""
    size = len(value) if isinstance(value, str) else sum(map(len, value))
    if size > MAX_TEXT:
        raise CoercionError(
            "too_long", f"The value becomes {size:,} characters long; {MAX_TEXT:,} are kept."
        )
    return value


def escapes(text: str) -> str:
    """`\\n` and `\\t` as they are typed into a form mean a line break and a tab."""
    return text.replace("\\n", "\n").replace("\\t", "\t")
