"""Web addresses: http and https, complete, as they were written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from pim.schema.types.base import (
    CoerceContext,
    CoercionError,
    FieldType,
    Notation,
    kind_of,
    shown,
    trim,
)
from pim.schema.types.text import storable

MAX_URL = 8_192
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ORDINARY = re.compile(
    rf"https?://(?:{_LABEL}\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9](?:/[!#-;=?-\[\]-{{}}~]*)?",
    re.ASCII,
).fullmatch
_SEVERAL = re.compile(r"[,;|]\s*https?://", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\s\x00-\x20\x7f\\<>"]')
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")


def coerce(value: Any, ctx: CoerceContext) -> str:
    """Read a web address from text."""
    if isinstance(value, str):
        return coerce_text(value)
    raise CoercionError(
        "not_a_url", f"{shown(value)} is {kind_of(value)}, not a web address. Send text."
    )


def coerce_text(text: str) -> str:
    """The address, trimmed."""
    url = trim(text)
    if _ORDINARY(url) and len(url) <= MAX_URL and not _SEVERAL.search(url, 8):
        return url
    storable(url)
    _check_shape(url)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise _not_a_url(url, "its host or port is wrong") from error
    if not _is_host(host):
        raise _not_a_url(url, "its host name is missing or wrong")
    return url


def _check_shape(url: str) -> None:
    if len(url) > MAX_URL:
        raise _not_a_url(url, f"it has more than {MAX_URL:,} characters")
    if _SEVERAL.search(url):
        raise CoercionError(
            "several_urls", f"{shown(url)} is more than one address. Keep one, or make it a list."
        )
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise _not_a_url(url, "only http:// and https:// are accepted")
    if not scheme or url[scheme.end() : scheme.end() + 2] != "//":
        raise CoercionError(
            "url_without_scheme", f"{shown(url)} has no https:// in front. Write the full address."
        )
    if _FORBIDDEN.search(url):
        raise _not_a_url(url, "it contains a space or a character that addresses can't have")


def _is_host(host: str) -> bool:
    if ":" in host:
        return True  # an IPv6 address in brackets, already checked by urlsplit
    if not host or len(host) > 253:
        return False
    try:
        ascii_host = host.encode("idna").decode()
    except UnicodeError:
        return False
    labels = ascii_host.removesuffix(".").split(".")
    return all(re.fullmatch(rf"(?:_?{_LABEL})", label) for label in labels)


def _not_a_url(url: str, why: str) -> CoercionError:
    return CoercionError("not_a_url", f"{shown(url)} is not a web address: {why}.")


def coercer(ctx: CoerceContext) -> Callable[[str], str]:
    """A reader for the texts of one column."""
    return coerce_text


def display(value: Any, locale: str) -> str:
    """The address."""
    return str(value)


def to_input(value: Any, notation: Notation | None) -> str:
    """The address."""
    return str(value)


TYPE = FieldType(
    name="url",
    label="Web address",
    hint="https://…",
    coerce=coerce,
    coercer=coercer,
    display=display,
    to_input=to_input,
)
