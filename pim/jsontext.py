"""JSON text of canonical values, both ways, without losing a digit.

orjson writes (it knows no Decimal, so a Decimal goes in as its own digits); the standard library
reads, because it alone can make Decimals of JSON numbers.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NoReturn

import orjson

_Fragment = orjson.Fragment
_LONGEST = 2**63 - 1


class NotJson(ValueError):
    """Text that isn't JSON as RFC 8259 has it. The message says where."""


def _exact(value: Any) -> orjson.Fragment:
    if isinstance(value, Decimal) and value.is_finite():
        text = str(value)
        return _Fragment(format(value, "f") if "E" in text else text)
    raise TypeError(f"{type(value).__name__} is not a canonical value")


def as_it_is(json_text: str) -> Any:
    """JSON that is written already, to be put into other JSON as it is; it isn't looked at."""
    return _Fragment(json_text)


def dumps_bytes(data: Any) -> bytes:
    """Canonical values as JSON in UTF-8; Decimals as JSON numbers with all their digits.

    Raises TypeError for what JSON has no form for. Floats aren't canonical: don't put any in.
    """
    try:
        return orjson.dumps(data, default=_exact)
    except TypeError as error:
        if "64-bit" not in str(error):
            raise
        # orjson has no whole numbers beyond 64 bits; as Decimals they keep their digits too.
        return orjson.dumps(_without_long_whole_numbers(data), default=_exact)


def _without_long_whole_numbers(value: Any) -> Any:
    if type(value) is int and not -_LONGEST <= value <= _LONGEST:
        return Decimal(value)
    if isinstance(value, dict):
        return {key: _without_long_whole_numbers(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_long_whole_numbers(inner) for inner in value]
    return value


def dumps(data: Any) -> str:
    """Canonical values as JSON text."""
    return dumps_bytes(data).decode()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


_decode: Callable[[str], Any] = json.JSONDecoder(
    parse_float=Decimal, parse_constant=_refuse_constant
).decode


def loads(text: str | bytes) -> Any:
    """JSON as Python values: whole numbers as int, the others as Decimal. Raises NotJson."""
    try:
        return _decode(text.decode() if isinstance(text, bytes) else text)
    except RecursionError as error:
        raise NotJson("The JSON is nested too deeply.") from error
    except (ValueError, ArithmeticError) as error:
        raise NotJson(f"Not JSON: {error}") from error
