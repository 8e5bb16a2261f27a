"""JSON in and out, strictly as RFC 8259 has it and without losing a digit.

Read fast by the standard library; what it lets through and we don't (NaN, doubled names, depth,
numbers nobody can store) stops the reading, and `pim.api.jsonplace` then says where. Numbers come
out as int or Decimal, never as float. Views call `read_json()` and `reply()`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from flask import Response, request

from pim.api.jsonplace import (
    MAX_DEPTH,
    MAX_DIGITS,
    Fault,
    escape_step,
    find_fault,
    line_and_column,
    number_fits,
)
from pim.core.errors import DomainError, FieldError, TooLarge, UnsupportedMediaType
from pim.jsontext import dumps_bytes

JSON_TYPES = ("application/json",)
BODY = "pim.api.body"
BLOCK = 256 * 1024
SAFE_DIGITS = 18  # so many always fit into 64 bits
MAX_NODES = 4_000_000
# What a text can only hold if it was written as an escape: NUL and halves of surrogate pairs.
_SUSPICIOUS = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_MOST_REPORTED = 100


class NotJson(DomainError):
    """The body isn't JSON, or not JSON that is accepted; says line, column and offset."""

    status, code, title = 400, "json_syntax", "The body isn't valid JSON"

    def __init__(self, message: str, errors: list[FieldError], **place: int) -> None:
        super().__init__(message, code=errors[0].code if errors else None, **place)
        self.errors = errors


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON text as Python values. suspicious: some text in it may not be storable."""

    value: Any
    suspicious: bool


class _Refused(ValueError):
    """Stops the fast reader; the slow one knows why."""


def _refuse_constant(name: str) -> NoReturn:
    raise _Refused(name)


def _whole(text: str) -> int | Decimal:
    """int, or Decimal where 64 bits may not do: both are exact, and both can be written again."""
    if len(text) <= SAFE_DIGITS:
        return int(text)
    return _fraction(text)


def _fraction(text: str) -> Decimal:
    if len(text) > SAFE_DIGITS and not number_fits(text):
        raise _Refused(text[:40])
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise _Refused(text[:40]) from error
    if value and abs(value.adjusted()) > MAX_DIGITS:
        raise _Refused(text)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("duplicate")
    return found


_decode: Callable[[str], Any] = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_float=_fraction,
    parse_int=_whole,
    parse_constant=_refuse_constant,
).decode


def parse(body: bytes) -> Parsed:
    """A body as Python values; raises NotJson with the place, TooLarge beyond MAX_NODES values."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        _not_utf8(body, error.start)
    if not text.strip(" \t\r\n"):
        message = "The body is empty; JSON was expected."
        raise NotJson(message, [FieldError("", "json_syntax", message)], line=1, column=1, offset=0)
    if text.count(",") + text.count("[") + text.count("{") > MAX_NODES:
        raise TooLarge(f"The body has more than {MAX_NODES:,} values.")
    try:
        value = _decode(text)
    except (ValueError, RecursionError) as error:
        raise _fault(text, error) from None
    if _is_deep(value):
        raise _fault(text, RecursionError())
    return Parsed(value, _SUSPICIOUS.search(text) is not None)


def _not_utf8(body: bytes, offset: int) -> NoReturn:
    before = body[:offset].decode()
    line, column = line_and_column(before, len(before))
    message = f"The body isn't UTF-8 (byte {offset + 1}: 0x{body[offset]:02x})."
    raise NotJson(
        message,
        [FieldError("", "json_encoding", message)],
        line=line,
        column=column,
        offset=offset,
    )


def _fault(text: str, error: Exception) -> NotJson:
    fault = find_fault(text) or _fault_without_search(error)
    line, column = line_and_column(text, fault.offset)
    message = fault.message
    if fault.offset >= 0:
        message = f"{fault.message} (line {line}, column {column})"
    return NotJson(
        message,
        [FieldError(printable(fault.pointer), fault.code, printable(fault.message))],
        line=line,
        column=column,
        offset=fault.offset,
    )


