"""What can be wrong with a definition: every problem at its place, none of them the only one."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from pim.core.errors import FieldError, Invalid
from pim.schema.fields import pointer
from pim.schema.types import shown
from pim.schema.types.base import kind_of

# Who sends more mistakes than this is no person.
MOST_PROBLEMS = 500


class DefinitionInvalid(Invalid):
    """A definition that can't be used; `errors` has each problem with its JSON pointer."""

    title = "This rule can't be used"


class TenantMissing(RuntimeError):
    """A rule was to be printed for no tenant: a programming error, never an answer."""


class Problems:
    """Collects what is wrong, in the order of the definition."""

    def __init__(self) -> None:
        self.found: list[FieldError] = []

    def add(self, path: str, code: str, message: str) -> None:
        """Note a problem. path: JSON pointer of what is wrong."""
        if len(self.found) < MOST_PROBLEMS:
            self.found.append(FieldError(path, code, message))

    def unknown_keys(self, written: Any, known: Sequence[str], path: str) -> None:
        """Note the keys that mean nothing here."""
        for key in written:
            if key not in known:
                hint = closest(str(key), known)
                message = f"{shown(str(key))} is not known here.{hint}"
                # Half a character can't be sent back.
                place = pointer(path, str(key).encode(errors="replace").decode())
                self.add(place, "unknown_key", message)

    def raise_any(self) -> None:
        """Raises DefinitionInvalid if there is any problem."""
        if self.found:
            raise DefinitionInvalid(self.found)


def closest(written: str, known: Sequence[str]) -> str:
    """` Did you mean “brand”?` if something known is written much alike, else nothing."""
    folded = {name.casefold(): name for name in known}
    near = get_close_matches(written.casefold()[:200], folded, n=1, cutoff=0.6)
    return f" Did you mean “{folded[near[0]]}”?" if near else ""


def listed(words: Sequence[str], joint: str = "or") -> str:
    """`a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def named(value: Any) -> str:
    """A value as an error names it: what was written, or that it is a list or an object."""
    if isinstance(value, (dict, list, tuple)):
        return kind_of(value).capitalize()
    return "Nothing" if value is None else shown(value)


def mistaken(value: Any, wanted: str) -> str:
    """`“5” is text, not a number.`: a value of one kind where another is wanted."""
    if value is None:
        return f"There is nothing here where {wanted} belongs."
    if isinstance(value, (dict, list, tuple)):
        return f"This is {kind_of(value)}, not {wanted}."
    return f"{shown(value)} is {kind_of(value)}, not {wanted}."
