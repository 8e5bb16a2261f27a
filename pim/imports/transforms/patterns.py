"""Replacing and taking out text, by words or by pattern.

Patterns are RE2's: they take time in proportion to the text, whatever is written, so that no
pattern can hang a worker. RE2 knows no look-around and no references back into the pattern.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import re2

from pim.imports.transforms.base import (
    BadParameter,
    Param,
    Ready,
    Setting,
    Transform,
    escapes,
    on_text,
)
from pim.schema.types import CoercionError, Notation, shown
from pim.schema.types.base import MAX_TEXT

_MEMORY = 8 << 20
_REFERENCE = re.compile(r"\\(\d)|\\(.)", re.DOTALL)
Expand = Callable[[Any], bytes]


def compiled(pattern: str, param: str, *, ignore_case: bool = False) -> Any:
    """A pattern for UTF-8 bytes, ready; raises BadParameter naming the parameter.

    Bytes, because finding where a match stands in a str takes longer than the match.
    """
    options = re2.Options()
    options.log_errors, options.max_mem = False, _MEMORY
    options.case_sensitive = not ignore_case
    try:
        return re2.compile(pattern.encode(), options)
    except re2.error as error:
        reason = error.args[0]
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        message = f"{shown(pattern)} is not a pattern that can be used: {reason}."
        raise BadParameter(param, "bad_pattern", message) from error


def _on_bytes(change: Callable[[bytes], bytes | None]) -> Callable[[str], str]:
    """A function of bytes as one of texts; None: the text stays as it is."""

    def changed(text: str) -> str:
        try:
            found = change(text.encode())
            return text if found is None else found.decode()
        except UnicodeError as error:
            message = "The text holds half of a character. Write it anew."
            raise CoercionError("bad_character", message) from error

    return changed


def _replace(params: Mapping[str, Any], _: Setting) -> Ready:
    find, new = params["find"], params["with"]
    if params["regex"]:
        pattern = compiled(find, "find", ignore_case=params["ignore_case"])
        if pattern.search(b"") is not None:
            message = f"{shown(find)} matches nothing at all, so it would match everywhere."
            raise BadParameter("find", "matches_nothing", message)
        change = _by_pattern(pattern, _expansion(new, pattern.groups))
    elif params["ignore_case"]:
        escaped = re2.escape(escapes(find))
        pattern = compiled(escaped, "find", ignore_case=True)
        same = escapes(new).encode()
        change = _by_pattern(pattern, lambda _: same)
    else:
        change = _by_words(escapes(find), escapes(new))
    return Ready(on_text(change), decimal=_decimal(find, new))


def _decimal(find: str, new: str) -> Notation | None:
    """Who replaces a comma by a point writes decimals with a point from then on."""
    if "." in new and "," not in new and "," in find:
        return "."
    if "," in new and "." not in new and "." in find:
        return ","
    return None


def _by_words(find: str, new: str) -> Callable[[str], str]:
    growth = len(new) - len(find)

    def change(text: str) -> str:
        if growth > 0 and len(text) + growth * text.count(find) > MAX_TEXT:
            raise _too_long()
        return text.replace(find, new)

    return change


def _by_pattern(pattern: Any, expand: Expand) -> Callable[[str], str]:
    def change(text: bytes) -> bytes | None:
        pieces, size, end = [], 0, 0
        for match in pattern.finditer(text):
            start, stop = match.span()
            if start == stop:
                continue
            pieces += [text[end:start], expand(match)]
            size += len(pieces[-1]) + len(pieces[-2])
            end = stop
            if size > 4 * MAX_TEXT:
                raise _too_long()
        return b"".join([*pieces, text[end:]]) if pieces else None

    return _on_bytes(change)


def _too_long() -> CoercionError:
    return CoercionError("too_long", f"The value becomes longer than {MAX_TEXT:,} characters.")


def _expansion(template: str, groups: int) -> Expand:
    """A function from a match to the text that replaces it; `\\1` is the first group."""
    parts: list[bytes | int] = []
    end = 0
    for found in _REFERENCE.finditer(template):
        parts.append(template[end : found.start()].encode())
        end = found.end()
        if found[1] is None:
            parts.append({"n": "\n", "t": "\t"}.get(found[2], found[2]).encode())
            continue
        if int(found[1]) > groups:
            message = f"\\{found[1]} stands for a group the pattern doesn't have."
            raise BadParameter("with", "no_such_group", message)
        parts.append(int(found[1]))
    parts.append(template[end:].encode())
    return lambda match: b"".join(
        part if isinstance(part, bytes) else match.group(part) or b"" for part in parts
    )


def _extract(params: Mapping[str, Any], _: Setting) -> Ready:
    pattern = compiled(params["pattern"], "pattern", ignore_case=params["ignore_case"])
    group = 1 if pattern.groups else 0
    others = params["others"]

    def change(text: bytes) -> bytes | None:
        match = pattern.search(text)
        if match is not None:
            return match.group(group) or b""
        if others == "error":
            message = f"Nothing in {shown(text.decode())} matches {shown(params['pattern'])}."
            raise CoercionError("no_match", message)
        return None if others == "keep" else b""

    return Ready(on_text(_on_bytes(change)))


_IGNORE_CASE = Param("ignore_case", "Upper and lower case alike", "flag", default=False)
_PATTERN_HELP = r"An RE2 pattern: \d digits, (…) a group; no look-around."

REPLACE = Transform(
    "replace",
    "Replace",
    "Puts one text in place of another wherever it stands, or of whatever a pattern matches.",
    _replace,
    (
        Param("find", "Find", required=True),
        Param("with", "Replace with", help=r"\n is a line break; \1 the first group of a pattern."),
        Param("regex", "Find is a pattern", "flag", default=False),
        _IGNORE_CASE,
    ),
    example={"find": "ltr", "with": "l"},
)
EXTRACT = Transform(
    "extract",
    "Extract",
    "Keeps what a pattern matches: its first group, or all of it.",
    _extract,
    (
        Param("pattern", "Pattern", required=True, help=_PATTERN_HELP),
        _IGNORE_CASE,
        Param(
            "others",
            "A text without a match",
            "choice",
            default="blank",
            choices=(
                ("blank", "becomes blank"),
                ("keep", "stays as it is"),
                ("error", "is an error"),
            ),
        ),
    ),
    example={"pattern": r"(\d+) mm"},
)