def _fault_without_search(error: Exception) -> Fault:
    """What the fast reader alone could tell, where the place lies too far in to be searched."""
    if isinstance(error, json.JSONDecodeError):
        return Fault("json_syntax", f"{error.msg}.", error.pos, "")
    if isinstance(error, RecursionError):
        return Fault("json_too_deep", f"Nested more than {MAX_DEPTH} levels deep.", 0, "")
    message = "A name appears twice in an object, or a number is not one that can be stored."
    return Fault("json_refused", message, 0, "")


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = (
            [
                inner
                for outer in level
                for inner in (outer.values() if isinstance(outer, dict) else outer)
                if isinstance(inner, (dict, list))
            ]
            if isinstance(level[0], (dict, list))
            else []
        )
        if not level:
            return False
    return True


def unstorable_texts(value: Any, pointer: str = "") -> Iterator[FieldError]:
    """Each text (or name) that PostgreSQL can't keep: with NUL, or half of a surrogate pair."""
    if isinstance(value, str):
        if problem := _text_problem(value):
            yield FieldError(printable(pointer), "invalid_text", problem)
    elif isinstance(value, dict):
        for key, inner in value.items():
            place = f"{pointer}/{escape_step(key)}"
            if problem := _text_problem(key):
                yield FieldError(printable(place), "invalid_text", problem)
            yield from unstorable_texts(inner, place)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from unstorable_texts(inner, f"{pointer}/{index}")


def _text_problem(text: str) -> str | None:
    if "\0" in text:
        return "This text has a NUL character (\\u0000), which can't be stored."
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"This text has half of a surrogate pair (\\u{ord(text[error.start]):04x})."
    return None


def printable(text: str) -> str:
    """The text with what can't be written as UTF-8 shown as an escape."""
    return text.encode("utf-8", "backslashreplace").decode()


def read_body(types: tuple[str, ...] = JSON_TYPES) -> bytes:
    """The body's bytes; raises UnsupportedMediaType (and werkzeug's 413)."""
    mimetype = request.mimetype
    if mimetype not in types:
        named = f"“{mimetype}” isn't" if mimetype else "A body without a Content-Type isn't"
        raise UnsupportedMediaType(f"{named} understood here. Send {' or '.join(types)}.")
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8"):
        raise UnsupportedMediaType("JSON is sent as UTF-8.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("Compressed bodies aren't understood here.")
    return whole_body()


def whole_body() -> bytes:
    """The request's body, read once; raises werkzeug's 413 beyond the limit.

    Not `request.get_data()`: of a chunked body that is longer than the limit it gives the
    beginning, as if that were all.
    """
    known = request.environ
    if BODY not in known:
        blocks = []
        while block := request.stream.read(BLOCK):
            blocks.append(block)
        known[BODY] = b"".join(blocks)
    found: bytes = known[BODY]
    return found


def read_json(types: tuple[str, ...] = JSON_TYPES) -> Any:
    """The request's JSON; raises NotJson, UnsupportedMediaType or TooLarge."""
    parsed = parse(read_body(types))
    if parsed.suspicious:
        errors = []
        for error in unstorable_texts(parsed.value):
            errors.append(error)
            if len(errors) == _MOST_REPORTED:
                break
        if errors:
            raise NotJson(errors[0].message, errors)
    return parsed.value


def read_object(types: tuple[str, ...] = JSON_TYPES) -> dict[str, Any]:
    """The request's JSON, which has to be an object."""
    value = read_json(types)
    if not isinstance(value, dict):
        message = "The body has to be a JSON object."
        raise NotJson(message, [FieldError("", "not_an_object", message)])
    return value


def reply(
    data: Any, status: int = 200, headers: Mapping[str, str] | None = None, *, mimetype: str = ""
) -> Response:
    """An answer in JSON; Decimals go out with all their digits, moments as ISO 8601."""
    response = Response(dumps_bytes(data) + b"\n", status, mimetype=mimetype or "application/json")
    response.headers.extend(dict(headers or {}))
    return response


def no_content() -> Response:
    """An answer that has nothing to say but that it worked."""
    response = Response(status=204)
    del response.headers["Content-Type"]
    return response
